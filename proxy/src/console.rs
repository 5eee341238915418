//! Howdah's own operations: a handler for each row of [`howdah_shared::console`].

mod asking;

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use howdah_shared::console::{
    self, Adoption, Cluster, ClustersQuery, Connection as ConnectionDto, Credentials, Me, Request as RequestDto,
    RequestsQuery,
};
use howdah_shared::door::{Call, Row};
use howdah_shared::operation::{Effect, Role, ServiceId, Spec};
use howdah_shared::problem::{Code, Problem};
use howdah_shared::systems::{Clusters, Spelling};
use http::header::SET_COOKIE;
use http::{Request, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::access::{self, By, Principal, sessions};
use crate::app::{App, Snapshot, now};
use crate::gateway::changing::write_answer;
use crate::gateway::connection::Connection;
use crate::gateway::read_body;
use crate::gateway::reply::{Reply, problem};
use crate::gateway::route::{Routed, other_methods, route};
use crate::journal::{AdoptConflict, AdoptOutcome, Adopted, Answer, JournalError};
use crate::metrics;
use crate::openapi;
use crate::watching::{Reading, pictures, sse};

pub use self::asking::{ask_about, ask_for, probe, probe_all};

/// The build of this proxy, which the console's pages compare with their own.
pub const BUILD: &str = env!("HOWDAH_BUILD");

type Outcome = Result<Response<Body>, Box<Problem>>;

struct Asked<'a> {
    app: &'a Arc<App>,
    snapshot: &'a Snapshot,
    principal: Principal,
    call: Call,
}

/// Answers a call of one of Howdah's own operations.
pub async fn answer(app: &Arc<App>, address: IpAddr, request: Request<Body>) -> Response<Body> {
    match route(console::TABLE, &Spelling::ONE, request.method().as_str(), request.uri().path()) {
        Routed::Found(row, segments) => {
            let answered = carry_out(app, address, row, segments, request).await;
            metrics::asked("", row.spec.name, answered.unwrap_or_else(|failed| problem(*failed)))
        }
        Routed::OtherMethods(methods) => problem(other_methods(&methods)),
        Routed::Nowhere => problem(Problem::new(Code::NotFound, "Howdah has no such operation.")),
    }
}

async fn carry_out(
    app: &Arc<App>,
    address: IpAddr,
    row: &'static Row,
    segments: Vec<String>,
    request: Request<Body>,
) -> Outcome {
    let (parts, body) = request.into_parts();
    let snapshot = app.snapshot();
    let admit = async |body: Body| -> Result<Call, Box<Problem>> {
        let body = read_body(&parts.headers, body, row, &snapshot.limits).await?;
        admitted(row, &segments, parts.uri.query().unwrap_or(""), &body)
    };
    if signs_in(&row.spec) {
        access::own_origin(&snapshot, &parts.headers)?;
        let call = admit(body).await?;
        return sign_in(app, &snapshot, address, &call).await;
    }
    let principal = access::authenticate(app, &snapshot, &parts.headers, None, address).await?;
    let call = admit(body).await?;
    if let Some(wanted) = sse::Wanted::by(&parts.headers).filter(|_| row.spec.effect == Effect::Read) {
        return Ok(sse::answer(app, principal, watchable(row, call)?, wanted));
    }
    let asked = Asked { app, snapshot: &snapshot, principal, call };
    let packed = sse::accepts_gzip(&parts.headers);
    match row.spec.name {
        "ShowMe" => me(app, &asked.principal),
        "SignOut" => asked.sign_out().await,
        "AdoptRequest" => asked.adopt().await,
        "ShowDocument" => Ok(pictures::json(openapi::document(Some(&snapshot.public)).to_string(), packed).await),
        "ShowPicture" => pictures::answer(app, &asked.principal, &asked.call.segments[0], packed).await,
        _ => Ok(pictures::read(asked.read(row).await?, &row.spec, packed).await),
    }
}

/// One of Howdah's own reads that can be watched, with its parameters in their types.
///
/// # Errors
/// The problem, as for the read itself.
pub fn watched(path: &str, query: &str) -> Result<Reading, Box<Problem>> {
    match route(console::TABLE, &Spelling::ONE, "GET", path) {
        Routed::Found(row, segments) => watchable(row, admitted(row, &segments, query, b"")?),
        Routed::OtherMethods(methods) => Err(Box::new(other_methods(&methods))),
        Routed::Nowhere => Err(Box::new(Problem::new(Code::NotFound, "Howdah has no such operation."))),
    }
}

/// Whether it is the one operation of those who are not signed in.
pub fn signs_in(spec: &Spec) -> bool {
    spec.name == "SignIn"
}

/// Whether one of Howdah's own operations is a read of something that changes by itself.
pub fn is_watchable(spec: &Spec) -> bool {
    spec.effect == Effect::Read && !matches!(spec.name, "ShowMe" | "ShowPicture" | "ShowDocument")
}

fn watchable(row: &'static Row, call: Call) -> Result<Reading, Box<Problem>> {
    if !is_watchable(&row.spec) {
        return Err(Box::new(Problem::new(Code::NotWatchable, "This does not change by itself.")));
    }
    Ok(Reading { connection: None, row, call })
}

/// Reads for those who watch.
///
/// # Errors
/// The problem, as for the read itself.
pub async fn read(
    app: &Arc<App>,
    snapshot: &Snapshot,
    principal: Principal,
    row: &Row,
    call: Call,
) -> Result<String, Box<Problem>> {
    Asked { app, snapshot, principal, call }.read(row).await
}

fn admitted(row: &Row, segments: &[String], query: &str, body: &[u8]) -> Result<Call, Box<Problem>> {
    row.admit(segments, query, body).map_err(|refusal| {
        let first = &refusal.faults[0];
        let mut problem = Problem::new(refusal.code, format!("{}: {}.", first.field, first.message));
        problem.errors = refusal.faults;
        Box::new(problem)
    })
}

fn text(value: &impl Serialize) -> Result<String, Box<Problem>> {
    serde_json::to_string(value).map_err(|_| Box::new(Problem::new(Code::Internal, "The reply could not be written.")))
}

fn json(value: &impl Serialize) -> Outcome {
    Ok(Reply::json(200, text(value)?).response(true))
}

fn unreadable(error: JournalError) -> Box<Problem> {
    tracing::error!(%error, "the journal cannot be used");
    let detail = "The journal cannot be used. Whoever runs Howdah must look at its disk.";
    Box::new(Problem::new(Code::JournalUnavailable, detail))
}

fn me(app: &App, principal: &Principal) -> Outcome {
    json(&me_of(app, principal))
}

/// Who a principal is.
pub fn me_of(app: &App, principal: &Principal) -> Me {
    Me {
        principal: principal.name.clone(),
        session: matches!(principal.by, By::Session(_)),
        sandbox: app.sandbox,
        build: BUILD.to_owned(),
        now: now(),
    }
}

async fn sign_in(app: &App, snapshot: &Snapshot, address: IpAddr, call: &Call) -> Outcome {
    let credentials: Credentials = body_of(call)?;
    let (principal, cookie) = sessions::sign_in(app, snapshot, &app.throttle, address, &credentials).await?;
    tracing::info!(principal = principal.name, "signed in");
    let mut response = me(app, &principal)?;
    response.headers_mut().insert(SET_COOKIE, cookie);
    Ok(response)
}

fn body_of<T: DeserializeOwned>(call: &Call) -> Result<T, Box<Problem>> {
    serde_json::from_str(call.body.as_deref().unwrap_or("{}"))
        .map_err(|error| Box::new(Problem::new(Code::BadBody, error.to_string())))
}

impl Asked<'_> {
    /// The replies that can be watched.
    async fn read(&self, row: &Row) -> Result<String, Box<Problem>> {
        match row.spec.name {
            "ListConnections" => self.connections().await,
            "ShowHealth" => self.health().await,
            "ListClusters" => self.clusters().await,
            "ListTokens" => text(&self.connection(&self.call.segments[0])?.tokens().list(&self.principal.name)),
            "ListRequests" => self.requests().await,
            "ShowRequest" => self.request().await,
            other => Err(Box::new(Problem::new(Code::Internal, format!("The operation {other} has no handler.")))),
        }
    }

    fn visible(&self) -> Vec<String> {
        self.snapshot.connections.keys().filter(|name| self.principal.role(name).is_some()).cloned().collect()
    }

    fn query<Q: DeserializeOwned>(&self) -> Result<Q, Box<Problem>> {
        serde_html_form::from_str(&self.call.query)
            .map_err(|error| Box::new(Problem::new(Code::BadQuery, error.to_string())))
    }

    /// The connection that the first path parameter names.
    fn connection(&self, name: &str) -> Result<&Arc<Connection>, Box<Problem>> {
        self.snapshot.connections.get(name).filter(|_| self.principal.role(name).is_some()).ok_or_else(|| {
            Box::new(Problem::new(Code::ConnectionNotFound, "There is no connection of this name for you."))
        })
    }

    async fn sign_out(&self) -> Outcome {
        let cookie = sessions::sign_out(self.app, self.snapshot, &self.principal).await?;
        let mut response = json(&howdah_shared::operation::Nothing {})?;
        if let Some(cookie) = cookie {
            response.headers_mut().insert(SET_COOKIE, cookie);
        }
        Ok(response)
    }

    async fn connections(&self) -> Result<String, Box<Problem>> {
        let mut listed = Vec::new();
        for (name, connection) in &self.snapshot.connections {
            let Some(role) = self.principal.role(name) else { continue };
            let summary = self.app.journal.summary(name).await.map_err(unreadable)?;
            listed.push(ConnectionDto {
                name: name.clone(),
                system: connection.system.id.to_owned(),
                title: connection.title.clone(),
                role,
                tenant: connection.tenant.clone(),
                services: connection.beside.iter().map(|service| service.kind.to_owned()).collect(),
                url: connection.servers.current().to_string().trim_end_matches('/').to_owned(),
                running: summary.running,
                unsettled: summary.unsettled,
                failed: summary.failed.map(|request| self.named(request)),
            });
        }
        text(&listed)
    }

    async fn health(&self) -> Result<String, Box<Problem>> {
        let connection = self.connection(&self.call.segments[0])?;
        text(&connection.health.get(probe(connection)).await)
    }

    async fn clusters(&self) -> Result<String, Box<Problem>> {
        let connection = self.connection(&self.call.segments[0])?;
        let query: ClustersQuery = self.query()?;
        let asked: Vec<_> =
            connection.clusters.iter().filter(|cluster| query.id.as_ref().is_none_or(|id| *id == cluster.id)).collect();
        let ids: Vec<String> = asked.iter().map(|cluster| cluster.id.clone()).collect();
        let mut known = self.app.journal.targets(&connection.name, &ids).await.map_err(unreadable)?;
        let listed: Vec<Cluster> = asked
            .into_iter()
            .map(|cluster| {
                let summary = known.remove(&cluster.id).unwrap_or_default();
                Cluster {
                    system: connection.system.id.to_owned(),
                    id: cluster.id.clone(),
                    name: cluster.name.clone(),
                    has_key: cluster.key.is_some(),
                    last: summary.last.map(|request| self.named(request)),
                    last_accepted: summary.last_accepted.map(|request| self.named(request)),
                    usual: summary.usual,
                    unknown: summary.unknown,
                }
            })
            .collect();
        text(&listed)
    }

    async fn requests(&self) -> Result<String, Box<Problem>> {
        let query: RequestsQuery = self.query()?;
        let mut page = self.app.journal.list(&query, &self.visible()).await.map_err(unreadable)?;
        page.requests = page.requests.into_iter().map(|request| self.named(request)).collect();
        text(&page)
    }

    async fn request(&self) -> Result<String, Box<Problem>> {
        let id = &self.call.segments[0];
        let found = self.app.journal.show(id, &self.visible()).await.map_err(unreadable)?;
        let missing = || Box::new(Problem::new(Code::RequestNotFound, "There is no request of this id for you."));
        text(&self.named(found.ok_or_else(missing)?))
    }

    /// A request with what people call its target.
    fn named(&self, mut request: RequestDto) -> RequestDto {
        let connection = self.snapshot.connections.get(&request.connection);
        request.name = connection.and_then(|connection| {
            let clusters = connection.clusters.iter();
            clusters.filter(|one| request.target.values().any(|id| *id == one.id)).map(|one| one.name.clone()).next()
        });
        request
    }

    async fn adopt(&self) -> Outcome {
        let adoption: Adoption = body_of(&self.call)?;
        let connection = self.connection(&adoption.connection)?;
        if self.principal.role(&connection.name) < Some(Role::Operate) {
            let detail = format!("This needs the role operate on {}.", connection.name);
            return Err(Box::new(Problem::new(Code::RoleMissing, detail)));
        }
        let cannot = |detail: &str| Box::new(Problem::new(Code::CannotAdopt, detail));
        // Where a service lists what it has started there is nothing to take in.
        let by_id = |row: &&Row| {
            connection.system.clusters == Clusters::WithKeys
                && matches!(row.spec.tail.service_id, Some(ServiceId::Reply(_)))
        };
        let followed = connection.system.table.iter().filter(by_id).find(|row| row.spec.tail.follow.is_some());
        let row = followed.ok_or_else(|| cannot("Nothing of this system is followed, so nothing can be taken in."))?;
        let target = [adoption.cluster.clone()];
        connection.addressed(row, &target)?;
        // The service must know it: a wrong id would be followed for a week in vain.
        let (status, progress) = ask_about(connection, row, &target, &adoption.service_id).await?;
        let progress = progress.ok_or_else(|| {
            cannot(&format!("{} answered {status} when it was asked about this id.", connection.title))
        })?;
        let adopted = Adopted {
            connection: connection.name.clone(),
            operation: row.spec.name.to_owned(),
            target: row.spec.holes.iter().map(|name| (*name).to_owned()).zip(target.iter().cloned()).collect(),
            segments: target.to_vec(),
            principal: self.principal.name.clone(),
            service_id: adoption.service_id.clone(),
            request: adoption.request.clone(),
            follow: true,
            answer: answer_of_adopted(row, &adoption.service_id),
        };
        tracing::debug!(stage = progress.stage, "taken in");
        match self.app.journal.adopt(adopted).await.map_err(unreadable)? {
            AdoptOutcome::Created(request) | AdoptOutcome::Settled(request) | AdoptOutcome::Existing(request) => {
                json(&self.named(request))
            }
            AdoptOutcome::Conflict(AdoptConflict::NoSuchRequest) => {
                Err(cannot("There is no such request of this connection to settle."))
            }
            AdoptOutcome::Conflict(AdoptConflict::NotUnsettled(state)) => {
                Err(cannot(&format!("The request is {}, so there is nothing to settle.", state.as_str())))
            }
            AdoptOutcome::Conflict(AdoptConflict::OtherTarget) => Err(cannot("The request is for another cluster.")),
        }
    }
}

/// What the call that started it is answered from now on, asked again under its key: what the service would have said.
fn answer_of_adopted(row: &Row, service_id: &str) -> Option<Answer> {
    let Some(ServiceId::Reply(name)) = row.spec.tail.service_id else { return None };
    let body = serde_json::json!({ name: service_id }).to_string();
    Some(write_answer(&Reply::json(202, body)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_own_operation_has_a_handler() {
        let source = include_str!("console.rs");
        for row in howdah_shared::console::TABLE {
            assert!(source.contains(&format!("\"{}\"", row.spec.name)), "{} has no handler", row.spec.name);
        }
    }
}
