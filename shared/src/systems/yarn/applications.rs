//! Lists of applications, and their counts.

use garde::Validate;
use serde::{Deserialize, Serialize};

use super::reads;
use crate::operation::Input;

/// The query of [`ListApplications`](super::ListApplications) ("Cluster Applications API"). Times are in ms since the epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct ApplicationsQuery {
    /// States, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub states: Option<String>,
    /// One state; the older form of `states`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The final status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub final_status: Option<String>,
    /// The user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The queue; one that does not exist is refused by newer servers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// The most applications in the reply: any of them, not the newest.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(range(min = 1))]
    pub limit: Option<u64>,
    /// Started not before this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_time_begin: Option<u64>,
    /// Started not after this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_time_end: Option<u64>,
    /// Ended not before this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_time_begin: Option<u64>,
    /// Ended not after this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_time_end: Option<u64>,
    /// Types, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_types: Option<String>,
    /// Tags, separated by commas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_tags: Option<String>,
    /// The name; from 3.3 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Fields to leave out, separated by commas; from 2.9 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub de_selects: Option<String>,
}

impl Input for ApplicationsQuery {}

/// What a list of applications can do without; it is the larger half of the reply.
pub const LIST_DESELECTS: &str = "resourceRequests,resourceInfo,timeouts";

/// The query for every application without that.
pub const EVERY_APPLICATION: &str = "deSelects=resourceRequests%2CresourceInfo%2Ctimeouts";

reads! {
    /// The reply of [`ListApplications`](super::ListApplications).
    ApplicationsReply {
        /// The wrapper; null, empty or text where there are none.
        apps "apps": object Applications;
    }

    /// The list within its wrapper.
    Applications {
        /// The applications.
        app "app": objects Application;
    }

    /// What the console reads of each application of a list ("Cluster Application API"). All else that is told of one
    /// is in [`ApplicationDetails`](super::ApplicationDetails).
    Application {
        /// The id, `application_<start of the cluster>_<number>`.
        id "id": text;
        /// Who started it.
        user "user": text;
        /// Its name.
        name "name": text;
        /// Its type: MAPREDUCE, SPARK, …
        application_type "applicationType": text;
        /// Its queue.
        queue "queue": text;
        /// NEW, NEW_SAVING, SUBMITTED, ACCEPTED, RUNNING, FINISHED, FAILED, KILLED.
        state "state": text;
        /// UNDEFINED, SUCCEEDED, FAILED, KILLED.
        final_status "finalStatus": text;
        /// 0 to 100.
        progress "progress": float;
        /// Started at, ms since the epoch; 0 where the service hides it.
        started_time "startedTime": integer;
        /// Ended at; 0 while it runs.
        finished_time "finishedTime": integer;
        /// How long it has taken, in ms.
        elapsed_time "elapsedTime": integer;
        /// Memory held, in MiB; −1 where there is none to tell of.
        allocated_mb "allocatedMB": integer;
        /// Cores held; −1 where there are none to tell of.
        allocated_v_cores "allocatedVCores": integer;
        /// Containers; −1 where there are none to tell of.
        running_containers "runningContainers": integer;
        /// Its tags, separated by commas; from 2.4 on.
        application_tags "applicationTags": text;
        /// Its priority; from 2.8 on.
        priority "priority": integer;
        /// When its first container was started; 0 before, and where the service hides it; from 3.2 on.
        launch_time "launchTime": integer;
        /// Memory reserved, in MiB; −1 where there is none to tell of; from 2.9 on.
        reserved_mb "reservedMB": integer;
        /// Cores reserved; −1 where there are none to tell of; from 2.9 on.
        reserved_v_cores "reservedVCores": integer;
        /// How much of its queue it holds, in percent: above 100 where that holds more than its own; from 2.8 on.
        queue_usage_percentage "queueUsagePercentage": float;
        /// How much of the cluster it holds, in percent; from 2.8 on.
        cluster_usage_percentage "clusterUsagePercentage": float;
        /// Where it shows itself. Whoever wrote the application chose it, so it may be anything.
        tracking_url "trackingUrl": text;
        /// The label of the nodes on which it wants to run; from 2.8 on.
        app_node_label_expression "appNodeLabelExpression": text;
    }
}

/// The query of [`ShowApplicationStatistics`](super::ShowApplicationStatistics) ("Cluster Application Statistics API").
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct StatisticsQuery {
    /// States, separated by commas; all, unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub states: Option<String>,
    /// One type; servers refuse more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_types: Option<String>,
}

impl Input for StatisticsQuery {}

reads! {
    /// The reply of [`ShowApplicationStatistics`](super::ShowApplicationStatistics).
    StatisticsReply {
        /// The wrapper.
        app_stat_info "appStatInfo": object Statistics;
    }

    /// The counts within their wrapper.
    Statistics {
        /// The counts.
        stat_item "statItem": objects StatisticsItem;
    }

    /// How many applications there are in a state.
    StatisticsItem {
        /// The state; in lower case on old servers.
        state "state": text;
        /// The type, in lower case; `*` for any.
        kind "type": text;
        /// How many.
        count "count": integer;
    }
}
