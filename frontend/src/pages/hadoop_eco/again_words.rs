//! The words of the form that runs a cluster again.

use howdah_shared::systems::hadoop_eco::Warning;

use super::again_form::{Fault, Part};
use crate::i18n::*;
use crate::ui::format;

/// What a field is called.
pub(super) fn part_word(i18n: I18nContext<Locale>, part: Part) -> String {
    let word = match part {
        Part::Workers => t_string!(i18n, run_again.workers),
        Part::Volume => t_string!(i18n, run_again.volume),
        Part::Block => t_string!(i18n, run_again.block),
        Part::Replication => t_string!(i18n, run_again.replication),
        Part::Mode => t_string!(i18n, run_again.mode),
        Part::Options => t_string!(i18n, run_again.options),
        Part::Parameters => t_string!(i18n, run_again.parameters),
        Part::Masters => t_string!(i18n, run_again.masters),
        Part::MasterVolume => t_string!(i18n, run_again.master_volume),
        Part::Tasks => t_string!(i18n, run_again.tasks),
        Part::TaskVolume => t_string!(i18n, run_again.task_volume),
        Part::SecurityGroups => t_string!(i18n, run_again.security_groups),
    };
    word.to_string()
}

/// What is wrong with a field.
pub(super) fn fault_words(i18n: I18nContext<Locale>, fault: &Fault) -> String {
    match fault {
        Fault::Range(range) => t_string!(
            i18n,
            run_again.fault_range,
            from = format::count((*range.start()).into()),
            to = format::count((*range.end()).into())
        )
        .to_string(),
        Fault::Masked => t_string!(i18n, run_again.fault_masked).to_string(),
        Fault::Long => t_string!(i18n, run_again.fault_long).to_string(),
    }
}

/// What is hardly meant.
pub(super) fn warning_words(i18n: I18nContext<Locale>, warning: Warning) -> String {
    match warning {
        Warning::ReplicationAboveWorkers { replication, workers } => t_string!(
            i18n,
            run_again.warn_replication,
            replication = format::count(replication),
            workers = format::count(workers)
        )
        .to_string(),
        Warning::StaysRunning => t_string!(i18n, run_again.warn_stays).to_string(),
        Warning::StaysRunningOnFailure => t_string!(i18n, run_again.warn_stays_failed).to_string(),
    }
}
