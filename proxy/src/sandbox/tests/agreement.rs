//! What the shared types write is what the simulators take, and what the simulators say is what the types read. Both
//! were written from the references apart from each other.

use howdah_shared::operation::Operation;
use howdah_shared::systems::hadoop_eco::DeployMode;
use howdah_shared::systems::hadoop_eco::v1;
use howdah_shared::systems::hadoop_eco::v2::{
    HdfsSettings, InstanceGroup, InstanceSpec, NodeType, Rework, ReworkAccepted, ReworkQuery, ReworkRequest,
    ShowRework, StartRework, TaskSettings,
};
use howdah_shared::systems::yarn::{ApplicationsReply, ClusterInfoReply, ClusterMetricsReply};
use serde::de::DeserializeOwned;

use super::super::{HadoopEco, Options, SimCluster, Simulators, start};
use super::client::{ask, headers, named};

async fn sandbox() -> Simulators {
    start(Options { pace: 1e-3, ..Options::default() }).await.unwrap()
}

async fn rework(service: &HadoopEco, cluster: &SimCluster, id: &str) -> Rework {
    let call = ShowRework { cluster_id: cluster.id.parse().unwrap(), request_id: id.parse().unwrap() };
    let query = form(&ReworkQuery { verbose: Some(true) });
    let target = format!("{}?{query}", call.path());
    let reply = ask(service.address, "GET", &target, &headers(service, cluster), "").await.unwrap();
    assert_eq!(reply.status, 200, "{}", reply.body);
    serde_json::from_str(&reply.body).unwrap()
}

/// A flat query, as a form.
fn form(query: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(query).unwrap();
    let pairs = value.as_object().unwrap().iter().map(|(name, value)| format!("{name}={value}"));
    pairs.collect::<Vec<_>>().join("&")
}

#[tokio::test]
async fn a_request_with_everything_arrives_and_comes_back() {
    let run = sandbox().await;
    let service = &run.hadoop_eco;
    let cluster = named(&service.clusters, "clickstream-ha");
    let group = |kind, node_cnt, volume_size| InstanceSpec { kind, node_cnt, volume_size };
    let request = ReworkRequest {
        instance_specs: vec![
            group(NodeType::Master, None, Some(120)),
            group(NodeType::Worker, Some(11), None),
            group(NodeType::Task, Some(7), Some(300)),
        ],
        config: Some(HdfsSettings { hdfs_block_size: Some(256), hdfs_replication: Some(4) }),
        user_task_info: Some(TaskSettings {
            deploy_mode: Some(DeployMode::Client),
            exec_opts: Some("--a b".to_owned()),
            exec_params: Some(String::new()),
        }),
        security_group_ids: Some(vec!["sg".to_owned()]),
    };
    let body = serde_json::to_string(&request).unwrap();
    let path = StartRework { cluster_id: cluster.id.parse().unwrap() }.path();
    let reply = ask(service.address, "POST", &path, &headers(service, cluster), &body).await.unwrap();
    assert_eq!(reply.status, 200, "{}", reply.body);
    let accepted: ReworkAccepted = serde_json::from_str(&reply.body).unwrap();
    assert_eq!(accepted.cluster_name.as_deref(), Some("clickstream-ha"));

    let now = rework(service, cluster, &accepted.request_id.unwrap()).await;
    let group = |groups: &[InstanceGroup]| (groups[0].node_cnt, groups[0].volume_size);
    assert_eq!(group(&now.master_info), (Some(3), Some(120)));
    assert_eq!(group(&now.worker_info), (Some(11), Some(500)));
    assert_eq!(group(&now.task_info), (Some(7), Some(300)));
    assert_eq!((now.config.hdfs_block_size, now.config.hdfs_replication), (Some(256), Some(4)));
    assert_eq!(now.user_task.deploy_mode.as_deref(), Some("client"));
    assert_eq!((now.user_task.exec_opts.as_deref(), now.user_task.exec_params.as_deref()), (Some("--a b"), Some("")));
    assert_eq!(now.security_group_ids, ["sg"]);
    assert!(now.other.is_empty(), "{:?}", now.other);
}

#[tokio::test]
async fn an_empty_request_is_one_that_changes_nothing() {
    let run = sandbox().await;
    let service = &run.hadoop_eco;
    let cluster = named(&service.clusters, "nightly-etl");
    let path = StartRework { cluster_id: cluster.id.parse().unwrap() }.path();
    let body = serde_json::to_string(&ReworkRequest::default()).unwrap();
    let reply = ask(service.address, "POST", &path, &headers(service, cluster), &body).await.unwrap();
    let accepted: ReworkAccepted = serde_json::from_str(&reply.body).unwrap();
    let (before, now) = (
        rework(service, cluster, &cluster.past[1]).await,
        rework(service, cluster, &accepted.request_id.unwrap()).await,
    );
    assert_eq!((before.worker_info, before.config), (now.worker_info, now.config));
    assert_eq!(before.user_task.exec_opts, now.user_task.exec_opts);
}

#[tokio::test]
async fn every_cluster_s_replies_are_read() {
    let run = sandbox().await;
    let service = &run.hadoop_eco;
    for cluster in service.clusters.iter().filter(|cluster| cluster.key.is_some()) {
        for id in &cluster.past {
            let rework = rework(service, cluster, id).await;
            assert_eq!(rework.cluster_name.as_deref(), Some(cluster.name.as_str()));
            assert_eq!(rework.result().is_none(), cluster.name == "hourly-sessions" && id == &cluster.past[1]);
            assert!(rework.workers().is_some_and(|workers| workers > 0), "{}", cluster.name);
            assert!(rework.user_task.kind.is_some() && rework.user_task.termination_policy.is_some());
            assert!(rework.config.hdfs_replication.is_some_and(|copies| copies > 0));
            assert_eq!(rework.other.is_empty(), cluster.name != "legacy-ingest", "{:?}", rework.other);
        }
    }
}

#[tokio::test]
async fn the_legacy_service_takes_what_its_types_write() {
    let run = sandbox().await;
    let service = &run.hadoop_eco_v1;
    let cluster = named(&service.clusters, "daily-tables");
    let request = v1::ReworkRequest {
        worker_cnt: Some(4),
        worker_volume_size: Some(50),
        config_hdfs_replication: Some(2),
        config_hdfs_block_size: Some(256),
        user_task_deploy_mode: Some(DeployMode::Client),
        user_task_exec_opts: Some("--a b".to_owned()),
        user_task_exec_params: Some(String::new()),
    };
    let body = serde_json::to_string(&request).unwrap();
    let path = v1::StartRework { cluster_id: cluster.id.parse().unwrap() }.path();
    let reply = ask(service.address, "POST", &path, &headers(service, cluster), &body).await.unwrap();
    assert_eq!(reply.status, 200, "{}", reply.body);
    let accepted: v1::ReworkAccepted = serde_json::from_str(&reply.body).unwrap();
    let settings = accepted.cluster_main_setting_values;
    assert_eq!((settings.worker_cnt, settings.worker_volume_size), (Some(4), Some(50)));
    assert_eq!((settings.config_hdfs_replication, settings.config_hdfs_block_size), (Some(2), Some(256)));
    assert_eq!((settings.job_type.as_deref(), settings.user_task_deploy_mode), (Some("hive"), None));

    let now = legacy(service, cluster, &accepted.request_id.unwrap()).await;
    let meta = &now.cluster_meta;
    assert_eq!((meta.worker_vm.host_list.len(), meta.worker_vm.block_device.volume_size), (4, Some(50)));
    assert_eq!(meta.user_cluster_exec_command.exec_opts.as_deref(), Some("--a b"));
    assert!(now.other.is_empty() && meta.other.is_empty(), "{now:?}");
}

#[tokio::test]
async fn every_legacy_cluster_s_replies_are_read() {
    let run = sandbox().await;
    let service = &run.hadoop_eco_v1;
    for cluster in service.clusters.iter().filter(|cluster| cluster.key.is_some()) {
        for id in &cluster.past {
            let rework = legacy(service, cluster, id).await;
            let runs = cluster.name == "credit-scores";
            assert_eq!(rework.result().is_none(), runs, "{}", cluster.name);
            let told = rework.as_v2();
            assert_eq!(told.cluster_name.as_deref(), Some(cluster.name.as_str()));
            assert_eq!(told.workers().is_some(), runs, "{}", cluster.name);
            assert_eq!(told.worker_info[0].volume_size, Some(50));
            assert!(told.user_task.kind.is_some() && told.user_task.termination_policy.is_some());
        }
    }
}

async fn legacy(service: &HadoopEco, cluster: &SimCluster, id: &str) -> v1::Rework {
    let call = v1::ShowRework { cluster_id: cluster.id.parse().unwrap(), request_id: id.parse().unwrap() };
    let query = form(&v1::ReworkQuery { verbose: Some(v1::Verbose::True) }).replace('"', "");
    let target = format!("{}?{query}", call.path());
    let reply = ask(service.address, "GET", &target, &headers(service, cluster), "").await.unwrap();
    assert_eq!(reply.status, 200, "{}", reply.body);
    serde_json::from_str(&reply.body).unwrap()
}

#[tokio::test]
async fn the_resource_manager_s_replies_are_read() {
    async fn read<T: DeserializeOwned>(run: &Simulators, path: &str) -> T {
        let target = format!("/ws/v1/cluster/{path}?user.name={}", run.yarn.user);
        serde_json::from_str(&ask(run.yarn.address, "GET", &target, "", "").await.unwrap().body).unwrap()
    }
    let run = sandbox().await;
    let info: ClusterInfoReply = read(&run, "info").await;
    let metrics: ClusterMetricsReply = read(&run, "metrics").await;
    let apps: ApplicationsReply = read(&run, "apps").await;
    assert_eq!(
        (info.cluster_info.state.as_deref(), info.cluster_info.ha_state.as_deref()),
        (Some("STARTED"), Some("ACTIVE"))
    );
    assert!(info.cluster_info.resource_manager_version.is_some());
    assert_eq!(metrics.cluster_metrics.apps_submitted, Some(40));
    assert!(metrics.cluster_metrics.available_mb.is_some() && metrics.cluster_metrics.total_nodes.is_some());
    assert_eq!(apps.apps.app.len(), 40);
    for app in &apps.apps.app {
        assert!(app.id.is_some() && app.user.is_some() && app.name.is_some() && app.queue.is_some(), "{app:?}");
        assert!(app.state.is_some() && app.final_status.is_some() && app.application_type.is_some(), "{app:?}");
        assert!(app.started_time.is_some_and(|at| at > 0) && app.elapsed_time.is_some_and(|ms| ms >= 0), "{app:?}");
        assert!(app.allocated_mb.is_some() && app.allocated_v_cores.is_some() && app.running_containers.is_some());
    }
    assert!(apps.apps.app.iter().filter(|app| app.progress.is_none()).count() <= 1);
}
