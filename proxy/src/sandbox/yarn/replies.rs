//! The bodies of what the ResourceManager tells of the cluster as a whole, and the pieces of which others are made.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::super::made_up;
use super::dialect::Dialect;
use super::population::Counts;
use super::world::{Scene, Standing};

/// The least and the most memory, in MiB, and cores that a container may have.
pub(super) const MINIMUM: (u64, u64) = (1024, 1);
pub(super) const MAXIMUM: (u64, u64) = (16_384, 8);

/// A number as the service writes one of its precision; what is no number is written as text.
pub(super) fn float(number: f32) -> Value {
    if number.is_nan() {
        return json!("NaN");
    }
    // The shortest decimal that is this number, not the nearest one of twice the precision.
    json!(number.to_string().parse::<f64>().unwrap_or_default())
}

/// The members of an object.
pub(super) fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(members) = value { members } else { Map::new() }
}

/// What marks an amount of memory and cores in a document. Amounts are many and long, so they are spelled out in the
/// text; and nobody who writes to the service knows the mark.
static MARK: LazyLock<String> = LazyLock::new(|| format!("amount-{}-", made_up::key_id().unwrap_or_default()));

/// An amount of memory and cores.
pub(super) fn resource(memory: impl Into<i128>, cores: impl Into<i128>) -> Value {
    amount(memory.into(), cores.into(), false)
}

/// An amount that says between which bounds a container's lies.
pub(super) fn allocation(memory: u64, cores: u64) -> Value {
    amount(memory.into(), cores.into(), true)
}

/// The most that a container may have.
pub(super) fn maximum_allocation() -> Value {
    resource(MAXIMUM.0, MAXIMUM.1)
}

fn amount(memory: i128, cores: i128, bounded: bool) -> Value {
    Value::String(format!("{}{memory},{cores},{bounded}", *MARK))
}

/// A document's text with its amounts as a version writes them.
pub(super) fn spelled_out(text: &str, dialect: Dialect) -> String {
    let mark = format!("\"{}", *MARK);
    let mut whole = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(&mark) {
        let (amount, after) = after.split_once('"').unwrap_or((after, ""));
        let mut parts = amount.split(',');
        let mut next = || parts.next().unwrap_or_default();
        let (memory, cores, bounded) = (next(), next(), next() == "true");
        whole.push_str(before);
        spell(&mut whole, memory, cores, bounded, dialect);
        rest = after;
    }
    whole.push_str(rest);
    whole
}

fn spell(text: &mut String, memory: &str, cores: &str, bounded: bool, dialect: Dialect) {
    text.push_str(&format!("{{\"memory\":{memory},\"vCores\":{cores}"));
    if dialect != Dialect::V2 {
        let attributes = if dialect == Dialect::V3_4 { "\"attributes\":{}," } else { "" };
        let (least, most) = if bounded { (MINIMUM, MAXIMUM) } else { ((0, 0), (i64::MAX as u64, i64::MAX as u64)) };
        let one = |name, units, value, least, most| {
            format!(
                "{{{attributes}\"maximumAllocation\":{most},\"minimumAllocation\":{least},\"name\":\"{name}\",\
                 \"resourceType\":\"COUNTABLE\",\"units\":\"{units}\",\"value\":{value}}}"
            )
        };
        text.push_str(",\"resourceInformations\":{\"resourceInformation\":[");
        text.push_str(&one("memory-mb", "Mi", memory, least.0, most.0));
        text.push(',');
        text.push_str(&one("vcores", "", cores, least.1, most.1));
        text.push_str("]}");
    }
    text.push('}');
}

/// The cluster's information. Each ResourceManager of a pair tells of itself, also while it stands by.
pub(super) fn info(scene: &Scene<'_>, standing: Standing, started: i64) -> Value {
    let version = scene.dialect.version();
    let build = format!(
        "{version} from 0000000000000000000000000000000000000000 by sandbox source checksum 00000000000000000000000000000000"
    );
    let mut told = json!({
        "id": started,
        "startedOn": started,
        "state": "STARTED",
        "haState": if standing == Standing::Active { "ACTIVE" } else { "STANDBY" },
        "rmStateStoreName": "org.apache.hadoop.yarn.server.resourcemanager.recovery.NullRMStateStore",
        "resourceManagerVersion": version,
        "resourceManagerBuildVersion": build,
        "resourceManagerVersionBuiltOn": "2026-01-02T03:04Z",
        "hadoopVersion": version,
        "hadoopBuildVersion": build,
        "hadoopVersionBuiltOn": "2026-01-02T03:00Z",
    });
    if scene.dialect != Dialect::V2
        && let Some(members) = told.as_object_mut()
    {
        let none = "Could not find leader elector. Verify both HA and automatic failover are enabled.";
        members.insert("haZooKeeperConnectionState".to_owned(), json!(none));
    }
    json!({"clusterInfo": told})
}

/// How many applications there are of a type, by state.
pub(super) fn statistics(counts: &BTreeMap<String, u64>, kind: &str, dialect: Dialect) -> Value {
    let items = counts.iter().map(|(state, count)| {
        let state = if dialect == Dialect::V2 { state.to_lowercase() } else { state.clone() };
        json!({"state": state, "type": kind, "count": count})
    });
    json!({"appStatInfo": {"statItem": items.collect::<Vec<_>>()}})
}

/// The cluster's metrics.
pub(super) fn metrics(scene: &Scene<'_>, counts: Counts) -> Value {
    let (memory, cores) = scene.nodes.capacity();
    let held = scene.usage.all;
    let nodes = |state| scene.nodes.in_state(state, scene.dialect);
    let mut told = json!({
        "appsSubmitted": counts.submitted,
        "appsCompleted": counts.finished,
        "appsPending": counts.pending,
        "appsRunning": counts.running,
        "appsFailed": counts.failed,
        "appsKilled": counts.killed,
        "reservedMB": 0,
        "availableMB": memory as i64 - held.memory as i64,
        "allocatedMB": held.memory,
        "reservedVirtualCores": 0,
        "availableVirtualCores": cores as i64 - held.cores as i64,
        "allocatedVirtualCores": held.cores,
        "containersAllocated": held.containers,
        "containersReserved": 0,
        "containersPending": held.waiting,
        "totalMB": memory,
        "totalVirtualCores": cores,
        "totalNodes": scene.nodes.count(),
        "lostNodes": nodes("LOST"),
        "unhealthyNodes": nodes("UNHEALTHY"),
        "decommissionedNodes": nodes("DECOMMISSIONED"),
        "rebootedNodes": nodes("REBOOTED"),
        "activeNodes": nodes("RUNNING"),
    });
    if scene.dialect != Dialect::V2
        && let Some(members) = told.as_object_mut()
    {
        let newer = json!({
            "pendingMB": held.pending_memory,
            "pendingVirtualCores": held.pending_cores,
            "utilizedMB": held.memory / 2,
            // Below zero on healthy nodes of real clusters too.
            "utilizedVirtualCores": -4,
            "utilizedMBPercent": held.memory * 50 / memory.max(1),
            "utilizedVirtualCoresPercent": -50,
            "rmSchedulerBusyPercent": 1,
            "decommissioningNodes": nodes("DECOMMISSIONING"),
            "shutdownNodes": nodes("SHUTDOWN"),
            "containerAssignedPerSecond": 0,
            "totalUsedResourcesAcrossPartition": resource(held.memory, held.cores),
            "totalClusterResourcesAcrossPartition": resource(memory, cores),
            "totalReservedResourcesAcrossPartition": resource(0, 0),
            "totalAllocatedContainersAcrossPartition": held.containers,
            "crossPartitionMetricsAvailable": true,
            "rmEventQueueSize": 0,
            "schedulerEventQueueSize": 0,
        });
        members.extend(object(newer));
    }
    json!({"clusterMetrics": told})
}

/// A new id, and what may be asked for.
pub(super) fn new_application(id: &str, dialect: Dialect) -> Value {
    let maximum = match dialect {
        // Seen on 2.4.
        Dialect::V2 => json!({"memory": MAXIMUM.0.to_string(), "vCores": MAXIMUM.1.to_string()}),
        _ => maximum_allocation(),
    };
    json!({"application-id": id, "maximum-resource-capability": maximum})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_spelled_out_as_the_version_does() {
        let document = json!({"a": resource(1u64, -2i64), "b": allocation(0, 0), "c": "amount-1,2,true"});
        let text = |dialect| serde_json::from_str::<Value>(&spelled_out(&document.to_string(), dialect)).unwrap();
        let old = text(Dialect::V2);
        assert_eq!((&old["a"], &old["c"]), (&json!({"memory": 1, "vCores": -2}), &document["c"]));
        for (dialect, attributes) in [(Dialect::V3_4, true), (Dialect::V3_5, false)] {
            let told = text(dialect);
            let one = &told["a"]["resourceInformations"]["resourceInformation"][1];
            assert_eq!((&one["value"], &one["maximumAllocation"]), (&json!(-2), &json!(i64::MAX)));
            assert_eq!(one.get("attributes").is_some(), attributes);
            assert_eq!(told["b"]["resourceInformations"]["resourceInformation"][0]["maximumAllocation"], MAXIMUM.0);
        }
    }
}
