//! How an application is told of: in the list, on a page of its own, and by its attempts.
//!
//! Seen on real servers, in every state, with what differs between 3.4 and 3.5; what 2.x lacks is as the sources of its
//! versions have it.

use serde_json::{Map, Value, json};

use super::applications::{Application, Outcome, State};
use super::dialect::Dialect;
use super::nodes;
use super::queues::last;
use super::replies::{float, object, resource};
use super::world::Scene;

/// Stands where the text is put that no JSON document can hold.
const SECONDS: &str = "\u{0}seconds";

/// An application without what `deSelects` can take away, as the text of an object.
pub(super) fn application(scene: &Scene<'_>, app: &Application, hidden: bool) -> String {
    let mut body = object(report(scene, app));
    match scene.dialect {
        Dialect::V2 => {
            // What only later versions tell.
            body.retain(|name, _| !LATER.contains(&name.as_str()));
            body.insert("queue".to_owned(), json!(last(&app.queue)));
        }
        Dialect::V3_4 => {
            body.insert("preemptedResourceSecondsMap".to_owned(), json!({}));
        }
        Dialect::V3_5 if app.has_ended(scene.now) && app.launched().is_none() => {
            body.remove("resourceSecondsMap");
        }
        Dialect::V3_5 => {}
    }
    if hidden {
        hide(&mut body);
    }
    let text = Value::Object(body).to_string();
    // No text within the document holds bare quotation marks, so that this is found nowhere else.
    let member = |value: &str| format!("\"resourceSecondsMap\":{value}");
    text.replacen(&member(&json!(SECONDS).to_string()), &member(&seconds(scene, app)), 1)
}

/// What 2.7 and before do not tell.
const LATER: &[&str] = &[
    "priority",
    "launchTime",
    "masterNodeId",
    "reservedMB",
    "reservedVCores",
    "queueUsagePercentage",
    "clusterUsagePercentage",
    "resourceSecondsMap",
    "preemptedMemorySeconds",
    "preemptedVcoreSeconds",
    "logAggregationStatus",
    "unmanagedApplication",
    "appNodeLabelExpression",
];

/// How long it has run, in seconds.
fn ran(scene: &Scene<'_>, app: &Application) -> u64 {
    let until = app.ends().min(scene.now);
    app.launched().map_or(0, |launched| (until - launched).max(0.0) as u64)
}

/// Whether it never reached a scheduler, so that there is nothing to tell of what it held.
fn is_unscheduled(app: &Application) -> bool {
    app.runs <= 0.0
}

/// The map of what it has used. 3.4 writes the same member twice, which most readers take for one entry.
fn seconds(scene: &Scene<'_>, app: &Application) -> String {
    if app.has_ended(scene.now) && app.launched().is_none() {
        return "{}".to_owned();
    }
    let cores = ran(scene, app) * app.containers * app.cores;
    let memory = ran(scene, app) * app.containers * app.memory;
    if scene.dialect == Dialect::V3_5 {
        return json!({"entry": [{"key": "memory-mb", "value": memory}, {"key": "vcores", "value": cores}]})
            .to_string();
    }
    let entry = |key, value: u64| format!("\"entry\":{}", json!({"key": key, "value": value.to_string()}));
    format!("{{{},{}}}", entry("memory-mb", memory), entry("vcores", cores))
}

fn report(scene: &Scene<'_>, app: &Application) -> Value {
    let state = app.state(scene.now);
    let id = app.id.to_string();
    let started = scene.wall_ms(app.submitted);
    let launched = app.launched().filter(|at| *at <= scene.now);
    let (mut word, final_status) = state.words();
    let ended = app.has_ended(scene.now);
    if ended && app.odd {
        word = "RESTORING_FROM_STORE";
    }
    let progress = match state {
        // What is no number is written as text.
        State::Running(_) if app.seed % 40 == 5 => json!("NaN"),
        State::Running(progress) => float(progress as f32),
        State::Ended(_) if !is_unscheduled(app) => json!(100.0),
        _ => json!(0.0),
    };
    let running = matches!(state, State::Running(_));
    let tracked = running || (ended && !is_unscheduled(app));
    let finished = if ended { scene.wall_ms(app.ends()) } else { 0 };
    let elapsed = if ended { finished } else { scene.now_ms } - started;
    let held = |count: u64| match state {
        State::Running(_) => json!(count),
        State::Ended(_) if !is_unscheduled(app) => json!(-1),
        _ => json!(0),
    };
    let (memory, cores) = (app.containers * app.memory, app.containers * app.cores);
    let share = if running { memory as f32 / scene.nodes.capacity().0 as f32 } else { 0.0 };
    let of_queue = scene.tree.find(&app.queue).map_or(0.0, |at| share / scene.tree.queues()[at].absolute);
    let mut body = json!({
        "id": id,
        "user": app.user,
        "name": app.name,
        "queue": &*app.queue,
        "state": word,
        "finalStatus": final_status,
        "progress": progress,
        "trackingUI": if running { "ApplicationMaster" } else if tracked { "History" } else { "UNASSIGNED" },
        "diagnostics": diagnostics(app, state),
        "clusterId": app.id.cluster,
        "applicationType": app.kind,
        "applicationTags": app.tags,
        "priority": if ended { 0 } else { app.priority },
        "startedTime": started,
        "launchTime": launched.map_or(0, |at| scene.wall_ms(at)),
        "finishedTime": finished,
        "elapsedTime": elapsed,
        "masterNodeId": "",
        "allocatedMB": held(memory),
        "allocatedVCores": held(cores),
        "reservedMB": held(0),
        "reservedVCores": held(0),
        "runningContainers": held(app.containers),
        "memorySeconds": ran(scene, app) * memory,
        "vcoreSeconds": ran(scene, app) * cores,
        "queueUsagePercentage": if app.seed % 40 == 9 { json!("NaN") } else { float(of_queue * 100.0) },
        "clusterUsagePercentage": float(share * 100.0),
        "resourceSecondsMap": SECONDS,
        "preemptedResourceMB": 0,
        "preemptedResourceVCores": 0,
        "numNonAMContainerPreempted": 0,
        "numAMContainerPreempted": 0,
        "preemptedMemorySeconds": 0,
        "preemptedVcoreSeconds": 0,
        "logAggregationStatus": if ended { "SUCCEEDED" } else { "DISABLED" },
        "unmanagedApplication": app.unmanaged,
        "appNodeLabelExpression": "",
    });
    if let Some(members) = body.as_object_mut() {
        if launched.is_some() {
            let master = scene.nodes.master(app);
            members.insert("amContainerLogs".to_owned(), json!(logs(scene, app, 1, "http:")));
            members.insert("amHostHttpAddress".to_owned(), json!(nodes::web(master)));
            members.insert("masterNodeId".to_owned(), json!(nodes::id(master)));
        }
        if tracked {
            members.insert("trackingUrl".to_owned(), json!(format!("http://rm.sandbox.invalid:8088/proxy/{id}/")));
        }
    }
    body
}

fn diagnostics(app: &Application, state: State) -> &str {
    match state {
        State::Ended(Outcome::Killed) => match &app.killed {
            Some(killed) => &killed.says,
            None => "Application was killed by user ops",
        },
        State::Ended(Outcome::Failed) => app.says.as_deref().unwrap_or(
            "Application failed 2 times: AM Container exited with exitCode: 137\n<pre>Killed by the system</pre>",
        ),
        State::Accepted => {
            "Application is added to the scheduler and is not yet activated. Skipping AM assignment as cluster resource is \
             empty.  Details : AM Partition = <DEFAULT_PARTITION>; AM Resource Request = <memory:2048, vCores:1>; "
        }
        _ => "",
    }
}

/// What the service does with an application that the caller may not see: zeros that are no facts.
fn hide(members: &mut Map<String, Value>) {
    members.remove("amContainerLogs");
    members.remove("logAggregationStatus");
    for zero in [
        "startedTime",
        "launchTime",
        "finishedTime",
        "elapsedTime",
        "allocatedMB",
        "allocatedVCores",
        "runningContainers",
    ] {
        if members.contains_key(zero) {
            members.insert(zero.to_owned(), json!(0));
        }
    }
    if members.contains_key("masterNodeId") {
        members.insert("masterNodeId".to_owned(), json!(""));
    }
}

/// What `deSelects` can take away, by name.
pub(super) fn extras(app: &Application, state: State, hidden: bool, dialect: Dialect) -> Vec<(&'static str, Value)> {
    let mut extras = Vec::new();
    if matches!(state, State::Submitted | State::Accepted) && !hidden {
        let request = json!([{
            "priority": 0,
            "allocationRequestId": -1,
            "resourceName": "*",
            "capability": resource(app.memory, app.cores),
            "numContainers": 1,
            "relaxLocality": true,
            "nodeLabelExpression": "",
            "executionTypeRequest": {"executionType": "GUARANTEED", "enforceExecutionType": false},
        }]);
        extras.push(("resourceRequests", request));
    }
    if dialect == Dialect::V2 {
        return extras;
    }
    if !matches!(state, State::Ended(_)) {
        let running = matches!(state, State::Running(_));
        let part = |held: bool, count: u64| {
            if held { resource(count * app.memory, count * app.cores) } else { resource(0, 0) }
        };
        let usage = json!({
            "partitionName": "",
            "used": part(running, app.containers),
            "reserved": resource(0, 0),
            "pending": part(!running, 1),
            "amUsed": part(true, 1),
            "amLimit": resource(0, 0),
            "userAmLimit": resource(0, 0),
        });
        extras.push(("resourceInfo", json!({"resourceUsagesByPartition": [usage]})));
    }
    let timeout = json!([{"type": "LIFETIME", "expiryTime": "UNLIMITED", "remainingTimeInSeconds": -1}]);
    extras.push(("amNodeLabelExpression", json!("")));
    extras.push(("timeouts", json!({"timeout": timeout})));
    extras
}

/// Where a container's logs are.
fn logs(scene: &Scene<'_>, app: &Application, attempt: u64, scheme: &str) -> String {
    let (web, container) = (nodes::web(scene.nodes.master(app)), container(app, attempt));
    format!("{scheme}//{web}/node/containerlogs/{container}/{}", app.user)
}

fn container(app: &Application, attempt: u64) -> String {
    format!("container_{}_{:04}_{attempt:02}_000001", app.id.cluster, app.id.number)
}

/// The attempts of an application. One that fails does so twice.
pub(super) fn attempts(scene: &Scene<'_>, app: &Application, hidden: bool) -> Value {
    let state = app.state(scene.now);
    let failed = state == State::Ended(Outcome::Failed);
    let mut told = Vec::new();
    // Before it is in a queue there is none, nor for what never was in one.
    let count = match (state, app.launched()) {
        (State::Submitted, _) => 0,
        (State::Ended(_), None) if app.killed.is_none() => 0,
        (_, Some(_)) if failed => 2,
        _ => 1,
    };
    for number in 1..=count {
        let half = (app.ends() - app.submitted) / 2.0;
        let (begins, ends) = match (failed, number) {
            (true, 1) => (app.submitted, app.submitted + half),
            (true, _) => (app.submitted + half, app.ends()),
            _ => (app.submitted, app.ends()),
        };
        let (state, over) = match state {
            State::Running(_) => ("RUNNING", false),
            State::Ended(Outcome::Failed) => ("FAILED", true),
            State::Ended(Outcome::Killed) => ("KILLED", true),
            State::Ended(_) => ("FINISHED", true),
            _ => ("SCHEDULED", false),
        };
        let launched = app.launched().is_some_and(|at| at <= scene.now);
        let scheme = if scene.dialect == Dialect::V2 { "" } else { "http:" };
        let or_empty = |text: String| if launched { text } else { String::new() };
        let master = scene.nodes.master(app);
        let mut attempt = object(json!({
            "id": number,
            "startTime": scene.wall_ms(begins),
            "containerId": or_empty(container(app, number)),
            "nodeHttpAddress": or_empty(nodes::web(master)),
            "nodeId": or_empty(nodes::id(master)),
            "logsLink": if hidden { String::new() } else { or_empty(logs(scene, app, number, scheme)) },
        }));
        if scene.dialect != Dialect::V2 {
            attempt.extend(object(json!({
                "finishedTime": if over { scene.wall_ms(ends) } else { 0 },
                "blacklistedNodes": "",
                "appAttemptId": format!("appattempt_{}_{:04}_{number:06}", app.id.cluster, app.id.number),
                "exportPorts": if launched { "null" } else { "" },
                "appAttemptState": state,
            })));
        }
        if scene.dialect != Dialect::V2 && launched {
            attempt.insert("nodesBlacklistedBySystem".to_owned(), json!(""));
        }
        told.push(Value::Object(attempt));
    }
    json!({"appAttempts": scene.dialect.list("appAttempt", told)})
}
