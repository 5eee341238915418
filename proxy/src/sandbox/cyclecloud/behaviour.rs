//! How the simulated CycleCloud behaves, as its own door `/_sandbox/behaviour` sets it: a PUT says all that is not as
//! usual, so that `{}` brings back the usual, and a GET tells what is set.
//!
//! - `errors`: what bodies refusals have: `json` (the usual), `empty` or `page`;
//! - `older`: whether it leaves out what only newer servers tell of a bucket;
//! - `listing`: whether it has the operation of its command line that lists clusters, which is so usually;
//! - `fault`: how it fails, as `{"kind": …, "operation": …, "times": …}`.

use serde_json::{Value, json};

use super::super::faults::{Fault, name, named};

/// What bodies refusals have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Errors {
    #[default]
    Json,
    Empty,
    Page,
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
    /// It does what is asked and answers with words that are no JSON.
    NotJson,
    /// It sends the caller to its page for signing in. Nothing is done.
    SignIn,
    /// Status 503. Nothing is done.
    Unavailable,
    /// Status 500. Nothing is done.
    Error,
}

const ERRORS: &[(&str, Errors)] = &[("json", Errors::Json), ("empty", Errors::Empty), ("page", Errors::Page)];
const KINDS: &[(&str, Kind)] = &[
    ("hang", Kind::Hang),
    ("reset", Kind::Reset),
    ("lost-reply", Kind::LostReply),
    ("truncated", Kind::Truncated),
    ("not-json", Kind::NotJson),
    ("sign-in", Kind::SignIn),
    ("unavailable", Kind::Unavailable),
    ("error", Kind::Error),
];

/// How the service behaves.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Behaviour {
    pub(super) errors: Errors,
    pub(super) older: bool,
    pub(super) listing: bool,
    fault: Option<Fault<Kind>>,
}

impl Default for Behaviour {
    fn default() -> Self {
        Behaviour { errors: Errors::default(), older: false, listing: true, fault: None }
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
            let flag = || value.as_bool().ok_or_else(|| format!("{name} must be true or false"));
            match name.as_str() {
                "errors" => behaviour.errors = named(ERRORS, value.as_str().ok_or("errors must be text")?)?,
                "older" => behaviour.older = flag()?,
                "listing" => behaviour.listing = flag()?,
                "fault" => behaviour.fault = Some(Fault::read(value, KINDS)?),
                _ => return Err(format!("there is no {name}")),
            }
        }
        Ok(behaviour)
    }

    /// What is so.
    pub(super) fn told(&self) -> Value {
        json!({
            "errors": name(ERRORS, self.errors),
            "older": self.older,
            "listing": self.listing,
            "fault": self.fault.as_ref().map(|fault| fault.told(KINDS)),
        })
    }

    /// How it fails a call of an operation, which is then counted.
    pub(super) fn fail(&mut self, operation: &str) -> Option<Kind> {
        self.fault.as_mut()?.meet(operation)
    }
}
