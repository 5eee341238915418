//! What the form asks for, and what it refuses.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn told(text: &str) -> Told {
    Told { rework: serde_json::from_str(text).unwrap(), legacy: None }
}

fn last() -> Told {
    told(
        r#"{"workerInfo":[{"nodeCnt":3,"volumeSize":500}],"masterInfo":[{"nodeCnt":1,"volumeSize":50}],
            "config":{"hdfsBlockSize":128,"hdfsReplication":2},"securityGroupIds":["one","two"],
            "userTask":{"type":"spark","deployMode":"client","execOpts":"--a ***","execParams":"x y"}}"#,
    )
}

fn set(version: Version, parts: &[(Part, &str)]) -> (Form, Form) {
    let before = Form::of(version, Some(&last()));
    let form = parts.iter().fold(before.clone(), |form, (part, text)| form.with(*part, (*text).to_owned()));
    (before, form)
}

fn sent((before, form): (Form, Form)) -> Value {
    serde_json::from_str(&form.settings(&before).text()).unwrap()
}

const BOTH: [Version; 2] = [Version::V1, Version::V2];

#[test]
fn it_begins_with_what_ran_last_but_never_with_masked_text() {
    let texts = |version| {
        let (before, _) = set(version, &[]);
        Part::of(version).iter().map(|part| before.text(*part).to_owned()).collect::<Vec<_>>()
    };
    let common = ["3", "500", "128", "2", "client", "", "x y"];
    assert_eq!(texts(Version::V1), common);
    assert_eq!(texts(Version::V2), [&common[..], &["1", "50", "", "", "one, two"]].concat());
}

#[test]
fn groups_of_different_sizes_have_no_volume() {
    let mixed = r#"{"workerInfo":[{"nodeCnt":3,"volumeSize":500},{"nodeCnt":1,"volumeSize":100}]}"#;
    let form = Form::of(Version::V2, Some(&told(mixed)));
    assert_eq!((form.text(Part::Workers), form.text(Part::Volume)), ("4", ""));
}

#[test]
fn what_is_not_touched_is_not_sent() {
    for version in BOTH {
        let (before, form) = set(version, &[(Part::Workers, " 3 "), (Part::Block, "")]);
        assert_eq!(form.settings(&before).text(), "{}");
        assert!(form.changes(&before).is_empty());
    }
}

#[test]
fn what_is_touched_is_sent() {
    let parts = &[
        (Part::Workers, "6"),
        (Part::Mode, "cluster"),
        (Part::Options, "--b"),
        (Part::Tasks, "2"),
        (Part::MasterVolume, "100"),
        (Part::SecurityGroups, "one,, three"),
    ];
    let v2 = json!({
        "instanceSpecs": [
            {"type": "MASTER", "volumeSize": 100}, {"type": "WORKER", "nodeCnt": 6}, {"type": "TASK", "nodeCnt": 2}
        ],
        "userTaskInfo": {"deployMode": "cluster", "execOpts": "--b"},
        "securityGroupIds": ["one", "three"],
    });
    assert_eq!(sent(set(Version::V2, parts)), v2);
    let v1 = json!({"workerCnt": 6, "userTaskDeployMode": "cluster", "userTaskExecOpts": "--b"});
    assert_eq!(sent(set(Version::V1, parts)), v1);
    let (before, form) = set(Version::V2, parts);
    assert_eq!(form.changes(&before)[0], (Part::Workers, "3".to_owned(), "6".to_owned()));
    assert_eq!(form.number(&before, Part::Workers), Some(6));
    assert_eq!(form.number(&before, Part::Replication), Some(2));
}

#[test]
fn masked_text_is_never_sent_back() {
    for version in BOTH {
        let (before, form) = set(version, &[(Part::Parameters, "--token ***")]);
        assert_eq!(form.faults(&before), [(Part::Parameters, Fault::Masked)]);
    }
}

#[test]
fn an_id_longer_than_any_is_refused() {
    let (before, form) = set(Version::V2, &[(Part::SecurityGroups, &"x".repeat(256))]);
    assert_eq!(form.faults(&before), [(Part::SecurityGroups, Fault::Long)]);
}

/// What may be typed into a field of numbers.
fn typed() -> impl Strategy<Value = String> {
    prop_oneof![
        (0u64..6000).prop_map(|number| number.to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
        "[ 0-9.+,eE-]{0,8}",
        "\\PC{0,6}",
        Just(String::new()),
    ]
}

/// The ranges as the references have them.
fn allowed(version: Version, part: Part) -> RangeInclusive<u64> {
    match (part, version) {
        (Part::Workers | Part::Masters | Part::Tasks, _) => 1..=1000,
        (Part::Volume | Part::MasterVolume | Part::TaskVolume, Version::V1) => 50..=5120,
        (Part::Volume | Part::MasterVolume | Part::TaskVolume, Version::V2) => 100..=5120,
        (Part::Block, _) => 1..=1024,
        (Part::Replication, _) => 1..=500,
        (other, _) => panic!("{other:?} is no number"),
    }
}

/// The number of a part in what is sent.
fn number_in(sent: &Value, version: Version, part: Part) -> Option<u64> {
    let group = |kind: &str, name: &str| {
        let specs = sent.get("instanceSpecs")?.as_array()?;
        specs.iter().find(|spec| spec["type"] == kind)?.get(name)?.as_u64()
    };
    let flat = |name: &str| sent.get(name)?.as_u64();
    match (version, part) {
        (Version::V1, Part::Workers) => flat("workerCnt"),
        (Version::V1, Part::Volume) => flat("workerVolumeSize"),
        (Version::V1, Part::Block) => flat("configHdfsBlockSize"),
        (Version::V1, Part::Replication) => flat("configHdfsReplication"),
        (Version::V2, Part::Workers) => group("WORKER", "nodeCnt"),
        (Version::V2, Part::Volume) => group("WORKER", "volumeSize"),
        (Version::V2, Part::Masters) => group("MASTER", "nodeCnt"),
        (Version::V2, Part::MasterVolume) => group("MASTER", "volumeSize"),
        (Version::V2, Part::Tasks) => group("TASK", "nodeCnt"),
        (Version::V2, Part::TaskVolume) => group("TASK", "volumeSize"),
        (Version::V2, Part::Block) => sent["config"].get("hdfsBlockSize")?.as_u64(),
        (Version::V2, Part::Replication) => sent["config"].get("hdfsReplication")?.as_u64(),
        (version, part) => panic!("{version:?} has no number for {part:?}"),
    }
}

proptest! {
    /// Whatever is typed: what is refused by the reference is a fault, what it allows is none and arrives.
    #[test]
    fn numbers_are_refused_exactly_where_the_reference_refuses_them(
        texts in proptest::collection::vec(typed(), PARTS),
        legacy in any::<bool>(),
    ) {
        let version = if legacy { Version::V1 } else { Version::V2 };
        let numbers: Vec<Part> =
            Part::of(version).iter().copied().filter(|part| part.range(version).is_some()).collect();
        let typed: Vec<(Part, &str)> = numbers.iter().copied().zip(texts.iter().map(String::as_str)).collect();
        let (before, form) = set(version, &typed);
        let (faults, sent) = (form.faults(&before), sent((before.clone(), form.clone())));
        for (part, text) in typed {
            let text = text.trim();
            let is_faulty = faults.iter().any(|(other, _)| *other == part);
            if text.is_empty() || text == before.text(part) {
                prop_assert!(!is_faulty);
                prop_assert_eq!(number_in(&sent, version, part), None);
                continue;
            }
            let meant = text.parse::<u64>().ok().filter(|number| allowed(version, part).contains(number));
            prop_assert_eq!(is_faulty, meant.is_none(), "{:?} {}", part, text);
            if meant.is_some() {
                prop_assert_eq!(number_in(&sent, version, part), meant);
            }
        }
    }

    /// Text is sent as it was typed, whatever it is.
    #[test]
    fn texts_arrive_as_they_were_typed(text in "\\PC{0,40}", legacy in any::<bool>()) {
        prop_assume!(!text.contains(MASK));
        let version = if legacy { Version::V1 } else { Version::V2 };
        for (part, flat, nested) in
            [(Part::Parameters, "userTaskExecParams", "execParams"), (Part::Options, "userTaskExecOpts", "execOpts")]
        {
            let (before, form) = set(version, &[(part, &text)]);
            prop_assert!(form.faults(&before).is_empty());
            let is_new = text != before.text(part);
            let sent = sent((before, form));
            let told = if legacy { sent.get(flat) } else { sent["userTaskInfo"].get(nested) };
            prop_assert_eq!(told.and_then(Value::as_str), is_new.then_some(text.as_str()));
        }
    }

    /// Ids arrive one by one, however they are set apart, unless one of them is longer than any.
    #[test]
    fn ids_arrive_one_by_one(
        ids in proptest::collection::vec("[0-9a-f-]{1,20}|[a-z]{255,256}", 1..4),
        between in "[ ,]{0,2}[ ,][ ,]{0,2}",
    ) {
        let (before, form) = set(Version::V2, &[(Part::SecurityGroups, &ids.join(&between))]);
        let faults = form.faults(&before);
        prop_assert_eq!(!faults.is_empty(), ids.iter().any(|id| id.len() > 255), "{:?}", faults);
        prop_assert_eq!(&sent((before, form))["securityGroupIds"], &json!(ids));
    }
}
