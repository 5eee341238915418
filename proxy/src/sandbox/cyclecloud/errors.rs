//! What is refused. The reference says "No Content"; clients of real servers have met JSON, pages and nothing.

use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use super::super::faults::PAGE;
use super::super::server::Answer;
use super::behaviour::Errors;

/// Why a call is refused.
#[derive(Debug)]
pub(super) struct Refused {
    status: StatusCode,
    message: String,
}

impl Refused {
    fn new(status: StatusCode, message: impl Into<String>) -> Refused {
        Refused { status, message: message.into() }
    }

    pub(super) fn bad(message: impl Into<String>) -> Refused {
        Refused::new(StatusCode::BAD_REQUEST, message)
    }

    /// Also what is wrong with a body.
    pub(super) fn conflict(message: impl Into<String>) -> Refused {
        Refused::new(StatusCode::CONFLICT, message)
    }

    pub(super) fn missing(message: impl Into<String>) -> Refused {
        Refused::new(StatusCode::NOT_FOUND, message)
    }

    pub(super) fn no_cluster(name: &str) -> Refused {
        Refused::missing(format!("Cluster {name} does not exist"))
    }

    pub(super) fn unauthorized() -> Refused {
        Refused::new(StatusCode::UNAUTHORIZED, "Authentication is required")
    }

    pub(super) fn forbidden() -> Refused {
        Refused::new(StatusCode::FORBIDDEN, "You do not have permission to do this with this cluster")
    }

    pub(super) fn other_method() -> Refused {
        Refused::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed")
    }

    pub(super) fn failed(status: StatusCode) -> Refused {
        Refused::new(status, "An internal error occurred")
    }

    pub(super) fn answer(self, errors: Errors) -> Answer {
        let mut answer = match errors {
            Errors::Json => {
                let code = self.status.as_u16();
                Answer::json(
                    self.status,
                    &json!({"Code": code, "Message": self.message, "Exception": null, "Detail": null}),
                )
            }
            Errors::Empty => Answer::text(self.status, "text/plain", ""),
            Errors::Page => Answer::text(self.status, "text/html;charset=utf-8", PAGE),
        };
        if let (Answer::Reply(reply), StatusCode::UNAUTHORIZED) = (&mut answer, self.status) {
            let value = HeaderValue::from_static("Basic realm=\"CycleServer\"");
            reply.headers_mut().insert(header::WWW_AUTHENTICATE, value);
        }
        answer
    }
}
