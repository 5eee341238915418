//! What is refused at the door, before anything looks at a request: all that HTTP allows, or that the HTTP stack lets
//! through, and that no caller of ours needs. What is strange is where two programs read one request in two ways.
//!
//! Some things are gone when a request comes here, because the stack has dropped them. They are harmless:
//! - `Content-Length` beside `Transfer-Encoding`: the body is read by its chunks and the connection closed after the
//!   reply, so no rest of it can pass for a request;
//! - a second `Content-Length` with the same number: it says the same;
//! - a fragment in the target, and line ends without a carriage return: read as if they were written properly.

use std::borrow::Cow;

use howdah_shared::problem::{Code, Problem};
use http::header::{
    AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST, HeaderName, HeaderValue, ORIGIN,
    TRANSFER_ENCODING, UPGRADE,
};
use http::request::Parts;
use http::{HeaderMap, Method, Uri};
use percent_encoding::percent_decode_str;

/// What a request may have, and where it may go.
pub struct Allowed<'a> {
    /// Values of `Host` that are ours, with their ports where browsers write these.
    pub hosts: &'a [String],
    /// The path at which alone a connection may become a WebSocket, where there is one.
    pub socket: Option<&'a str>,
    /// Where paths begin in which a name may hold a slash, which is encoded.
    pub slashed: &'a [String],
    /// Header lines.
    pub header_lines: u32,
    /// Bytes of names and values in the headers.
    pub header_bytes: u32,
}

const METHODS: [Method; 7] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];

/// Headers that decide who asks, for what or with how long a body: two of one kind are two readings.
const SINGLE: [HeaderName; 11] = [
    HOST,
    CONTENT_LENGTH,
    TRANSFER_ENCODING,
    CONTENT_TYPE,
    AUTHORIZATION,
    COOKIE,
    ORIGIN,
    HeaderName::from_static("sec-fetch-site"),
    HeaderName::from_static("x-auth-token"),
    HeaderName::from_static("idempotency-key"),
    HeaderName::from_static("last-event-id"),
];

/// Further names that programs before or behind us trust, and that must not come in another spelling.
const TRUSTED: [&str; 9] = [
    "connection",
    "upgrade",
    "proxy-authorization",
    "credential-id",
    "credential-secret",
    "hadoop-eco-api-key",
    "forwarded",
    "x-forwarded-for",
    "x-remote-user",
];

type Check = Result<(), (Code, Cow<'static, str>)>;

/// Checks the head of a request.
///
/// # Errors
/// `bad_request`, `bad_path`, `headers_too_large` or `host_not_allowed`, with a sentence.
#[expect(clippy::result_large_err, reason = "made once for a refused request, and written at once")]
pub fn check(parts: &Parts, allowed: &Allowed<'_>) -> Result<(), Problem> {
    size(&parts.headers, allowed)
        .and_then(|()| target(&parts.method, &parts.uri))
        .and_then(|()| repeated(&parts.headers))
        .and_then(|()| host(&parts.headers, allowed.hosts))
        .and_then(|()| framing(&parts.method, &parts.headers))
        .and_then(|()| {
            connection(&parts.headers, parts.method == Method::GET && Some(parts.uri.path()) == allowed.socket)
        })
        .and_then(|()| spelling(&parts.headers))
        .and_then(|()| path(parts.uri.path(), allowed.slashed))
        .map_err(|(code, detail)| Problem::new(code, detail))
}

fn refuse(code: Code, detail: impl Into<Cow<'static, str>>) -> Check {
    Err((code, detail.into()))
}

fn size(headers: &HeaderMap, allowed: &Allowed<'_>) -> Check {
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    let (most_lines, most_bytes) = (allowed.header_lines, allowed.header_bytes);
    if headers.len() > most_lines as usize || bytes > most_bytes as usize {
        let detail = format!("The headers may have {most_lines} lines and {most_bytes} bytes.");
        return refuse(Code::HeadersTooLarge, detail);
    }
    Ok(())
}

fn target(method: &Method, uri: &Uri) -> Check {
    if !METHODS.contains(method) {
        return refuse(Code::BadRequest, "The method is not one of GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS.");
    }
    if uri.authority().is_some() || uri.scheme().is_some() || !uri.path().starts_with('/') {
        return refuse(Code::BadRequest, "The target of the request must be a path.");
    }
    if !uri.path_and_query().is_none_or(|target| target.as_str().is_ascii()) {
        return refuse(Code::BadRequest, "Characters beyond ASCII must be percent-encoded.");
    }
    Ok(())
}

fn repeated(headers: &HeaderMap) -> Check {
    if headers.len() == headers.keys_len() {
        return Ok(());
    }
    match SINGLE.iter().find(|name| headers.get_all(*name).iter().nth(1).is_some()) {
        Some(name) => refuse(Code::BadRequest, format!("The header {name} stands more than once.")),
        None => Ok(()),
    }
}

fn host(headers: &HeaderMap, hosts: &[String]) -> Check {
    let Some(host) = headers.get(HOST) else {
        return refuse(Code::BadRequest, "The header host is missing.");
    };
    if hosts.iter().any(|ours| ours.as_bytes().eq_ignore_ascii_case(host.as_bytes())) {
        return Ok(());
    }
    refuse(
        Code::HostNotAllowed,
        "Howdah does not answer to this host name; public_url in its configuration says which.",
    )
}

fn framing(method: &Method, headers: &HeaderMap) -> Check {
    let (length, encoding) = (headers.get(CONTENT_LENGTH), headers.get(TRANSFER_ENCODING));
    if length.is_some() && encoding.is_some() {
        return refuse(Code::BadRequest, "Content-length and transfer-encoding exclude each other.");
    }
    if encoding.is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"chunked")) {
        return refuse(Code::BadRequest, "The only transfer-encoding is chunked.");
    }
    let bodiless = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    if bodiless && (encoding.is_some() || length.is_some_and(|length| length != "0")) {
        return refuse(Code::BadRequest, format!("A {method} request has no body."));
    }
    Ok(())
}

fn connection(headers: &HeaderMap, is_socket: bool) -> Check {
    let upgrade = headers.get(UPGRADE).map(HeaderValue::as_bytes);
    let to_socket = is_socket && upgrade.is_some_and(|to| to.eq_ignore_ascii_case(b"websocket"));
    if (upgrade.is_some() && !to_socket) || headers.contains_key("http2-settings") {
        return refuse(Code::BadRequest, "The protocol of a connection cannot be changed.");
    }
    let known: &[&str] = if to_socket { &["upgrade", "keep-alive", ""] } else { &["close", "keep-alive", "te", ""] };
    let options = headers.get_all(CONNECTION).iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    for option in options.map(<[u8]>::trim_ascii) {
        if !known.iter().any(|known| option.eq_ignore_ascii_case(known.as_bytes())) {
            return refuse(Code::BadRequest, "The header connection may only be close or keep-alive.");
        }
    }
    Ok(())
}

/// Some programs take `X_Auth.Token` for `X-Auth-Token`.
fn spelling(headers: &HeaderMap) -> Check {
    for name in headers.keys().map(HeaderName::as_str) {
        if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            continue;
        }
        let usual = name.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        if SINGLE.iter().map(HeaderName::as_str).chain(TRUSTED).any(|known| known == usual) {
            return refuse(Code::BadRequest, format!("The header {usual} is written in another way."));
        }
    }
    Ok(())
}

/// Below the `slashed` prefixes names may hold a slash, which is encoded.
fn path(path: &str, slashed: &[String]) -> Check {
    let slashes = slashed.iter().any(|prefix| path.starts_with(prefix));
    if path.contains("//") {
        return refuse(Code::BadPath, "The path has an empty segment.");
    }
    for segment in path.split('/') {
        if !has_whole_escapes(segment) {
            return refuse(Code::BadPath, "A percent sign in the path is not followed by two hexadecimal digits.");
        }
        let Ok(value) = percent_decode_str(segment).decode_utf8() else {
            return refuse(Code::BadPath, "The path is not UTF-8.");
        };
        if value.contains(|c: char| c.is_control() || c == '\\' || (c == '/' && !slashes)) {
            return refuse(Code::BadPath, "The path has a control character or an encoded slash or backslash.");
        }
        // Some servers cut a segment at a semicolon before they look at its dots.
        if value.split('/').any(|part| matches!(part.split(';').next().map(str::trim), Some("." | ".."))) {
            return refuse(Code::BadPath, "The path has a dot segment.");
        }
    }
    Ok(())
}

fn has_whole_escapes(segment: &str) -> bool {
    let digits = |rest: &str| rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    segment.split('%').skip(1).all(digits)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use http::Request;

    use super::*;

    const HEADER_LINES: usize = 64;
    const HEADER_BYTES: usize = 16 * 1024;
    static SLASHED: LazyLock<[String; 1]> = LazyLock::new(|| ["/api/connections/cycle/".to_owned()]);

    fn allowed(hosts: &[String]) -> Allowed<'_> {
        Allowed {
            hosts,
            socket: Some("/api/watch"),
            slashed: &*SLASHED,
            header_lines: HEADER_LINES as u32,
            header_bytes: HEADER_BYTES as u32,
        }
    }

    fn judged(method: &str, target: &str, headers: &[(&str, &str)]) -> Option<Code> {
        let mut request = Request::builder().method(method).uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let parts = request.body(()).unwrap().into_parts().0;
        check(&parts, &allowed(&["localhost:8700".to_owned(), "howdah.example".to_owned()]))
            .err()
            .map(|problem| problem.code)
    }

    #[track_caller]
    fn refused(code: Code, method: &str, target: &str, headers: &[(&str, &str)]) {
        let headers = [&[("host", "localhost:8700")], headers].concat();
        assert_eq!(judged(method, target, &headers), Some(code), "{method} {target} {headers:?}");
    }

    #[track_caller]
    fn passes(method: &str, target: &str, headers: &[(&str, &str)]) {
        let headers = [&[("host", "localhost:8700")], headers].concat();
        assert_eq!(judged(method, target, &headers), None, "{method} {target} {headers:?}");
    }

    #[test]
    fn what_browsers_and_scripts_send_passes() {
        passes("GET", "/", &[("connection", "keep-alive"), ("cookie", "a=b; c=d"), ("accept", "*/*")]);
        passes("GET", "/api/requests?connection=a%20b&x=../..//", &[("content-length", "0")]);
        passes("POST", "/api/x", &[("content-length", "2"), ("content-type", "application/json")]);
        passes("POST", "/api/x", &[("transfer-encoding", "Chunked"), ("expect", "100-continue")]);
        passes("DELETE", "/api/connections/yarn/ws/v1/a..b/.../..c/%ED%95%9C%20%23%3B", &[("x_custom.name", "1")]);
        passes("OPTIONS", "/api/x", &[("origin", "https://portal.example"), ("connection", "close, TE")]);
    }

    #[test]
    fn hosts() {
        assert_eq!(judged("GET", "/", &[("host", "Howdah.Example")]), None);
        assert_eq!(judged("GET", "/", &[]), Some(Code::BadRequest));
        refused(Code::BadRequest, "GET", "/", &[("host", "localhost:8700")]);
        for other in ["evil.example", "localhost", "localhost:8701", "howdah.example.", "x@howdah.example", ""] {
            assert_eq!(judged("GET", "/", &[("host", other)]), Some(Code::HostNotAllowed), "{other}");
        }
    }

    #[test]
    fn methods_and_targets() {
        for method in ["get", "Post", "TRACE", "PROPFIND", "CONNECT"] {
            refused(Code::BadRequest, method, "/", &[]);
        }
        refused(Code::BadRequest, "CONNECT", "evil.example:443", &[]);
        refused(Code::BadRequest, "OPTIONS", "*", &[]);
        refused(Code::BadRequest, "GET", "http://localhost:8700/", &[]);
        refused(Code::BadRequest, "GET", "https://evil.example/api/requests", &[]);
        refused(Code::BadRequest, "GET", "/é", &[]);
        refused(Code::BadRequest, "GET", "/?é", &[]);
    }

    #[test]
    fn paths() {
        for bad in [
            "//",
            "/a//b",
            "/a//",
            "/..",
            "/a/./b",
            "/%2e%2E/a",
            "/.%2e",
            "/a/..;x=1/b",
            "/a%2Fb",
            "/a%2fb",
            "/a%5Cb",
            "/a%5c",
            "/%00",
            "/a%0d%0ab",
            "/%7F",
            "/%C2%85",
            "/%ff",
            "/%",
            "/a%4",
            "/%zz/",
            "/%+1",
            "/api/connections/other/a%2Fb",
            "/api/connections/cycle/a%2F..%2Fb",
            "/api/connections/cycle/a%2F.%20",
            "/api/connections/cycle/%2e%2e%2f",
            "/api/connections/cycle/a%5Cb",
        ] {
            refused(Code::BadPath, "GET", bad, &[]);
        }
        passes("GET", "/api/connections/cycle/clusters/one%20%2F%20two/nodes", &[]);
    }

    #[test]
    fn bodies() {
        refused(Code::BadRequest, "POST", "/", &[("content-length", "3"), ("transfer-encoding", "chunked")]);
        for encoding in ["gzip, chunked", "chunked, chunked", "identity", "xchunked", "chunked;q=1", ""] {
            refused(Code::BadRequest, "POST", "/", &[("transfer-encoding", encoding)]);
        }
        refused(Code::BadRequest, "POST", "/", &[("transfer-encoding", "chunked"), ("transfer-encoding", "chunked")]);
        refused(Code::BadRequest, "POST", "/", &[("content-length", "3"), ("content-length", "3")]);
        for method in ["GET", "HEAD", "OPTIONS"] {
            refused(Code::BadRequest, method, "/", &[("content-length", "3")]);
            refused(Code::BadRequest, method, "/", &[("transfer-encoding", "chunked")]);
        }
    }

    #[test]
    fn connections_and_spellings() {
        refused(Code::BadRequest, "GET", "/", &[("upgrade", "websocket"), ("connection", "upgrade")]);
        refused(Code::BadRequest, "GET", "/", &[("upgrade", "h2c"), ("http2-settings", "AAMAAABkAAQ")]);
        refused(Code::BadRequest, "GET", "/", &[("http2-settings", "AAMAAABkAAQ")]);
        refused(Code::BadRequest, "GET", "/", &[("connection", "keep-alive"), ("connection", "x-auth-token")]);
        for name in ["x_auth_token", "x.auth.token", "Credential_Id", "content_length", "x-forwarded_for", "cookie_"] {
            let expected = if name == "cookie_" { None } else { Some(Code::BadRequest) };
            let code = judged("GET", "/", &[("host", "howdah.example"), (name, "1")]);
            assert_eq!(code, expected, "{name}");
        }
        for name in ["authorization", "cookie", "x-auth-token", "idempotency-key", "origin", "sec-fetch-site"] {
            refused(Code::BadRequest, "GET", "/", &[(name, "1"), (name, "2")]);
        }
    }

    #[test]
    fn one_path_is_a_socket_and_nothing_else_is() {
        let socket = [("upgrade", "WebSocket"), ("connection", "keep-alive, Upgrade")];
        passes("GET", "/api/watch", &socket);
        passes("GET", "/api/watch?x=1", &socket);
        for (method, target) in [("POST", "/api/watch"), ("GET", "/api/watch/"), ("GET", "/api/me"), ("GET", "/")] {
            refused(Code::BadRequest, method, target, &socket);
        }
        refused(Code::BadRequest, "GET", "/api/watch", &[("upgrade", "h2c"), ("connection", "upgrade")]);
        refused(Code::BadRequest, "GET", "/api/watch", &[("connection", "upgrade")]);
        refused(Code::BadRequest, "GET", "/api/watch", &[socket[0], ("connection", "upgrade, cookie")]);
        refused(Code::BadRequest, "GET", "/api/watch", &[socket[0], socket[1], ("http2-settings", "AAMAAABkAAQ")]);
    }

    #[test]
    fn sizes() {
        let long = "x".repeat(HEADER_BYTES);
        refused(Code::HeadersTooLarge, "GET", "/", &[("x-long", &long)]);
        let half = "x".repeat(HEADER_BYTES / 2);
        refused(Code::HeadersTooLarge, "GET", "/", &[("x-a", &half), ("x-b", &half)]);
        passes("GET", "/", &[("x-a", &half)]);
        let names: Vec<String> = (0..HEADER_LINES).map(|line| format!("x-{line}")).collect();
        let mut lines: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
        refused(Code::HeadersTooLarge, "GET", "/", &lines);
        lines.pop();
        passes("GET", "/", &lines);
    }

    #[test]
    fn values_that_are_no_text_are_no_host() {
        let (mut parts, ()) = Request::new(()).into_parts();
        parts.headers.insert(HOST, HeaderValue::from_bytes(b"localhost\xff").unwrap());
        assert_eq!(check(&parts, &allowed(&["localhost".to_owned()])).unwrap_err().code, Code::HostNotAllowed);
    }
}
