//! What the form that adds nodes comes to.

use howdah_shared::systems::cyclecloud::{Attributes, Definition, NodeCreationRequest, NodeSet, Rule};
use serde_json::{Map, Value};

use super::fit::number;

/// What is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Form {
    /// The node array.
    pub(super) array: String,
    /// The machine type; empty for the first that has a place.
    pub(super) machine: String,
    /// How many.
    pub(super) count: String,
    /// What is counted.
    pub(super) unit: Unit,
    /// How they are named.
    pub(super) format: String,
    /// What their numbers begin after.
    pub(super) offset: String,
    /// The placement group.
    pub(super) group: String,
    /// Attributes, as a JSON object.
    pub(super) attributes: String,
}

/// What is counted. What is sent are nodes: the service takes no others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Unit {
    /// Nodes.
    #[default]
    Nodes,
    /// Cores, with how many a node has where that is known.
    Cores(Option<i64>),
}

/// Where something is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    Array,
    Count,
    Format,
    Offset,
    Attributes,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// It is no whole number.
    NoNumber,
    /// How many cores a node has depends on its machine type, and none is chosen.
    NoMachine,
    /// It is no JSON object.
    NoObject,
    /// It breaks a rule of the service.
    Rule(Rule),
}

impl Form {
    /// What is sent, but for the id of the request; what cannot be read is left out.
    pub(super) fn body(&self) -> NodeCreationRequest {
        let told = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let set = NodeSet {
            count: self.nodes().unwrap_or_default(),
            nodearray: self.array.clone(),
            definition: told(&self.machine).map(|machine| Definition { machine_type: Some(machine) }),
            name_format: told(&self.format),
            name_offset: told(&self.offset).and_then(|offset| number(&offset)),
            node_attributes: self.attributes().ok().flatten().map(Attributes),
            placement_group_id: told(&self.group),
        };
        NodeCreationRequest { request_id: None, sets: vec![set] }
    }

    /// How many nodes: of cores as many as have at least so many.
    pub(super) fn nodes(&self) -> Result<i64, Why> {
        let count = number(&self.count).ok_or(Why::NoNumber)?;
        match self.unit {
            Unit::Nodes => Ok(count),
            Unit::Cores(each) => {
                let each = each.filter(|each| *each > 0).ok_or(Why::NoMachine)?;
                let beyond = count.checked_add(each - 1).ok_or(Why::NoNumber)?;
                Ok(beyond.div_euclid(each))
            }
        }
    }

    fn attributes(&self) -> Result<Option<Map<String, Value>>, Why> {
        match self.attributes.trim() {
            "" => Ok(None),
            text => match serde_json::from_str(text) {
                Ok(Value::Object(members)) => Ok(Some(members).filter(|members| !members.is_empty())),
                _ => Err(Why::NoObject),
            },
        }
    }

    /// What is wrong.
    pub(super) fn faults(&self) -> Vec<(At, Why)> {
        let mut faults = Vec::new();
        if let Err(why) = self.nodes() {
            faults.push((At::Count, why));
        }
        if !self.offset.trim().is_empty() && number(&self.offset).is_none() {
            faults.push((At::Offset, Why::NoNumber));
        }
        if let Err(why) = self.attributes() {
            faults.push((At::Attributes, why));
        }
        for fault in self.body().faults() {
            let at = match fault.field.rsplit('.').next().unwrap_or_default() {
                "count" => At::Count,
                "nameFormat" => At::Format,
                "nameOffset" => At::Offset,
                _ => At::Array,
            };
            if faults.iter().all(|(other, _)| *other != at) {
                faults.push((at, Why::Rule(fault.rule)));
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form(change: impl Fn(&mut Form)) -> Form {
        let mut form = Form { array: "execute".into(), count: "3".into(), ..Form::default() };
        change(&mut form);
        form
    }

    #[test]
    fn what_is_left_empty_is_not_sent() {
        let sent = serde_json::to_value(form(|_| ()).body()).unwrap();
        assert_eq!(sent, json!({"sets": [{"count": 3, "nodearray": "execute"}]}));
        let whole = form(|form| {
            form.machine = "Standard_F32s_v2".into();
            form.format = "night-%d".into();
            form.offset = "10".into();
            form.group = "pg0".into();
            form.attributes = r#"{"Tags": {"team": "b"}}"#.into();
        });
        let expected = json!({"sets": [{
            "count": 3, "nodearray": "execute", "definition": {"machineType": "Standard_F32s_v2"},
            "nameFormat": "night-%d", "nameOffset": 10, "placementGroupId": "pg0",
            "nodeAttributes": {"Tags": {"team": "b"}},
        }]});
        assert_eq!(serde_json::to_value(whole.body()).unwrap(), expected);
        assert!(whole.faults().is_empty());
    }

    #[test]
    fn cores_are_sent_as_the_nodes_that_have_at_least_so_many() {
        let nodes = |cores: &str, each| {
            let form = form(|form| {
                form.count = cores.into();
                form.unit = Unit::Cores(each);
            });
            (form.body().sets[0].count, form.faults())
        };
        assert_eq!(nodes("96", Some(32)), (3, vec![]));
        assert_eq!(nodes("97", Some(32)), (4, vec![]));
        assert_eq!(nodes("1", Some(32)), (1, vec![]));
        for none in ["0", "-1", "-64"] {
            assert_eq!(nodes(none, Some(32)).1, [(At::Count, Why::Rule(Rule::Count))], "{none}");
        }
        assert_eq!(nodes("96", None).1, [(At::Count, Why::NoMachine)]);
        assert_eq!(nodes("9223372036854775807", Some(32)).1, [(At::Count, Why::NoNumber)]);
    }

    #[test]
    fn what_is_wrong_is_said_where_it_is() {
        assert_eq!(form(|form| form.count = "many".into()).faults(), [(At::Count, Why::NoNumber)]);
        assert_eq!(form(|form| form.count = "0".into()).faults(), [(At::Count, Why::Rule(Rule::Count))]);
        assert_eq!(form(|form| form.array.clear()).faults(), [(At::Array, Why::Rule(Rule::Missing))]);
        assert_eq!(form(|form| form.format = "night".into()).faults(), [(At::Format, Why::Rule(Rule::NameFormat))]);
        assert_eq!(form(|form| form.offset = "2".into()).faults(), [(At::Offset, Why::Rule(Rule::OffsetAlone))]);
        assert_eq!(form(|form| form.attributes = "[1]".into()).faults(), [(At::Attributes, Why::NoObject)]);
    }
}
