//! How many nodes may be added, and what decides that.

use super::catalogue::{Kind, QUOTAS, Quota, REGIONAL, SPOT};
use super::world::{Array, Cluster, World};

/// What a bucket has and may have. Counts are of nodes, others of cores where they say so.
pub(super) struct Limits {
    pub(super) active: i64,
    pub(super) available: i64,
    pub(super) family: (i64, i64),
    pub(super) regional: (i64, i64),
    /// What allows the least, for people.
    pub(super) binding: String,
}

impl Limits {
    /// The least of quotas of family and region, in cores.
    pub(super) fn quota(&self, spot: bool) -> i64 {
        if spot { self.regional.0 } else { self.family.0.min(self.regional.0) }
    }
}

impl World {
    /// Cores that are used in the region, of a family where one is named, by spot machines or others.
    fn used(&self, family: Option<&str>, spot: bool, now: f64) -> i64 {
        let nodes = self.clusters.iter().flat_map(|cluster| &cluster.nodes);
        let counted = nodes.filter(|node| {
            node.spot == spot && node.is_active(now) && family.is_none_or(|family| node.machine.family == family)
        });
        counted.map(|node| node.machine.cores).sum()
    }

    pub(super) fn limits(&self, cluster: &Cluster, array: &Array, kind: &Kind, now: f64) -> Limits {
        let cores = kind.machine.cores;
        let own = |of: &dyn Fn(&super::nodes::Node) -> bool| {
            let nodes = cluster.nodes.iter().filter(|node| node.is_active(now) && of(node));
            nodes.fold((0, 0), |(nodes, cores), node| (nodes + 1, cores + node.machine.cores))
        };
        let of_array = own(&|node| node.template == array.spec.name);
        let of_arrays = own(&|node| !node.fixed);
        let of_bucket = own(&|node| node.template == array.spec.name && node.machine.name == kind.machine.name);
        let quota = |quota: &Quota, used: i64| (quota.cores, quota.others + used);
        let family = QUOTAS.iter().find(|quota| quota.family == kind.machine.family).unwrap_or(&REGIONAL);
        // Families have no limits of their own for spot machines: servers tell 0.
        let (family, regional) = match array.spec.spot {
            true => ((0, 0), quota(&SPOT, self.used(None, true, now))),
            false => (
                quota(family, self.used(Some(kind.machine.family), false, now)),
                quota(&REGIONAL, self.used(None, false, now)),
            ),
        };
        let left = |(most, used): (i64, i64)| (most - used).max(0) / cores;
        let mut bounds = vec![
            (left(regional), format!("the regional quota of {} cores", regional.0)),
            ((array.spec.most.0 - of_array.0).max(0), format!("the array's limit of {} nodes", array.spec.most.0)),
            (left((array.spec.most.1, of_array.1)), format!("the array's limit of {} cores", array.spec.most.1)),
            ((cluster.most.0 - of_arrays.0).max(0), format!("the cluster's limit of {} nodes", cluster.most.0)),
            (left((cluster.most.1, of_arrays.1)), format!("the cluster's limit of {} cores", cluster.most.1)),
        ];
        if !array.spec.spot {
            let name = kind.machine.family;
            bounds.push((left(family), format!("the quota of {} cores of the family {name}", family.0)));
        }
        let (available, binding) = bounds.into_iter().min_by_key(|(left, _)| *left).unwrap_or_default();
        let available = if kind.invalid.is_empty() { available } else { 0 };
        Limits { active: of_bucket.0, available, family, regional, binding }
    }
}
