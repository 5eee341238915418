//! Clusters: started, scaled, edited, terminated.

use serde_json::{Map, Value, json};

use super::behaviour::Dialect;
use super::catalogue::Plugin;
use super::checks::{check_names, check_topology, memory};
use super::errors::Refused;
use super::forms::Form;
use super::lifecycle::Phase;
use super::replies::{over, usual_whole};
use super::templates::{check_unprotected, taken};
use super::world::{Cluster, Group, World, text};

impl World {
    pub(super) fn list_clusters(&self) -> Vec<Value> {
        self.clusters.iter().map(|cluster| self.told_cluster(cluster, false)).collect()
    }

    pub(super) fn show_cluster(&self, id: &str, events: bool) -> Result<Value, Refused> {
        let cluster = &self.clusters[self.cluster_at(id)?];
        Ok(json!({"cluster": self.told_cluster(cluster, events)}))
    }

    /// Starts one; its id. Where it is refused after it was written down, it stays there as an error.
    pub(super) fn start_cluster(&mut self, kind: &str, body: &[u8]) -> Result<String, Refused> {
        let said = Form::Cluster.read(self.dialect, kind, body)?;
        let name = text(&said, "name");
        if self.clusters.iter().any(|cluster| cluster.name() == name) {
            return Err(taken("Cluster", name));
        }
        let plugin = self.check_plugin(&said)?;
        let (mut set, mut groups) = self.of_template(&said)?;
        self.check_whole(plugin, &said)?;
        if said.get("node_groups").is_some_and(|groups| !groups.is_null()) {
            groups = self.groups_of(&said);
        }
        set.remove("node_groups");
        self.check_cluster(&set, &groups)?;
        let (id, now) = (self.id(), self.clock.now_ms());
        let refused = self.check_room(plugin, &groups).err().map(|refused| refused.marked(self.dialect));
        let phase = if refused.is_some() { Phase::Failed } else { Phase::Starting(self.clock.life()) };
        self.clusters.push(Cluster {
            id: id.clone(),
            created: now,
            updated: now,
            set,
            groups,
            phase,
            description: refused.as_ref().map_or_else(String::new, |refused| refused.message().to_owned()),
            past: Vec::new(),
            check: None,
            number: self.made(),
        });
        refused.map_or(Ok(id), Err)
    }

    fn check_room(&self, plugin: &Plugin, groups: &[Group]) -> Result<(), Refused> {
        self.check_quota(groups.iter().map(|group| (group.count, text(&group.set, "flavor_id").to_owned())))?;
        check_topology(self.dialect, plugin, groups)
    }

    /// What a body says, over what its template says, with the groups of the template.
    fn of_template(&mut self, said: &Map<String, Value>) -> Result<(Map<String, Value>, Vec<Group>), Refused> {
        let id = text(said, "cluster_template_id");
        let usual = usual_whole(self.dialect);
        if id.is_empty() {
            return Ok((over(usual, said), Vec::new()));
        }
        let at = self
            .template_at(id)
            .map_err(|_| Refused::absent(self.dialect, format!("Cluster template with id '{id}' not found")))?;
        let template = &self.templates[at];
        let mut set = over(Value::Object(over(usual, &template.set)), said);
        let configs = |from: &Map<String, Value>| from.get("cluster_configs").and_then(Value::as_object).cloned();
        let mut merged = configs(&template.set).unwrap_or_default();
        for (target, options) in configs(said).unwrap_or_default() {
            let options = options.as_object().cloned().unwrap_or_default();
            match merged.get_mut(&target).and_then(Value::as_object_mut) {
                Some(known) => known.extend(options),
                None => _ = merged.insert(target, Value::Object(options)),
            }
        }
        set.insert("cluster_configs".to_owned(), Value::Object(merged));
        let mut groups = template.groups.clone();
        for group in &mut groups {
            (group.id, group.created) = (self.id(), self.clock.now_ms());
        }
        Ok((set, groups))
    }

    pub(super) fn scale(&mut self, id: &str, kind: &str, body: &[u8]) -> Result<Value, Refused> {
        let said = Form::Scaling.read(self.dialect, kind, body)?;
        let at = self.cluster_at(id)?;
        check_unprotected(&self.clusters[at].set, "ClusterResource", id, false)?;
        let status = self.clusters[at].status(self.dialect, self.clock.life());
        if status != "Active" {
            return Err(Refused::reference(format!(
                "Cluster cannot be scaled not in 'Active' status. Cluster status: {status}"
            )));
        }
        let list = |name: &str| said.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        let (sizes, added) = (list("resize_node_groups"), list("add_node_groups"));
        check_names(sizes.iter())?;
        check_names(added.iter())?;
        let plugin = self.check_plugin(&self.clusters[at].set)?;
        let mut groups = self.clusters[at].groups.clone();
        for size in &sizes {
            let name = size["name"].as_str().unwrap_or_default();
            let missing = || Refused::reference(format!("Cluster doesn't contain node group with name '{name}'"));
            let group = groups.iter_mut().find(|group| group.name() == name).ok_or_else(missing)?;
            self.check_scalable(plugin, group)?;
            group.target = size["count"].as_i64();
        }
        for group in &added {
            let name = group["name"].as_str().unwrap_or_default();
            if groups.iter().any(|group| group.name() == name) {
                return Err(Refused::reference(format!(
                    "Can't add new nodegroup. Cluster already has nodegroup with name '{name}'"
                )));
            }
        }
        let wanted = Map::from_iter([("node_groups".to_owned(), Value::from(added))]);
        self.check_whole(plugin, &wanted)?;
        for mut group in self.groups_of(&wanted) {
            self.check_scalable(plugin, &group)?;
            (group.target, group.count) = (Some(group.count), 0);
            groups.push(group);
        }
        let change = |group: &Group| group.target.map_or(0, |target| target - group.machines);
        let flavor = |group: &Group| text(&group.set, "flavor_id").to_owned();
        if let Err(refused) = self.check_quota(groups.iter().map(|group| (change(group), flavor(group)))) {
            let refused = refused.marked(self.dialect);
            self.clusters[at].description = refused.message().to_owned();
            return Err(refused);
        }
        let (more, less) = (groups.iter().any(|group| change(group) > 0), groups.iter().any(|group| change(group) < 0));
        let (since, now) = (self.clock.life(), self.clock.now_ms());
        let cluster = &mut self.clusters[at];
        (cluster.groups, cluster.updated) = (groups, now);
        cluster.phase = Phase::Scaling { since, more, less };
        self.show_cluster(id, false)
    }

    /// Only those that work can become more or less, as the reference's own plugin has it.
    fn check_scalable(&self, plugin: &Plugin, group: &Group) -> Result<(), Refused> {
        let processes = group.set.get("node_processes").and_then(Value::as_array).into_iter().flatten();
        let works = processes.into_iter().all(|name| name == "datanode" || name == "tasktracker");
        if self.dialect == Dialect::Today || plugin.name != "vanilla" || works {
            return Ok(());
        }
        let sentence = format!("Chosen node group {} cannot be scaled", group.name());
        Err(Refused::own(400, "NODE_GROUP_CANNOT_BE_SCALED", sentence))
    }

    pub(super) fn edit_cluster(&mut self, id: &str, kind: &str, body: &[u8]) -> Result<Value, Refused> {
        let said = Form::ClusterEdit.read(self.dialect, kind, body)?;
        let (at, life, now) = (self.cluster_at(id)?, self.clock.life(), self.clock.now_ms());
        if said.contains_key("verification") {
            if said.len() > 1 {
                return Err(Refused::form("verification: it must be the only property"));
            }
            let cannot =
                |why: &str| Refused::own(400, "CANNOT_VERIFY", format!("Cannot verify cluster. Reason: {why}"));
            if self.clusters[at].status(self.dialect, life) != "Active" {
                return Err(cannot("Cluster is not active"));
            }
            if self.clusters[at].checked(life) == Some(false) {
                return Err(cannot("Cluster verification in state CHECKING"));
            }
            // It is told as it was.
            let told = self.show_cluster(id, false);
            self.clusters[at].check = Some(life);
            return told;
        }
        let lifts = said.len() == 1 && said.get("is_protected") == Some(&json!(false));
        if !lifts {
            check_unprotected(&self.clusters[at].set, "ClusterResource", id, false)?;
        }
        let cluster = &mut self.clusters[at];
        cluster.set.extend(said);
        cluster.updated = now;
        self.show_cluster(id, false)
    }

    pub(super) fn terminate(&mut self, id: &str) -> Result<(), Refused> {
        let at = self.cluster_at(id)?;
        check_unprotected(&self.clusters[at].set, "ClusterResource", id, true)?;
        let (dialect, life, now) = (self.dialect, self.clock.life(), self.clock.now_ms());
        let cluster = &mut self.clusters[at];
        if matches!(cluster.phase, Phase::Ending(_)) {
            return Ok(());
        }
        // As it is at this moment, wherever it was going.
        let shown: Vec<(i64, i64)> = cluster.groups.iter().map(|group| cluster.shown(group, dialect, life)).collect();
        for (group, shown) in cluster.groups.iter_mut().zip(shown) {
            (group.count, group.machines) = shown;
            group.target = None;
        }
        cluster.past = cluster.steps(dialect, self.clock, life);
        cluster.phase = Phase::Ending(life);
        cluster.updated = now;
        Ok(())
    }

    /// What there is at first: an image that is ready, templates, and a cluster that works.
    ///
    /// # Errors
    /// If the catalogue does not fit itself.
    pub(super) fn seed(&mut self) -> Result<(), Refused> {
        let (plugin, version) = match self.dialect {
            Dialect::Reference => ("vanilla", "1.2.1"),
            Dialect::Today => ("fake", "0.1"),
        };
        let (kind, image) = ("application/json", self.images[0].id.clone());
        let network = super::catalogue::networks()[0].clone();
        self.register(&image, kind, br#"{"username": "ubuntu", "description": "Hadoop, ready to be started"}"#)?;
        self.tag(&image, true, kind, json!({"tags": [plugin, version]}).to_string().as_bytes())?;
        let mut groups = Vec::new();
        for (name, count, processes) in
            [("master", 1, ["namenode", "jobtracker"]), ("worker", 3, ["datanode", "tasktracker"])]
        {
            let body = json!({
                "name": name, "plugin_name": plugin, "hadoop_version": version, "flavor_id": "42",
                "node_processes": processes,
            });
            let id = self.make_node_group_template(kind, body.to_string().as_bytes())?;
            groups.push(json!({"name": name, "count": count, "node_group_template_id": id}));
        }
        let mut body = json!({
            "name": "one-and-three", "plugin_name": plugin, "hadoop_version": version, "node_groups": groups,
            "neutron_management_network": network,
        });
        let template = self.make_cluster_template(kind, body.to_string().as_bytes())?;
        body["name"] = "night".into();
        body["cluster_template_id"] = template.into();
        body["default_image_id"] = image.into();
        body["user_keypair_id"] = "team".into();
        if let Some(body) = body.as_object_mut() {
            body.remove("node_groups");
        }
        self.start_cluster(kind, body.to_string().as_bytes())?;
        for cluster in &mut self.clusters {
            for group in &mut cluster.groups {
                group.machines = group.count;
            }
            (cluster.phase, cluster.check) = (Phase::Settled, Some(f64::MIN));
        }
        Ok(())
    }

    /// Makes them so many, each of ten nodes, with room for them beside what there is room for otherwise.
    pub(super) fn fill(&mut self, clusters: usize) {
        let Some(like) = self.clusters.first().cloned() else { return };
        while self.clusters.len() < clusters {
            let mut cluster = like.clone();
            (cluster.id, cluster.number) = (self.id(), self.made());
            cluster.set.insert("name".to_owned(), format!("night-{}", self.clusters.len()).into());
            for group in &mut cluster.groups {
                group.id = self.id();
                let nodes = if group.name() == "worker" { 9 } else { 1 };
                (group.count, group.machines) = (nodes, nodes);
            }
            self.room += cluster.groups.iter().map(memory).sum::<i64>();
            self.clusters.push(cluster);
        }
    }
}
