//! The tracker's way to the services: what a poller has just seen, or else the same connections, over the small pool for
//! polls.

use std::sync::Arc;

use howdah_shared::follow::Follow;

use crate::app::App;
use crate::gateway::reading;
use crate::journal::Ask;

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

    async fn ask(
        &self,
        connection: &str,
        operation: &str,
        segments: Vec<String>,
        query: &str,
    ) -> Option<(u16, Vec<u8>)> {
        let snapshot = self.0.snapshot();
        let connection = snapshot.connections.get(connection)?;
        let row = connection.system.row(operation)?;
        let call = row.admit(&segments, query, b"").ok()?;
        if let Some(seen) = self.0.watching.latest(&connection.name, row, &call) {
            return Some((200, seen.to_vec()));
        }
        let (status, body) = reading::ask(connection, row, &call).await.ok()?;
        Some((status, body))
    }
}
