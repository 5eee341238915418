//! What a caller was given, to give it again under the same key.

use howdah_shared::console::RequestState;
use howdah_shared::problem::{self, Code, Problem};
use sqlx::Row as _;

use super::{Journal, JournalError, rows, storable};

/// The largest body that is kept.
const KEPT: usize = 64 * 1024;

/// A reply, as far as it is kept; redacted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The content type.
    pub media_type: String,
    /// The body.
    pub body: String,
}

impl Answer {
    /// The body, where it is small enough to be kept.
    pub(super) fn kept_body(&self) -> Option<String> {
        (self.body.len() <= KEPT).then(|| storable(&self.body))
    }

    fn of_problem(problem: &Problem) -> Answer {
        Answer {
            status: problem.status,
            media_type: problem::MEDIA_TYPE.to_owned(),
            body: super::requests::text(problem),
        }
    }
}

impl Journal {
    /// What the caller of this change was given or would have been given; waits until it is settled. A body over 64 KiB
    /// is not kept: a short one in its place says so. What Howdah could not answer, because it had stopped, is a problem
    /// that says how the change stands.
    ///
    /// # Errors
    /// There is no such entry, or the journal cannot be read.
    pub async fn answer(&self, id: &str) -> Result<Answer, JournalError> {
        let mut settled = self.0.settled.subscribe();
        loop {
            settled.borrow_and_update();
            if let Some(answer) = self.pending_answer(id) {
                return Ok(answer);
            }
            if let Some(answer) = self.recorded_answer(id).await? {
                return Ok(answer);
            }
            // The sender is part of the journal, so it is there as long as this runs.
            _ = settled.changed().await;
        }
    }

    async fn recorded_answer(&self, id: &str) -> Result<Option<Answer>, JournalError> {
        let row = sqlx::query(
            "SELECT state, words, service_id, answer_status, answer_type, answer_body FROM requests WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(self.0.store.read())
        .await?
        .ok_or_else(|| JournalError::NoSuchRequest(id.to_owned()))?;
        let state = rows::state(&row, id)?;
        if matches!(state, RequestState::Intended | RequestState::Sent) {
            return Ok(None);
        }
        let status: Option<i64> = row.try_get("answer_status")?;
        let Some(status) = status.and_then(|status| u16::try_from(status).ok()) else {
            let words: Option<String> = row.try_get("words")?;
            let service_id: Option<String> = row.try_get("service_id")?;
            return Ok(Some(standing(id, state, words, service_id)));
        };
        Ok(Some(match row.try_get::<Option<String>, _>("answer_body")? {
            Some(body) => Answer { status, media_type: row.try_get("answer_type")?, body },
            None => Answer {
                status,
                media_type: "application/json".to_owned(),
                body: serde_json::json!({ "notKept": "The answer was larger than 64 KiB.", "request": id }).to_string(),
            },
        }))
    }
}

/// The answer to a change whose caller was given none: it says how the change stands.
fn standing(id: &str, state: RequestState, words: Option<String>, service_id: Option<String>) -> Answer {
    let (code, mut detail) = match state {
        RequestState::Refused => (Code::Stopping, words.unwrap_or_default()),
        RequestState::Unknown => (Code::OutcomeUnknown, words.unwrap_or_default()),
        _ => (Code::OutcomeUnknown, format!("The answer is not kept any more; the request is {}.", state.as_str())),
    };
    if let Some(service_id) = service_id {
        detail = format!("{detail} The service's id is {service_id}.");
    }
    Answer::of_problem(&Problem { request_id: Some(id.to_owned()), ..Problem::new(code, detail) })
}
