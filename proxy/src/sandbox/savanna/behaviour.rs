//! How the simulated Savanna behaves, as its own door `/_sandbox/behaviour` sets it: a PUT says all that is not as
//! usual, so that `{}` brings back the usual, and a GET tells what is set.
//!
//! - `dialect`: `reference` (the usual) or `today`. Each has a world of its own, as two services at one address would;
//! - `page`: how many items today's lists have at most, whatever a query asks for; no limit usually;
//! - `token_seconds`: how long a token is good that is asked for from then on, in our seconds, 3,600 usually;
//! - `fault`: how it fails, as `{"kind": …, "operation": …, "times": …}`.

use serde_json::{Value, json};

use super::super::faults::{Fault, name, named};

/// Whose members, rules and words it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Those of the reference's own versions (0.2).
    #[default]
    Reference,
    /// Those of Sahara 19.
    Today,
}

/// A way to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It never answers; nothing is done.
    Hang,
    /// It resets the connection; nothing is done.
    Reset,
    /// It does what is asked and resets the connection.
    LostReply,
    /// It does what is asked and breaks off within the reply.
    Truncated,
    /// A page of HTML with status 200; nothing is done.
    Html,
    /// Status 503 in the words of a library, as while Keystone is away. Nothing is done.
    Unavailable,
    /// Status 500 with the service's own error body, as while Glance is away. Nothing is done.
    Error,
}

const DIALECTS: &[(&str, Dialect)] = &[("reference", Dialect::Reference), ("today", Dialect::Today)];
const KINDS: &[(&str, Kind)] = &[
    ("hang", Kind::Hang),
    ("reset", Kind::Reset),
    ("lost-reply", Kind::LostReply),
    ("truncated", Kind::Truncated),
    ("html", Kind::Html),
    ("unavailable", Kind::Unavailable),
    ("error", Kind::Error),
];

/// How the service behaves.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Behaviour {
    pub(super) dialect: Dialect,
    pub(super) token_seconds: u32,
    pub(super) page: Option<usize>,
    fault: Option<Fault<Kind>>,
}

impl Default for Behaviour {
    fn default() -> Self {
        Behaviour { dialect: Dialect::default(), token_seconds: 3600, page: None, fault: None }
    }
}

impl Behaviour {
    /// Reads what is to be so.
    ///
    /// # Errors
    /// What of it is not known.
    pub(super) fn read(body: &[u8]) -> Result<Behaviour, String> {
        let document: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        let mut behaviour = Behaviour::default();
        for (name, value) in document.as_object().ok_or("an object is expected")? {
            match name.as_str() {
                "dialect" => behaviour.dialect = named(DIALECTS, value.as_str().ok_or("dialect must be text")?)?,
                "token_seconds" => {
                    let seconds = value.as_u64().and_then(|seconds| u32::try_from(seconds).ok());
                    behaviour.token_seconds = seconds.ok_or("token_seconds must be a number")?;
                }
                "page" => {
                    let most = value.as_u64().and_then(|most| usize::try_from(most).ok()).filter(|most| *most > 0);
                    behaviour.page = Some(most.ok_or("page must be a number above 0")?);
                }
                "fault" => behaviour.fault = Some(Fault::read(value, KINDS)?),
                _ => return Err(format!("there is no {name}")),
            }
        }
        Ok(behaviour)
    }

    /// What is so.
    pub(super) fn told(&self) -> Value {
        json!({
            "dialect": name(DIALECTS, self.dialect),
            "token_seconds": self.token_seconds,
            "page": self.page,
            "fault": self.fault.as_ref().map(|fault| fault.told(KINDS)),
        })
    }

    /// How it fails a call of an operation, which is then counted.
    pub(super) fn fail(&mut self, operation: &str) -> Option<Kind> {
        self.fault.as_mut()?.meet(operation)
    }
}
