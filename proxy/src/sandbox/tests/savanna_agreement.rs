//! What the shared types write is what the simulated Savanna understands, and what it says in either dialect is what the
//! types read.

use howdah_shared::lenient;
use howdah_shared::systems::savanna::{
    ClusterReply, ClusterRequest, ClusterTemplateReply, ClusterTemplatesReply, ClustersReply, ImagesReply,
    NodeGroupTemplateReply, NodeGroupTemplateRequest, NodeGroupTemplatesReply, PluginReply, VersionsReply,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::super::made_up::uuid_of;
use super::client::{Reply, ask};
use super::savanna::Stage;

fn read<T: DeserializeOwned>(reply: &Reply) -> T {
    lenient::reply(reply.body.as_bytes()).unwrap_or_else(|error| panic!("{error} in {}", reply.body))
}

async fn get<T: DeserializeOwned>(stage: &Stage, path: &str) -> T {
    read(&stage.call("GET", path, Value::Null).await)
}

#[tokio::test(start_paused = true)]
async fn both_dialects_are_read() {
    for (dialect, plugin, versions) in [("reference", "vanilla/1.2.1", 1), ("today", "fake/0.1", 3)] {
        let stage = Stage::new(dialect).await;
        let told = ask(stage.savanna().address, "GET", "/", "", "").await.unwrap();
        assert_eq!(read::<VersionsReply>(&told).versions.len(), versions);
        let plugin: PluginReply = get(&stage, &format!("/plugins/{plugin}")).await;
        assert!(!plugin.plugin.configs.is_empty() && plugin.plugin.required_image_tags.len() == 2, "{dialect}");
        let images: ImagesReply = get(&stage, "/images").await;
        assert_eq!(images.images[0].username.as_deref(), Some("ubuntu"), "{dialect}");
        let templates: NodeGroupTemplatesReply = get(&stage, "/node-group-templates").await;
        assert_eq!(templates.node_group_templates.len(), 2, "{dialect}");
        for template in &templates.node_group_templates {
            let id = template.group.id.as_deref().unwrap();
            let own: NodeGroupTemplateReply = get(&stage, &format!("/node-group-templates/{id}")).await;
            assert_eq!(&own.node_group_template, template, "{dialect}");
            assert!(template.group.flavor_id.is_some() && !template.group.node_processes.is_empty(), "{dialect}");
        }
        let templates: ClusterTemplatesReply = get(&stage, "/cluster-templates").await;
        let template = &templates.cluster_templates[0];
        let id = template.id.as_deref().unwrap();
        let own: ClusterTemplateReply = get(&stage, &format!("/cluster-templates/{id}")).await;
        assert_eq!(&own.cluster_template, template, "{dialect}");
        let clusters: ClustersReply = get(&stage, "/clusters").await;
        let cluster = &clusters.clusters[0];
        assert_eq!((cluster.status.as_deref(), cluster.cluster_template_id.as_deref()), (Some("Active"), Some(id)));
        let machines: usize = cluster.node_groups.iter().map(|group| group.instances.len()).sum();
        assert_eq!(machines, 4, "{dialect}");
        let machine = &cluster.node_groups[0].instances[0];
        assert!(machine.instance_name.is_some() && machine.management_ip.is_some(), "{machine:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_written_is_understood() {
    for (dialect, plugin, version) in [("reference", "vanilla", "1.2.1"), ("today", "fake", "0.1")] {
        let stage = Stage::new(dialect).await;
        let mut whole = json!({
            "name": "hands", "plugin_name": plugin, "hadoop_version": version, "flavor_id": "42", "description": "Works",
            "node_processes": ["datanode"], "volumes_per_node": 0, "volumes_size": 5, "volume_mount_prefix": "/data",
            "image_id": uuid_of("hadoop"), "node_configs": {},
        });
        if dialect == "today" {
            whole["shares"] = json!([{"id": uuid_of("a share"), "path": "/mnt", "access_level": "ro"}]);
            whole["security_groups"] = json!(["default"]);
            whole["is_public"] = true.into();
            whole["use_autoconfig"] = false.into();
        }
        let request: NodeGroupTemplateRequest = serde_json::from_value(whole.clone()).unwrap();
        let reply = stage.call("POST", "/node-group-templates", serde_json::to_value(&request).unwrap()).await;
        assert_eq!(reply.status, 202, "{}", reply.body);
        let told = reply.json()["node_group_template"].clone();
        for (name, value) in whole.as_object().unwrap() {
            assert_eq!(&told[name], value, "{name} in {dialect}");
        }
        let template = &told["id"];
        let groups = json!([
            {"name": "head", "count": 1, "flavor_id": "2", "node_processes": ["namenode"]},
            {"name": "hands", "count": 2, "node_group_template_id": template},
        ]);
        let request: ClusterRequest = serde_json::from_value(json!({
            "name": "morning", "plugin_name": plugin, "hadoop_version": version, "node_groups": groups,
            "default_image_id": uuid_of("hadoop"), "neutron_management_network": uuid_of("private"),
            "user_keypair_id": "team", "cluster_configs": {"general": {"Enable NTP service": false}},
        }))
        .unwrap();
        let reply = stage.call("POST", "/clusters", serde_json::to_value(&request).unwrap()).await;
        assert_eq!(reply.status, 202, "{}", reply.body);
        let started = read::<ClusterReply>(&reply).cluster;
        assert_eq!(started.node_groups[1].node_group_template_id.as_deref(), template.as_str(), "{dialect}");
        let id = started.id.unwrap();
        stage.until(&id, "Active").await;
        let working = get::<ClusterReply>(&stage, &format!("/clusters/{id}?show_progress=true")).await.cluster;
        assert_eq!(working.node_groups.iter().map(|group| group.count).collect::<Vec<_>>(), [Some(1), Some(2)]);
        assert_eq!(working.provision_progress.is_empty(), dialect == "reference");
    }
}
