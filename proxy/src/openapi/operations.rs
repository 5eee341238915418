//! One operation of the document.

use howdah_shared::console::ConnectionName;
use howdah_shared::door::Row;
use howdah_shared::operation::{Effect, Role, Spec};
use howdah_shared::problem::{Code, MEDIA_TYPE};
use howdah_shared::systems::System;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::problems;
use super::schemas::Schemas;
use crate::console;

/// A row, and the system whose row it is where it is not Howdah's own.
pub(super) struct Operation<'a> {
    pub(super) row: &'a Row,
    pub(super) system: Option<&'a System>,
}

impl Operation<'_> {
    /// Its path below the server's address.
    pub(super) fn path(&self) -> String {
        let path = self.row.spec.path;
        if self.system.is_some() { format!("/api/connections/{{connection}}{path}") } else { path.to_owned() }
    }

    /// Whether it is the one for those who are not signed in.
    pub(super) fn signs_in(&self) -> bool {
        self.system.is_none() && console::signs_in(&self.row.spec)
    }

    /// Whether it can be had as a stream of events.
    pub(super) fn is_watchable(&self) -> bool {
        match self.system {
            Some(_) => self.row.spec.effect == Effect::Read,
            None => console::is_watchable(&self.row.spec),
        }
    }

    fn is_journalled(&self) -> bool {
        self.system.is_some() && self.row.spec.effect != Effect::Read
    }
}

/// An operation as the document tells of it.
pub(super) fn written(operation: &Operation<'_>, schemas: &mut Schemas) -> Value {
    let (row, spec) = (operation.row, &operation.row.spec);
    let tag = operation.system.map_or("howdah", |system| system.id);
    let mut written = json!({
        "operationId": format!("{tag}-{}", spec.name),
        "tags": [tag],
        "summary": spec.doc,
        "parameters": parameters(operation, schemas),
        "responses": responses(operation, schemas),
    });
    if operation.system.is_some() || spec.role != Role::View {
        let role = format!("{:?}", spec.role).to_lowercase();
        written["description"] = json!(format!("Needs the role `{role}` on the connection."));
    }
    if let Some(schema) = schemas.body(row) {
        written["requestBody"] = json!({ "required": true, "content": { media_type(spec): { "schema": schema } } });
    }
    if operation.signs_in() {
        written["security"] = json!([]);
    }
    written
}

/// Of what type a body is.
fn media_type(spec: &Spec) -> &'static str {
    if spec.tail.text { "text/plain" } else { "application/json" }
}

fn parameters(operation: &Operation<'_>, schemas: &mut Schemas) -> Vec<Value> {
    let row = operation.row;
    let mut found = Vec::new();
    if operation.system.is_some() {
        let schema = ConnectionName::json_schema(&mut SchemaGenerator::default());
        found.push(parameter("path", "connection", true, schema.to_value()));
    }
    let path = row.spec.holes.iter().zip(schemas.path(row));
    found.extend(path.map(|(name, schema)| parameter("path", name, true, schema)));
    let query = schemas.query(row);
    let required = |name: &str| query["required"].as_array().is_some_and(|names| names.contains(&json!(name)));
    for (name, schema) in query["properties"].as_object().into_iter().flatten() {
        found.push(parameter("query", name, required(name), without_null(schema.clone())));
    }
    if let Some(header) = row.spec.tail.keeping.and_then(|keeping| keeping.header()) {
        let description = "The handle of the token, as it was given in the token's place.";
        found.push(parameter("header", header, true, json!({ "description": description, "type": "string" })));
    }
    if operation.is_journalled() {
        let description =
            "The same call under the same key is given the first one's answer, and nothing is sent again.";
        let schema = json!({
            "description": description, "type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$",
        });
        found.push(parameter("header", "Idempotency-Key", false, schema));
    }
    if operation.is_watchable() {
        let description = "Of a stream, the id of the last event that was seen.";
        found.push(parameter(
            "header",
            "Last-Event-ID",
            false,
            json!({ "description": description, "type": "string" }),
        ));
    }
    found
}

/// A query has no word for null: what is not given is left out.
fn without_null(mut schema: Value) -> Value {
    let Some(members) = schema.as_object_mut() else { return schema };
    if let Some(Value::Array(kinds)) = members.get_mut("type") {
        kinds.retain(|kind| kind != "null");
        if let [only] = kinds.as_slice() {
            let only = only.clone();
            members.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(choices)) = members.get_mut("anyOf") {
        choices.retain(|choice| choice["type"] != "null");
    }
    schema
}

/// A parameter tells itself what its schema describes.
fn parameter(place: &str, name: &str, required: bool, mut schema: Value) -> Value {
    let description = schema.as_object_mut().and_then(|members| members.remove("description"));
    let mut parameter = json!({ "name": name, "in": place, "required": required, "schema": schema });
    if let Some(description) = description {
        parameter["description"] = description;
    }
    parameter
}

fn responses(operation: &Operation<'_>, schemas: &mut Schemas) -> Map<String, Value> {
    let of_service = operation.system.is_some();
    let journalled: &[&str] = if operation.is_journalled() { &["Howdah-Request-Id", "Howdah-Journal"] } else { &[] };
    let with = |names: &[&str]| -> Map<String, Value> {
        let names = ["Howdah-Trace-Id"].iter().chain(journalled).chain(names);
        names.map(|name| ((*name).to_owned(), json!({ "$ref": format!("#/components/headers/{name}") }))).collect()
    };
    let mut content = Map::new();
    content.insert("application/json".to_owned(), json!({ "schema": schemas.reply(operation.row) }));
    if operation.is_watchable() {
        let description = "Events: `snapshot` with the whole reply, `patch` with the rows that changed and the keys of \
                           those that are gone, `fresh` when the service replied well, `problem` when it failed, and \
                           `reset` before a new `snapshot`.";
        let schema = json!({ "description": description, "type": "string" });
        content.insert("text/event-stream".to_owned(), json!({ "schema": schema }));
    }
    let description = if of_service { "What the service answered." } else { "What was asked for." };
    let mut found = Map::new();
    let good = json!({ "description": description, "headers": with(&[]), "content": content });
    found.extend(operation.row.spec.tail.good.iter().map(|status| (status.to_string(), good.clone())));
    found.insert(if of_service { "2XX" } else { "200" }.to_owned(), good);
    for (status, codes) in problems::by_status(operation) {
        let again: &[&str] = if matches!(status, 429 | 503) { &["Retry-After"] } else { &[] };
        found.insert(status.to_string(), problem(&codes, with(again)));
    }
    if of_service {
        found.insert("default".to_owned(), problem(&[Code::ServiceAnswered], with(&[])));
    }
    found
}

/// A response with a problem of one of these codes.
fn problem(codes: &[Code], headers: Map<String, Value>) -> Value {
    let listed = codes.iter().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(", ");
    let schema = json!({ "allOf": [
        { "$ref": "#/components/schemas/Problem" },
        { "type": "object", "required": ["code"], "properties": { "code": { "enum": codes } } },
    ] });
    let mut content = Map::new();
    content.insert(MEDIA_TYPE.to_owned(), json!({ "schema": schema }));
    if codes.iter().any(|code| matches!(code, Code::ServiceAnswered | Code::ServiceRefused)) {
        content.insert("application/json".to_owned(), json!({ "schema": {} }));
        content.insert("text/plain".to_owned(), json!({ "schema": { "type": "string" } }));
    }
    json!({ "description": listed, "headers": headers, "content": content })
}

/// The headers that responses have beside those of HTTP.
pub(super) fn headers() -> Value {
    let header = |description: &str, schema: Value| json!({ "description": description, "schema": schema });
    let text = || json!({ "type": "string" });
    json!({
        "Howdah-Trace-Id": header("The name of this exchange; log lines carry it too.", text()),
        "Howdah-Request-Id": header("The journal's entry of the change, where there is one.", text()),
        "Howdah-Journal": header(
            "Where the outcome could not be written down yet.",
            json!({ "type": "string", "enum": ["pending"] }),
        ),
        "Retry-After": header("In how many seconds it is worth another try.", json!({ "type": "integer" })),
    })
}
