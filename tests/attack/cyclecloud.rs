//! CycleCloud: each change is one request, whatever becomes of its reply; what records hold back; names with a slash; and
//! what real clients send, before a simulated service with a certificate that it signed itself.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::support::{Howdah, Reply, Service};

const PASSWORD: &str = "hunter2-of-cyclecloud";
const CREATION: &str = r#"{"operationId":"op-1","sets":[{"added":2}]}"#;
const OPERATION: &str = r#"{"action":"create","startTime":"2026-11-01T00:00:00Z"}"#;

fn howdah(service: &Service, more: &str) -> Howdah {
    let mut howdah = Howdah::before(service);
    howdah.write("password", PASSWORD);
    let connection = format!(
        "[connections.cc]\nsystem = \"cyclecloud\"\nurl = \"http://{}\"\n{more}\ncredentials = {{ kind = \"basic\", user = \
         \"howdah\", password = {{ file = \"password\" }} }}\n[[connections.cc.clusters]]\nid = \"one / two\"\nname = \"One\"\n",
        service.address()
    );
    howdah.start_with(|text| format!("{text}{connection}"));
    howdah
}

fn json(status: &str, body: &str) -> Vec<u8> {
    Service::reply(status, "application/json", body.as_bytes())
}

fn accepted(body: &str) -> Vec<u8> {
    let head =
        "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nLocation: https://cc.internal:8443/operations/op-1";
    format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// A call to a connection, with a path below the cluster `one / two`.
fn call(howdah: &Howdah, method: &str, path: &str, body: &str) -> Reply {
    let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    howdah.ask(&format!(
        "{method} /api/connections/cc/clusters/one%20%2F%20two{path} HTTP/1.1\r\nHost: {{host}}\r\nAuthorization: Bearer \
         {{token}}\r\nContent-Type: application/json\r\n{length}\r\n{body}"
    ))
}

fn create(howdah: &Howdah, id: Option<&str>) -> Reply {
    let mut body = json!({"sets": [{"count": 2, "nodearray": "execute"}]});
    if let Some(id) = id {
        body["requestId"] = id.into();
    }
    call(howdah, "POST", "/nodes/create", &body.to_string())
}

fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

/// The bodies of the changes that a service was sent.
fn changes(service: &Service) -> Vec<Value> {
    let posted = service.received().into_iter().filter(|request| request.starts_with("POST"));
    posted.map(|request| serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap_or_default()).collect()
}

/// A service that answers the first creations in a way, and knows the request ids that it has taken.
fn service(first: impl Fn(usize) -> (bool, Vec<u8>) + Send + Sync + 'static) -> Service {
    let (known, tries) = (Mutex::new(Vec::<String>::new()), AtomicUsize::new(0));
    Service::answering(move |request| {
        let line = request.lines().next().unwrap();
        if line.starts_with("POST") {
            let body: Value = serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap();
            let id = body["requestId"].as_str().unwrap().to_owned();
            let (done, answer) = first(tries.fetch_add(1, Ordering::SeqCst));
            if done {
                known.lock().unwrap().push(id);
            }
            return vec![answer];
        }
        let has = |given: &str| {
            known.lock().unwrap().iter().any(|id| line.contains(&format!("request_id={id} ")) && !given.is_empty())
        };
        if line.starts_with("GET /operations/?") {
            return vec![json("200 OK", &if has(line) { format!("[{OPERATION}]") } else { "[]".to_owned() })];
        }
        if !has(line) {
            return vec![json("404 Not Found", r#"{"Code":404,"Message":"No operation found for request id"}"#)];
        }
        let nodes = r#"{"Name":"execute-1","NodeId":"n","Status":"Ready"}"#;
        vec![json("200 OK", &format!(r#"{{"nodes":[{nodes}],"operation":{OPERATION}}}"#))]
    })
}

#[test]
fn a_request_has_the_id_of_its_entry_and_a_place_of_ours() {
    let service = service(|_| (true, accepted(CREATION)));
    let howdah = howdah(&service, "");
    let reply = create(&howdah, None);
    assert_eq!((reply.status, text(&reply).as_str()), (202, CREATION));
    assert_eq!(reply.header("location"), Some("/api/connections/cc/operations/op-1"));
    let entry = reply.header("howdah-request-id").unwrap().to_owned();
    assert_eq!(changes(&service), [json!({"requestId": entry, "sets": [{"count": 2, "nodearray": "execute"}]})]);
    let request = howdah.until("succeeded");
    assert_eq!((&request["serviceId"], &request["stage"]), (&json!(entry), &json!("Ready 1")));
    assert_eq!((&request["target"]["cluster"], &request["name"]), (&json!("one / two"), &json!("One")));
    let sent = service.received();
    assert!(
        sent.iter().any(|one| one.starts_with("POST /clusters/one%20%2F%20two/nodes/create HTTP/1.1\r\n")),
        "{sent:?}"
    );
    assert!(sent.iter().all(|one| one.to_lowercase().contains("\r\nauthorization: basic ")));
    assert_eq!(create(&howdah, Some("mine-1")).status, 202);
    assert_eq!(changes(&service)[1]["requestId"], "mine-1");
}

#[test]
fn a_lost_reply_is_found_out_before_anything_is_sent_again() {
    for (first_is_done, first, sent) in
        [(true, Vec::new(), 1), (false, Vec::new(), 2), (true, accepted("Request accepted"), 1)]
    {
        let service = service(move |number| match number {
            0 => (first_is_done, first.clone()),
            _ => (true, accepted(CREATION)),
        });
        let howdah = howdah(&service, "");
        let reply = create(&howdah, None);
        assert_eq!((reply.status, text(&reply).as_str()), (202, if first_is_done { "{}" } else { CREATION }));
        let bodies = changes(&service);
        assert_eq!(bodies.len(), sent);
        assert!(bodies.iter().all(|body| *body == bodies[0]), "it is the same each time");
        let asked = service.received();
        let place = |start: &str| asked.iter().position(|one| one.starts_with(start)).unwrap();
        assert!(place("GET /operations/?request_id=") > place("POST"));
        howdah.until("succeeded");
    }
}

#[test]
fn one_that_came_late_is_not_refused_for_its_own_second() {
    // The first is taken after it was looked for, so that the second is refused.
    let looked = Arc::new(AtomicUsize::new(0));
    let service = Service::answering(move |request| {
        let line = request.lines().next().unwrap();
        let posts = line.starts_with("POST");
        if posts && looked.load(Ordering::SeqCst) > 0 {
            return vec![json("409 Conflict", "")];
        }
        if posts {
            return vec![Vec::new()];
        }
        if line.starts_with("GET /operations/") {
            let body =
                if looked.fetch_add(1, Ordering::SeqCst) == 0 { "[]".to_owned() } else { format!("[{OPERATION}]") };
            return vec![json("200 OK", &body)];
        }
        vec![json("200 OK", &format!(r#"{{"nodes":[],"operation":{OPERATION}}}"#))]
    });
    let howdah = howdah(&service, "");
    let reply = create(&howdah, None);
    assert_eq!((reply.status, text(&reply).as_str(), changes(&service).len()), (202, "{}", 2));
}

#[test]
fn a_conflict_is_told_apart() {
    for (known, code) in [(true, "request_id_used"), (false, "service_answered")] {
        let service = Service::answering(move |request| match request.starts_with("POST") {
            true => vec![json("409 Conflict", r#"{"Code":409,"Message":"Not this one"}"#)],
            false => vec![json("200 OK", &if known { format!("[{OPERATION}]") } else { "[]".to_owned() })],
        });
        let howdah = howdah(&service, "");
        let asked = create_as_problem(&howdah);
        let problem: Value = serde_json::from_slice(&asked.body).unwrap();
        assert_eq!((asked.status, &problem["code"]), (409, &json!(code)));
        assert_eq!(problem["service"]["message"], "Not this one");
        let request = howdah.newest();
        assert_eq!((&request["state"], &request["code"]), (&json!("refused"), &json!(code)));
    }
}

fn create_as_problem(howdah: &Howdah) -> Reply {
    let body = r#"{"requestId":"mine","sets":[{"count":1,"nodearray":"a"}]}"#;
    howdah.ask(&format!(
        "POST /api/connections/cc/clusters/one%20%2F%20two/nodes/create HTTP/1.1\r\nHost: {{host}}\r\nAuthorization: Bearer \
         {{token}}\r\nAccept: application/problem+json\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ))
}

#[test]
fn after_a_kill_an_operation_is_looked_up_by_its_request() {
    let (tell, told) = std::sync::mpsc::channel();
    let tell = Mutex::new(tell);
    let service = Service::answering(move |request| {
        if request.starts_with("POST") {
            tell.lock().unwrap().send(()).unwrap();
            // No reply, and the connection stays.
            return Vec::new();
        }
        let node = r#"{"Name":"execute-1","NodeId":"n","Status":"Ready"}"#;
        vec![json("200 OK", &format!(r#"{{"nodes":[{node},{node}],"operation":{OPERATION}}}"#))]
    });
    let mut howdah = howdah(&service, "");
    let body = r#"{"sets":[{"count":2,"nodearray":"execute"}]}"#;
    let mut wire = howdah.wire();
    let call = format!(
        "POST /api/connections/cc/clusters/one%20%2F%20two/nodes/create HTTP/1.1\r\nHost: {{host}}\r\nAuthorization: Bearer \
         {{token}}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    wire.send(howdah.fill(&call).as_bytes());
    told.recv().unwrap();
    howdah.kill();
    howdah.start_again();
    let request = howdah.until("succeeded");
    assert_eq!((&request["serviceId"], &request["stage"]), (&request["id"], &json!("Ready 2")));
    assert_eq!(changes(&service).len(), 1);
}

#[test]
fn the_status_decides_about_a_scale() {
    let service = Service::answering(move |request| match request.starts_with("POST") {
        true => vec![Vec::new()],
        false => vec![json("200 OK", r#"{"nodearrays":[{"name":"execute","buckets":[{"activeCount":5}]}]}"#)],
    });
    let howdah = howdah(&service, "");
    let reply = call(&howdah, "POST", "/scale/execute?totalNodeCount=5", "");
    assert_eq!((reply.status, text(&reply).as_str()), (202, "{}"));
    let request = howdah.newest();
    assert_eq!((&request["operation"], &request["state"]), (&json!("ScaleNodeArray"), &json!("accepted")));
    assert_eq!(service.received().iter().filter(|one| one.starts_with("POST")).count(), 1, "it is never sent again");
}

#[test]
fn what_begins_nothing_has_ended_with_its_reply() {
    let service = Service::answering(move |request| {
        let line = request.lines().next().unwrap();
        let answer = match line {
            line if line.contains("/nodes/terminate") => {
                r#"{"operationId":"op-1","nodes":[{"id":"n","status":"Error","error":"This node is kept alive"}]}"#
            }
            line if line.contains("/nodes/create") => {
                r#"{"operationId":"op-1","sets":[{"added":0,"message":"No capacity for 2 nodes"}]}"#
            }
            _ => r#"{"operationId":"op-1","sets":[{"added":0}]}"#,
        };
        vec![accepted(answer)]
    });
    let howdah = howdah(&service, "");
    for (path, body, state, said) in [
        ("/nodes/terminate", r#"{"ids":["n"]}"#, "failed", json!("This node is kept alive")),
        (
            "/nodes/create",
            r#"{"sets":[{"count":2,"nodearray":"execute"}]}"#,
            "failed",
            json!("No capacity for 2 nodes"),
        ),
        ("/scale/execute?totalNodeCount=5", "", "succeeded", Value::Null),
    ] {
        let reply = call(&howdah, "POST", path, body);
        assert_eq!((reply.status, reply.header("location").is_some()), (202, true), "{path}: {}", text(&reply));
        let request = howdah.newest();
        assert_eq!((&request["state"], &request["said"]), (&json!(state), &said), "{path}");
    }
    assert!(service.received().iter().all(|request| request.starts_with("POST")), "there is nothing to follow");
}

#[test]
fn what_is_quoted_of_a_refusal_ends_with_no_half_of_a_key() {
    let service = Service::answering(|_| {
        let message = format!("{}{PASSWORD}", "x".repeat(1990));
        vec![accepted(&format!(r#"{{"operationId":"op-1","sets":[{{"added":0,"message":"{message}"}}]}}"#))]
    });
    let howdah = howdah(&service, "");
    assert_eq!(create(&howdah, None).status, 202);
    let said = howdah.newest()["said"].as_str().unwrap().to_owned();
    assert!(said.starts_with("xxx") && !said.contains("hunter2"), "{said}");
}

#[test]
fn what_is_not_known_of_a_node_stays() {
    let service = Service::answering(|_| {
        let node = json!({"Name": "a", "NodeId": "n", "Password": PASSWORD, "AdminKey": "other-secret", "Rack": 7,
            "StatusMessage": format!("tried {PASSWORD}"), "Configuration": {"db": {"password": "third-secret", "port": 1}}});
        vec![json("200 OK", &json!({"nodes": [node]}).to_string())]
    });
    let plain = howdah(&service, "");
    let reply = call(&plain, "GET", "/nodes", "");
    let told: Value = serde_json::from_slice(&reply.body).unwrap();
    let node = json!({"Name": "a", "NodeId": "n", "StatusMessage": "tried ***", "HowdahHeldBack": 3,
        "Configuration": {"db": {"password": "***", "port": 1}}});
    assert_eq!((reply.status, &told["nodes"][0]), (200, &node));
    let mut wire = plain.wire();
    let watching = "GET /api/connections/cc/clusters/one%20%2F%20two/nodes HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer \
                    {token}\r\nAccept: text/event-stream\r\n\r\n";
    wire.send(plain.fill(watching).as_bytes());
    let snapshot = wire.until("HowdahHeldBack");
    assert!(snapshot.contains("event: snapshot") && !snapshot.contains("-secret"), "{snapshot}");
    let named = howdah(&service, "node_attributes = [\"Rack\"]");
    let told: Value = serde_json::from_slice(&call(&named, "GET", "/nodes", "").body).unwrap();
    assert_eq!((&told["nodes"][0]["Rack"], &told["nodes"][0]["HowdahHeldBack"]), (&json!(7), &json!(2)));
}

#[test]
fn only_clusters_of_the_configuration_are_called() {
    let service = Service::answering(|_| vec![json("200 OK", r#"[{"ClusterName":"other","Parameters":{"p":1}}]"#)]);
    let get = |howdah: &Howdah, path: &str| {
        howdah.ask(&format!(
            "GET /api/connections/cc{path} HTTP/1.1\r\nHost: {{host}}\r\nAccept: application/problem+json\r\nAuthorization: \
             Bearer {{token}}\r\n\r\n"
        ))
    };
    let plain = howdah(&service, "");
    for path in ["/clusters/other/status", "/cloud/api/clusters", "/clusters/one/usage"] {
        assert_eq!(get(&plain, path).code().as_deref(), Some("cluster_not_configured"), "{path}");
    }
    for (path, status) in [
        ("/clusters/one%20%2F%20..%2Ftwo/status", 400),
        ("/clusters/%2e%2e%2foperations/status", 400),
        ("/clusters/a%2F%2Fb/status", 404),
        ("/clusters/one%5Ctwo/status", 400),
        ("/operations/a%2Fb", 404),
        ("/operations", 404),
        ("/cloud/nodes", 404),
    ] {
        assert_eq!(get(&plain, path).status, status, "{path}");
    }
    assert!(service.received().is_empty());
    let listing = howdah(&service, "list_clusters = true");
    let reply = get(&listing, "/cloud/api/clusters?summary=true");
    assert_eq!(text(&reply), r#"[{"ClusterName":"other","HowdahHeldBack":1}]"#);
    assert_eq!(get(&listing, "/clusters/other/status").status, 200);
}

/// The services of a sandbox; they end with this.
struct Services {
    process: Child,
    folder: tempfile::TempDir,
}

impl Services {
    fn start() -> Services {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_howdah"));
        command.args(["sandbox", "--pace", "2000", "--services-only"]).arg(folder.path());
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.contains("are up"), "{line}");
        Services { process, folder }
    }

    /// Its connection, as it stands in the configuration that was written.
    fn connection(&self) -> String {
        let path = |file: &str| format!("\"{}\"", self.folder.path().join(file).display());
        let text = std::fs::read_to_string(self.folder.path().join("howdah.toml")).unwrap();
        let at = text.find("[connections.cyclecloud]").unwrap();
        text[at..].replace("\"cyclecloud-password\"", &path("cyclecloud-password"))
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        let _gone_already = self.process.kill();
        let _gone_already = self.process.wait();
    }
}

fn ask(howdah: &Howdah, method: &str, path: &str, headers: &str, body: &Value) -> (u16, Value) {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    let reply = howdah.ask(&format!(
        "{method} /api/connections/cyclecloud/clusters/genomics{path} HTTP/1.1\r\nHost: {{host}}\r\nAuthorization: Bearer \
         {{token}}\r\n{headers}{length}\r\n{body}"
    ));
    (reply.status, serde_json::from_slice(&reply.body).unwrap_or_default())
}

/// What two clients of real servers do, in their order and with their headers, and what they need of the answers.
#[test]
fn what_real_clients_do_is_answered() {
    const JAVA: &str =
        "Content-Type: application/json; charset=utf-8\r\nAccept-Encoding: gzip\r\nUser-Agent: okhttp/3.13.1\r\n";
    const PYTHON: &str =
        "Content-Type: application/json\r\nAccept-Encoding: identity\r\nX-Cycle-Client-Version: a-cli:1.0.0\r\n";
    let services = Services::start();
    let mut howdah = Howdah::before(&Service::plain());
    howdah.start_with(|text| format!("{text}{}", services.connection()));

    let (code, status) = ask(&howdah, "GET", "/status", JAVA, &Value::Null);
    let array = &status["nodearrays"][0];
    assert_eq!((code, &array["name"]), (200, &json!("execute")));
    let record = &array["nodearray"];
    assert!(record["Region"].is_string() && record["SubnetId"].is_string() && record["Configuration"].is_object());
    assert_eq!((&record["Configuration"]["slurm"]["password"], &record["CloudInit"]), (&json!("***"), &Value::Null));
    let machine = array["buckets"][0]["definition"]["machineType"].clone();
    let id = "IDCREATE5d3e-1790000000001";
    let attributes = json!({"SubnetId": "net/hpc/default", "Region": "koreacentral", "Tags": {"team": "genomics"},
        "Configuration": {"lsf": {"custom_env": {"template_id": "T7"}, "autoscale": true}}, "Interruptible": false, "MaxPrice": -1.0});
    let set = json!({"count": 2, "nodearray": "execute", "definition": {"machineType": machine}, "nodeAttributes": attributes});
    let creation = json!({"sets": [set], "requestId": id});
    let (code, created) = ask(&howdah, "POST", "/nodes/create", JAVA, &creation);
    assert_eq!((code, &created["sets"][0]["added"]), (202, &json!(2)));
    let nodes = loop {
        let (code, list) = ask(&howdah, "GET", &format!("/nodes?request_id={id}"), JAVA, &Value::Null);
        assert_eq!(code, 200);
        let nodes = list["nodes"].as_array().unwrap().clone();
        if nodes.iter().all(|node| node["State"] == "Started") {
            break nodes;
        }
    };
    assert_eq!(nodes.len(), 2);
    for node in &nodes {
        assert!(node["PrivateIp"].is_string() && node["Hostname"].is_string() && node["NodeId"].is_string());
        assert_eq!(node["Configuration"]["lsf"]["custom_env"]["template_id"], "T7");
        assert!(node["HowdahHeldBack"].as_u64().unwrap() > 0 && node.get("Password").is_none());
    }
    let ending = json!({"ids": [nodes[0]["NodeId"]], "requestId": "IDDELETE9b7e-1790000000002"});
    let (code, ended) = ask(&howdah, "POST", "/nodes/terminate", JAVA, &ending);
    assert_eq!((code, &ended["nodes"][0]["status"]), (202, &json!("OK")));

    let set = json!({"count": 1, "nodearray": "execute", "definition": {"machineType": machine}, "nodeAttributes": {"Tags": {}}});
    let creation = json!({"requestId": "r-7-create", "sets": [set]});
    assert_eq!(ask(&howdah, "POST", "/nodes/create", PYTHON, &creation).0, 202);
    let again = json!({"requestId": "r-7-create", "sets": [{"count": 1, "nodearray": "execute"}]});
    let (code, refused) = ask(&howdah, "POST", "/nodes/create", PYTHON, &again);
    assert_eq!((code, &refused["code"]), (409, &json!("request_id_used")));
    let (code, list) = ask(&howdah, "GET", "/nodes?request_id=r-7-create", PYTHON, &Value::Null);
    assert_eq!((code, list["nodes"].as_array().unwrap().len()), (200, 1));
    let (code, list) = ask(&howdah, "GET", "/nodes", PYTHON, &Value::Null);
    assert!(code == 200 && list["nodes"].as_array().unwrap().len() > 15);
    let (code, missing) = ask(&howdah, "GET", "/nodes?request_id=r-8-create", PYTHON, &Value::Null);
    assert!(code == 404 && missing["Message"].as_str().unwrap().starts_with("No operation found for request id"));
    let ending = json!({"ids": [nodes[1]["NodeId"]]});
    assert_eq!(ask(&howdah, "POST", "/nodes/terminate", PYTHON, &ending).0, 202);
}

#[test]
fn another_certificate_is_not_believed() {
    let services = Services::start();
    let mut howdah = Howdah::before(&Service::plain());
    let connection = services.connection();
    let pin = connection.lines().find(|line| line.starts_with("certificate_sha256")).unwrap();
    for line in [format!("certificate_sha256 = \"{}\"", "ab".repeat(32)), String::new()] {
        let other = connection.replace(pin, &line);
        howdah.start_with(|text| {
            let kept = text.split("[connections.cyclecloud]").next().unwrap();
            format!("{kept}{other}")
        });
        let (code, problem) = ask(&howdah, "GET", "/status", "", &Value::Null);
        assert_eq!((code, &problem["code"]), (502, &json!("upstream_untrusted")));
        let (code, problem) = ask(
            &howdah,
            "POST",
            "/nodes/terminate",
            "Content-Type: application/json\r\n",
            &json!({"names": ["login"]}),
        );
        assert_eq!((code, &problem["code"]), (502, &json!("upstream_untrusted")));
    }
    howdah.line("which is not the configured one");
}
