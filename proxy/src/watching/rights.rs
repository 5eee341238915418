//! Whether a watcher may go on: asked again whenever a token, a role or a session has changed.

use std::sync::Arc;
use std::time::Duration;

use howdah_shared::operation::Role;
use howdah_shared::problem::{Code, Problem};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::access::{self, Principal};
use crate::app::{App, now};

/// How often it is asked at the least. It keeps a session alive that only watches.
const EVERY: Duration = Duration::from_secs(60);

/// A principal's right to watch.
pub(super) struct Right {
    app: Arc<App>,
    principal: Principal,
    /// The connection and what is needed there; without it, the sign-in alone is asked about.
    on: Option<(String, Role)>,
    changes: watch::Receiver<()>,
    next: Instant,
    /// It is to be asked now.
    due: bool,
}

impl Right {
    /// The right of a principal that has just been let in.
    pub(super) fn new(app: Arc<App>, principal: Principal, on: Option<(String, Role)>) -> Right {
        let changes = app.rights();
        // Asked at once: something may have changed since it was let in.
        Right { app, principal, on, changes, next: Instant::now() + EVERY, due: true }
    }

    /// Waits until the right is no more, and says why. Nothing is lost when the waiting is given up.
    pub(super) async fn lost(&mut self) -> Problem {
        loop {
            if !self.due {
                tokio::select! {
                    changed = self.changes.changed() => if changed.is_err() {
                        return Problem::new(Code::Stopping, "Howdah is stopping.");
                    },
                    () = tokio::time::sleep_until(self.next) => {}
                }
                self.due = true;
            }
            self.changes.borrow_and_update();
            match self.ask().await {
                Ok(()) => self.due = false,
                Err(problem) => return *problem,
            }
        }
    }

    async fn ask(&mut self) -> Result<(), Box<Problem>> {
        let snapshot = self.app.snapshot();
        let found = access::find_again(&self.app, &snapshot, &self.principal).await?;
        self.principal =
            found.ok_or_else(|| Box::new(Problem::new(Code::SignInRequired, "Your sign-in has ended.")))?;
        if let Some((connection, needed)) = &self.on
            && self.principal.role(connection) < Some(*needed)
        {
            let detail = format!("You have no right to see this on {connection} any more.");
            return Err(Box::new(Problem::new(Code::RoleMissing, detail)));
        }
        let left = self.principal.until.map(|until| u64::try_from(until - now()).unwrap_or(0));
        self.next = Instant::now() + left.map_or(EVERY, |left| Duration::from_millis(left).min(EVERY));
        Ok(())
    }
}
