//! Reads the text of OpenMetrics, strictly.

use std::collections::{BTreeMap, BTreeSet};

/// Samples by name and labels, the labels in the order of their names: `name{a="1",b="2"}`.
pub(crate) struct Samples(BTreeMap<String, f64>);

impl Samples {
    /// Reads a whole text; panics at what the format does not allow.
    pub(crate) fn of(text: &str) -> Samples {
        let body = text.strip_suffix("# EOF\n").expect("it ends with its mark");
        let (mut samples, mut families) = (BTreeMap::new(), BTreeSet::new());
        let (mut family, mut kind, mut unit) = (String::new(), String::new(), None);
        for line in body.lines() {
            if let Some(comment) = line.strip_prefix("# ") {
                let [what, name, rest] = comment.splitn(3, ' ').collect::<Vec<_>>().try_into().expect(line);
                if name != family {
                    assert!(families.insert(name.to_owned()), "{name} stands in two places");
                    (family, kind, unit) = (name.to_owned(), String::new(), None);
                }
                match what {
                    "HELP" => assert!(!rest.is_empty(), "{line}"),
                    "TYPE" => kind = rest.to_owned(),
                    "UNIT" => unit = Some(rest.to_owned()),
                    _ => panic!("{line}"),
                }
                continue;
            }
            assert!(unit.as_ref().is_none_or(|unit| family.ends_with(&format!("_{unit}"))), "{line}");
            let (series, value) = line.rsplit_once(' ').expect(line);
            let (name, labels) = match series.split_once('{') {
                Some((name, labels)) => (name, labels_of(labels.strip_suffix('}').expect(line))),
                None => (series, BTreeMap::new()),
            };
            let suffix = name.strip_prefix(family.as_str()).expect(line);
            let suffixes: &[&str] = match kind.as_str() {
                "counter" => &["_total"],
                "gauge" => &[""],
                "histogram" => &["_bucket", "_sum", "_count"],
                "info" => &["_info"],
                _ => panic!("{family} is a {kind:?}"),
            };
            assert!(suffixes.contains(&suffix), "{line}");
            let labels: Vec<String> = labels.iter().map(|(name, value)| format!("{name}=\"{value}\"")).collect();
            let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
            let before = samples.insert(format!("{name}{labels}"), value.parse().expect(line));
            assert_eq!(before, None, "{line} stands twice");
        }
        Samples(samples)
    }

    /// The value of a series, 0 where there is none.
    pub(crate) fn value(&self, series: &str) -> f64 {
        self.0.get(series).copied().unwrap_or(0.0)
    }

    /// The sum of all series that begin so.
    pub(crate) fn sum(&self, beginning: &str) -> f64 {
        self.0.iter().filter(|(series, _)| series.starts_with(beginning)).map(|(_, value)| value).sum()
    }

    /// All values of a label.
    pub(crate) fn labelled(&self, label: &str) -> BTreeSet<&str> {
        let opening = format!("{label}=\"");
        let values = self.0.keys().flat_map(|series| series.split(&opening).skip(1));
        values.filter_map(|rest| rest.split('"').next()).collect()
    }
}

fn labels_of(text: &str) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    for pair in text.split_terminator("\",") {
        let (name, value) = pair.split_once("=\"").expect(text);
        let value = value.strip_suffix('"').unwrap_or(value);
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{text}");
        assert!(!value.contains(['"', '\\', ',']), "{text}");
        assert_eq!(labels.insert(name.to_owned(), value.to_owned()), None, "{text}");
    }
    labels
}
