//! The queues of any scheduler as one kind of tree, which one page can draw.

use super::super::Resource;
use super::{CapacityQueue, FairQueue, SchedulerInfo, SchedulerReply};

/// Which scheduler it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchedulerKind {
    /// Queues with a share of their parent each.
    Capacity,
    /// Queues that share what is there fairly.
    Fair,
    /// One queue.
    Fifo,
    /// Another, by its own word.
    Other(String),
}

/// A queue of any scheduler. Parts of the cluster are in percent, and what is not told is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Queue {
    /// Its name, the last part of its path.
    pub name: String,
    /// Its path from the root, with dots. No two queues have the same.
    pub path: String,
    /// RUNNING, STOPPED, DRAINING, …
    pub state: Option<String>,
    /// Whether applications can be submitted to it.
    pub leaf: bool,
    /// What it uses of the cluster.
    pub used: Option<f64>,
    /// Its configured share of the cluster, or its fair share.
    pub configured: Option<f64>,
    /// The most that it may have of the cluster.
    pub max: Option<f64>,
    /// What it uses of its configured share; above 100 where it has more than that.
    pub used_of_configured: Option<f64>,
    /// The same as amounts.
    pub used_amount: Amount,
    /// Its configured share, or its fair share, as an amount.
    pub configured_amount: Amount,
    /// The most that it may have, as an amount.
    pub max_amount: Amount,
    /// Applications that are active.
    pub active: Option<i64>,
    /// Applications that wait.
    pub pending: Option<i64>,
    /// Containers allocated.
    pub containers: Option<i64>,
    /// Containers asked for.
    pub pending_containers: Option<i64>,
    /// What else bounds it.
    pub limits: QueueLimits,
    /// Its users.
    pub users: Vec<UserShare>,
    /// The queues below it.
    pub children: Vec<Queue>,
}

/// Memory and cores, where they are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// Memory, in MiB.
    pub memory: Option<i64>,
    /// Virtual cores.
    pub v_cores: Option<i64>,
}

/// What bounds a queue beside its share; `None` where there is no limit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QueueLimits {
    /// The most applications.
    pub applications: Option<i64>,
    /// The most applications of one user.
    pub applications_per_user: Option<i64>,
    /// The most applications that run at once.
    pub parallel: Option<i64>,
    /// What each user is sure to get, in percent.
    pub user: Option<f64>,
    /// How many times its share a user may have.
    pub user_factor: Option<f64>,
    /// What application masters may have.
    pub masters: Amount,
    /// What application masters have.
    pub masters_used: Amount,
    /// How long an application may live, in seconds.
    pub lifetime: Option<i64>,
}

/// A user of a queue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserShare {
    /// The user.
    pub name: String,
    /// What the user's applications have.
    pub used: Amount,
    /// The most that the user may have.
    pub limit: Amount,
    /// Applications that are active.
    pub active: Option<i64>,
    /// Applications that wait.
    pub pending: Option<i64>,
}

/// What servers write for "no limit" in 32 bits.
const UNLIMITED: i64 = i32::MAX as i64;

fn limit(value: Option<i64>) -> Option<i64> {
    value.filter(|value| (0..UNLIMITED).contains(value))
}

impl From<&Resource> for Amount {
    fn from(resource: &Resource) -> Amount {
        Amount { memory: resource.memory, v_cores: resource.v_cores }
    }
}

impl SchedulerReply {
    /// Which scheduler it is; `None` where the reply does not tell.
    pub fn kind(&self) -> Option<SchedulerKind> {
        Some(match self.scheduler.scheduler_info.kind.as_deref()? {
            "capacityScheduler" => SchedulerKind::Capacity,
            "fairScheduler" => SchedulerKind::Fair,
            "fifoScheduler" => SchedulerKind::Fifo,
            other => SchedulerKind::Other(other.to_owned()),
        })
    }

    /// The queues from the root on; of the FIFO scheduler its only one.
    pub fn tree(&self) -> Queue {
        let info = &self.scheduler.scheduler_info;
        match self.kind() {
            Some(SchedulerKind::Fair) => fair(&info.root_queue),
            Some(SchedulerKind::Fifo) => fifo(info),
            _ => root(info),
        }
    }
}

/// The CapacityScheduler's root. Its shares of its parent are its shares of the cluster.
fn root(info: &SchedulerInfo) -> Queue {
    let name = info.queue_name.clone().unwrap_or_else(|| "root".to_owned());
    let children: Vec<Queue> = info.queues.queue.iter().map(|queue| capacity(queue, &name)).collect();
    let sum = |of: fn(&Queue) -> Option<i64>| {
        let told: Vec<i64> = children.iter().filter_map(of).collect();
        (!told.is_empty()).then(|| told.iter().fold(0_i64, |sum, value| sum.saturating_add(*value)))
    };
    let partition =
        info.capacities.by_partition.iter().find(|one| one.partition_name.as_deref().unwrap_or("").is_empty());
    let used_amount =
        Amount { memory: sum(|queue| queue.used_amount.memory), v_cores: sum(|queue| queue.used_amount.v_cores) };
    Queue {
        path: info.queue_path.clone().unwrap_or_else(|| name.clone()),
        leaf: children.is_empty(),
        used: info.absolute_used_capacity.or(info.used_capacity),
        configured: info.absolute_capacity.or(info.capacity),
        max: info.absolute_max_capacity.or(info.max_capacity),
        used_of_configured: info.used_capacity,
        used_amount,
        configured_amount: partition.map(|one| Amount::from(&one.effective_min_resource)).unwrap_or_default(),
        max_amount: partition.map(|one| Amount::from(&one.effective_max_resource)).unwrap_or_default(),
        active: sum(|queue| queue.active),
        pending: sum(|queue| queue.pending),
        containers: sum(|queue| queue.containers),
        pending_containers: sum(|queue| queue.pending_containers),
        limits: QueueLimits { parallel: limit(info.max_parallel_apps), ..QueueLimits::default() },
        name,
        children,
        ..Queue::default()
    }
}

fn capacity(queue: &CapacityQueue, parent: &str) -> Queue {
    let name = queue.queue_name.clone().unwrap_or_default();
    // A name may stand twice in a tree; only newer servers tell the path.
    let path = queue.queue_path.clone().unwrap_or_else(|| format!("{parent}.{name}"));
    let children: Vec<Queue> = queue.queues.queue.iter().map(|child| capacity(child, &path)).collect();
    let said = queue.queue_type.as_deref().map(|kind| kind.eq_ignore_ascii_case("leaf"));
    let leaf = queue.kind.as_deref() == Some("capacitySchedulerLeafQueueInfo") || said == Some(true);
    Queue {
        name,
        state: queue.state.clone(),
        leaf: leaf && children.is_empty(),
        used: queue.absolute_used_capacity,
        configured: queue.absolute_capacity,
        max: queue.absolute_max_capacity,
        used_of_configured: queue.used_capacity,
        used_amount: Amount::from(&queue.resources_used),
        configured_amount: Amount::from(&queue.min_effective_capacity),
        max_amount: Amount::from(&queue.max_effective_capacity),
        active: queue.num_active_applications.or(queue.num_applications),
        pending: queue.num_pending_applications,
        containers: queue.allocated_containers.or(queue.num_containers),
        pending_containers: queue.pending_containers,
        limits: QueueLimits {
            applications: limit(queue.max_applications),
            applications_per_user: limit(queue.max_applications_per_user),
            parallel: limit(queue.max_parallel_apps.or(queue.max_active_applications)),
            user: queue.user_limit,
            user_factor: queue.user_limit_factor,
            masters: Amount::from(&queue.am_resource_limit),
            masters_used: Amount::from(&queue.used_am_resource),
            lifetime: limit(queue.max_application_lifetime),
        },
        users: queue
            .users
            .user
            .iter()
            .map(|user| UserShare {
                name: user.username.clone().unwrap_or_default(),
                used: Amount::from(&user.resources_used),
                limit: Amount::from(&user.user_resource_limit),
                active: user.num_active_applications,
                pending: user.num_pending_applications,
            })
            .collect(),
        path,
        children,
    }
}

fn fair(queue: &FairQueue) -> Queue {
    let path = queue.queue_name.clone().unwrap_or_else(|| "root".to_owned());
    let children: Vec<Queue> = queue.child_queues.iter().map(fair).collect();
    let part = |of: &Resource| percent(of.memory, queue.cluster_resources.memory);
    // The other one is nothing while nobody uses the queue.
    let share = match queue.steady_fair_resources.memory {
        Some(_) => &queue.steady_fair_resources,
        None => &queue.fair_resources,
    };
    // An unlimited one is written as more than there is.
    let max = part(&queue.max_resources).map(|max| max.min(100.0));
    Queue {
        name: path.rsplit('.').next().unwrap_or_default().to_owned(),
        leaf: children.is_empty(),
        used: part(&queue.used_resources),
        configured: part(share),
        max,
        used_of_configured: percent(queue.used_resources.memory, share.memory),
        used_amount: Amount::from(&queue.used_resources),
        configured_amount: Amount::from(share),
        max_amount: Amount::from(&queue.max_resources),
        active: queue.num_active_apps,
        pending: queue.num_pending_apps,
        containers: queue.allocated_containers,
        pending_containers: queue.pending_containers,
        limits: QueueLimits {
            parallel: limit(queue.max_apps),
            masters: Amount::from(&queue.am_max_resources),
            masters_used: Amount::from(&queue.am_used_resources),
            ..QueueLimits::default()
        },
        path,
        children,
        ..Queue::default()
    }
}

fn fifo(info: &SchedulerInfo) -> Queue {
    // Parts of one, and none at all while there are no nodes.
    let used = info.used_capacity.map(|used| used * 100.0);
    let name = info.queue_name.clone().unwrap_or_else(|| "default".to_owned());
    Queue {
        path: name.clone(),
        name,
        state: info.qstate.clone(),
        leaf: true,
        used: used.or_else(|| percent(info.used_node_capacity, info.total_node_capacity)),
        configured: info.capacity.map(|capacity| capacity * 100.0),
        max: Some(100.0),
        used_of_configured: used,
        used_amount: Amount { memory: info.used_node_capacity, v_cores: None },
        configured_amount: Amount { memory: info.total_node_capacity, v_cores: None },
        max_amount: Amount { memory: info.total_node_capacity, v_cores: None },
        containers: info.num_containers,
        ..Queue::default()
    }
}

fn percent(part: Option<i64>, whole: Option<i64>) -> Option<f64> {
    let whole = whole.filter(|whole| *whole > 0)?;
    Some(part? as f64 * 100.0 / whole as f64)
}
