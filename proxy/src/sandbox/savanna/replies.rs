//! What the service tells, in both dialects: nulls and many members today, no nulls and few of them in the reference.

use serde_json::{Map, Value, json};

use super::super::made_up;
use super::super::times::time;
use super::behaviour::Dialect;
use super::catalogue::Plugin;
use super::lifecycle::{Phase, Step};
use super::world::{Cluster, ClusterTemplate, Group, Image, NodeGroupTemplate, World, text};

/// What the nodes of a group are unless a body says otherwise.
pub(super) fn usual_nodes(dialect: Dialect) -> Value {
    match dialect {
        Dialect::Reference => json!({
            "node_configs": {}, "volumes_per_node": 0, "volumes_size": 10, "volume_mount_prefix": "/volumes/disk",
        }),
        Dialect::Today => json!({
            "image_id": null, "node_configs": {}, "volumes_per_node": 0, "volumes_size": 0,
            "volumes_availability_zone": null, "volume_mount_prefix": "/volumes/disk", "volume_type": null,
            "boot_from_volume": false, "boot_volume_type": null, "boot_volume_availability_zone": null,
            "boot_volume_local_to_instance": false, "floating_ip_pool": null, "security_groups": null,
            "auto_security_group": false, "availability_zone": null, "is_proxy_gateway": false,
            "volume_local_to_instance": false, "shares": null, "use_autoconfig": true,
        }),
    }
}

/// What a cluster or a template of one is unless a body says otherwise.
pub(super) fn usual_whole(dialect: Dialect) -> Value {
    match dialect {
        Dialect::Reference => json!({"cluster_configs": {}, "anti_affinity": []}),
        Dialect::Today => json!({
            "description": null, "cluster_configs": {}, "default_image_id": null, "anti_affinity": [],
            "neutron_management_network": null, "use_autoconfig": true, "shares": null, "is_public": false,
            "is_protected": false, "domain_name": null,
        }),
    }
}

/// What a body says, over what is usual.
pub(super) fn over(usual: Value, said: &Map<String, Value>) -> Map<String, Value> {
    let mut whole = match usual {
        Value::Object(usual) => usual,
        _ => Map::new(),
    };
    for (name, value) in said {
        // A null stands for what is usual.
        if !value.is_null() {
            whole.insert(name.clone(), value.clone());
        }
    }
    whole
}

fn add(to: &mut Map<String, Value>, more: Value) {
    if let Value::Object(more) = more {
        to.extend(more);
    }
}

/// Options with every service of the plugin, as the reference shows them.
fn filled(plugin: Option<&Plugin>, set: &mut Map<String, Value>, name: &str) {
    let mut whole = plugin.map(|plugin| plugin.no_options(name == "cluster_configs")).unwrap_or_default();
    if let Some(Value::Object(said)) = set.get(name) {
        whole.extend(said.clone());
    }
    set.insert(name.to_owned(), Value::Object(whole));
}

impl World {
    fn plugin_of(&self, set: &Map<String, Value>) -> Option<&'static Plugin> {
        self.plugin(text(set, "plugin_name"), text(set, "hadoop_version"))
    }

    /// A template of a group of nodes; `made` where it is told to who has just made it.
    pub(super) fn told_node_group_template(&self, template: &NodeGroupTemplate, made: bool) -> Value {
        let mut told = template.set.clone();
        add(&mut told, json!({"id": template.id}));
        match self.dialect {
            Dialect::Reference if made => {}
            Dialect::Reference => {
                filled(self.plugin_of(&template.set), &mut told, "node_configs");
                told.entry("description").or_insert(json!(""));
            }
            Dialect::Today => {
                add(
                    &mut told,
                    json!({
                        "tenant_id": self.tenant, "is_default": false, "created_at": time(template.created),
                        "updated_at": template.updated.map(time),
                    }),
                );
                if made {
                    told.retain(|name, value| {
                        !value.is_null()
                            || !matches!(name.as_str(), "updated_at" | "description" | "image_id" | "shares")
                    });
                }
            }
        }
        Value::Object(told)
    }

    fn told_group(&self, group: &Group, count: i64, plugin: Option<&Plugin>) -> Map<String, Value> {
        let mut told = group.set.clone();
        add(&mut told, json!({"count": count}));
        match self.dialect {
            Dialect::Reference if text(&group.set, "node_group_template_id").is_empty() => {}
            Dialect::Reference => filled(plugin, &mut told, "node_configs"),
            Dialect::Today => {
                let template = group.set.get("node_group_template_id").cloned().unwrap_or(Value::Null);
                add(
                    &mut told,
                    json!({
                        "id": group.id, "created_at": time(group.created), "updated_at": null,
                        "node_group_template_id": template,
                    }),
                );
            }
        }
        told
    }

    /// A template of a cluster.
    pub(super) fn told_cluster_template(&self, template: &ClusterTemplate, made: bool) -> Value {
        let plugin = self.plugin_of(&template.set);
        let groups = template.groups.iter().map(|group| Value::Object(self.told_group(group, group.count, plugin)));
        let mut told = template.set.clone();
        add(&mut told, json!({"id": template.id, "node_groups": groups.collect::<Vec<_>>()}));
        match self.dialect {
            Dialect::Reference if made => {}
            Dialect::Reference => {
                filled(plugin, &mut told, "cluster_configs");
                told.entry("description").or_insert(json!(""));
            }
            Dialect::Today => add(
                &mut told,
                json!({
                    "tenant_id": self.tenant, "is_default": false, "created_at": time(template.created),
                    "updated_at": template.updated.map(time),
                }),
            ),
        }
        Value::Object(told)
    }

    /// A cluster, with what happened in its steps where that is wanted.
    pub(super) fn told_cluster(&self, cluster: &Cluster, events: bool) -> Value {
        let (dialect, now) = (self.dialect, self.clock.life());
        let plugin = self.plugin_of(&cluster.set);
        let groups = cluster.groups.iter().enumerate().map(|(at, group)| {
            let (count, machines) = cluster.shown(group, dialect, now);
            let mut told = self.told_group(group, count, plugin);
            let machines = (0..machines).map(|machine| self.told_machine(cluster, at, machine));
            add(&mut told, json!({"instances": machines.collect::<Vec<_>>()}));
            if dialect == Dialect::Reference {
                filled(plugin, &mut told, "node_configs");
                add(&mut told, json!({"created": time(group.created), "updated": time(cluster.updated)}));
            } else if !cluster.untouched(dialect, now) {
                add(&mut told, json!({"updated_at": time(cluster.updated)}));
            }
            Value::Object(told)
        });
        let groups: Vec<Value> = groups.collect();
        let status = cluster.status(dialect, now);
        let mut told = cluster.set.clone();
        add(
            &mut told,
            json!({"id": cluster.id, "status": status, "info": self.told_links(cluster), "node_groups": groups}),
        );
        if dialect == Dialect::Reference {
            filled(plugin, &mut told, "cluster_configs");
            return Value::Object(told);
        }
        let trust = made_up::uuid_of(&format!("{} trust", cluster.id)).replace('-', "");
        let trust = (!cluster.untouched(dialect, now)).then_some(trust);
        let steps = cluster.steps(dialect, self.clock, now);
        let steps: Vec<Value> = steps.iter().map(|step| self.told_step(cluster, step, events)).collect();
        add(
            &mut told,
            json!({
                "tenant_id": self.tenant, "created_at": time(cluster.created), "updated_at": time(cluster.updated),
                "trust_id": trust, "anti_affinity_ratio": 1, "status_description": cluster.description,
                "management_public_key": "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ Generated-by-Sahara\n",
                "provision_progress": steps,
            }),
        );
        for name in ["cluster_template_id", "user_keypair_id"] {
            told.entry(name).or_insert(Value::Null);
        }
        told.entry("is_transient").or_insert(json!(false));
        if let Some(ended) = cluster.checked(now) {
            told.insert("verification".to_owned(), self.told_check(cluster, ended));
        }
        Value::Object(told)
    }

    fn told_machine(&self, cluster: &Cluster, at: usize, machine: i64) -> Value {
        let (dialect, group) = (self.dialect, &cluster.groups[at]);
        let id = |what: &str| made_up::uuid_of(&format!("{} {what} {machine}", group.id));
        let (name, place) = (format!("{}-{}", cluster.name(), group.name()), at as i64 * 64 + machine + 2);
        let addressed = cluster.addressed(group, machine, dialect, self.clock.life());
        let address = |network: &str| {
            addressed.then(|| format!("{network}.{}.{}", cluster.number as i64 % 200 + place / 250, place % 250))
        };
        match dialect {
            Dialect::Reference => {
                let name = format!("{name}-{:03}", machine + 1);
                let mut told = json!({"instance_name": name, "instance_id": id("server"), "volumes": []});
                if let (Some(inner), Some(outer)) = (address("10.155"), address("172.18")) {
                    told["internal_ip"] = inner.into();
                    told["management_ip"] = outer.into();
                }
                told
            }
            Dialect::Today => json!({
                "created_at": time(cluster.created), "updated_at": addressed.then(|| time(cluster.updated)),
                "id": id("instance"), "instance_id": id("server"), "instance_name": format!("{name}-{machine}"),
                "internal_ip": address("10.155"), "management_ip": address("10.155"), "storage_devices_number": 0,
                "dns_hostname": null,
            }),
        }
    }

    /// Where the pages of its daemons are, once they are up.
    fn told_links(&self, cluster: &Cluster) -> Value {
        let up = matches!(cluster.phase, Phase::Settled | Phase::Scaling { .. });
        if !up || text(&cluster.set, "plugin_name") == "fake" {
            return json!({});
        }
        let mut links = Map::new();
        for (service, process, port) in [("HDFS", "namenode", 50070), ("MapReduce", "jobtracker", 50030)] {
            let runs = |group: &Group| {
                let processes = group.set.get("node_processes").and_then(Value::as_array);
                group.machines > 0 && processes.is_some_and(|processes| processes.iter().any(|name| name == process))
            };
            if let Some(at) = cluster.groups.iter().position(runs) {
                let machine = self.told_machine(cluster, at, 0);
                let address = machine["management_ip"].as_str().unwrap_or_default();
                links.insert(service.to_owned(), json!({"Web UI": format!("http://{address}:{port}")}));
            }
        }
        Value::Object(links)
    }

    fn told_step(&self, cluster: &Cluster, step: &Step, events: bool) -> Value {
        let mut told = json!({
            "created_at": time(step.started), "updated_at": step.ended.map(|(at, _)| time(at)), "id": step.id,
            "cluster_id": cluster.id, "tenant_id": self.tenant, "step_name": step.name, "step_type": step.kind,
            "total": step.total, "successful": step.ended.map(|(_, good)| good),
        });
        if !events {
            return told;
        }
        // Those of a step that has ended well are forgotten.
        let (count, good) = match step.ended {
            Some((_, true)) => (0, true),
            Some((_, false)) => (1, false),
            None => (step.done, true),
        };
        let event = |number: i64| {
            json!({
                "created_at": time(step.started), "updated_at": null, "successful": good, "step_id": step.id,
                "id": made_up::uuid_of(&format!("{} event {number}", step.id)), "node_group_id": null,
                "instance_id": null, "instance_name": null,
                "event_info": (!good).then(|| cluster.description.clone()),
            })
        };
        told["events"] = (0..count).map(event).collect();
        told
    }

    fn told_check(&self, cluster: &Cluster, ended: bool) -> Value {
        let began = cluster.check.unwrap_or_default();
        let id = made_up::uuid_of(&format!("{} check {began}", cluster.id));
        let at = time(self.clock.wall_ms(began));
        let check = json!({
            "created_at": at, "updated_at": at, "id": made_up::uuid_of(&id), "verification_id": id, "status": "GREEN",
            "name": "Check of instances accessibility", "description": "All instances are available",
        });
        let checks = if ended { vec![check] } else { Vec::new() };
        json!({
            "created_at": at, "updated_at": ended.then_some(&at), "id": id, "cluster_id": cluster.id,
            "status": if ended { "GREEN" } else { "CHECKING" }, "checks": checks,
        })
    }

    /// An image of the registry.
    pub(super) fn told_image(&self, image: &Image) -> Value {
        let whose = if self.dialect == Dialect::Today { "sahara" } else { "savanna" };
        let mut metadata = Map::new();
        let mut note = |name: &str, value: &str| metadata.insert(format!("_{whose}_{name}"), value.into());
        if let Some(username) = &image.username {
            note("username", username);
        }
        if let Some(description) = &image.description {
            note("description", description);
        }
        for tag in &image.tags {
            note(&format!("tag_{tag}"), "True");
        }
        let mut told = json!({
            "status": "ACTIVE", "username": image.username, "name": image.name, "tags": image.tags, "minDisk": 0,
            "progress": 100, "minRam": 0, "metadata": metadata, "id": image.id,
        });
        if self.dialect == Dialect::Today {
            let updated = format!("{}Z", time(image.updated));
            told["OS-EXT-IMG-SIZE:size"] = 8.into();
            told["created"] = updated.clone().into();
            told["updated"] = updated.into();
            told["description"] = image.description.as_deref().unwrap_or_default().into();
        }
        told
    }

    /// A plugin; with what it runs and its options where a version is asked for.
    pub(super) fn told_plugin(&self, plugin: &Plugin, whole: bool) -> Value {
        let mut told = json!({
            "name": plugin.name, "title": plugin.title, "description": plugin.description, "versions": [plugin.version],
        });
        if self.dialect == Dialect::Today {
            let label = |description: &str| json!({"status": true, "mutable": true, "description": description});
            let enabled = json!({"enabled": label("It can be used.")});
            told["version_labels"] = json!({plugin.version: enabled});
            told["plugin_labels"] = enabled;
            if plugin.name == "fake" {
                told["plugin_labels"]["hidden"] = label("It is not shown, and can be used.");
            }
        }
        if whole {
            let processes = plugin.processes.iter().map(|(service, names)| ((*service).to_owned(), json!(names)));
            told["node_processes"] = Value::Object(processes.collect());
            told["required_image_tags"] = json!([plugin.name, plugin.version]);
            told["configs"] = plugin.options(self.dialect).into();
        }
        told
    }
}
