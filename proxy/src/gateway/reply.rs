//! What a caller gets: a reply of the service, checked, redacted and masked, or one error body.

use axum::body::Body;
use bytes::Bytes;
use howdah_shared::door::Row;
use howdah_shared::mask::{self, Options};
use howdah_shared::operation::{Effect, Passing};
use howdah_shared::problem::{Code, MEDIA_TYPE, Problem, ServiceWords};
use howdah_shared::systems::System;
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, DATE, HeaderValue, LOCATION, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, Response, StatusCode, Uri};
use serde::{Deserialize, Serialize};

use super::connection::Connection;
use super::links;
use super::route::{Routed, route};
use crate::redact::Redactor;

/// The most of an error body of a service that is passed on.
const OWN_WORDS_LIMIT: usize = 64 * 1024;
/// The most characters of a service's words that a problem quotes.
const QUOTED_LIMIT: usize = 2000;

/// What a caller gets, or would have got: it is kept in the journal for a second asking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: ReplyBody,
    /// Where the service says that what was asked for is to be found: a path below the connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

/// The body of a [`Reply`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReplyBody {
    /// JSON of the service.
    Json(String),
    /// A problem, and the service's own body for callers that do not read problems.
    Problem(Box<Problem>, Option<OwnWords>),
}

/// The body of an error of the service, redacted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OwnWords {
    /// `application/json` or `text/plain`.
    pub media_type: String,
    /// The body.
    pub body: String,
}

impl Reply {
    /// The reply that carries a problem.
    pub fn problem(problem: Problem) -> Reply {
        Reply { status: problem.status, body: ReplyBody::Problem(Box::new(problem), None), location: None }
    }

    /// The reply that carries JSON of the service; none where it is empty.
    pub fn json(status: u16, body: String) -> Reply {
        Reply { status, body: ReplyBody::Json(body), location: None }
    }

    /// The problem that it carries.
    pub fn as_problem(&self) -> Option<&Problem> {
        match &self.body {
            ReplyBody::Problem(problem, _) => Some(problem),
            _ => None,
        }
    }

    /// The code of the problem that it carries, the reason where its outcome is unknown.
    pub fn code(&self) -> Option<Code> {
        self.as_problem().map(|problem| problem.reason.unwrap_or(problem.code))
    }

    /// Writes it for a caller.
    pub fn response(self, reads_problems: bool) -> Response<Body> {
        let location = self.location.and_then(|path| HeaderValue::from_str(&path).ok());
        let (media_type, body, code) = match self.body {
            ReplyBody::Json(body) if body.is_empty() => (String::new(), body, None),
            ReplyBody::Json(body) => ("application/json".to_owned(), body, None),
            ReplyBody::Problem(problem, Some(own)) if !reads_problems => (own.media_type, own.body, Some(problem.code)),
            ReplyBody::Problem(boxed, _) => return problem(*boxed),
        };
        let mut response = Response::new(Body::from(body));
        if let Some(code) = code {
            response.extensions_mut().insert(code);
        }
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_GATEWAY);
        set_api_headers(response.headers_mut(), &media_type);
        if let Some(location) = location {
            response.headers_mut().insert(LOCATION, location);
        }
        response
    }
}

/// Has a response name its place by the caller's own address, at which the connection's paths begin with this.
pub fn placed(mut response: Response<Body>, below: &str) -> Response<Body> {
    if let Some(path) = response.headers_mut().remove(LOCATION)
        && let Some(whole) = path.to_str().ok().and_then(|path| HeaderValue::from_str(&format!("{below}{path}")).ok())
    {
        response.headers_mut().insert(LOCATION, whole);
    }
    response
}

/// The headers of every reply below `/api`.
pub fn set_api_headers(headers: &mut HeaderMap, media_type: &str) {
    // As many as a reply has in the end: a map that grows is hashed anew.
    headers.reserve(16);
    if let Some(value) = HeaderValue::from_str(media_type).ok().filter(|value| !value.is_empty()) {
        headers.insert(CONTENT_TYPE, value);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}

/// When to try again where nothing tells it better, in seconds.
const RETRY_AFTER_SECONDS: u64 = 5;

/// The one place where an error becomes a response. Its trace id is filled in by the outermost layer.
pub fn problem(mut problem: Problem) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    set_api_headers(response.headers_mut(), MEDIA_TYPE);
    if matches!(
        problem.code,
        Code::UpstreamPaused
            | Code::UpstreamUnreachable
            | Code::UpstreamStandby
            | Code::JournalUnavailable
            | Code::Stopping
    ) {
        problem.retry_after.get_or_insert(RETRY_AFTER_SECONDS);
    }
    if let Some(seconds) = problem.retry_after {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    if let Some(methods) = HeaderValue::from_str(&problem.allow.join(", ")).ok().filter(|value| !value.is_empty()) {
        response.headers_mut().insert(ALLOW, methods);
    }
    response.extensions_mut().insert(Unwritten(problem));
    response
}

/// A problem that waits in a response's extensions for its trace id.
#[derive(Clone)]
pub struct Unwritten(pub Problem);

/// The service's headers that come through, unless they hold a secret.
pub fn kept_headers(redactor: &Redactor, from: &HeaderMap) -> HeaderMap {
    let keyless = |value: &&HeaderValue| value.to_str().is_ok_and(|text| redactor.text(text) == text);
    from.get(DATE).filter(keyless).map(|date| (DATE, date.clone())).into_iter().collect()
}

/// The path below the connection that a server's `Location` means: whichever host it names, and whatever it adds, only
/// the address of an operation that reads.
pub fn place(connection: &Connection, server: usize, from: &HeaderMap) -> Option<String> {
    let location: Uri = from.get(LOCATION)?.to_str().ok()?.parse().ok()?;
    // What stands before a server does not always write its own paths into it.
    let (base, path) = (connection.servers.address(server).path().trim_end_matches('/'), location.path());
    let path = path.strip_prefix(base).unwrap_or(path);
    let Routed::Found(row, _) = route(connection.system.table, &connection.system.spelling, "GET", path) else {
        return None;
    };
    (row.spec.effect == Effect::Read && connection.redactor().text(path) == path).then(|| path.to_owned())
}

/// A complete reply of a service to one of our calls, judged.
///
/// # Errors
/// The reply that says what is wrong with it.
pub fn judge(connection: &Connection, row: &Row, status: u16, body: &Bytes) -> Result<Reply, Reply> {
    let redactor = connection.redactor();
    match status {
        status if is_good(row, status) => {
            let base = connection.servers.current().path().trim_end_matches('/');
            let linked = if row.spec.tail.links { links::relative(body, base) } else { None };
            success(&redactor, row, status, linked.as_ref().unwrap_or(body))
        }
        _ => Err(failure(connection.system, &redactor, &connection.title, status, &spoken(&redactor, row, body))),
    }
}

/// What the service says of something that it does not do. It may quote what it was sent, and so the secrets among the
/// options in it.
fn spoken(redactor: &Redactor, row: &Row, body: &Bytes) -> Bytes {
    if row.spec.tail.options.is_empty() {
        return body.clone();
    }
    mask::text(&String::from_utf8_lossy(&redactor.json(body))).into()
}

/// Whether a status is that of a good reply.
pub fn is_good(row: &Row, status: u16) -> bool {
    matches!(status, 200..=299) || row.spec.tail.good.contains(&status)
}

fn success(redactor: &Redactor, row: &Row, status: u16, body: &Bytes) -> Result<Reply, Reply> {
    if body.trim_ascii().is_empty() && row.spec.tail.passing == Passing::Nothing {
        return Ok(Reply::json(status, String::new()));
    }
    let tail = &row.spec.tail;
    // Redacted before it is masked: a mask ends where a word does, and could leave the half of a key that no longer
    // looks like one.
    let masked = mask::json(&redactor.json(body), tail.free_text);
    let Some(masked) = masked.and_then(|masked| Options::json(tail.options, masked)) else {
        let mut problem = Problem::new(
            Code::UpstreamGarbled,
            "The service said that it did this, but its reply is not JSON. A page of an error or of a sign-in often looks so.",
        );
        problem.service = quote(redactor, None, status, &spoken(redactor, row, body));
        return Err(Reply::problem(problem));
    };
    let body = String::from_utf8(masked).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    Ok(Reply::json(status, body))
}

/// The reply for a status of a service that is no success.
pub fn failure(system: &System, redactor: &Redactor, title: &str, status: u16, body: &[u8]) -> Reply {
    let words = quote(redactor, (system.words)(body), status, body);
    let said = words.as_ref().map(|words| words.message.as_str()).filter(|said| !said.is_empty());
    let ours = |code, detail: String| {
        let mut problem = Problem::new(code, detail);
        problem.service = words.clone();
        Reply::problem(problem)
    };
    match status {
        401 => ours(
            Code::UpstreamRefusedCredential,
            format!("{title} refused the credentials that Howdah sent. Whoever runs Howdah must look at them."),
        ),
        300..=399 => ours(
            Code::UpstreamRedirected,
            format!("{title} answered with a redirect. Howdah follows none, because keys would go with it."),
        ),
        400..=599 if !(system.sick)(status, body) => {
            let code = if status == 403 { Code::ServiceRefused } else { Code::ServiceAnswered };
            let detail = said.map_or_else(|| format!("{title} answered {status} without a reason."), str::to_owned);
            let mut problem = Problem::new(code, detail);
            problem.status = status;
            problem.service = words.clone();
            Reply { status, body: ReplyBody::Problem(Box::new(problem), own_words(redactor, body)), location: None }
        }
        _ => ours(Code::UpstreamFailed, format!("{title} failed with status {status}.")),
    }
}

/// What the service said, for people: the sentence that was found in its body, or the body as text.
pub fn quote(redactor: &Redactor, found: Option<String>, status: u16, body: &[u8]) -> Option<ServiceWords> {
    let text = found.unwrap_or_else(|| String::from_utf8_lossy(body).into_owned());
    // Once with what is not shown, which a key may hold, and once without, where it may have cut one in two.
    let shown: String = redactor.text(&text).chars().filter(|c| !c.is_control() || *c == '\n').collect();
    // Redacted before it is cut: a cut could leave the half of a key that no longer looks like one.
    let message = redactor.text(&shown).trim().chars().take(QUOTED_LIMIT).collect();
    Some(ServiceWords { status, message })
}

fn own_words(redactor: &Redactor, body: &[u8]) -> Option<OwnWords> {
    if body.is_empty() || body.len() > OWN_WORDS_LIMIT {
        return None;
    }
    if serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok() {
        let body = String::from_utf8(redactor.json(body)).ok()?;
        return Some(OwnWords { media_type: "application/json".to_owned(), body });
    }
    let text = std::str::from_utf8(body).ok().filter(|text| !text.contains('<'))?;
    Some(OwnWords { media_type: "text/plain; charset=utf-8".to_owned(), body: redactor.text(text) })
}

#[cfg(test)]
mod tests {
    use howdah_shared::systems::yarn;

    use super::*;
    use crate::redact::Secret;

    #[track_caller]
    fn assert_quoted(secret: &str, body: &str, expected: &str) {
        let redactor = Redactor::new([Secret { value: secret.into(), short: false }]);
        assert_eq!(quote(&redactor, None, 500, body.as_bytes()).unwrap().message, expected);
        let found = quote(&redactor, Some(body.to_owned()), 500, b"{}").unwrap();
        assert_eq!(found.message, expected, "as a sentence that was found");
    }

    #[test]
    fn an_empty_body_is_a_reply_only_where_there_is_none() {
        let judged = |name: &str, body: &'static str| {
            let row = yarn::TABLE.iter().find(|row| row.spec.name == name).unwrap();
            success(&Redactor::new([]), row, 202, &Bytes::from_static(body.as_bytes()))
        };
        let empty = judged("SubmitApplication", " \n").unwrap();
        assert_eq!((empty.status, &empty.body), (202, &ReplyBody::Json(String::new())));
        assert!(empty.response(true).headers().get(CONTENT_TYPE).is_none());
        assert_eq!(judged("SubmitApplication", "{}").unwrap().body, ReplyBody::Json("{}".to_owned()));
        for (name, body) in [("SubmitApplication", "<html>"), ("ChangeApplicationState", "")] {
            assert_eq!(judged(name, body).unwrap_err().code(), Some(Code::UpstreamGarbled));
        }
    }

    #[test]
    fn a_control_character_hides_no_key() {
        assert_quoted("hunter2-hunter2", "key hunter2\u{0}-hunter2 is bad", "key *** is bad");
        assert_quoted("hunter2-hunter2", "key h\u{7f}unter2-\r\u{1b}hunter2 is\nbad", "key *** is\nbad");
        assert_quoted("hunter2\t-hunter2", "key hunter2\t-hunter2 is bad", "key *** is bad");
    }

    #[test]
    fn what_is_cut_off_leaves_no_half_of_a_key() {
        let body = format!("{}hunter2-hunter2", "x".repeat(QUOTED_LIMIT - 2));
        assert_quoted("hunter2-hunter2", &body, &format!("{}**", "x".repeat(QUOTED_LIMIT - 2)));
    }
}
