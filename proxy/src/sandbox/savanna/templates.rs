//! Templates of groups of nodes and of clusters.

use serde_json::{Map, Value, json};

use super::checks::groups;
use super::errors::Refused;
use super::forms::Form;
use super::replies::{over, usual_nodes, usual_whole};
use super::world::{ClusterTemplate, Group, NodeGroupTemplate, World, text};

/// What a template has, and a group of it does not.
const ONLY_TEMPLATES: &[&str] =
    &["description", "plugin_name", "hadoop_version", "is_public", "is_protected", "node_group_template_id", "count"];

/// The refusal of a name that another one has.
pub(super) fn taken(what: &str, name: &str) -> Refused {
    Refused::own(400, "NAME_ALREADY_EXISTS", format!("{what} with name '{name}' already exists"))
}

/// Looks whether something may be changed.
pub(super) fn check_unprotected(set: &Map<String, Value>, what: &str, id: &str, ends: bool) -> Result<(), Refused> {
    if set.get("is_protected") != Some(&json!(true)) {
        return Ok(());
    }
    let (name, done) = if ends { ("DELETION_FAILED", "deleted") } else { ("UPDATE_FAILED", "updated") };
    Err(Refused::own(400, name, format!("{what} with id '{id}' could not be {done} because it's marked as protected")))
}

/// Names with commas, or that there are none.
fn listed(names: Vec<&str>) -> String {
    if names.is_empty() { "N/A".to_owned() } else { names.join(", ") }
}

impl World {
    pub(super) fn list_node_group_templates(&self) -> Vec<Value> {
        self.groups.iter().map(|template| self.told_node_group_template(template, false)).collect()
    }

    pub(super) fn show_node_group_template(&self, id: &str, made: bool) -> Result<Value, Refused> {
        let template = &self.groups[self.group_at(id)?];
        Ok(json!({"node_group_template": self.told_node_group_template(template, made)}))
    }

    pub(super) fn make_node_group_template(&mut self, kind: &str, body: &[u8]) -> Result<String, Refused> {
        let said = Form::NodeGroupTemplate.read(self.dialect, kind, body)?;
        let name = text(&said, "name");
        if self.groups.iter().any(|template| text(&template.set, "name") == name) {
            return Err(taken("NodeGroup template", name));
        }
        self.check_nodes(self.check_plugin(&said)?, &said)?;
        let mut usual = usual_nodes(self.dialect);
        if self.dialect == super::behaviour::Dialect::Today {
            usual["description"] = Value::Null;
            usual["is_public"] = false.into();
            usual["is_protected"] = false.into();
        }
        let (id, created) = (self.id(), self.clock.now_ms());
        self.groups.push(NodeGroupTemplate { id: id.clone(), created, updated: None, set: over(usual, &said) });
        Ok(id)
    }

    pub(super) fn edit_node_group_template(&mut self, id: &str, kind: &str, body: &[u8]) -> Result<Value, Refused> {
        let said = Form::NodeGroupTemplateEdit.read(self.dialect, kind, body)?;
        let at = self.group_at(id)?;
        if self.groups.iter().any(|other| other.id != id && other.set.get("name") == said.get("name")) {
            return Err(taken("NodeGroup template", text(&said, "name")));
        }
        let mut set = self.groups[at].set.clone();
        set.extend(said);
        self.check_nodes(self.check_plugin(&set)?, &set)?;
        let now = self.clock.now_ms();
        let template = &mut self.groups[at];
        (template.set, template.updated) = (set, Some(now));
        self.show_node_group_template(id, false)
    }

    pub(super) fn export_node_group_template(&self, id: &str) -> Result<Value, Refused> {
        let mut set = self.groups[self.group_at(id)?].set.clone();
        for name in ["flavor_id", "image_id", "floating_ip_pool", "security_groups"] {
            set.insert(name.to_owned(), format!("{{{name}}}").into());
        }
        Ok(json!({"node_group_template": set}))
    }

    pub(super) fn delete_node_group_template(&mut self, id: &str) -> Result<(), Refused> {
        let at = self.group_at(id)?;
        check_unprotected(&self.groups[at].set, "NodeGroupTemplate", id, true)?;
        let uses = |groups: &[Group]| groups.iter().any(|group| text(&group.set, "node_group_template_id") == id);
        let templates = self.templates.iter().filter(|template| uses(&template.groups));
        let templates: Vec<&str> = templates.map(|template| text(&template.set, "name")).collect();
        let clusters = self.clusters.iter().filter(|cluster| uses(&cluster.groups));
        let clusters: Vec<&str> = clusters.map(|cluster| cluster.name()).collect();
        if !(templates.is_empty() && clusters.is_empty()) {
            let (templates, clusters) = (listed(templates), listed(clusters));
            return Err(Refused::reference(format!(
                "Node group template {id} is in use by cluster templates: {templates}; and clusters: {clusters}"
            )));
        }
        self.groups.remove(at);
        Ok(())
    }

    /// The groups that a body describes.
    pub(super) fn groups_of(&mut self, said: &Map<String, Value>) -> Vec<Group> {
        let described: Vec<Map<String, Value>> = groups(said).filter_map(Value::as_object).cloned().collect();
        described.iter().map(|group| self.group_of(group)).collect()
    }

    /// The group that a part of a body describes, from its template where it names one.
    pub(super) fn group_of(&mut self, said: &Map<String, Value>) -> Group {
        let template = text(said, "node_group_template_id");
        let from = self.groups.iter().find(|known| known.id == template);
        let usual = from.map_or_else(|| usual_nodes(self.dialect), |from| Value::Object(from.set.clone()));
        let mut set = over(usual, said);
        set.retain(|name, _| !ONLY_TEMPLATES.contains(&name.as_str()));
        if !template.is_empty() {
            set.insert("node_group_template_id".to_owned(), template.into());
        }
        let count = said.get("count").and_then(Value::as_i64).unwrap_or_default();
        Group { id: self.id(), created: self.clock.now_ms(), set, count, machines: 0, target: None }
    }

    pub(super) fn list_cluster_templates(&self) -> Vec<Value> {
        self.templates.iter().map(|template| self.told_cluster_template(template, false)).collect()
    }

    pub(super) fn show_cluster_template(&self, id: &str, made: bool) -> Result<Value, Refused> {
        let template = &self.templates[self.template_at(id)?];
        Ok(json!({"cluster_template": self.told_cluster_template(template, made)}))
    }

    pub(super) fn make_cluster_template(&mut self, kind: &str, body: &[u8]) -> Result<String, Refused> {
        let mut said = Form::ClusterTemplate.read(self.dialect, kind, body)?;
        let name = text(&said, "name");
        if self.templates.iter().any(|template| text(&template.set, "name") == name) {
            return Err(taken("Cluster template", name));
        }
        self.check_whole(self.check_plugin(&said)?, &said)?;
        let groups = self.groups_of(&said);
        said.remove("node_groups");
        let (set, id, created) = (over(usual_whole(self.dialect), &said), self.id(), self.clock.now_ms());
        self.templates.push(ClusterTemplate { id: id.clone(), created, updated: None, set, groups });
        Ok(id)
    }

    pub(super) fn edit_cluster_template(&mut self, id: &str, kind: &str, body: &[u8]) -> Result<Value, Refused> {
        let mut said = Form::ClusterTemplateEdit.read(self.dialect, kind, body)?;
        let at = self.template_at(id)?;
        if self.templates.iter().any(|other| other.id != id && other.set.get("name") == said.get("name")) {
            return Err(taken("Cluster template", text(&said, "name")));
        }
        let mut set = self.templates[at].set.clone();
        let groups = self.groups_of(&said);
        set.extend(said.clone());
        self.check_whole(self.check_plugin(&set)?, &set)?;
        set.remove("node_groups");
        let now = self.clock.now_ms();
        let template = &mut self.templates[at];
        (template.set, template.updated) = (set, Some(now));
        if said.remove("node_groups").is_some() {
            template.groups = groups;
        }
        self.show_cluster_template(id, false)
    }

    pub(super) fn export_cluster_template(&self, id: &str) -> Result<Value, Refused> {
        let mut set = self.templates[self.template_at(id)?].set.clone();
        for name in ["default_image_id", "node_groups"] {
            set.insert(name.to_owned(), format!("{{{name}}}").into());
        }
        Ok(json!({"cluster_template": set}))
    }

    pub(super) fn delete_cluster_template(&mut self, id: &str) -> Result<(), Refused> {
        let at = self.template_at(id)?;
        check_unprotected(&self.templates[at].set, "ClusterTemplate", id, true)?;
        let uses = self.clusters.iter().filter(|cluster| text(&cluster.set, "cluster_template_id") == id);
        let uses: Vec<&str> = uses.map(|cluster| cluster.name()).collect();
        if !uses.is_empty() {
            return Err(Refused::reference(format!("Cluster template {id} in use by {}", uses.join(", "))));
        }
        self.templates.remove(at);
        Ok(())
    }
}
