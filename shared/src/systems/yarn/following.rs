//! What is followed to its end: a submission until it is accepted or has failed, a kill until the application has ended.

use super::{ApplicationReply, ApplicationState};
use crate::follow::{End, Follow, Progress};
use crate::lenient;

/// The most characters of what is said of an end: diagnostics may hold megabytes.
const SAID: usize = 2000;

/// That a submission was taken does not tell that it will run: its queue may not exist.
pub(super) const SUBMISSION: Follow = Follow {
    operation: "ShowApplication",
    segments: |_, id| vec![id.to_owned()],
    query: |_| String::new(),
    progress: submission,
    at_once: |_| None,
    missing: None,
};

/// A kill is taken at once and done after a while.
pub(super) const KILL: Follow = Follow {
    operation: "ShowApplicationState",
    segments: |_, id| vec![id.to_owned()],
    query: |_| String::new(),
    progress: kill,
    at_once: |_| None,
    missing: None,
};

fn submission(body: &[u8]) -> Option<Progress> {
    let application = lenient::reply::<ApplicationReply>(body).ok()?.app;
    let stage = application.brief.state?;
    let end = match stage.as_str() {
        "NEW" | "NEW_SAVING" | "SUBMITTED" => None,
        "FAILED" | "KILLED" => Some(End::Failed),
        // Also where it has ended since: it was accepted.
        _ => Some(End::Succeeded),
    };
    let failed = end == Some(End::Failed);
    let said = application.diagnostics.filter(|said| failed && !said.trim().is_empty());
    Some(Progress { stage, end, said: said.map(|said| said.trim().chars().take(SAID).collect()) })
}

fn kill(body: &[u8]) -> Option<Progress> {
    let stage = lenient::reply::<ApplicationState>(body).ok()?.state?;
    // One that ended by itself before it could be killed has ended, too.
    let ended = matches!(stage.as_str(), "KILLED" | "FINISHED" | "FAILED");
    Some(Progress { stage, end: ended.then_some(End::Succeeded), said: None })
}
