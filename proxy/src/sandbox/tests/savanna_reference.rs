//! The simulated Savanna in the reference's dialect: the reference's own requests pass, replies have its members and no
//! others, and refusals are as its versions had them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::made_up::uuid_of;
use super::client::ask;
use super::savanna::{Stage, word};

fn members(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap_or_else(|| panic!("{value}")).keys().map(String::as_str).collect()
}

fn set(words: &'static str) -> BTreeSet<&'static str> {
    words.split_whitespace().collect()
}

const GROUP: &str =
    "name count flavor_id node_processes node_configs volumes_per_node volumes_size volume_mount_prefix";

fn vanilla(name: &str) -> Value {
    json!({"plugin_name": "vanilla", "hadoop_version": "1.2.1", "name": name})
}

/// Something with more members.
fn with(mut of: Value, more: Value) -> Value {
    of.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    of
}

fn inline() -> Value {
    json!([
        {"name": "master", "count": 1, "flavor_id": "42", "node_processes": ["namenode", "jobtracker"]},
        {"name": "worker", "count": 3, "flavor_id": "42", "node_processes": ["datanode", "tasktracker"]},
    ])
}

async fn made(stage: &Stage, path: &str, body: Value) -> Value {
    let reply = stage.call("POST", path, body).await;
    assert_eq!(reply.status, 202, "{path}: {}", reply.body);
    assert!(!reply.body.contains("null"), "{}", reply.body);
    reply.json()
}

#[tokio::test(start_paused = true)]
async fn images_are_registered_and_tagged() {
    let stage = Stage::new("reference").await;
    let path = format!("/images/{}", uuid_of("ubuntu-plain"));
    let body = json!({"username": "ec2-user", "description": "Fedora image"});
    let image = made(&stage, &path, body).await["image"].clone();
    assert_eq!(members(&image), set("status username name tags minDisk progress minRam metadata id"));
    assert_eq!(image["metadata"], json!({"_savanna_username": "ec2-user", "_savanna_description": "Fedora image"}));
    let tags = json!({"tags": ["tag1", "some_other_tag"]});
    let image = made(&stage, &format!("{path}/tag"), tags).await["image"].clone();
    assert_eq!(image["tags"], json!(["tag1", "some_other_tag"]));
    assert_eq!(image["metadata"]["_savanna_tag_some_other_tag"], "True");
    for (query, found) in
        [("tags=tag1", 1), ("tags=tag1&tags=some_other_tag", 1), ("tags=tag1&tags=vanilla", 0), ("", 2)]
    {
        let listed = stage.get(&format!("/images?{query}")).await;
        assert_eq!(listed["images"].as_array().unwrap().len(), found, "{query}");
    }
    let image = made(&stage, &format!("{path}/untag"), json!({"tags": ["some_other_tag"]})).await["image"].clone();
    assert_eq!(image["tags"], json!(["tag1"]));
    assert_eq!(stage.call("DELETE", &path, Value::Null).await.status, 204);
    let gone = stage.call("GET", &path, Value::Null).await;
    assert_eq!((gone.status, gone.json()["error_name"].clone()), (400, json!("IMAGE_NOT_REGISTERED")));
    assert_eq!(stage.get("/images.json").await, stage.get("/images").await);
}

#[tokio::test(start_paused = true)]
async fn templates_and_clusters_are_told_as_the_reference_tells_them() {
    let stage = Stage::new("reference").await;
    let configs = json!({"HDFS": {"data_node_heap_size": 1024}, "MapReduce": {"task_tracker_heap_size": 1024}});
    let body = json!({"flavor_id": "42", "node_processes": ["datanode", "tasktracker"], "node_configs": configs});
    let told = made(&stage, "/node-group-templates", with(vanilla("hands"), body)).await;
    let template = &told["node_group_template"];
    let wanted = "name volume_mount_prefix plugin_name volumes_size node_processes flavor_id volumes_per_node \
                  node_configs hadoop_version id";
    assert_eq!(members(template), set(wanted));
    assert_eq!((&template["volumes_size"], &template["node_configs"]), (&json!(10), &configs));
    let body = json!({"flavor_id": "42", "node_processes": ["namenode"], "floating_ip_pool": "public"});
    let head = made(&stage, "/node-group-templates", with(vanilla("head"), body)).await["node_group_template"].clone();
    assert_eq!(head["floating_ip_pool"], "public");
    let shown = stage.get(&format!("/node-group-templates/{}", word(&head["id"]))).await;
    assert_eq!(shown["node_group_template"]["node_configs"], json!({"HDFS": {}, "MapReduce": {}}));
    assert_eq!(shown["node_group_template"]["description"], "");

    let of = |name: &str, count: u32, id: &Value| json!({"name": name, "count": count, "node_group_template_id": id});
    let groups = json!([of("worker", 3, &template["id"]), of("master", 1, &head["id"])]);
    let network = "e017fdde-a2f7-41ed-b342-2d63083e7772";
    let body = json!({"node_groups": groups, "neutron_management_network": network, "cluster_configs": {}});
    let told = made(&stage, "/cluster-templates", with(vanilla("cl-template"), body)).await["cluster_template"].clone();
    let wanted =
        "name plugin_name anti_affinity node_groups neutron_management_network cluster_configs hadoop_version id";
    assert_eq!(members(&told), set(wanted));
    assert_eq!(told["node_groups"][0]["node_group_template_id"], template["id"]);

    let start = json!({
        "default_image_id": uuid_of("hadoop"), "user_keypair_id": "doc-keypair", "node_groups": inline(),
        "cluster_configs": {"HDFS": {"dfs.replication": 2}}, "anti_affinity": [],
    });
    let cluster = made(&stage, "/clusters", with(vanilla("doc-cluster2"), start)).await["cluster"].clone();
    let wanted = "status info name cluster_configs default_image_id user_keypair_id plugin_name anti_affinity node_groups \
                  hadoop_version id";
    assert_eq!(members(&cluster), set(wanted));
    assert_eq!(cluster["status"], "Waiting");
    assert_eq!(cluster["cluster_configs"], json!({"HDFS": {"dfs.replication": 2}, "MapReduce": {}, "general": {}}));
    let group = &cluster["node_groups"][1];
    let mut wanted = set(GROUP);
    wanted.extend(set("created updated instances"));
    assert_eq!(members(group), wanted);
    assert_eq!(members(&group["instances"][0]), set("instance_name instance_id volumes"));
    assert_eq!(group["instances"][2]["instance_name"], "doc-cluster2-worker-003");
    let id = word(&cluster["id"]);
    stage.until(&id, "Active").await;
    let cluster = stage.get(&format!("/clusters/{id}")).await["cluster"].clone();
    let machine = &cluster["node_groups"][0]["instances"][0];
    assert_eq!(members(machine), set("instance_name instance_id volumes internal_ip management_ip"));
    let page = format!("http://{}:50070", word(&machine["management_ip"]));
    assert_eq!(cluster["info"]["HDFS"]["Web UI"], page);
}

#[tokio::test(start_paused = true)]
async fn a_file_is_converted_where_a_plugin_can() {
    let stage = Stage::new("reference").await;
    let file = "[general]\nnodes = 4\n";
    let convert = async |plugin: &str| {
        let target = format!("/v1.0/{}/plugins/{plugin}/convert-config", stage.savanna().tenant);
        stage.ask("POST", &target, "text/plain", file).await.unwrap()
    };
    let reply = convert("blueprint/1.1").await;
    assert_eq!(reply.status, 202, "{}", reply.body);
    let template = &reply.json()["cluster_template"];
    assert_eq!(
        stage.get(&format!("/cluster-templates/{}", word(&template["id"]))).await["cluster_template"],
        *template
    );
    let cannot = convert("vanilla/1.2.1").await;
    assert_eq!((cannot.status, cannot.json()["error_name"].clone()), (400, json!("INVALID_REFERENCE")));
}

#[tokio::test(start_paused = true)]
async fn refusals_are_those_of_its_versions() {
    let stage = Stage::new("reference").await;
    let start = json!({"default_image_id": uuid_of("hadoop"), "node_groups": inline()});
    let nodes = json!({"flavor_id": "42", "node_processes": ["datanode"]});
    let cases = [
        ("POST", "/clusters", with(vanilla("1st"), start.clone()), 400, "VALIDATION_ERROR"),
        ("POST", "/clusters", with(vanilla("night"), start.clone()), 400, "NAME_ALREADY_EXISTS"),
        ("POST", "/clusters", with(vanilla("x"), json!({"node_groups": inline()})), 400, "INVALID_REFERENCE"),
        (
            "POST",
            "/clusters",
            with(vanilla("x"), with(start.clone(), json!({"user_keypair_id": "zork"}))),
            400,
            "INVALID_REFERENCE",
        ),
        (
            "POST",
            "/clusters",
            with(vanilla("x"), with(start.clone(), json!({"node_groups": [inline()[1]]}))),
            400,
            "NOT_SINGLE_NAME_NODE",
        ),
        (
            "POST",
            "/node-group-templates",
            with(vanilla("x"), with(nodes.clone(), json!({"flavor_id": "77"}))),
            400,
            "INVALID_REFERENCE",
        ),
        // What came later is not known.
        (
            "POST",
            "/node-group-templates",
            with(vanilla("x"), with(nodes.clone(), json!({"is_public": true}))),
            400,
            "VALIDATION_ERROR",
        ),
        ("GET", "/clusters/zork", Value::Null, 404, "NOT_FOUND"),
        ("PUT", "/cluster-templates/zork", json!({"description": "Edited"}), 501, "NOT_IMPLEMENTED_ERROR"),
        ("GET", "/plugins/zork", Value::Null, 404, "NOT_FOUND"),
    ];
    for (method, path, body, status, name) in cases {
        let reply = stage.call(method, path, body.clone()).await;
        let told = reply.json();
        assert_eq!((reply.status, &told["error_name"]), (status, &json!(name)), "{path} {body}: {told}");
        assert_eq!(told["error_code"], status);
        assert!(!reply.body.contains("Error ID"), "{told}");
    }
    // Names may have underscores yet; a node group of masters cannot become more.
    made(&stage, "/node-group-templates", with(vanilla("with_underscore"), nodes)).await;
    let clusters = stage.get("/clusters").await;
    let night = clusters["clusters"].as_array().unwrap().iter().find(|one| one["name"] == "night").unwrap().clone();
    let path = format!("/clusters/{}", word(&night["id"]));
    let reply = stage.call("PUT", &path, json!({"resize_node_groups": [{"name": "master", "count": 2}]})).await;
    assert_eq!(reply.json()["error_name"], "NODE_GROUP_CANNOT_BE_SCALED");
    // The one that was refused after it was written down is there.
    assert!(clusters["clusters"].as_array().unwrap().iter().any(|one| one["name"] == "x" && one["status"] == "Error"));
    // What only today's have is not there, and the tenant is always looked at.
    let tenant = &stage.savanna().tenant;
    for target in [format!("/v1.1/{tenant}/plugins"), format!("/v1.0/{tenant}/cluster-templates/x/export")] {
        assert_eq!(stage.ask("GET", &target, "", "").await.unwrap().json()["error"], 404, "{target}");
    }
    let other = stage.ask("GET", "/v1.0/775181/plugins", "", "").await.unwrap();
    assert_eq!((other.status, other.json()["code"].clone()), (401, json!("401 Unauthorized")));
    let versions = ask(stage.savanna().address, "GET", "/", "", "").await.unwrap();
    assert_eq!((versions.status, versions.json()["versions"][0]["status"].clone()), (300, json!("CURRENT")));
}
