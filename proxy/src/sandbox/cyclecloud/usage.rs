//! Core hours and costs, made up for any day and always the same for it.

use howdah_shared::systems::cyclecloud::instant;
use serde_json::{Value, json};

use super::super::made_up;
use super::super::times::time;
use super::catalogue::REGION;
use super::errors::Refused;
use super::replies::parameter;
use super::world::{Array, Cluster, World};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// The most intervals of a reply.
const MOST: i64 = 24 * 366;

impl World {
    pub(super) fn usage(&self, cluster: &str, query: &str) -> Result<Value, Refused> {
        let cluster = &self.clusters[self.at(cluster)?];
        let granularity = parameter(query, "granularity").unwrap_or_else(|| "daily".to_owned());
        let unit = match granularity.as_str() {
            "hourly" => HOUR,
            "daily" | "total" => DAY,
            _ => return Err(Refused::bad("granularity must be total, daily or hourly")),
        };
        let now = self.clock.now_ms().div_euclid(1000);
        let today = now - now.rem_euclid(DAY);
        let (from, to) = match parameter(query, "timeframe").unwrap_or_else(|| "monthToDate".to_owned()).as_str() {
            "monthToDate" => (month_of(today), now),
            "lastMonth" => (month_of(month_of(today) - DAY), month_of(today)),
            // The epoch was a Thursday.
            "weekToDate" => (today - (today / DAY + 4).rem_euclid(7) * DAY, now),
            "custom" => {
                let bound = |name: &str| {
                    let wrong = || Refused::bad(format!("{name} must be in ISO-8601 format"));
                    parameter(query, name).and_then(|text| instant(&text)).ok_or_else(wrong)
                };
                (bound("from")?, bound("to")?)
            }
            _ => return Err(Refused::bad("timeframe is not known")),
        };
        let from = from.div_euclid(unit) * unit;
        let to = -(-to).div_euclid(unit) * unit;
        if from >= to || (to - from) / unit > MOST {
            return Err(Refused::bad("the range of time is not acceptable"));
        }
        let steps: Vec<(i64, i64)> = match granularity.as_str() {
            "total" => vec![(from, to)],
            _ => (0..(to - from) / unit).map(|step| (from + step * unit, from + (step + 1) * unit)).collect(),
        };
        let told = steps.into_iter().map(|(from, to)| interval(cluster, from, to, to.min(now)));
        Ok(json!({"usage": told.collect::<Vec<_>>()}))
    }
}

/// Where the month of a day begins.
fn month_of(day: i64) -> i64 {
    let text = time(day * 1000);
    instant(&format!("{}-01", &text[..7])).unwrap_or(day)
}

fn interval(cluster: &Cluster, from: i64, to: i64, until: i64) -> Value {
    let mut breakdown = Vec::new();
    if cluster.started {
        let heads = cluster.nodes.iter().filter(|node| node.fixed);
        breakdown.extend(heads.map(|node| {
            let hours = node.machine.cores as f64 * (until - from).max(0) as f64 / HOUR as f64;
            item("node", &node.name, hours, hours * node.machine.price, Vec::new())
        }));
        breakdown.extend(cluster.arrays.iter().map(|array| of_array(&cluster.name, array, from, until)));
    }
    let sum = |name: &str| breakdown.iter().filter_map(|item| item[name].as_f64()).sum::<f64>();
    let mut total = item("cluster", "", sum("hours"), sum("cost"), Vec::new());
    if let Value::Object(members) = &mut total {
        members.remove("node");
    }
    json!({
        "start": format!("{}Z", time(from * 1000)),
        "end": format!("{}Z", time(to * 1000)),
        "total": total,
        "breakdown": breakdown,
    })
}

fn item(category: &str, node: &str, hours: f64, cost: f64, details: Vec<Value>) -> Value {
    let mut item = json!({"category": category, "node": node, "hours": rounded(hours), "cost": rounded(cost)});
    if !details.is_empty() {
        item["details"] = details.into();
    }
    item
}

fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

fn of_array(cluster: &str, array: &Array, from: i64, until: i64) -> Value {
    let details: Vec<Value> = array
        .spec
        .kinds
        .iter()
        .enumerate()
        .map(|(place, kind)| {
            let name = format!("{cluster} {}", array.spec.name);
            let seed = name.bytes().fold(place as u64, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
            // Nodes that worked in each hour: fewer at weekends and at night.
            let hours = (from..until).step_by(HOUR as usize).map(|hour| {
                let (day, of_day) = (hour.div_euclid(DAY), hour.rem_euclid(DAY) / HOUR);
                let weekend = matches!((day + 4).rem_euclid(7), 0 | 6);
                let most = if weekend { 3.0 } else if (7..20).contains(&of_day) { 12.0 } else { 5.0 };
                (made_up::fraction(seed, hour as u64) * most).floor() * kind.machine.cores as f64
            });
            let hours: f64 = hours.sum();
            let price = if array.spec.spot { kind.machine.price * 0.2 } else { kind.machine.price };
            json!({
                "vm_size": kind.machine.name, "core_count": kind.machine.cores, "hours": rounded(hours),
                "cost": rounded(hours * price), "os": "Linux", "priority": if array.spec.spot { "Spot" } else { "Regular" },
                "region": REGION,
            })
        })
        .collect();
    let sum = |name: &str| details.iter().filter_map(|detail| detail[name].as_f64()).sum::<f64>();
    item("nodearray", array.spec.name, sum("hours"), sum("cost"), details)
}
