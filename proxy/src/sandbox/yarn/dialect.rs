//! How the versions differ in what they write, and how each refuses.
//!
//! What 3.4 and 3.5 say was seen on real servers of 3.4.2 and 3.5.0. The dialect of 2.x is put together from what is
//! known of 2.2 to 2.7 (the reference, captures of 2.4, the sources), so that it has every trap of an old server at
//! once; no single version has them all.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use serde_json::{Value, json};

use super::super::server::Answer;
use super::replies::spelled_out;

/// A family of versions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Dialect {
    V2,
    #[default]
    V3_4,
    V3_5,
}

impl Dialect {
    const ALL: [Dialect; 3] = [Dialect::V2, Dialect::V3_4, Dialect::V3_5];

    /// The dialect of that name: `2.x`, `3.4` or `3.5`.
    pub(super) fn named(name: &str) -> Option<Dialect> {
        Dialect::ALL.into_iter().find(|dialect| dialect.name() == name)
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Dialect::V2 => "2.x",
            Dialect::V3_4 => "3.4",
            Dialect::V3_5 => "3.5",
        }
    }

    /// The version that it says of itself.
    pub(super) const fn version(self) -> &'static str {
        match self {
            Dialect::V2 => "2.7.7",
            Dialect::V3_4 => "3.4.2",
            Dialect::V3_5 => "3.5.0",
        }
    }

    /// The type of a JSON reply.
    pub(super) const fn json(self) -> &'static str {
        match self {
            Dialect::V2 => "application/json",
            Dialect::V3_4 | Dialect::V3_5 => "application/json;charset=utf-8",
        }
    }

    /// What stands where a list would, if it holds nothing.
    pub(super) fn nothing(self) -> Value {
        if self == Dialect::V2 { Value::Null } else { json!({}) }
    }

    /// A list below its wrapper.
    pub(super) fn list(self, name: &str, items: Vec<Value>) -> Value {
        if items.is_empty() { self.nothing() } else { json!({name: items}) }
    }

    /// A good reply.
    pub(super) fn reply(self, body: &Value) -> Answer {
        self.document(&body.to_string())
    }

    /// A good reply that is text already.
    pub(super) fn document(self, text: &str) -> Answer {
        Answer::text(StatusCode::OK, self.json(), spelled_out(text, self))
    }

    /// What is said to a path that the service does not have.
    pub(super) fn not_found(self, path: &str) -> Answer {
        match self {
            Dialect::V2 | Dialect::V3_4 => {
                let page = "<!DOCTYPE html>\n<html><title>Sorry, got error 404</title><body><h1>Sorry, got error 404</h1>\
                            Please consult the page for cluster operators.</body></html>";
                Answer::text(StatusCode::NOT_FOUND, "text/html;charset=utf-8", page)
            }
            Dialect::V3_5 => jetty(StatusCode::NOT_FOUND, "Not Found", path),
        }
    }
}

/// An error page of the server below the service, as JSON.
pub(super) fn jetty(status: StatusCode, message: &str, path: &str) -> Answer {
    let servlet = "org.glassfish.jersey.servlet.ServletContainer-0";
    let code = status.as_str();
    Answer::json(status, &json!({"servlet": servlet, "message": message, "url": path, "status": code}))
}

/// Why something is refused.
#[derive(Debug, PartialEq)]
pub(super) enum Refused {
    /// With the service's error body.
    Remote {
        status: StatusCode,
        /// The exception's short name.
        exception: &'static str,
        message: Option<String>,
        /// The class that the versions before 3.5 put before the message.
        cause: Option<&'static str>,
    },
    /// With a sentence alone, though the reply says that it is JSON.
    Plain(StatusCode, String),
    /// The body is of a type that the service does not read.
    BodyType,
}

impl Refused {
    fn caused(status: StatusCode, exception: &'static str, message: impl Into<String>) -> Refused {
        Refused::Remote { status, exception, message: Some(message.into()), cause: Some("java.lang.Exception") }
    }

    /// 400.
    pub(super) fn bad_request(message: impl Into<String>) -> Refused {
        Refused::caused(StatusCode::BAD_REQUEST, "BadRequestException", message)
    }

    /// 404.
    pub(super) fn not_found(message: impl Into<String>) -> Refused {
        Refused::caused(StatusCode::NOT_FOUND, "NotFoundException", message)
    }

    /// 400 for an id that is none, told by its parser.
    pub(super) fn bad_id(message: impl Into<String>) -> Refused {
        let cause = Some("java.lang.IllegalArgumentException");
        let (status, message) = (StatusCode::BAD_REQUEST, Some(message.into()));
        Refused::Remote { status, exception: "BadRequestException", message, cause }
    }

    /// Any other, whose message stands as it is.
    pub(super) fn with(status: StatusCode, exception: &'static str, message: Option<String>) -> Refused {
        Refused::Remote { status, exception, message, cause: None }
    }

    /// As it is told.
    pub(super) fn answer(self, dialect: Dialect) -> Answer {
        match self {
            Refused::Remote { status, exception, message, cause } => {
                let message = message.map(|message| match cause.filter(|_| dialect != Dialect::V3_5) {
                    Some(cause) => format!("{cause}: {message}"),
                    None => message,
                });
                Answer::text(status, dialect.json(), remote_exception(exception, message).to_string())
            }
            Refused::Plain(status, sentence) => Answer::text(status, dialect.json(), sentence),
            Refused::BodyType => body_type(dialect),
        }
    }
}

/// 415 by the book. The service says 503, and the versions before 3.5 spoil the type of the reply as well.
fn body_type(dialect: Dialect) -> Answer {
    let (exception, message, kind) = match dialect {
        Dialect::V2 | Dialect::V3_4 => ("WebApplicationException", None, Some("application/json;charset=null")),
        Dialect::V3_5 => ("NotSupportedException", Some("HTTP 415 Unsupported Media Type".to_owned()), None),
    };
    let mut reply = Response::new(Full::new(Bytes::from(remote_exception(exception, message).to_string())));
    *reply.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    if let Some(kind) = kind {
        reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    Answer::Reply(Box::new(reply))
}

fn remote_exception(exception: &str, message: Option<String>) -> Value {
    let package = match exception {
        "IllegalArgumentException" | "NumberFormatException" => "java.lang",
        "UndeclaredThrowableException" => "java.lang.reflect",
        "NotAllowedException" | "NotSupportedException" | "WebApplicationException" => "javax.ws.rs",
        _ => "org.apache.hadoop.yarn.webapp",
    };
    let mut told = json!({"exception": exception, "javaClassName": format!("{package}.{exception}")});
    if let (Some(message), Some(told)) = (message, told.as_object_mut()) {
        told.insert("message".to_owned(), json!(message));
    }
    json!({"RemoteException": told})
}
