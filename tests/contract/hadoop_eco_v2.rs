//! Hadoop Eco, Cluster Re-work API v2: the reference's example, its table that names members otherwise, and what it
//! leaves open.

use howdah_shared::follow::{End, Progress};
use howdah_shared::lenient::Open;
use howdah_shared::operation::Operation;
use howdah_shared::systems::hadoop_eco::ReworkResult;
use howdah_shared::systems::hadoop_eco::v2::{Rework, ReworkAccepted, StartRework};

use crate::read;

fn progress(body: &str) -> Option<Progress> {
    let follow = StartRework::SPEC.tail.follow.expect("a rework can be followed");
    (follow.progress)(body.as_bytes())
}

#[test]
fn the_reference_s_verbose_reply_is_read_whole() {
    let rework: Rework = read(
        r#"{
            "clusterId": "c", "clusterName": "n", "requestId": "req-1", "requestStatus": "Terminate",
            "requestResult": "Success", "clusterType": "t", "clusterVersion": "v", "isHa": true,
            "installComponents": ["Hadoop", "Hive"],
            "masterInfo": [{"instanceGroupId": "g", "flavorId": "f", "flavorName": "m2a.xlarge", "volumeSize": 50, "nodeCnt": 3}],
            "workerInfo": [{"volumeSize": 100, "nodeCnt": 2}, {"volumeSize": 200, "nodeCnt": 5}],
            "taskInfo": [{"nodeCnt": 1}],
            "imageName": "i", "securityGroupIds": ["s"], "keypairName": "k", "owner": "o",
            "config": {"hdfsBlockSize": 128, "hdfsReplication": 2, "configText": "{}", "userScript": "true"},
            "userTask": {
                "type": "Spark", "terminationPolicy": "always", "fileUrl": "s3a://f", "hiveQuery": "q",
                "deployMode": "client", "execOpts": "eo", "execParams": "ep", "logUrl": "s3a://l"
            }
        }"#,
    );
    assert_eq!(rework.is_ha, Some(true));
    assert_eq!(rework.install_components, ["Hadoop", "Hive"]);
    let master = &rework.master_info[0];
    assert_eq!((master.volume_size, master.node_cnt), (Some(50), Some(3)));
    assert_eq!(master.flavor_name.as_deref(), Some("m2a.xlarge"));
    assert_eq!((rework.workers(), rework.task_info.len()), (Some(7), 1));
    assert_eq!((rework.config.hdfs_block_size, rework.config.hdfs_replication), (Some(128), Some(2)));
    assert_eq!(
        (rework.config.config_text.as_deref(), rework.config.user_script.as_deref()),
        (Some("{}"), Some("true"))
    );
    let task = &rework.user_task;
    let texts = [&task.kind, &task.termination_policy, &task.file_url, &task.hive_query, &task.deploy_mode];
    assert_eq!(texts.map(|text| text.as_deref().unwrap()), ["Spark", "always", "s3a://f", "q", "client"]);
    let texts = [&task.exec_opts, &task.exec_params, &task.log_url, &rework.owner, &rework.keypair_name];
    assert_eq!(texts.map(|text| text.as_deref().unwrap()), ["eo", "ep", "s3a://l", "o", "k"]);
    assert_eq!(
        (rework.image_name.as_deref(), rework.security_group_ids.as_slice()),
        (Some("i"), &["s".to_owned()][..])
    );
    assert!(rework.other.is_empty(), "{:?}", rework.other);
}

#[test]
fn the_table_s_spelling_is_read_as_the_example_s() {
    let rework: Rework = read(
        r#"{"userTask": {"termination_policy": "onSuccess", "hive_query": "q", "exec_opts": "eo", "exec_params": "ep"}}"#,
    );
    let task = &rework.user_task;
    assert_eq!(task.termination_policy.as_deref(), Some("onSuccess"));
    assert_eq!(task.hive_query.as_deref(), Some("q"));
    assert_eq!((task.exec_opts.as_deref(), task.exec_params.as_deref()), (Some("eo"), Some("ep")));
}

#[test]
fn both_spellings_at_once_are_no_error() {
    let rework: Rework =
        read(r#"{"userTask": {"execOpts": null, "exec_opts": "old", "exec_params": "old", "execParams": "new"}}"#);
    assert_eq!(rework.user_task.exec_opts.as_deref(), Some("old"));
    assert_eq!(rework.user_task.exec_params.as_deref(), Some("new"));
}

#[test]
fn shapes_that_the_reference_does_not_show_are_read() {
    let rework: Rework = read(
        r#"{
            "requestId": 7, "isHa": "true", "installComponents": "Hadoop", "masterInfo": {"nodeCnt": "1", "volumeSize": 50.0},
            "workerInfo": [null, {"nodeCnt": " 3 "}, "?"], "taskInfo": null, "securityGroupIds": {}, "config": "none",
            "userTask": null, "하나 더": {"deep": [1]}
        }"#,
    );
    assert_eq!(rework.request_id.as_deref(), Some("7"));
    assert_eq!((rework.is_ha, rework.install_components.len()), (Some(true), 1));
    assert_eq!((rework.master_info[0].node_cnt, rework.master_info[0].volume_size), (Some(1), Some(50)));
    assert_eq!((rework.workers(), rework.task_info.len(), rework.security_group_ids.len()), (Some(3), 0, 0));
    assert_eq!(rework.other["하나 더"]["deep"][0], 1);
}

#[test]
fn a_member_that_is_there_twice_counts_as_its_last() {
    let rework: Rework =
        read(r#"{"requestId": "a", "requestId": "b", "config": {"configText": "x", "configText": "y"}}"#);
    assert_eq!((rework.request_id.as_deref(), rework.config.config_text.as_deref()), (Some("b"), Some("y")));
    let body = r#"{"requestStatus": "Running", "requestStatus": "Terminate", "requestResult": "Success"}"#;
    assert_eq!(progress(body), Some(Progress { stage: "Terminate".to_owned(), end: Some(End::Succeeded), said: None }));
}

#[test]
fn only_a_result_says_that_a_run_has_ended() {
    for (body, result, end) in [
        (r#"{"requestStatus": "Terminate", "requestResult": "Success"}"#, "success", Some(End::Succeeded)),
        (r#"{"requestStatus": "Running", "requestResult": "Failure"}"#, "failure", Some(End::Failed)),
        (r#"{"requestStatus": "Terminate", "requestResult": "Partly"}"#, "Partly", Some(End::Other)),
        (r#"{"requestStatus": "Terminate", "requestResult": null}"#, "", None),
        (r#"{"requestStatus": "Installing", "requestResult": ""}"#, "", None),
        (r#"{"requestStatus": "여전히 실행 중", "requestResult": " "}"#, "", None),
        (r#"{"requestStatus": "Creating"}"#, "", None),
    ] {
        let expected = match result {
            "" => None,
            "success" => Some(Open::Known(ReworkResult::Success)),
            "failure" => Some(Open::Known(ReworkResult::Failure)),
            other => Some(Open::Other(other.to_owned())),
        };
        assert_eq!(read::<Rework>(body).result(), expected, "{body}");
        assert_eq!(progress(body).expect(body).end, end, "{body}");
    }
}

#[test]
fn what_is_no_reply_to_a_poll_says_nothing() {
    for body in ["", "{}", "[]", "<html>", "null", r#"{"code": "x", "message": "y"}"#, r#"{"requestStatus": "Run"#] {
        assert_eq!(progress(body), None, "{body}");
    }
}

#[test]
fn a_reply_to_a_start_may_lack_its_id() {
    let accepted: ReworkAccepted = read(r#"{"clusterId": "c", "clusterName": "n", "requestId": "req-1"}"#);
    assert_eq!(accepted.request_id.as_deref(), Some("req-1"));
    for body in [r#"{"clusterId": "c", "clusterName": "n"}"#, r#"{"requestId": null}"#, r#"{"message": "busy"}"#, "{}"]
    {
        assert_eq!(read::<ReworkAccepted>(body).request_id, None, "{body}");
    }
}
