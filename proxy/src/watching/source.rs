//! What a poller asks: a service, by way of its connection as the configuration has it now.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use howdah_shared::console::Instant as Millis;
use howdah_shared::door::{Call, Row};
use howdah_shared::problem::{Code, Problem};
use tokio::time::Instant;

use super::rows::{self, Page, RowReader, Shape};
use crate::app::App;
use crate::gateway::connection::Connection;
use crate::gateway::polling::{self, Polled};

/// A service, as a poller sees it.
pub(super) trait Source: Send + Sync + 'static {
    /// Whether it is another one than at the last look, so that nothing that was seen of it holds any more.
    ///
    /// # Errors
    /// The problem of one that is no more.
    fn is_another(&self) -> Result<bool, Box<Problem>>;

    /// Finds out which of its servers is to be asked, where it has several.
    fn server(&self) -> impl Future<Output = Option<usize>> + Send {
        std::future::ready(None)
    }

    /// Asks for what is watched, with more in its query where that is not empty, and reads its rows.
    ///
    /// # Errors
    /// The problem, which passes.
    fn ask(&self, more: &str, shape: Shape) -> impl Future<Output = Result<Polled<Page>, Box<Problem>>> + Send;

    /// Asks for another read of the same service, one without parameters, by the name of its row.
    ///
    /// # Errors
    /// The problem, which passes.
    fn ask_for(&self, operation: &'static str) -> impl Future<Output = Result<Vec<u8>, Box<Problem>>> + Send;

    /// Waits until it is known that another look is worth it before its time.
    fn changed(&self) -> impl Future<Output = ()> + Send {
        std::future::pending()
    }
}

impl Polled<Page> {
    /// What has come whole already.
    ///
    /// # Errors
    /// When it is not JSON.
    pub(super) fn of(body: &str, shape: Shape, asked: Option<Millis>) -> Result<Polled<Page>, Box<Problem>> {
        let garbled = |_| Box::new(Problem::new(Code::UpstreamGarbled, "The reply cannot be read as JSON."));
        Ok(Polled { read: rows::read(body, shape, Instant::now()).map_err(garbled)?, asked })
    }
}

/// Asks by the gateway.
pub(super) struct Gateway {
    app: Arc<App>,
    name: String,
    row: &'static Row,
    call: Call,
    /// The connection of the last look.
    last: Mutex<Weak<Connection>>,
}

impl Gateway {
    /// Asks a connection for the same again and again.
    pub(super) fn new(app: Arc<App>, connection: &Arc<Connection>, row: &'static Row, call: Call) -> Gateway {
        let last = Mutex::new(Arc::downgrade(connection));
        Gateway { app, name: connection.name.clone(), row, call, last }
    }

    fn connection(&self) -> Result<Arc<Connection>, Box<Problem>> {
        self.app.snapshot().connections.get(&self.name).cloned().ok_or_else(|| {
            Box::new(Problem::new(
                Code::ConnectionNotFound,
                "This connection does not stand in the configuration any more.",
            ))
        })
    }
}

/// A call of the table's own making, by its types as any other.
fn admitted(row: &Row, segments: &[String], query: &str) -> Result<Call, Box<Problem>> {
    let internal = |_| Box::new(Problem::new(Code::Internal, "The table asks for what it does not allow."));
    row.admit(segments, query, b"").map_err(internal)
}

impl Source for Gateway {
    fn is_another(&self) -> Result<bool, Box<Problem>> {
        let now = Arc::downgrade(&self.connection()?);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let another = !Weak::ptr_eq(&last, &now);
        *last = now;
        Ok(another)
    }

    async fn server(&self) -> Option<usize> {
        self.connection().ok()?.server().await.ok()
    }

    async fn ask(&self, more: &str, shape: Shape) -> Result<Polled<Page>, Box<Problem>> {
        let connection = self.connection()?;
        let reader = || RowReader::new(shape, Instant::now());
        if more.is_empty() {
            return polling::poll(&connection, self.row, &self.call, reader).await;
        }
        let between = if self.call.query.is_empty() { "" } else { "&" };
        let query = format!("{}{between}{more}", self.call.query);
        polling::poll(&connection, self.row, &admitted(self.row, &self.call.segments, &query)?, reader).await
    }

    async fn ask_for(&self, operation: &'static str) -> Result<Vec<u8>, Box<Problem>> {
        let connection = self.connection()?;
        let missing = || Box::new(Problem::new(Code::Internal, "The table names an operation that it does not have."));
        let row = connection.system.row(operation).ok_or_else(missing)?;
        Ok(polling::poll(&connection, row, &admitted(row, &[], "")?, Vec::new).await?.read)
    }
}

#[cfg(test)]
mod tests {
    use howdah_shared::systems::SYSTEMS;

    use super::*;

    #[test]
    fn what_the_table_asks_for_is_in_the_table() {
        let mut checked = 0;
        for system in SYSTEMS {
            for row in system.table {
                let Some(delta) = row.spec.tail.delta else { continue };
                let chosen = format!("{}={}", delta.choose, delta.active.join(","));
                for query in [chosen, format!("{}=1700000000000", delta.ended_since)] {
                    admitted(row, &[], &query).unwrap();
                }
                for operation in [delta.run.operation, delta.kept.operation] {
                    admitted(system.row(operation).unwrap(), &[], "").unwrap();
                }
                checked += 1;
            }
        }
        assert!(checked > 0);
    }
}
