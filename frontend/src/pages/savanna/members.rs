//! What bodies have members for that are typed, each with how it is typed and what it comes to.

use std::collections::BTreeMap;

use leptos::prelude::*;
use serde_json::{Map, Value};

use super::words::Said;

/// How a member is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Typed {
    /// As text.
    Text,
    /// As a whole number.
    Number,
    /// As texts with commas.
    List,
    /// As yes or no, or neither.
    Flag,
}

/// A member of a body.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// Its name, as it is sent.
    pub(super) name: &'static str,
    /// How it is typed.
    pub(super) typed: Typed,
    /// Whether only today's services have it.
    pub(super) today: bool,
    /// Whether most bodies need it: the others are folded away.
    pub(super) first: bool,
    /// The id of a list of what may be meant.
    pub(super) list: Option<&'static str>,
}

/// The ids of those lists.
pub(super) const FLAVORS: &str = "known-flavors";
pub(super) const NETWORKS: &str = "known-networks";
pub(super) const KEY_PAIRS: &str = "known-key-pairs";
pub(super) const POOLS: &str = "known-pools";
pub(super) const IMAGES: &str = "known-images";

const fn text(name: &'static str) -> Member {
    Member { name, typed: Typed::Text, today: false, first: false, list: None }
}

const fn today(name: &'static str, typed: Typed) -> Member {
    Member { typed, today: true, ..text(name) }
}

const fn first(name: &'static str, list: Option<&'static str>) -> Member {
    Member { first: true, list, ..text(name) }
}

const NAME: Member = first("name", None);
const PLUGIN: Member = first("plugin_name", None);
const VERSION: Member = first("hadoop_version", None);
const DESCRIPTION: Member = first("description", None);

macro_rules! nodes {
    ($($own:expr),*) => { &[
        $($own,)*
        first("flavor_id", Some(FLAVORS)),
        Member { list: Some(IMAGES), ..text("image_id") },
        Member { list: Some(POOLS), ..text("floating_ip_pool") },
        Member { typed: Typed::Number, ..text("volumes_per_node") },
        Member { typed: Typed::Number, ..text("volumes_size") },
        text("volume_mount_prefix"),
        today("volume_type", Typed::Text),
        today("volumes_availability_zone", Typed::Text),
        today("volume_local_to_instance", Typed::Flag),
        today("availability_zone", Typed::Text),
        today("security_groups", Typed::List),
        today("auto_security_group", Typed::Flag),
        today("is_proxy_gateway", Typed::Flag),
        today("use_autoconfig", Typed::Flag)
    ] };
}

/// Of a group of nodes within another body.
pub(super) const GROUP: &[Member] = nodes![];
/// Of a template of a group of nodes.
pub(super) const NODES: &[Member] =
    nodes![NAME, PLUGIN, VERSION, DESCRIPTION, today("is_public", Typed::Flag), today("is_protected", Typed::Flag)];
/// Of a template of a cluster.
pub(super) const TEMPLATE: &[Member] = &[
    NAME,
    PLUGIN,
    VERSION,
    DESCRIPTION,
    Member { list: Some(IMAGES), ..text("default_image_id") },
    first("neutron_management_network", Some(NETWORKS)),
    today("use_autoconfig", Typed::Flag),
    today("domain_name", Typed::Text),
    today("is_public", Typed::Flag),
    today("is_protected", Typed::Flag),
];
/// Of a cluster.
pub(super) const CLUSTER: &[Member] = &[
    NAME,
    PLUGIN,
    VERSION,
    DESCRIPTION,
    first("cluster_template_id", None),
    first("default_image_id", Some(IMAGES)),
    first("neutron_management_network", Some(NETWORKS)),
    first("user_keypair_id", Some(KEY_PAIRS)),
    today("use_autoconfig", Typed::Flag),
    today("is_transient", Typed::Flag),
    today("domain_name", Typed::Text),
    today("is_public", Typed::Flag),
    today("is_protected", Typed::Flag),
];

/// The parts of a text between commas.
pub(super) fn listed(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// What a member comes to; `None` where nothing is typed.
///
/// # Errors
/// What is wrong with what is typed.
fn value(member: &Member, text: &str) -> Result<Option<Value>, Said> {
    let text = text.trim();
    Ok(match (text, member.typed) {
        ("", _) => None,
        (text, Typed::Text) => Some(text.into()),
        (text, Typed::Number) => Some(text.parse::<i64>().map_err(|_| Said::Number)?.into()),
        (text, Typed::List) => Some(listed(text).into()),
        (text, Typed::Flag) => Some((text == "true").into()),
    })
}

/// What stands in a field for a member that a service told.
fn typed(told: Option<&Value>) -> String {
    match told {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(flag)) => flag.to_string(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
        _ => String::new(),
    }
}

/// What is typed into the members of an object.
#[derive(Clone, Copy)]
pub(super) struct Texts {
    /// The members.
    pub(super) members: &'static [Member],
    fields: StoredValue<Vec<RwSignal<String>>>,
}

impl Texts {
    /// Nothing yet.
    pub(super) fn new(members: &'static [Member]) -> Texts {
        Texts { members, fields: StoredValue::new(members.iter().map(|_| RwSignal::new(String::new())).collect()) }
    }

    /// The text of a member.
    pub(super) fn of(self, name: &str) -> Option<RwSignal<String>> {
        let at = self.members.iter().position(|member| member.name == name)?;
        self.fields.with_value(|fields| fields.get(at).copied())
    }

    /// What is typed into a member.
    pub(super) fn get(self, name: &str) -> String {
        self.of(name).map(|text| text.get()).unwrap_or_default()
    }

    /// Types a text into a member.
    pub(super) fn set(self, name: &str, text: String) {
        if let Some(field) = self.of(name) {
            field.set(text);
        }
    }

    /// Writes what is typed into a body, and says what is wrong at which place.
    pub(super) fn write(
        self,
        is_today: bool,
        body: &mut Map<String, Value>,
        place: &str,
        wrong: &mut Vec<(String, Said)>,
    ) {
        for member in self.members.iter().filter(|member| is_today || !member.today) {
            match value(member, &self.get(member.name)) {
                Ok(Some(value)) => drop(body.insert(member.name.to_owned(), value)),
                Ok(None) => {}
                Err(said) => wrong.push((format!("{place}{}", member.name), said)),
            }
        }
    }

    /// Types what a body has.
    pub(super) fn fill(self, body: &Value) {
        for member in self.members {
            // Volumes that are not there have no size, which some services tell as 0 and none takes.
            let told = body.get(member.name).filter(|told| member.name != "volumes_size" || *told != 0);
            self.set(member.name, typed(told));
        }
    }

    /// What is typed, by the names of the members.
    pub(super) fn kept(self) -> BTreeMap<String, String> {
        let texts = self.members.iter().map(|member| (member.name.to_owned(), self.get(member.name)));
        texts.filter(|(_, text)| !text.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn member(name: &str) -> &'static Member {
        NODES.iter().find(|member| member.name == name).unwrap()
    }

    #[test]
    fn what_is_typed_is_what_was_told() {
        for (name, told) in [
            ("flavor_id", json!("42")),
            ("volumes_per_node", json!(2)),
            ("security_groups", json!(["a", "b"])),
            ("is_public", json!(false)),
        ] {
            assert_eq!(value(member(name), &typed(Some(&told))), Ok(Some(told)), "{name}");
        }
        assert_eq!((typed(Some(&Value::Null)), typed(None)), (String::new(), String::new()));
    }

    #[test]
    fn nothing_is_sent_of_what_nobody_typed() {
        assert_eq!(value(member("flavor_id"), "  "), Ok(None));
        assert_eq!(value(member("volumes_size"), "much"), Err(Said::Number));
        assert_eq!(listed(" a, ,b,"), ["a", "b"]);
    }
}
