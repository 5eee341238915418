//! What a node of the list means.

use howdah_shared::systems::cyclecloud::{Node, Standing};
use serde_json::Value;

use super::standing::{NODE_STATUSES, node_kind, node_word};
use crate::components::listing::{By, Facet, Listed, Rank};
use crate::i18n::*;
use crate::list::{Keyed, Text};
use crate::ui::mark::Kind;

/// A node with what is looked for in it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    /// Its record.
    pub(super) node: Node,
    id: String,
    status: String,
    haystack: String,
}

impl From<Node> for Row {
    fn from(node: Node) -> Row {
        const FOUND: &[&str] = &[
            "Name",
            "NodeId",
            "Hostname",
            "PrivateIp",
            "PublicIp",
            "Template",
            "MachineType",
            "InstanceId",
            "Status",
            "State",
            "PlacementGroupId",
            "StatusMessage",
        ];
        let mut haystack = String::new();
        for text in FOUND.iter().filter_map(|name| node.0.get(*name)?.as_str()) {
            haystack.push_str(&text.to_lowercase());
            haystack.push('\n');
        }
        let status = match node.standing() {
            // A phase that failed is told of apart.
            Standing::Failed => "Failed".to_owned(),
            _ => node.status().unwrap_or_default(),
        };
        Row { id: node.id().unwrap_or_default(), status, haystack, node }
    }
}

impl From<Text> for Row {
    fn from(text: Text) -> Row {
        text.read::<Node>().into()
    }
}

impl Keyed for Row {
    fn key(&self) -> &str {
        &self.id
    }
}

impl Row {
    /// An attribute that is a text with something in it.
    pub(super) fn word(&self, name: &str) -> Option<&str> {
        self.node.0.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// What people call it.
    pub(super) fn name(&self) -> &str {
        self.word("Name").unwrap_or(&self.id)
    }

    /// The node array that it is of; of a head node its own name.
    pub(super) fn array(&self) -> Option<&str> {
        self.word("Template").or_else(|| self.word("NodeArray"))
    }

    /// Its cores.
    pub(super) fn cores(&self) -> Option<i64> {
        self.node.number("CoreCount").map(|cores| cores as i64)
    }

    /// Its memory, in GB.
    pub(super) fn memory(&self) -> Option<f64> {
        self.node.number("Memory")
    }

    /// Whether it is a spot machine, where that is told.
    fn priority(&self) -> Option<&'static str> {
        self.node.0.get("Interruptible")?;
        Some(if self.node.is("Interruptible") { "spot" } else { "regular" })
    }
}

/// The word for a priority.
pub(super) fn priority_word(i18n: I18nContext<Locale>, priority: &str) -> String {
    match priority {
        "spot" => t_string!(i18n, cycle.spot).to_string(),
        _ => t_string!(i18n, cycle.regular).to_string(),
    }
}

/// The attribute that a column of texts shows.
pub(super) fn attribute(column: &str) -> &'static str {
    match column {
        "machine" => "MachineType",
        "address" => "PrivateIp",
        "public" => "PublicIp",
        "host" => "Hostname",
        "state" => "State",
        "target" => "TargetState",
        "group" => "PlacementGroupId",
        "message" => "StatusMessage",
        "instance" => "InstanceId",
        "policy" => "ShutdownPolicy",
        "request" => "RequestId",
        _ => "Name",
    }
}

impl Listed for Row {
    fn haystack(&self) -> &str {
        &self.haystack
    }

    fn standing(&self) -> &str {
        &self.status
    }

    fn standings_word(i18n: I18nContext<Locale>) -> String {
        t_string!(i18n, cycle_nodes.status).to_string()
    }

    fn rank(&self, column: &str, _: i64) -> Option<Rank<'_>> {
        match column {
            "status" => Some(Rank::Text(&self.status)),
            "array" => self.array().map(Rank::Text),
            "priority" => self.priority().map(Rank::Text),
            "cores" => self.cores().map(Rank::Figure),
            "memory" => self.memory().map(|memory| Rank::Figure((memory * 1000.0) as i64)),
            "id" => Some(Rank::Text(&self.id)),
            "name" => Some(Rank::Text(self.name())),
            other => self.word(attribute(other)).map(Rank::Text),
        }
    }

    fn plain(&self, column: &str, _: i64) -> String {
        match column {
            "status" => self.status.clone(),
            "array" => self.array().unwrap_or_default().to_owned(),
            "priority" => self.priority().unwrap_or_default().to_owned(),
            "cores" => self.cores().map(|cores| cores.to_string()).unwrap_or_default(),
            "memory" => self.memory().map(|memory| memory.to_string()).unwrap_or_default(),
            "id" => self.id.clone(),
            "name" => self.name().to_owned(),
            other => self.word(attribute(other)).unwrap_or_default().to_owned(),
        }
    }

    fn facets() -> Vec<Facet> {
        fn as_it_is(_: I18nContext<Locale>, value: &str) -> String {
            value.to_owned()
        }
        let of = |id, menu, title| Facet { id, menu, title, by: By::Value(as_it_is) };
        vec![
            of("array", "menu-array", words!(cycle_nodes.array)),
            of("in", "menu-in", words!(cycle_nodes.state)),
            of("machine", "menu-machine", words!(cycle_nodes.machine)),
            of("group", "menu-group", words!(cycle_nodes.group)),
            Facet {
                id: "priority",
                menu: "menu-priority",
                title: words!(cycle_nodes.priority),
                by: By::Value(priority_word),
            },
            of("request", "menu-request", words!(cycle_nodes.request)),
        ]
    }

    fn each_value(&self, facet: &str, take: &mut dyn FnMut(&str)) {
        let value = match facet {
            "array" => self.array(),
            "priority" => self.priority(),
            "in" => self.word("State"),
            other => self.word(attribute(other)),
        };
        value.into_iter().for_each(take);
    }

    fn level(&self) -> impl Ord {
        self.id.clone()
    }

    fn place(standing: &str) -> usize {
        NODE_STATUSES.iter().position(|other| *other == standing).unwrap_or(NODE_STATUSES.len())
    }

    fn kind(standing: &str) -> Option<Kind> {
        Some(node_kind(standing))
    }

    fn word(i18n: I18nContext<Locale>, standing: &str) -> String {
        node_word(i18n, standing)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;

    pub(in crate::pages::cyclecloud) fn row(record: Value) -> Row {
        serde_json::from_value::<Node>(record).unwrap().into()
    }

    #[test]
    fn a_node_is_found_by_its_addresses_and_its_array() {
        let found = row(json!({"NodeId": "A1", "Name": "execute-1", "Template": "execute", "PrivateIp": "10.1.0.4",
            "Status": "Ready", "State": "Started", "Configuration": {"x": "10.9.9.9"}}));
        assert!(["execute-1\n", "a1\n", "10.1.0.4\n", "ready\n"].iter().all(|text| found.haystack().contains(text)));
        assert!(!found.haystack().contains("10.9.9.9"));
        assert_eq!((found.standing(), found.array(), found.name()), ("Ready", Some("execute"), "execute-1"));
    }

    #[test]
    fn what_failed_stands_so_whatever_its_status_says() {
        assert_eq!(row(json!({"Status": "Preparing", "PhaseFailed": true})).standing(), "Failed");
        assert_eq!(row(json!({"State": "Deallocated"})).standing(), "Deallocated");
        assert_eq!(row(json!({})).standing(), "");
    }

    #[test]
    fn a_status_that_nobody_knew_comes_last() {
        assert!(Row::place("Hibernating") > Row::place("Off"));
        assert_eq!(Row::kind("Hibernating"), Some(Kind::Unknown));
    }

    #[test]
    fn whether_it_is_a_spot_machine_is_told_or_not_known() {
        let mut values = Vec::new();
        for record in [json!({}), json!({"Interruptible": true}), json!({"Interruptible": "false"})] {
            row(record).each_value("priority", &mut |value| values.push(value.to_owned()));
        }
        assert_eq!(values, ["spot", "regular"]);
    }
}
