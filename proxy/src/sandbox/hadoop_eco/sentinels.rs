//! Clusters that fail on command, each in the way that its name says.
//!
//! A sentinel checks keys and bodies like any other cluster and is never busy, so that one can be run many times.
//! Where it says that a run is started, `GET /_sandbox/runs` lists it, whatever the caller was told.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, Response, StatusCode, header};
use http_body_util::Full;
use serde_json::Value;

use super::super::server::{Answer, Asked, Step};
use super::door::single;
use super::echo::Echo;
use super::lifecycle::Ending;

/// The path, below the simulator's address, to which the redirecting sentinels send.
pub(super) const REDIRECTED: &str = "/_sandbox/redirected";

macro_rules! sentinels {
    ($( $(#[doc = $doc:literal])* $variant:ident $name:literal $starts:literal; )*) => {
        /// A way to fail.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Sentinel { $( $(#[doc = $doc])* $variant, )* }

        impl Sentinel {
            /// Every one.
            pub const ALL: &[Sentinel] = &[$(Sentinel::$variant),*];

            /// The name of the cluster that fails so.
            pub const fn name(self) -> &'static str {
                match self { $(Sentinel::$variant => $name,)* }
            }

            /// Whether its POST really starts a run.
            pub const fn starts(self) -> bool {
                match self { $(Sentinel::$variant => $starts,)* }
            }
        }
    };
}

sentinels! {
    /// Answers late. The run is started at once.
    Slow "sentinel-slow" true;
    /// Never answers. The run is started.
    Hang "sentinel-hang" true;
    /// Resets the connection after the request was read. The run is started.
    Reset "sentinel-reset" true;
    /// Resets the connection before the request is read: nothing is started. (A second request on a connection is
    /// read before the reset, and starts nothing either.)
    ResetBefore "sentinel-reset-before" false;
    /// Starts the run and resets the connection; the GET works, so that the run can be adopted.
    LostReply "sentinel-lost-reply" true;
    /// Breaks off within the JSON, short of the announced length. The run is started.
    Truncated "sentinel-truncated" true;
    /// An HTML page with status 200. The run is started.
    Html "sentinel-html-200" true;
    /// A gateway's HTML page with status 502. The run is started.
    BadGateway "sentinel-html-502" true;
    /// A good reply that also holds the caller's keys, in every way of writing them. The run is started.
    Echo "sentinel-echo" true;
    /// The same as an error with status 400.
    EchoError "sentinel-echo-400" false;
    /// The same as plain text with status 500.
    EchoText "sentinel-echo-text" false;
    /// As `sentinel-echo`, in chunks of a few bytes, so that each key is cut. The run is started.
    EchoChunks "sentinel-echo-chunks" true;
    /// As `sentinel-echo`, with the keys in its headers too. The run is started.
    EchoHeaders "sentinel-echo-headers" true;
    /// The same as an HTML page with status 200. The run is started.
    EchoPage "sentinel-echo-html" true;
    /// A redirect to another host with the keys in its address, status 307.
    EchoRedirect "sentinel-echo-redirect" false;
    /// A JSON error with status 500.
    ServerError "sentinel-500" false;
    /// A redirect to another host with status 302.
    Found "sentinel-redirect-302" false;
    /// A redirect to another host with status 307, which asks for the request with its body again.
    Temporary "sentinel-redirect-307" false;
    /// Status 202 with a request id. The run is started.
    AcceptedWithId "sentinel-202" true;
    /// Status 202 without a request id, although the run is started.
    AcceptedWithoutId "sentinel-202-without-id" true;
    /// Status 200 without a request id, although the run is started.
    WithoutId "sentinel-200-without-id" true;
    /// Status 401, whatever the keys.
    Unauthorized "sentinel-401" false;
    /// Status 200 and no body. The run is started.
    Empty "sentinel-empty" true;
    /// A body without end. The run is started.
    Endless "sentinel-endless" true;
    /// Starts the run, and has never heard of it when asked.
    Forgets "sentinel-forgets" true;
    /// A run that ends with a result that no reference has.
    OddResult "sentinel-odd-result" true;
}

impl Sentinel {
    /// How its runs end.
    pub(super) const fn ending(self) -> Ending {
        match self {
            Sentinel::OddResult => Ending::Oddly,
            _ => Ending::Succeeds,
        }
    }

    /// Answers in place of `status` and `body`, what a well cluster would have said.
    pub(super) async fn answer(self, asked: &Asked, status: StatusCode, mut body: Value, slow: Duration) -> Answer {
        let change = asked.method == Method::POST;
        let echo = Echo::of(&asked.headers);
        match self {
            Sentinel::Slow => tokio::time::sleep(slow).await,
            Sentinel::Hang => return Answer::Raw(vec![Step::Hang]),
            Sentinel::Reset | Sentinel::ResetBefore => return Answer::Raw(vec![Step::Reset]),
            Sentinel::LostReply if change => return Answer::Raw(vec![Step::Reset]),
            Sentinel::Truncated => return truncated(&body),
            Sentinel::Html => return Answer::text(StatusCode::OK, "text/html", page("Sign in to continue")),
            Sentinel::BadGateway => return Answer::text(StatusCode::BAD_GATEWAY, "text/html", page("502 Bad Gateway")),
            Sentinel::Echo => return Answer::text(status, "application/json", echo.woven_into(body)),
            Sentinel::EchoChunks => return chunks(&echo.woven_into(body)),
            Sentinel::EchoError => return Answer::text(StatusCode::BAD_REQUEST, "application/json", echo.error()),
            Sentinel::EchoText => {
                return Answer::text(StatusCode::INTERNAL_SERVER_ERROR, "text/plain; charset=utf-8", echo.lines());
            }
            Sentinel::EchoHeaders => {
                let mut reply = Response::new(Full::new(Bytes::from(echo.woven_into(body))));
                *reply.headers_mut() = echo.headers();
                reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
                return Answer::Reply(Box::new(reply));
            }
            Sentinel::EchoPage => return Answer::text(StatusCode::OK, "text/html", page(&echo.lines())),
            Sentinel::EchoRedirect => {
                return redirect(asked, StatusCode::TEMPORARY_REDIRECT, &echo.query(), echo.lines());
            }
            Sentinel::ServerError => {
                let body = serde_json::json!({"code": "InternalError", "message": "Something broke. Try again later."});
                return Answer::json(StatusCode::INTERNAL_SERVER_ERROR, &body);
            }
            Sentinel::Found => return redirect(asked, StatusCode::FOUND, "", String::new()),
            Sentinel::Temporary => return redirect(asked, StatusCode::TEMPORARY_REDIRECT, "", String::new()),
            Sentinel::AcceptedWithId if change => return Answer::json(StatusCode::ACCEPTED, &body),
            Sentinel::AcceptedWithoutId if change => {
                forget_id(&mut body);
                return Answer::json(StatusCode::ACCEPTED, &body);
            }
            Sentinel::WithoutId if change => forget_id(&mut body),
            Sentinel::Unauthorized => return super::door::unauthorized("The access key has been deleted."),
            Sentinel::Empty => return Answer::Reply(Box::new(Response::new(Full::new(Bytes::new())))),
            Sentinel::Endless => return endless(),
            Sentinel::Forgets if !change => return super::door::not_found("The request was not found."),
            Sentinel::LostReply
            | Sentinel::AcceptedWithId
            | Sentinel::AcceptedWithoutId
            | Sentinel::WithoutId
            | Sentinel::Forgets
            | Sentinel::OddResult => {}
        }
        Answer::json(status, &body)
    }
}

fn page(title: &str) -> String {
    format!("<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>")
}

fn forget_id(body: &mut Value) {
    if let Some(members) = body.as_object_mut() {
        members.remove("requestId");
    }
}

fn write(text: String) -> Step {
    Step::Write(Bytes::from(text))
}

fn truncated(body: &Value) -> Answer {
    let text = body.to_string();
    let mut cut = text.len() * 2 / 3;
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", text.len());
    Answer::Raw(vec![write(head + &text[..cut])])
}

const CHUNKED: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";

fn chunks(text: &str) -> Answer {
    let mut steps = vec![write(CHUNKED.to_owned())];
    for chunk in text.as_bytes().chunks(7) {
        let mut bytes = format!("{:x}\r\n", chunk.len()).into_bytes();
        bytes.extend_from_slice(chunk);
        bytes.extend_from_slice(b"\r\n");
        steps.push(Step::Write(bytes.into()));
    }
    steps.push(write("0\r\n\r\n".to_owned()));
    Answer::Raw(steps)
}

fn endless() -> Answer {
    let filler = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
    let beginning = "10\r\n{\"clusterName\":\"\r\n";
    Answer::Raw(vec![write(format!("{CHUNKED}{beginning}")), Step::WriteForEver(filler.into())])
}

/// The same server under another name: another host to any client.
fn redirect(asked: &Asked, status: StatusCode, query: &str, body: String) -> Answer {
    let port = single(&asked.headers, "host").and_then(|host| host.rsplit_once(':')).map_or("80", |(_, port)| port);
    let mut reply = Response::new(Full::new(Bytes::from(body)));
    *reply.status_mut() = status;
    let mark = if query.is_empty() { "" } else { "?" };
    if let Ok(location) = HeaderValue::from_str(&format!("http://localhost:{port}{REDIRECTED}{mark}{query}")) {
        reply.headers_mut().insert(header::LOCATION, location);
    }
    Answer::Reply(Box::new(reply))
}
