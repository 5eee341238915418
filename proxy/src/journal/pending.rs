//! Outcomes that could not be written at once: kept in memory and written as soon as that is possible.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use howdah_shared::console::RequestState;

use super::{Answer, Journal, JournalError, Verdict, locked};

/// The pause before the first new try; each later one is twice as long, up to [`LONGEST`].
const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(15);

/// How far an outcome is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It is on the disk.
    Written,
    /// The journal could not be written. The outcome is kept in memory and written as soon as that is possible; the
    /// caller gets its answer now, marked.
    Pending,
    /// The outcome was known before and stays as it was.
    Before,
}

#[derive(Default)]
pub(super) struct Pending {
    verdicts: BTreeMap<String, Verdict>,
    /// Whether a task is there that tries again.
    retrying: bool,
}

impl Journal {
    /// Decides what became of a change, once: what is settled stays as it is, but `unknown` may become known. Wakes who
    /// waits for the answer. When this returns [`Settled::Written`], that is on the disk.
    ///
    /// # Errors
    /// There is no such entry, or the state is not an outcome. A journal that cannot be written is no error here: see
    /// [`Settled::Pending`].
    pub async fn settle(&self, id: &str, verdict: Verdict) -> Result<Settled, JournalError> {
        if matches!(verdict.state, RequestState::Intended | RequestState::Sent) {
            return Err(JournalError::NoOutcome(verdict.state));
        }
        let decided =
            |pending: &Pending| pending.verdicts.get(id).is_some_and(|before| before.state != RequestState::Unknown);
        if decided(&locked(&self.0.pending)) {
            return Ok(Settled::Before);
        }
        match self.write_verdict(id, &verdict).await {
            Ok(written) => {
                // What is left there is an `unknown`, which has just become known.
                locked(&self.0.pending).verdicts.remove(id);
                self.wake();
                Ok(if written { Settled::Written } else { Settled::Before })
            }
            Err(error) if error.is_unavailable() => {
                tracing::error!(request = id, %error, "an outcome cannot be written; it is kept and tried again");
                self.keep(id, verdict);
                self.wake();
                Ok(Settled::Pending)
            }
            Err(error) => Err(error),
        }
    }

    /// Whether the outcome of this change is known and not written yet.
    pub fn is_pending(&self, id: &str) -> bool {
        locked(&self.0.pending).verdicts.contains_key(id)
    }

    /// Outcomes that are known and not written yet.
    pub fn pending(&self) -> usize {
        locked(&self.0.pending).verdicts.len()
    }

    pub(super) fn pending_answer(&self, id: &str) -> Option<Answer> {
        locked(&self.0.pending).verdicts.get(id).map(|verdict| verdict.answer.clone())
    }

    /// Tells those who wait for an outcome, and the tracker, to look.
    pub(super) fn wake(&self) {
        self.0.settled.send_modify(|count| *count += 1);
        self.0.followed.send_modify(|count| *count += 1);
    }

    fn keep(&self, id: &str, verdict: Verdict) {
        let mut pending = locked(&self.0.pending);
        match pending.verdicts.get(id) {
            Some(before) if before.state != RequestState::Unknown => {}
            _ => _ = pending.verdicts.insert(id.to_owned(), verdict),
        }
        if !pending.retrying {
            pending.retrying = true;
            // The task does not keep the journal: it ends with its last clone.
            let journal = Arc::downgrade(&self.0);
            tokio::spawn(async move {
                let mut pause = FIRST;
                loop {
                    tokio::time::sleep(pause).await;
                    pause = LONGEST.min(pause * 2);
                    let Some(journal) = journal.upgrade() else { return };
                    if Journal(journal).write_pending().await {
                        return;
                    }
                }
            });
        }
    }

    /// Tries to write what is pending, in the order of the entries. Tells whether nothing is left.
    pub(super) async fn write_pending(&self) -> bool {
        loop {
            let next = {
                let mut pending = locked(&self.0.pending);
                let next = pending.verdicts.first_key_value().map(|(id, verdict)| (id.clone(), verdict.clone()));
                pending.retrying &= next.is_some();
                next
            };
            let Some((id, verdict)) = next else { return true };
            match self.write_verdict(&id, &verdict).await {
                Err(error) if error.is_unavailable() => return false,
                Err(error) => tracing::error!(request = id, %error, "an outcome that was kept cannot be written"),
                Ok(_) => tracing::info!(request = id, "an outcome that was kept is written"),
            }
            let mut pending = locked(&self.0.pending);
            if pending.verdicts.get(&id) == Some(&verdict) {
                pending.verdicts.remove(&id);
            }
            drop(pending);
            self.wake();
        }
    }
}
