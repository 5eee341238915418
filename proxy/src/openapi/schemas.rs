//! The schemas of the types of one table.

use howdah_shared::door::Row;
use howdah_shared::problem::Problem;
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{Schema, SchemaGenerator};
use serde_json::Value;

const PLACE: &str = "#/components/schemas/";

/// The schemas of the types of one table, each under its name.
pub(super) struct Schemas {
    sent: SchemaGenerator,
    answered: SchemaGenerator,
    finish: Finish,
}

impl Schemas {
    /// Those of Howdah's own table. Its replies are what we write.
    pub(super) fn own() -> Schemas {
        let finish = Finish { prefix: String::new(), exact: true };
        Schemas { sent: generator(true), answered: generator(false), finish }
    }

    /// Those of a service's table. Its replies are what we would read.
    pub(super) fn of_service(system: &str) -> Schemas {
        // `hadoop-eco-v2` stands before its names as `HadoopEcoV2`.
        let prefix = system.split('-').flat_map(|word| {
            let (first, rest) = word.split_at(usize::from(!word.is_empty()));
            [first.to_ascii_uppercase(), rest.to_owned()]
        });
        let finish = Finish { prefix: prefix.collect(), exact: false };
        Schemas { sent: generator(true), answered: generator(true), finish }
    }

    /// That of our error body.
    pub(super) fn problem(&mut self) {
        self.answered.subschema_for::<Problem>();
    }

    pub(super) fn path(&mut self, row: &Row) -> Vec<Value> {
        let schemas = (row.shapes.path)(&mut self.sent);
        schemas.into_iter().map(|schema| self.finish.finished(schema)).collect()
    }

    pub(super) fn query(&mut self, row: &Row) -> Value {
        let schema = (row.shapes.query)(&mut self.sent);
        self.finish.finished(schema)
    }

    pub(super) fn body(&mut self, row: &Row) -> Option<Value> {
        row.shapes.body.map(|body| self.finish.finished(body(&mut self.sent)))
    }

    pub(super) fn reply(&mut self, row: &Row) -> Value {
        let schema = (row.shapes.reply)(&mut self.answered);
        self.finish.finished(schema)
    }

    /// Every schema that the others refer to, by its name.
    pub(super) fn definitions(mut self) -> Vec<(String, Value)> {
        let mut found = Vec::new();
        for mut generator in [self.sent, self.answered] {
            for (name, schema) in generator.take_definitions(false) {
                let schema = Schema::try_from(schema).unwrap_or_default();
                found.push((format!("{}{name}", self.finish.prefix), self.finish.finished(schema)));
            }
        }
        found
    }
}

fn generator(reading: bool) -> SchemaGenerator {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.meta_schema = None;
        settings.definitions_path = PLACE.trim_start_matches('#').into();
    });
    if reading { settings.for_deserialize() } else { settings.for_serialize() }.into_generator()
}

/// Makes a schema of a Rust type one for callers.
struct Finish {
    /// What stands before each name.
    prefix: String,
    /// Objects have the members that are named, and no others.
    exact: bool,
}

impl Finish {
    fn finished(&mut self, mut schema: Schema) -> Value {
        self.transform(&mut schema);
        schema.to_value()
    }
}

impl Transform for Finish {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let Some(members) = schema.as_object_mut() else { return };
        // What Rust puts where nothing came in; nobody sends it.
        members.remove("default");
        if let Some(Value::String(reference)) = members.get_mut("$ref")
            && let Some(name) = reference.strip_prefix(PLACE)
        {
            *reference = format!("{PLACE}{}{name}", self.prefix);
        }
        if let Some(Value::String(text)) = members.get_mut("description") {
            // Links of Rust's documentation.
            *text = text.replace("[`", "`").replace("`]", "`");
        }
        if self.exact && members.contains_key("properties") {
            members.entry("additionalProperties").or_insert(Value::Bool(false));
        }
    }
}
