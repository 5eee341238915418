//! What Howdah asks of a service for itself: how it is, and what became of what was started.

use futures_util::future::join_all;
use howdah_shared::console::Health;
use howdah_shared::door::Row;
use howdah_shared::problem::{Code, Problem};
use howdah_shared::systems::Clusters;

use super::admitted;
use crate::app::Snapshot;
use crate::gateway::connection::Connection;
use crate::gateway::reading;

/// Asks a service about something that was started there: the status, and how far it is where it knows it.
///
/// # Errors
/// The problem when there is no complete answer.
pub async fn ask_about(
    connection: &Connection,
    change: &Row,
    target: &[String],
    service_id: &str,
) -> Result<(u16, Option<howdah_shared::follow::Progress>), Box<Problem>> {
    let internal = || Box::new(Problem::new(Code::Internal, "This cannot be followed."));
    let follow = change.spec.tail.follow.ok_or_else(internal)?;
    let row = connection.system.row(follow.operation).ok_or_else(internal)?;
    let call = admitted(row, &(follow.segments)(target, service_id), &(follow.query)(service_id), b"")?;
    let (status, body) = reading::ask(connection, row, &call).await?;
    Ok((status, (status == 200).then(|| (follow.progress)(&body)).flatten()))
}

/// Asks a service for its cheapest read.
pub async fn probe(connection: &Connection) -> Health {
    let begun = std::time::Instant::now();
    let problem = probe_problem(connection).await.err().map(|problem| *problem);
    reading::health(connection, begun.elapsed(), problem)
}

/// Asks a service by a read of its table: the status, and the redacted body.
///
/// # Errors
/// The problem when there is no complete answer.
pub async fn ask_for(
    connection: &Connection,
    operation: &str,
    segments: &[String],
    query: &str,
) -> Result<(u16, Vec<u8>), Box<Problem>> {
    let internal = || Box::new(Problem::new(Code::Internal, "This system has no such read."));
    let row = connection.system.row(operation).ok_or_else(internal)?;
    reading::ask(connection, row, &admitted(row, segments, query, b"")?).await
}

async fn probe_problem(connection: &Connection) -> Result<(), Box<Problem>> {
    let probe = &connection.system.probe;
    let row = connection.system.row(probe.operation);
    let mut segments: Vec<String> = row.and_then(|row| connection.tenant_segment(row)).into_iter().collect();
    if connection.system.clusters == Clusters::WithKeys {
        let with_key = connection.clusters.iter().find(|cluster| cluster.key.is_some());
        let cluster = with_key.ok_or_else(|| {
            Box::new(Problem::new(
                Code::ClusterKeyMissing,
                "No cluster with an Open API key is configured, so nothing can be asked.",
            ))
        })?;
        segments.push(cluster.id.clone());
    }
    segments.extend(probe.segments.iter().map(|segment| (*segment).to_owned()));
    let (status, body) = ask_for(connection, probe.operation, &segments, probe.query).await?;
    if probe.good.contains(&status) {
        return Ok(());
    }
    let failure =
        crate::gateway::reply::failure(connection.system, &connection.redactor(), &connection.title, status, &body);
    Err(Box::new(
        failure
            .as_problem()
            .cloned()
            .unwrap_or_else(|| Problem::new(Code::UpstreamFailed, format!("{} answered {status}.", connection.title))),
    ))
}

/// Reads every connection's probe at once; for `howdah check`.
pub async fn probe_all(snapshot: &Snapshot) -> Vec<(String, Health)> {
    join_all(snapshot.connections.iter().map(async |(name, connection)| (name.clone(), probe(connection).await))).await
}
