//! What the cluster is, and its counts.

use super::{Resource, reads};

reads! {
    /// The reply of [`ShowCluster`](super::ShowCluster).
    ClusterInfoReply {
        /// The cluster.
        cluster_info "clusterInfo": object ClusterInfo;
    }

    /// What the cluster is ("Cluster Information API").
    ClusterInfo {
        /// The cluster's id: the instant of the ResourceManager's start, so it changes with each start.
        id "id": integer;
        /// When it started, in ms since the epoch.
        started_on "startedOn": integer;
        /// `NOTINITED`, `INITED`, `STARTED` or `STOPPED`.
        state "state": text;
        /// `INITIALIZING`, `ACTIVE`, `STANDBY` or `STOPPED`; from 2.3 on.
        ha_state "haState": text;
        /// The class of the state store; from 2.6 on.
        rm_state_store_name "rmStateStoreName": text;
        /// The ResourceManager's version.
        resource_manager_version "resourceManagerVersion": text;
        /// Its build, with revision, user and checksum.
        resource_manager_build_version "resourceManagerBuildVersion": text;
        /// When it was built, as text.
        resource_manager_version_built_on "resourceManagerVersionBuiltOn": text;
        /// The version of Hadoop's common part.
        hadoop_version "hadoopVersion": text;
        /// Its build.
        hadoop_build_version "hadoopBuildVersion": text;
        /// When that was built, as text.
        hadoop_version_built_on "hadoopVersionBuiltOn": text;
        /// The connection to ZooKeeper, or why there is none; from 2.8 on.
        ha_zoo_keeper_connection_state "haZooKeeperConnectionState": text;
        /// The part of a federation that it is.
        sub_cluster_id "subClusterId": text;
    }

    /// The reply of [`ShowMetrics`](super::ShowMetrics).
    ClusterMetricsReply {
        /// The counts.
        cluster_metrics "clusterMetrics": object ClusterMetrics;
    }

    /// Counts of the cluster ("Cluster Metrics API"). Memory is in MiB.
    ClusterMetrics {
        /// Applications submitted since the start.
        apps_submitted "appsSubmitted": integer;
        /// Completed ones.
        apps_completed "appsCompleted": integer;
        /// Waiting ones.
        apps_pending "appsPending": integer;
        /// Running ones.
        apps_running "appsRunning": integer;
        /// Failed ones.
        apps_failed "appsFailed": integer;
        /// Killed ones.
        apps_killed "appsKilled": integer;
        /// Memory reserved.
        reserved_mb "reservedMB": integer;
        /// Memory available; may be below zero after nodes were lost.
        available_mb "availableMB": integer;
        /// Memory allocated.
        allocated_mb "allocatedMB": integer;
        /// All memory.
        total_mb "totalMB": integer;
        /// Memory asked for and not given; from 3.3 on.
        pending_mb "pendingMB": integer;
        /// Memory in use on the nodes' machines; from 3.4 on.
        utilized_mb "utilizedMB": integer;
        /// The same in percent.
        utilized_mb_percent "utilizedMBPercent": integer;
        /// Cores reserved.
        reserved_virtual_cores "reservedVirtualCores": integer;
        /// Cores available.
        available_virtual_cores "availableVirtualCores": integer;
        /// Cores allocated.
        allocated_virtual_cores "allocatedVirtualCores": integer;
        /// All cores.
        total_virtual_cores "totalVirtualCores": integer;
        /// Cores asked for and not given; from 3.3 on.
        pending_virtual_cores "pendingVirtualCores": integer;
        /// Cores in use on the nodes' machines; from 3.4 on, and below zero where a node cannot tell.
        utilized_virtual_cores "utilizedVirtualCores": integer;
        /// The same in percent.
        utilized_virtual_cores_percent "utilizedVirtualCoresPercent": integer;
        /// Containers allocated.
        containers_allocated "containersAllocated": integer;
        /// Containers reserved.
        containers_reserved "containersReserved": integer;
        /// Containers asked for.
        containers_pending "containersPending": integer;
        /// Containers given in a second; from 3.4 on.
        container_assigned_per_second "containerAssignedPerSecond": integer;
        /// All nodes.
        total_nodes "totalNodes": integer;
        /// Active nodes.
        active_nodes "activeNodes": integer;
        /// Lost nodes.
        lost_nodes "lostNodes": integer;
        /// Unhealthy nodes.
        unhealthy_nodes "unhealthyNodes": integer;
        /// Nodes being decommissioned; from 2.8 on.
        decommissioning_nodes "decommissioningNodes": integer;
        /// Decommissioned nodes.
        decommissioned_nodes "decommissionedNodes": integer;
        /// Rebooted nodes.
        rebooted_nodes "rebootedNodes": integer;
        /// Nodes that were shut down; from 2.8 on.
        shutdown_nodes "shutdownNodes": integer;
        /// How busy the scheduler is, in percent; from 3.4 on.
        rm_scheduler_busy_percent "rmSchedulerBusyPercent": integer;
        /// Events that wait for the ResourceManager; from 3.4 on.
        rm_event_queue_size "rmEventQueueSize": integer;
        /// Events that wait for the scheduler; from 3.4 on.
        scheduler_event_queue_size "schedulerEventQueueSize": integer;
        /// What is used in all partitions; from 3.1 on.
        total_used_resources "totalUsedResourcesAcrossPartition": object Resource;
        /// What there is in all partitions; from 3.1 on.
        total_cluster_resources "totalClusterResourcesAcrossPartition": object Resource;
        /// What is reserved in all partitions; from 3.4 on.
        total_reserved_resources "totalReservedResourcesAcrossPartition": object Resource;
        /// Containers allocated in all partitions; from 3.4 on.
        total_allocated_containers "totalAllocatedContainersAcrossPartition": integer;
        /// Whether the counts of all partitions are there; from 3.4 on.
        cross_partition_metrics_available "crossPartitionMetricsAvailable": flag;
    }
}
