//! How many nodes more there may be of a kind of machine, and what decides that: the first question of whoever got fewer
//! nodes than were asked for.

use howdah_shared::systems::cyclecloud::{Bucket, ClusterStatus, NodeArray};

/// A failure of capacity is the likely reason for what is missing for so long, in seconds.
const LATELY: f64 = 3600.0;

/// What allows no more than so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    /// The most of the node array.
    Array,
    /// The most of the cluster.
    Cluster,
    /// The most of the placement group that is meant.
    Group,
    /// The account's quota for the family of machines.
    Family,
    /// The account's quota for the region.
    Region,
    /// A quota of which an older server does not say whether it is the family's or the region's.
    Quota,
}

/// How much of a limit is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bound {
    /// Which.
    pub(super) limit: Limit,
    /// Whether it counts cores rather than nodes.
    pub(super) cores: bool,
    /// What is used.
    pub(super) used: i64,
    /// What may be used.
    pub(super) most: i64,
    /// How many nodes more that leaves.
    pub(super) room: i64,
}

/// What decides how many more there may be.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Binding {
    /// No node may be made of it, for the reason that the service tells.
    Invalid(String),
    /// There was no capacity, so many seconds ago.
    Capacity(f64),
    /// The limit that leaves the least.
    Limit(Limit),
    /// The service tells that fewer fit than any of its limits explains.
    Other,
    /// Nothing is told of it.
    Unknown,
}

/// What is known of a bucket's limits.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Limits {
    /// The limits, that which leaves the least first.
    pub(super) bounds: Vec<Bound>,
    /// What decides.
    pub(super) binding: Binding,
    /// How many nodes more fit, as the service tells it, else as the limits do.
    pub(super) fits: Option<i64>,
}

impl Limits {
    /// The same for nodes of a placement group; one that there is not yet has none.
    pub(super) fn in_group(mut self, bucket: &Bucket, group: &str) -> Limits {
        let Some(most) = bucket.max_placement_group_size.filter(|most| *most > 0) else { return self };
        let found = bucket.placement_groups.iter().find(|other| other.name.as_deref() == Some(group));
        let used = found.and_then(|group| group.active_count).unwrap_or_default();
        let room = (most - used).max(0);
        self.bounds.push(Bound { limit: Limit::Group, cores: false, used, most, room });
        self.bounds.sort_by_key(|bound| bound.room);
        if self.fits.is_none_or(|fits| room < fits) {
            self.fits = Some(room);
            if !matches!(self.binding, Binding::Invalid(_) | Binding::Capacity(_)) {
                self.binding = Binding::Limit(Limit::Group);
            }
        }
        self
    }
}

/// Whether the nodes of an array are spot machines.
pub(super) fn is_spot(array: &NodeArray) -> bool {
    array.nodearray.is("Interruptible")
}

/// Nodes and cores of an array.
pub(super) fn active(array: &NodeArray) -> (i64, i64) {
    let sum = |of: fn(&Bucket) -> Option<i64>| array.buckets.iter().filter_map(of).sum();
    (sum(|bucket| bucket.active_count), sum(|bucket| bucket.active_core_count))
}

/// Nodes and cores of all arrays of a cluster.
pub(super) fn active_of_all(status: &ClusterStatus) -> (i64, i64) {
    let add = |(nodes, cores), (more_nodes, more_cores)| (nodes + more_nodes, cores + more_cores);
    status.nodearrays.iter().map(active).fold((0, 0), add)
}

/// The cores of a machine of a bucket.
pub(super) fn cores_of(bucket: &Bucket) -> Option<i64> {
    let told = bucket.virtual_machine.vcpu_count;
    // Older servers may leave it out; counts tell it too.
    let counted = || {
        let pairs = [
            (bucket.active_count, bucket.active_core_count),
            (bucket.available_count, bucket.available_core_count),
            (bucket.max_count, bucket.max_core_count),
        ];
        pairs.into_iter().find_map(|(nodes, cores)| Some(cores? / nodes.filter(|nodes| *nodes > 0)?))
    };
    told.or_else(counted).filter(|cores| *cores > 0)
}

/// The limits of a bucket.
pub(super) fn limits(status: &ClusterStatus, array: &NodeArray, bucket: &Bucket) -> Limits {
    let cores = cores_of(bucket);
    let of_quota = bucket.virtual_machine.vcpu_quota_count;
    let of_quota = of_quota.filter(|cores| *cores > 0).or(cores);
    let bound = |limit, used: i64, most: Option<i64>, each: Option<i64>, cores| {
        let most = most.filter(|most| *most >= 0)?;
        Some(Bound { limit, cores, used, most, room: (most - used).max(0) / each? })
    };
    let own = |limit, (nodes, of_nodes), most: Option<i64>, most_cores: Option<i64>| {
        let bounds = [bound(limit, nodes, most, Some(1), false), bound(limit, of_nodes, most_cores, cores, true)];
        // One line a limit: that of its two which leaves less.
        bounds.into_iter().flatten().min_by_key(|bound| bound.room)
    };
    let quota = |limit, used: Option<i64>, most| bound(limit, used?, most, of_quota, true);
    // The families of spot machines are told to have a quota of 0: the region's is what counts.
    let family = quota(Limit::Family, bucket.family_consumed_core_count, bucket.family_quota_core_count);
    let family = family.filter(|family| !is_spot(array) || family.most > 0);
    let region = quota(Limit::Region, bucket.regional_consumed_core_count, bucket.regional_quota_core_count);
    let older = quota(Limit::Quota, bucket.consumed_core_count, bucket.quota_core_count);
    let older = older.filter(|_| family.is_none() && region.is_none());
    let mut bounds: Vec<Bound> = [
        own(Limit::Array, active(array), array.max_count, array.max_core_count),
        own(Limit::Cluster, active_of_all(status), status.max_count, status.max_core_count),
        family,
        region,
        older,
    ]
    .into_iter()
    .flatten()
    .collect();
    bounds.sort_by_key(|bound| bound.room);
    let least = bounds.first().copied();
    let fits = bucket.available_count.or_else(|| least.map(|least| least.room));
    let binding = match (bucket.valid, bucket.last_capacity_failure) {
        (Some(false), _) => Binding::Invalid(bucket.invalid_reason.clone().unwrap_or_default()),
        (_, Some(ago)) if ago < LATELY => Binding::Capacity(ago),
        _ => match (least, bucket.available_count) {
            (Some(least), Some(fits)) if fits < least.room => Binding::Other,
            (Some(least), _) => Binding::Limit(least.limit),
            (None, _) => Binding::Unknown,
        },
    };
    Limits { bounds, binding, fits: fits.map(|fits| fits.max(0)) }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn told(array: Value, bucket: Value) -> Limits {
        let mut array = array;
        array["buckets"] = json!([bucket]);
        let status: ClusterStatus =
            serde_json::from_value(json!({"maxCount": 20, "maxCoreCount": 600, "nodearrays": [array]})).unwrap();
        limits(&status, &status.nodearrays[0], &status.nodearrays[0].buckets[0])
    }

    fn bucket(more: Value) -> Value {
        let mut bucket = json!({
            "virtualMachine": {"vcpuCount": 32}, "valid": true, "activeCount": 5, "activeCoreCount": 160,
            "availableCount": 5, "familyConsumedCoreCount": 200, "familyQuotaCoreCount": 1000,
            "regionalConsumedCoreCount": 200, "regionalQuotaCoreCount": 2000, "lastCapacityFailure": -1.0,
        });
        for (name, value) in more.as_object().unwrap() {
            bucket[name] = value.clone();
        }
        bucket
    }

    #[test]
    fn the_limit_that_leaves_the_least_binds() {
        let limits = told(json!({"maxCount": 10, "maxCoreCount": 3200}), bucket(json!({})));
        let rooms: Vec<_> = limits.bounds.iter().map(|bound| (bound.limit, bound.room, bound.cores)).collect();
        let expected = [
            (Limit::Array, 5, false),
            (Limit::Cluster, 13, true),
            (Limit::Family, 25, true),
            (Limit::Region, 56, true),
        ];
        assert_eq!(rooms, expected);
        assert_eq!((limits.binding, limits.fits), (Binding::Limit(Limit::Array), Some(5)));
    }

    #[test]
    fn a_family_of_spot_machines_has_no_quota() {
        let array = json!({"maxCount": 100, "maxCoreCount": 9000, "nodearray": {"Interruptible": true}});
        let spot = json!({"familyQuotaCoreCount": 0, "regionalQuotaCoreCount": 264, "availableCount": 2});
        let limits = told(array, bucket(spot));
        assert!(limits.bounds.iter().all(|bound| bound.limit != Limit::Family));
        assert_eq!((limits.binding, limits.fits), (Binding::Limit(Limit::Region), Some(2)));
    }

    #[test]
    fn an_older_server_tells_one_quota() {
        let older = json!({"virtualMachine": {"vcpuCount": 16}, "consumedCoreCount": 100, "quotaCoreCount": 132,
            "activeCount": 1, "activeCoreCount": 16});
        let limits = told(json!({"maxCount": 100}), older);
        assert_eq!(limits.bounds[0], Bound { limit: Limit::Quota, cores: true, used: 100, most: 132, room: 2 });
        assert_eq!(limits.fits, Some(2));
    }

    #[test]
    fn what_is_no_limit_decides_too() {
        let array = || json!({"maxCount": 10, "maxCoreCount": 3200});
        let invalid = told(array(), bucket(json!({"valid": false, "invalidReason": "NotActivated"})));
        assert_eq!(invalid.binding, Binding::Invalid("NotActivated".into()));
        let failed = told(array(), bucket(json!({"lastCapacityFailure": 1260.0})));
        assert_eq!(failed.binding, Binding::Capacity(1260.0));
        // Long ago: it may be otherwise by now.
        let long = told(array(), bucket(json!({"lastCapacityFailure": 86_400.0})));
        assert_eq!(long.binding, Binding::Limit(Limit::Array));
        let fewer = told(array(), bucket(json!({"availableCount": 3})));
        assert_eq!((fewer.binding, fewer.fits), (Binding::Other, Some(3)));
        assert_eq!(told(json!({}), json!({"activeCount": 1})).binding, Binding::Limit(Limit::Cluster));
    }

    #[test]
    fn a_placement_group_binds_those_that_are_to_be_in_it() {
        let groups = json!([{"name": "pg0", "activeCount": 98}]);
        let told = bucket(json!({"maxPlacementGroupSize": 100, "placementGroups": groups}));
        let bucket: Bucket = serde_json::from_value(told.clone()).unwrap();
        let limits = || self::tests::told(json!({"maxCount": 10, "maxCoreCount": 3200}), told.clone());
        let full = limits().in_group(&bucket, "pg0");
        assert_eq!((full.fits, &full.binding), (Some(2), &Binding::Limit(Limit::Group)));
        assert_eq!(full.bounds[0], Bound { limit: Limit::Group, cores: false, used: 98, most: 100, room: 2 });
        let new = limits().in_group(&bucket, "pg1");
        assert_eq!((new.fits, new.binding), (Some(5), Binding::Limit(Limit::Array)));
        assert_eq!(limits().in_group(&Bucket::default(), "pg0"), limits());
    }

    #[test]
    fn what_has_more_than_it_may_leaves_nothing() {
        let limits = told(json!({"maxCount": 3}), bucket(json!({"availableCount": 0})));
        assert_eq!((limits.bounds[0].room, limits.fits), (0, Some(0)));
    }
}
