//! Looking up what is not counted as it happens.

use std::fmt;
use std::sync::Arc;

use prometheus_client::encoding::text::encode;

use super::{InState, Metrics, Now, OfConnection, Way, count, set};
use crate::app::{App, now};

impl Metrics {
    /// All numbers as they are now, in the format of OpenMetrics.
    ///
    /// # Errors
    /// When they cannot be written.
    pub(super) async fn text(&self, app: &Arc<App>) -> Result<String, fmt::Error> {
        let _turn = self.0.turn.lock().await;
        self.0.now.look(app).await;
        let mut text = String::new();
        encode(&mut text, &self.0.registry)?;
        Ok(text)
    }
}

impl Now {
    async fn look(&self, app: &Arc<App>) {
        self.look_at_watching(app);
        self.look_at_services(app);
        self.look_at_journal(app).await;
        self.process.look();
    }

    fn look_at_watching(&self, app: &App) {
        let seen = app.watching.numbers();
        for family in [&self.pollers, &self.pollers_failing, &self.watchers] {
            family.clear();
        }
        for (connection, polled) in seen.polled {
            let of = OfConnection { connection };
            set(&self.pollers.get_or_create(&of), polled.pollers);
            set(&self.pollers_failing.get_or_create(&of), polled.failing);
            set(&self.watchers.get_or_create(&of), polled.watchers);
        }
        set(&self.sockets, seen.sockets);
        set(&self.pictures, seen.bytes);
        set(&self.pictures_limit, seen.limit);
        count(&self.resets, seen.resets);
    }

    fn look_at_services(&self, app: &App) {
        self.breaker_open.clear();
        for connection in app.snapshot().connections.values() {
            for (calls, breaker) in connection.breakers() {
                let Way { connection, pool } = calls.way.clone();
                set(&self.breaker_open.get_or_create(&Way { connection, pool }), i64::from(breaker.is_open()));
            }
        }
    }

    async fn look_at_journal(&self, app: &App) {
        let journal = &app.journal;
        set(&self.writable, i64::from(app.is_ready().await));
        count(&self.appended, journal.appended());
        count(&self.write_failures, journal.failures());
        set(&self.unwritten, journal.pending());
        set(&self.journal, journal.bytes());
        self.unfinished.clear();
        for name in app.snapshot().connections.keys() {
            match journal.unfinished(name).await {
                Ok(found) => {
                    for (state, number) in found {
                        let of = InState { connection: name.clone(), state: state.as_str() };
                        set(&self.unfinished.get_or_create(&of), number);
                    }
                }
                Err(error) => tracing::error!(%error, "the journal cannot be counted"),
            }
        }
        match journal.sessions(now()).await {
            Ok(number) => set(&self.sessions, number),
            Err(error) => tracing::error!(%error, "sessions cannot be counted"),
        }
    }
}
