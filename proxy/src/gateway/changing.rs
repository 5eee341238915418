//! Changes: each in a task of its own, from the journal's intent to its outcome, on a connection of its own. The
//! caller only waits for it: whoever closes the tab ends nothing.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use howdah_shared::door::{Call, Row};
use howdah_shared::mask;
use howdah_shared::operation::ServiceId;
use howdah_shared::problem::{Code, Problem};
use http::Response;
use http::header::{HeaderName, HeaderValue};
use tokio::sync::oneshot;
use tracing::{Instrument, Span};

use super::Admitted;
use super::connection::Connection;
use super::reading::timed_out;
use super::reply::{self, Reply};
use super::sending::{Change, chosen_id};
use crate::app::App;
use crate::journal::{Admission, Answer, Answered, Intent, JournalError};
use crate::traces;

/// The header that names the journal's entry of a change.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("howdah-request-id");
/// The header that says `pending` where the outcome is known and could not be written down yet.
pub const JOURNAL: HeaderName = HeaderName::from_static("howdah-journal");

/// Answers a change.
pub async fn answer(app: &Arc<App>, admitted: Admitted) -> Response<Body> {
    let reads_problems = admitted.reads_problems;
    match start(app, admitted).await {
        Ok((id, reply)) => {
            let mut response = with_id(reply, &id).response(reads_problems);
            if let Ok(value) = HeaderValue::from_str(&id) {
                response.headers_mut().insert(REQUEST_ID, value);
            }
            if app.journal.is_pending(&id) {
                response.headers_mut().insert(JOURNAL, HeaderValue::from_static("pending"));
            }
            response
        }
        Err(problem) => reply::problem(*problem),
    }
}

pub(super) fn with_id(mut reply: Reply, id: &str) -> Reply {
    if let reply::ReplyBody::Problem(problem, _) = &mut reply.body {
        problem.request_id = Some(id.to_owned());
    }
    reply
}

async fn start(app: &Arc<App>, admitted: Admitted) -> Result<(String, Reply), Box<Problem>> {
    let Admitted { principal, connection, row, mut call, key, .. } = admitted;
    let time = Duration::from_secs(row.spec.tail.deadline.into());
    let principal = principal.name;
    let id = app.journal.next_id().map_err(unwritable)?;
    // Of the call as it was made: the same again is the same, whatever it is given here.
    let fingerprint_input = fingerprint_input(&call);
    fill_id(row, &mut call, &id);
    let intent = intent(&principal, &connection, row, &call, key, fingerprint_input)?;
    // All of it is the task's, the intent too: a caller that goes away while it is written down must not leave an
    // entry behind that nobody carries out.
    let (tell, told) = oneshot::channel();
    let (give, given) = oneshot::channel();
    let journal = app.journal.clone();
    let change_connection = connection.clone();
    let change = async move {
        let admission = journal.intend_as(id, intent).instrument(traces::journal("intend")).await;
        let new = match &admission {
            Ok(Admission::New { id }) => Some(id.clone()),
            _ => None,
        };
        // Nobody may be waiting any more.
        let _ = tell.send(admission);
        if let Some(id) = new {
            let reply = Change { journal, connection: change_connection, row, call, principal, id }.run().await;
            let _ = give.send(reply);
        }
    };
    app.changes.spawn(change.instrument(Span::current()));
    let admission = told.await.map_err(|_| Box::new(Problem::new(Code::Internal, "The change was not begun.")))?;
    let (id, first) = match admission.map_err(unwritable)? {
        Admission::New { id } => (id, true),
        Admission::Same { id } => (id, false),
        Admission::Reused => {
            let detail = "This Idempotency-Key belongs to a call with another path, query or body. Nothing was sent.";
            return Err(Box::new(Problem::new(Code::IdempotencyKeyReused, detail)));
        }
    };
    // The first caller gets the reply itself, which may be larger than what the journal keeps for those after it.
    let waiting = async {
        if first {
            return Ok(given.await.unwrap_or_else(|_| lost()));
        }
        app.journal.answer(&id).await.map(|answered| match answered {
            Answered::Before(answer) => read_answer(answer),
            Answered::Standing(problem) => Reply::problem(*problem),
        })
    };
    match tokio::time::timeout(time, waiting).await {
        Ok(Ok(reply)) => Ok((id, reply)),
        Ok(Err(error)) => {
            tracing::error!(%error, "the journal cannot be read");
            let detail = "This was asked for before under the same key, and the journal cannot be read to tell what became \
                          of it. Nothing was sent again. Whoever runs Howdah must look at its disk.";
            Err(Box::new(Problem::new(Code::JournalUnavailable, detail)))
        }
        Err(_) => {
            let mut problem = timed_out(&connection, time);
            problem
                .detail
                .push_str(" It may still do so: Howdah goes on waiting, and the request keeps its place in Activity.");
            Ok((id, Reply::problem(problem)))
        }
    }
}

pub(super) fn unwritable(error: JournalError) -> Box<Problem> {
    tracing::error!(%error, "the journal cannot be written");
    let detail = "The journal cannot be written, so nothing was sent. Whoever runs Howdah must look at its disk.";
    Box::new(Problem::new(Code::JournalUnavailable, detail))
}

fn intent(
    principal: &str,
    connection: &Connection,
    row: &Row,
    call: &Call,
    key: Option<String>,
    fingerprint_input: Vec<u8>,
) -> Result<Intent, Box<Problem>> {
    let key = match key {
        Some(key) => key,
        None => crate::random::word().map_err(|_| Problem::new(Code::Internal, "No random number is to be had."))?,
    };
    // Redacted before it is masked, as replies are.
    let clean = call.shown.as_deref().map(|body| connection.redactor().json(body.as_bytes()));
    let body = clean.and_then(|clean| serde_json::from_slice(&clean).ok()).map(|mut body: serde_json::Value| {
        mask::members(&mut body, row.spec.tail.free_text);
        body
    });
    let names = row.spec.holes.iter().map(|name| (*name).to_owned());
    let mut target: BTreeMap<String, String> = names.zip(call.segments.iter().cloned()).collect();
    target.extend(call.handle.iter().map(|handle| ("token".to_owned(), handle.clone())));
    Ok(Intent {
        connection: connection.name.clone(),
        operation: row.spec.name.to_owned(),
        target,
        segments: call.segments.clone(),
        // Behind the tenant, where there are tenants.
        subject: call.segments.get(usize::from(connection.system.tenant)).cloned().unwrap_or_default(),
        principal: principal.to_owned(),
        body,
        key,
        fingerprint_input,
        follow: row.spec.tail.follow.is_some(),
        service_id: chosen_id(row, call),
    })
}

/// Path, query and body as they were given.
fn fingerprint_input(call: &Call) -> Vec<u8> {
    let mut input = Vec::new();
    // Lengths keep "ab" + "c" apart from "a" + "bc".
    for part in [
        call.path.as_str(),
        call.query.as_str(),
        call.body.as_deref().unwrap_or(""),
        call.handle.as_deref().unwrap_or(""),
    ] {
        input.extend_from_slice(&(part.len() as u64).to_be_bytes());
        input.extend_from_slice(part.as_bytes());
    }
    input
}

/// Gives a call that is to have an id of the caller's that of its entry, where it brings none.
fn fill_id(row: &Row, call: &mut Call, id: &str) {
    let Some(ServiceId::Body(name)) = row.spec.tail.service_id.filter(|_| row.spec.tail.fills_id) else { return };
    if chosen_id(row, call).is_some() {
        return;
    }
    for body in [&mut call.body, &mut call.shown].into_iter().flatten() {
        if let Ok(serde_json::Value::Object(mut members)) = serde_json::from_str(body) {
            members.insert(name.to_owned(), id.into());
            *body = serde_json::Value::Object(members).to_string();
        }
    }
}

/// What is kept of a reply for those who ask again under the same key.
pub fn write_answer(reply: &Reply) -> Answer {
    Answer { status: reply.status, body: serde_json::to_string(reply).unwrap_or_default() }
}

fn read_answer(answer: Answer) -> Reply {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| {
        let detail = "The answer of the first time cannot be read any more. Its entry in Activity tells how it stands.";
        Reply::problem(Problem::new(Code::AnswerNotKept, detail))
    })
}

/// The reply to a change whose task met a fault of ours.
fn lost() -> Reply {
    let detail =
        "Howdah met a fault of its own. Whether it was done is not known; look at the service before you try again.";
    Reply::problem(Problem::new(Code::OutcomeUnknown, detail))
}
