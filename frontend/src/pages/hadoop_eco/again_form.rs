//! The rules of running a cluster again: what the form holds, what is wrong with it, what it asks for.

use std::ops::RangeInclusive;

use howdah_shared::mask::MASK;
use howdah_shared::problem::{Code, Problem};
use howdah_shared::systems::hadoop_eco::v2::{
    HdfsSettings, InstanceGroup, InstanceSpec, NodeType, ReworkRequest, TaskSettings,
};
use howdah_shared::systems::hadoop_eco::{BLOCK_SIZE, DeployMode, NODE_COUNT, REPLICATION, v1};

use super::version::{Settings, Told, Version};

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// How many workers.
    Workers,
    /// Block storage of a worker, in GB.
    Volume,
    /// HDFS block size, in MB.
    Block,
    /// HDFS replication factor.
    Replication,
    /// Where a Spark driver runs.
    Mode,
    /// Options of the task.
    Options,
    /// Arguments of the application.
    Parameters,
    /// How many masters.
    Masters,
    /// Block storage of a master, in GB.
    MasterVolume,
    /// How many task nodes.
    Tasks,
    /// Block storage of a task node, in GB.
    TaskVolume,
    /// The ids of the security groups.
    SecurityGroups,
}

/// How many there are.
const PARTS: usize = 12;

impl Part {
    /// Every field that a version takes, in the order of the page.
    pub(super) fn of(version: Version) -> &'static [Part] {
        const ALL: [Part; PARTS] = [
            Part::Workers,
            Part::Volume,
            Part::Block,
            Part::Replication,
            Part::Mode,
            Part::Options,
            Part::Parameters,
            Part::Masters,
            Part::MasterVolume,
            Part::Tasks,
            Part::TaskVolume,
            Part::SecurityGroups,
        ];
        match version {
            Version::V1 => &ALL[..7],
            Version::V2 => &ALL,
        }
    }

    /// The numbers that it takes; `None` for text.
    pub(super) fn range(self, version: Version) -> Option<RangeInclusive<u32>> {
        match self {
            Part::Workers | Part::Masters | Part::Tasks => Some(NODE_COUNT),
            Part::Volume | Part::MasterVolume | Part::TaskVolume => Some(version.volume()),
            Part::Block => Some(BLOCK_SIZE),
            Part::Replication => Some(REPLICATION),
            Part::Mode | Part::Options | Part::Parameters | Part::SecurityGroups => None,
        }
    }
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is no whole number of this range.
    Range(RangeInclusive<u32>),
    /// It holds masked text, which would be sent as it stands.
    Masked,
    /// An id in it is longer than any.
    Long,
}

/// The texts of the form, by [`Part`]. An empty text means "as it is".
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Form {
    version: Version,
    texts: [String; PARTS],
}

impl Form {
    /// An empty one.
    pub(super) fn new(version: Version) -> Form {
        Form { version, texts: Default::default() }
    }

    /// What ran last. What is masked cannot be shown for editing, so its field stays empty.
    pub(super) fn of(version: Version, last: Option<&Told>) -> Form {
        let form = Form::new(version);
        let Some(last) = last.map(|last| &last.rework) else { return form };
        let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        let text = |text: &Option<String>| text.clone().filter(|text| !text.contains(MASK)).unwrap_or_default();
        let mode = last.user_task.deploy_mode.as_deref().and_then(mode).map(mode_text).unwrap_or_default();
        let all = [
            (Part::Workers, number(nodes(&last.worker_info))),
            (Part::Volume, number(volume(&last.worker_info))),
            (Part::Masters, number(nodes(&last.master_info))),
            (Part::MasterVolume, number(volume(&last.master_info))),
            (Part::Tasks, number(nodes(&last.task_info))),
            (Part::TaskVolume, number(volume(&last.task_info))),
            (Part::Block, number(last.config.hdfs_block_size)),
            (Part::Replication, number(last.config.hdfs_replication)),
            (Part::Mode, mode.to_owned()),
            (Part::Options, text(&last.user_task.exec_opts)),
            (Part::Parameters, text(&last.user_task.exec_params)),
            (Part::SecurityGroups, last.security_group_ids.join(", ")),
        ];
        let taken = Part::of(version);
        let all = all.into_iter().filter(|(part, _)| taken.contains(part));
        all.fold(form, |form, (part, text)| form.with(part, text))
    }

    /// The same form with one text changed.
    pub(super) fn with(mut self, part: Part, text: String) -> Form {
        self.texts[part as usize] = text;
        self
    }

    /// The text of a field.
    pub(super) fn text(&self, part: Part) -> &str {
        let text = &self.texts[part as usize];
        // Ids and numbers have no spaces around them; in what a task is called with they may mean something.
        if matches!(part, Part::Options | Part::Parameters) { text } else { text.trim() }
    }

    /// The text of a field that was touched: it differs from what ran last, and was not just taken out.
    pub(super) fn touched(&self, before: &Form, part: Part) -> Option<&str> {
        let text = self.text(part);
        let takes_empty = matches!(part, Part::Options | Part::Parameters);
        (text != before.text(part) && (takes_empty || !text.is_empty())).then_some(text)
    }

    /// The number that the run would have, where it is known.
    pub(super) fn number(&self, before: &Form, part: Part) -> Option<i64> {
        self.touched(before, part).unwrap_or_else(|| before.text(part)).parse().ok()
    }

    /// The fields that were touched, with the text before and after.
    pub(super) fn changes(&self, before: &Form) -> Vec<(Part, String, String)> {
        let change =
            |part: &Part| Some((*part, before.text(*part).to_owned(), self.touched(before, *part)?.to_owned()));
        Part::of(self.version).iter().filter_map(change).collect()
    }

    /// What is wrong, by field. What was not touched is not looked at.
    pub(super) fn faults(&self, before: &Form) -> Vec<(Part, Fault)> {
        let settings = self.settings(before);
        let refused = refused(&settings);
        let fault = |part: Part| {
            let text = self.touched(before, part)?;
            let is_refused = refused.contains(&part);
            let fault = match part.range(self.version) {
                Some(range) if is_refused || text.parse::<u32>().is_err() => Fault::Range(range),
                None if text.contains(MASK) => Fault::Masked,
                None if is_refused => Fault::Long,
                _ => return None,
            };
            Some((part, fault))
        };
        Part::of(self.version).iter().copied().filter_map(fault).collect()
    }

    /// What to ask the service for: only what was touched and can be read.
    pub(super) fn settings(&self, before: &Form) -> Settings {
        let number = |part| self.touched(before, part).and_then(|text| text.parse().ok());
        let text = |part| self.touched(before, part).map(str::to_owned);
        let deploy_mode = self.touched(before, Part::Mode).and_then(mode);
        if self.version == Version::V1 {
            return Settings::V1(v1::ReworkRequest {
                worker_cnt: number(Part::Workers),
                worker_volume_size: number(Part::Volume),
                config_hdfs_replication: number(Part::Replication),
                config_hdfs_block_size: number(Part::Block),
                user_task_deploy_mode: deploy_mode,
                user_task_exec_opts: text(Part::Options),
                user_task_exec_params: text(Part::Parameters),
            });
        }
        let group = |(kind, count, volume)| InstanceSpec { kind, node_cnt: number(count), volume_size: number(volume) };
        let groups = [
            (NodeType::Master, Part::Masters, Part::MasterVolume),
            (NodeType::Worker, Part::Workers, Part::Volume),
            (NodeType::Task, Part::Tasks, Part::TaskVolume),
        ];
        let groups = groups.map(group).into_iter().filter(|group| group.node_cnt.or(group.volume_size).is_some());
        let config = HdfsSettings { hdfs_block_size: number(Part::Block), hdfs_replication: number(Part::Replication) };
        let task = TaskSettings { deploy_mode, exec_opts: text(Part::Options), exec_params: text(Part::Parameters) };
        let ids = self.touched(before, Part::SecurityGroups).map(|text| {
            let ids = text.split(|c: char| c == ',' || c.is_whitespace()).filter(|id| !id.is_empty());
            ids.map(str::to_owned).collect::<Vec<_>>()
        });
        Settings::V2(ReworkRequest {
            instance_specs: groups.collect(),
            config: (config != HdfsSettings::default()).then_some(config),
            user_task_info: (task != TaskSettings::default()).then_some(task),
            security_group_ids: ids.filter(|ids| !ids.is_empty()),
        })
    }
}

/// Nodes of all groups, where the service told.
fn nodes(groups: &[InstanceGroup]) -> Option<i64> {
    let counts: Vec<i64> = groups.iter().filter_map(|group| group.node_cnt).collect();
    (!counts.is_empty()).then(|| counts.iter().sum())
}

/// The block storage that all groups have; groups of different sizes have no common one.
fn volume(groups: &[InstanceGroup]) -> Option<i64> {
    let mut sizes = groups.iter().map(|group| group.volume_size);
    let first = sizes.next().flatten();
    first.filter(|_| sizes.all(|size| size == first))
}

/// The fields that the operation's own rules refuse.
fn refused(settings: &Settings) -> Vec<Part> {
    let group = |place: &str| {
        let Settings::V2(request) = settings else { return None };
        let (_, rest) = place.split_once('[')?;
        let at: usize = rest.split_once(']')?.0.parse().ok()?;
        Some(request.instance_specs.get(at)?.kind)
    };
    let part = |place: &String| match place.rsplit('.').next()? {
        "node_cnt" => Some(match group(place)? {
            NodeType::Master => Part::Masters,
            NodeType::Worker => Part::Workers,
            NodeType::Task => Part::Tasks,
        }),
        "volume_size" => Some(match group(place)? {
            NodeType::Master => Part::MasterVolume,
            NodeType::Worker => Part::Volume,
            NodeType::Task => Part::TaskVolume,
        }),
        "worker_cnt" => Some(Part::Workers),
        "worker_volume_size" => Some(Part::Volume),
        "hdfs_block_size" | "config_hdfs_block_size" => Some(Part::Block),
        "hdfs_replication" | "config_hdfs_replication" => Some(Part::Replication),
        place if place.starts_with("security_group_ids") => Some(Part::SecurityGroups),
        _ => None,
    };
    settings.refused().iter().filter_map(part).collect()
}

fn mode(word: &str) -> Option<DeployMode> {
    match word.to_ascii_lowercase().as_str() {
        "client" => Some(DeployMode::Client),
        "cluster" => Some(DeployMode::Cluster),
        _ => None,
    }
}

fn mode_text(mode: DeployMode) -> &'static str {
    match mode {
        DeployMode::Client => "client",
        DeployMode::Cluster => "cluster",
    }
}

/// Whether it is certain what became of the try, so that the next one is a new one. A problem that does not come from
/// the journal says nothing about an earlier try under the same key.
pub(super) fn is_definite(problem: &Problem) -> bool {
    match problem.code {
        // After a timeout Howdah goes on waiting for the service.
        Code::OutcomeUnknown | Code::UpstreamTimeout | Code::Offline | Code::Unreadable => false,
        Code::IdempotencyKeyReused => true,
        _ => problem.request_id.is_some(),
    }
}

#[cfg(test)]
mod tests {
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
            let (before, form) = set(version, &[(Part::Parameters, &text)]);
            prop_assert!(form.faults(&before).is_empty());
            let sent = sent((before, form));
            let told = if legacy { sent.get("userTaskExecParams") } else { sent["userTaskInfo"].get("execParams") };
            prop_assert_eq!(told.and_then(Value::as_str), (text != "x y").then_some(text.as_str()));
        }
    }

    #[test]
    fn only_the_journal_tells_what_became_of_a_try() {
        let journalled = |code| Problem { request_id: Some("01J".into()), ..Problem::new(code, "") };
        assert!(is_definite(&journalled(Code::ServiceAnswered)));
        assert!(is_definite(&Problem::new(Code::IdempotencyKeyReused, "")));
        assert!(!is_definite(&journalled(Code::OutcomeUnknown)));
        assert!(!is_definite(&journalled(Code::UpstreamTimeout)));
        assert!(!is_definite(&Problem::new(Code::SignInRequired, "")));
        assert!(!is_definite(&Problem::new(Code::Offline, "")));
    }
}
