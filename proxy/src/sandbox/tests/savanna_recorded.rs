//! The simulated Savanna in today's dialect is asked what a Sahara 19 was asked, in the same order, and answers with the
//! same status, type, shape and message. Where its shape differs, it is said why.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;
use tokio::time::advance;

use super::super::made_up::uuid_of;
use super::client::ask;
use super::savanna::{Stage, word};
use super::yarn_recorded::{RECORDINGS, recording, shape};

const RECORDED: &str = "savanna-sahara-19";

const SURROUNDINGS: &[&str] = &[
    "versions",
    "no-token",
    "bad-token",
    "wrong-tenant",
    "tenant-of-no-uuid",
    "unknown-path",
    "unknown-version",
    "trailing-slash",
    "wrong-method",
    "plugins",
    "plugins-json",
    "plugin",
    "plugin-version",
    "plugin-missing",
    "plugin-version-missing",
    "convert-config",
    "convert-config-name",
];
const IMAGES: &[&str] = &[
    "images-none",
    "image-unregistered",
    "image-missing",
    "image-register",
    "image-register-no-user",
    "image-register-unknown-key",
    "image-tag",
    "image-tag-bad",
    "image-untag",
    "image-untag-absent",
    "image-register-plain",
    "image",
    "images",
    "images-by-tags",
    "images-by-name",
    "images-json",
    "image-unregister",
    "image-unregister-again",
];
const NODE_GROUP_TEMPLATES: &[&str] = &[
    "ngts-none",
    "ngt-create",
    "ngt-create-all",
    "ngt-create-spare",
    "ngts",
    "ngt",
    "ngts-limit",
    "ngts-limit-last",
    "ngts-limit-0",
    "ngts-limit-text",
    "ngts-marker-missing",
    "ngts-filtered",
    "ngts-sorted",
    "ngts-unknown-filter",
    "ngt-update",
    "ngt-update-unknown-key",
    "ngt-export",
    "ngt-missing",
    "ngt-delete-missing",
    "ngt-refused-name-taken",
    "ngt-refused-bad-name",
    "ngt-refused-long-name",
    "ngt-refused-no-processes",
    "ngt-refused-twice-a-process",
    "ngt-refused-bad-process",
    "ngt-refused-no-plugin",
    "ngt-refused-no-version",
    "ngt-refused-bad-flavor",
    "ngt-refused-bad-target",
    "ngt-refused-bad-config",
    "ngt-refused-bad-config-value",
    "ngt-refused-volumes-without-cinder",
    "ngt-refused-negative-volumes",
    "ngt-refused-bad-mount",
    "ngt-refused-image-not-registered",
    "ngt-refused-floating-by-name",
    "ngt-refused-plugin-version",
    "ngt-refused-unknown-key",
    "ngt-refused-several",
    "ngt-refused-empty",
    "ngt-refused-list",
    "ngt-refused-garbage",
    "ngt-refused-text",
    "ngt-delete",
];
const CLUSTER_TEMPLATES: &[&str] = &[
    "cts-none",
    "ct-create",
    "ct-create-inline",
    "cts",
    "cts-limit",
    "ct",
    "ct-update",
    "ct-export",
    "ct-missing",
    "ct-refused-name-taken",
    "ct-refused-group-of-nothing",
    "ct-refused-group-of-missing",
    "ct-refused-group-twice",
    "ct-refused-bad-target",
    "ct-refused-bad-anti-affinity",
    "ct-refused-bad-network",
    "ct-refused-no-plugin",
    "ngt-in-use",
    "ct-delete",
    "ct-delete-missing",
];
const REFUSED_CLUSTERS: &[&str] = &[
    "clusters-none",
    "cluster-refused-no-image",
    "cluster-refused-no-network",
    "cluster-refused-image-not-registered",
    "cluster-refused-template-missing",
    "cluster-refused-bad-key-pair",
    "cluster-refused-bad-name",
    "cluster-refused-long-host",
    "cluster-refused-empty",
    "cluster-refused-unknown-key",
    "cluster-refused-quota",
    "clusters-after-quota",
    "cluster-terminate-refused",
];
const WORKING: &[&str] = &[
    "cluster",
    "clusters",
    "clusters-json",
    "clusters-limit",
    "clusters-active",
    "cluster-missing",
    "verify",
    "verify-again",
    "verify-bad",
];
const EDITED: &[&str] = &[
    "cluster-edit",
    "cluster-protect",
    "cluster-delete-protected",
    "scale-protected",
    "cluster-unprotect",
    "scale-refused-empty",
    "scale-refused-unknown-group",
    "scale-refused-negative",
    "scale-refused-twice",
    "scale-refused-existing",
    "scale-refused-instances",
    "scale-refused-quota",
    "cluster-after-quota",
    "scale-missing",
];
const START: &[&str] =
    &["Validating", "InfraUpdating", "Spawning", "Waiting", "Preparing", "Configuring", "Starting", "Active"];

/// Where shapes differ, by the beginning of a recording's name, and the word in the paths that do.
const EXPLAINED: &[(&str, &[&str])] = &[
    // Other plugins, in other versions.
    ("plugin", &["labels"]),
    ("tenant-of-no-uuid", &["labels"]),
    // There some of the groups were written again before the reply was made.
    ("cluster-create", &["node_groups[].updated_at"]),
    ("cluster-validating", &["node_groups[].updated_at"]),
    ("inline-validating", &["node_groups[].updated_at"]),
    // The check of a cluster's health began or ended between the two calls there.
    ("cluster-edit", &["verification"]),
    ("clusters-", &["verification"]),
    ("inline-active", &["verification"]),
    ("scaling-out-active", &["verification"]),
    // The real plugin counts memory and sets what follows from it.
    ("clusters-after-topology", &["_configs", "node_groups[].updated_at"]),
    // There the step had begun when the status was first seen.
    ("inline-waiting", &["provision_progress[]"]),
    ("scaling-out-scaling-", &["provision_progress[]"]),
    ("scaling-in-scaling-preparing", &["provision_progress[]"]),
];

/// What the simulator was not asked: it knows one project, and no cluster's first second.
const LEFT_OUT: &[&str] = &["ngt-other-project", "scale-not-active"];

struct Replay {
    stage: Stage,
    /// The recordings that are still to be replayed.
    left: BTreeSet<String>,
    /// Ids of the recording, and what they are here.
    known: BTreeMap<String, String>,
    wrong: Vec<String>,
}

/// A message without the id that is another each time.
fn said(document: &Value) -> Value {
    let mut said = document.clone();
    if let Some(message) = document["error_message"].as_str() {
        said["error_message"] = message.split("\nError ID: ").next().unwrap().into();
        assert_eq!(message.contains("\nError ID: "), document["error_code"].as_u64().is_some_and(|code| code < 500));
    }
    said
}

/// The ids of what stands at the same places.
fn pair(there: &Value, here: &Value, known: &mut BTreeMap<String, String>) {
    match (there, here) {
        (Value::Object(there), Value::Object(here)) => {
            if let (Some(there), Some(here)) = (there.get("id"), here.get("id")) {
                known.insert(word(there), word(here));
            }
            for (name, value) in there {
                pair(value, here.get(name).unwrap_or(&Value::Null), known);
            }
        }
        (Value::Array(there), Value::Array(here)) if there.len() == 1 && here.len() == 1 => {
            pair(&there[0], &here[0], known);
        }
        _ => {}
    }
}

impl Replay {
    /// With nothing there, as it was there.
    async fn new() -> Replay {
        let stage = Stage::new("today").await;
        for (list, name) in [
            ("clusters", "clusters"),
            ("cluster-templates", "cluster_templates"),
            ("node-group-templates", "node_group_templates"),
            ("images", "images"),
        ] {
            for item in stage.get(&format!("/{list}")).await[name].as_array().unwrap() {
                let id = word(&item["id"]);
                assert_eq!(stage.call("DELETE", &format!("/{list}/{id}"), Value::Null).await.status, 204);
                if list == "clusters" {
                    stage.until(&id, "gone").await;
                }
            }
        }
        let last = |name: &str| recording(RECORDED, name).request.rsplit('/').next().unwrap().to_owned();
        let tenant = recording(RECORDED, "plugins").request.split('/').nth(2).unwrap().to_owned();
        let topology: Value =
            serde_json::from_str(&recording(RECORDED, "cluster-refused-topology").sent.unwrap()).unwrap();
        let known = BTreeMap::from([
            (tenant, stage.savanna().tenant.clone()),
            (last("image-register"), uuid_of("hadoop")),
            (last("image-register-plain"), uuid_of("ubuntu-plain")),
            (word(&topology["default_image_id"]), uuid_of("hadoop-vanilla")),
            (word(&topology["neutron_management_network"]), uuid_of("private")),
            ("localhost:8386".to_owned(), stage.savanna().address.to_string()),
        ]);
        let files = std::fs::read_dir(std::path::Path::new(RECORDINGS).join(RECORDED)).unwrap();
        let left = files.map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect();
        Replay { stage, left, known, wrong: Vec::new() }
    }

    fn here(&self, text: &str) -> String {
        self.known.iter().fold(text.to_owned(), |text, (there, here)| text.replace(there, here))
    }

    /// Asks what was asked there.
    async fn replay(&mut self, name: &str) {
        self.left.remove(name);
        let recorded = recording(RECORDED, name);
        let text = name.ends_with("-text") && recorded.method == "POST" || name.starts_with("convert");
        let kind = if text { "text/plain" } else { "application/json" };
        let (target, sent) = (self.here(&recorded.request), self.here(recorded.sent.as_deref().unwrap_or_default()));
        let address = self.stage.savanna().address;
        let reply = match name {
            "versions" | "no-token" => ask(address, &recorded.method, &target, "", &sent).await,
            "bad-token" => {
                ask(address, &recorded.method, &target, "x-auth-token: a-token-that-is-none\r\n", &sent).await
            }
            _ => self.stage.ask(&recorded.method, &target, kind, &sent).await,
        };
        let reply = reply.unwrap();
        if reply.status != recorded.status {
            return self.wrong.push(format!("{name}: {} for {}: {}", reply.status, recorded.status, reply.body));
        }
        let kind = reply.head.lines().find_map(|line| line.strip_prefix("content-type: ")).unwrap_or_default();
        assert_eq!(kind, recorded.content_type.unwrap_or_default(), "{name}");
        if recorded.body.trim().is_empty() {
            assert_eq!(reply.body, "", "{name}");
            return;
        }
        let there: Value = serde_json::from_str(&recorded.body).unwrap();
        let here = reply.json();
        if reply.status < 300 {
            pair(&there, &here, &mut self.known);
        }
        let there: Value = serde_json::from_str(&self.here(&recorded.body)).unwrap();
        if reply.status >= 300 {
            if said(&here) != said(&there) {
                self.wrong.push(format!("{name}: {} for {}", said(&here), said(&there)));
            }
            return;
        }
        let explained = EXPLAINED.iter().filter(|(known, _)| name.starts_with(known)).flat_map(|(_, words)| *words);
        let explained: Vec<&&str> = explained.collect();
        let (here, there) = (shape(&here), shape(&there));
        for path in here.symmetric_difference(&there) {
            let what = if here.contains(path) { "added" } else { "missing" };
            if !explained.iter().any(|word| path.contains(**word)) {
                self.wrong.push(format!("{name}: {path} is {what}"));
            }
        }
    }

    async fn replay_all(&mut self, names: &[&str]) {
        for name in names {
            self.replay(name).await;
        }
    }

    /// Lets time pass, and asks at each status what was asked there.
    async fn follow(&mut self, made: &str, prefix: &str, words: &[&str]) {
        let recorded = serde_json::from_str::<Value>(&recording(RECORDED, made).body).unwrap();
        let id = self.known[&word(&recorded["cluster"]["id"])].clone();
        for status in words {
            self.stage.until(&id, status).await;
            let slug = status.to_lowercase().replace(": ", "-").replace(' ', "-");
            self.replay(&format!("{prefix}-{slug}")).await;
        }
    }

    fn done(self) {
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
        assert_eq!(self.left.iter().collect::<Vec<_>>(), LEFT_OUT);
    }
}

#[tokio::test(start_paused = true)]
async fn everything_is_answered_as_recorded() {
    let mut stage = Replay::new().await;
    for names in [SURROUNDINGS, IMAGES, NODE_GROUP_TEMPLATES, CLUSTER_TEMPLATES, REFUSED_CLUSTERS] {
        stage.replay_all(names).await;
    }
    advance(Duration::from_secs(100)).await;
    // The real one still said something else of a cluster that is to be scaled in its first second.
    stage.replay_all(&["cluster-create", "cluster-refused-name-taken"]).await;
    stage.follow("cluster-create", "cluster", START).await;
    stage.replay_all(&["cluster-create-inline", "ct-in-use"]).await;
    stage.follow("cluster-create-inline", "inline", START).await;
    stage.replay_all(WORKING).await;
    advance(Duration::from_secs(30)).await;
    stage.replay_all(EDITED).await;
    stage.replay("scale-out").await;
    let out = &[
        "Validating",
        "Scaling",
        "Scaling: Spawning",
        "Scaling: Waiting",
        "Scaling: Preparing",
        "Configuring",
        "Active",
    ];
    stage.follow("cluster-create", "scaling-out", out).await;
    advance(Duration::from_secs(30)).await;
    stage.replay("scale-in").await;
    let less =
        &["Validating", "Decommissioning", "Scaling: Spawning", "Scaling: Waiting", "Scaling: Preparing", "Active"];
    stage.follow("cluster-create", "scaling-in", less).await;
    advance(Duration::from_secs(30)).await;
    stage.replay_all(&["cluster-terminate", "cluster-terminate-again", "scale-deleting"]).await;
    stage.follow("cluster-create", "terminating", &["Deleting", "gone"]).await;
    stage.replay_all(&["cluster-terminate-missing", "cluster-create-failing"]).await;
    let failing = &["Validating", "InfraUpdating", "Spawning", "Error"];
    stage.follow("cluster-create-failing", "failing", failing).await;
    stage.replay_all(&["cluster-terminate-failed", "cluster-terminate-inline"]).await;
    stage.follow("cluster-create-inline", "terminating-inline", &["Deleting", "gone"]).await;
    let vanilla = format!("/images/{}", uuid_of("hadoop-vanilla"));
    stage.stage.call("POST", &vanilla, serde_json::json!({"username": "ubuntu"})).await;
    stage.stage.call("POST", &format!("{vanilla}/tag"), serde_json::json!({"tags": ["vanilla", "2.7.5"]})).await;
    stage.replay_all(&["cluster-refused-topology", "clusters-after-topology"]).await;
    stage.done();
}
