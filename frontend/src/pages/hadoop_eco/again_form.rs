//! The rules of running a cluster again: what the form holds, what is wrong with it, what it asks for.

use std::ops::RangeInclusive;

use howdah_shared::mask::MASK;
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

    /// Whether an empty text may be meant: nothing, and not "as it is".
    pub(super) fn takes_empty(self) -> bool {
        matches!(self, Part::Options | Part::Parameters)
    }

    /// In what it counts; nothing where it counts things.
    pub(super) fn unit(self) -> &'static str {
        match self {
            Part::Volume | Part::MasterVolume | Part::TaskVolume => "GB",
            Part::Block => "MB",
            _ => "",
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

    /// The same form with what is refused as it was before: nothing follows of that.
    pub(super) fn without(&self, faults: &[(Part, Fault)], before: &Form) -> Form {
        faults.iter().fold(self.clone(), |form, (part, _)| form.with(*part, before.text(*part).to_owned()))
    }

    /// The text of a field.
    pub(super) fn text(&self, part: Part) -> &str {
        let text = &self.texts[part as usize];
        // Ids and numbers have no spaces around them; in what a task is called with they may mean something.
        if part.takes_empty() { text } else { text.trim() }
    }

    /// The text of a field that was touched: it differs from what ran last, and was not just taken out.
    pub(super) fn touched(&self, before: &Form, part: Part) -> Option<&str> {
        let text = self.text(part);
        (text != before.text(part) && (part.takes_empty() || !text.is_empty())).then_some(text)
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

#[cfg(test)]
mod tests;
