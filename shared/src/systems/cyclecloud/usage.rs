//! Core hours and what they cost.

use serde::{Deserialize, Serialize};

use super::rules::{Fault, Rule, instant};
use crate::systems::reads::reads;
use crate::systems::rules::checked;

/// A range of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Timeframe {
    /// This month.
    MonthToDate,
    /// The month before.
    LastMonth,
    /// This week, from Sunday on.
    WeekToDate,
    /// From an instant to another.
    Custom,
}

/// How long the intervals are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Granularity {
    /// One for the whole range.
    Total,
    /// Days.
    Daily,
    /// Hours.
    Hourly,
}

/// The query of [`ShowUsage`](super::ShowUsage). All times are in UTC.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct UsageQuery {
    /// The range; this month unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeframe: Option<Timeframe>,
    /// Where a custom range begins, in ISO 8601; rounded down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Where it ends; rounded up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// How long the intervals are; days unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub granularity: Option<Granularity>,
}

impl UsageQuery {
    /// What the service refuses of it.
    pub fn faults(&self) -> Vec<Fault> {
        let custom = self.timeframe == Some(Timeframe::Custom);
        let bound = |name: &str, bound: &Option<String>| {
            [
                Rule::Range.of(name, !custom || bound.is_some()),
                Rule::RangeAlone.of(name, custom || bound.is_none()),
                Rule::Instant.of(name, bound.as_deref().is_none_or(|text| instant(text).is_some())),
            ]
        };
        let read = |bound: &Option<String>| bound.as_deref().and_then(instant);
        let backwards = read(&self.from).zip(read(&self.to)).is_some_and(|(from, to)| from >= to);
        let bounds = bound("from", &self.from).into_iter().chain(bound("to", &self.to));
        bounds.flatten().chain(Rule::Backwards.of("to", !backwards)).collect()
    }
}

checked!(UsageQuery);

reads! {
    /// The reply of [`ShowUsage`](super::ShowUsage) ("ClusterUsage").
    ClusterUsage {
        /// The intervals.
        usage "usage": objects UsageInterval;
    }

    /// What was used in an interval.
    UsageInterval {
        /// Where it begins.
        start "start": text;
        /// Where it ends, without that instant.
        end "end": text;
        /// What the whole cluster used.
        total "total": object UsageItem;
        /// What each node array and each head node used.
        breakdown "breakdown": objects UsageItem;
    }

    /// What something used ("ClusterUsageItem").
    UsageItem {
        /// `cluster`, `nodearray`, or `node` for one that is of none.
        category "category": text;
        /// The node or the node array.
        node "node": text;
        /// Core hours.
        hours "hours": float;
        /// What they would cost by retail prices, in US dollars: an estimate.
        cost "cost": float;
        /// The same by kinds of machines.
        details "details": objects UsageDetail;
    }

    /// What machines of a kind used.
    UsageDetail {
        /// The machine type.
        vm_size "vm_size": text;
        /// Its cores.
        core_count "core_count": float;
        /// Core hours.
        hours "hours": float;
        /// What they would cost.
        cost "cost": float;
        /// `Windows` or `Linux`.
        os "os": text;
        /// `Regular` or `Spot`.
        priority "priority": text;
        /// Where they are.
        region "region": text;
    }
}
