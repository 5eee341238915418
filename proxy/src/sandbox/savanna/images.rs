//! The image registry, and the plugins.

use serde_json::{Value, json};

use super::behaviour::Dialect;
use super::catalogue::{self, Plugin};
use super::errors::Refused;
use super::forms::Form;
use super::lists::parameters;
use super::world::{World, text};

impl World {
    pub(super) fn list_images(&self, query: &str) -> Value {
        let asked = parameters(query);
        let wanted = |name: &'static str| asked.iter().filter(move |(asked, _)| asked == name).map(|(_, value)| value);
        let images = self.images.iter().filter(|image| {
            image.username.is_some()
                && wanted("tags").all(|tag| image.tags.contains(tag))
                && wanted("name").all(|name| image.name.contains(name.as_str()))
        });
        json!({"images": images.map(|image| self.told_image(image)).collect::<Vec<_>>()})
    }

    fn shown_image(&self, id: &str) -> Result<Value, Refused> {
        let image = self.images.iter().find(|image| image.id == id);
        image.map(|image| json!({"image": self.told_image(image)})).ok_or_else(|| Refused::missing(id))
    }

    pub(super) fn show_image(&self, id: &str) -> Result<Value, Refused> {
        if self.images.iter().any(|image| image.id == id && image.username.is_none()) {
            let whose = if self.dialect == Dialect::Today { "Sahara" } else { "Savanna" };
            let sentence = format!("Image {id} is not registered in {whose}");
            return Err(Refused::own(400, "IMAGE_NOT_REGISTERED", sentence));
        }
        self.shown_image(id)
    }

    pub(super) fn register(&mut self, id: &str, kind: &str, body: &[u8]) -> Result<Value, Refused> {
        let said = Form::Registration.read(self.dialect, kind, body)?;
        let now = self.clock.now_ms();
        let image = self.image(id)?;
        image.username = Some(text(&said, "username").to_owned());
        image.description = Some(text(&said, "description")).filter(|text| !text.is_empty()).map(str::to_owned);
        image.updated = now;
        self.shown_image(id)
    }

    pub(super) fn unregister(&mut self, id: &str) -> Result<(), Refused> {
        let now = self.clock.now_ms();
        let image = self.image(id)?;
        (image.username, image.description, image.updated) = (None, None, now);
        image.tags.clear();
        Ok(())
    }

    pub(super) fn tag(&mut self, id: &str, add: bool, kind: &str, body: &[u8]) -> Result<Value, Refused> {
        let said = Form::Tags.read(self.dialect, kind, body)?;
        let tags: Vec<&str> = said["tags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let now = self.clock.now_ms();
        let image = self.image(id)?;
        image.tags.retain(|tag| !tags.contains(&tag.as_str()));
        if add {
            image.tags.extend(tags.into_iter().map(str::to_owned));
        }
        image.updated = now;
        self.shown_image(id)
    }

    pub(super) fn list_plugins(&self) -> Value {
        let plugins = catalogue::plugins(self.dialect).iter().map(|plugin| self.told_plugin(plugin, false));
        json!({"plugins": plugins.collect::<Vec<_>>()})
    }

    pub(super) fn show_plugin(&self, name: &str) -> Result<Value, Refused> {
        let plugin = catalogue::plugins(self.dialect).iter().find(|plugin| plugin.name == name);
        let missing = || Refused::own(404, "NOT_FOUND", format!("Object with {{'plugin_name': '{name}'}} not found"));
        plugin.map(|plugin| json!({"plugin": self.told_plugin(plugin, false)})).ok_or_else(missing)
    }

    fn plugin_version(&self, name: &str, version: &str) -> Result<&'static Plugin, Refused> {
        let missing = || {
            let sentence = format!("Object with {{'plugin_name': '{name}', 'version': '{version}'}} not found");
            Refused::own(404, "NOT_FOUND", sentence)
        };
        self.plugin(name, version).ok_or_else(missing)
    }

    pub(super) fn show_plugin_version(&self, name: &str, version: &str) -> Result<Value, Refused> {
        let plugin = self.plugin_version(name, version)?;
        Ok(json!({"plugin": self.told_plugin(plugin, true)}))
    }

    /// Makes a template of a cluster of a file: one master, and three that work.
    pub(super) fn convert(&mut self, plugin: &str, version: &str, body: &[u8]) -> Result<Value, Refused> {
        let known = self.plugin_version(plugin, version)?;
        if !known.converts {
            return Err(Refused::reference(format!(
                "Requested plugin '{plugin}' doesn't support converting config files to cluster templates"
            )));
        }
        if body.iter().all(u8::is_ascii_whitespace) {
            return Err(Refused::data("The configuration file is empty"));
        }
        let group = |name: &str, count: u32, processes: [&str; 2]| json!({"name": name, "count": count, "flavor_id": "42", "node_processes": processes});
        let number = self.made();
        let wanted = json!({
            "name": format!("converted-{number}"), "description": "Converted Cluster Template", "plugin_name": plugin,
            "hadoop_version": version,
            "node_groups": [
                group("master", 1, ["namenode", "jobtracker"]), group("worker", 3, ["datanode", "tasktracker"]),
            ],
        });
        let id = self.make_cluster_template("application/json", wanted.to_string().as_bytes())?;
        self.show_cluster_template(&id, false)
    }
}
