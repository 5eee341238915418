//! What is typed on the page that scales a cluster: what it comes to, and what is wrong with it.

use std::collections::BTreeMap;

use howdah_shared::systems::savanna::{ClusterScaling, Dialect, GroupSize, NodeGroupRequest, Rule, fits_host};
use serde::{Deserialize, Serialize};

use super::refusal::{self, speaks_of};
use crate::kept::{keep_draft, kept_draft};

/// A group that the cluster has.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Group {
    /// Its name.
    pub(super) name: String,
    /// How many nodes it has.
    pub(super) now: i64,
    /// How many it is to have, as typed.
    pub(super) typed: String,
}

/// A group that it is to get.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct New {
    /// The id of its template.
    pub(super) template: String,
    /// Its name.
    pub(super) name: String,
    /// How many nodes it is to have, as typed.
    pub(super) count: String,
}

/// All that is typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Form {
    /// The groups that there are.
    pub(super) groups: Vec<Group>,
    /// The new ones.
    pub(super) added: Vec<New>,
}

/// What is typed and not sent yet, as it is kept through a reload.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Draft {
    /// The groups whose counts are to be others, with what is typed.
    pub(super) counts: BTreeMap<String, String>,
    /// The new ones.
    pub(super) added: Vec<New>,
}

impl Draft {
    /// Keeps it at a place, where there is something in it.
    pub(super) fn keep(&self, place: &str) {
        keep_draft(place, (*self != Draft::default()).then_some(self));
    }

    /// The one that is kept at a place.
    pub(super) fn kept(place: &str) -> Option<Draft> {
        kept_draft(place)
    }
}

/// A field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    /// The count of a group.
    Count(usize),
    /// The template of a new one.
    NewTemplate(usize),
    /// Its name.
    NewName(usize),
    /// Its count.
    NewCount(usize),
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// It breaks a rule of the service.
    Rule(Rule),
    /// It is no number.
    NoNumber,
    /// No template is chosen.
    NoTemplate,
    /// A new group without nodes is none.
    NoNodes,
    /// What the service said of it.
    Said(String),
}

fn number(text: &str) -> Option<i64> {
    text.trim().parse().ok()
}

impl Form {
    /// What is not as it was.
    pub(super) fn draft(&self) -> Draft {
        let changed = self.groups.iter().filter(|group| number(&group.typed) != Some(group.now));
        let counts = changed.map(|group| (group.name.clone(), group.typed.clone())).collect();
        Draft { counts, added: self.added.clone() }
    }

    /// What is sent: the groups whose counts change, and the new ones.
    pub(super) fn scaling(&self) -> ClusterScaling {
        self.numbered().0
    }

    /// The same, with the place in the form of each group that is resized.
    fn numbered(&self) -> (ClusterScaling, Vec<usize>) {
        let changed = self.groups.iter().enumerate().filter_map(|(at, group)| {
            let count = number(&group.typed)?;
            (count != group.now).then(|| (at, GroupSize { name: group.name.clone(), count }))
        });
        let (places, sizes): (Vec<usize>, Vec<GroupSize>) = changed.unzip();
        let added: Vec<NodeGroupRequest> = self.added.iter().map(New::request).collect();
        let body = ClusterScaling {
            resize_node_groups: (!sizes.is_empty()).then_some(sizes),
            add_node_groups: (!added.is_empty()).then_some(added),
        };
        (body, places)
    }

    /// What is wrong, by field.
    pub(super) fn faults(&self, cluster: &str, dialect: Dialect) -> BTreeMap<Field, Why> {
        let mut faults = BTreeMap::new();
        let (body, places) = self.numbered();
        for fault in body.faults(dialect) {
            if let Some(field) = at(&parts(&fault.field), &places) {
                faults.entry(field).or_insert(Why::Rule(fault.rule));
            }
        }
        for (at, group) in self.groups.iter().enumerate() {
            match number(&group.typed) {
                None => drop(faults.insert(Field::Count(at), Why::NoNumber)),
                Some(count) if count > group.now && !fits_host(cluster, &group.name, count) => {
                    faults.insert(Field::Count(at), Why::Rule(Rule::HostName));
                }
                Some(_) => {}
            }
        }
        for (at, new) in self.added.iter().enumerate() {
            if new.template.is_empty() {
                faults.insert(Field::NewTemplate(at), Why::NoTemplate);
                // With the template comes a name.
                if new.name.is_empty() {
                    faults.remove(&Field::NewName(at));
                }
            }
            if self.groups.iter().any(|group| group.name == new.name) {
                faults.insert(Field::NewName(at), Why::Rule(Rule::GroupTwice));
            }
            match number(&new.count) {
                None => drop(faults.insert(Field::NewCount(at), Why::NoNumber)),
                Some(0) => drop(faults.insert(Field::NewCount(at), Why::NoNodes)),
                Some(count) if !fits_host(cluster, &new.name, count) => {
                    faults.entry(Field::NewName(at)).or_insert(Why::Rule(Rule::HostName));
                }
                Some(_) => {}
            }
        }
        faults
    }

    /// Whether nothing would change.
    pub(super) fn is_idle(&self) -> bool {
        let (body, _) = self.numbered();
        body == ClusterScaling::default()
    }

    /// What would be otherwise: the group, its count now (`None` for a new one) and then.
    pub(super) fn changes(&self) -> Vec<(String, Option<i64>, i64)> {
        let of_group = |group: &Group| {
            let count = number(&group.typed)?;
            (count != group.now).then(|| (group.name.clone(), Some(group.now), count))
        };
        let named = |new: &New| if new.name.is_empty() { "…".to_owned() } else { new.name.clone() };
        let of_new = |new: &New| Some((named(new), None, number(&new.count)?));
        self.groups.iter().filter_map(of_group).chain(self.added.iter().filter_map(of_new)).collect()
    }

    /// How many nodes there would be in all.
    pub(super) fn nodes(&self) -> i64 {
        let groups = self.groups.iter().map(|group| number(&group.typed).unwrap_or(group.now));
        groups.chain(self.added.iter().map(|new| number(&new.count).unwrap_or(0))).sum()
    }

    /// The groups that would become less.
    pub(super) fn shrinks(&self) -> bool {
        self.groups.iter().any(|group| number(&group.typed).is_some_and(|count| count < group.now))
    }

    /// The field that a refusal of the service speaks of, where it speaks of one.
    pub(super) fn named(&self, said: &str) -> Option<Field> {
        let (_, places) = self.numbered();
        let place = said.lines().find_map(refusal::named);
        if let Some(field) = place.and_then(|place| at(&parts(&place), &places)) {
            return Some(field);
        }
        let new = self.added.iter().position(|new| speaks_of(said, &new.name)).map(Field::NewName);
        let group = || self.groups.iter().position(|group| speaks_of(said, &group.name)).map(Field::Count);
        new.or_else(group)
    }
}

impl New {
    fn request(&self) -> NodeGroupRequest {
        NodeGroupRequest {
            name: self.name.trim().to_owned(),
            count: number(&self.count).unwrap_or_default(),
            node_group_template_id: Some(self.template.clone()).filter(|id| !id.is_empty()),
            ..NodeGroupRequest::default()
        }
    }
}

/// The parts of `add_node_groups[0].name`.
fn parts(field: &str) -> Vec<&str> {
    field.split(['[', ']', '.']).filter(|part| !part.is_empty()).collect()
}

/// The field of a member of the body.
fn at(parts: &[&str], places: &[usize]) -> Option<Field> {
    let [list, number, rest @ ..] = parts else { return None };
    let number = number.parse::<usize>().ok()?;
    match *list {
        "resize_node_groups" => places.get(number).copied().map(Field::Count),
        "add_node_groups" => Some(match rest.first() {
            Some(&"count") => Field::NewCount(number),
            Some(&"node_group_template_id" | &"flavor_id" | &"node_processes") => Field::NewTemplate(number),
            _ => Field::NewName(number),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "79c25040-9c1f-40fc-97e3-4fe3b9dc1291";

    fn group(name: &str, now: i64, typed: &str) -> Group {
        Group { name: name.to_owned(), now, typed: typed.to_owned() }
    }

    fn new(name: &str, count: &str) -> New {
        New { template: TEMPLATE.to_owned(), name: name.to_owned(), count: count.to_owned() }
    }

    #[test]
    fn only_what_changes_is_sent() {
        let form = Form { groups: vec![group("master", 1, "1"), group("worker", 3, " 5 ")], added: Vec::new() };
        let sent = serde_json::to_value(form.scaling()).unwrap();
        assert_eq!(sent, serde_json::json!({"resize_node_groups": [{"name": "worker", "count": 5}]}));
        assert_eq!(form.changes(), [("worker".to_owned(), Some(3), 5)]);
        assert_eq!((form.nodes(), form.shrinks(), form.is_idle()), (6, false, false));
        assert!(form.faults("night", Dialect::Today).is_empty());
    }

    #[test]
    fn each_fault_stands_at_its_field() {
        let form = Form {
            groups: vec![group("master", 1, "x"), group("gone", 2, "2"), group("worker", 3, "-1")],
            added: vec![new("worker", "1"), New::default(), new("1st", "0"), new("extra", "2")],
        };
        let faults: Vec<_> = form.faults("night", Dialect::Today).into_iter().collect();
        assert_eq!(
            faults,
            [
                (Field::Count(0), Why::NoNumber),
                (Field::Count(2), Why::Rule(Rule::Count)),
                (Field::NewTemplate(1), Why::NoTemplate),
                (Field::NewName(0), Why::Rule(Rule::GroupTwice)),
                (Field::NewName(2), Why::Rule(Rule::Name)),
                (Field::NewCount(1), Why::NoNumber),
                (Field::NewCount(2), Why::NoNodes),
            ]
        );
    }

    #[test]
    fn what_is_as_it_was_is_no_draft() {
        let groups = vec![group("master", 1, " 1"), group("worker", 3, "x")];
        let draft = Form { groups, added: vec![new("big", "1")] }.draft();
        assert_eq!(draft.counts, BTreeMap::from([("worker".to_owned(), "x".to_owned())]));
        let text = serde_json::to_string(&draft).unwrap();
        assert_eq!(serde_json::from_str::<Draft>(&text).unwrap(), draft);
        let same = Form { groups: vec![group("master", 1, "1")], added: Vec::new() };
        assert_eq!(same.draft(), Draft::default());
    }

    #[test]
    fn a_name_that_machines_cannot_have_is_told_before_it_is_sent() {
        let form = Form { groups: vec![group("worker", 3, "4")], added: Vec::new() };
        assert_eq!(form.faults(&"n".repeat(50), Dialect::Today)[&Field::Count(0)], Why::Rule(Rule::HostName));
    }

    #[test]
    fn a_refusal_is_shown_at_the_field_that_it_names() {
        let form =
            Form { groups: vec![group("master", 1, "1"), group("worker", 3, "9")], added: vec![new("big", "1")] };
        let count = "resize_node_groups[0][count]: -1 is less than the minimum of 0";
        assert_eq!(form.named(count), Some(Field::Count(1)));
        assert_eq!(form.named("add_node_groups[0][name]: it is not"), Some(Field::NewName(0)));
        assert_eq!(form.named("Chosen node group worker cannot be scaled"), Some(Field::Count(1)));
        assert_eq!(form.named("Cluster already has nodegroup with name 'big'"), Some(Field::NewName(0)));
        assert_eq!(form.named("Quota exceeded for RAM: Requested 2, but available 1"), None);
    }
}
