//! Options of nodes and clusters as they are typed: a few of thousands.

use std::collections::BTreeMap;

use howdah_shared::mask::{MASK, names_a_secret};
use howdah_shared::systems::savanna::PluginConfig;
use leptos::prelude::*;
use serde_json::{Map, Value};

use super::words::Said;

/// What an option is for, and its name.
pub(super) type Key = (String, String);

/// The options that are set, each with what is typed.
#[derive(Clone, Copy)]
pub(super) struct Options(pub(super) RwSignal<BTreeMap<Key, String>>);

impl Options {
    /// None yet.
    pub(super) fn new() -> Options {
        Options(RwSignal::new(BTreeMap::new()))
    }

    /// What they come to, and what is wrong with which.
    pub(super) fn body(self, known: &[PluginConfig], place: &str, wrong: &mut Vec<(String, Said)>) -> Option<Value> {
        let mut targets: Map<String, Value> = Map::new();
        self.0.with(|set| {
            for ((target, name), text) in set {
                let kind = known.iter().find(|config| is(config, target, name));
                match value(kind.and_then(|config| config.config_type.as_deref()), text) {
                    Ok(value) => {
                        let of = targets.entry(target.clone()).or_insert_with(|| Value::Object(Map::new()));
                        of[name.as_str()] = value;
                    }
                    Err(said) => wrong.push((format!("{place}.{target}.{name}"), said)),
                }
            }
        });
        (!targets.is_empty()).then_some(Value::Object(targets))
    }

    /// Types those of a body; gives whether some are secrets that it does not tell.
    pub(super) fn fill(self, body: Option<&Value>) -> bool {
        let mut lacks = false;
        let mut set = BTreeMap::new();
        for (target, named) in body.and_then(Value::as_object).into_iter().flatten() {
            for (name, value) in named.as_object().into_iter().flatten() {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                match text == MASK && names_a_secret(name) {
                    true => lacks = true,
                    false => drop(set.insert((target.clone(), name.clone()), text)),
                }
            }
        }
        self.0.set(set);
        lacks
    }

    /// Those that may be kept, and whether others may not.
    pub(super) fn kept(self) -> (Vec<(String, String, String)>, bool) {
        self.0.with(|set| {
            let open = set.iter().filter(|((_, name), _)| !names_a_secret(name));
            let kept: Vec<_> =
                open.map(|((target, name), text)| (target.clone(), name.clone(), text.clone())).collect();
            let lacks = kept.len() < set.len();
            (kept, lacks)
        })
    }

    /// Types those that were kept.
    pub(super) fn keep(self, kept: Vec<(String, String, String)>) {
        self.0.set(kept.into_iter().map(|(target, name, text)| ((target, name), text)).collect());
    }
}

/// Whether it is the option of this name.
pub(super) fn is(config: &PluginConfig, target: &str, name: &str) -> bool {
    config.name.as_deref() == Some(name) && config.applicable_target.as_deref() == Some(target)
}

/// What a text comes to for an option of a type; where that is not known, what the text looks like.
///
/// # Errors
/// What is wrong with it.
fn value(kind: Option<&str>, text: &str) -> Result<Value, Said> {
    let number = || text.trim().parse::<i64>().map(Value::from);
    match kind {
        Some("bool") => Ok((text == "true").into()),
        Some("int") => number().map_err(|_| Said::Number),
        Some(_) => Ok(text.into()),
        None => Ok(match text {
            "true" | "false" => (text == "true").into(),
            _ => number().unwrap_or_else(|_| text.into()),
        }),
    }
}

/// The options that are looked for, up to so many, and how many there are in all: those that matter most first.
pub(super) fn found<'a>(
    known: &'a [PluginConfig],
    fits: impl Fn(&PluginConfig) -> bool,
    text: &str,
    target: &str,
    most: usize,
) -> (Vec<&'a PluginConfig>, usize) {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let holds = |config: &&PluginConfig| {
        let texts = [&config.name, &config.applicable_target, &config.description];
        let texts: Vec<String> = texts.into_iter().flatten().map(|text| text.to_lowercase()).collect();
        words.iter().all(|word| texts.iter().any(|text| text.contains(word)))
    };
    let of_target = |config: &&PluginConfig| target.is_empty() || config.applicable_target.as_deref() == Some(target);
    let mut found: Vec<&PluginConfig> =
        known.iter().filter(|config| fits(config)).filter(of_target).filter(holds).collect();
    found.sort_by_key(|config| (config.priority.unwrap_or(i64::MAX), &config.applicable_target, &config.name));
    let all = found.len();
    found.truncate(most);
    (found, all)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn config(target: &str, name: &str, kind: &str, priority: i64) -> PluginConfig {
        let told = json!({"applicable_target": target, "name": name, "config_type": kind, "priority": priority});
        serde_json::from_value(told).unwrap()
    }

    #[test]
    fn a_value_is_of_the_type_of_its_option() {
        assert_eq!(value(Some("int"), " 3 "), Ok(json!(3)));
        assert_eq!(value(Some("int"), "three"), Err(Said::Number));
        assert_eq!(value(Some("string"), "3"), Ok(json!("3")));
        assert_eq!(value(Some("bool"), "true"), Ok(json!(true)));
        assert_eq!((value(None, "7"), value(None, "false")), (Ok(json!(7)), Ok(json!(false))));
    }

    #[test]
    fn what_matters_most_is_found_first() {
        let known = [config("YARN", "b", "int", 2), config("HDFS", "dfs.b", "int", 2), config("YARN", "bb", "int", 1)];
        let names = |text: &str, target: &str, most| {
            let (found, all) = found(&known, |_| true, text, target, most);
            (found.iter().filter_map(|config| config.name.clone()).collect::<Vec<_>>(), all)
        };
        assert_eq!(names("B", "", 2), (vec!["bb".to_owned(), "dfs.b".to_owned()], 3));
        assert_eq!(names("yarn b", "", 9).1, 2);
        assert_eq!(names("b", "HDFS", 9).1, 1);
    }

    proptest! {
        #[test]
        fn what_was_told_is_what_is_sent_unless_it_is_a_secret(
            told in prop::collection::btree_map("[a-z]{1,4}", prop::collection::btree_map("[a-z. ]{1,6}", ".{0,6}", 1..4), 0..4)
        ) {
            let owner = Owner::new();
            owner.with(|| {
                let options = Options::new();
                let known: Vec<_> = told
                    .iter()
                    .flat_map(|(target, named)| named.keys().map(|name| config(target, name, "string", 1)))
                    .collect();
                let body = (!told.is_empty()).then(|| json!(told));
                assert!(!options.fill(body.as_ref()));
                let mut wrong = Vec::new();
                assert_eq!(options.body(&known, "", &mut wrong), body);
                assert!(wrong.is_empty());
            });
        }

        #[test]
        fn no_body_breaks_it(text in ".{0,12}", number: i64) {
            let owner = Owner::new();
            owner.with(|| {
                let options = Options::new();
                for body in [json!(text), json!([number]), json!({"a": text}), json!({"a": {"password": "***", "b": [number]}})] {
                    options.fill(Some(&body));
                    options.body(&[], "", &mut Vec::new());
                }
                assert!(options.fill(Some(&json!({"a": {"password": "***"}}))));
            });
        }
    }
}
