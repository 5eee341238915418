//! A change on its way: from the journal's mark that it may have left to what became of it.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use howdah_shared::console::RequestState;
use howdah_shared::door::{Call, Row, member};
use howdah_shared::follow::{Asked, End};
use howdah_shared::keeping::Keeping;
use howdah_shared::operation::{Effect, Passing, ServiceId};
use howdah_shared::problem::{Code, Problem, ServiceWords};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tower::ServiceExt;
use tracing::Instrument;

use super::changing::{unwritable, with_id, write_answer};
use super::connection::Connection;
use super::lane::CONNECT_TIMEOUT;
use super::outbound::Outbound;
use super::reading::{chain, paused, unreachable};
use super::reply::{self, Reply, ReplyBody};
use crate::console::{ask_about, ask_for};
use crate::journal::{Journal, Settled, Verdict};
use crate::traces;

/// How long to wait before each look at what became of a repeatable change, after which it may be sent again.
const AGAIN: [Duration; 6] = [
    Duration::from_millis(250),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
    Duration::from_secs(15),
];
/// How many deadlines a task waits for a late reply before the outcome counts as unknown.
const PATIENCE: u32 = 10;

/// A change that is written down and about to be sent.
pub(super) struct Change {
    pub(super) journal: Journal,
    pub(super) connection: Arc<Connection>,
    pub(super) row: &'static Row,
    pub(super) call: Call,
    pub(super) principal: String,
    pub(super) id: String,
}

/// The service's id of what a change starts, where it was chosen before.
pub(super) fn chosen_id(row: &Row, call: &Call) -> Option<String> {
    match row.spec.tail.service_id? {
        ServiceId::Body(name) => member(call.body.as_deref()?.as_bytes(), name),
        ServiceId::Reply(_) | ServiceId::Path(_) => None,
    }
}

/// What became of a change.
struct Outcome {
    state: RequestState,
    service_id: Option<String>,
    status: Option<u16>,
    /// What the service says of an end that it has come to at once.
    said: Option<String>,
    reply: Reply,
}

impl Outcome {
    /// Nothing left, or nothing was taken.
    fn refused(problem: Problem) -> Outcome {
        Outcome {
            state: RequestState::Refused,
            service_id: None,
            status: None,
            said: None,
            reply: Reply::problem(problem),
        }
    }

    /// The same, and where the service says that what it took is to be found.
    fn at(mut self, place: Option<String>) -> Outcome {
        let is_taken = !matches!(self.state, RequestState::Refused | RequestState::Unknown);
        self.reply.location = place.filter(|_| is_taken);
        self
    }

    /// It left, and what became of it cannot be told.
    fn unknown(status: Option<u16>, why: Code, happened: &str) -> Outcome {
        Outcome::unclear(status, why, happened, None)
    }

    /// [`Outcome::unknown`] with what the service said.
    fn unclear(status: Option<u16>, why: Code, happened: &str, said: Option<ServiceWords>) -> Outcome {
        let detail = format!("{happened} Whether it was done is not known; look at the service before you try again.");
        let problem = Problem { reason: Some(why), service: said, ..Problem::new(Code::OutcomeUnknown, detail) };
        Outcome { state: RequestState::Unknown, service_id: None, status, said: None, reply: Reply::problem(problem) }
    }

    /// [`Outcome::unclear`] after a reply, for what was found wrong with it.
    fn doubtful(status: u16, happened: &str, judged: &Reply) -> Outcome {
        let theirs = judged.as_problem();
        let why = theirs.map_or(Code::UpstreamGarbled, |theirs| theirs.code);
        Outcome::unclear(Some(status), why, happened, theirs.and_then(|theirs| theirs.service.clone()))
    }

    /// The service took it, or refused it in so many words.
    fn definite(state: RequestState, status: u16, reply: Reply) -> Outcome {
        Outcome { state, service_id: None, status: Some(status), said: None, reply }
    }
}

impl Change {
    pub(super) async fn run(self) -> Reply {
        let mut outcome = self.carry_out().await;
        let tail = &self.row.spec.tail;
        if outcome.state == RequestState::Unknown
            && (self.row.spec.effect == Effect::Repeatable || tail.search.is_some())
        {
            outcome = self.find_out(outcome).await;
        } else if outcome.state == RequestState::Refused && outcome.status == Some(409) {
            outcome = self.told_apart(outcome).await;
        }
        let reply = with_id(outcome.reply, &self.id);
        let problem = reply.as_problem();
        let said = problem.and_then(|problem| problem.service.as_ref()).map(|service| service.message.clone());
        let said = said.or(outcome.said);
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
            service_id: outcome.service_id.or_else(|| chosen_id(self.row, &self.call)),
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

    /// Of what had no answer: asks the service what became of it, and sends the same once more where it was sent under an
    /// id of our choice that the service does not know.
    async fn find_out(&self, unknown: Outcome) -> Outcome {
        let id = chosen_id(self.row, &self.call);
        for pause in AGAIN {
            tokio::time::sleep(pause).await;
            match self.is_done(id.as_deref()).await {
                Some(true) => return self.done_without_answer(id),
                Some(false) if self.row.spec.effect == Effect::Repeatable => {
                    let again = self.carry_out().await;
                    // The first may have come later than we looked: then it is the second that is refused.
                    if again.status == Some(409) && self.is_done(id.as_deref()).await == Some(true) {
                        return self.done_without_answer(id);
                    }
                    // What could not be sent again says nothing of what was sent before.
                    if again.state != RequestState::Unknown && again.status.is_some() {
                        return again;
                    }
                }
                Some(false) | None => {}
            }
        }
        unknown
    }

    fn done_without_answer(&self, id: Option<String>) -> Outcome {
        tracing::info!(request = self.id, "the service has done what had no answer");
        let empty = if self.row.spec.tail.passing == Passing::Nothing { "" } else { "{}" };
        let reply = Reply::json(202, empty.to_owned());
        Outcome { state: RequestState::Accepted, service_id: id, status: None, said: None, reply }
    }

    /// Whether the service has done what was asked for; `None` where that cannot be told.
    async fn is_done(&self, id: Option<&str>) -> Option<bool> {
        let (connection, segments) = (&*self.connection, &self.call.segments[..]);
        let Some(search) = self.row.spec.tail.search else {
            return match ask_about(connection, self.row, segments, id?).await {
                Ok((_, Some(_))) => Some(true),
                Ok((404, None)) => Some(false),
                Ok((_, None)) | Err(_) => None,
            };
        };
        let query = (search.query)(id.unwrap_or_default());
        match ask_for(connection, search.operation, &(search.segments)(segments), &query).await {
            Ok((200, body)) => (search.done)(&body, &Asked { segments, query: &self.call.query }),
            Ok((404, _)) if id.is_some() => Some(false),
            Ok(_) | Err(_) => None,
        }
    }

    /// A refusal that may mean two things: that the service has taken another call under the same id, or anything else.
    async fn told_apart(&self, refused: Outcome) -> Outcome {
        let id = chosen_id(self.row, &self.call);
        if id.is_none() || self.row.spec.tail.search.is_none() || self.is_done(id.as_deref()).await != Some(true) {
            return refused;
        }
        let title = &self.connection.title;
        let detail = format!("{title} has taken another call under this request id before. This one was not done.");
        let service = refused.reply.as_problem().and_then(|problem| problem.service.clone());
        let reply = Reply::problem(Problem { service, ..Problem::new(Code::RequestIdUsed, detail) });
        Outcome { reply, ..refused }
    }

    async fn carry_out(&self) -> Outcome {
        let connection = &*self.connection;
        if let Err(problem) = self.may_keep() {
            return Outcome::refused(*problem);
        }
        let Some(_place) = connection.changes.place().await else {
            let title = &connection.title;
            let detail =
                format!("{title} is still busy with other changes, so this one was not begun. Nothing was sent.");
            return Outcome::refused(Problem::new(Code::UpstreamPaused, detail));
        };
        let (mut tried, mut moved) = (false, false);
        loop {
            let made = Instant::now();
            let outbound = match Outbound::new(connection, self.row, &self.call).await {
                Ok(outbound) => outbound,
                Err(problem) => return Outcome::refused(*problem),
            };
            let server = outbound.server;
            let counted = connection.changes.calls.begin(self.row.spec.name);
            let outcome = self.send(outbound).await;
            counted.ended(outcome.status.unwrap_or(0), outcome.reply.code());
            // A complete 401 is a definite refusal, so nothing was done: once more, if there is another credential.
            if outcome.status == Some(401) && !tried && connection.renew(made).await {
                tried = true;
                continue;
            }
            // Nothing has left, so it may leave for the server that is active by now. Whatever has is never sent again.
            let unreachable = outcome.reply.code() == Some(Code::UpstreamUnreachable);
            if unreachable && !moved && connection.servers.lost(server) {
                moved = true;
                continue;
            }
            return outcome;
        }
    }

    async fn send(&self, outbound: Outbound) -> Outcome {
        let connection = &*self.connection;
        let server = outbound.server;
        let breaker = &connection.changes.breaker;
        if let Err(pause) = breaker.admit() {
            return Outcome::refused(paused(connection, pause));
        }
        let connector = connection.changes.connector.clone();
        let connecting = async {
            let io = connector.oneshot(outbound.uri.clone()).await?;
            let connected = hyper::client::conn::http1::handshake::<_, http_body_util::Full<Bytes>>(io).await?;
            Ok::<_, Box<dyn Error + Send + Sync>>(connected)
        };
        let (mut sender, driver) = match tokio::time::timeout(CONNECT_TIMEOUT, connecting).await {
            Ok(Ok(connected)) => connected,
            failed => {
                breaker.failed();
                let why = failed.map_or_else(|elapsed| Some(elapsed.into()), Result::err);
                let error = why.as_deref().map(|why| chain(why)).unwrap_or_default();
                tracing::info!(request = self.id, connection = connection.name, error, "no connection for a change");
                return Outcome::refused(unreachable(connection, &outbound.uri, why.as_deref().map(|why| why as _)));
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
            let place = reply::place(connection, server, response.headers());
            let body = Limited::new(response.into_body(), self.row.spec.tail.passing.limit()).collect().await;
            Ok::<_, String>((status, place, body.map(|body| body.to_bytes())))
        };
        let answered = tokio::time::timeout(patience, exchange).await;
        driver.abort();
        let title = &connection.title;
        match answered {
            Ok(Ok((status, place, Ok(body)))) => self.understand(server, status, &body).at(place),
            Ok(Ok((status, _, Err(error)))) if error.is::<LengthLimitError>() => {
                let happened = format!("{title} answered {status}, but its reply was too large.");
                Outcome::unknown(Some(status), Code::UpstreamTooLarge, &happened)
            }
            Ok(Ok((status, _, Err(_)))) => {
                let happened = format!("{title} answered {status}, but its reply broke off.");
                Outcome::unknown(Some(status), Code::UpstreamBroken, &happened)
            }
            Ok(Err(error)) => {
                connection.servers.lost(server);
                tracing::info!(request = self.id, connection = connection.name, error, "a change has lost its reply");
                let happened = format!("The connection to {title} broke before its reply.");
                Outcome::unknown(None, Code::UpstreamBroken, &happened)
            }
            Err(_) => {
                connection.servers.lost(server);
                let happened = format!("{title} has not answered for {} s.", patience.as_secs());
                Outcome::unknown(None, Code::UpstreamTimeout, &happened)
            }
        }
    }

    /// A complete reply.
    fn understand(&self, server: usize, status: u16, body: &Bytes) -> Outcome {
        let title = &self.connection.title;
        if let Some(problem) = self.connection.turned_away(server, self.row, status, body) {
            return Outcome { status: Some(status), ..Outcome::refused(problem) };
        }
        let Some(body) = self.without_token(status, body) else {
            // What it said is not shown: it may hold the token in another place.
            let happened = format!("{title} answered {status} without a token that can be kept.");
            return Outcome::unknown(Some(status), Code::UpstreamGarbled, &happened);
        };
        let body = &body;
        let judged = reply::judge(&self.connection, self.row, status, body);
        match (status, judged) {
            (200..=299, Ok(reply)) => {
                self.token_changed(body);
                let accepted = self.at_once(Outcome::definite(RequestState::Accepted, status, reply));
                let name = match self.row.spec.tail.service_id {
                    None => return accepted,
                    Some(ServiceId::Body(_)) => {
                        return Outcome { service_id: chosen_id(self.row, &self.call), ..accepted };
                    }
                    Some(ServiceId::Path(place)) => {
                        return Outcome { service_id: self.call.segments.get(place).cloned(), ..accepted };
                    }
                    Some(ServiceId::Reply(name)) => name,
                };
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

    /// What was taken, and may have come to its end with it. The reply is read as it leaves, redacted: what is quoted of it
    /// is cut, and half a key would not be known for one.
    fn at_once(&self, accepted: Outcome) -> Outcome {
        let ReplyBody::Json(body) = &accepted.reply.body else { return accepted };
        let ended = self.row.spec.tail.follow.and_then(|follow| (follow.at_once)(body.as_bytes()));
        let state = match ended.as_ref().and_then(|progress| progress.end) {
            Some(End::Succeeded) => RequestState::Succeeded,
            Some(End::Failed) => RequestState::Failed,
            Some(End::Other) | None => return accepted,
        };
        Outcome { state, said: ended.and_then(|progress| progress.said), ..accepted }
    }

    /// Whether the token that the change is about is the principal's, or there is a place for the one that it makes.
    fn may_keep(&self) -> Result<(), Box<Problem>> {
        let tokens = self.connection.tokens();
        match self.row.spec.tail.keeping {
            None => Ok(()),
            Some(Keeping::Makes { .. }) => tokens.has_place(&self.principal),
            Some(Keeping::Renews { .. } | Keeping::Ends { .. }) => {
                tokens.find(&self.principal, self.call.handle.as_deref().unwrap_or("")).map(drop)
            }
        }
    }

    /// A reply with a handle in the place of the token that it made; `None` where none could be kept.
    fn without_token(&self, status: u16, body: &Bytes) -> Option<Bytes> {
        let Some(Keeping::Makes { member, told }) = self.row.spec.tail.keeping else { return Some(body.clone()) };
        if !(200..=299).contains(&status) {
            return Some(body.clone());
        }
        self.connection.tokens().keep(&self.principal, member, told(body), body).map(Bytes::from)
    }

    /// The service did what it was asked to do with a token.
    fn token_changed(&self, body: &[u8]) {
        let handle = self.call.handle.as_deref().unwrap_or("");
        match self.row.spec.tail.keeping {
            Some(Keeping::Renews { until, .. }) => self.connection.tokens().renewed(handle, until(body)),
            Some(Keeping::Ends { .. }) => self.connection.tokens().ended(handle),
            Some(Keeping::Makes { .. }) | None => {}
        }
    }
}
