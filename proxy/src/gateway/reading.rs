//! Reads: over a small pool, retried once at the most, streamed or read whole.

use std::error::Error;
use std::time::{Duration, Instant};

use axum::body::Body;
use bytes::Bytes;
use howdah_shared::console::Health;
use howdah_shared::door::{Call, Row};
use howdah_shared::operation::Passing;
use howdah_shared::problem::{Code, Problem};
use http::{HeaderMap, Response, StatusCode, Uri};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use tokio::sync::SemaphorePermit;

use super::Admitted;
use super::choosing::Choice;
use super::connection::Connection;
use super::lane::Lane;
use super::outbound::Outbound;
use super::records;
use super::reply::{self, Reply};
use super::streaming::{ERROR_LIMIT, stream};
use super::trust::is_untrusted;
use crate::app::now;

/// The most of a reply that Howdah asks for itself: the nodes of an operation may be thousands.
const ASKED_LIMIT: usize = 32 << 20;
/// The most of a list that is watched.
pub(super) const WATCHED_LIMIT: usize = 256 << 20;

/// Answers a read.
pub async fn answer(admitted: Admitted) -> Response<Body> {
    let Admitted { connection, row, call, reads_problems, .. } = admitted;
    let time = Duration::from_secs(row.spec.tail.deadline.into());
    let lane = connection.reads_of(row);
    let counted = lane.calls.begin(row.spec.name);
    let beginning = async {
        let begun = begin(&connection, lane, row, &call).await;
        if begun.is_err() && is_elsewhere(&connection, lane) {
            return begin(&connection, lane, row, &call).await;
        }
        begun
    };
    let begun = match tokio::time::timeout(time, beginning).await {
        Ok(begun) => begun,
        Err(_) => {
            lane.breaker.failed();
            connection.servers.doubt();
            Err(Reply::problem(timed_out(&connection, time)))
        }
    };
    match &begun {
        Ok(Begun::Whole(_, reply)) | Err(reply) => counted.ended(reply.status, reply.code()),
        Ok(Begun::Stream(_, status, _)) => counted.ended(status.as_u16(), None),
    }
    match begun {
        Ok(Begun::Whole(headers, reply)) => {
            let mut response = reply.response(reads_problems);
            response.headers_mut().extend(headers);
            response
        }
        Ok(Begun::Stream(headers, status, body)) => {
            let mut response = Response::new(body);
            *response.status_mut() = status;
            reply::set_api_headers(response.headers_mut(), "application/json");
            response.headers_mut().extend(headers);
            response
        }
        Err(reply) => reply.response(reads_problems),
    }
}

/// The problem of a service that did not answer in time.
pub fn timed_out(connection: &Connection, time: Duration) -> Problem {
    let detail = format!("{} did not answer within {} s.", connection.title, time.as_secs());
    Problem::new(Code::UpstreamTimeout, detail)
}

enum Begun {
    Whole(HeaderMap, Reply),
    Stream(HeaderMap, StatusCode, Body),
}

async fn begin(connection: &Connection, lane: &Lane, row: &Row, call: &Call) -> Result<Begun, Reply> {
    let Sent { response, server, place } = send(connection, lane, row, call).await?;
    let (head, body) = response.into_parts();
    let from = From { connection, lane, row, server, status: head.status };
    let headers = reply::kept_headers(&connection.redactor(), &head.headers);
    match (row.spec.tail.passing, Choice::of(row, call)) {
        (Passing::Stream, None) if head.status.is_success() => {
            // A caller that reads slowly must not take the place of others.
            drop(place);
            let body = stream(from, body).await?;
            Ok(Begun::Stream(headers, head.status, body))
        }
        (_, Some(choice)) => {
            let reply = choice.of_reply(whole(from, body, WATCHED_LIMIT).await?);
            Ok(Begun::Whole(headers, reply))
        }
        (Passing::Stream, None) => whole(from, body, ERROR_LIMIT).await.map(|reply| Begun::Whole(headers, reply)),
        (passing, None) => whole(from, body, passing.limit()).await.map(|reply| Begun::Whole(headers, reply)),
    }
}

/// Asks for Howdah's own use: status and whole body of any complete reply, redacted.
///
/// # Errors
/// The problem when there is no complete reply, or one that says that the service is sick.
pub async fn ask(connection: &Connection, row: &Row, call: &Call) -> Result<(u16, Vec<u8>), Box<Problem>> {
    let lane = connection.polls_of(row);
    let time = Duration::from_secs(row.spec.tail.deadline.into());
    let ask_once = async || {
        let Sent { response, server, place: _place } = send(connection, lane, row, call).await?;
        let status = response.status().as_u16();
        let body = read(connection, lane, response.into_body(), ASKED_LIMIT).await?;
        if let Some(problem) = connection.turned_away(server, row, status, &body) {
            return Err(Reply::problem(problem));
        }
        if (connection.system.sick)(status, &body) {
            lane.breaker.failed();
            return Err(reply::failure(connection.system, &connection.redactor(), &connection.title, status, &body));
        }
        lane.breaker.succeeded();
        Ok((status, connection.redactor().json(&body)))
    };
    let asking = async {
        let asked = ask_once().await;
        if asked.is_err() && is_elsewhere(connection, lane) { ask_once().await } else { asked }
    };
    let counted = lane.calls.begin(row.spec.name);
    let asked = match tokio::time::timeout(time, asking).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(reply)) => Err(Box::new(reply.as_problem().cloned().unwrap_or_else(|| timed_out(connection, time)))),
        Err(_) => {
            lane.breaker.failed();
            connection.servers.doubt();
            Err(Box::new(timed_out(connection, time)))
        }
    };
    match &asked {
        Ok((status, _)) => counted.ended(*status, None),
        Err(problem) => counted.ended(problem.status, Some(problem.code)),
    }
    asked
}

/// The health of a service that has just replied, after so long.
pub fn health(connection: &Connection, latency: Duration, problem: Option<Problem>) -> Health {
    let well = problem.is_none();
    let server = connection.servers.active_of_several().filter(|_| well).and_then(Uri::authority);
    Health {
        at: now(),
        latency: u64::try_from(latency.as_millis()).ok().filter(|_| well),
        problem,
        server: server.map(|server| server.as_str().to_owned()),
    }
}

/// The beginning of a reply.
pub(super) struct Sent<'a> {
    pub(super) response: Response<Incoming>,
    /// The server that it comes from.
    pub(super) server: usize,
    /// The place among the calls under way, to be held while the body is read into memory.
    pub(super) place: SemaphorePermit<'a>,
}

/// Where a reply comes from.
#[derive(Clone, Copy)]
pub(super) struct From<'a> {
    pub(super) connection: &'a Connection,
    pub(super) lane: &'a Lane,
    pub(super) row: &'a Row,
    pub(super) server: usize,
    pub(super) status: StatusCode,
}

/// Whether a read that failed is worth asking once more, because another server may be the active one by now.
pub(super) fn is_elsewhere(connection: &Connection, lane: &Lane) -> bool {
    connection.servers.is_lost() && lane.budget.spend()
}

pub(super) async fn send<'a>(
    connection: &Connection,
    lane: &'a Lane,
    row: &Row,
    call: &Call,
) -> Result<Sent<'a>, Reply> {
    let title = &connection.title;
    let made = Instant::now();
    let mut outbound = Outbound::new(connection, row, call).await.map_err(|problem| Reply::problem(*problem))?;
    let mut tries = 0;
    loop {
        lane.breaker.admit().map_err(|pause| Reply::problem(paused(connection, pause)))?;
        let closed = || Reply::problem(Problem::new(Code::Stopping, "Howdah is stopping."));
        let place = lane.permits.acquire().await.map_err(|_| closed())?;
        tries += 1;
        match lane.client.request(outbound.pooled()).await {
            Ok(response) => {
                let status = response.status().as_u16();
                let again = match status {
                    401 => tries == 1 && connection.renew(made).await,
                    502 | 504 => tries == 1 && lane.budget.spend(),
                    _ => false,
                };
                if again {
                    // Made anew, because a credential may be good only once.
                    outbound =
                        Outbound::new(connection, row, call).await.map_err(|problem| Reply::problem(*problem))?;
                    continue;
                }
                return Ok(Sent { response, server: outbound.server, place });
            }
            Err(error) => {
                lane.breaker.failed();
                let others = connection.servers.lost(outbound.server);
                if error.is_connect() && tries == 1 && !others && lane.budget.spend() {
                    continue;
                }
                tracing::info!(connection = connection.name, error = %chain(&error), "a read failed");
                let problem = if error.is_connect() {
                    unreachable(connection, &outbound.uri, Some(&error))
                } else {
                    Problem::new(Code::UpstreamBroken, format!("The connection to {title} broke before its reply."))
                };
                return Err(Reply::problem(problem));
            }
        }
    }
}

/// An error with all that caused it; libraries keep the telling part at the end.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}

/// The problem of an open breaker.
pub fn paused(connection: &Connection, pause: Duration) -> Problem {
    let seconds = pause.as_secs() + 1;
    let detail = format!(
        "{} has failed several times in a row, so Howdah lets it rest and tries again in {seconds} s. Nothing was sent.",
        connection.title
    );
    Problem { retry_after: Some(seconds), ..Problem::new(Code::UpstreamPaused, detail) }
}

/// The problem of a service that no connection could be made to, for the reason that is told where there is one.
pub fn unreachable(connection: &Connection, address: &Uri, why: Option<&(dyn Error + 'static)>) -> Problem {
    let authority = address.authority().map_or("", |authority| authority.as_str());
    let title = &connection.title;
    if why.is_some_and(is_untrusted) {
        let detail = format!("{title} at {authority} does not show a certificate that is trusted. Nothing was sent.");
        return Problem::new(Code::UpstreamUntrusted, detail);
    }
    let detail = format!("No connection to {title} at {authority} could be made. Nothing was sent.");
    Problem::new(Code::UpstreamUnreachable, detail)
}

async fn read(connection: &Connection, lane: &Lane, body: Incoming, limit: usize) -> Result<Bytes, Reply> {
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large(connection, limit)),
        Err(_) => Err(broken(connection, lane)),
    }
}

pub(super) fn too_large(connection: &Connection, limit: usize) -> Reply {
    let detail = format!("The reply of {} has more than {limit} bytes.", connection.title);
    Reply::problem(Problem::new(Code::UpstreamTooLarge, detail))
}

/// What is answered when a connection broke within a reply, which counts as a failure of its service.
pub(super) fn broken(connection: &Connection, lane: &Lane) -> Reply {
    lane.breaker.failed();
    let detail = format!("The connection to {} broke within its reply.", connection.title);
    Reply::problem(Problem::new(Code::UpstreamBroken, detail))
}

pub(super) async fn whole(from: From<'_>, body: Incoming, limit: usize) -> Result<Reply, Reply> {
    let From { connection, lane, row, server, status } = from;
    let body = read(connection, lane, body, limit).await?;
    if let Some(problem) = connection.turned_away(server, row, status.as_u16(), &body) {
        return Err(Reply::problem(problem));
    }
    if (connection.system.sick)(status.as_u16(), &body) {
        lane.breaker.failed();
    } else {
        lane.breaker.succeeded();
        lane.budget.earn();
    }
    let reply = reply::judge(connection, row, status.as_u16(), &body)?;
    Ok(records::of_reply(connection, row, reply))
}
