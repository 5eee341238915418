//! What a caller was given, to give it again under the same key.

use howdah_shared::console::RequestState;
use howdah_shared::problem::{Code, Problem};
use sqlx::Row as _;

use super::{Journal, JournalError, rows, storable};

/// The largest body that is kept.
const KEPT: usize = 64 * 1024;

/// A reply, as far as it is kept; redacted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The whole of it, as whoever gives answers writes it.
    pub body: String,
}

/// What there is for a caller who asks for the same change again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// The answer of the first time.
    Before(Answer),
    /// There was none, or it is not kept: how the change stands.
    Standing(Box<Problem>),
}

impl Answer {
    /// The body, where it is small enough to be kept.
    pub(super) fn kept_body(&self) -> Option<String> {
        (self.body.len() <= KEPT).then(|| storable(&self.body))
    }
}

impl Journal {
    /// What the caller of this change was given or would have been given; waits until it is settled. A body over 64 KiB
    /// is not kept, and what Howdah had stopped before could not be answered: then a problem says how the change stands.
    ///
    /// # Errors
    /// There is no such entry, or the journal cannot be read.
    pub async fn answer(&self, id: &str) -> Result<Answered, JournalError> {
        let mut settled = self.0.settled.subscribe();
        loop {
            settled.borrow_and_update();
            if let Some(answer) = self.pending_answer(id) {
                return Ok(Answered::Before(answer));
            }
            if let Some(answered) = self.recorded_answer(id).await? {
                return Ok(answered);
            }
            // The sender is part of the journal, so it is there as long as this runs.
            _ = settled.changed().await;
        }
    }

    async fn recorded_answer(&self, id: &str) -> Result<Option<Answered>, JournalError> {
        let row = sqlx::query(
            "SELECT state, code, words, service_id, answer_status, answer_body FROM requests WHERE id = $1",
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
        let status = status.and_then(|status| u16::try_from(status).ok());
        let body: Option<String> = row.try_get("answer_body")?;
        if let (Some(status), Some(body)) = (status, body) {
            return Ok(Some(Answered::Before(Answer { status, body })));
        }
        let standing = Standing {
            state,
            status,
            reason: rows::code(&row)?,
            words: row.try_get("words")?,
            service_id: row.try_get("service_id")?,
        };
        Ok(Some(Answered::Standing(Box::new(standing.problem(id)))))
    }
}

/// How a change stands whose answer is not there.
struct Standing {
    state: RequestState,
    /// The status of an answer that was too large to keep.
    status: Option<u16>,
    /// Why it is unknown what became of it.
    reason: Option<Code>,
    words: Option<String>,
    service_id: Option<String>,
}

impl Standing {
    fn problem(self, id: &str) -> Problem {
        let state = self.state.as_str();
        let (code, mut detail) = match (self.status, self.state) {
            (Some(status), _) => (
                Code::AnswerNotKept,
                format!(
                    "This was done before under the same key and answered {status}, with more than 64 KiB, which are not \
                     kept. Nothing was sent again; the request is {state}."
                ),
            ),
            (None, RequestState::Refused) => (Code::NeverSent, self.words.unwrap_or_default()),
            (None, RequestState::Unknown) => (Code::OutcomeUnknown, self.words.unwrap_or_default()),
            (None, _) => (
                Code::AnswerNotKept,
                format!(
                    "This was done before under the same key. Nothing was sent again; its answer is not kept any more, \
                     and the request is {state}."
                ),
            ),
        };
        if let Some(service_id) = self.service_id {
            detail = format!("{detail} The service's id is {service_id}.");
        }
        let reason = self.reason.filter(|_| code == Code::OutcomeUnknown);
        Problem { reason, request_id: Some(id.to_owned()), ..Problem::new(code, detail) }
    }
}
