//! What a node of a list means.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use howdah_shared::systems::yarn::Node;

use super::node_search::Searched;
use crate::components::listing::{By, Facet, Listed, Rank};
use crate::i18n::*;
use crate::list::{Keyed, Place, Text, Value};
use crate::ui::mark::Kind;
use crate::ui::time;

/// A node with what is looked for in it. Of one that nobody has looked at yet only that is read by which lists are sorted
/// and maps are drawn: on a large cluster most nodes change from one moment to the next, and few can be seen.
#[derive(Clone, Debug)]
pub(super) struct Row {
    brief: Brief,
    /// Of which the rest is read.
    text: Option<Text>,
    /// Where in it the rest begins.
    rest: Place,
    pub(super) searched: OnceLock<Arc<Searched>>,
    node: OnceLock<Box<Node>>,
}

/// What is read at once.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Brief {
    pub(super) id: String,
    state: Option<Cow<'static, str>>,
    pub(super) rack: Option<String>,
    containers: Option<i64>,
    used_memory: Option<i64>,
    free_memory: Option<i64>,
    used_cores: Option<i64>,
    free_cores: Option<i64>,
}

impl Brief {
    /// Reads a row up to the first member that is not of these, which stand before all others, and tells where that is;
    /// `None` where they are not written as they mostly are, and the row is to be read whole.
    fn read(row: &Text) -> Option<(Brief, Place)> {
        let mut brief = Brief::default();
        let mut members = row.members(Place::default());
        let mut rest = members.place();
        while let Some((name, value)) = members.next() {
            match name {
                "id" => brief.id = text(value)?.unwrap_or_default().to_owned(),
                "state" => brief.state = text(value)?.map(known),
                "rack" => brief.rack = text(value)?.map(str::to_owned),
                "numContainers" => brief.containers = number(value)?,
                "usedMemoryMB" => brief.used_memory = number(value)?,
                "availMemoryMB" => brief.free_memory = number(value)?,
                "usedVirtualCores" => brief.used_cores = number(value)?,
                "availableVirtualCores" => brief.free_cores = number(value)?,
                _ => break,
            }
            rest = members.place();
        }
        (!brief.id.is_empty()).then_some((brief, rest))
    }
}

/// A text, if there is one; `None` where it is something else.
fn text(value: Value<'_>) -> Option<Option<&str>> {
    match value {
        Value::None => Some(None),
        Value::Text(text) => Some(Some(text)),
        _ => None,
    }
}

fn number(value: Value<'_>) -> Option<Option<i64>> {
    match value {
        Value::None => Some(None),
        Value::Number(number) => Some(Some(number)),
        _ => None,
    }
}

/// A state; those that are known are no text of their own.
fn known(state: &str) -> Cow<'static, str> {
    STATES.iter().find(|known| **known == state).map_or_else(|| Cow::from(state.to_owned()), |known| Cow::from(*known))
}

impl From<&Node> for Brief {
    fn from(node: &Node) -> Brief {
        Brief {
            id: node.id.clone().unwrap_or_default(),
            state: node.state.as_deref().map(known),
            rack: node.rack.clone(),
            containers: node.num_containers,
            used_memory: node.used_memory_mb,
            free_memory: node.avail_memory_mb,
            used_cores: node.used_virtual_cores,
            free_cores: node.available_virtual_cores,
        }
    }
}

impl From<Node> for Row {
    fn from(node: Node) -> Row {
        let brief = Brief::from(&node);
        Row {
            brief,
            text: None,
            rest: Place::default(),
            searched: OnceLock::new(),
            node: OnceLock::from(Box::new(node)),
        }
    }
}

impl From<Text> for Row {
    fn from(text: Text) -> Row {
        match Brief::read(&text) {
            Some((brief, rest)) => {
                Row { brief, text: Some(text), rest, searched: OnceLock::new(), node: OnceLock::new() }
            }
            None => text.read::<Node>().into(),
        }
    }
}

impl PartialEq for Row {
    fn eq(&self, other: &Row) -> bool {
        self.brief == other.brief && self.node() == other.node()
    }
}

impl Keyed for Row {
    fn key(&self) -> &str {
        &self.brief.id
    }

    fn text(&self) -> Option<&Text> {
        self.text.as_ref()
    }

    fn inherit(&self, before: &Row) {
        let (Some(searched), Some(old), Some(new)) = (before.searched.get(), &before.text, &self.text) else { return };
        let same = (&before.brief.id, &before.brief.rack) == (&self.brief.id, &self.brief.rack);
        if same && searched.is_of_both((old, before.rest), (new, self.rest)) {
            let _ = self.searched.set(searched.clone());
        }
    }
}

impl Row {
    /// What is looked for in it.
    pub(super) fn searched(&self) -> &Searched {
        let read = || {
            let text = self.text.as_ref();
            let read = text.and_then(|text| Searched::read(&self.brief, text, self.rest));
            Arc::new(read.unwrap_or_else(|| Searched::from(self.node())))
        };
        self.searched.get_or_init(read)
    }

    /// The node.
    pub(super) fn node(&self) -> &Node {
        self.node.get_or_init(|| Box::new(self.text.as_ref().map(Text::read).unwrap_or_default()))
    }

    /// Its rack.
    pub(super) fn rack(&self) -> Option<&str> {
        self.brief.rack.as_deref()
    }

    /// Its containers.
    pub(super) fn containers(&self) -> Option<i64> {
        self.brief.containers
    }

    /// A part of one of what it has; `None` where it has nothing.
    fn part(used: Option<i64>, free: Option<i64>) -> Option<f64> {
        let (used, free) = (used?.max(0), free?.max(0));
        (used + free > 0).then(|| used as f64 / (used + free) as f64)
    }

    /// How much of its memory containers have.
    pub(super) fn memory(&self) -> Option<f64> {
        Row::part(self.brief.used_memory, self.brief.free_memory)
    }

    /// How much of its cores containers have.
    pub(super) fn cores(&self) -> Option<f64> {
        Row::part(self.brief.used_cores, self.brief.free_cores)
    }

    /// All of its memory, in MiB.
    pub(super) fn all_memory(&self) -> Option<i64> {
        self.brief.used_memory?.checked_add(self.brief.free_memory?)
    }

    /// All of its cores.
    pub(super) fn all_cores(&self) -> Option<i64> {
        self.brief.used_cores?.checked_add(self.brief.free_cores?)
    }

    /// Its host, without what is the same for all.
    pub(super) fn host(&self) -> &str {
        let host = self.node().node_host_name.as_deref().filter(|host| !host.is_empty());
        host.unwrap_or_else(|| self.key().rsplit_once(':').map_or(self.key(), |(host, _)| host))
    }
}

impl Listed for Row {
    fn haystack(&self) -> &str {
        &self.searched().haystack
    }

    fn read(&self) -> bool {
        let unread = self.searched.get().is_none();
        self.searched();
        unread
    }

    fn standing(&self) -> &str {
        self.brief.state.as_deref().unwrap_or("UNKNOWN")
    }

    fn rank(&self, column: &str, _: i64) -> Option<Rank<'_>> {
        let part = |part: Option<f64>| part.map(|part| Rank::Figure((part * 1e9) as i64));
        let node = || self.node();
        match column {
            "state" => Some(Rank::Text(self.standing())),
            "rack" => self.rack().map(Rank::Text),
            "address" => node().node_http_address.as_deref().map(Rank::Text),
            "labels" => node().node_labels.first().map(|label| Rank::Text(label)),
            "version" => node().version.as_deref().map(Rank::Text),
            "containers" => self.containers().map(Rank::Figure),
            "memory" => part(self.memory()),
            "cores" => part(self.cores()),
            "memory-all" => self.all_memory().map(Rank::Figure),
            "cores-all" => self.all_cores().map(Rank::Figure),
            "seen" => node().last_health_update.filter(|at| *at > 0).map(Rank::Figure),
            "health" => node().health_report.as_deref().map(Rank::Text),
            _ => Some(Rank::Text(self.key())),
        }
    }

    fn plain(&self, column: &str, _: i64) -> String {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        let part = |part: Option<f64>| part.map(|part| part.to_string()).unwrap_or_default();
        let node = self.node();
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
            "rack" => self.rack().into_iter().for_each(take),
            _ => self.searched().labels.iter().for_each(|label| take(label)),
        }
    }

    fn level(&self) -> impl Ord {
        self.key()
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
    use howdah_shared::operation::Operation;
    use howdah_shared::systems::yarn::ListNodes;

    use super::*;

    pub(in crate::pages::yarn) fn row(id: &str, change: impl Fn(&mut Node)) -> Row {
        let mut node = Node { id: Some(id.to_owned()), state: Some("RUNNING".to_owned()), ..Node::default() };
        change(&mut node);
        node.into()
    }

    pub(in crate::pages::yarn) fn sent(object: &str) -> Row {
        crate::list::tests::sent(object, ListNodes::SPEC.tail.rows.unwrap().shown).into()
    }

    #[test]
    fn what_is_read_at_once_is_what_is_read_whole() {
        for text in [
            r#"{"id":"a:1","state":"LOST","rack":"/r","numContainers":1,"usedMemoryMB":2,"availMemoryMB":-3,"usedVirtualCores":4,"availableVirtualCores":5,"version":"3"}"#,
            r#"{"id":"a:1","state":"ZOMBIE","numContainers":"1","version":"3"}"#,
            r#"{"id":"a:1","state":null,"usedMemoryMB":7}"#,
            r#"{"id":"a\u003a1","rack":"\n"}"#,
            "{}",
        ] {
            assert_eq!(sent(text), serde_json::from_str::<Node>(text).unwrap().into(), "{text}");
        }
    }

    #[test]
    fn what_is_read_at_once_is_sent_before_all_else() {
        let shown = ListNodes::SPEC.tail.rows.unwrap().shown;
        let member = |(at, name): (usize, &&str)| match *name {
            "id" | "state" | "rack" => format!(r#""{name}":"{name}""#),
            _ => format!(r#""{name}":{at}"#),
        };
        let text = format!("{{{}}}", shown.iter().enumerate().map(member).collect::<Vec<_>>().join(","));
        let whole = Row::from(serde_json::from_str::<Node>(&text).unwrap()).brief;
        assert!(whole.free_cores.is_some_and(|cores| cores == 7), "{whole:?}");
        let row = crate::list::tests::sent(&text, shown);
        assert_eq!(Brief::read(&row).map(|(brief, _)| brief), Some(whole));
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
