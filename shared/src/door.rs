//! The table as the proxy uses it: what a caller sent is parsed, checked and written anew, never passed on.

use std::fmt;

use serde::Deserializer as _;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use crate::mask;
use crate::operation::{Input, Operation, Spec, Tail};
use crate::problem::{Code, FieldFault, Place};
use crate::sensitive;
use crate::shape::Shapes;

/// One row with the function that admits a call of it.
#[derive(Clone, Copy)]
pub struct Row {
    /// The row itself.
    pub spec: Spec,
    /// What its types look like in JSON.
    pub shapes: Shapes,
    admit: Admit,
}

/// Parses and checks decoded path segments, a raw query and a body.
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
    /// The body to send.
    pub body: Option<String>,
    /// The same as JSON, without the caller's own secrets: for the journal and whatever else is kept or shown.
    pub shown: Option<String>,
    /// The handle of a credential that the proxy keeps, where the row names its header.
    pub handle: Option<String>,
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
        Row { spec: O::SPEC, shapes: Shapes::of::<O>(), admit: admit::<O> }
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
    let read = if O::SPEC.tail.text { read_text::<O::Body> } else { read_body::<O::Body> };
    let (body, shown) = read(body, &O::SPEC.tail)?.unzip();
    Ok(Call { path: operation.path(), segments: segments.to_vec(), query, body, shown, handle: None })
}

fn read_query<Q: Input>(raw: &str) -> Result<String, Refusal> {
    let fault = |field: String, message: String| Refusal {
        code: Code::BadQuery,
        faults: vec![FieldFault { place: Place::Query, field, message }],
    };
    let reader = serde_html_form::Deserializer::from_bytes(raw.as_bytes());
    let query: Q = serde_path_to_error::deserialize(reader)
        .map_err(|error| fault(named(&error.path().to_string()), error.inner().to_string()))?;
    validated(&query, &Value::Null, Code::BadQuery, Place::Query)?;
    serde_html_form::to_string(&query).map_err(|error| fault(String::new(), error.to_string()))
}

/// The body as it is sent, and as it is shown.
fn read_body<B: Input>(raw: &[u8], tail: &Tail) -> Result<Option<(String, String)>, Refusal> {
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
    let written =
        || serde_json::to_value(&body).map_err(|error| fault(Code::BadBody, String::new(), error.to_string()));
    let (value, shown) = (written()?, sensitive::hidden(written)?);
    validated(&body, &value, Code::BadBody, Place::Body)?;
    let given = serde_json::from_slice(raw).map_err(|error| fault(Code::BadBody, String::new(), error.to_string()))?;
    if let Some(field) = list_for_object(&given, &value) {
        return Err(fault(Code::BadBody, field, "is a list where an object is expected".to_owned()));
    }
    let masked = mask::holds_mask(&value, tail.free_text);
    if let Some(field) = masked.or_else(|| mask::holds_masked_option(&value, tail.options)) {
        let message = "holds a masked value; leave the field out to keep what is there".to_owned();
        return Err(fault(Code::MaskedValue, field, message));
    }
    Ok(Some((value.to_string(), shown.to_string())))
}

/// A body of text, as it is sent, and as it is shown.
fn read_text<B: Input>(raw: &[u8], _: &Tail) -> Result<Option<(String, String)>, Refusal> {
    let fault = |message: String| Refusal {
        code: Code::BadBody,
        faults: vec![FieldFault { place: Place::Body, field: String::new(), message }],
    };
    let text = std::str::from_utf8(raw).map_err(|error| fault(error.to_string()))?;
    let value = Value::from(text);
    let body: B = serde_json::from_value(value.clone()).map_err(|error| fault(error.to_string()))?;
    validated(&body, &value, Code::BadBody, Place::Body)?;
    Ok(Some((text.to_owned(), Value::from(mask::text(text)).to_string())))
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

/// Checks a value by the rules of its type; `written` is how it looks in JSON, for the names in the faults.
fn validated<T: Input>(value: &T, written: &Value, code: Code, place: Place) -> Result<(), Refusal> {
    let Err(report) = value.validate() else { return Ok(()) };
    let faults = report
        .iter()
        .map(|(path, error)| {
            let path = path.to_string();
            let field = if T::NAMED_AS_WRITTEN { path } else { on_the_wire(&path, written) };
            FieldFault { place, field, message: error.message().to_string() }
        })
        .collect();
    Err(Refusal { code, faults })
}

/// The rules know a field by its name in Rust, callers by its name in JSON: that of the member with the same letters,
/// and in camel case where there is none.
fn on_the_wire(path: &str, written: &Value) -> String {
    let mut here = written;
    let mut names = Vec::new();
    for part in path.split('.') {
        let (field, indices) = part.split_at(part.find('[').unwrap_or(part.len()));
        let letters = |name: &str| name.replace(['_', '-'], "").to_lowercase();
        let mut members = here.as_object().into_iter().flat_map(|members| members.keys());
        let name = members.find(|name| letters(name) == letters(field)).cloned().unwrap_or_else(|| camel(field));
        here = &here[&name];
        for index in indices.split(['[', ']']).filter_map(|index| index.parse::<usize>().ok()) {
            here = &here[index];
        }
        names.push(name + indices);
    }
    names.join(".")
}

fn camel(field: &str) -> String {
    let mut words = field.split('_');
    let first = words.next().unwrap_or("").to_owned();
    words.fold(first, |mut name, word| {
        let mut letters = word.chars();
        name.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        name.push_str(letters.as_str());
        name
    })
}

/// `serde_path_to_error` writes the top as a dot.
fn named(path: &str) -> String {
    if path == "." { String::new() } else { path.to_owned() }
}

/// Reads the member of a JSON object at a place, names from the top with dots, as text, also where it is a number. The
/// others need not be readable.
pub fn member(body: &[u8], place: &str) -> Option<String> {
    let mut names = place.split('.');
    let top = Named(names.next()?);
    let mut found = serde_json::Deserializer::from_slice(body).deserialize_map(top).ok()??;
    for name in names {
        found = found.get_mut(name)?.take();
    }
    match found {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Takes the member of that name out of an object; of several, the last.
struct Named<'a>(&'a str);

impl<'de> Visitor<'de> for Named<'_> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(name) = map.next_key::<String>()? {
            if name == self.0 {
                found = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::systems::hadoop_eco::v2::TABLE;

    fn start(body: &str) -> Result<Call, Refusal> {
        TABLE[0].admit(&["c".to_owned()], "", body.as_bytes())
    }

    #[test]
    fn a_call_is_written_anew_and_holds_nothing_that_was_not_set() {
        let call =
            start(r#" {"instanceSpecs": [{"type": "WORKER", "nodeCnt": 6, "volumeSize": null}], "config": null} "#)
                .unwrap();
        assert_eq!(call.body.as_deref(), Some(r#"{"instanceSpecs":[{"nodeCnt":6,"type":"WORKER"}]}"#));
        assert_eq!(start("{}").unwrap().body.as_deref(), Some("{}"));
        let query = TABLE[1].admit(&["c".to_owned(), "r".to_owned()], "verbose=true", b"").unwrap();
        assert_eq!(
            (query.path.as_str(), query.query.as_str()),
            ("/v2/hadoop-eco/clusters/c/requests/r", "verbose=true")
        );
    }

    #[test]
    fn faults_are_named_as_they_are_written() {
        let named = |body: &str| start(body).unwrap_err().faults[0].field.clone();
        assert_eq!(named(r#"{"instanceSpecs":[{"type":"WORKER","nodeCnt":0}]}"#), "instanceSpecs[0].nodeCnt");
        assert_eq!(named(r#"{"config":{"hdfsReplication":501}}"#), "config.hdfsReplication");
        assert_eq!(named(r#"{"userTaskInfo":{"deployMode":"yarn"}}"#), "userTaskInfo.deployMode");
        assert_eq!(named(r#"{"workerCnt":2}"#), "workerCnt");
        assert_eq!(start("[1]").unwrap_err().code, Code::BadBody);
        assert_eq!(start("{} {}").unwrap_err().code, Code::BadBody);
        assert_eq!(start(r#"{"userTaskInfo":{"execOpts":"--token ***"}}"#).unwrap_err().code, Code::MaskedValue);
    }

    #[test]
    fn a_body_of_text_is_sent_as_it_is_and_shown_without_its_secrets() {
        use crate::systems::savanna::TABLE;
        let row = TABLE.iter().find(|row| row.spec.name == "ConvertConfig").unwrap();
        let path = ["t", "p", "1"].map(str::to_owned);
        let file = "a = \"1\"\npassword = hunter22\n";
        let call = row.admit(&path, "", file.as_bytes()).unwrap();
        assert_eq!(call.body.as_deref(), Some(file));
        assert_eq!(call.shown.as_deref(), Some(r#""a = \"1\"\npassword = ***\n""#));
        for bad in [&b""[..], b"\xff"] {
            assert_eq!(row.admit(&path, "", bad).unwrap_err().code, Code::BadBody);
        }
    }

    #[test]
    fn a_member_is_read_whatever_stands_beside_it() {
        for (body, read) in [
            (r#"{"n":1e400,"id":"a","x":"\ud800"}"#, Some("a")),
            (r#"{"id":"a","id":7}"#, Some("7")),
            (r#"{"id":""}"#, None),
            (r#"{"x":{"id":"a"}}"#, None),
            (r#"["id"]"#, None),
            (r#"{"id":"a""#, None),
        ] {
            assert_eq!(member(body.as_bytes(), "id").as_deref(), read, "{body}");
        }
        for (body, read) in [
            (r#"{"n":1e400,"x":{"id":7,"y":null}}"#, Some("7")),
            (r#"{"x":{"id":""}}"#, None),
            (r#"{"x":null}"#, None),
            (r#"{"id":"a"}"#, None),
        ] {
            assert_eq!(member(body.as_bytes(), "x.id").as_deref(), read, "{body}");
        }
    }
}
