//! What is shipped beside the program asks for what the program exports.

use std::collections::BTreeSet;

use howdah_shared::console::RequestState;
use serde_json::Value;

use super::*;

const DASHBOARD: &str = include_str!("../../../deploy/grafana/howdah.json");
const ALERTS: &str = include_str!("../../../deploy/prometheus/alerts.yml");
const README: &str = include_str!("../../../README.md");

/// The text of a Howdah in which everything has happened.
fn text() -> String {
    let metrics = Metrics::new();
    let mut response = asked("eco", "StartRework", Response::new(Body::empty()));
    metrics.answered(&mut response, None, Duration::ZERO, &Span::none());
    metrics.calls("eco", "reads").begin("ListApplications").ended(200, None);
    let connection = || "eco".to_owned();
    let now = &metrics.0.now;
    now.breaker_open.get_or_create(&Way { connection: connection(), pool: "reads" }).set(0);
    for family in [&now.pollers, &now.pollers_failing, &now.watchers] {
        family.get_or_create(&OfConnection { connection: connection() }).set(1);
    }
    now.unfinished.get_or_create(&InState { connection: connection(), state: "unknown" }).set(1);
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &metrics.0.registry).unwrap();
    text
}

/// The names of families, and of their samples.
fn exported(text: &str) -> (BTreeSet<&str>, BTreeSet<&str>) {
    let families = text.lines().filter_map(|line| line.strip_prefix("# HELP ")?.split(' ').next()).collect();
    let samples = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split(['{', ' ']).next());
    (families, samples.collect())
}

/// The words of a text that are names of metrics.
fn named(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with("howdah_") || word.starts_with("process_")).collect()
}

/// The expressions of the dashboard.
fn dashboard() -> Vec<String> {
    let parsed: Value = serde_json::from_str(DASHBOARD).unwrap();
    let panels = parsed["panels"].as_array().unwrap().iter();
    let targets = panels.filter_map(|panel| panel["targets"].as_array()).flatten();
    targets.map(|target| target["expr"].as_str().unwrap().to_owned()).collect()
}

/// The expressions of the alerts. The file is YAML of one shape, in which every line is one of a few and every text is
/// quoted as JSON quotes it.
fn alerts() -> Vec<String> {
    let quoted = |value: &str| serde_json::from_str::<String>(value).unwrap();
    let rules: Vec<&str> = ALERTS.split("      - alert: ").collect();
    let head: Vec<&str> = rules[0].lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(head, ["groups:", "  - name: howdah", "    rules:"]);
    let mut expressions = Vec::new();
    for rule in &rules[1..] {
        let mut lines = rule.lines().peekable();
        let name = lines.next().unwrap();
        assert!(name.starts_with("Howdah") && name.chars().all(char::is_alphanumeric), "{name}");
        expressions.push(quoted(lines.next().unwrap().strip_prefix("        expr: ").expect(name)));
        if let Some(time) = lines.next_if(|line| line.starts_with("        for: ")) {
            assert!(time.ends_with('m') && time[13..time.len() - 1].parse::<u32>().is_ok(), "{name}");
        }
        assert_eq!(lines.next(), Some("        labels:"), "{name}");
        let severity = lines.next().and_then(|line| line.strip_prefix("          severity: "));
        assert!(matches!(severity, Some("critical" | "warning")), "{name}");
        assert_eq!(lines.next(), Some("        annotations:"), "{name}");
        for kind in ["summary", "action"] {
            let line = lines.next().and_then(|line| line.strip_prefix(format!("          {kind}: ").as_str()));
            assert!(quoted(line.expect(name)).len() > 20, "{name}");
        }
        assert_eq!(lines.next(), None, "{name}");
    }
    expressions
}

/// The words that an expression compares a label with.
fn compared<'a>(expression: &'a str, label: &str) -> Vec<&'a str> {
    let parts = expression.split(label).skip(1);
    let values = parts.filter_map(|rest| rest.trim_start_matches(['=', '!', '~']).strip_prefix('"')?.split('"').next());
    values.flat_map(|values| values.split('|')).filter(|word| !word.is_empty()).collect()
}

#[test]
fn what_is_shipped_asks_for_what_there_is() {
    let text = text();
    let (_, samples) = exported(&text);
    let (dashboard, alerts) = (dashboard(), alerts());
    assert!(dashboard.len() > 20 && alerts.len() > 10);
    for expression in dashboard.iter().chain(&alerts) {
        let names = named(expression);
        assert!(names.is_subset(&samples), "{expression}");
        assert!(!names.is_empty() || expression.contains("up{job="), "{expression}");
        for outcome in compared(expression, "outcome") {
            assert!(outcome == "2xx" || Code::named(outcome) != Code::UnknownCode, "{expression}: {outcome}");
        }
        for pool in compared(expression, "pool") {
            assert!(["reads", "polling", "changes"].contains(&pool), "{expression}: {pool}");
        }
        for state in compared(expression, "state") {
            assert!(state.parse::<RequestState>().is_ok(), "{expression}: {state}");
        }
        for operation in compared(expression, "operation") {
            assert!([DOOR, "SignIn"].contains(&operation), "{expression}: {operation}");
        }
    }
    // What every number is good for: each is on the dashboard.
    let shown: BTreeSet<&str> = dashboard.iter().flat_map(|expression| named(expression)).collect();
    let unseen: Vec<&&str> =
        samples.difference(&shown).filter(|name| !name.ends_with("_sum") && !name.ends_with("_count")).collect();
    assert_eq!(unseen, Vec::<&&str>::new());
}

#[test]
fn the_readme_names_every_metric_and_no_other() {
    let text = text();
    let (families, samples) = exported(&text);
    let named = named(README);
    let known: BTreeSet<&str> = families.union(&samples).copied().collect();
    // What begins like one of the logs' filters, not of the metrics.
    let strange: Vec<&&str> = named.difference(&known).filter(|name| **name != "howdah_proxy").collect();
    assert_eq!(strange, Vec::<&&str>::new());
    let left_out = |family: &&&str| !named.iter().any(|name| name.starts_with(**family));
    assert_eq!(families.iter().filter(left_out).collect::<Vec<_>>(), Vec::<&&str>::new());
}
