//! The table as the proxy uses it: what a caller sent is parsed, checked and written anew, never passed on.

use serde::Deserialize;
use serde_json::Value;

use crate::mask;
use crate::operation::{Input, Operation, Spec};
use crate::problem::{Code, FieldFault, Place};

/// One row with the function that admits a call of it.
#[derive(Clone, Copy)]
pub struct Row {
    /// The row itself.
    pub spec: Spec,
    admit: Admit,
}

/// From decoded path segments, the raw query and the body.
type Admit = fn(&[String], &str, &[u8]) -> Result<Call, Refusal>;

/// A call that has passed the row's types and rules, written anew from them.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The encoded path below the service's address.
    pub path: String,
    /// The path parameters, decoded.
    pub segments: Vec<String>,
    /// The encoded query, empty where there is none.
    pub query: String,
    /// The JSON body to send.
    pub body: Option<String>,
}

/// Why a call was not admitted.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The code of the problem.
    pub code: Code,
    /// Each thing that is wrong, with its place.
    pub faults: Vec<FieldFault>,
}

impl Row {
    /// The row of an operation.
    pub const fn of<O: Operation>() -> Row {
        Row { spec: O::SPEC, admit: admit::<O> }
    }

    /// Parses and checks what a caller sent: decoded path segments, the raw query, the body.
    ///
    /// # Errors
    /// Every fault that was found; nothing has been changed.
    pub fn admit(&self, segments: &[String], query: &str, body: &[u8]) -> Result<Call, Refusal> {
        (self.admit)(segments, query, body)
    }
}

fn admit<O: Operation>(segments: &[String], query: &str, body: &[u8]) -> Result<Call, Refusal> {
    let operation = O::from_segments(segments).map_err(|(name, why)| {
        let fault = FieldFault { place: Place::Path, field: name.to_owned(), message: why.to_string() };
        Refusal { code: Code::BadPath, faults: vec![fault] }
    })?;
    let query = read_query::<O::Query>(query)?;
    let body = read_body::<O::Body>(body, O::SPEC.tail.free_text)?;
    Ok(Call { path: operation.path(), segments: segments.to_vec(), query, body })
}

fn read_query<Q: Input>(raw: &str) -> Result<String, Refusal> {
    let fault = |field: String, message: String| Refusal {
        code: Code::BadQuery,
        faults: vec![FieldFault { place: Place::Query, field, message }],
    };
    let reader = serde_html_form::Deserializer::from_bytes(raw.as_bytes());
    let query: Q = serde_path_to_error::deserialize(reader)
        .map_err(|error| fault(named(&error.path().to_string()), error.inner().to_string()))?;
    validated(&query, Code::BadQuery, Place::Query)?;
    serde_html_form::to_string(&query).map_err(|error| fault(String::new(), error.to_string()))
}

fn read_body<B: Input>(raw: &[u8], free_text: &[&str]) -> Result<Option<String>, Refusal> {
    let fault = |code, field: String, message: String| Refusal {
        code,
        faults: vec![FieldFault { place: Place::Body, field, message }],
    };
    if !B::PRESENT {
        return match raw.trim_ascii() {
            b"" | b"{}" => Ok(None),
            _ => Err(fault(Code::BadBody, String::new(), "this operation takes no body".to_owned())),
        };
    }
    let mut reader = serde_json::Deserializer::from_slice(raw);
    let body: B = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let message = error.inner().to_string();
        fault(Code::BadBody, named(&error.path().to_string()), message)
    })?;
    reader.end().map_err(|error| fault(Code::BadBody, String::new(), error.to_string()))?;
    validated(&body, Code::BadBody, Place::Body)?;
    let value = serde_json::to_value(&body).map_err(|error| fault(Code::BadBody, String::new(), error.to_string()))?;
    let given = serde_json::from_slice(raw).map_err(|error| fault(Code::BadBody, String::new(), error.to_string()))?;
    if let Some(field) = list_for_object(&given, &value) {
        return Err(fault(Code::BadBody, field, "is a list where an object is expected".to_owned()));
    }
    if let Some(field) = mask::holds_mask(&value, free_text) {
        let message = "holds a masked value; leave the field out to keep what is there".to_owned();
        return Err(fault(Code::MaskedValue, field, message));
    }
    Ok(Some(value.to_string()))
}

/// Where a list was given for what is written as an object: serde takes one for the other, by the order of the members.
fn list_for_object(given: &Value, written: &Value) -> Option<String> {
    match (given, written) {
        (Value::Array(_), Value::Object(_)) => Some(String::new()),
        (Value::Array(given), Value::Array(written)) => given
            .iter()
            .zip(written)
            .enumerate()
            .find_map(|(at, (g, w))| list_for_object(g, w).map(|below| format!("[{at}]{below}"))),
        (Value::Object(given), Value::Object(written)) => given.iter().find_map(|(name, g)| {
            let below = list_for_object(g, written.get(name)?)?;
            let dot = if below.is_empty() || below.starts_with('[') { "" } else { "." };
            Some(format!("{name}{dot}{below}"))
        }),
        _ => None,
    }
}

fn validated<T: Input>(value: &T, code: Code, place: Place) -> Result<(), Refusal> {
    let Err(report) = value.validate() else { return Ok(()) };
    let faults = report
        .iter()
        .map(|(path, error)| FieldFault { place, field: path.to_string(), message: error.message().to_string() })
        .collect();
    Err(Refusal { code, faults })
}

/// `serde_path_to_error` writes the top as a dot.
fn named(path: &str) -> String {
    if path == "." { String::new() } else { path.to_owned() }
}

/// Reads the named member of a JSON object as text, also where it is a number.
pub fn member(body: &[u8], name: &str) -> Option<String> {
    match Value::deserialize(&mut serde_json::Deserializer::from_slice(body)).ok()?.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
