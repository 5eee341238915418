//! The scheduler and its queues, as each of the three schedulers tells of them.

mod capacity;
mod fair;
mod tree;

use super::reads;

pub use capacity::{
    CapacityQueue, CapacityQueues, OperationInformation, PartitionCapacities, QueueAcl, QueueAcls, QueueCapacities,
    QueueUser, QueueUsers, SchedulerHealth, SchedulerInfo,
};
pub use fair::FairQueue;
pub use tree::{Amount, Level, Queue, QueueLimits, QueueRow, SchedulerKind, UserShare, levels};

reads! {
    /// The reply of [`ShowScheduler`](super::ShowScheduler) ("Cluster Scheduler API").
    SchedulerReply {
        /// The wrapper.
        scheduler "scheduler": object Scheduler;
    }

    /// The scheduler within its wrapper.
    Scheduler {
        /// What it tells, which depends on its type.
        scheduler_info "schedulerInfo": object SchedulerInfo;
    }
}
