//! The simulated ResourceManager is asked what real ones were asked, and answers with the same status, type, shape and
//! message. Where its shape differs, it is said why.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::{Options, Simulators, start};
use super::client::ask;
use super::yarn_behaviour::behave;

pub(super) const RECORDINGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/contract/recordings");
const VERSIONS: [(&str, &str); 2] = [("3.4", "yarn-3.4.2"), ("3.5", "yarn-3.5.0")];

/// What changes nothing and hangs on no application of one's own.
const FIRST: &[&str] = &[
    "info",
    "root",
    "metrics",
    "apps",
    "apps-deselected",
    "apps-hidden",
    "apps-bad-final-status",
    "apps-bad-state",
    "apps-limit-0",
    "apps-limit-text",
    "apps-none",
    "apps-time-reversed",
    "apps-unknown-queue",
    "appstatistics",
    "appstatistics-some",
    "appstatistics-two-types",
    "nodes",
    "node",
    "node-missing",
    "nodes-bad-state",
    "nodes-unknown-filter",
    "not-found",
    "scheduler",
    "app-missing",
    "app-bad-id",
    "kill-missing",
    "token-cancel",
    "token-create",
    "token-create-anonymous",
    "new-application",
    "submit-empty",
    "submit-no-id",
    "submit-garbage",
    "submit-text",
    "submit-too-much",
    "submit-forbidden",
];
/// What one does with an application that waits.
const WAITING: &[&str] = &[
    "submit-again",
    "state",
    "queue",
    "app",
    "appattempts",
    "kill-anonymous",
    "kill-foreign",
    "state-running",
    "state-garbage",
    "state-text",
    "move",
    "move-by-path",
    "move-nowhere",
    "move-to-parent",
    "kill",
];
const KILLED: &[&str] = &["kill-again", "move-killed", "app-killed"];

/// Where shapes differ, by recording, and the word in the paths that do.
const EXPLAINED: &[(&str, &[&str])] = &[
    // The simulator's list has applications in other states, and percentages that are no number.
    ("apps", &["resourceRequests", "resourceSecondsMap", "queueUsagePercentage"]),
    ("apps-deselected", &["resourceSecondsMap", "queueUsagePercentage"]),
    ("apps-hidden", &["resourceRequests", "resourceSecondsMap", "queueUsagePercentage"]),
    // Others are in use, and others are not.
    ("scheduler", &["users"]),
    // One of the real ones had its container already.
    ("app", &["resourceRequests", "amContainerLogs", "amHostHttpAddress"]),
    ("appattempts", &["nodesBlacklistedBySystem"]),
    // One of the real ones had none yet when it was killed.
    ("app-killed", &["amContainerLogs", "amHostHttpAddress", "resourceSecondsMap"]),
];

#[derive(Deserialize)]
pub(super) struct Recording {
    pub(super) method: String,
    pub(super) request: String,
    #[serde(default)]
    pub(super) sent: Option<String>,
    pub(super) status: u16,
    #[serde(default)]
    pub(super) content_type: Option<String>,
    pub(super) body: String,
}

/// What was recorded under a name from a version.
pub(super) fn recording(version: &str, name: &str) -> Recording {
    let file = Path::new(RECORDINGS).join(version).join(format!("{name}.json"));
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// A simulator in the place of a recorded one.
struct Stage {
    run: Simulators,
    version: &'static str,
    /// Ids of the recording, and what they are here.
    known: BTreeMap<String, String>,
}

impl Stage {
    async fn new(dialect: &str, version: &'static str, pace: f64) -> Stage {
        let run = start(Options { pace, ..Options::default() }).await.unwrap();
        behave(run.yarn.address, json!({"dialect": dialect})).await;
        Stage { run, version, known: BTreeMap::new() }
    }

    fn address(&self) -> SocketAddr {
        self.run.yarn.address
    }

    /// What was recorded there, as it would be here.
    fn here(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (there, here) in &self.known {
            text = text.replace(there, here);
        }
        for (there, here) in [
            ("user.name=alice", "user.name=etl"),
            ("user.name=carol", "user.name=guest"),
            ("user.name=admin", "user.name=howdah"),
            ("user alice", "user etl"),
            ("User alice", "User etl"),
            ("user carol", "user guest"),
            ("user admin", "user howdah"),
            ("\"ops\"", "\"finance\""),
            ("queue ops", "queue finance"),
            ("root.eng.adhoc", "root.analytics.adhoc"),
        ] {
            text = text.replace(there, here);
        }
        text
    }

    /// Asks what was asked there.
    async fn replay(&self, name: &str) {
        let recorded = recording(self.version, name);
        let at = format!("{name} of {}", self.version);
        let sent = recorded.sent.as_deref().map(|sent| self.here(sent));
        let headers = match (&sent, name.ends_with("-text") && recorded.method != "GET") {
            (None, _) => "",
            (Some(_), true) => "content-type: text/plain\r\n",
            (Some(_), false) => "content-type: application/json\r\n",
        };
        let target = self.here(&recorded.request);
        let reply =
            ask(self.address(), &recorded.method, &target, headers, sent.as_deref().unwrap_or_default()).await.unwrap();
        assert_eq!(reply.status, recorded.status, "{at}: {}", reply.body);
        let kind = reply.head.lines().find_map(|line| line.strip_prefix("content-type: ")).unwrap_or_default();
        assert_eq!(kind, recorded.content_type.unwrap_or_default(), "{at}");
        let expected = self.here(&recorded.body);
        let Ok(there) = serde_json::from_str::<Value>(&expected) else {
            // A page for people is another's work; a sentence is to be the same.
            assert!(kind.starts_with("text/html") || reply.body == expected, "{at}: {}", reply.body);
            return;
        };
        let here = reply.json();
        if there.get("RemoteException").is_some() {
            assert_eq!(here, there, "{at}");
            return;
        }
        let explained = EXPLAINED.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, words)| *words);
        let (here, there) = (shape(&here), shape(&there));
        for (path, what) in
            here.symmetric_difference(&there).map(|path| (path, if here.contains(path) { "added" } else { "missing" }))
        {
            assert!(explained.iter().any(|word| path.contains(word)), "{at}: {path} is {what}");
        }
    }

    async fn replay_all(&self, names: &[&str]) {
        for name in names {
            self.replay(name).await;
        }
    }

    /// Submits what was submitted there, under an id of here, and waits for a state.
    async fn submit(&mut self, name: &str, state: &str) {
        let sent: Value = serde_json::from_str(&recording(self.version, name).sent.unwrap()).unwrap();
        let taken = ask(self.address(), "POST", "/ws/v1/cluster/apps/new-application", "", "").await.unwrap().json();
        let id = taken["application-id"].as_str().unwrap().to_owned();
        // Of the attempts and containers too.
        let digits = |id: &str| id.trim_start_matches("application_").to_owned();
        self.known = BTreeMap::from([(digits(sent["application-id"].as_str().unwrap()), digits(&id))]);
        self.replay(name).await;
        let target = format!("/ws/v1/cluster/apps/{id}?user.name=howdah");
        while ask(self.address(), "GET", &target, "", "").await.unwrap().json()["app"]["state"] != state {}
    }
}

/// The members of a document with the kinds of their values.
pub(super) fn shape(document: &Value) -> BTreeSet<String> {
    fn walk(value: &Value, path: &str, paths: &mut BTreeSet<String>) {
        let kind = match value {
            Value::Object(members) if !members.is_empty() => {
                return members.iter().for_each(|(name, value)| walk(value, &format!("{path}.{name}"), paths));
            }
            Value::Array(items) if !items.is_empty() => {
                return items.iter().for_each(|item| walk(item, &format!("{path}[]"), paths));
            }
            Value::Object(_) => "{}",
            Value::Array(_) => "[]",
            Value::String(_) => "text",
            Value::Number(_) => "number",
            Value::Bool(_) => "truth",
            Value::Null => "null",
        };
        paths.insert(format!("{path} {kind}"));
    }
    let mut paths = BTreeSet::new();
    walk(document, "", &mut paths);
    paths
}

#[tokio::test]
async fn what_changes_nothing_is_answered_as_recorded() {
    for (dialect, version) in VERSIONS {
        let mut stage = Stage::new(dialect, version, 1e-3).await;
        let nodes = ask(stage.address(), "GET", "/ws/v1/cluster/nodes?states=RUNNING", "", "").await.unwrap().json();
        let recorded = recording(version, "node").request;
        let id = nodes["nodes"]["node"][0]["id"].as_str().unwrap().to_owned();
        stage.known.insert(recorded.rsplit('/').next().unwrap().to_owned(), id);
        stage.replay_all(FIRST).await;
        for scheduler in ["fair", "fifo"] {
            let name = format!("scheduler-{scheduler}");
            if Path::new(RECORDINGS).join(version).join(format!("{name}.json")).exists() {
                behave(stage.address(), json!({"dialect": dialect, "scheduler": scheduler})).await;
                stage.replay(&name).await;
            }
        }
    }
}

#[tokio::test]
async fn an_application_that_waits_is_told_and_changed_as_recorded() {
    for (dialect, version) in VERSIONS {
        // So slow that it waits as long as this takes.
        let mut stage = Stage::new(dialect, version, 0.02).await;
        stage.submit("submit", "ACCEPTED").await;
        stage.replay_all(WAITING).await;
    }
}

#[tokio::test]
async fn an_application_that_has_ended_is_told_as_recorded() {
    for (dialect, version) in VERSIONS {
        let mut stage = Stage::new(dialect, version, 25.0).await;
        stage.submit("submit", "RUNNING").await;
        stage.replay("kill").await;
        let (_, id) = stage.known.iter().next().unwrap();
        let target = format!("/ws/v1/cluster/apps/application_{id}/state");
        while ask(stage.address(), "GET", &target, "", "").await.unwrap().json()["state"] != "KILLED" {}
        stage.replay_all(KILLED).await;
        stage.submit("submit-to-fail", "FAILED").await;
        stage.replay_all(&["app-failed", "appattempts-failed"]).await;
        stage.submit("submit-nowhere", "FAILED").await;
        stage.replay("app-nowhere").await;
    }
}

#[tokio::test]
async fn an_application_of_others_is_hidden_as_recorded() {
    for (dialect, version) in VERSIONS {
        let mut stage = Stage::new(dialect, version, 0.02).await;
        // Hidden are only those in one queue.
        let taken = ask(stage.address(), "POST", "/ws/v1/cluster/apps/new-application", "", "").await.unwrap().json();
        let id = taken["application-id"].as_str().unwrap().to_owned();
        let body = json!({"application-id": id, "queue": "finance", "am-container-spec": {}}).to_string();
        let target = "/ws/v1/cluster/apps?user.name=howdah";
        ask(stage.address(), "POST", target, "content-type: application/json\r\n", &body).await.unwrap();
        let target = format!("/ws/v1/cluster/apps/{id}?user.name=howdah");
        while ask(stage.address(), "GET", &target, "", "").await.unwrap().json()["app"]["state"] != "ACCEPTED" {}
        let asked = recording(version, "app-hidden").request;
        let there = asked.rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
        stage.known.insert(there, id);
        stage.replay("app-hidden").await;
    }
}
