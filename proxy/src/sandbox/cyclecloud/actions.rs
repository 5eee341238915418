//! What is done with nodes: adding them, and starting and ending those that there are.

use howdah_shared::systems::cyclecloud::{Node as Record, filter::Filter};
use serde_json::{Map, Value, json};

use super::errors::Refused;
use super::nodes::Way;
use super::world::World;

/// What is to be done with nodes that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Deallocate,
    Remove,
    Shutdown,
    Start,
    Terminate,
}

impl Action {
    fn word(self) -> &'static str {
        match self {
            Action::Deallocate => "deallocate",
            Action::Remove => "remove",
            Action::Shutdown => "shutdown",
            Action::Start => "start",
            Action::Terminate => "terminate",
        }
    }
}

/// A part of a request that asks for nodes of an array.
struct Wanted<'a> {
    count: i64,
    array: &'a str,
    machine: Option<&'a str>,
    format: Option<&'a str>,
    offset: i64,
    group: Option<&'a str>,
    attributes: Map<String, Value>,
}

/// The members of a body, which is an object with none but these.
fn members<'a>(body: &'a Value, known: &[&str]) -> Result<&'a Map<String, Value>, Refused> {
    let members = body.as_object().ok_or_else(|| Refused::conflict("Invalid input: an object is expected"))?;
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(Refused::conflict(format!("Invalid input: there is no {name}"))),
        None => Ok(members),
    }
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, Refused> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Refused::conflict(format!("Invalid input: {name} must be a string"))),
    }
}

fn read(body: &[u8]) -> Result<Value, Refused> {
    serde_json::from_slice(body).map_err(|error| Refused::conflict(format!("Invalid input: {error}")))
}

impl<'a> Wanted<'a> {
    fn read(set: &'a Value) -> Result<Wanted<'a>, Refused> {
        const KNOWN: &[&str] =
            &["count", "nodearray", "definition", "nameFormat", "nameOffset", "nodeAttributes", "placementGroupId"];
        let wrong = |what: &str| Refused::conflict(format!("Invalid input: {what}"));
        let set = members(set, KNOWN)?;
        let count = set.get("count").and_then(Value::as_i64).filter(|count| *count > 0);
        let machine = match set.get("definition") {
            None => None,
            Some(definition) => text(members(definition, &["machineType"])?, "machineType")?,
        };
        let attributes = match set.get("nodeAttributes") {
            None => Map::new(),
            Some(Value::Object(attributes)) => attributes.clone(),
            Some(_) => return Err(wrong("nodeAttributes must be a record")),
        };
        Ok(Wanted {
            count: count.ok_or_else(|| wrong("count must be a positive number"))?,
            array: text(set, "nodearray")?.ok_or_else(|| wrong("nodearray is required"))?,
            machine,
            format: text(set, "nameFormat")?,
            offset: set.get("nameOffset").and_then(Value::as_i64).unwrap_or(0),
            group: text(set, "placementGroupId")?,
            attributes,
        })
    }
}

impl World {
    pub(super) fn create(&mut self, cluster: &str, body: &[u8]) -> Result<(String, Value), Refused> {
        let at = self.at(cluster)?;
        let body = read(body)?;
        let given = members(&body, &["requestId", "sets"])?;
        let request = text(given, "requestId")?.map(str::to_owned);
        self.check_request(request.as_deref())?;
        let sets = given.get("sets").and_then(Value::as_array).filter(|sets| !sets.is_empty());
        let sets = sets.ok_or_else(|| Refused::conflict("Invalid input: at least one set is required"))?;
        let wanted: Vec<Wanted> = sets.iter().map(Wanted::read).collect::<Result<_, _>>()?;
        // All of them are looked at before any is begun.
        for one in &wanted {
            self.kind_of(at, one)?;
        }
        let (mut told, mut made) = (Vec::new(), Vec::new());
        for one in &wanted {
            let (added, message) = self.add(at, one, request.as_deref(), &mut made)?;
            let mut set = json!({"added": added});
            if let Some(message) = message {
                set["message"] = message.into();
            }
            told.push(set);
        }
        let operation = self.operate("create", cluster, request, made);
        Ok((operation.clone(), json!({"operationId": operation, "sets": told})))
    }

    /// The places of an array and of the kind that is meant: the first that fits what is told.
    fn kind_of(&self, at: usize, wanted: &Wanted<'_>) -> Result<(usize, usize), Refused> {
        let arrays = &self.clusters[at].arrays;
        let array = arrays
            .iter()
            .position(|array| array.spec.name == wanted.array)
            .ok_or_else(|| Refused::conflict(format!("Invalid input: there is no nodearray {}", wanted.array)))?;
        let mut kinds = arrays[array].spec.kinds.iter();
        let fits = |name: &str| wanted.machine.is_none_or(|machine| machine == name);
        let kind = kinds.position(|kind| kind.invalid.is_empty() && fits(kind.machine.name));
        let kind = kind.ok_or_else(|| {
            Refused::conflict(format!("Invalid input: no bucket of {} fits the definition", wanted.array))
        })?;
        Ok((array, kind))
    }

    /// Adds as many nodes as may be, and says why not all of them.
    fn add(
        &mut self,
        at: usize,
        wanted: &Wanted<'_>,
        request: Option<&str>,
        made: &mut Vec<String>,
    ) -> Result<(i64, Option<String>), Refused> {
        let now = self.clock.life();
        let (array, kind) = self.kind_of(at, wanted)?;
        let cluster = &self.clusters[at];
        let (spec, machine) = (cluster.arrays[array].spec, cluster.arrays[array].spec.kinds[kind].machine);
        let kind = &spec.kinds[kind];
        let limits = self.limits(cluster, &cluster.arrays[array], kind, now);
        let (mut added, mut binding) = (wanted.count.min(limits.available), limits.binding);
        if let Some(group) = wanted.group {
            let held = cluster.nodes.iter().filter(|node| node.group.as_deref() == Some(group)).count() as i64;
            if spec.group - held < added {
                added = (spec.group - held).max(0);
                binding = format!("the placement group's limit of {} nodes", spec.group);
            }
        }
        let works = cluster
            .nodes
            .iter()
            .filter(|node| {
                node.template == spec.name && node.machine.name == kind.machine.name && matches!(node.way, Way::Up(_))
            })
            .count();
        let mut number = wanted.offset;
        for place in 0..usize::try_from(added).unwrap_or(0) {
            let format = wanted.format.map_or_else(|| format!("{}-%d", spec.name), str::to_owned);
            let name = loop {
                number += 1;
                let name = named(&format, number);
                if self.clusters[at].nodes.iter().all(|node| node.name != name) {
                    break name;
                }
                // A name without a number is one node's alone.
                if !format.contains('%') {
                    return Err(Refused::conflict(format!("Invalid input: there is a node {name} already")));
                }
            };
            let mut node = self.new_node(&name, spec.name, machine);
            if kind.capacity.is_some_and(|capacity| works + place >= capacity) {
                node.way = Way::Failing(now);
            }
            node.spot = spec.spot;
            node.shutdown = spec.shutdown;
            node.group = wanted.group.map(str::to_owned);
            node.request = request.map(str::to_owned);
            node.attributes = wanted.attributes.clone();
            made.push(node.id.clone());
            self.clusters[at].nodes.push(node);
        }
        let message = (added < wanted.count)
            .then(|| format!("Only {added} of {} nodes could be added: {binding} is reached", wanted.count));
        Ok((added, message))
    }

    /// Adds what is missing of a total, once.
    pub(super) fn scale(&mut self, cluster: &str, array: &str, query: &str) -> Result<(String, Value), Refused> {
        let at = self.at(cluster)?;
        let now = self.clock.life();
        let total = |name: &str| {
            let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
            let wrong = || Refused::conflict(format!("Invalid input: {name} must be a number"));
            value.map(|value| value.parse::<i64>().map_err(|_| wrong())).transpose()
        };
        let totals = (total("totalCoreCount")?, total("totalNodeCount")?);
        let wanted = |count| Wanted {
            count,
            array,
            machine: None,
            format: None,
            offset: 0,
            group: None,
            attributes: Map::new(),
        };
        let (place, kind) = self.kind_of(at, &wanted(1))?;
        let cores = self.clusters[at].arrays[place].spec.kinds[kind].machine.cores;
        let nodes = self.clusters[at].nodes.iter().filter(|node| node.template == array && node.is_active(now));
        let held = nodes.fold((0, 0), |(nodes, cores), node| (nodes + 1, cores + node.machine.cores));
        let missing = match totals {
            (Some(total), None) => ((total - held.1).max(0) + cores - 1) / cores,
            (None, Some(total)) => (total - held.0).max(0),
            _ => return Err(Refused::conflict("Invalid input: exactly one of totalCoreCount and totalNodeCount")),
        };
        let mut made = Vec::new();
        let (added, message) = match missing {
            0 => (0, None),
            missing => self.add(at, &wanted(missing), None, &mut made)?,
        };
        let operation = self.operate("create", cluster, None, made);
        let mut set = json!({"added": added});
        if let Some(message) = message {
            set["message"] = message.into();
        }
        Ok((operation.clone(), json!({"operationId": operation, "sets": [set]})))
    }

    /// Does something with all nodes that any of the members selects.
    pub(super) fn manage(&mut self, action: Action, cluster: &str, body: &[u8]) -> Result<(String, Value), Refused> {
        const LISTS: [&str; 4] = ["ids", "names", "hostnames", "ip_addresses"];
        let at = self.at(cluster)?;
        let (now, now_ms) = (self.clock.life(), self.clock.now_ms());
        let body = read(body)?;
        let given = members(&body, &["filter", "hostnames", "ids", "ip_addresses", "names", "requestId"])?;
        let request = text(given, "requestId")?.map(str::to_owned);
        self.check_request(request.as_deref())?;
        let list = |name: &str| match given.get(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => Ok(items.iter().filter_map(Value::as_str).collect::<Vec<_>>()),
            Some(_) => Err(Refused::conflict(format!("Invalid input: {name} must be a list"))),
        };
        let [ids, names, hostnames, addresses] = [list(LISTS[0])?, list(LISTS[1])?, list(LISTS[2])?, list(LISTS[3])?];
        let filter = text(given, "filter")?;
        if filter.is_none() && [&ids, &names, &hostnames, &addresses].iter().all(|list| list.is_empty()) {
            return Err(Refused::conflict("Invalid input: no nodes are specified"));
        }
        let filter = filter.map(Filter::parse).transpose();
        let filter = filter.map_err(|wrong| Refused::conflict(format!("Invalid input: filter: {wrong}")))?;
        let (mut told, mut done) = (Vec::new(), Vec::new());
        for node in &mut self.clusters[at].nodes {
            let matches = |filter: &Filter| match node.record(cluster, now, now_ms) {
                Value::Object(record) => filter.matches(&Record(record)),
                _ => false,
            };
            let meant = ids.contains(&node.id.as_str())
                || names.contains(&node.name.as_str())
                || hostnames.contains(&node.hostname().as_str())
                || addresses.contains(&node.address().as_str())
                || filter.as_ref().is_some_and(matches);
            if !meant {
                continue;
            }
            let way = match action {
                Action::Start => Way::Up(now),
                Action::Deallocate => Way::Deallocated(now),
                Action::Shutdown if node.shutdown == "Deallocate" => Way::Deallocated(now),
                _ => Way::Terminated(now),
            };
            let wrong = match action {
                Action::Start if node.is_up() => Some("This node is already started"),
                Action::Start if node.is_active(now) => Some("This node cannot be started until it has stopped"),
                Action::Start => None,
                _ if node.keeps_alive() => Some("This node is set to be kept alive"),
                Action::Remove if node.fixed && node.is_up() => {
                    Some("This node must be terminated before it can be removed")
                }
                Action::Deallocate if !node.is_up() => Some("This node is not started"),
                _ => None,
            };
            let mut result = json!({"id": node.id, "name": node.name, "status": "OK"});
            match wrong {
                Some(why) => {
                    result["status"] = "Error".into();
                    result["error"] = why.into();
                }
                None => {
                    // What is off stays so.
                    if action == Action::Start || node.way != Way::Off {
                        node.way = way;
                    }
                    done.push(node.id.clone());
                }
            }
            told.push(result);
        }
        let operation = self.operate(action.word(), cluster, request, done);
        Ok((operation.clone(), json!({"operationId": operation, "nodes": told})))
    }
}

/// A name by its format: `%d` or `%03d` for the number.
fn named(format: &str, number: i64) -> String {
    let Some((before, after)) = format.split_once('%') else { return format.to_owned() };
    let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (width, after) = after.split_at(digits);
    let width = width.parse::<usize>().unwrap_or(0).min(20);
    format!("{before}{number:0width$}{}", after.strip_prefix('d').unwrap_or(after))
}
