//! The bodies of the service's replies, literally as the reference has them.

use serde_json::{Value, json};

use super::clusters::{Cluster, InstanceGroup, Run, Style};
use super::lifecycle::Standing;

/// The reply of a POST that has started a run.
pub(super) fn started(cluster: &Cluster, request_id: &str) -> Value {
    json!({"clusterId": cluster.id, "clusterName": cluster.name, "requestId": request_id})
}

/// The reply of a POST while a run is under way: nothing was started, so there is no request id.
pub(super) fn under_way(cluster: &Cluster) -> Value {
    json!({
        "clusterId": cluster.id,
        "clusterName": cluster.name,
        "message": "The cluster is being created or works on a task.",
    })
}

/// The reply of a GET.
pub(super) fn standing(cluster: &Cluster, run: &Run, standing: Standing, verbose: bool) -> Value {
    match (cluster.style, verbose) {
        (Style::Reference, false) => short(cluster, run, standing, Value::Null),
        (Style::Reference, true) => long(cluster, run, standing),
        (Style::Odd, false) => short(cluster, run, standing, json!("")),
        (Style::Odd, true) => odd(cluster, run, standing),
    }
}

fn short(cluster: &Cluster, run: &Run, standing: Standing, no_result: Value) -> Value {
    json!({
        "clusterId": cluster.id,
        "clusterName": cluster.name,
        "requestId": run.id,
        "requestStatus": standing.status,
        "requestResult": standing.result.map_or(no_result, Value::from),
    })
}

fn long(cluster: &Cluster, run: &Run, standing: Standing) -> Value {
    let set = &run.settings;
    let task = &cluster.task;
    let tasks: Vec<Value> = set.tasks.iter().map(|group| instance_group(cluster, "task", group)).collect();
    json!({
        "clusterId": cluster.id,
        "clusterName": cluster.name,
        "requestId": run.id,
        "requestStatus": standing.status,
        "requestResult": standing.result,
        "clusterType": "Core Hadoop",
        "clusterVersion": cluster.version,
        "isHa": set.masters.nodes == 3,
        "installComponents": task.components,
        "masterInfo": [instance_group(cluster, "master", &set.masters)],
        "workerInfo": [instance_group(cluster, "worker", &set.workers)],
        "taskInfo": tasks,
        "imageName": "Ubuntu 22.04 Hadoop Eco",
        "securityGroupIds": set.security_groups,
        "keypairName": "data-platform",
        "owner": task.owner,
        "config": {
            "hdfsBlockSize": set.block_size,
            "hdfsReplication": set.replication,
            "configText": task.config_text,
            "userScript": task.user_script,
        },
        "userTask": {
            "type": task.kind,
            "terminationPolicy": task.policy.word(),
            "fileUrl": task.file_url,
            "hiveQuery": task.hive_query,
            "deployMode": set.deploy_mode,
            "execOpts": set.exec_opts,
            "execParams": set.exec_params,
            "logUrl": format!("s3a://job-logs/{}/{}", cluster.id, run.id),
        },
    })
}

fn instance_group(cluster: &Cluster, kind: &str, group: &InstanceGroup) -> Value {
    json!({
        "instanceGroupId": super::super::made_up::uuid_of(&format!("{} {kind}", cluster.id)),
        "flavorId": super::super::made_up::uuid_of(group.flavor),
        "flavorName": group.flavor,
        "volumeSize": group.volume,
        "nodeCnt": group.nodes,
    })
}

/// The same in every other way that a server might write it: the reference's table instead of its example, numbers as
/// text, single things instead of lists, nulls, and members that nobody told of.
fn odd(cluster: &Cluster, run: &Run, standing: Standing) -> Value {
    let set = &run.settings;
    let task = &cluster.task;
    json!({
        "clusterId": cluster.id,
        "clusterName": cluster.name,
        "requestId": run.id,
        "requestStatus": standing.status,
        "requestResult": standing.result.unwrap_or(""),
        "clusterType": null,
        "clusterVersion": cluster.version,
        "isHa": "false",
        "installComponents": "Hadoop",
        "masterInfo": {
            "instanceGroupId": null,
            "flavorId": 17,
            "flavorName": set.masters.flavor,
            "volumeSize": set.masters.volume.to_string(),
            "nodeCnt": set.masters.nodes.to_string(),
        },
        "workerInfo": [null, {
            "flavorName": set.workers.flavor,
            "volumeSize": set.workers.volume as f64,
            "nodeCnt": set.workers.nodes.to_string(),
            "spotPrice": {"currency": "KRW", "amount": "112.50"},
        }],
        "taskInfo": null,
        "securityGroupIds": {},
        "config": {"hdfsBlockSize": set.block_size.to_string(), "hdfsReplication": set.replication.to_string(), "configText": {"configurations": []}},
        "userTask": {
            "type": "HIVE",
            "termination_policy": task.policy.word(),
            "file_url": task.file_url,
            "hive_query": task.hive_query,
            "deployMode": null,
            "exec_opts": set.exec_opts,
            "exec_params": set.exec_params,
            "log_url": format!("https://objects.example/job-logs/{}", run.id),
        },
        "billing": {"plan": "on-demand", "tags": ["a", "<b>b</b>", 3, null]},
        "retryCount": 0,
        "한글 항목": "모르는 값",
    })
}
