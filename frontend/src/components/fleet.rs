//! The connections, followed once for the whole page: frame and screens read the same picture.

use crate::ui::live::memo;
use howdah_shared::console::{Connection, Health, ListConnections, ShowHealth};
use howdah_shared::operation::{Nothing, Operation};
use howdah_shared::problem::{Code, Problem};
use leptos::prelude::*;

use crate::api::{Polled, polled, read};

/// The polled list of connections.
pub(crate) type Fleet = Polled<Vec<Connection>>;

/// Begins to follow the connections and provides them.
pub(crate) fn provide_fleet() -> Fleet {
    let fleet = polled(
        ListConnections {}.path(),
        String::new,
        || read(&ListConnections {}, &Nothing {}),
        |connections| match connections {
            Some(connections) if connections.iter().all(|connection| connection.running == 0) => 10_000,
            _ => 3_000,
        },
    );
    provide_context(fleet);
    fleet
}

/// The connections.
pub(crate) fn use_fleet() -> Fleet {
    expect_context()
}

/// The connection of that name, as far as is known.
pub(crate) fn use_connection(name: &str) -> Memo<Option<Connection>> {
    let fleet = use_fleet();
    let name = name.to_owned();
    memo(move || fleet.value.with(|list| list.as_ref()?.iter().find(|connection| connection.name == name).cloned()))
}

/// Begins to follow whether a connection's service is there.
pub(crate) fn health(name: &str) -> Polled<Health> {
    let name = name.to_owned();
    let operation = move || name.parse().map(|connection| ShowHealth { connection });
    polled(
        operation().map(|operation| operation.path()).unwrap_or_default(),
        String::new,
        move || {
            let operation = operation();
            async move {
                match operation {
                    Ok(operation) => read(&operation, &Nothing {}).await,
                    Err(why) => Err(Problem::new(Code::BadPath, why.to_string())),
                }
            }
        },
        |health| if health.is_some_and(|health| health.problem.is_none()) { 15_000 } else { 5_000 },
    )
}
