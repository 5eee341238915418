//! The rules of running a cluster again: what the form holds, what is wrong with it, what it asks for.

use std::ops::RangeInclusive;

use garde::Validate;
use howdah_shared::mask::MASK;
use howdah_shared::problem::{Code, Problem};
use howdah_shared::systems::hadoop_eco::v2::{
    BLOCK_SIZE, DeployMode, HdfsSettings, InstanceSpec, NODE_COUNT, NodeType, REPLICATION, Rework, ReworkRequest,
    TaskSettings, VOLUME_SIZE,
};

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
}

impl Part {
    /// Every field, in the order of the page.
    pub(super) const ALL: [Part; 7] =
        [Part::Workers, Part::Volume, Part::Block, Part::Replication, Part::Mode, Part::Options, Part::Parameters];

    /// The numbers that it takes; `None` for text.
    pub(super) fn range(self) -> Option<RangeInclusive<u32>> {
        match self {
            Part::Workers => Some(NODE_COUNT),
            Part::Volume => Some(VOLUME_SIZE),
            Part::Block => Some(BLOCK_SIZE),
            Part::Replication => Some(REPLICATION),
            Part::Mode | Part::Options | Part::Parameters => None,
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
}

/// The texts of the form, in the order of [`Part::ALL`]. An empty text means "as it is".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Form([String; 7]);

impl Form {
    /// What ran last. What is masked cannot be shown for editing, so its field stays empty.
    pub(super) fn of(last: Option<&Rework>) -> Form {
        let Some(last) = last else { return Form::default() };
        let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        let text = |text: &Option<String>| text.clone().filter(|text| !text.contains(MASK)).unwrap_or_default();
        let mut sizes = last.worker_info.iter().map(|group| group.volume_size);
        let first = sizes.next().flatten();
        let mode = last.user_task.deploy_mode.as_deref().and_then(mode).map(mode_text).unwrap_or_default();
        Form([
            number(last.workers()),
            // Groups of different sizes have no common one.
            number(first.filter(|_| sizes.all(|size| size == first))),
            number(last.config.hdfs_block_size),
            number(last.config.hdfs_replication),
            mode.to_owned(),
            text(&last.user_task.exec_opts),
            text(&last.user_task.exec_params),
        ])
    }

    /// The same form with one text changed.
    pub(super) fn with(mut self, part: Part, text: String) -> Form {
        self.0[part as usize] = text;
        self
    }

    /// The text of a field.
    pub(super) fn text(&self, part: Part) -> &str {
        let text = &self.0[part as usize];
        if part.range().is_some() { text.trim() } else { text }
    }

    /// The text of a field that was touched: it differs from what ran last, and a number was not just taken out.
    pub(super) fn touched(&self, before: &Form, part: Part) -> Option<&str> {
        let text = self.text(part);
        let takes_empty = matches!(part, Part::Options | Part::Parameters);
        (text != before.text(part) && (takes_empty || !text.is_empty())).then_some(text)
    }

    /// The fields that were touched, with the text before and after.
    pub(super) fn changes(&self, before: &Form) -> Vec<(Part, String, String)> {
        let change = |part: Part| Some((part, before.text(part).to_owned(), self.touched(before, part)?.to_owned()));
        Part::ALL.into_iter().filter_map(change).collect()
    }

    /// What is wrong, by field. What was not touched is not looked at.
    pub(super) fn faults(&self, before: &Form) -> Vec<(Part, Fault)> {
        let refused = refused(&self.request(before));
        let fault = |part: Part| {
            let text = self.touched(before, part)?;
            match part.range() {
                Some(range) => {
                    (text.parse::<u32>().is_err() || refused.contains(&part)).then_some((part, Fault::Range(range)))
                }
                None => text.contains(MASK).then_some((part, Fault::Masked)),
            }
        };
        Part::ALL.into_iter().filter_map(fault).collect()
    }

    /// What to ask the service for: only what was touched and can be read.
    pub(super) fn request(&self, before: &Form) -> ReworkRequest {
        let number = |part| self.touched(before, part).and_then(|text| text.parse().ok());
        let text = |part| self.touched(before, part).map(str::to_owned);
        let (node_cnt, volume_size) = (number(Part::Workers), number(Part::Volume));
        let workers = InstanceSpec { kind: NodeType::Worker, node_cnt, volume_size };
        let config = HdfsSettings { hdfs_block_size: number(Part::Block), hdfs_replication: number(Part::Replication) };
        let task = TaskSettings {
            deploy_mode: self.touched(before, Part::Mode).and_then(mode),
            exec_opts: text(Part::Options),
            exec_params: text(Part::Parameters),
        };
        ReworkRequest {
            instance_specs: if node_cnt.or(volume_size).is_some() { vec![workers] } else { Vec::new() },
            config: (config != HdfsSettings::default()).then_some(config),
            user_task_info: (task != TaskSettings::default()).then_some(task),
            security_group_ids: None,
        }
    }
}

/// The fields that the operation's own rules refuse.
fn refused(request: &ReworkRequest) -> Vec<Part> {
    let Err(report) = request.validate() else { return Vec::new() };
    let part = |path: String| match path.rsplit('.').next()? {
        "node_cnt" => Some(Part::Workers),
        "volume_size" => Some(Part::Volume),
        "hdfs_block_size" => Some(Part::Block),
        "hdfs_replication" => Some(Part::Replication),
        _ => None,
    };
    report.iter().filter_map(|(path, _)| part(path.to_string())).collect()
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
    use super::*;

    fn last() -> Rework {
        serde_json::from_str(
            r#"{"workerInfo":[{"nodeCnt":3,"volumeSize":500}],"config":{"hdfsBlockSize":128,"hdfsReplication":2},
                "userTask":{"type":"spark","deployMode":"client","execOpts":"--a ***","execParams":"x y"}}"#,
        )
        .unwrap()
    }

    fn set(parts: &[(Part, &str)]) -> (Form, Form) {
        let before = Form::of(Some(&last()));
        let form = parts.iter().fold(before.clone(), |form, (part, text)| form.with(*part, (*text).to_owned()));
        (before, form)
    }

    #[test]
    fn it_begins_with_what_ran_last_but_never_with_masked_text() {
        let (before, _) = set(&[]);
        let texts: Vec<&str> = Part::ALL.iter().map(|part| before.text(*part)).collect();
        assert_eq!(texts, ["3", "500", "128", "2", "client", "", "x y"]);
    }

    #[test]
    fn groups_of_different_sizes_have_no_volume() {
        let mixed = r#"{"workerInfo":[{"nodeCnt":3,"volumeSize":500},{"nodeCnt":1,"volumeSize":100}]}"#;
        let form = Form::of(Some(&serde_json::from_str(mixed).unwrap()));
        assert_eq!((form.text(Part::Workers), form.text(Part::Volume)), ("4", ""));
    }

    #[test]
    fn what_is_not_touched_is_not_sent() {
        let (before, form) = set(&[(Part::Workers, " 3 "), (Part::Block, "")]);
        assert_eq!(form.request(&before), ReworkRequest::default());
        assert!(form.changes(&before).is_empty());
    }

    #[test]
    fn what_is_touched_is_sent() {
        let (before, form) = set(&[(Part::Workers, "6"), (Part::Mode, "cluster"), (Part::Options, "--b")]);
        let sent = serde_json::to_value(form.request(&before)).unwrap();
        let meant = serde_json::json!({
            "instanceSpecs": [{"type": "WORKER", "nodeCnt": 6}],
            "userTaskInfo": {"deployMode": "cluster", "execOpts": "--b"},
        });
        assert_eq!(sent, meant);
        assert_eq!(form.changes(&before)[0], (Part::Workers, "3".to_owned(), "6".to_owned()));
    }

    #[test]
    fn numbers_keep_to_the_ranges_of_the_operation() {
        for part in [Part::Workers, Part::Volume, Part::Block, Part::Replication] {
            let range = part.range().unwrap();
            for bad in [range.start() - 1, range.end() + 1] {
                let (before, form) = set(&[(part, &bad.to_string())]);
                assert_eq!(form.faults(&before), [(part, Fault::Range(range.clone()))], "{bad}");
            }
            for good in [*range.start(), *range.end()] {
                let (before, form) = set(&[(part, &good.to_string())]);
                assert!(form.faults(&before).is_empty(), "{part:?} {good}");
            }
            let (before, form) = set(&[(part, "1.5")]);
            assert_eq!(form.faults(&before).len(), 1);
        }
    }

    #[test]
    fn masked_text_is_never_sent_back() {
        let (before, form) = set(&[(Part::Parameters, "--token ***")]);
        assert_eq!(form.faults(&before), [(Part::Parameters, Fault::Masked)]);
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
