//! What a poller asks: a service, by way of its connection as the configuration has it now.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use howdah_shared::door::{Call, Row};
use howdah_shared::problem::{Code, Problem};

use crate::app::App;
use crate::gateway::connection::Connection;
use crate::gateway::reading;

/// A service, as a poller sees it.
pub(super) trait Source: Send + Sync + 'static {
    /// Whether it is another one than at the last look, so that nothing that was seen of it holds any more.
    ///
    /// # Errors
    /// The problem of one that is no more.
    fn is_another(&self) -> Result<bool, Box<Problem>>;

    /// Asks for what is watched; gives the reply, which is JSON without secrets.
    ///
    /// # Errors
    /// The problem, which passes.
    fn ask(&self) -> impl Future<Output = Result<String, Box<Problem>>> + Send;
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

impl Source for Gateway {
    fn is_another(&self) -> Result<bool, Box<Problem>> {
        let now = Arc::downgrade(&self.connection()?);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let another = !Weak::ptr_eq(&last, &now);
        *last = now;
        Ok(another)
    }

    async fn ask(&self) -> Result<String, Box<Problem>> {
        reading::poll(&*self.connection()?, self.row, &self.call).await
    }
}
