//! What a body refers to, as the service looks at it once its form is good.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::behaviour::Dialect;
use super::catalogue::{self, FLAVORS, KEY_PAIRS, Plugin};
use super::errors::Refused;
use super::forms::python;
use super::world::{Group, World, text};

/// Which of these stand there more than once, in Python's words.
fn twice<'a>(names: impl Iterator<Item = &'a str>) -> Option<String> {
    let (mut seen, mut again) = (BTreeSet::new(), BTreeSet::new());
    for name in names {
        if !seen.insert(name) {
            again.insert(name);
        }
    }
    let again: Vec<String> = again.into_iter().map(|name| format!("'{name}'")).collect();
    (!again.is_empty()).then(|| format!("[{}]", again.join(", ")))
}

fn texts<'a>(set: &'a Map<String, Value>, name: &str) -> impl Iterator<Item = &'a str> {
    set.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// Looks at the shared file systems that nodes are to mount.
fn check_shares(set: &Map<String, Value>) -> Result<(), Refused> {
    let shares = || set.get("shares").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    let paths = || shares().filter_map(|share| share.get("path")?.as_str());
    if twice(paths()).is_some() {
        return Err(Refused::data("Multiple shares cannot be mounted to the same path."));
    }
    if !paths().all(|path| path.starts_with('/') && !path.contains('\0')) {
        let sentence = "Paths must be absolute Linux paths starting with \"/\" and may not contain nulls.";
        return Err(Refused::data(sentence));
    }
    match shares().map(|share| text(share, "id")).find(|id| !catalogue::shares().iter().any(|share| share == id)) {
        Some(id) => Err(Refused::reference(format!("Requested share id {id} does not exist."))),
        None => Ok(()),
    }
}

impl World {
    /// The plugin that a body names.
    pub(super) fn check_plugin(&self, set: &Map<String, Value>) -> Result<&'static Plugin, Refused> {
        let (name, version) = (text(set, "plugin_name"), text(set, "hadoop_version"));
        if !catalogue::plugins(self.dialect).iter().any(|plugin| plugin.name == name) {
            let whose = if self.dialect == Dialect::Today { "Sahara" } else { "Savanna" };
            return Err(Refused::reference(format!("{whose} doesn't contain plugin with name '{name}'")));
        }
        let missing = || Refused::reference(format!("Requested plugin '{name}' doesn't support version '{version}'"));
        self.plugin(name, version).ok_or_else(missing)
    }

    fn check_configs(&self, plugin: &Plugin, configs: Option<&Value>) -> Result<(), Refused> {
        for (target, options) in configs.and_then(Value::as_object).into_iter().flatten() {
            if !plugin.has_target(target) {
                return Err(Refused::reference(format!("Plugin doesn't contain applicable target '{target}'")));
            }
            for name in options.as_object().into_iter().flatten().map(|(name, _)| name) {
                if !plugin.has_option(self.dialect, target, name) {
                    return Err(Refused::reference(format!(
                        "Plugin's applicable target '{target}' doesn't contain config with name '{name}'"
                    )));
                }
            }
        }
        Ok(())
    }

    fn check_processes<'a>(&self, plugin: &Plugin, names: impl Iterator<Item = &'a str>) -> Result<(), Refused> {
        let strange: Vec<Value> = names.filter(|name| !plugin.has_process(name)).map(Value::from).collect();
        if strange.is_empty() {
            return Ok(());
        }
        let strange = python(&Value::from(strange));
        Err(Refused::reference(format!("Plugin doesn't support the following node processes: {strange}")))
    }

    pub(super) fn check_image(&self, id: &str) -> Result<(), Refused> {
        let registered = self.images.iter().any(|image| image.id == id && image.username.is_some());
        let refused = || Refused::reference(format!("Requested image '{id}' is not registered"));
        registered.then_some(()).ok_or_else(refused)
    }

    /// Looks at what nodes are to be.
    pub(super) fn check_nodes(&self, plugin: &Plugin, set: &Map<String, Value>) -> Result<(), Refused> {
        self.check_configs(plugin, set.get("node_configs"))?;
        if let Some(again) = twice(texts(set, "node_processes")) {
            return Err(Refused::data(format!("Duplicates in node processes have been detected: {again}")));
        }
        self.check_processes(plugin, texts(set, "node_processes"))?;
        if let Some(flavor) = set.get("flavor_id")
            && !FLAVORS.iter().any(|(id, ..)| flavor == id)
        {
            let flavor = flavor.as_str().map_or_else(|| flavor.to_string(), str::to_owned);
            return Err(Refused::absent(self.dialect, format!("Requested flavor '{flavor}' not found")));
        }
        if !text(set, "image_id").is_empty() {
            self.check_image(text(set, "image_id"))?;
        }
        if self.dialect == Dialect::Reference {
            return Ok(());
        }
        check_shares(set)?;
        if set.get("volumes_per_node").and_then(Value::as_i64).unwrap_or_default() > 0 {
            return Err(Refused::reference("Cinder is not supported"));
        }
        let pool = text(set, "floating_ip_pool");
        if !pool.is_empty() && !catalogue::networks().iter().any(|network| network == pool) {
            return Err(Refused::absent(self.dialect, format!("Floating IP pool {pool} not found")));
        }
        Ok(())
    }

    /// Looks at what a cluster or a template of one is to be.
    pub(super) fn check_whole(&self, plugin: &Plugin, set: &Map<String, Value>) -> Result<(), Refused> {
        let image = text(set, "default_image_id");
        if !image.is_empty() {
            self.check_image(image)?;
            let (name, version) = (plugin.name, plugin.version);
            let tags = self.images.iter().find(|known| known.id == image).map_or(&[][..], |known| &known.tags);
            if [name, version].iter().any(|needed| !tags.iter().any(|tag| tag == needed)) {
                return Err(Refused::reference(format!(
                    "Tags of requested image '{image}' don't contain required tags ['{name}', '{version}']"
                )));
            }
        }
        check_shares(set)?;
        self.check_processes(plugin, texts(set, "anti_affinity"))?;
        self.check_configs(plugin, set.get("cluster_configs"))?;
        let network = text(set, "neutron_management_network");
        if self.dialect == Dialect::Today && !network.is_empty() && !catalogue::networks().iter().any(|n| n == network)
        {
            return Err(Refused::absent(self.dialect, format!("Network {network} not found")));
        }
        for group in groups(set).filter_map(Value::as_object) {
            let template = text(group, "node_group_template_id");
            if !template.is_empty() && self.group_at(template).is_err() {
                let sentence = format!("NodeGroup template with id '{template}' not found");
                return Err(Refused::absent(self.dialect, sentence));
            }
            self.check_nodes(plugin, group)?;
        }
        check_names(groups(set))
    }

    /// Looks at what only a cluster needs.
    pub(super) fn check_cluster(&self, set: &Map<String, Value>, groups: &[Group]) -> Result<(), Refused> {
        let needed = match self.dialect {
            Dialect::Today => &["default_image_id", "neutron_management_network"][..],
            Dialect::Reference => &["default_image_id"],
        };
        if let Some(name) = needed.iter().find(|name| text(set, name).is_empty()) {
            return Err(Refused::absent(self.dialect, format!("'{name}' field is not found")));
        }
        let key_pair = text(set, "user_keypair_id");
        if !key_pair.is_empty() && !KEY_PAIRS.contains(&key_pair) {
            return Err(Refused::absent(self.dialect, format!("Requested keypair '{key_pair}' not found")));
        }
        for group in groups {
            let host = format!("{}-{}-{:03}.novalocal", text(set, "name"), group.name(), group.count);
            if host.len() > 64 {
                return Err(Refused::data(format!(
                    "Composite hostname {host} in provisioned cluster exceeds maximum limit 64 characters"
                )));
            }
        }
        Ok(())
    }

    /// Looks whether there is room for machines: how many, of which flavor.
    pub(super) fn check_quota(&self, wanted: impl Iterator<Item = (i64, String)>) -> Result<(), Refused> {
        let taken: i64 = self.clusters.iter().flat_map(|cluster| &cluster.groups).map(memory).sum();
        let wanted: i64 = wanted.map(|(count, flavor)| count.max(0).saturating_mul(memory_of(&flavor))).sum();
        let left = self.room - taken;
        if wanted <= left {
            return Ok(());
        }
        let sentence = format!("Quota exceeded for RAM: Requested {wanted}, but available {left}");
        Err(Refused::own(400, "QUOTA_ERROR", sentence))
    }
}

fn memory_of(flavor: &str) -> i64 {
    FLAVORS.iter().find(|(id, ..)| *id == flavor).map_or(0, |(.., memory)| *memory)
}

/// How much memory the machines of a group have, in MiB.
pub(super) fn memory(group: &Group) -> i64 {
    group.machines * memory_of(text(&group.set, "flavor_id"))
}

/// The groups that a body has.
pub(super) fn groups(set: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    set.get("node_groups").and_then(Value::as_array).into_iter().flatten()
}

/// Looks whether groups have names of their own.
pub(super) fn check_names<'a>(groups: impl Iterator<Item = &'a Value>) -> Result<(), Refused> {
    match twice(groups.filter_map(|group| group["name"].as_str())) {
        Some(again) => Err(Refused::data(format!("Duplicates in node group names are detected: {again}"))),
        None => Ok(()),
    }
}

/// Looks at what a plugin wants of its clusters.
pub(super) fn check_topology(dialect: Dialect, plugin: &Plugin, groups: &[Group]) -> Result<(), Refused> {
    for process in plugin.single {
        let runs = groups.iter().filter(|group| texts(&group.set, "node_processes").any(|name| name == *process));
        let count: i64 = runs.map(|group| group.target.unwrap_or(group.count)).sum();
        if count != 1 {
            let sentence =
                format!("Hadoop cluster should contain 1 {process} component(s). Actual {process} count is {count}");
            let name = match dialect {
                Dialect::Reference => "NOT_SINGLE_NAME_NODE",
                Dialect::Today => "INVALID_COMPONENT_COUNT",
            };
            return Err(Refused::own(400, name, sentence));
        }
    }
    Ok(())
}
