//! The bodies of the ResourceManager's replies, in the dialect of version 3.4.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::clock::Clock;
use super::applications::{Application, Schedule, State};

const MEMORY_OF_CONTAINER: u64 = 2048;
const MEMORY_OF_NODE: u64 = 65_536;
const CORES_OF_NODE: u64 = 32;

/// The error body.
pub(super) fn remote_exception(exception: &str, message: &str) -> Value {
    let package = match exception {
        "IllegalArgumentException" => "java.lang",
        "NotAllowedException" => "javax.ws.rs",
        _ => "org.apache.hadoop.yarn.webapp",
    };
    json!({"RemoteException": {
        "exception": exception,
        "message": message,
        "javaClassName": format!("{package}.{exception}"),
    }})
}

/// The cluster's information.
pub(super) fn info(clock: Clock, schedule: Schedule) -> Value {
    let started = clock.wall_ms(schedule.birth());
    let build = "3.4.2 from 0000000000000000000000000000000000000000 by sandbox source checksum 00000000000000000000000000000000";
    json!({"clusterInfo": {
        "id": started,
        "startedOn": started,
        "state": "STARTED",
        "haState": "ACTIVE",
        "rmStateStoreName": "org.apache.hadoop.yarn.server.resourcemanager.recovery.NullRMStateStore",
        "resourceManagerVersion": "3.4.2",
        "resourceManagerBuildVersion": build,
        "resourceManagerVersionBuiltOn": "2026-01-02T03:04Z",
        "hadoopVersion": "3.4.2",
        "hadoopBuildVersion": build,
        "hadoopVersionBuiltOn": "2026-01-02T03:00Z",
        "haZooKeeperConnectionState": "automatic failover is off",
    }})
}

/// Counts of applications by what has become of them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) submitted: u64,
    pub(super) pending: u64,
    pub(super) running: u64,
    pub(super) finished: u64,
    pub(super) failed: u64,
    pub(super) killed: u64,
    /// Containers of the running ones.
    pub(super) containers: u64,
}

/// How many applications there are of a type, by state.
pub(super) fn statistics(counts: &BTreeMap<&str, u64>, kind: &str) -> Value {
    let items = counts.iter().map(|(state, count)| json!({"state": state, "type": kind, "count": count}));
    json!({"appStatInfo": {"statItem": items.collect::<Vec<_>>()}})
}

/// The cluster's metrics.
pub(super) fn metrics(counts: Counts, schedule: Schedule) -> Value {
    // Nodes for twenty containers of each application that is expected to run, and some to spare.
    let nodes = 8 + schedule.keep.div_ceil(20);
    let (total_mb, total_cores) = (nodes * MEMORY_OF_NODE, nodes * CORES_OF_NODE);
    let (mb, cores) = (counts.containers * MEMORY_OF_CONTAINER, counts.containers);
    json!({"clusterMetrics": {
        "appsSubmitted": counts.submitted,
        "appsCompleted": counts.finished,
        "appsPending": counts.pending,
        "appsRunning": counts.running,
        "appsFailed": counts.failed,
        "appsKilled": counts.killed,
        "reservedMB": 0,
        "availableMB": total_mb as i64 - mb as i64,
        "allocatedMB": mb,
        "pendingMB": counts.pending * MEMORY_OF_CONTAINER,
        "reservedVirtualCores": 0,
        "availableVirtualCores": total_cores as i64 - cores as i64,
        "allocatedVirtualCores": cores,
        "pendingVirtualCores": counts.pending,
        "containersAllocated": counts.containers,
        "containersReserved": 0,
        "containersPending": counts.pending,
        "totalMB": total_mb,
        "utilizedMB": mb / 2,
        "totalVirtualCores": total_cores,
        // Below zero on healthy nodes of real clusters too.
        "utilizedVirtualCores": -4,
        "utilizedMBPercent": mb * 50 / total_mb,
        "utilizedVirtualCoresPercent": -50,
        "rmSchedulerBusyPercent": 1,
        "totalNodes": nodes,
        "lostNodes": 1,
        "unhealthyNodes": 0,
        "decommissioningNodes": 0,
        "decommissionedNodes": 0,
        "rebootedNodes": 0,
        "activeNodes": nodes - 1,
        "shutdownNodes": 0,
        "totalClusterResourcesAcrossPartition": resource(total_mb, total_cores),
        "totalUsedResourcesAcrossPartition": resource(mb, cores),
        "totalAllocatedContainersAcrossPartition": counts.containers,
        "crossPartitionMetricsAvailable": true,
    }})
}

fn resource(memory: u64, cores: u64) -> Value {
    let one = |name, units, value| {
        json!({
            "attributes": {},
            "maximumAllocation": i64::MAX,
            "minimumAllocation": 0,
            "name": name,
            "resourceType": "COUNTABLE",
            "units": units,
            "value": value,
        })
    };
    let both = [one("memory-mb", "Mi", memory), one("vcores", "", cores)];
    json!({"memory": memory, "vCores": cores, "resourceInformations": {"resourceInformation": both}})
}

/// An application in a list, without what `deSelects` can take away.
pub(super) fn application(clock: Clock, schedule: Schedule, app: &Application, now: f64, hidden: bool) -> Value {
    let state = app.state(now);
    let cluster = clock.wall_ms(schedule.birth());
    let id = id(cluster, app.number);
    let (started, launched) = (clock.wall_ms(app.submitted), clock.wall_ms(app.launched()));
    let (mut word, final_status) = state.words();
    let ended = matches!(state, State::Ended(_));
    if ended && app.odd {
        word = "RESTORING_FROM_STORE";
    }
    let progress = match state {
        // What is no number is written as text.
        State::Running(_) if app.number % 40 == 5 => json!("NaN"),
        State::Running(progress) => json!(progress as f32),
        State::Ended(_) => json!(100.0),
        _ => json!(0.0),
    };
    let running = matches!(state, State::Running(_));
    let finished = if ended { clock.wall_ms(app.ends()) } else { 0 };
    let elapsed = if ended { finished } else { clock.wall_ms(now) } - started;
    let held = |count: u64| {
        if running {
            json!(count)
        } else if ended {
            json!(-1)
        } else {
            json!(0)
        }
    };
    let seconds = match state {
        State::Running(_) => (now - app.launched()) as u64,
        State::Ended(_) => (app.ends() - app.launched()) as u64,
        _ => 0,
    };
    let diagnostics = match word {
        "FAILED" => {
            "Application failed 2 times: AM Container exited with exitCode: 137\n<pre>Killed by the system</pre>"
        }
        "KILLED" => "Application was killed by user ops",
        _ => "",
    };
    let node = format!("node-{}.sandbox.invalid", app.number % 17);
    let mut body = json!({
        "id": id,
        "user": app.user,
        "name": app.name,
        "queue": app.queue,
        "state": word,
        "finalStatus": final_status,
        "progress": progress,
        "trackingUI": if running { "ApplicationMaster" } else if ended { "History" } else { "UNASSIGNED" },
        "diagnostics": diagnostics,
        "clusterId": cluster,
        "applicationType": app.kind,
        "applicationTags": app.tags,
        "priority": if ended { 0 } else { app.number % 4 },
        "startedTime": started,
        "launchTime": if running || ended { launched } else { 0 },
        "finishedTime": finished,
        "elapsedTime": elapsed,
        "amContainerLogs": format!("http://{node}:8042/node/containerlogs/container_{}_01_000001/{}", &id[12..], app.user),
        "amHostHttpAddress": format!("{node}:8042"),
        "masterNodeId": format!("{node}:45454"),
        "allocatedMB": held(app.containers * MEMORY_OF_CONTAINER),
        "allocatedVCores": held(app.containers),
        "reservedMB": held(0),
        "reservedVCores": held(0),
        "runningContainers": held(app.containers),
        "memorySeconds": seconds * app.containers * MEMORY_OF_CONTAINER,
        "vcoreSeconds": seconds * app.containers,
        "queueUsagePercentage": if app.number % 40 == 9 { json!("NaN") } else { json!(if running { 125.08 } else { 0.0 }) },
        "clusterUsagePercentage": if running { 1.25 } else { 0.0 },
        // This version writes only one entry of the map, and not as a list.
        "resourceSecondsMap": {"entry": {"key": "vcores", "value": (seconds * app.containers).to_string()}},
        "preemptedResourceMB": 0,
        "preemptedResourceVCores": 0,
        "numNonAMContainerPreempted": 0,
        "numAMContainerPreempted": 0,
        "preemptedMemorySeconds": 0,
        "preemptedVcoreSeconds": 0,
        "preemptedResourceSecondsMap": {},
        "logAggregationStatus": if ended { "SUCCEEDED" } else { "DISABLED" },
        "unmanagedApplication": false,
    });
    if let Some(members) = body.as_object_mut() {
        if running || ended {
            members.insert("trackingUrl".to_owned(), json!(format!("http://rm.sandbox.invalid:8088/proxy/{id}/")));
        }
        if hidden {
            hide(members);
        }
    }
    body
}

/// What the service does with an application that the caller may not see: zeros that are no facts.
fn hide(members: &mut serde_json::Map<String, Value>) {
    members.remove("amContainerLogs");
    for zero in [
        "startedTime",
        "launchTime",
        "finishedTime",
        "elapsedTime",
        "allocatedMB",
        "allocatedVCores",
        "runningContainers",
    ] {
        members.insert(zero.to_owned(), json!(0));
    }
    members.insert("masterNodeId".to_owned(), json!(""));
}

/// What `deSelects` can take away, by name, of an application with so many containers.
pub(super) fn extras(containers: u64, state: State) -> [(&'static str, Value); 4] {
    let used = match state {
        State::Running(_) => resource(containers * MEMORY_OF_CONTAINER, containers),
        _ => resource(0, 0),
    };
    let usage = json!([{"partitionName": "", "used": used, "reserved": resource(0, 0), "pending": resource(0, 0)}]);
    let requests = json!([{
        "priority": 20,
        "resourceName": "*",
        "capability": resource(MEMORY_OF_CONTAINER, 1),
        "numContainers": 0,
        "relaxLocality": true,
        "nodeLabelExpression": "",
    }]);
    let timeout = json!([{"type": "LIFETIME", "expiryTime": "UNLIMITED", "remainingTimeInSeconds": -1}]);
    [
        ("amNodeLabelExpression", json!("")),
        ("resourceInfo", json!({"resourceUsagesByPartition": usage})),
        ("resourceRequests", if matches!(state, State::Ended(_)) { Value::Null } else { requests }),
        ("timeouts", json!({"timeout": timeout})),
    ]
}

fn id(cluster: i64, number: u64) -> String {
    format!("application_{cluster}_{number:04}")
}
