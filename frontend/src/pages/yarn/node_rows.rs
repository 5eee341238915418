//! What a node of a list means.

use howdah_shared::systems::yarn::Node;

use crate::components::listing::{By, Facet, Listed, Rank};
use crate::i18n::*;
use crate::list::{Keyed, Text};
use crate::ui::mark::Kind;
use crate::ui::time;

/// A node with what is looked for in it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) node: Node,
    haystack: String,
}

impl From<Node> for Row {
    fn from(node: Node) -> Row {
        let texts = [&node.id, &node.rack, &node.node_http_address, &node.node_host_name, &node.version];
        let mut haystack = String::new();
        for text in texts.into_iter().flatten().chain(&node.node_labels) {
            let text = text.to_lowercase();
            // The host is in the id already, most of the time: what is looked through at each keystroke is short.
            if !haystack.contains(&text) {
                haystack.push_str(&text);
                haystack.push('\n');
            }
        }
        Row { node, haystack }
    }
}

impl From<Text> for Row {
    fn from(text: Text) -> Row {
        text.read::<Node>().into()
    }
}

impl Keyed for Row {
    fn key(&self) -> &str {
        self.node.id.as_deref().unwrap_or_default()
    }
}

impl Row {
    /// A part of one of what it has; `None` where it has nothing.
    fn part(used: Option<i64>, free: Option<i64>) -> Option<f64> {
        let (used, free) = (used?.max(0), free?.max(0));
        (used + free > 0).then(|| used as f64 / (used + free) as f64)
    }

    /// How much of its memory containers have.
    pub(super) fn memory(&self) -> Option<f64> {
        Row::part(self.node.used_memory_mb, self.node.avail_memory_mb)
    }

    /// How much of its cores containers have.
    pub(super) fn cores(&self) -> Option<f64> {
        Row::part(self.node.used_virtual_cores, self.node.available_virtual_cores)
    }

    /// All of its memory, in MiB.
    pub(super) fn all_memory(&self) -> Option<i64> {
        Some(self.node.used_memory_mb? + self.node.avail_memory_mb?)
    }

    /// All of its cores.
    pub(super) fn all_cores(&self) -> Option<i64> {
        Some(self.node.used_virtual_cores? + self.node.available_virtual_cores?)
    }

    /// Its host, without what is the same for all.
    pub(super) fn host(&self) -> &str {
        let host = self.node.node_host_name.as_deref().filter(|host| !host.is_empty());
        host.unwrap_or_else(|| self.key().rsplit_once(':').map_or(self.key(), |(host, _)| host))
    }
}

impl Listed for Row {
    fn haystack(&self) -> &str {
        &self.haystack
    }

    fn standing(&self) -> &str {
        self.node.state.as_deref().unwrap_or("UNKNOWN")
    }

    fn rank(&self, column: &str, _: i64) -> Option<Rank<'_>> {
        let node = &self.node;
        let part = |part: Option<f64>| part.map(|part| Rank::Figure((part * 1e9) as i64));
        match column {
            "state" => Some(Rank::Text(self.standing())),
            "rack" => node.rack.as_deref().map(Rank::Text),
            "address" => node.node_http_address.as_deref().map(Rank::Text),
            "labels" => node.node_labels.first().map(|label| Rank::Text(label)),
            "version" => node.version.as_deref().map(Rank::Text),
            "containers" => node.num_containers.map(Rank::Figure),
            "memory" => part(self.memory()),
            "cores" => part(self.cores()),
            "memory-all" => self.all_memory().map(Rank::Figure),
            "cores-all" => self.all_cores().map(Rank::Figure),
            "seen" => node.last_health_update.filter(|at| *at > 0).map(Rank::Figure),
            "health" => node.health_report.as_deref().map(Rank::Text),
            _ => Some(Rank::Text(self.key())),
        }
    }

    fn plain(&self, column: &str, _: i64) -> String {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        let part = |part: Option<f64>| part.map(|part| part.to_string()).unwrap_or_default();
        let node = &self.node;
        match column {
            "state" => self.standing().to_owned(),
            "rack" => text(&node.rack),
            "address" => text(&node.node_http_address),
            "labels" => node.node_labels.join(","),
            "version" => text(&node.version),
            "containers" => number(node.num_containers),
            "memory" => part(self.memory()),
            "cores" => part(self.cores()),
            "memory-all" => number(self.all_memory()),
            "cores-all" => number(self.all_cores()),
            "seen" => node.last_health_update.filter(|at| *at > 0).map(time::iso).unwrap_or_default(),
            "health" => text(&node.health_report),
            _ => self.key().to_owned(),
        }
    }

    fn facets() -> Vec<Facet> {
        fn as_it_is(_: I18nContext<Locale>, value: &str) -> String {
            value.to_owned()
        }
        [("rack", "menu-rack", words!(nodes.rack)), ("label", "menu-label", words!(nodes.labels))]
            .map(|(id, menu, title)| Facet { id, menu, title, by: By::Value(as_it_is) })
            .into()
    }

    fn each_value(&self, facet: &str, take: &mut dyn FnMut(&str)) {
        match facet {
            "rack" => self.node.rack.iter().for_each(|rack| take(rack)),
            _ => self.node.node_labels.iter().for_each(|label| take(label)),
        }
    }

    fn level(&self) -> impl Ord {
        self.key().to_owned()
    }

    fn place(standing: &str) -> usize {
        STATES.iter().position(|other| *other == standing).unwrap_or(STATES.len())
    }

    fn kind(standing: &str) -> Option<Kind> {
        Some(match standing {
            "NEW" => Kind::Waiting,
            "RUNNING" => Kind::Good,
            "DECOMMISSIONING" | "REBOOTED" => Kind::Moving,
            "DECOMMISSIONED" | "SHUTDOWN" => Kind::Ended,
            "UNHEALTHY" | "LOST" => Kind::Broken,
            _ => Kind::Unknown,
        })
    }

    fn word(i18n: I18nContext<Locale>, standing: &str) -> String {
        let word = match standing {
            "NEW" => t_string!(i18n, nodes.state_new),
            "RUNNING" => t_string!(i18n, nodes.state_running),
            "DECOMMISSIONING" => t_string!(i18n, nodes.state_decommissioning),
            "DECOMMISSIONED" => t_string!(i18n, nodes.state_decommissioned),
            "REBOOTED" => t_string!(i18n, nodes.state_rebooted),
            "SHUTDOWN" => t_string!(i18n, nodes.state_shutdown),
            "UNHEALTHY" => t_string!(i18n, nodes.state_unhealthy),
            "LOST" => t_string!(i18n, nodes.state_lost),
            "UNKNOWN" => t_string!(i18n, nodes.state_unknown),
            other => return other.to_owned(),
        };
        word.to_string()
    }
}

/// The order in which states are offered.
const STATES: &[&str] =
    &["RUNNING", "UNHEALTHY", "LOST", "DECOMMISSIONING", "DECOMMISSIONED", "SHUTDOWN", "REBOOTED", "NEW"];

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::pages::yarn) fn row(id: &str, change: impl Fn(&mut Node)) -> Row {
        let mut node = Node { id: Some(id.to_owned()), state: Some("RUNNING".to_owned()), ..Node::default() };
        change(&mut node);
        node.into()
    }

    #[test]
    fn a_node_that_has_nothing_uses_no_part_of_it() {
        let lost = row("a:1", |node| {
            node.used_memory_mb = Some(0);
            node.avail_memory_mb = Some(0);
        });
        assert_eq!((lost.memory(), lost.cores()), (None, None));
        let half = row("a:1", |node| {
            node.used_memory_mb = Some(1024);
            node.avail_memory_mb = Some(1024);
        });
        assert_eq!((half.memory(), half.all_memory()), (Some(0.5), Some(2048)));
    }

    #[test]
    fn a_host_is_known_by_its_id_where_nothing_else_tells_it() {
        assert_eq!(row("worker-1.example:45454", |_| ()).host(), "worker-1.example");
        assert_eq!(row("a:1", |node| node.node_host_name = Some("b".into())).host(), "b");
    }

    #[test]
    fn a_state_that_nobody_knew_comes_last() {
        assert!(Row::place("ZOMBIE") > Row::place("NEW"));
        assert_eq!(Row::kind("ZOMBIE"), Some(Kind::Unknown));
    }
}
