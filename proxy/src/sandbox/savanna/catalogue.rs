//! What there is at the simulated Savanna from the start: plugins, images in Glance, and what Nova and Neutron would say.

use serde_json::{Map, Value, json};

use super::super::made_up;
use super::behaviour::Dialect;

/// A plugin in one version.
pub(super) struct Plugin {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) description: &'static str,
    pub(super) version: &'static str,
    /// What runs on nodes, by service.
    pub(super) processes: &'static [(&'static str, &'static [&'static str])],
    /// Of which there must be exactly one in a cluster.
    pub(super) single: &'static [&'static str],
    /// Whether it makes templates of configuration files.
    pub(super) converts: bool,
    /// How many options it has beside those that every plugin has.
    options: usize,
}

const HADOOP: &[(&str, &[&str])] =
    &[("HDFS", &["namenode", "datanode", "secondarynamenode"]), ("MapReduce", &["tasktracker", "jobtracker"])];

/// The plugins of the reference's services.
const REFERENCE: &[Plugin] = &[
    Plugin {
        name: "vanilla",
        title: "Vanilla Apache Hadoop",
        description: "Plain Hadoop, without a console to manage it.",
        version: "1.2.1",
        processes: HADOOP,
        single: &["namenode"],
        converts: false,
        options: 40,
    },
    Plugin {
        name: "blueprint",
        title: "Hadoop by a blueprint",
        description: "Hadoop as a file describes it.",
        version: "1.1",
        processes: HADOOP,
        single: &["namenode"],
        converts: true,
        options: 10,
    },
];

/// The plugins of today's services.
const TODAY: &[Plugin] = &[
    Plugin {
        name: "fake",
        title: "Fake Plugin",
        description: "Starts machines and installs nothing.",
        version: "0.1",
        processes: &[
            ("HDFS", &["namenode", "datanode"]),
            ("MapReduce", &["tasktracker", "jobtracker"]),
            ("Kerberos", &[]),
        ],
        single: &[],
        converts: false,
        options: 0,
    },
    Plugin {
        name: "vanilla",
        title: "Vanilla Apache Hadoop",
        description: "Plain Hadoop, without a console to manage it.",
        version: "2.7.5",
        processes: &[
            ("HDFS", &["namenode", "datanode", "secondarynamenode"]),
            ("YARN", &["resourcemanager", "nodemanager"]),
            ("Hive", &["hiveserver"]),
        ],
        single: &["namenode"],
        converts: false,
        options: 2000,
    },
];

pub(super) fn plugins(dialect: Dialect) -> &'static [Plugin] {
    match dialect {
        Dialect::Reference => REFERENCE,
        Dialect::Today => TODAY,
    }
}

impl Plugin {
    /// The options, of which some are for the whole cluster and some for the nodes of a group.
    pub(super) fn options(&self, dialect: Dialect) -> Vec<Value> {
        let option = |name: String, target: &str, kind: &str, value: Value, scope: &str, priority: u64| {
            let mut option = json!({
                "name": name, "description": format!("What {name} is."), "config_type": kind, "default_value": value,
                "applicable_target": target, "scope": scope, "is_optional": true, "priority": priority,
            });
            if dialect == Dialect::Today {
                option["config_values"] = Value::Null;
            }
            option
        };
        let mut options = vec![
            option("Enable NTP service".to_owned(), "general", "bool", json!(true), "cluster", 1),
            option("URL of NTP server".to_owned(), "general", "string", json!(""), "cluster", 1),
            option("Timeout for disk preparing".to_owned(), "general", "int", json!(300), "cluster", 1),
            option("Enable XFS".to_owned(), "general", "bool", json!(true), "cluster", 1),
            option("Heat Wait Condition timeout".to_owned(), "general", "int", json!(3600), "cluster", 1),
        ];
        for (service, _) in self.processes.iter().filter(|(_, processes)| processes.is_empty()) {
            let mut kerberos =
                option("Enable Kerberos Security".to_owned(), service, "bool", json!(false), "cluster", 1);
            kerberos["description"] = Value::Null;
            options.push(kerberos);
            options.push(option("Admin password".to_owned(), service, "string", json!(""), "cluster", 1));
        }
        if self.options > 0 {
            options.push(option("dfs.replication".to_owned(), "HDFS", "int", json!(3), "cluster", 1));
            options.push(option("data_node_heap_size".to_owned(), "HDFS", "int", json!(1024), "node", 1));
            if self.has_target("MapReduce") {
                let name = "task_tracker_heap_size".to_owned();
                options.push(option(name, "MapReduce", "int", json!(1024), "node", 1));
            }
        }
        let services: Vec<&str> =
            self.processes.iter().filter(|(_, processes)| !processes.is_empty()).map(|(service, _)| *service).collect();
        for number in 0..self.options {
            let service = services[number % services.len()];
            let (kind, value) = match number % 3 {
                0 => ("string", json!(format!("value-{number}"))),
                1 => ("int", json!(number)),
                _ => ("bool", json!(number % 2 == 0)),
            };
            let name = format!("{}.option.{number}", service.to_lowercase());
            let scope = if number % 4 == 0 { "cluster" } else { "node" };
            options.push(option(name, service, kind, value, scope, 2));
        }
        options
    }

    /// Whether it can run this.
    pub(super) fn has_process(&self, process: &str) -> bool {
        self.processes.iter().any(|(_, processes)| processes.contains(&process))
    }

    /// Whether options are for this.
    pub(super) fn has_target(&self, target: &str) -> bool {
        target == "general" || self.processes.iter().any(|(service, _)| *service == target)
    }

    /// Whether it has an option.
    pub(super) fn has_option(&self, dialect: Dialect, target: &str, name: &str) -> bool {
        self.options(dialect).iter().any(|option| option["applicable_target"] == target && option["name"] == name)
    }

    /// No options, for each service.
    pub(super) fn no_options(&self, general: bool) -> Map<String, Value> {
        let services = self.processes.iter().map(|(service, _)| *service);
        services.chain(general.then_some("general")).map(|target| (target.to_owned(), json!({}))).collect()
    }
}

/// The id, the name and the memory in MiB of each flavor.
pub(super) const FLAVORS: &[(&str, &str, i64)] =
    &[("1", "m1.tiny", 512), ("2", "m1.small", 2048), ("42", "m1.medium", 4096), ("4", "m1.large", 8192)];
/// How much memory they have for each of their cores, of which the least has a part.
pub(super) const CORES: i64 = 2048;
/// How much memory the machines of a project may have, in MiB.
pub(super) const MEMORY: i64 = 1_024_000;
/// The key pairs of the project.
pub(super) const KEY_PAIRS: &[&str] = &["doc-keypair", "team"];

/// The shared file systems that Manila has.
pub(super) fn shares() -> [String; 2] {
    ["a share", "another share"].map(made_up::uuid_of)
}
/// The images in Glance.
pub(super) const GLANCE: &[&str] = &["hadoop", "ubuntu-plain", "hadoop-vanilla"];

/// The network that machines are in, and the one from which they are reached.
pub(super) fn networks() -> [String; 2] {
    [made_up::uuid_of("private"), made_up::uuid_of("public")]
}
