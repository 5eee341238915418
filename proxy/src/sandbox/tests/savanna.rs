//! The simulated Savanna: who is let in, what becomes of clusters, and what fails on command.

use std::time::Duration;

use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokio::time::advance;

use super::super::{Options, Savanna, Simulators, start};
use super::client::{Client, Reply, ask};

/// A simulated Savanna whose time stands still unless it is moved, and a token for it.
pub(super) struct Stage {
    run: Simulators,
    pub(super) token: String,
}

impl Stage {
    pub(super) async fn new(dialect: &str) -> Stage {
        let run = start(Options { pace: 1.0, ..Options::default() }).await.unwrap();
        let mut stage = Stage { run, token: String::new() };
        stage.behave(json!({"dialect": dialect})).await;
        stage.renew().await;
        stage
    }

    pub(super) fn savanna(&self) -> &Savanna {
        &self.run.savanna
    }

    /// Sets how it behaves.
    async fn behave(&self, behaviour: Value) {
        let address = self.savanna().address;
        let reply = ask(address, "PUT", "/_sandbox/behaviour", "", &behaviour.to_string()).await.unwrap();
        assert_eq!(reply.status, 200, "{}", reply.body);
        let told = ask(address, "GET", "/_sandbox/behaviour", "", "").await.unwrap();
        assert_eq!(told.json(), reply.json());
    }

    fn by_password(&self) -> Value {
        let Savanna { tenant, user, password, .. } = self.savanna();
        let user = json!({"name": user, "domain": {"name": "Default"}, "password": password.expose_secret()});
        let identity = json!({"methods": ["password"], "password": {"user": user}});
        json!({"auth": {"identity": identity, "scope": {"project": {"id": tenant}}}})
    }

    fn by_credential(&self) -> Value {
        let Savanna { credential_id, credential_secret, .. } = self.savanna();
        let credential = json!({"id": credential_id, "secret": credential_secret.expose_secret()});
        let identity = json!({"methods": ["application_credential"], "application_credential": credential});
        json!({"auth": {"identity": identity}})
    }

    async fn authenticate(&self, body: &Value) -> Reply {
        ask(self.savanna().keystone, "POST", "/v3/auth/tokens", "", &body.to_string()).await.unwrap()
    }

    async fn renew(&mut self) {
        let reply = self.authenticate(&self.by_password()).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        self.token = token_of(&reply);
    }

    /// Asks for anything, with a token.
    pub(super) async fn ask(&self, method: &str, target: &str, kind: &str, body: &str) -> Option<Reply> {
        let headers = format!("x-auth-token: {}\r\ncontent-type: {kind}\r\n", self.token);
        ask(self.savanna().address, method, target, &headers, body).await
    }

    /// Asks for something of the tenant.
    pub(super) async fn call(&self, method: &str, path: &str, body: Value) -> Reply {
        let target = format!("/v1.0/{}{path}", self.savanna().tenant);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.ask(method, &target, "application/json", &body).await.unwrap()
    }

    pub(super) async fn get(&self, path: &str) -> Value {
        let reply = self.call("GET", path, Value::Null).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.body);
        reply.json()
    }

    /// Lets time pass until a cluster has a status; all that it had on the way.
    pub(super) async fn until(&self, id: &str, wanted: &str) -> Vec<String> {
        let mut seen: Vec<String> = Vec::new();
        for _ in 0..400 {
            let reply = self.call("GET", &format!("/clusters/{id}"), Value::Null).await;
            let word = if reply.status == 404 { "gone".to_owned() } else { word(&reply.json()["cluster"]["status"]) };
            if seen.last() != Some(&word) {
                seen.push(word.clone());
            }
            if word == wanted {
                return seen;
            }
            advance(Duration::from_secs(2)).await;
        }
        panic!("{id} came through {seen:?} and not to {wanted}");
    }

    /// The body that starts a cluster from the template that is there at first.
    async fn start_body(&self, name: &str) -> Value {
        let template = &self.get("/cluster-templates").await["cluster_templates"][0];
        json!({
            "name": name, "plugin_name": template["plugin_name"], "hadoop_version": template["hadoop_version"],
            "cluster_template_id": template["id"], "user_keypair_id": "team",
            "default_image_id": self.get("/images").await["images"][0]["id"],
        })
    }

    async fn start_cluster(&self, name: &str) -> String {
        let reply = self.call("POST", "/clusters", self.start_body(name).await).await;
        assert_eq!(reply.status, 202, "{}", reply.body);
        word(&reply.json()["cluster"]["id"])
    }
}

/// The statuses on a way.
type Words = &'static [&'static str];

fn token_of(reply: &Reply) -> String {
    let token = reply.head.lines().find_map(|line| line.strip_prefix("x-subject-token: ")).unwrap();
    // The head is read in lower case, and the token begins with some in upper case.
    token.replacen("gaaaaab", "gAAAAAB", 1)
}

pub(super) fn word(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

#[tokio::test(start_paused = true)]
async fn a_token_is_given_for_what_is_right_and_for_nothing_else() {
    let stage = Stage::new("reference").await;
    for body in [stage.by_password(), stage.by_credential()] {
        let reply = stage.authenticate(&body).await;
        assert_eq!(reply.status, 201, "{}", reply.body);
        let told = reply.json();
        assert_eq!(told["token"]["project"]["id"], stage.savanna().tenant.as_str());
        assert_eq!(told["token"]["methods"], body["auth"]["identity"]["methods"]);
        let headers = format!("x-auth-token: {}\r\n", token_of(&reply));
        let target = format!("/v1.0/{}/plugins", stage.savanna().tenant);
        assert_eq!(ask(stage.savanna().address, "GET", &target, &headers, "").await.unwrap().status, 200);
    }
    let password = "/auth/identity/password/user/password";
    let credential = "/auth/identity/application_credential";
    for (mut body, place, wrong) in [
        (stage.by_password(), password.to_owned(), json!("zork")),
        (stage.by_password(), "/auth/identity/password/user/name".to_owned(), json!("zork")),
        (stage.by_password(), "/auth/identity/password/user/domain/name".to_owned(), json!("zork")),
        (stage.by_password(), "/auth/scope/project/id".to_owned(), json!("zork")),
        (stage.by_password(), "/auth/identity/methods".to_owned(), json!(["totp"])),
        (stage.by_credential(), format!("{credential}/id"), json!("zork")),
        (stage.by_credential(), format!("{credential}/secret"), json!("zork")),
        (stage.by_credential(), "/auth".to_owned(), json!({})),
    ] {
        *body.pointer_mut(&place).unwrap() = wrong;
        let reply = stage.authenticate(&body).await;
        assert_eq!(reply.status, 401, "{place}: {}", reply.body);
        assert_eq!(reply.json()["error"]["title"], "Unauthorized");
    }
    // An application credential is for one project already.
    let mut body = stage.by_credential();
    body["auth"]["scope"] = stage.by_password()["auth"]["scope"].clone();
    assert_eq!(stage.authenticate(&body).await.status, 401);
    let garbage = ask(stage.savanna().keystone, "POST", "/v3/auth/tokens", "", "{").await.unwrap();
    assert_eq!(garbage.status, 400);
}

#[tokio::test(start_paused = true)]
async fn a_token_ends() {
    let mut stage = Stage::new("reference").await;
    advance(Duration::from_secs(3500)).await;
    stage.get("/plugins").await;
    advance(Duration::from_secs(101)).await;
    let late = stage.call("GET", "/plugins", Value::Null).await;
    assert_eq!((late.status, late.json()["error"]["code"].clone()), (401, json!(401)));
    assert!(late.head.contains("www-authenticate: keystone"), "{}", late.head);
    stage.renew().await;
    stage.get("/plugins").await;
    ask(stage.savanna().address, "POST", "/_sandbox/revoke", "", "").await.unwrap();
    assert_eq!(stage.call("GET", "/plugins", Value::Null).await.status, 401);
    stage.behave(json!({"token_seconds": 5})).await;
    stage.renew().await;
    stage.get("/plugins").await;
    advance(Duration::from_secs(6)).await;
    assert_eq!(stage.call("GET", "/plugins", Value::Null).await.status, 401);
}

#[tokio::test(start_paused = true)]
async fn a_cluster_comes_to_work_is_scaled_and_ends() {
    let paths: [(&str, Words, Words, Words); 2] = [
        (
            "reference",
            &["Waiting", "Preparing", "Configuring", "Starting", "Active"],
            &["Validating", "Scaling", "Adding Instances", "Configuring", "Active"],
            &["Validating", "Scaling", "Decommissioning", "Deleting Instances", "Configuring", "Active"],
        ),
        (
            "today",
            &["Validating", "InfraUpdating", "Spawning", "Waiting", "Preparing", "Configuring", "Starting", "Active"],
            &[
                "Validating",
                "Decommissioning",
                "Scaling",
                "Scaling: Spawning",
                "Scaling: Waiting",
                "Scaling: Preparing",
                "Configuring",
                "Active",
            ],
            &[
                "Validating",
                "Decommissioning",
                "Scaling",
                "Scaling: Spawning",
                "Scaling: Waiting",
                "Scaling: Preparing",
                "Active",
            ],
        ),
    ];
    for (dialect, starting, out, less) in paths {
        let stage = Stage::new(dialect).await;
        let id = stage.start_cluster("morning").await;
        let path = format!("/clusters/{id}");
        let counts = async || {
            let told = stage.get(&path).await;
            let groups = told["cluster"]["node_groups"].as_array().unwrap().clone();
            let counts = groups.iter().map(|group| {
                let machines = group["instances"].as_array().unwrap().len();
                assert_eq!(group["count"], machines, "{group}");
                (word(&group["name"]), machines)
            });
            counts.collect::<Vec<_>>()
        };
        let are = |wanted: &[(&str, usize)]| -> Vec<(String, usize)> {
            wanted.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
        };
        assert_eq!(stage.until(&id, "Active").await, starting);
        assert_eq!(counts().await, are(&[("master", 1), ("worker", 3)]));
        let template = stage.get("/node-group-templates").await["node_group_templates"].as_array().unwrap().clone();
        let worker = template.iter().find(|template| template["name"] == "worker").unwrap()["id"].clone();
        let more = json!({
            "resize_node_groups": [{"name": "worker", "count": 4}],
            "add_node_groups": [{"name": "big-worker", "count": 2, "node_group_template_id": worker}],
        });
        assert_eq!(stage.call("PUT", &path, more.clone()).await.status, 202);
        let again = stage.call("PUT", &path, more).await;
        assert_eq!(again.status, 400);
        assert!(word(&again.json()["error_message"]).contains("Cluster status: Validating"), "{}", again.body);
        assert_eq!(stage.until(&id, "Active").await, out);
        assert_eq!(counts().await, are(&[("master", 1), ("worker", 4), ("big-worker", 2)]));
        let fewer = json!({"resize_node_groups": [{"name": "worker", "count": 1}, {"name": "big-worker", "count": 0}]});
        assert_eq!(stage.call("PUT", &path, fewer).await.status, 202);
        assert_eq!(stage.until(&id, "Active").await, less);
        assert_eq!(counts().await, are(&[("master", 1), ("worker", 1)]));
        for _ in 0..2 {
            assert_eq!(stage.call("DELETE", &path, Value::Null).await.status, 204);
        }
        assert_eq!(stage.until(&id, "gone").await, ["Deleting", "gone"]);
    }
}

#[tokio::test(start_paused = true)]
async fn names_fail_as_they_say() {
    for dialect in ["reference", "today"] {
        let stage = Stage::new(dialect).await;
        let failed = stage.start_cluster("stackfail-1").await;
        let waiting = stage.start_cluster("unreach").await;
        stage.until(&failed, "Error").await;
        stage.until(&waiting, "Waiting").await;
        advance(Duration::from_secs(2000)).await;
        assert_eq!(stage.until(&waiting, "Waiting").await, ["Waiting"]);

        let back = stage.start_cluster("scalefail").await;
        stage.until(&back, "Active").await;
        let path = format!("/clusters/{back}");
        let more = json!({"resize_node_groups": [{"name": "worker", "count": 9}]});
        assert_eq!(stage.call("PUT", &path, more).await.status, 202);
        stage.until(&back, "Active").await;
        let told = stage.get(&path).await;
        assert_eq!(told["cluster"]["node_groups"][1]["count"], 3, "{told}");

        let undying = stage.start_cluster("undying").await;
        stage.call("DELETE", &format!("/clusters/{undying}"), Value::Null).await;
        advance(Duration::from_secs(500)).await;
        assert_eq!(stage.until(&undying, "Deleting").await, ["Deleting"]);

        // The reply is lost, and the cluster is there.
        let target = format!("/v1.0/{}/clusters", stage.savanna().tenant);
        let body = stage.start_body("lost-reply").await.to_string();
        assert!(stage.ask("POST", &target, "application/json", &body).await.is_none());
        let told = stage.get("/clusters").await;
        let there = |name: &str| told["clusters"].as_array().unwrap().iter().any(|cluster| cluster["name"] == name);
        assert!(there("lost-reply") && !there("hang"));

        // Nothing is answered, and nothing done.
        let body = stage.start_body("hang").await.to_string();
        let mut client = Client::connect(stage.savanna().address).await;
        let (token, length) = (&stage.token, body.len());
        client
            .send(&format!(
                "POST {target} HTTP/1.1\r\nhost: x\r\nx-auth-token: {token}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
            ))
            .await;
        assert!(!stage.get("/clusters").await.to_string().contains("\"hang\""));
        assert!(client.silent());
        let runs = ask(stage.savanna().address, "GET", "/_sandbox/runs", "", "").await.unwrap().json();
        let names: Vec<&Value> = runs.as_array().unwrap().iter().map(|run| &run["name"]).collect();
        assert_eq!(names, ["stackfail-1", "unreach", "scalefail", "undying", "lost-reply"]);
    }
}

#[tokio::test(start_paused = true)]
async fn the_service_fails_as_it_is_told_to() {
    let stage = Stage::new("today").await;
    let plugins = format!("/v1.0/{}/plugins", stage.savanna().tenant);
    for (kind, status, says) in [
        ("unavailable", 503, "503 Service Unavailable"),
        ("error", 500, "Internal Server Error"),
        ("html", 200, "<form"),
    ] {
        let fault = json!({"kind": kind, "operation": "ListPlugins", "times": 1});
        stage.behave(json!({"dialect": "today", "fault": fault})).await;
        stage.get("/images").await;
        let reply = stage.call("GET", "/plugins", Value::Null).await;
        assert_eq!(reply.status, status, "{kind}");
        assert!(reply.body.contains(says), "{kind}: {}", reply.body);
        stage.get("/plugins").await;
    }
    for kind in ["reset", "lost-reply"] {
        stage.behave(json!({"dialect": "today", "fault": {"kind": kind}})).await;
        assert!(stage.ask("GET", &plugins, "", "").await.is_none(), "{kind}");
    }
    stage.behave(json!({"dialect": "today", "fault": {"kind": "truncated"}})).await;
    assert!(!stage.ask("GET", &plugins, "", "").await.unwrap().whole);
    let refused =
        ask(stage.savanna().address, "PUT", "/_sandbox/behaviour", "", r#"{"dialect": "zork"}"#).await.unwrap();
    assert_eq!(refused.status, 400);
}
