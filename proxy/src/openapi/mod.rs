//! The OpenAPI document, made from the tables and from the schemas of their types.
//!
//! Howdah's own replies are told exactly. Those of the services are told as their references tell them, and open: what
//! a service writes beside that, or in other words, comes through as it is.

mod operations;
mod problems;
mod schemas;

use std::collections::BTreeMap;

use howdah_shared::console;
use howdah_shared::systems::SYSTEMS;
use serde_json::{Map, Value, json};

use self::operations::{Operation, written};
use self::schemas::Schemas;
use crate::access::sessions::cookie_name;
use crate::config::PublicUrl;

const ABOUT: &str = "One console and one edge proxy for Hadoop services. Below `/api/connections/{connection}` stand the \
    services' own paths; their replies are those of the services, with every key taken out. What a service refuses comes \
    with its own status: as problem details for callers that accept `application/problem+json` by name, else in the \
    service's own words.";

/// The document of everything that Howdah answers at that address, or wherever it is.
pub fn document(public: Option<&PublicUrl>) -> Value {
    let mut paths: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    let mut known = BTreeMap::new();
    let mut add = |operation: &Operation<'_>, schemas: &mut Schemas| {
        let methods = paths.entry(operation.path()).or_default();
        methods.insert(operation.row.spec.method.as_str().to_lowercase(), written(operation, schemas));
    };
    let mut schemas = Schemas::own();
    for row in console::TABLE {
        add(&Operation { row, system: None }, &mut schemas);
    }
    schemas.problem();
    known.extend(schemas.definitions());
    for system in SYSTEMS {
        let mut schemas = Schemas::of_service(system.id);
        for row in system.table {
            add(&Operation { row, system: Some(system) }, &mut schemas);
        }
        known.extend(schemas.definitions());
    }
    let server = public.map_or("/".to_owned(), |public| format!("{}{}", public.origin, public.base));
    let cookie = public.map_or("__Host-howdah", cookie_name);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Howdah",
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        // Paths begin with a slash.
        "servers": [{ "url": if server == "/" { &server } else { server.trim_end_matches('/') } }],
        "security": [{ "bearer": [] }, { "basic": [] }, { "session": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "description": "A configured token." },
                "basic": {
                    "type": "http", "scheme": "basic",
                    "description": "A configured token as the password of any user.",
                },
                "session": {
                    "type": "apiKey", "in": "cookie", "name": cookie,
                    "description": "The session of whoever signed in with a browser.",
                },
            },
            "headers": operations::headers(),
            "schemas": known,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use howdah_shared::problem::Code;

    fn operations(document: &Value) -> impl Iterator<Item = (&String, &String, &Value)> {
        let paths = document["paths"].as_object().unwrap().iter();
        paths.flat_map(|(path, methods)| methods.as_object().unwrap().iter().map(move |(m, o)| (path, m, o)))
    }

    #[test]
    fn every_row_is_in_the_document_once() {
        let rows = console::TABLE.len() + SYSTEMS.iter().map(|system| system.table.len()).sum::<usize>();
        assert_eq!(operations(&document(None)).count(), rows);
    }

    /// Two systems name types alike, and one type may be both sent and answered.
    #[test]
    fn no_name_stands_for_two_schemas() {
        let mut seen: BTreeMap<String, Value> = BTreeMap::new();
        let mut all: Vec<(Schemas, &[howdah_shared::door::Row])> = vec![(Schemas::own(), console::TABLE)];
        all.extend(SYSTEMS.iter().map(|system| (Schemas::of_service(system.id), system.table)));
        for (mut schemas, table) in all {
            for row in table {
                let _ = (schemas.body(row), schemas.reply(row), schemas.query(row));
            }
            for (name, schema) in schemas.definitions() {
                let before = seen.entry(name.clone()).or_insert_with(|| schema.clone());
                assert_eq!(*before, schema, "{name}");
            }
        }
        assert!(seen.len() > 30, "{seen:?}");
    }

    #[test]
    fn every_reference_leads_somewhere_and_every_schema_is_used() {
        let document = document(None);
        let text = document.to_string();
        let used: std::collections::BTreeSet<&str> = text
            .split("\"$ref\":\"#/components/schemas/")
            .skip(1)
            .map(|rest| rest.split_once('"').unwrap().0)
            .collect();
        let known = document["components"]["schemas"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(used, known);
    }

    #[test]
    fn the_rules_of_the_types_are_told() {
        let document = document(None);
        let schema = |name: &str, member: &str| document["components"]["schemas"][name]["properties"][member].clone();
        let nodes = schema("HadoopEcoV2InstanceSpec", "nodeCnt");
        assert_eq!((&nodes["minimum"], &nodes["maximum"]), (&json!(1), &json!(1000)), "{nodes}");
        assert_eq!(schema("HadoopEcoV1ReworkRequest", "workerVolumeSize")["minimum"], 50);
        assert_eq!(schema("Credentials", "token")["maxLength"], 1024);
        assert_eq!(document["components"]["schemas"]["Adoption"]["additionalProperties"], false);
        assert_eq!(document["components"]["schemas"]["Me"]["additionalProperties"], false);
        assert!(document["components"]["schemas"]["YarnApplication"].get("additionalProperties").is_none());
        let limit = &document["paths"]["/api/requests"]["get"]["parameters"];
        let limit = limit.as_array().unwrap().iter().find(|parameter| parameter["name"] == "limit").unwrap();
        assert_eq!((&limit["in"], &limit["schema"]["maximum"]), (&json!("query"), &json!(500)), "{limit}");
        assert_eq!(limit["schema"]["type"], "integer", "{limit}");
    }

    #[test]
    fn every_code_that_is_answered_stands_with_its_status() {
        let document = document(None);
        for code in Code::ALL.iter().filter(|code| !problems::never_of_an_operation(**code)) {
            let status = code.status().to_string();
            let found = operations(&document).any(|(_, _, operation)| {
                let schema = &operation["responses"][&status]["content"]["application/problem+json"]["schema"];
                schema["allOf"][1]["properties"]["code"]["enum"].as_array().is_some_and(|c| c.contains(&json!(code)))
            });
            assert!(found, "{code} is not told of with {status}");
        }
    }

    #[test]
    fn changes_of_a_service_take_a_key_and_lists_can_be_watched() {
        let document = document(None);
        for (path, method, operation) in operations(&document) {
            let takes = |name: &str| {
                operation["parameters"].as_array().is_some_and(|all| all.iter().any(|one| one["name"] == name))
            };
            let of_service = path.starts_with("/api/connections/");
            assert_eq!(takes("Idempotency-Key"), of_service && method != "get", "{method} {path}");
            let success = if of_service { "2XX" } else { "200" };
            let streamed = !operation["responses"][success]["content"]["text/event-stream"].is_null();
            let fixed = ["/api/me", "/api/openapi.json", "/api/watch/{picture}"].contains(&path.as_str());
            assert_eq!(streamed, method == "get" && !fixed, "{method} {path}");
            assert_eq!(takes("Last-Event-ID"), streamed, "{method} {path}");
            let signs_in = (path.as_str(), method.as_str()) == ("/api/session", "post");
            assert_eq!(operation["security"] == json!([]), signs_in, "{method} {path}");
        }
    }
}
