//! The tracker's way to the services: the same connections, over the small pool for polls.

use std::sync::Arc;

use howdah_shared::follow::Follow;
use howdah_shared::problem::Code;

use crate::app::App;
use crate::gateway::reading;
use crate::journal::{Ask, AskOutcome};

/// Asks through the running proxy's connections.
pub struct Asker(Arc<App>);

impl Asker {
    /// Asks through this proxy.
    pub fn new(app: Arc<App>) -> Asker {
        Asker(app)
    }
}

impl Ask for Asker {
    fn follow(&self, connection: &str, operation: &str) -> Option<Follow> {
        self.0.snapshot().connections.get(connection)?.system.row(operation)?.spec.tail.follow
    }

    async fn ask(&self, connection: &str, operation: &str, segments: Vec<String>, query: &str) -> AskOutcome {
        let snapshot = self.0.snapshot();
        let Some(connection) = snapshot.connections.get(connection) else { return AskOutcome::NotConfigured };
        let Some(row) = connection.system.row(operation) else { return AskOutcome::NotConfigured };
        let Ok(call) = row.admit(&segments, query, b"") else { return AskOutcome::NotConfigured };
        match reading::ask(connection, row, &call).await {
            Ok((status, body)) => AskOutcome::Reply { status, body: connection.redactor().json(&body) },
            Err(problem) if matches!(problem.code, Code::ClusterNotConfigured | Code::ClusterKeyMissing) => {
                AskOutcome::NotConfigured
            }
            Err(_) => AskOutcome::Unreachable,
        }
    }
}
