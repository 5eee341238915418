//! What is refused, in the shapes that the parts of a real service have: its own, its router's, that of the middleware
//! before it, and a page's.

use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::super::made_up;
use super::super::server::Answer;
use super::behaviour::Dialect;

/// Why a call is refused.
#[derive(Clone, Debug)]
pub(super) enum Refused {
    /// By the service itself.
    Own { status: u16, name: Value, message: String },
    /// By its router.
    Router(u16, &'static str),
    /// Without a good token.
    NoToken,
    /// In the words of a library that knows only pages.
    Page(StatusCode, &'static str),
}

impl Refused {
    pub(super) fn own(status: u16, name: &str, message: impl Into<String>) -> Refused {
        Refused::Own { status, name: json!(name), message: message.into() }
    }

    /// 400 for what breaks the form of a body.
    pub(super) fn form(message: impl Into<String>) -> Refused {
        Refused::own(400, "VALIDATION_ERROR", message)
    }

    /// 400 for what contradicts itself.
    pub(super) fn data(message: impl Into<String>) -> Refused {
        Refused::own(400, "INVALID_DATA", message)
    }

    /// 400 for what refers to nothing, or may not be.
    pub(super) fn reference(message: impl Into<String>) -> Refused {
        Refused::own(400, "INVALID_REFERENCE", message)
    }

    /// 400 for something that is referred to and not there; in the reference's services a bad reference as any other.
    pub(super) fn absent(dialect: Dialect, message: impl Into<String>) -> Refused {
        match dialect {
            Dialect::Today => Refused::own(400, "NOT_FOUND", message),
            Dialect::Reference => Refused::reference(message),
        }
    }

    /// 404 for the object of an id.
    pub(super) fn missing(id: &str) -> Refused {
        Refused::own(404, "NOT_FOUND", format!("Object with {{'id': '{id}'}} not found"))
    }

    pub(super) fn no_such_path() -> Refused {
        let sentence = "The requested URL was not found on the server. If you entered the URL manually please check your \
                        spelling and try again.";
        Refused::Router(404, sentence)
    }

    pub(super) fn other_tenant() -> Refused {
        Refused::Page(StatusCode::UNAUTHORIZED, "Token tenant != requested tenant")
    }

    pub(super) fn failed() -> Refused {
        Refused::own(500, "INTERNAL_SERVER_ERROR", "Internal Server Error")
    }

    /// The same with the id by which its operator finds a refusal; the reference's services have none.
    pub(super) fn marked(mut self, dialect: Dialect) -> Refused {
        if let Refused::Own { status, message, .. } = &mut self
            && *status < 500
            && dialect == Dialect::Today
            && !message.contains("\nError ID: ")
            && let Ok(id) = made_up::uuid()
        {
            message.push_str(&format!("\nError ID: {id}"));
        }
        self
    }

    /// What it says.
    pub(super) fn message(&self) -> &str {
        match self {
            Refused::Own { message, .. } => message,
            Refused::Router(_, message) | Refused::Page(_, message) => message,
            Refused::NoToken => "The request you have made requires authentication.",
        }
    }

    pub(super) fn answer(self, dialect: Dialect) -> Answer {
        let refused = self.marked(dialect);
        let message = refused.message();
        let (status, body) = match &refused {
            Refused::Own { status, name, .. } => {
                (*status, json!({"error_code": status, "error_message": message, "error_name": name}))
            }
            Refused::Router(status, _) => (*status, json!({"error": status, "error_message": message})),
            Refused::NoToken => (401, json!({"error": {"code": 401, "title": "Unauthorized", "message": message}})),
            Refused::Page(status, _) => {
                let greeting = match *status {
                    StatusCode::UNAUTHORIZED => {
                        "This server could not verify that you are authorized to access the document you requested. \
                         Either you supplied the wrong credentials (e.g., bad password), or your browser does not \
                         understand how to supply the credentials required."
                    }
                    _ => "The server is currently unavailable. Please try again at a later time.",
                };
                let message = format!("{greeting}<br /><br />\n{message}\n\n");
                let title = status.canonical_reason().unwrap_or_default();
                (status.as_u16(), json!({"message": message, "code": status.to_string(), "title": title}))
            }
        };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut answer = Answer::json(status, &body);
        if let (Answer::Reply(reply), Refused::NoToken) = (&mut answer, &refused) {
            reply.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Keystone"));
        }
        answer
    }
}
