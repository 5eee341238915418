//! What was used in each interval, by one kind of parts: arithmetic, without anything that is drawn.

use std::collections::BTreeMap;

use howdah_shared::systems::cyclecloud::{ClusterUsage, UsageDetail, UsageItem};

use crate::ui::csv;

/// What usage is told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// Node arrays, and head nodes by their names.
    Array,
    /// Machine types.
    Machine,
    /// Spot or regular.
    Priority,
}

/// What was used. The service may tell no costs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Amount {
    /// Core hours.
    pub(super) hours: f64,
    /// What they cost by retail prices, in US dollars.
    pub(super) cost: Option<f64>,
}

impl Amount {
    fn new(hours: Option<f64>, cost: Option<f64>) -> Amount {
        Amount { hours: hours.unwrap_or_default(), cost }
    }

    fn add(&mut self, other: Amount) {
        self.hours += other.hours;
        self.cost = match (self.cost, other.cost) {
            (Some(one), Some(other)) => Some(one + other),
            (one, other) => one.or(other),
        };
    }
}

/// An interval.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Interval {
    /// Where it begins, as the service writes it.
    pub(super) start: String,
    /// Where it ends.
    pub(super) end: String,
    /// All of it.
    pub(super) total: Amount,
    /// By parts; what is not told apart is under an empty name.
    pub(super) parts: BTreeMap<String, Amount>,
}

/// The intervals with their parts.
pub(super) fn intervals(usage: &ClusterUsage, by: By) -> Vec<Interval> {
    let each = usage.usage.iter().map(|interval| {
        let mut parts: BTreeMap<String, Amount> = BTreeMap::new();
        for item in &interval.breakdown {
            each_part(item, by, &mut |name, amount| parts.entry(name.to_owned()).or_default().add(amount));
        }
        Interval {
            start: interval.start.clone().unwrap_or_default(),
            end: interval.end.clone().unwrap_or_default(),
            total: Amount::new(interval.total.hours, interval.total.cost),
            parts,
        }
    });
    each.collect()
}

fn each_part(item: &UsageItem, by: By, take: &mut dyn FnMut(&str, Amount)) {
    let whole = Amount::new(item.hours, item.cost);
    let of: fn(&UsageDetail) -> &Option<String> = match by {
        By::Array => return take(item.node.as_deref().unwrap_or_default(), whole),
        By::Machine => |detail| &detail.vm_size,
        By::Priority => |detail| &detail.priority,
    };
    // What is told of a head node has no details.
    if item.details.is_empty() {
        return take("", whole);
    }
    for detail in &item.details {
        take(of(detail).as_deref().unwrap_or_default(), Amount::new(detail.hours, detail.cost));
    }
}

/// The sum of all intervals.
pub(super) fn total(intervals: &[Interval]) -> Amount {
    let mut sum = Amount::default();
    intervals.iter().for_each(|interval| sum.add(interval.total));
    sum
}

/// The parts that occur with their sums, the largest first.
pub(super) fn parts(intervals: &[Interval]) -> Vec<(String, Amount)> {
    let mut sums: BTreeMap<&str, Amount> = BTreeMap::new();
    for (name, amount) in intervals.iter().flat_map(|interval| &interval.parts) {
        sums.entry(name).or_default().add(*amount);
    }
    let mut sums: Vec<_> = sums.into_iter().map(|(name, sum)| (name.to_owned(), sum)).collect();
    sums.sort_by(|(one, a), (other, b)| b.hours.total_cmp(&a.hours).then_with(|| one.cmp(other)));
    sums
}

/// All of it as a file for spreadsheets, a line for each part of each interval: the same in every language.
pub(super) fn file(intervals: &[Interval], by: By) -> String {
    let kind = match by {
        By::Array => "array",
        By::Machine => "machine",
        By::Priority => "priority",
    };
    let mut text = String::new();
    csv::line(&mut text, ["start", "end", kind, "core_hours", "cost_usd_estimate"]);
    for interval in intervals {
        for (name, amount) in &interval.parts {
            let cost = amount.cost.map(|cost| cost.to_string()).unwrap_or_default();
            let hours = amount.hours.to_string();
            csv::line(&mut text, [interval.start.as_str(), &interval.end, name, &hours, &cost]);
        }
    }
    text
}

/// An amount of US dollars.
pub(super) fn money(amount: f64) -> String {
    let cents = (amount * 100.0).round() as i64;
    let whole = crate::ui::format::count(cents / 100);
    format!("${whole}.{:02}", cents.unsigned_abs() % 100)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn usage() -> ClusterUsage {
        let detail = |machine: &str, hours: f64, priority: &str| json!({"vm_size": machine, "hours": hours, "cost": hours / 2.0, "priority": priority});
        serde_json::from_value(json!({"usage": [
            {"start": "2026-11-01T00:00:00Z", "end": "2026-11-02T00:00:00Z",
             "total": {"category": "cluster", "hours": 36.0, "cost": 16.0},
             "breakdown": [
                {"category": "node", "node": "scheduler", "hours": 6.0, "cost": 1.0},
                {"category": "nodearray", "node": "htc", "hours": 30.0, "cost": 15.0,
                 "details": [detail("F32", 20.0, "Spot"), detail("D4", 10.0, "Regular")]},
             ]},
            {"start": "2026-11-02T00:00:00Z", "end": "2026-11-03T00:00:00Z", "total": {"hours": 8.0},
             "breakdown": [{"category": "nodearray", "node": "htc", "hours": 8.0, "details": [{"vm_size": "F32", "hours": 8.0}]}]},
        ]}))
        .unwrap()
    }

    #[test]
    fn usage_is_told_apart_by_array_machine_and_priority() {
        let sums = |by: By| {
            let found = parts(&intervals(&usage(), by)).into_iter();
            found.map(|(name, amount)| (name, amount.hours, amount.cost)).collect::<Vec<_>>()
        };
        let of = |name: &str, hours: f64, cost: Option<f64>| (name.to_owned(), hours, cost);
        assert_eq!(sums(By::Array), [of("htc", 38.0, Some(15.0)), of("scheduler", 6.0, Some(1.0))]);
        assert_eq!(sums(By::Machine), [of("F32", 28.0, Some(10.0)), of("D4", 10.0, Some(5.0)), of("", 6.0, Some(1.0))]);
        // What no priority is told of stands beside what has no details.
        assert_eq!(
            sums(By::Priority),
            [of("Spot", 20.0, Some(10.0)), of("", 14.0, Some(1.0)), of("Regular", 10.0, Some(5.0))]
        );
        assert_eq!(total(&intervals(&usage(), By::Array)), Amount { hours: 44.0, cost: Some(16.0) });
    }

    #[test]
    fn a_file_has_a_line_for_each_part() {
        let text = file(&intervals(&usage(), By::Array), By::Array);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], "start,end,array,core_hours,cost_usd_estimate");
        assert_eq!(lines[1], "2026-11-01T00:00:00Z,2026-11-02T00:00:00Z,htc,30,15");
        assert_eq!(lines[3], "2026-11-02T00:00:00Z,2026-11-03T00:00:00Z,htc,8,");
        assert_eq!(lines.len(), 4);
    }

    #[test]
    fn money_has_two_decimals() {
        assert_eq!((money(1234.5), money(0.0), money(0.006)), ("$1,234.50".into(), "$0.00".into(), "$0.01".into()));
    }
}
