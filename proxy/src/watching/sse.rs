//! The door for scripts and portals: any read, asked for with `Accept: text/event-stream`, as Server-Sent Events.
//!
//! - `snapshot`: the whole reply. Its id is the version.
//! - `reset`: what was known under `Last-Event-ID`, or from the events before, does not lead to what is now; a
//!   `snapshot` follows.
//! - `patch`: of a list, what leads from the last version to the one in its id.
//! - `fresh`: the service replied well `at` that instant, in ms since the epoch.
//! - `problem`: the service fails, and what was told stands as it was; or nothing more will come, and the stream ends.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use howdah_shared::problem::Problem;
use howdah_shared::watch::Version;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, HeaderName, HeaderValue, VARY};
use http::{HeaderMap, Response};

use super::Reading;
use super::packing::{Packer, Shared};
use super::rights::Right;
use super::watcher::{News, Watcher};
use crate::access::Principal;
use crate::app::App;
use crate::gateway::reply;

/// The media type of a stream of events.
const EVENT_STREAM: &str = "text/event-stream";
/// After so long without an event there is a comment, so that nothing between us takes the stream for dead.
const COMMENT_AFTER: Duration = Duration::from_secs(15);
/// An event of at most so many bytes leaves in one piece.
const SMALL: usize = 16 * 1024;
/// How soon a browser asks again when a stream has ended, in ms.
const RETRY: &str = "retry: 2000\n\n";

/// How a caller wants its stream.
pub struct Wanted {
    /// The version that it knows.
    known: Option<Version>,
    /// It reads gzip.
    packed: bool,
}

impl Wanted {
    /// What the headers say; `None` where they ask for no stream.
    pub fn by(headers: &HeaderMap) -> Option<Wanted> {
        accepts(headers, &ACCEPT, EVENT_STREAM).then(|| Wanted {
            known: headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok()),
            packed: accepts_gzip(headers),
        })
    }
}

/// Whether a caller reads gzip.
pub fn accepts_gzip(headers: &HeaderMap) -> bool {
    accepts(headers, &ACCEPT_ENCODING, "gzip")
}

/// Whether one of a header's words is this, and not at quality 0.
fn accepts(headers: &HeaderMap, name: &HeaderName, word: &str) -> bool {
    let mut words = headers.get_all(name).iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(','));
    words.any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let refused = |part: &str| part.strip_prefix("q=").and_then(|q| q.parse().ok()) == Some(0.0);
        parts.next().is_some_and(|found| found.eq_ignore_ascii_case(word)) && !parts.any(refused)
    })
}

/// Answers a read with a stream of what becomes of its reply.
pub fn answer(app: &Arc<App>, principal: Principal, reading: Reading, wanted: Wanted) -> Response<Body> {
    match begin(app, principal, reading, &wanted) {
        Ok(events) => {
            let body = Body::from_stream(stream::unfold(events, |mut events| async {
                let piece = events.next().await?;
                Some((Ok::<_, std::convert::Infallible>(piece), events))
            }));
            let mut response = Response::new(body);
            let headers = response.headers_mut();
            reply::set_api_headers(headers, EVENT_STREAM);
            headers.insert(VARY, HeaderValue::from_static("accept, accept-encoding"));
            // For proxies that would wait for more.
            headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
            if wanted.packed {
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            }
            response
        }
        Err(problem) => reply::problem(*problem),
    }
}

fn begin(app: &Arc<App>, principal: Principal, reading: Reading, wanted: &Wanted) -> Result<Events, Box<Problem>> {
    let (on, list) = (reading.needs(), reading.row.spec.tail.rows.is_some());
    let mut watcher = reading.watch(app, &principal)?;
    let right = Right::new(app.clone(), principal, on);
    if let Some(known) = wanted.known {
        watcher.resume(known);
    }
    let knows = wanted.known.is_some();
    let packer = wanted.packed.then(Packer::default);
    let mut events = Events { watcher, right, packer, list, knows, ready: VecDeque::new(), ended: false };
    match &mut events.packer {
        Some(packer) => {
            let mut out = Vec::new();
            packer.own(RETRY.as_bytes(), &mut out);
            events.ready.extend(out);
        }
        None => events.ready.push_back(Bytes::from_static(RETRY.as_bytes())),
    }
    Ok(events)
}

/// A stream of events on its way to one watcher.
struct Events {
    watcher: Watcher,
    right: Right,
    packer: Option<Packer>,
    /// Whether there are rows to patch.
    list: bool,
    /// Whether the watcher knows a version, or something that it takes for one.
    knows: bool,
    ready: VecDeque<Bytes>,
    ended: bool,
}

/// What is written next.
#[derive(Default)]
struct Written {
    parts: Vec<Part>,
}

enum Part {
    Own(String),
    Shared(Shared),
}

impl Written {
    fn own(&mut self, text: impl Into<String>) {
        self.parts.push(Part::Own(text.into()));
    }

    fn event(&mut self, name: &str, id: Option<Version>, data: Shared) {
        let id = id.map_or_else(String::new, |id| format!("id: {id}\n"));
        self.own(format!("event: {name}\n{id}data: "));
        self.parts.push(Part::Shared(data));
        self.own("\n\n");
    }

    fn problem(&mut self, problem: &Problem) {
        self.own(format!("event: problem\ndata: {}\n\n", serde_json::to_string(problem).unwrap_or_default()));
    }
}

impl Events {
    /// The next piece of the stream. No event is made before the one before it has been taken.
    async fn next(&mut self) -> Option<Bytes> {
        while self.ready.is_empty() && !self.ended {
            let mut written = Written::default();
            tokio::select! {
                biased;
                problem = self.right.lost() => {
                    written.problem(&problem);
                    self.ended = true;
                }
                news = self.watcher.news() => match news {
                    Some(news) => self.write(news, &mut written),
                    None => self.ended = true,
                },
                () = tokio::time::sleep(COMMENT_AFTER) => written.own(":\n\n"),
            }
            self.seal(written).await;
        }
        self.ready.pop_front()
    }

    fn write(&mut self, news: News, written: &mut Written) {
        match news {
            News::Patch(version, patch) if self.list => written.event("patch", Some(version), patch),
            News::Whole | News::Patch(..) => {
                let Some((version, whole)) = self.watcher.whole() else { return };
                if std::mem::replace(&mut self.knows, true) && self.list {
                    written.own(format!("event: reset\ndata: {{\"version\":\"{version}\"}}\n\n"));
                }
                written.event("snapshot", Some(version), whole);
            }
            News::Fresh(fresh) => written.own(format!("event: fresh\ndata: {{\"at\":{}}}\n\n", fresh.at)),
            News::Problem(problem) => written.problem(&problem),
        }
    }

    /// Makes what is written ready to be sent.
    async fn seal(&mut self, written: Written) {
        let mut out = Vec::new();
        for part in written.parts {
            match (&mut self.packer, part) {
                (Some(packer), Part::Own(text)) => packer.own(text.as_bytes(), &mut out),
                (Some(packer), Part::Shared(shared)) => packer.shared(&shared.packed().await, &mut out),
                (None, Part::Own(text)) => out.push(text.into()),
                (None, Part::Shared(shared)) => out.push(shared.plain().clone()),
            }
        }
        if let Some(packer) = self.packer.as_mut().filter(|_| self.ended) {
            packer.end(&mut out);
        }
        // Small pieces leave as one; a long one is not copied for each watcher.
        match out.iter().map(Bytes::len).sum::<usize>() {
            0 => {}
            1..=SMALL => self.ready.push_back(out.concat().into()),
            _ => self.ready.extend(out),
        }
    }
}
