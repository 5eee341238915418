//! What the types of a row look like in JSON: the schemas of the OpenAPI document, made from the very types that read
//! and write. The browser has no use for them.

/// A type whose schema is known wherever the table is the proxy's.
#[cfg(feature = "door")]
pub trait Shape: schemars::JsonSchema {}

#[cfg(feature = "door")]
impl<T: schemars::JsonSchema> Shape for T {}

/// A type whose schema is known wherever the table is the proxy's.
#[cfg(not(feature = "door"))]
pub trait Shape {}

#[cfg(not(feature = "door"))]
impl<T> Shape for T {}

#[cfg(feature = "door")]
pub use door::{Shapes, float, lists_may_be_null, pairs};

#[cfg(feature = "door")]
mod door {
    use schemars::{JsonSchema, Schema, SchemaGenerator};

    use crate::operation::{Input, Operation};

    /// The schema of a float in a reply: services that have no number for it write a word.
    pub fn float(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({"anyOf": [{"type": ["number", "null"]}, {"enum": ["NaN", "Infinity", "-Infinity"]}]})
    }

    /// The schema of a map in a reply, which is written in many forms.
    pub fn pairs(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({"type": ["object", "array", "string", "null"]})
    }

    /// Says of an object in a reply that its lists may be null: some services write that where there is nothing in them.
    pub fn lists_may_be_null(object: &mut Schema) {
        let Some(serde_json::Value::Object(members)) = object.get_mut("properties") else { return };
        for member in members.values_mut().filter(|member| member["type"] == "array") {
            member["type"] = serde_json::json!(["array", "null"]);
        }
    }

    /// The schemas of a row's types.
    #[derive(Clone, Copy)]
    pub struct Shapes {
        /// Those of the path parameters, in the order of the template.
        pub path: fn(&mut SchemaGenerator) -> Vec<Schema>,
        /// That of the query: an object with a property for each parameter.
        pub query: fn(&mut SchemaGenerator) -> Schema,
        /// That of the body, where there is one.
        pub body: Option<fn(&mut SchemaGenerator) -> Schema>,
        /// That of the reply.
        pub reply: fn(&mut SchemaGenerator) -> Schema,
    }

    impl Shapes {
        /// Those of an operation.
        pub const fn of<O: Operation>() -> Shapes {
            Shapes {
                path: O::path_schemas,
                query: O::Query::json_schema,
                body: if O::Body::PRESENT { Some(SchemaGenerator::subschema_for::<O::Body>) } else { None },
                reply: SchemaGenerator::subschema_for::<O::Reply>,
            }
        }
    }
}
