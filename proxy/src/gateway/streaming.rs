//! A reply that is read and passed on as it comes.

use std::fmt;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use howdah_shared::problem::{Code, Problem};
use http_body::{Body as _, Frame};
use http_body_util::BodyExt;
use hyper::body::Incoming;

use super::cleaning::Cleaning;
use super::connection::Connection;
use super::reading::{self, From};
use super::reply::{self, Reply};
use crate::redact;

/// The most of an error reply that is read.
pub(super) const ERROR_LIMIT: usize = 256 * 1024;
/// How long a stream may pause before it counts as broken.
pub(super) const STREAM_PAUSE: Duration = Duration::from_secs(30);

/// A reply that is cleaned as it comes.
pub(super) struct Cleaned {
    first: Option<Bytes>,
    body: Incoming,
    /// Nothing once it has ended, well or not.
    cleaning: Option<Cleaning>,
}

/// How a reply ends that is not whole.
#[derive(Clone, Copy, Debug)]
pub(super) enum Broke {
    /// Its connection broke.
    Off,
    /// Nothing came for too long.
    Paused,
    /// It is not JSON.
    NotJson,
    /// It ended before its JSON did.
    Unfinished,
}

impl fmt::Display for Broke {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Broke::Off => "the service's reply broke off",
            Broke::Paused => "the service paused for too long",
            Broke::NotJson => "the service's reply is not JSON",
            Broke::Unfinished => "the service's reply is not whole",
        })
    }
}

impl Cleaned {
    /// Waits for the first byte of a reply, so that what is no JSON is an error.
    pub(super) async fn begin(from: From<'_>, mut body: Incoming) -> Result<Cleaned, Reply> {
        let From { connection, lane, row, server, status } = from;
        let mut first = Bytes::new();
        // Blanks without an end are no JSON either.
        while first.trim_ascii().is_empty() && first.len() < ERROR_LIMIT {
            match body.frame().await {
                Some(Ok(frame)) => append(&mut first, frame),
                Some(Err(_)) => return Err(reading::broken(connection, lane)),
                None => break,
            }
        }
        if redact::begins_as_json(&first) {
            return Ok(Cleaned { first: Some(first), body, cleaning: Some(Cleaning::new(connection, row)) });
        }
        // Whole, so that no half of a key is quoted that ended with the first chunk.
        while first.len() < ERROR_LIMIT
            && let Some(Ok(frame)) = body.frame().await
        {
            append(&mut first, frame);
        }
        if let Some(problem) = connection.turned_away(server, row, status.as_u16(), &first) {
            return Err(Reply::problem(problem));
        }
        Err(garbled(connection, "JSON. A page of an error or of a sign-in often looks so", &first))
    }

    /// The next piece that can be given out; `None` after the last, and after how it broke.
    pub(super) async fn next(&mut self) -> Option<Result<Vec<u8>, Broke>> {
        let ended = loop {
            let cleaning = self.cleaning.as_mut()?;
            let piece = match self.first.take() {
                Some(first) => first,
                None => match tokio::time::timeout(STREAM_PAUSE, self.body.frame()).await {
                    Ok(Some(Ok(frame))) => frame.into_data().unwrap_or_default(),
                    Ok(Some(Err(_))) => break Err(Broke::Off),
                    Err(_) => break Err(Broke::Paused),
                    Ok(None) => break self.cleaning.take()?.finish().map_err(|_| Broke::Unfinished),
                },
            };
            match cleaning.push(&piece) {
                Err(_) => break Err(Broke::NotJson),
                Ok(clean) if clean.is_empty() => {}
                Ok(clean) => return Some(Ok(clean)),
            }
        };
        self.cleaning = None;
        Some(ended)
    }
}

/// Passes a reply on as it comes, redacted. A short one has come whole with its first byte, and is given whole.
pub(super) async fn stream(from: From<'_>, body: Incoming) -> Result<Body, Reply> {
    let From { connection, lane, .. } = from;
    let mut cleaned = Cleaned::begin(from, body).await?;
    lane.breaker.succeeded();
    lane.budget.earn();
    if cleaned.body.is_end_stream() {
        let said = cleaned.first.clone().unwrap_or_default();
        let mut whole = Vec::new();
        while let Some(piece) = cleaned.next().await {
            whole.extend(piece.map_err(|_| garbled(connection, "whole, or not JSON", &said))?);
        }
        return Ok(Body::from(whole));
    }
    let pieces = futures_util::stream::unfold(cleaned, |mut cleaned| async {
        let piece = cleaned.next().await?;
        let broken = |broke: Broke| std::io::Error::new(std::io::ErrorKind::UnexpectedEof, broke.to_string());
        Some((piece.map_err(broken), cleaned))
    });
    Ok(Body::from_stream(pieces))
}

fn garbled(connection: &Connection, what: &str, said: &[u8]) -> Reply {
    let detail = format!("The reply of {} is not {what}.", connection.title);
    let mut problem = Problem::new(Code::UpstreamGarbled, detail);
    problem.service = reply::quote(&connection.redactor(), None, 200, said);
    Reply::problem(problem)
}

/// Adds what a frame brings.
fn append(so_far: &mut Bytes, frame: Frame<Bytes>) {
    let Ok(more) = frame.into_data() else { return };
    *so_far = if so_far.is_empty() { more } else { [&so_far[..], &more[..]].concat().into() };
}
