//! The Fair Scheduler's queues.

use std::fmt;

use serde::Deserialize;
use serde::de::value::SeqAccessDeserializer;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::super::{Resource, reads};
use crate::lenient;

reads! {
    /// A queue of the Fair Scheduler. Its name is its full path.
    FairQueue {
        /// `fairSchedulerLeafQueueInfo`; of a parent none.
        kind "type": text;
        /// Its full path.
        queue_name "queueName": text;
        /// The most applications that run at once; 2^31−1 where there is no limit.
        max_apps "maxApps": integer;
        /// What it is sure to get.
        min_resources "minResources": object Resource;
        /// The most that it may have.
        max_resources "maxResources": object Resource;
        /// What it uses.
        used_resources "usedResources": object Resource;
        /// What its application masters use; from 2.8 on.
        am_used_resources "amUsedResources": object Resource;
        /// What its application masters may use; from 2.8 on.
        am_max_resources "amMaxResources": object Resource;
        /// What it asks for; from 2.8 on.
        demand_resources "demandResources": object Resource;
        /// Its share of the whole cluster.
        steady_fair_resources "steadyFairResources": object Resource;
        /// Its share among those that are active now.
        fair_resources "fairResources": object Resource;
        /// All of the cluster.
        cluster_resources "clusterResources": object Resource;
        /// What is reserved; from 2.8 on.
        reserved_resources "reservedResources": object Resource;
        /// The most that a container is given; from 3.1 on.
        max_container_allocation "maxContainerAllocation": object Resource;
        /// Containers asked for; not from 2.9 to 3.3.
        pending_containers "pendingContainers": integer;
        /// Containers allocated; from 2.8 on.
        allocated_containers "allocatedContainers": integer;
        /// Containers reserved; from 2.8 on.
        reserved_containers "reservedContainers": integer;
        /// `fair`, `drf`, `fifo`.
        scheduling_policy "schedulingPolicy": text;
        /// Whether something may be taken from it; from 2.8 on.
        preemptable "preemptable": flag;
        /// Leaf: applications that wait.
        num_pending_apps "numPendingApps": integer;
        /// Leaf: applications that are active.
        num_active_apps "numActiveApps": integer;
        /// The queues below it: a list up to 2.7, in a wrapper from 2.8 on.
        child_queues "childQueues": "children" Vec<FairQueue>;
    }
}

/// Reads the queues below one: in a wrapper or without, several or one.
fn children<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<FairQueue>, D::Error> {
    d.deserialize_any(Children)
}

struct Children;

impl<'de> Visitor<'de> for Children {
    type Value = Vec<FairQueue>;
    lenient::nothing_for_scalars!(Vec::new());

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Vec<FairQueue>, A::Error> {
        lenient::objects(SeqAccessDeserializer::new(seq))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<FairQueue>, A::Error> {
        #[derive(Deserialize)]
        struct Below(#[serde(deserialize_with = "lenient::objects")] Vec<FairQueue>);

        let mut members = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            if name == "queue" {
                let Below(queues) = map.next_value()?;
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                return Ok(queues);
            }
            members.insert(name, map.next_value::<Value>()?);
        }
        if members.is_empty() {
            return Ok(Vec::new());
        }
        FairQueue::deserialize(Value::Object(members)).map(|queue| vec![queue]).map_err(serde::de::Error::custom)
    }
}
