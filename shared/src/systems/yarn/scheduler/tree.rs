//! The queues of any scheduler as one kind of tree, which one page can draw.

use std::sync::{Arc, OnceLock};

#[cfg(feature = "door")]
use super::super::QUEUES;
use super::super::Resource;
use super::{CapacityQueue, FairQueue, SchedulerInfo};
#[cfg(feature = "door")]
use crate::watch::tree;
use crate::watch::tree::PATH;
use crate::{lenient, order};

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
    /// Whether it is one to submit applications to, unless there are others below it.
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
}

/// A queue with its place in the tree; those below it follow it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Level {
    /// The queue.
    pub queue: Arc<Queue>,
    /// How far it is from the root.
    pub depth: usize,
    /// Whether applications can be submitted to it.
    pub leaf: bool,
    /// Whether there are queues below it.
    pub parent: bool,
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

/// A row of a watched scheduler, which is read when it is wanted. Rows that have not changed stay read.
#[derive(Debug)]
pub struct QueueRow<T> {
    path: String,
    text: T,
    queue: OnceLock<Option<Arc<Queue>>>,
}

#[cfg(feature = "door")]
impl QueueRow<String> {
    /// Those of a whole reply.
    ///
    /// # Errors
    /// When it is not JSON.
    pub fn all(reply: &str) -> serde_json::Result<Vec<Arc<QueueRow<String>>>> {
        let mut rows = Vec::new();
        tree::each(reply, &QUEUES, &mut |_, text| rows.push(Arc::new(QueueRow::new(text))))?;
        Ok(rows)
    }
}

impl<T: AsRef<[u8]>> QueueRow<T> {
    /// Of its JSON, as it is written of a [`Tree`](crate::operation::Tree).
    pub fn new(text: T) -> QueueRow<T> {
        let path = text.as_ref().get("{\"\":".len() + PATH.len()..).unwrap_or_default();
        let path = serde_json::Deserializer::from_slice(path).into_iter().next();
        QueueRow { path: path.and_then(Result::ok).unwrap_or_default(), text, queue: OnceLock::new() }
    }

    /// Its path from the top, by which it is told from others.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Its JSON.
    pub fn json(&self) -> &T {
        &self.text
    }

    /// Which scheduler it is, where this is the row at the top, which tells it.
    fn kind(&self) -> Option<SchedulerKind> {
        let info: SchedulerInfo = lenient::reply(self.text.as_ref()).ok()?;
        Some(match info.kind?.as_str() {
            "capacityScheduler" => SchedulerKind::Capacity,
            "fairScheduler" => SchedulerKind::Fair,
            "fifoScheduler" => SchedulerKind::Fifo,
            other if other.ends_with("Scheduler") => SchedulerKind::Other(other.to_owned()),
            _ => return None,
        })
    }

    /// The queue that it tells of; the Fair Scheduler's top is none.
    fn queue(&self, kind: &SchedulerKind, is_top: bool) -> Option<Arc<Queue>> {
        let read = || {
            let (text, path) = (self.text.as_ref(), self.path.as_str());
            Some(Arc::new(match (kind, is_top) {
                (SchedulerKind::Fair, true) => return None,
                (SchedulerKind::Fair, false) => fair(&lenient::reply(text).ok()?, path),
                (SchedulerKind::Fifo, _) => fifo(&lenient::reply(text).ok()?),
                (_, true) => root(&lenient::reply(text).ok()?, path),
                (_, false) => capacity(&lenient::reply(text).ok()?, path),
            }))
        };
        self.queue.get_or_init(read).clone()
    }
}

/// Which scheduler it is, and its queues in the order of the tree: below each those that are, by their names. `None`
/// where no row tells which it is.
pub fn levels<T: AsRef<[u8]>>(rows: &[Arc<QueueRow<T>>]) -> Option<(SchedulerKind, Vec<Level>)> {
    let mut tops = rows.iter().filter(|row| !row.path.contains('.'));
    let (kind, top) = tops.find_map(|row| Some((row.kind()?, row)))?;
    let mut queues: Vec<_> = rows.iter().filter_map(|row| row.queue(&kind, Arc::ptr_eq(row, top))).collect();
    order::sort(&mut queues, |a, b| a.path.split('.').cmp(b.path.split('.')));
    let depth = |queue: &Queue| queue.path.matches('.').count();
    // The CapacityScheduler's root tells nothing of what is used.
    if kind != SchedulerKind::Fair
        && let [root, below @ ..] = queues.as_mut_slice()
        && !below.is_empty()
    {
        let next: Vec<Arc<Queue>> = below.iter().filter(|queue| depth(queue) == depth(root) + 1).cloned().collect();
        *root = Arc::new(root.with_sums(&next));
    }
    let is_below =
        |queue: &Queue, above: &Queue| queue.path.strip_prefix(&above.path).is_some_and(|rest| rest.starts_with('.'));
    let parents: Vec<bool> = queues.windows(2).map(|pair| is_below(&pair[1], &pair[0])).chain([false]).collect();
    let place = |(queue, parent): (Arc<Queue>, bool)| {
        let (depth, leaf) = (depth(&queue), queue.leaf && !parent);
        Level { queue, depth, leaf, parent }
    };
    Some((kind, queues.into_iter().zip(parents).map(place).collect()))
}

impl Level {
    /// Whether it has as much as it may.
    pub fn is_full(&self) -> bool {
        let Queue { used, max, .. } = &*self.queue;
        used.zip(*max).is_some_and(|(used, max)| max > 0.0 && used >= max - 0.05)
    }

    /// Whether it has more than its share.
    pub fn is_over(&self) -> bool {
        let Queue { used, configured, .. } = &*self.queue;
        used.zip(*configured).is_some_and(|(used, share)| used > share + 0.05)
    }

    /// Whether an application says of itself that it is in it: by its path, or by its name on older servers.
    pub fn is(&self, queue: &str) -> bool {
        self.queue.path == queue || (!queue.contains('.') && self.queue.name == queue)
    }
}

impl Queue {
    /// With what the scheduler tells of those below it alone.
    fn with_sums(&self, below: &[Arc<Queue>]) -> Queue {
        let sum = |of: fn(&Queue) -> Option<i64>| {
            let told: Vec<i64> = below.iter().filter_map(|queue| of(queue)).collect();
            (!told.is_empty()).then(|| told.iter().fold(0_i64, |sum, value| sum.saturating_add(*value)))
        };
        let used =
            Amount { memory: sum(|queue| queue.used_amount.memory), v_cores: sum(|queue| queue.used_amount.v_cores) };
        Queue {
            used_amount: used,
            active: sum(|queue| queue.active),
            pending: sum(|queue| queue.pending),
            containers: sum(|queue| queue.containers),
            pending_containers: sum(|queue| queue.pending_containers),
            ..self.clone()
        }
    }
}

/// The CapacityScheduler's root. Its shares of its parent are its shares of the cluster.
fn root(info: &SchedulerInfo, path: &str) -> Queue {
    let partition =
        info.capacities.by_partition.iter().find(|one| one.partition_name.as_deref().unwrap_or("").is_empty());
    Queue {
        name: info.queue_name.clone().unwrap_or_else(|| path.to_owned()),
        path: path.to_owned(),
        leaf: true,
        used: info.absolute_used_capacity.or(info.used_capacity),
        configured: info.absolute_capacity.or(info.capacity),
        max: info.absolute_max_capacity.or(info.max_capacity),
        used_of_configured: info.used_capacity,
        configured_amount: partition.map(|one| Amount::from(&one.effective_min_resource)).unwrap_or_default(),
        max_amount: partition.map(|one| Amount::from(&one.effective_max_resource)).unwrap_or_default(),
        limits: QueueLimits { parallel: limit(info.max_parallel_apps), ..QueueLimits::default() },
        ..Queue::default()
    }
}

fn capacity(queue: &CapacityQueue, path: &str) -> Queue {
    let said = queue.queue_type.as_deref().map(|kind| kind.eq_ignore_ascii_case("leaf"));
    let leaf = queue.kind.as_deref() == Some("capacitySchedulerLeafQueueInfo") || said == Some(true);
    Queue {
        name: queue.queue_name.clone().unwrap_or_default(),
        // A name may stand twice in a tree, and only newer servers tell the path.
        path: path.to_owned(),
        state: queue.state.clone(),
        leaf,
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
    }
}

fn fair(queue: &FairQueue, path: &str) -> Queue {
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
        leaf: true,
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
        path: path.to_owned(),
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
