//! Failing on command: how, for which operation, and how often, as a simulator's own door sets it.

use std::sync::Mutex;

use bytes::Bytes;
use http::StatusCode;
use http_body_util::BodyExt;
use serde_json::{Value, json};

use super::routes::lock;
use super::server::{Answer, Step};

/// A page that asks for a password, as something in between may send.
pub(super) const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body onload=\"alert(1)\"><form action=\"http://elsewhere.invalid/\"><input name=\"password\"></form></body></html>";

/// A failure of one of a simulator's kinds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fault<K> {
    kind: K,
    /// Only calls of this row.
    operation: Option<String>,
    /// How many calls it is still to meet.
    times: Option<u64>,
}

impl<K: Copy + PartialEq> Fault<K> {
    /// Reads `{"kind": …, "operation": …, "times": …}`.
    ///
    /// # Errors
    /// What of it is not known.
    pub(super) fn read(value: &Value, kinds: &[(&'static str, K)]) -> Result<Fault<K>, String> {
        let members = value.as_object().ok_or("fault must be an object")?;
        let kind = named(kinds, members.get("kind").and_then(Value::as_str).ok_or("a fault needs a kind")?)?;
        let mut fault = Fault { kind, operation: None, times: None };
        for (name, value) in members {
            match (name.as_str(), value) {
                ("kind", _) => {}
                ("operation", Value::String(row)) => fault.operation = Some(row.clone()),
                ("times", Value::Number(times)) => fault.times = times.as_u64(),
                _ => return Err(format!("a fault has no such {name}")),
            }
        }
        Ok(fault)
    }

    /// What is set.
    pub(super) fn told(&self, kinds: &[(&'static str, K)]) -> Value {
        json!({"kind": name(kinds, self.kind), "operation": self.operation, "times": self.times})
    }

    /// How it fails a call of an operation, which is then counted.
    pub(super) fn meet(&mut self, operation: &str) -> Option<K> {
        if self.operation.as_deref().is_some_and(|only| only != operation) || self.times == Some(0) {
            return None;
        }
        self.times = self.times.map(|times| times - 1);
        Some(self.kind)
    }
}

/// What a word stands for.
///
/// # Errors
/// Which words there are.
pub(super) fn named<T: Copy>(known: &[(&'static str, T)], word: &str) -> Result<T, String> {
    let found = known.iter().find(|(name, _)| *name == word);
    let names = || known.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    found.map(|(_, one)| *one).ok_or_else(|| format!("{word} is none of {}", names()))
}

/// The word for it.
pub(super) fn name<T: PartialEq>(known: &[(&'static str, T)], wanted: T) -> &'static str {
    known.iter().find(|(_, one)| *one == wanted).map_or("", |(name, _)| *name)
}

/// Sets how a simulator behaves, and tells it.
pub(super) fn set<B>(held: &Mutex<B>, read: Result<B, String>, told: fn(&B) -> Value) -> Answer {
    match read {
        Ok(behaviour) => {
            let told = told(&behaviour);
            *lock(held) = behaviour;
            Answer::json(StatusCode::OK, &told)
        }
        Err(why) => Answer::json(StatusCode::BAD_REQUEST, &json!({"message": why})),
    }
}

/// Breaks off within a reply, short of the announced length.
pub(super) async fn truncated(answer: Answer) -> Answer {
    let Answer::Reply(reply) = answer else { return answer };
    let (head, body) = reply.into_parts();
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let mut text = format!("HTTP/1.1 {}\r\n", head.status);
    for (name, value) in &head.headers {
        text.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap_or_default()));
    }
    text.push_str(&format!("content-length: {}\r\n\r\n", body.len() + 1));
    Answer::Raw(vec![Step::Write(Bytes::from(text)), Step::Write(body.slice(..body.len() / 2))])
}
