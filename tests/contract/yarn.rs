//! YARN's ResourceManager: three dialects of JSON, numbers that are none, and words of every version.

use std::collections::BTreeSet;

use howdah_shared::operation::Operation;
use howdah_shared::systems::yarn::{
    Application, ApplicationReply, ApplicationsReply, AttemptsReply, ClusterInfoReply, ClusterMetricsReply,
    DelegationToken, ListApplications, ListNodes, NewApplicationReply, Node, NodeReply, NodesReply, StatisticsReply,
};
use serde::Deserialize;
use serde::de::value::Error;
use serde::de::{Deserializer, Error as _, Visitor};
use serde::forward_to_deserialize_any;

use crate::read;

/// Tells, as an error, which members a type reads.
struct Members;

impl<'de> Deserializer<'de> for Members {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("no struct"))
    }

    fn deserialize_struct<V: Visitor<'de>>(self, _: &str, members: &[&str], _: V) -> Result<V::Value, Error> {
        Err(Error::custom(members.join(" ")))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct
        seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[test]
fn the_console_is_sent_what_its_type_reads() {
    for (rows, read) in [
        (ListApplications::SPEC.tail.rows, Application::deserialize(Members).unwrap_err().to_string()),
        (ListNodes::SPEC.tail.rows, Node::deserialize(Members).unwrap_err().to_string()),
    ] {
        let shown = rows.unwrap().shown;
        assert_eq!(read.split(' ').collect::<BTreeSet<_>>(), shown.iter().copied().collect());
        assert_eq!(read.split(' ').count(), shown.len());
    }
}

#[test]
fn an_empty_list_has_many_forms() {
    for body in [
        r#"{"apps": null}"#,
        r#"{"apps": {}}"#,
        r#"{"apps": ""}"#,
        r#"{"apps": []}"#,
        "{}",
        r#"{"apps": {"app": null}}"#,
        r#"{"apps": {"app": ""}}"#,
        r#"{"apps": {"app": {}}}"#,
        r#"{"apps": {"app": []}}"#,
    ] {
        assert!(read::<ApplicationsReply>(body).apps.app.is_empty(), "{body}");
    }
}

#[test]
fn a_list_of_one_may_be_no_list() {
    for body in [r#"{"apps": {"app": {"id": "a"}}}"#, r#"{"apps": {"app": [{"id": "a"}]}}"#] {
        let reply: ApplicationsReply = read(body);
        assert_eq!(reply.apps.app.len(), 1, "{body}");
        assert_eq!(reply.apps.app[0].id.as_deref(), Some("a"), "{body}");
    }
}

#[test]
fn numbers_come_as_text_fractions_and_none_at_all() {
    let reply: ApplicationsReply = read(
        r#"{"apps": {"app": [
            {"progress": 100, "allocatedMB": -1, "allocatedVCores": "-1", "runningContainers": -1, "finishedTime": 0},
            {"progress": "NaN", "allocatedMB": "1536", "startedTime": "1531404689163", "elapsedTime": 16845.0},
            {"progress": "Infinity", "allocatedMB": "NaN", "startedTime": 9223372036854775807},
            {"progress": "-Infinity", "allocatedMB": null, "startedTime": 9223372036854776000},
            {"progress": 60.000004, "allocatedMB": {}, "startedTime": 123456789012345678901234567890}
        ]}}"#,
    );
    let apps = &reply.apps.app;
    assert_eq!((apps[0].progress, apps[0].allocated_mb, apps[0].allocated_v_cores), (Some(100.0), Some(-1), Some(-1)));
    assert_eq!((apps[1].progress, apps[1].allocated_mb), (None, Some(1536)));
    assert_eq!((apps[1].started_time, apps[1].elapsed_time), (Some(1_531_404_689_163), Some(16_845)));
    assert_eq!((apps[2].progress, apps[2].allocated_mb, apps[2].started_time), (None, None, Some(i64::MAX)));
    assert_eq!((apps[3].progress, apps[3].allocated_mb, apps[3].started_time), (None, None, Some(i64::MAX)));
    assert_eq!((apps[4].progress, apps[4].allocated_mb, apps[4].started_time), (Some(60.000004), None, Some(i64::MAX)));
}

#[test]
fn words_of_other_versions_show_as_themselves() {
    for (state, final_status) in [("FINISHING", "ENDED"), ("KILLING", "UNDEFINED"), ("새 상태", "")] {
        let body = format!(r#"{{"apps": {{"app": [{{"state": "{state}", "finalStatus": "{final_status}"}}]}}}}"#);
        let reply: ApplicationsReply = read(&body);
        let app = &reply.apps.app[0];
        assert_eq!((app.state.as_deref(), app.final_status.as_deref()), (Some(state), Some(final_status)));
    }
}

#[test]
fn members_that_only_some_versions_have_are_no_matter() {
    let reply: ApplicationsReply = read(
        r#"{"apps": {"app": [
            {"id": "of 2.2", "clusterId": 1, "diagnostics": "", "trackingUI": "UNASSIGNED"},
            {"id": "of 3.4", "resourceSecondsMap": {"entry": {"key": "vcores", "value": "39"}},
             "preemptedResourceSecondsMap": {}, "timeouts": {"timeout": [{"expiryTime": "UNLIMITED"}]}},
            {"id": "of 3.5", "resourceSecondsMap": {"entry": [{"key": "memory-mb", "value": "1"}]}}
        ]}}"#,
    );
    assert_eq!(reply.apps.app.len(), 3);
}

#[test]
fn metrics_may_be_below_zero_fractions_or_missing() {
    let reply: ClusterMetricsReply = read(
        r#"{"clusterMetrics": {"appsSubmitted": 2, "availableMB": -4096, "totalMB": 8192.0, "allocatedMB": "512",
            "utilizedVirtualCores": -4, "containersAllocated": 9223372036854776000, "unhealthyNodes": null}}"#,
    );
    let metrics = reply.cluster_metrics;
    assert_eq!((metrics.apps_submitted, metrics.available_mb, metrics.total_mb), (Some(2), Some(-4096), Some(8192)));
    assert_eq!((metrics.allocated_mb, metrics.containers_allocated), (Some(512), Some(i64::MAX)));
    assert_eq!((metrics.unhealthy_nodes, metrics.pending_mb), (None, None));
}

#[test]
fn information_of_old_and_new_servers_is_read() {
    let old: ClusterInfoReply = read(r#"{"clusterInfo": {"id": 1, "startedOn": 1, "state": "STARTED"}}"#);
    assert_eq!((old.cluster_info.started_on, old.cluster_info.ha_state), (Some(1), None));
    let new: ClusterInfoReply = read(
        r#"{"clusterInfo": {"id": "1", "haState": "STANDBY", "resourceManagerVersionBuiltOn": "2026-01-02T03:04Z",
            "haZooKeeperConnectionState": "CONNECTED", "subClusterId": "x"}}"#,
    );
    assert_eq!((new.cluster_info.id, new.cluster_info.ha_state.as_deref()), (Some(1), Some("STANDBY")));
    assert_eq!(new.cluster_info.resource_manager_version_built_on.as_deref(), Some("2026-01-02T03:04Z"));
    assert_eq!(new.cluster_info.ha_zoo_keeper_connection_state.as_deref(), Some("CONNECTED"));
}

#[test]
fn counts_are_of_any_case_and_may_be_text() {
    let reply: StatisticsReply = read(
        r#"{"appStatInfo": {"statItem": [
            {"state": "accepted", "type": "*", "count": "4"}, {"state": "RUNNING", "type": "mapreduce", "count": 1}
        ]}}"#,
    );
    let items = &reply.app_stat_info.stat_item;
    assert_eq!(
        (items[0].state.as_deref(), items[0].kind.as_deref(), items[0].count),
        (Some("accepted"), Some("*"), Some(4))
    );
    assert_eq!((items[1].state.as_deref(), items[1].count), (Some("RUNNING"), Some(1)));
    let one: StatisticsReply = read(r#"{"appStatInfo": {"statItem": {"state": "NEW", "type": "*", "count": 0}}}"#);
    assert_eq!(one.app_stat_info.stat_item.len(), 1);
    assert!(read::<StatisticsReply>(r#"{"appStatInfo": null}"#).app_stat_info.stat_item.is_empty());
}

#[test]
fn an_application_of_any_version_is_read() {
    let new: ApplicationReply = read(
        r#"{"app": {"id": "a", "state": "RUNNING", "progress": "NaN", "priority": "-1", "masterNodeId": "",
            "resourceSecondsMap": {"entry": {"key": "memory-mb", "value": "7"}, "entry": {"key": "vcores", "value": 2}},
            "preemptedResourceSecondsMap": {}, "applicationTags": "a,b", "unmanagedApplication": "false",
            "resourceRequests": {"capability": {"memory": 128, "vCores": 1, "resourceInformations":
                {"resourceInformation": {"name": "yarn.io/gpu", "maximumAllocation": 9223372036854776000}}}},
            "resourceInfo": {"resourceUsagesByPartition": [{"partitionName": "", "amUsed": {"memory": "1"}}]},
            "timeouts": {"timeout": [{"type": "LIFETIME", "expiryTime": "UNLIMITED", "remainingTimeInSeconds": -1}]}}}"#,
    );
    let app = new.app;
    assert_eq!((app.brief.id.as_deref(), app.brief.progress, app.priority), (Some("a"), None, Some(-1)));
    assert_eq!(
        (app.resource_seconds_map.get("memory-mb"), app.resource_seconds_map.get("vcores")),
        (Some("7"), Some("2"))
    );
    assert!(app.preempted_resource_seconds_map.entry.is_empty());
    let gpus = &app.resource_requests[0].capability.resource_informations.resource_information[0];
    assert_eq!((gpus.name.as_deref(), gpus.maximum_allocation), (Some("yarn.io/gpu"), Some(i64::MAX)));
    assert_eq!(app.resource_info.by_partition[0].am_used.memory, Some(1));
    assert_eq!(app.timeouts.timeout[0].remaining_time_in_seconds, Some(-1));
    assert_eq!((app.unmanaged_application, app.application_tags.as_deref()), (Some(false), Some("a,b")));
    let old: ApplicationReply = read(r#"{"app": {"id": "a", "trackingUI": "History", "clusterId": "1326821518301"}}"#);
    assert_eq!((old.app.cluster_id, old.app.tracking_url, old.app.priority), (Some(1_326_821_518_301), None, None));
    for none in [r#"{"app": null}"#, r#"{"app": ""}"#, "{}"] {
        assert_eq!(read::<ApplicationReply>(none).app.brief.id, None);
    }
}

#[test]
fn attempts_may_have_no_container_and_old_names() {
    let reply: AttemptsReply = read(
        r#"{"appAttempts": {"appAttempt": [
            {"id": 1, "startTime": 5, "containerId": "", "nodeId": "", "logsLink": "//host:1/x", "exportPorts": "null"},
            {"id": "2", "appAttemptId": "appattempt_1_0001_000002", "appAttemptState": "RUNNING"}]}}"#,
    );
    let attempts = &reply.app_attempts.app_attempt;
    assert_eq!((attempts[0].id, attempts[0].container_id.as_deref()), (Some(1), Some("")));
    assert_eq!((attempts[1].id, attempts[1].app_attempt_state.as_deref()), (Some(2), Some("RUNNING")));
    let one: AttemptsReply = read(r#"{"appAttempts": {"appAttempt": {"id": 1}}}"#);
    assert_eq!(one.app_attempts.app_attempt.len(), 1);
}

#[test]
fn nodes_of_any_version_are_read() {
    for none in [r#"{"nodes": null}"#, r#"{"nodes": {}}"#, r#"{"nodes": ""}"#, r#"{"nodes": {"node": []}}"#] {
        assert!(read::<NodesReply>(none).nodes.node.is_empty(), "{none}");
    }
    let reply: NodesReply = read(
        r#"{"nodes": {"node": [
            {"id": "h:1", "state": "NEW", "healthStatus": "Healthy", "usedMemoryMB": 0, "nodeHTTPAddress": "h:2"},
            {"id": "h:0", "state": "SHUTDOWN", "nodeHTTPAddress": "", "nodeLabels": "gpu", "cpuUtilization": -50.0},
            {"id": "i:1", "state": "RUNNING", "nodeLabels": ["a", "b"], "availMemoryMB": "9"}]}}"#,
    );
    let nodes = &reply.nodes.node;
    assert_eq!((nodes[0].health_status.as_deref(), nodes[0].used_memory_mb), (Some("Healthy"), Some(0)));
    assert_eq!((nodes[1].node_labels.as_slice(), nodes[1].cpu_utilization), (&["gpu".to_owned()][..], Some(-50.0)));
    assert_eq!((nodes[2].node_labels.len(), nodes[2].avail_memory_mb), (2, Some(9)));
    let reply: NodeReply = read(
        r#"{"node": {"id": "h:1", "rack": "/r", "resourceUtilization": {"nodeCPUUsage": -1.0, "nodePhysicalMemoryMB": 5},
            "totalResource": {"memory": 4096, "vCores": 8}, "allocationTags": {}, "nodeAttributesInfo":
            {"nodeAttributeInfo": [{"prefix": "p", "name": "n", "type": "STRING", "value": "v"}]}}}"#,
    );
    assert_eq!((reply.node.brief.rack.as_deref(), reply.node.total_resource.v_cores), (Some("/r"), Some(8)));
    assert_eq!(reply.node.resource_utilization.node_cpu_usage, Some(-1.0));
    assert_eq!(reply.node.node_attributes_info.node_attribute_info[0].kind.as_deref(), Some("STRING"));
}

#[test]
fn a_new_id_and_a_token_are_read() {
    let new: NewApplicationReply = read(
        r#"{"application-id": "application_1_0003", "maximum-resource-capability": {"memory": "8192", "vCores": "32"}}"#,
    );
    assert_eq!(new.application_id.as_deref(), Some("application_1_0003"));
    assert_eq!(
        (new.maximum_resource_capability.memory, new.maximum_resource_capability.v_cores),
        (Some(8192), Some(32))
    );
    let token: DelegationToken = read(
        r#"{"token": "MgAS", "renewer": "r", "owner": "o@R", "kind": "k", "expiration-time": "5", "max-validity": 6}"#,
    );
    assert_eq!((token.expiration_time, token.max_validity), (Some(5), Some(6)));
    assert_eq!(
        (token.token.as_ref().unwrap().expose(), format!("{:?}", token.token.as_ref().unwrap()).as_str()),
        ("MgAS", "***")
    );
}
