//! Howdah's own reads as they are watched: looked at again when the journal, the configuration or somebody's rights have
//! changed.

use std::sync::Arc;
use std::time::Duration;

use howdah_shared::door::{Call, Row};
use howdah_shared::problem::{Code, Problem};
use tokio::sync::{Mutex, watch};

use super::rows::{Page, Shape};
use super::source::Source;
use crate::access::{self, Principal};
use crate::app::App;
use crate::console;
use crate::gateway::polling::Polled;

/// What changes within this time of a change is seen by one look.
const GATHERS: Duration = Duration::from_millis(100);

/// Reads for a principal, with the rights that it has at each look.
pub(super) struct Own {
    app: Arc<App>,
    principal: Principal,
    row: &'static Row,
    call: Call,
    changes: Mutex<Changes>,
}

struct Changes {
    journal: watch::Receiver<u64>,
    rights: watch::Receiver<()>,
}

impl Own {
    /// Reads the same for a principal again and again.
    pub(super) fn new(app: Arc<App>, principal: Principal, row: &'static Row, call: Call) -> Own {
        let changes = Mutex::new(Changes { journal: app.journal.changes(), rights: app.rights() });
        Own { app, principal, row, call, changes }
    }
}

impl Source for Own {
    fn is_another(&self) -> Result<bool, Box<Problem>> {
        Ok(false)
    }

    async fn ask(&self, _more: &str, shape: Shape) -> Result<Polled<Page>, Box<Problem>> {
        {
            // Before it is read: what changes from here on leads to another look.
            let mut changes = self.changes.lock().await;
            changes.journal.borrow_and_update();
            changes.rights.borrow_and_update();
        }
        let snapshot = self.app.snapshot();
        let principal = access::find_again(&self.app, &snapshot, &self.principal).await?;
        let ended = || Box::new(Problem::new(Code::SignInRequired, "Your sign-in has ended."));
        let body =
            console::read(&self.app, &snapshot, principal.ok_or_else(ended)?, self.row, self.call.clone()).await?;
        Polled::of(&body, shape, None)
    }

    async fn ask_for(&self, _operation: &'static str) -> Result<Vec<u8>, Box<Problem>> {
        Err(Box::new(Problem::new(Code::Internal, "Howdah's own reads are asked for as they are.")))
    }

    async fn changed(&self) {
        let mut changes = self.changes.lock().await;
        let Changes { journal, rights } = &mut *changes;
        // They end with Howdah.
        let _ = tokio::select! {
            changed = journal.changed() => changed,
            changed = rights.changed() => changed,
        };
        tokio::time::sleep(GATHERS).await;
    }
}
