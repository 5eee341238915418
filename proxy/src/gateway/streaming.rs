//! A reply that is passed on as it comes.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::StreamExt;
use howdah_shared::problem::{Code, Problem};
use http_body::{Body as _, Frame};
use http_body_util::BodyExt;
use hyper::body::Incoming;

use super::cleaning::Cleaning;
use super::reading::From;
use super::reply::{self, Reply};
use crate::redact;

/// The most of an error reply that is read.
pub(super) const ERROR_LIMIT: usize = 256 * 1024;
/// How long a stream may pause before it counts as broken.
const STREAM_PAUSE: Duration = Duration::from_secs(30);

/// Passes a reply on as it comes, redacted. Its first byte is waited for, so that what is no JSON is an error; a short
/// reply has come whole by then, and is given whole.
pub(super) async fn stream(from: From<'_>, mut body: Incoming) -> Result<Body, Reply> {
    let From { connection, lane, row, server, status } = from;
    let mut first = Bytes::new();
    // Blanks without an end are no JSON either.
    while first.trim_ascii().is_empty() && first.len() < ERROR_LIMIT {
        match body.frame().await {
            Some(Ok(frame)) => append(&mut first, frame),
            Some(Err(_)) => {
                lane.breaker.failed();
                let detail = format!("The connection to {} broke within its reply.", connection.title);
                return Err(Reply::problem(Problem::new(Code::UpstreamBroken, detail)));
            }
            None => break,
        }
    }
    let garbled = |what: &str, said: &[u8]| {
        let detail = format!("The reply of {} is not {what}.", connection.title);
        let mut problem = Problem::new(Code::UpstreamGarbled, detail);
        problem.service = reply::quote(&connection.redactor(), None, 200, said);
        Err(Reply::problem(problem))
    };
    if !redact::begins_as_json(&first) {
        // Whole, so that no half of a key is quoted that ended with the first chunk.
        while first.len() < ERROR_LIMIT
            && let Some(Ok(frame)) = body.frame().await
        {
            append(&mut first, frame);
        }
        if let Some(problem) = connection.turned_away(server, row, status.as_u16(), &first) {
            return Err(Reply::problem(problem));
        }
        return garbled("JSON. A page of an error or of a sign-in often looks so", &first);
    }
    lane.breaker.succeeded();
    lane.budget.earn();
    let mut cleaning = Cleaning::new(connection, row);
    if body.is_end_stream() {
        let clean = cleaning.push(&first).and_then(|mut clean| {
            clean.extend(cleaning.finish()?);
            Ok(clean)
        });
        return clean.map(Body::from).or_else(|_| garbled("whole, or not JSON", &first));
    }
    let frames =
        futures_util::stream::once(async { Ok::<_, hyper::Error>(first) }).chain(body.into_data_stream()).boxed();
    let state: Option<(_, Cleaning)> = Some((frames, cleaning));
    let out = futures_util::stream::unfold(state, |state| async {
        let (mut frames, mut cleaning) = state?;
        loop {
            let next = tokio::time::timeout(STREAM_PAUSE, frames.next()).await;
            let broken = |what: &str| std::io::Error::new(std::io::ErrorKind::UnexpectedEof, what.to_owned());
            match next {
                Ok(Some(Ok(chunk))) => match cleaning.push(&chunk) {
                    Err(_) => return Some((Err(broken("the service's reply is not JSON")), None)),
                    Ok(clean) if clean.is_empty() => {}
                    Ok(clean) => return Some((Ok(clean), Some((frames, cleaning)))),
                },
                Ok(Some(Err(_))) => return Some((Err(broken("the service's reply broke off")), None)),
                Err(_) => return Some((Err(broken("the service paused for too long")), None)),
                Ok(None) => {
                    let last = cleaning.finish();
                    return Some((last.map_err(|_| broken("the service's reply is not whole")), None));
                }
            }
        }
    });
    Ok(Body::from_stream(out))
}

/// Adds what a frame brings.
fn append(so_far: &mut Bytes, frame: Frame<Bytes>) {
    let Ok(more) = frame.into_data() else { return };
    *so_far = if so_far.is_empty() { more } else { [&so_far[..], &more[..]].concat().into() };
}
