//! CycleCloud: the operations of the reference, bodies as servers and clients write them, and the rules.

use std::fs;
use std::path::Path;

use howdah_shared::door::{Call, Refusal, Row};
use howdah_shared::follow::{Asked, End};
use howdah_shared::lenient;
use howdah_shared::operation::Effect;
use howdah_shared::problem::Code;
use howdah_shared::systems::cyclecloud::*;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::anything::{changed, changes};
use crate::read;

fn row(name: &str) -> &'static Row {
    TABLE.iter().find(|row| row.spec.name == name).unwrap()
}

fn admit(name: &str, query: &str, body: &str) -> Result<Call, Refusal> {
    let path = vec!["x".to_owned(); row(name).spec.holes.len()];
    row(name).admit(&path, query, body.as_bytes())
}

#[track_caller]
fn faults(name: &str, query: &str, body: Value) -> Vec<String> {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let refusal = admit(name, query, &body).expect_err("it is accepted");
    refusal.faults.into_iter().map(|fault| fault.field).collect()
}

#[test]
fn every_operation_of_the_reference_is_a_row() {
    let reference = "
        GET /clusters/{}/nodes | POST /clusters/{}/nodes/create | POST /clusters/{}/nodes/deallocate |
        POST /clusters/{}/nodes/remove | POST /clusters/{}/nodes/shutdown | POST /clusters/{}/nodes/start |
        POST /clusters/{}/nodes/terminate | POST /clusters/{}/scale/{} | GET /clusters/{}/status |
        GET /clusters/{}/usage | GET /operations/ | GET /operations/{}";
    let mut wanted: Vec<&str> = reference.split('|').map(str::trim).collect();
    assert_eq!(wanted.len(), 12);
    for row in TABLE.iter().filter(|row| row.spec.name != "ListClusters") {
        let path = row
            .spec
            .holes
            .iter()
            .fold(row.spec.path.to_owned(), |path, hole| path.replace(&format!("{{{hole}}}"), "{}"));
        let written = format!("{} {path}", row.spec.method.as_str());
        let place = wanted.iter().position(|one| *one == written);
        wanted.remove(place.unwrap_or_else(|| panic!("{written} is not of the reference")));
    }
    assert_eq!(wanted, Vec::<&str>::new());
}

#[test]
fn a_cluster_may_be_called_with_a_slash() {
    let path = |name: &str| row("ShowStatus").admit(&[name.to_owned()], "", b"").map(|call| call.path);
    assert_eq!(path("one / two").unwrap(), "/clusters/one%20%2F%20two/status");
    assert_eq!(path("클러스터").unwrap(), "/clusters/%ED%81%B4%EB%9F%AC%EC%8A%A4%ED%84%B0/status");
    for bad in ["", "/", "a/", "a//b", "..", "a/../b", "a/ .. /b", "a/.", "a\\b", "a\u{0}", &"n".repeat(256)] {
        assert_eq!(path(bad).unwrap_err().code, Code::BadPath, "{bad}");
    }
    let array = row("ScaleNodeArray").admit(&["c".to_owned(), "a/b".to_owned()], "totalNodeCount=1", b"");
    assert_eq!(array.unwrap_err().code, Code::BadPath);
    assert_eq!(admit("ListOperations", "request_id=a%2Fb", "").unwrap().path, "/operations/");
}

#[test]
fn bad_counts_sets_and_names_are_refused_where_they_are() {
    let create = |set: Value| {
        let mut whole = json!({"count": 2, "nodearray": "execute"});
        whole.as_object_mut().unwrap().extend(set.as_object().unwrap().clone());
        faults("CreateNodes", "", json!({"sets": [whole]}))
    };
    assert_eq!(faults("CreateNodes", "", json!({"sets": []})), ["sets"]);
    assert_eq!(create(json!({"count": 0})), ["sets[0].count"]);
    assert_eq!(create(json!({"count": -3, "nodearray": " "})), ["sets[0].count", "sets[0].nodearray"]);
    assert_eq!(create(json!({"count": 1.5})), ["sets[0].count"]);
    assert_eq!(create(json!({"nameFormat": "fixed"})), ["sets[0].nameFormat"]);
    assert_eq!(create(json!({"nameOffset": 3})), ["sets[0].nameOffset"]);
    assert_eq!(create(json!({"definition": {"machineType": ""}})), ["sets[0].definition.machineType"]);
    assert_eq!(create(json!({"nodeAttributes": {"Tags": {"apiKey": "***"}}})), ["sets[0].nodeAttributes.Tags.apiKey"]);
    assert_eq!(create(json!({"maxCount": 3})), ["sets[0].maxCount"]);
    let with_id = |id: &str| json!({"requestId": id, "sets": [{"count": 1, "nodearray": "a"}]});
    for bad in ["", "a b", "é", &"x".repeat(129)] {
        assert_eq!(faults("CreateNodes", "", with_id(bad)), ["requestId"], "{bad}");
    }
}

#[test]
fn what_selects_nothing_is_never_sent() {
    for nothing in [json!({}), json!({"ids": []}), json!({"names": [], "ip_addresses": []}), json!({"requestId": "r"})]
    {
        assert_eq!(faults("TerminateNodes", "", nothing), [""]);
    }
    assert_eq!(faults("StartNodes", "", json!({"ids": ["a", ""]})), ["ids"]);
    assert_eq!(faults("StartNodes", "", json!({"filter": "State == "})), ["filter"]);
    assert_eq!(faults("StartNodes", "", json!({"filter": ""})), ["filter"]);
    let refusal = admit("StartNodes", "", r#"{"filter": "State == "}"#).expect_err("it is accepted");
    let said =
        "is not an expression that the service can read: something is expected that can be compared at character 10";
    assert_eq!(refusal.faults[0].message, said);
    assert_eq!(faults("StartNodes", "", json!({"ipAddresses": ["10.0.0.1"]})), ["ipAddresses"]);
    let good = json!({"ids": ["a"], "names": [], "filter": "State === \"Started\""});
    let sent = admit("ShutdownNodes", "", &good.to_string()).unwrap().body.unwrap();
    assert_eq!(sent, r#"{"filter":"State === \"Started\"","ids":["a"]}"#);
}

#[test]
fn a_scale_has_one_total_and_a_range_of_time_both_ends() {
    let scale = |query: &str| admit("ScaleNodeArray", query, "").map(|call| call.query);
    assert_eq!(scale("totalNodeCount=12").unwrap(), "totalNodeCount=12");
    assert_eq!(scale("totalCoreCount=0").unwrap(), "totalCoreCount=0");
    for (query, fields) in [
        ("", &["totalNodeCount"][..]),
        ("totalNodeCount=1&totalCoreCount=4", &["totalNodeCount"]),
        ("totalNodeCount=-1", &["totalNodeCount"]),
        ("totalCoreCount=x", &["totalCoreCount"]),
    ] {
        assert_eq!(faults("ScaleNodeArray", query, Value::Null), fields, "{query}");
    }
    let usage = |query: &str| admit("ShowUsage", query, "").map(|call| call.query);
    assert_eq!(usage("timeframe=lastMonth&granularity=total").unwrap(), "timeframe=lastMonth&granularity=total");
    assert!(usage("timeframe=custom&from=2026-11-01&to=2026-11-02T06:00Z&granularity=hourly").is_ok());
    for (query, fields) in [
        ("timeframe=custom&from=2026-11-01", &["to"][..]),
        ("timeframe=custom&from=2026-11-31&to=2026-12-01", &["from"]),
        ("timeframe=custom&from=2026-11-02&to=2026-11-02", &["to"]),
        ("from=2026-11-01&to=2026-11-02", &["from", "to"]),
        ("timeframe=thisYear", &["timeframe"]),
        ("granularity=weekly", &["granularity"]),
    ] {
        assert_eq!(faults("ShowUsage", query, Value::Null), fields, "{query}");
    }
}

#[test]
fn secrets_of_attributes_are_sent_and_not_shown() {
    let body = json!({"sets": [{"count": 1, "nodearray": "execute", "nodeAttributes": {
        "Configuration": {"cifs": {"password": "hunter22", "share": "data"}}, "Tags": {"team": "a"}, "MaxPrice": -1.0,
    }}]});
    let call = admit("CreateNodes", "", &body.to_string()).unwrap();
    assert!(call.body.unwrap().contains("hunter22"));
    let shown: Value = serde_json::from_str(&call.shown.unwrap()).unwrap();
    let attributes = &shown["sets"][0]["nodeAttributes"];
    assert_eq!(attributes["Configuration"], json!({"cifs": {"password": "***", "share": "data"}}));
    assert_eq!((&attributes["Tags"], &attributes["MaxPrice"]), (&json!({"team": "a"}), &json!(-1.0)));
}

fn status() -> Value {
    json!({
        "state": "Started", "targetState": "Started", "maxCount": 120, "maxCoreCount": 960,
        "nodearrays": [{
            "name": "execute", "maxCount": 60, "maxCoreCount": 480,
            "nodearray": {"Name": "execute", "IsArray": true, "Region": "koreacentral", "Interruptible": false,
                "Configuration": {"slurm": {"autoscale": true}}, "Credentials": "cloud"},
            "buckets": [{
                "bucketId": "0b9f6f2e-43a5-4d0d-9a51-3ad1d2f2cc01", "valid": true, "invalidReason": "",
                "definition": {"machineType": "Standard_D8s_v5"},
                "virtualMachine": {"vcpuCount": 8, "pcpuCount": 4, "gpuCount": 0, "memory": 31.5, "infiniband": false,
                    "vcpuQuotaCount": 8},
                "activeCount": 3, "activeCoreCount": 24, "activeNodes": ["execute-1", "execute-2", "execute-3"],
                "availableCount": 7, "availableCoreCount": 56, "maxCount": 10, "maxCoreCount": 80,
                "maxPlacementGroupSize": 100, "maxPlacementGroupCoreSize": 800,
                "placementGroups": [{"name": "pg0", "activeCount": 2, "activeCoreCount": 16}],
                "consumedCoreCount": 24, "quotaCoreCount": 80, "quotaCount": 10, "familyConsumedCoreCount": 24,
                "familyQuotaCoreCount": 80, "familyQuotaCount": 10, "regionalConsumedCoreCount": 40,
                "regionalQuotaCoreCount": 200, "regionalQuotaCount": 25, "lastCapacityFailure": 180.0,
                "spotPlacementScore": "High",
            }],
        }],
        "nodes": [{"Name": "scheduler", "NodeId": "s-1", "Template": "scheduler", "Status": "Ready"}],
    })
}

#[test]
fn a_whole_status_is_read() {
    let status: ClusterStatus = read(&status().to_string());
    assert_eq!((status.state.as_deref(), status.max_count, status.nodes.len()), (Some("Started"), Some(120), 1));
    let array = &status.nodearrays[0];
    assert!(array.nodearray.is("IsArray") && array.nodearray.text("Region").as_deref() == Some("koreacentral"));
    let bucket = &array.buckets[0];
    assert_eq!(bucket.last_capacity_failure, Some(180.0));
    assert_eq!((bucket.active_nodes.len(), bucket.placement_groups[0].active_count), (3, Some(2)));
    assert_eq!((bucket.virtual_machine.memory, bucket.virtual_machine.vcpu_quota_count), (Some(31.5), Some(8)));
    assert_eq!((bucket.valid, bucket.spot_placement_score.as_deref()), (Some(true), Some("High")));
}

#[test]
fn older_servers_leave_out_most_of_a_bucket() {
    let body = r#"{"maxCount":4,"maxCoreCount":16,"nodearrays":[{"name":"a","nodearray":null,"buckets":[
        {"bucketId":"b","definition":{"machineType":"A2"},"virtualMachine":{"vcpuCount":2,"memory":"3.5"},
         "lastCapacityFailure":-1.0,"activeCount":0},
        {"definition":null,"virtualMachine":[],"placementGroups":{},"valid":"false"}, null, 7]}]}"#;
    let status: ClusterStatus = read(body);
    assert_eq!((&status.state, &status.target_state, status.nodes.len()), (&None, &None, 0));
    let buckets = &status.nodearrays[0].buckets;
    assert_eq!((buckets.len(), buckets[0].last_capacity_failure, buckets[0].quota_count), (2, None, None));
    assert_eq!((buckets[0].virtual_machine.memory, buckets[1].valid), (Some(3.5), Some(false)));
}

#[test]
fn a_node_may_have_any_attribute() {
    let body = r#"{"nodes":[{"Name":"execute-1","NodeId":7,"Status":"Ready","State":"Started","CoreCount":"8",
        "Tags":{"team":"a"},"UpdatedAt":{"$date":"2026-11-01T00:00:00Z"},"Odd":[1,{"x":null}],"KeepAlive":"True",
        "PhaseFailed":null,"HowdahHeldBack":4},
        {"Name":"scheduler","State":"Off"},{"Name":"b","Status":"Acquiring","State":"Started"},
        {"Name":"c","Status":"Preparing","PhaseFailed":true},{"Name":"d","State":"Unavailable"},{}],
        "operation":{"action":"create","startTime":"2026-11-01T00:00:00Z","more":1}}"#;
    let list: NodeList = read(body);
    assert_eq!(list.operation.action.as_deref(), Some("create"));
    let node = &list.nodes[0];
    assert_eq!((node.id().as_deref(), node.number("CoreCount"), node.held_back()), (Some("7"), Some(8.0), 4));
    assert!(node.is("KeepAlive") && !node.is("PhaseFailed") && node.attribute("tags.team").is_some());
    let standings: Vec<Standing> = list.nodes.iter().map(Node::standing).collect();
    use Standing::{Failed, Moving, Ready, Resting};
    assert_eq!(standings, [Ready, Resting, Moving, Failed, Failed, Moving]);
}

#[test]
fn results_usage_and_the_listing_are_read() {
    let created: NodeCreationResult =
        read(r#"{"operationId":"o","sets":[{"added":3,"message":"Only 3 of 5 nodes fit the quota"},{"added":0}]}"#);
    assert_eq!((created.sets[0].added, created.sets.len()), (Some(3), 2));
    let managed: NodeManagementResult = read(
        r#"{"operationId":"o","nodes":[{"id":"a","name":"x","status":"OK"},{"id":"b","name":"y","status":"Error","error":"No"}]}"#,
    );
    assert_eq!((managed.nodes[1].status.as_deref(), managed.nodes[1].error.as_deref()), (Some("Error"), Some("No")));
    let usage: ClusterUsage = read(
        r#"{"usage":[{"start":"2026-11-01","end":"2026-11-02","total":{"category":"cluster","hours":20.5},
        "breakdown":[{"category":"nodearray","node":"execute","hours":20.5,"cost":1.25,"details":[
            {"vm_size":"A2","core_count":2,"hours":20.5,"cost":1.25,"os":"Linux","priority":"Spot","region":"eastus"}]}]}]}"#,
    );
    assert_eq!((usage.usage[0].total.hours, usage.usage[0].total.cost), (Some(20.5), None));
    assert_eq!(usage.usage[0].breakdown[0].details[0].priority.as_deref(), Some("Spot"));
    for body in [
        r#"[{"ClusterName":"a","State":"Started","TargetState":"Started"},{"ClusterName":"b","TargetState":"Terminated"}]"#,
        r#"[{"clusterName":"a","state":"Started"},{"CLUSTERNAME":"b","Nodes":[{"Name":"x"}]}]"#,
    ] {
        let clusters: Vec<ListedCluster> = read(body);
        assert_eq!((clusters[0].name.as_deref(), clusters[0].state.as_deref()), (Some("a"), Some("Started")));
        assert_eq!((clusters[1].name.as_deref(), &clusters[1].state), (Some("b"), &None));
    }
}

#[test]
fn error_bodies_have_a_sentence_or_none() {
    for (body, said) in [
        (r#"{"Code":404,"Message":"No operation found for request id r","Exception":null,"Detail":""}"#, true),
        (r#"{"Code":409,"Message":"","Detail":"No operation found for request id r"}"#, true),
        ("", false),
        ("<html><body>Sign in</body></html>", false),
        ("Bad request", false),
        ("[]", false),
    ] {
        let found = (SYSTEM.words)(body.as_bytes());
        assert_eq!(found.as_deref(), said.then_some("No operation found for request id r"), "{body}");
    }
}

#[test]
fn an_operation_is_followed_by_its_nodes() {
    let progress = |name: &str, nodes: Value| {
        let reply = json!({"nodes": nodes, "operation": {"action": "create", "startTime": "2026-11-01T00:00:00Z"}});
        let follow = row(name).spec.tail.follow.unwrap();
        let progress = (follow.progress)(reply.to_string().as_bytes()).unwrap();
        (progress.stage, progress.end, progress.said)
    };
    let node = |name: &str, status: &str| json!({"Name": name, "Status": status, "StatusMessage": "Out of capacity"});
    let (ready, moving) = (node("a", "Ready"), node("b", "Preparing"));
    let (failed, off) = (node("c", "Failed"), node("d", "Off"));
    for name in ["CreateNodes", "StartNodes", "ScaleNodeArray"] {
        assert_eq!(progress(name, json!([ready, moving, failed])).1, None, "{name}");
        let (stage, end, said) = progress(name, json!([ready, ready, failed]));
        assert_eq!((stage.as_str(), end), ("Failed 1, Ready 2", Some(End::Failed)));
        assert_eq!(said.as_deref(), Some("c: Out of capacity"));
        assert_eq!(progress(name, json!([ready, ready])).1, Some(End::Succeeded));
        assert_eq!(progress(name, json!([ready, off])).1, Some(End::Other));
        assert_eq!(progress(name, json!([])).1, Some(End::Failed));
    }
    for name in ["TerminateNodes", "RemoveNodes", "ShutdownNodes", "DeallocateNodes"] {
        assert_eq!(progress(name, json!([ready, off])).1, None, "{name}");
        assert_eq!(progress(name, json!([moving])).1, None);
        assert_eq!(progress(name, json!([off, failed])).1, Some(End::Failed));
        assert_eq!(progress(name, json!([off])).1, Some(End::Succeeded));
        assert_eq!(progress(name, json!([])).1, Some(End::Succeeded));
    }
    let follow = row("CreateNodes").spec.tail.follow.unwrap();
    for other in ["", "{}", "[]", "<html>", r#"{"Message":"x"}"#] {
        assert_eq!((follow.progress)(other.as_bytes()), None, "{other}");
    }
    assert_eq!((follow.query)("a b&c"), "request_id=a%20b%26c");
    assert_eq!((row("ScaleNodeArray").spec.tail.follow.unwrap().query)("o"), "operation=o");
}

#[test]
fn what_had_no_answer_is_found_out() {
    let by_request = row("TerminateNodes").spec.tail.search.unwrap();
    let asked = Asked { segments: &[], query: "" };
    let done = |body: &str| (by_request.done)(body.as_bytes(), &asked);
    assert_eq!(done(r#"[{"action":"create","startTime":"2026-11-01T00:00:00Z"}]"#), Some(true));
    assert_eq!((done("[]"), done("{}"), done("<html>")), (Some(false), None, None));
    assert_eq!(row("TerminateNodes").spec.effect, Effect::Repeatable);

    let by_status = row("ScaleNodeArray").spec.tail.search.unwrap();
    assert_eq!(row("ScaleNodeArray").spec.effect, Effect::Once);
    let segments = ["c".to_owned(), "execute".to_owned()];
    let done = |query: &str, body: &Value| {
        (by_status.done)(body.to_string().as_bytes(), &Asked { segments: &segments, query })
    };
    for (query, meant) in [
        ("totalNodeCount=3", Some(true)),
        ("totalNodeCount=4", None),
        ("totalCoreCount=24", Some(true)),
        ("totalCoreCount=25", None),
    ] {
        assert_eq!(done(query, &status()), meant, "{query}");
    }
    let mut without = status();
    without["nodearrays"][0]["buckets"][0]["activeCount"] = Value::Null;
    assert_eq!(done("totalNodeCount=0", &without), None);
    without["nodearrays"][0]["name"] = "other".into();
    assert_eq!(done("totalCoreCount=1", &without), None);
}

/// The bodies that two clients of real servers send, with values of our own.
#[test]
fn what_clients_send_is_accepted() {
    let create = json!({"requestId": "IDCREATE4c1d7a52-1790000000001", "sets": [{
        "count": 2, "nodearray": "execute", "definition": {"machineType": "Standard_D8s_v5"}, "nodeAttributes": {
            "SubnetId": "net/hpc/default", "Region": "koreacentral", "Tags": {"team": "genomics"},
            "Configuration": {"lsf": {"custom_env": {"template_id": "T7"}, "autoscale": true}},
            "Interruptible": true, "MaxPrice": -1.0}}]});
    let sent = admit("CreateNodes", "", &create.to_string()).unwrap().body.unwrap();
    assert_eq!(serde_json::from_str::<Value>(&sent).unwrap(), create);
    let terminate = json!({"ids": ["n-1", "n-2"], "requestId": "IDDELETE9b7e-1790000000002"});
    let sent = admit("TerminateNodes", "", &terminate.to_string()).unwrap().body.unwrap();
    assert_eq!(serde_json::from_str::<Value>(&sent).unwrap(), terminate);
    assert_eq!(
        admit("ListNodes", "request_id=IDCREATE4c1d7a52-1790000000001", "").unwrap().query,
        "request_id=IDCREATE4c1d7a52-1790000000001"
    );
}

/// What real clients sent, as far as a folder of captures has logs of it (`HOWDAH_CAPTURES=DIR`).
#[test]
fn captured_requests_are_accepted() {
    let Some(folder) = std::env::var_os("HOWDAH_CAPTURES") else {
        println!("skipped: HOWDAH_CAPTURES names no folder of captures");
        return;
    };
    let folder = Path::new(&folder).join("cyclecloud");
    let logs = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let logs =
        logs.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|kind| kind == "log"));
    let mut accepted = 0;
    for log in logs {
        let text = fs::read_to_string(&log).unwrap_or_else(|error| panic!("{}: {error}", log.display()));
        for (method, target, body) in requests(&text) {
            let (path, query) = target.split_once('?').unwrap_or((target, ""));
            let parts: Vec<&str> = path.split('/').collect();
            let found = TABLE.iter().find_map(|row| {
                let holes: Vec<&str> = row.spec.path.split('/').collect();
                let same = holes.len() == parts.len()
                    && holes.iter().zip(&parts).all(|(hole, part)| hole.starts_with('{') || hole == part);
                let values = holes.iter().zip(&parts).filter(|(hole, _)| hole.starts_with('{'));
                (same && row.spec.method.as_str() == method)
                    .then(|| (row, values.map(|(_, part)| (*part).to_owned()).collect::<Vec<_>>()))
            });
            let (row, values) = found.unwrap_or_else(|| panic!("{}: {method} {target}", log.display()));
            if let Err(refusal) = row.admit(&values, query, body.as_bytes()) {
                panic!("{}: {method} {target}: {refusal:?}", log.display());
            }
            accepted += 1;
        }
    }
    assert!(accepted > 0, "nothing to read in {}", folder.display());
    println!("{accepted} captured requests were accepted");
}

/// Method, target and body of each request of a log: a line with the headers as a Python dictionary, and what of the body
/// does not fit there in the lines after it.
fn requests(log: &str) -> Vec<(&str, &str, String)> {
    let mut found: Vec<(&str, &str, String)> = Vec::new();
    for line in log.lines().filter(|line| !line.starts_with('#')) {
        let begun = line.split_once(' ').filter(|(method, _)| matches!(*method, "GET" | "POST"));
        match begun.and_then(|(method, rest)| Some((method, rest.split_once(" {'")?))) {
            Some((method, (target, rest))) => {
                found.push((method, target, rest.split_once("'} ").map_or("", |(_, body)| body).to_owned()));
            }
            None => found.iter_mut().next_back().into_iter().for_each(|(.., body)| {
                body.push('\n');
                body.push_str(line);
            }),
        }
    }
    found
}

fn is_read<T: serde::de::DeserializeOwned>(document: &Value) -> Result<(), TestCaseError> {
    let text = document.to_string();
    lenient::reply::<T>(text.as_bytes()).map(drop).map_err(|error| TestCaseError::fail(format!("{error} in {text}")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_reply_is_read_whatever_it_holds(changes in changes(7)) {
        let document = changed(status(), &changes);
        is_read::<ClusterStatus>(&document)?;
        is_read::<NodeList>(&document)?;
        is_read::<NodeCreationResult>(&document)?;
        is_read::<NodeManagementResult>(&document)?;
        is_read::<ClusterUsage>(&document)?;
        is_read::<Vec<ListedCluster>>(&json!([document]))?;
        for row in TABLE {
            if let Some(follow) = row.spec.tail.follow {
                let _ = (follow.progress)(document.to_string().as_bytes());
            }
        }
    }
}
