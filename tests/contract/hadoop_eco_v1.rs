//! Hadoop Eco v1: the reference's replies in their shape, what it leaves open, and the ranges of its request.

use garde::Validate as _;
use howdah_shared::follow::End;
use howdah_shared::lenient::Open;
use howdah_shared::operation::Operation;
use howdah_shared::systems::hadoop_eco::ReworkResult;
use howdah_shared::systems::hadoop_eco::v1::{Rework, ReworkAccepted, ReworkRequest, ShowRework, StartRework};

use crate::read;

const VERBOSE: &str = r#"{
    "clusterId": "c", "clusterName": "n", "requestId": "req-1", "requestStatus": "Terminate", "requestResult": "Failure",
    "clusterMeta": {
        "cluster_version": "hde-1.1.0", "service_check_timeout": 10, "socket_timeout": 5, "global_timeout": 1500,
        "monitoring": false, "cluster_id": "c", "cluster_name": "n", "cluster_type": "hadoop_single",
        "project": {"id": "p", "name": "bigdata", "domain": {"id": "d", "name": "org"}},
        "master_vm": {
            "host_list": ["m1"], "flavor_id": "f", "flavor_name": "a1-4-std", "key_pair": "k",
            "network": {"uuid": "u", "subnet_id": "s", "security_group_id_list": ["g1", "g2"]},
            "block_device": {"source_type": "image", "uuid": "b", "volume_size": 50},
            "master_active": "m1", "master_standby": "m1", "master_etc": "m1"
        },
        "worker_vm": {
            "host_list": [], "flavor_id": "f", "flavor_name": "a1-4-std", "key_pair": "k",
            "network": {"uuid": "u", "subnet_id": "s", "security_group_id_list": ["g1", "g2"]},
            "block_device": {"source_type": "image", "uuid": "b", "volume_size": 60}
        },
        "user_cluster_exec_command": {
            "type": "hive", "termination_policy": "always", "hive_query": "q;", "exec_opts": "", "exec_params": ""
        }
    }
}"#;

#[test]
fn the_verbose_reply_is_read_whole() {
    let rework: Rework = read(VERBOSE);
    assert_eq!(rework.result(), Some(Open::Known(ReworkResult::Failure)));
    let meta = &rework.cluster_meta;
    assert_eq!((meta.service_check_timeout, meta.socket_timeout, meta.global_timeout), (Some(10), Some(5), Some(1500)));
    assert_eq!((meta.monitoring, meta.cluster_type.as_deref()), (Some(false), Some("hadoop_single")));
    assert_eq!((meta.project.name.as_deref(), meta.project.domain.name.as_deref()), (Some("bigdata"), Some("org")));
    let masters = &meta.master_vm;
    assert_eq!((masters.host_list.as_slice(), masters.master_standby.as_deref()), (&["m1".to_owned()][..], Some("m1")));
    assert_eq!(masters.network.security_group_id_list, ["g1", "g2"]);
    assert_eq!(masters.block_device.source_type.as_deref(), Some("image"));
    assert!(meta.worker_vm.host_list.is_empty());
    assert_eq!(meta.user_cluster_exec_command.hive_query.as_deref(), Some("q;"));
    assert!(rework.other.is_empty() && meta.other.is_empty(), "{rework:?}");
}

#[test]
fn it_is_told_in_the_words_of_v2() {
    let told = read::<Rework>(VERBOSE).as_v2();
    assert_eq!((told.cluster_version.as_deref(), told.owner.as_deref()), (Some("hde-1.1.0"), Some("bigdata")));
    assert_eq!((told.master_info[0].node_cnt, told.master_info[0].volume_size), (Some(1), Some(50)));
    // Workers that are gone are not counted: how many there were is not told.
    assert_eq!((told.worker_info[0].node_cnt, told.worker_info[0].volume_size), (None, Some(60)));
    assert_eq!(told.user_task.kind.as_deref(), Some("hive"));
    assert_eq!(told.security_group_ids, ["g1", "g2"]);
}

#[test]
fn shapes_that_the_reference_does_not_show_are_read() {
    let rework: Rework = read(
        r#"{"requestId": 7, "clusterMeta": {"monitoring": "true", "project": null, "master_vm": "gone",
            "worker_vm": {"host_list": "w1", "network": [], "block_device": {"volume_size": "50"}}, "이름": 1}}"#,
    );
    assert_eq!((rework.request_id.as_deref(), rework.cluster_meta.monitoring), (Some("7"), Some(true)));
    assert_eq!(rework.cluster_meta.worker_vm.host_list, ["w1"]);
    let told = rework.as_v2();
    assert_eq!((told.master_info.len(), told.workers()), (0, Some(1)));
    assert_eq!(read::<Rework>(r#"{"clusterMeta": null}"#), Rework::default());
}

#[test]
fn a_short_reply_is_followed_as_v2_s() {
    let follow = StartRework::SPEC.tail.follow.expect("a rework can be followed");
    assert_eq!(follow.operation, ShowRework::SPEC.name);
    let body = br#"{"clusterId": "c", "requestId": "req-1", "requestStatus": "Terminate", "requestResult": "Success"}"#;
    let progress = (follow.progress)(body).expect("a reply to a poll");
    assert_eq!((progress.stage.as_str(), progress.end), ("Terminate", Some(End::Succeeded)));
}

#[test]
fn a_reply_to_a_start_tells_with_what_it_runs() {
    let accepted: ReworkAccepted = read(
        r#"{"clusterId": "c", "clusterName": "n", "requestId": "req-1", "clusterMainSettingValues": {
            "workerCnt": 1, "workerVolumeSize": "50", "configHdfsReplication": 1, "configHdfsBlockSize": 128,
            "jobType": "hive", "userTaskDeployMode": null, "userTaskExecOpts": "", "userTaskExecParams": ""}}"#,
    );
    let settings = accepted.cluster_main_setting_values;
    assert_eq!((settings.worker_cnt, settings.worker_volume_size), (Some(1), Some(50)));
    assert_eq!((settings.user_task_deploy_mode, settings.user_task_exec_opts.as_deref()), (None, Some("")));
    assert_eq!(read::<ReworkAccepted>("{}"), ReworkAccepted::default());
}

#[test]
fn its_volumes_begin_at_50_gb() {
    for (volume, good) in [(49, false), (50, true), (5120, true), (5121, false)] {
        let request = ReworkRequest { worker_volume_size: Some(volume), ..ReworkRequest::default() };
        assert_eq!(request.validate().is_ok(), good, "{volume}");
    }
}
