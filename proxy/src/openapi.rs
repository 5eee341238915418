//! The OpenAPI document, made from the tables.

use std::collections::BTreeMap;

use howdah_shared::console;
use howdah_shared::operation::{Effect, Spec};
use howdah_shared::problem::{Code, MEDIA_TYPE};
use howdah_shared::systems::SYSTEMS;
use serde_json::{Map, Value, json};

/// The document of everything that Howdah answers.
pub fn document() -> Value {
    let mut paths: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for row in console::TABLE {
        add(&mut paths, row.spec.path.to_owned(), "howdah", &row.spec, &[]);
    }
    for system in SYSTEMS {
        for row in system.table {
            let path = format!("/api/connections/{{connection}}{}", row.spec.path);
            add(&mut paths, path, system.id, &row.spec, &["connection"]);
        }
    }
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Howdah",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "One console and one edge proxy for Hadoop services.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "security": [{ "bearer": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer" } },
            "schemas": {
                "Problem": {
                    "type": "object",
                    "required": ["code", "status", "title", "detail"],
                    "properties": {
                        "code": { "type": "string", "enum": codes },
                        "status": { "type": "integer" },
                        "title": { "type": "string" },
                        "detail": { "type": "string" },
                        "reason": { "type": "string", "enum": codes },
                        "traceId": { "type": "string" },
                        "requestId": { "type": "string" },
                        "allow": { "type": "array", "items": { "type": "string" } },
                        "retryAfter": { "type": "integer", "description": "seconds" },
                        "errors": { "type": "array", "items": { "type": "object" } },
                        "service": { "type": "object" },
                    },
                },
            },
        },
    })
}

fn add(paths: &mut BTreeMap<String, Map<String, Value>>, path: String, tag: &str, spec: &Spec, before: &[&str]) {
    let parameter =
        |name: &&str| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
    let mut parameters: Vec<Value> = before.iter().chain(spec.holes).map(parameter).collect();
    if spec.effect != Effect::Read {
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header",
            "description": "The same key with the same call again gets the recorded outcome.",
            "schema": { "type": "string", "maxLength": 128 },
        }));
    }
    let operation = json!({
        "operationId": format!("{}-{}", tag, spec.name),
        "tags": [tag],
        "summary": spec.doc,
        "description": format!("Needs the role {}.", format!("{:?}", spec.role).to_lowercase()),
        "parameters": parameters,
        "responses": {
            "2XX": { "description": "What the service answered.", "content": { "application/json": {} } },
            "default": {
                "description": "A problem.",
                "content": { MEDIA_TYPE: { "schema": { "$ref": "#/components/schemas/Problem" } } },
            },
        },
    });
    paths.entry(path).or_default().insert(spec.method.as_str().to_lowercase(), operation);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_in_the_document_once() {
        let document = document();
        let paths = document["paths"].as_object().unwrap();
        let listed: usize = paths.values().map(|path| path.as_object().unwrap().len()).sum();
        let rows = console::TABLE.len() + SYSTEMS.iter().map(|system| system.table.len()).sum::<usize>();
        assert_eq!(listed, rows);
    }
}
