//! Fetching the picture of a subscription: by a word that nobody can guess, good for the one who subscribed.

use std::sync::{Arc, PoisonError};

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use howdah_shared::operation::{Role, Spec};
use howdah_shared::problem::{Code, Problem};
use howdah_shared::watch::Version;
use http::header::{CONTENT_ENCODING, ETAG, HeaderName, HeaderValue, VARY};
use http::{HeaderMap, Response};
use tokio::time::Instant;

use super::Watching;
use super::packing::{Packer, Shared};
use super::poller::Poller;
use super::rows::{self, Form, Shape};
use crate::access::Principal;
use crate::app::App;
use crate::gateway::reply::set_api_headers;
use crate::random;

/// `false` on a picture to which rows are still to come.
const COMPLETE: HeaderName = HeaderName::from_static("howdah-complete");

/// A picture that may be fetched.
pub(super) struct Picture {
    pub(super) poller: Arc<Poller>,
    pub(super) principal: Principal,
    /// The connection and what is needed there; nothing for what is Howdah's own.
    pub(super) on: Option<(String, Role)>,
}

/// The word for a picture; it is good as long as this is held.
pub(super) struct Ticket {
    watching: Arc<Watching>,
    pub(super) word: String,
}

impl Ticket {
    /// Makes a picture fetchable.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub(super) fn new(watching: &Arc<Watching>, picture: Picture) -> Result<Ticket, getrandom::Error> {
        let word = random::word()?;
        watching.pictures.lock().unwrap_or_else(PoisonError::into_inner).insert(word.clone(), picture);
        Ok(Ticket { watching: watching.clone(), word })
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.watching.pictures.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.word);
    }
}

/// Answers with the picture as it is now; its `ETag` is the version, and [`COMPLETE`] tells where it holds the active rows
/// alone.
///
/// # Errors
/// 404 where the caller has no such subscription, or may not see it any more.
pub async fn answer(
    app: &Arc<App>,
    principal: &Principal,
    word: &str,
    packed: bool,
) -> Result<Response<Body>, Box<Problem>> {
    let found = {
        let pictures = app.watching.pictures.lock().unwrap_or_else(PoisonError::into_inner);
        let of_caller = pictures.get(word).filter(|picture| {
            let allows = |(connection, needed): &(String, Role)| principal.role(connection) >= Some(*needed);
            picture.principal.is_same(principal) && picture.on.as_ref().is_none_or(allows)
        });
        of_caller.and_then(|picture| {
            let mut book = picture.poller.book();
            Some((book.version()?, book.is_complete(), book.whole(Form::Shown)))
        })
    };
    let (version, complete, whole) = found.ok_or_else(|| {
        Box::new(Problem::new(Code::NotFound, "You have no such subscription, or it has no picture yet."))
    })?;
    let mut response = reply(&whole, Some(version), packed).await;
    if !complete {
        response.headers_mut().insert(COMPLETE, HeaderValue::from_static("false"));
    }
    Ok(response)
}

/// A reply of JSON, compressed for those who read that.
pub async fn json(body: String, packed: bool) -> Response<Body> {
    reply(&Shared::new(body.into()), None, packed).await
}

/// The reply to a read of Howdah's own, compressed for those who read that. Whoever subscribes to the same read with its
/// `ETag` is told only of what is new since.
pub async fn read(body: String, spec: &Spec, packed: bool) -> Response<Body> {
    let shape = Shape { rows: spec.tail.rows, ..Shape::default() };
    let read = rows::read(&body, shape, Instant::now()).ok();
    let version = read.map(|page| rows::content(page.rows.iter().map(|(key, row)| (key.as_str(), row))));
    reply(&Shared::new(body.into()), version, packed).await
}

async fn reply(whole: &Shared, version: Option<Version>, packed: bool) -> Response<Body> {
    let mut headers = HeaderMap::new();
    set_api_headers(&mut headers, "application/json");
    if let Some(tag) = version.and_then(|version| HeaderValue::from_str(&format!("\"{version}\"")).ok()) {
        headers.insert(ETAG, tag);
    }
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    let body = if packed {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        let (mut packer, mut pieces) = (Packer::default(), Vec::new());
        packer.shared(&whole.packed().await, &mut pieces);
        packer.end(&mut pieces);
        Body::from_stream(stream::iter(pieces.into_iter().map(Ok::<Bytes, std::convert::Infallible>)))
    } else {
        Body::from(whole.plain().clone())
    };
    let mut response = Response::new(body);
    *response.headers_mut() = headers;
    response
}
