//! What is watched, and by whose rights: the same checks for both doors.

use std::sync::Arc;

use howdah_shared::delta::Delta;
use howdah_shared::door::{Call, Row};
use howdah_shared::operation::{Pages, Role, Spec};
use howdah_shared::problem::{Code, Problem};

use super::own::Own;
use super::rows::Shape;
use super::source::Gateway;
use super::watcher::Watcher;
use crate::access::Principal;
use crate::app::App;
use crate::gateway::connection::Connection;

/// What is polled: who watches the same shares it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Subject {
    /// Whose rights decide what is in the reply.
    scope: Scope,
    /// The operation's name.
    operation: &'static str,
    /// The path with its parameters, below the service's address.
    path: String,
    /// The query, as it is written from the row's types.
    query: String,
}

/// Whose rights decide what is in a reply.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Scope {
    /// Those of Howdah, which has one set of credentials for each connection, on the one of this name.
    Connection(String),
    /// Those of a principal, by how it is signed in, on what is Howdah's own.
    Principal(String),
}

impl Subject {
    /// What a call of a read asks for.
    ///
    /// # Errors
    /// 406 for a window of time.
    pub(super) fn of(scope: Scope, row: &Row, call: &Call) -> Result<Subject, Box<Problem>> {
        let names = call.query.split('&').filter_map(|pair| pair.split('=').next());
        if let Some(window) = names.into_iter().find(|name| row.spec.tail.watch.windows.contains(name)) {
            let detail =
                format!("{window} makes this another list at each look. Watch it without, and choose from it.");
            return Err(Box::new(Problem::new(Code::NotWatchable, detail)));
        }
        let (path, query) = (call.path.clone(), call.query.clone());
        Ok(Subject { scope, operation: row.spec.name, path, query })
    }

    /// The connection's name; empty for what is Howdah's own.
    pub(super) fn connection(&self) -> &str {
        match &self.scope {
            Scope::Connection(name) => name,
            Scope::Principal(_) => "",
        }
    }

    /// How its reply is read.
    pub(super) fn shape(&self, spec: &Spec) -> Shape {
        let names = || self.query.split('&').filter_map(|pair| pair.split('=').next());
        let of_all = |delta: &Delta| names().all(|name| name.is_empty() || delta.parameters.contains(&name));
        let tail = &spec.tail;
        let (delta, moving) = (tail.delta.filter(of_all), tail.watch.moving);
        let of_page = |pages: &Pages| names().any(|name| [pages.parameter, pages.limit].contains(&name));
        let pages = tail.pages.filter(|pages| !of_page(pages));
        Shape { rows: tail.rows, tree: tail.tree, delta, moving, pages }
    }
}

/// A read that somebody wants to watch: admitted by the table and, on a connection, by the principal's role there.
pub struct Reading {
    /// The connection; none for what is Howdah's own.
    pub connection: Option<Arc<Connection>>,
    /// The row.
    pub row: &'static Row,
    /// Its parameters.
    pub call: Call,
}

impl Reading {
    /// The connection and what is needed there; nothing for what is Howdah's own.
    pub(super) fn needs(&self) -> Option<(String, Role)> {
        self.connection.as_ref().map(|connection| (connection.name.clone(), self.row.spec.role))
    }

    /// Watches it for a principal.
    ///
    /// # Errors
    /// 406 for a window of time, 429 for a principal that watches as much as it may, 503 while Howdah stops.
    pub(super) fn watch(self, app: &Arc<App>, principal: &Principal) -> Result<Watcher, Box<Problem>> {
        let Reading { connection, row, call } = self;
        let (watching, name) = (&app.watching, &principal.name);
        match connection {
            Some(connection) => {
                let subject = Subject::of(Scope::Connection(connection.name.clone()), row, &call)?;
                watching.watch(name, subject, &row.spec, Gateway::new(app.clone(), &connection, row, call))
            }
            None => {
                let subject = Subject::of(Scope::Principal(principal.identity()), row, &call)?;
                watching.watch(name, subject, &row.spec, Own::new(app.clone(), principal.clone(), row, call))
            }
        }
    }
}
