//! Reads for those who watch: over a lane of their own, read while they come.

use std::time::{Duration, Instant, SystemTime};

use howdah_shared::console::Instant as Millis;
use howdah_shared::door::{Call, Row};
use howdah_shared::operation::Passing;
use howdah_shared::problem::{Code, Problem};
use http::HeaderMap;
use http::header::DATE;
use hyper::body::Incoming;
use tracing::Instrument;

use super::choosing::Choice;
use super::connection::Connection;
use super::reading::{From, Sent, WATCHED_LIMIT, broken, health, is_elsewhere, send, timed_out, too_large, whole};
use super::reply::{Reply, ReplyBody};
use super::streaming::{Broke, Cleaned, STREAM_PAUSE};
use crate::traces;

/// How long a service that is watched is believed to be well: longer than the pause between two looks at it.
const HEALTH_LASTS: Duration = Duration::from_secs(20);

/// What reads a reply while it comes, redacted and masked.
pub trait Reader: Send + 'static {
    /// What it reads.
    type Read: Send + 'static;

    /// Takes the next piece.
    fn push(&mut self, piece: &[u8]);

    /// Gives what it has read, once the whole reply has come.
    ///
    /// # Errors
    /// When the reply is not JSON.
    fn finish(self) -> serde_json::Result<Self::Read>;
}

/// Reads a reply as it is.
impl Reader for Vec<u8> {
    type Read = Vec<u8>;

    fn push(&mut self, piece: &[u8]) {
        self.extend_from_slice(piece);
    }

    fn finish(self) -> serde_json::Result<Vec<u8>> {
        Ok(self)
    }
}

/// A good reply for those who watch.
#[derive(Clone, Debug)]
pub struct Polled<T> {
    /// What was read of it.
    pub read: T,
    /// When it was asked for by the service's clock, or a little before; `None` where it tells no time.
    pub asked: Option<Millis>,
}

/// Asks for those who watch; each try is read by a new reader. Where that is what the service's health is told by, its
/// health is known too.
///
/// # Errors
/// The problem for them.
pub async fn poll<R: Reader>(
    connection: &Connection,
    row: &Row,
    call: &Call,
    reader: impl Fn() -> R,
) -> Result<Polled<R::Read>, Box<Problem>> {
    let begun = Instant::now();
    let look = traces::poll(&connection.name, row.spec.name);
    let polled = poll_reply(connection, row, call, reader).instrument(look).await;
    if row.spec.name == connection.system.probe.operation {
        match &polled {
            Ok(_) => connection.health.learn(health(connection, begun.elapsed(), None), HEALTH_LASTS),
            Err(_) => connection.health.doubt(),
        }
    }
    polled
}

async fn poll_reply<R: Reader>(
    connection: &Connection,
    row: &Row,
    call: &Call,
    reader: impl Fn() -> R,
) -> Result<Polled<R::Read>, Box<Problem>> {
    let lane = connection.polls_of(row);
    let time = Duration::from_secs(row.spec.tail.deadline.into());
    let ask_once = async || {
        let begun = Instant::now();
        let Sent { response, server, place: _place } = send(connection, lane, row, call).await?;
        let asked = asked_at(response.headers(), begun.elapsed());
        let from = From { connection, lane, row, server, status: response.status() };
        let read = match (row.spec.tail.passing, Choice::of(row, call)) {
            (Passing::Stream, None) if from.status.is_success() => {
                read_as_it_comes(from, response.into_body(), reader()).await?
            }
            (passing, choice) => {
                let limit = if passing == Passing::Stream { WATCHED_LIMIT } else { passing.limit() };
                let reply = whole(from, response.into_body(), limit).await?;
                let reply = match choice {
                    Some(choice) => choice.of_reply(reply),
                    None => reply,
                };
                match reply.body {
                    ReplyBody::Json(body) => read_whole(body, reader()).await?,
                    ReplyBody::Problem(..) => return Err(reply),
                }
            }
        };
        Ok(Polled { read, asked })
    };
    let asking = async {
        let polled = ask_once().await;
        if polled.is_err() && is_elsewhere(connection, lane) { ask_once().await } else { polled }
    };
    let counted = lane.calls.begin(row.spec.name);
    let polled = match tokio::time::timeout(time, asking).await {
        Ok(Ok(polled)) => Ok(polled),
        Ok(Err(reply)) => {
            let internal = || Problem::new(Code::Internal, "The service's reply could not be read.");
            Err(Box::new(reply.as_problem().cloned().unwrap_or_else(internal)))
        }
        Err(_) => {
            lane.breaker.failed();
            connection.servers.doubt();
            Err(Box::new(timed_out(connection, time)))
        }
    };
    match &polled {
        Ok(_) => counted.ended(200, None),
        Err(problem) => counted.ended(problem.status, Some(problem.code)),
    }
    polled
}

/// Reads a reply while it comes: a service is long about a long one.
async fn read_as_it_comes<R: Reader>(from: From<'_>, body: Incoming, mut reader: R) -> Result<R::Read, Reply> {
    let From { connection, lane, .. } = from;
    let mut cleaned = Cleaned::begin(from, body).await?;
    let mut length = 0;
    while let Some(piece) = cleaned.next().await {
        let piece = piece.map_err(|broke| match broke {
            Broke::Off => broken(connection, lane),
            Broke::Paused => {
                lane.breaker.failed();
                Reply::problem(timed_out(connection, STREAM_PAUSE))
            }
            Broke::NotJson | Broke::Unfinished => unreadable(),
        })?;
        length += piece.len();
        if length > WATCHED_LIMIT {
            return Err(too_large(connection, WATCHED_LIMIT));
        }
        reader.push(&piece);
    }
    lane.breaker.succeeded();
    lane.budget.earn();
    elsewhere(move || reader.finish()).await
}

/// Reads a reply that has come.
async fn read_whole<R: Reader>(body: String, mut reader: R) -> Result<R::Read, Reply> {
    elsewhere(move || {
        reader.push(body.as_bytes());
        reader.finish()
    })
    .await
}

/// What is long takes a while to read, and others wait for this thread.
async fn elsewhere<T: Send + 'static>(
    read: impl FnOnce() -> serde_json::Result<T> + Send + 'static,
) -> Result<T, Reply> {
    tokio::task::spawn_blocking(read).await.ok().and_then(Result::ok).ok_or_else(unreadable)
}

fn unreadable() -> Reply {
    Reply::problem(Problem::new(Code::UpstreamGarbled, "The service's reply cannot be read as JSON."))
}

/// When a reply was asked for by the clock of its service, which wrote its `Date` at some time since, in whole seconds.
fn asked_at(headers: &HeaderMap, since: Duration) -> Option<Millis> {
    let date = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    let asked = date.duration_since(SystemTime::UNIX_EPOCH).ok()?.checked_sub(since)?;
    Millis::try_from(asked.as_millis()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_tells_when_it_was_asked() {
        let dated = |date: &str| HeaderMap::from_iter([(DATE, date.parse().unwrap())]);
        let asked = |date: &str, since| asked_at(&dated(date), Duration::from_millis(since));
        assert_eq!(asked("Sun, 06 Nov 1994 08:49:37 GMT", 1500), Some(784_111_775_500));
        assert_eq!(asked("Thu, 01 Jan 1970 00:00:01 GMT", 1500), None);
        assert_eq!(asked("yesterday", 0), None);
        assert_eq!(asked_at(&HeaderMap::new(), Duration::ZERO), None);
    }
}
