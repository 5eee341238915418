//! Changes: each in a task of its own, from the journal's intent to its outcome, on a connection of its own. The
//! caller only waits for it: whoever closes the tab ends nothing.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use howdah_shared::console::RequestState;
use howdah_shared::door::{Call, Row, member};
use howdah_shared::mask;
use howdah_shared::operation::Passing;
use howdah_shared::problem::{Code, Problem, ServiceWords};
use http::Response;
use http::header::{HeaderName, HeaderValue};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::sync::oneshot;
use tower::ServiceExt;
use tracing::{Instrument, Span};

use super::Admitted;
use super::connection::{CONNECT_TIMEOUT, Connection};
use super::outbound::Outbound;
use super::reading::{chain, paused, timed_out, unreachable};
use super::reply::{self, Reply};
use crate::app::App;
use crate::journal::{Admission, Answer, Answered, Intent, Journal, JournalError, Settled, Verdict};
use crate::traces;

/// The header that names the journal's entry of a change.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("howdah-request-id");
/// The header that says `pending` where the outcome is known and could not be written down yet.
pub const JOURNAL: HeaderName = HeaderName::from_static("howdah-journal");
/// How many deadlines a task waits for a late reply before the outcome counts as unknown.
const PATIENCE: u32 = 10;

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

fn with_id(mut reply: Reply, id: &str) -> Reply {
    if let reply::ReplyBody::Problem(problem, _) = &mut reply.body {
        problem.request_id = Some(id.to_owned());
    }
    reply
}

async fn start(app: &Arc<App>, admitted: Admitted) -> Result<(String, Reply), Box<Problem>> {
    let Admitted { principal, connection, row, call, key, .. } = admitted;
    let time = Duration::from_secs(row.spec.tail.deadline.into());
    let intent = intent(&principal.name, &connection, row, &call, key)?;
    // All of it is the task's, the intent too: a caller that goes away while it is written down must not leave an
    // entry behind that nobody carries out.
    let (tell, told) = oneshot::channel();
    let (give, given) = oneshot::channel();
    let journal = app.journal.clone();
    let change_connection = connection.clone();
    let change = async move {
        let admission = journal.intend(intent).instrument(traces::journal("intend")).await;
        let new = match &admission {
            Ok(Admission::New { id }) => Some(id.clone()),
            _ => None,
        };
        // Nobody may be waiting any more.
        let _ = tell.send(admission);
        if let Some(id) = new {
            let reply = Change { journal, connection: change_connection, row, call, id }.run().await;
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

fn unwritable(error: JournalError) -> Box<Problem> {
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
) -> Result<Intent, Box<Problem>> {
    let key = match key {
        Some(key) => key,
        None => crate::random::word().map_err(|_| Problem::new(Code::Internal, "No random number is to be had."))?,
    };
    // Redacted before it is masked, as replies are.
    let clean = call.body.as_deref().map(|body| connection.redactor().json(body.as_bytes()));
    let body = clean.and_then(|clean| serde_json::from_slice(&clean).ok()).map(|mut body: serde_json::Value| {
        mask::members(&mut body, row.spec.tail.free_text);
        body
    });
    let names = row.spec.holes.iter().map(|name| (*name).to_owned());
    let target: BTreeMap<String, String> = names.zip(call.segments.iter().cloned()).collect();
    // Lengths keep "ab" + "c" apart from "a" + "bc".
    let mut fingerprint_input = Vec::new();
    for part in [call.path.as_str(), call.query.as_str(), call.body.as_deref().unwrap_or("")] {
        fingerprint_input.extend_from_slice(&(part.len() as u64).to_be_bytes());
        fingerprint_input.extend_from_slice(part.as_bytes());
    }
    Ok(Intent {
        connection: connection.name.clone(),
        operation: row.spec.name.to_owned(),
        target,
        segments: call.segments.clone(),
        principal: principal.to_owned(),
        body,
        key,
        fingerprint_input,
        follow: row.spec.tail.follow.is_some(),
    })
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

struct Change {
    journal: Journal,
    connection: Arc<Connection>,
    row: &'static Row,
    call: Call,
    id: String,
}

/// What became of a change.
struct Outcome {
    state: RequestState,
    service_id: Option<String>,
    status: Option<u16>,
    reply: Reply,
}

impl Outcome {
    /// Nothing left, or nothing was taken.
    fn refused(problem: Problem) -> Outcome {
        Outcome { state: RequestState::Refused, service_id: None, status: None, reply: Reply::problem(problem) }
    }

    /// It left, and what became of it cannot be told.
    fn unknown(status: Option<u16>, why: Code, happened: &str) -> Outcome {
        Outcome::unclear(status, why, happened, None)
    }

    /// [`Outcome::unknown`] with what the service said.
    fn unclear(status: Option<u16>, why: Code, happened: &str, said: Option<ServiceWords>) -> Outcome {
        let detail = format!("{happened} Whether it was done is not known; look at the service before you try again.");
        let problem = Problem { reason: Some(why), service: said, ..Problem::new(Code::OutcomeUnknown, detail) };
        Outcome { state: RequestState::Unknown, service_id: None, status, reply: Reply::problem(problem) }
    }

    /// [`Outcome::unclear`] after a reply, for what was found wrong with it.
    fn doubtful(status: u16, happened: &str, judged: &Reply) -> Outcome {
        let theirs = judged.as_problem();
        let why = theirs.map_or(Code::UpstreamGarbled, |theirs| theirs.code);
        Outcome::unclear(Some(status), why, happened, theirs.and_then(|theirs| theirs.service.clone()))
    }

    /// The service took it, or refused it in so many words.
    fn definite(state: RequestState, status: u16, reply: Reply) -> Outcome {
        Outcome { state, service_id: None, status: Some(status), reply }
    }
}

impl Change {
    async fn run(self) -> Reply {
        let outcome = self.carry_out().await;
        let reply = with_id(outcome.reply, &self.id);
        let problem = reply.as_problem();
        let said = problem.and_then(|problem| problem.service.as_ref()).map(|service| service.message.clone());
        tracing::info!(
            request = self.id,
            connection = self.connection.name,
            operation = self.row.spec.name,
            state = outcome.state.as_str(),
            status = outcome.status,
            service_id = outcome.service_id,
            "a change has its outcome"
        );
        let verdict = Verdict {
            state: outcome.state,
            service_id: outcome.service_id,
            status: outcome.status,
            code: problem.map(|problem| problem.reason.unwrap_or(problem.code)),
            words: problem.map(|problem| problem.detail.clone()),
            said: said.filter(|said| !said.is_empty()),
            answer: write_answer(&reply),
        };
        match self.journal.settle(&self.id, verdict).instrument(traces::journal("settle")).await {
            Ok(Settled::Written | Settled::Pending) => {}
            Ok(Settled::Before) => tracing::warn!(request = self.id, "the outcome was settled before"),
            Err(error) => tracing::error!(request = self.id, %error, "an outcome cannot be written"),
        }
        reply
    }

    async fn carry_out(&self) -> Outcome {
        let connection = &*self.connection;
        let Some(_place) = connection.changes.place().await else {
            let title = &connection.title;
            let detail =
                format!("{title} is still busy with other changes, so this one was not begun. Nothing was sent.");
            return Outcome::refused(Problem::new(Code::UpstreamPaused, detail));
        };
        let mut tried = false;
        loop {
            let outbound = match Outbound::new(connection, self.row, &self.call).await {
                Ok(outbound) => outbound,
                Err(problem) => return Outcome::refused(*problem),
            };
            let counted = connection.changes.calls.begin(self.row.spec.name);
            let outcome = self.send(outbound).await;
            counted.ended(outcome.status.unwrap_or(0), outcome.reply.code());
            // A complete 401 is a definite refusal, so nothing was done: once more, if there is another credential.
            if outcome.status == Some(401) && !tried && connection.renew().await {
                tried = true;
                continue;
            }
            return outcome;
        }
    }

    async fn send(&self, outbound: Outbound) -> Outcome {
        let connection = &*self.connection;
        let breaker = &connection.changes.breaker;
        if let Err(pause) = breaker.admit() {
            return Outcome::refused(paused(connection, pause));
        }
        let connector = connection.changes.connector.clone();
        let connecting = async {
            let io = connector.oneshot(outbound.uri.clone()).await.map_err(|error| chain(&*error))?;
            hyper::client::conn::http1::handshake::<_, http_body_util::Full<Bytes>>(io)
                .await
                .map_err(|error| chain(&error))
        };
        let (mut sender, driver) = match tokio::time::timeout(CONNECT_TIMEOUT, connecting).await {
            Ok(Ok(connected)) => connected,
            failed => {
                breaker.failed();
                let error = failed.err().map_or_else(|| "refused or reset".to_owned(), |elapsed| elapsed.to_string());
                tracing::info!(request = self.id, connection = connection.name, error, "no connection for a change");
                return Outcome::refused(unreachable(connection));
            }
        };
        breaker.succeeded();
        let driver = tokio::spawn(driver);
        // From here on it may have left: the entry says so, synced, before the first byte.
        if let Err(error) = self.journal.mark_sent(&self.id).instrument(traces::journal("mark sent")).await {
            driver.abort();
            return Outcome::refused(*unwritable(error));
        }
        let patience = Duration::from_secs(u64::from(self.row.spec.tail.deadline)) * PATIENCE;
        let exchange = async {
            let response = sender.send_request(outbound.alone()).await.map_err(|error| chain(&error))?;
            let status = response.status().as_u16();
            let limit = match self.row.spec.tail.passing {
                Passing::Read(limit) => limit,
                Passing::Stream => 1 << 20,
            };
            let body = Limited::new(response.into_body(), limit).collect().await;
            Ok::<_, String>((status, body.map(|body| body.to_bytes())))
        };
        let answered = tokio::time::timeout(patience, exchange).await;
        driver.abort();
        let title = &connection.title;
        match answered {
            Ok(Ok((status, Ok(body)))) => self.understand(status, &body),
            Ok(Ok((status, Err(error)))) if error.is::<LengthLimitError>() => {
                let happened = format!("{title} answered {status}, but its reply was too large.");
                Outcome::unknown(Some(status), Code::UpstreamTooLarge, &happened)
            }
            Ok(Ok((status, Err(_)))) => {
                let happened = format!("{title} answered {status}, but its reply broke off.");
                Outcome::unknown(Some(status), Code::UpstreamBroken, &happened)
            }
            Ok(Err(error)) => {
                tracing::info!(request = self.id, connection = connection.name, error, "a change has lost its reply");
                let happened = format!("The connection to {title} broke before its reply.");
                Outcome::unknown(None, Code::UpstreamBroken, &happened)
            }
            Err(_) => {
                let happened = format!("{title} has not answered for {} s.", patience.as_secs());
                Outcome::unknown(None, Code::UpstreamTimeout, &happened)
            }
        }
    }

    /// A complete reply.
    fn understand(&self, status: u16, body: &Bytes) -> Outcome {
        let title = &self.connection.title;
        let judged = reply::judge(&self.connection, self.row, status, body);
        match (status, judged) {
            (200..=299, Ok(reply)) => {
                let accepted = Outcome::definite(RequestState::Accepted, status, reply);
                let Some(name) = self.row.spec.tail.service_id else { return accepted };
                match member(body, name).map(|id| self.connection.redactor().text(&id)) {
                    Some(id) => Outcome { service_id: Some(id), ..accepted },
                    None => {
                        let happened = format!(
                            "{title} answered {status} without a {name}, by which it could be followed. Work may \
                             already have been under way."
                        );
                        let said = (self.connection.system.words)(body)
                            .and_then(|words| reply::quote(&self.connection.redactor(), Some(words), status, body));
                        Outcome::unclear(Some(status), Code::NoServiceId, &happened, said)
                    }
                }
            }
            // Said to be done, in words that cannot be read.
            (200..=299, Err(reply)) => {
                let happened = format!("{title} answered {status}, but its reply cannot be read.");
                Outcome::doubtful(status, &happened, &reply)
            }
            // Refused in so many words: nothing was done.
            (400..=499 | 307 | 308, Ok(reply) | Err(reply)) => Outcome::definite(RequestState::Refused, status, reply),
            (_, Ok(reply) | Err(reply)) if !(self.connection.system.sick)(status, body) && status >= 500 => {
                Outcome::definite(RequestState::Refused, status, reply)
            }
            (_, Ok(reply) | Err(reply)) => Outcome::doubtful(status, &format!("{title} answered {status}."), &reply),
        }
    }
}
