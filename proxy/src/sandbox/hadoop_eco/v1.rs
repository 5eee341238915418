//! The legacy API's words: flat bodies, and replies with `clusterMeta` in snake case. Reference: Kakao i Cloud, "Hadoop
//! Eco API".
//!
//! What the reference leaves open is answered so: the hosts of workers are listed while they run; the timeouts are
//! those of its example; only a cluster with three masters has a standby of its own.

use serde_json::{Value, json};

use super::super::made_up;
use super::clusters::{Cluster, InstanceGroup, Run};
use super::door::{self, Changes, Group};
use super::lifecycle::{Occupied, Standing};

/// Reads the query of the GET: `verbose`, `true`, `false` or `null`.
pub(super) fn verbose(query: Option<&str>) -> Result<bool, String> {
    match query.unwrap_or_default() {
        "verbose=null" => Ok(false),
        _ => door::verbose(query),
    }
}

/// Reads the body of the POST.
///
/// # Errors
/// The first thing that is not as the reference has it.
pub(super) fn changes(body: &[u8]) -> Result<Changes, String> {
    const KNOWN: &[&str] = &[
        "workerCnt",
        "workerVolumeSize",
        "configHdfsReplication",
        "configHdfsBlockSize",
        "userTaskDeployMode",
        "userTaskExecOpts",
        "userTaskExecParams",
    ];
    let body: Value = serde_json::from_slice(body).map_err(|error| format!("the body is not JSON: {error}"))?;
    let body = door::object(&body, "the body", KNOWN)?;
    let nodes = door::integer(body, "workerCnt", 1, 1000)?;
    let volume = door::integer(body, "workerVolumeSize", 50, 5120)?;
    let deploy_mode = door::string(body, "userTaskDeployMode")?;
    if !matches!(deploy_mode.as_deref(), None | Some("client" | "cluster")) {
        return Err("userTaskDeployMode must be client or cluster".to_owned());
    }
    Ok(Changes {
        groups: vec![(Group::Worker, nodes, volume)],
        block_size: door::integer(body, "configHdfsBlockSize", 1, 1024)?,
        replication: door::integer(body, "configHdfsReplication", 1, 500)?,
        deploy_mode,
        exec_opts: door::string(body, "userTaskExecOpts")?,
        exec_params: door::string(body, "userTaskExecParams")?,
        security_groups: None,
    })
}

/// The reply of a POST that has started a run.
pub(super) fn started(cluster: &Cluster, request_id: &str) -> Value {
    let set = &cluster.settings;
    json!({
        "clusterId": cluster.id,
        "clusterName": cluster.name,
        "requestId": request_id,
        "clusterMainSettingValues": {
            "workerCnt": set.workers.nodes,
            "workerVolumeSize": set.workers.volume,
            "configHdfsReplication": set.replication,
            "configHdfsBlockSize": set.block_size,
            "jobType": cluster.task.kind,
            "userTaskDeployMode": set.deploy_mode,
            "userTaskExecOpts": set.exec_opts,
            "userTaskExecParams": set.exec_params,
        },
    })
}

/// The reply of a GET.
pub(super) fn standing(cluster: &Cluster, run: &Run, standing: Standing, verbose: bool) -> Value {
    let mut reply = json!({
        "clusterId": cluster.id,
        "clusterName": cluster.name,
        "requestId": run.id,
        "requestStatus": standing.status,
        "requestResult": standing.result,
    });
    if verbose {
        reply["clusterMeta"] = meta(cluster, run, standing);
    }
    reply
}

fn meta(cluster: &Cluster, run: &Run, standing: Standing) -> Value {
    let set = &run.settings;
    let highly_available = set.masters.nodes == 3;
    let name = |number: u64| format!("HadoopMST-{}-{number}", cluster.name);
    let mut masters = machines(cluster, "MST", &set.masters, set.masters.nodes);
    masters["master_active"] = json!(name(1));
    masters["master_standby"] = json!(name(if highly_available { 2 } else { 1 }));
    masters["master_etc"] = json!(name(if highly_available { 3 } else { 1 }));
    let running = if standing.cluster == Occupied::No { 0 } else { set.workers.nodes };
    json!({
        "cluster_version": cluster.version,
        "service_check_timeout": 10,
        "socket_timeout": 5,
        "global_timeout": 1500,
        "monitoring": false,
        "cluster_id": cluster.id,
        "cluster_name": cluster.name,
        "cluster_type": if highly_available { "hadoop_ha" } else { "hadoop_single" },
        "project": {
            "id": id("project"),
            "name": "bigdata",
            "domain": {"id": id("domain"), "name": "sandbox"},
        },
        "master_vm": masters,
        "worker_vm": machines(cluster, "WRK", &set.workers, running),
        "user_cluster_exec_command": {
            "type": cluster.task.kind,
            "termination_policy": cluster.task.policy.word(),
            "hive_query": cluster.task.hive_query,
            "exec_opts": set.exec_opts,
            "exec_params": set.exec_params,
        },
    })
}

fn machines(cluster: &Cluster, kind: &str, group: &InstanceGroup, running: u64) -> Value {
    let hosts: Vec<String> = (1..=running).map(|number| format!("Hadoop{kind}-{}-{number}", cluster.name)).collect();
    json!({
        "host_list": hosts,
        "flavor_id": made_up::uuid_of(group.flavor),
        "flavor_name": group.flavor,
        "key_pair": "data-platform",
        "network": {
            "uuid": made_up::uuid_of("network"),
            "subnet_id": made_up::uuid_of("subnet"),
            "security_group_id_list": cluster.settings.security_groups,
        },
        "block_device": {
            "source_type": "image",
            "uuid": made_up::uuid_of("image"),
            "volume_size": group.volume,
        },
    })
}

/// 32 hexadecimal digits, as this cloud writes the ids of projects.
fn id(name: &str) -> String {
    made_up::uuid_of(name).replace('-', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_s_body_is_read_whole() {
        // With the commas that the reference forgot, and a volume within its range.
        let body = br#"{"workerCnt": 2, "workerVolumeSize": 50, "configHdfsReplication": 2, "configHdfsBlockSize": 128,
            "userTaskDeployMode": "cluster", "userTaskExecOpts": "--driver-cores 1",
            "userTaskExecParams": "-sparkApplicationParams=testParams"}"#;
        let read = changes(body).unwrap();
        assert_eq!(read.groups, [(Group::Worker, Some(2), Some(50))]);
        assert_eq!((read.replication, read.block_size), (Some(2), Some(128)));
        assert_eq!(read.deploy_mode.as_deref(), Some("cluster"));
        assert_eq!(read.exec_opts.as_deref(), Some("--driver-cores 1"));
        assert_eq!(read.exec_params.as_deref(), Some("-sparkApplicationParams=testParams"));
    }

    #[test]
    fn bodies_beyond_the_reference_are_refused() {
        for (body, word) in [
            ("", "not JSON"),
            ("[]", "object"),
            (r#"{"instanceSpecs":[]}"#, "unknown member instanceSpecs"),
            (r#"{"workerCnt":0}"#, "workerCnt"),
            (r#"{"workerCnt":1001}"#, "workerCnt"),
            (r#"{"workerVolumeSize":5}"#, "workerVolumeSize"),
            (r#"{"workerVolumeSize":49}"#, "workerVolumeSize"),
            (r#"{"workerVolumeSize":5121}"#, "workerVolumeSize"),
            (r#"{"configHdfsReplication":501}"#, "configHdfsReplication"),
            (r#"{"configHdfsBlockSize":1025}"#, "configHdfsBlockSize"),
            (r#"{"userTaskDeployMode":"yarn"}"#, "userTaskDeployMode"),
            (r#"{"userTaskExecOpts":1}"#, "userTaskExecOpts"),
        ] {
            let refused = changes(body.as_bytes()).expect_err(body);
            assert!(refused.contains(word), "{body}: {refused}");
        }
    }

    #[test]
    fn verbose_has_three_words() {
        let read = |query| verbose(Some(query));
        assert_eq!(
            ["verbose=true", "verbose=false", "verbose=null", ""].map(read),
            [Ok(true), Ok(false), Ok(false), Ok(false)]
        );
        assert!(read("verbose=1").is_err());
    }
}
