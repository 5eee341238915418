//! How a simulated ResourceManager behaves, as its own door `/_sandbox/behaviour` sets it: a PUT says all that is not
//! as usual, so that `{}` brings back the usual, and a GET tells what is set.
//!
//! - `dialect`: `2.x`, `3.4` (the usual) or `3.5`;
//! - `scheduler`: `capacity` (the usual), `fair` or `fifo`, for the scheduler's page;
//! - `tokens`: whether it gives delegation tokens, as one behind Kerberos does. Whom `user.name` names then counts as
//!   one whom Kerberos has named, which is so in no real cluster; who names nobody and shows no token is refused;
//! - `csrf`: whether writes of what calls itself a browser need the header `X-XSRF-Header`;
//! - `fault`: how it fails, as `{"kind": …, "operation": …, "times": …}`: which, for the operation of that name or for
//!   every one, for so many calls or until it is set anew.

use serde_json::{Value, json};

use super::super::faults::{Fault, name, named};
use super::dialect::Dialect;

/// What its scheduler is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Scheduler {
    #[default]
    Capacity,
    Fair,
    Fifo,
}

/// A way to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It stands by and knows of no active one: status 200 and a sentence.
    NoActive,
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
    /// Status 503 with the service's error body: an answer, not an outage. Nothing is done.
    Unavailable,
    /// Status 500 with an error body that has no message. Nothing is done.
    Error,
}

const SCHEDULERS: &[(&str, Scheduler)] =
    &[("capacity", Scheduler::Capacity), ("fair", Scheduler::Fair), ("fifo", Scheduler::Fifo)];
const KINDS: &[(&str, Kind)] = &[
    ("no-active", Kind::NoActive),
    ("hang", Kind::Hang),
    ("reset", Kind::Reset),
    ("lost-reply", Kind::LostReply),
    ("truncated", Kind::Truncated),
    ("html", Kind::Html),
    ("unavailable", Kind::Unavailable),
    ("error", Kind::Error),
];

/// How a ResourceManager behaves.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Behaviour {
    pub(super) dialect: Dialect,
    pub(super) scheduler: Scheduler,
    pub(super) tokens: bool,
    pub(super) csrf: bool,
    fault: Option<Fault<Kind>>,
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
            let word = || value.as_str().ok_or_else(|| format!("{name} must be text"));
            let yes = || value.as_bool().ok_or_else(|| format!("{name} must be true or false"));
            match name.as_str() {
                "dialect" => {
                    behaviour.dialect =
                        Dialect::named(word()?).ok_or_else(|| format!("there is no dialect {value}"))?;
                }
                "scheduler" => behaviour.scheduler = named(SCHEDULERS, word()?)?,
                "tokens" => behaviour.tokens = yes()?,
                "csrf" => behaviour.csrf = yes()?,
                "fault" => behaviour.fault = Some(Fault::read(value, KINDS)?),
                _ => return Err(format!("there is no {name}")),
            }
        }
        Ok(behaviour)
    }

    /// What is so.
    pub(super) fn told(&self) -> Value {
        json!({
            "dialect": self.dialect.name(),
            "scheduler": name(SCHEDULERS, self.scheduler),
            "tokens": self.tokens,
            "csrf": self.csrf,
            "fault": self.fault.as_ref().map(|fault| fault.told(KINDS)),
        })
    }

    /// How it fails a call of an operation, which is then counted.
    pub(super) fn fail(&mut self, operation: &str) -> Option<Kind> {
        self.fault.as_mut()?.meet(operation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_as_it_was_set() {
        let set = json!({
            "dialect": "3.5",
            "scheduler": "fair",
            "tokens": true,
            "csrf": true,
            "fault": {"kind": "lost-reply", "operation": "SubmitApplication", "times": 1},
        });
        let mut behaviour = Behaviour::read(set.to_string().as_bytes()).unwrap();
        assert_eq!(behaviour.told(), set);
        assert_eq!(behaviour.fail("ShowCluster"), None);
        assert_eq!(behaviour.fail("SubmitApplication"), Some(Kind::LostReply));
        assert_eq!(behaviour.fail("SubmitApplication"), None);
        assert_eq!(Behaviour::read(b"{}"), Ok(Behaviour::default()));
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for body in [
            "",
            "[]",
            r#"{"dialect": "3"}"#,
            r#"{"dialect": 3.5}"#,
            r#"{"tokens": "yes"}"#,
            r#"{"zork": 1}"#,
            r#"{"fault": {}}"#,
            r#"{"fault": {"kind": "zork"}}"#,
            r#"{"fault": {"kind": "hang", "times": "1"}}"#,
        ] {
            assert!(Behaviour::read(body.as_bytes()).is_err(), "{body}");
        }
    }
}
