//! Azure CycleCloud: clusters with head nodes and node arrays, quotas, capacity, operations and usage, behind TLS with a
//! certificate that it has signed itself.
//!
//! No server of it can be had, so what it does is taken from three kinds of sources:
//!
//! - *Documented*: the 12 operations and the members of their bodies; 202 with `Location` for what is done with nodes; a
//!   request id that is taken once, whatever the action, and answered 409 when it comes again, as bad input is; results of
//!   each node with 202; parts of a creation with a message; `remove` that refuses a fixed node that runs and otherwise is
//!   `terminate`; nodes of arrays that vanish when they are terminated, fixed ones that stay as off; `shutdown` by the
//!   policy of each node; selections that add up; `scale` that adds once, by cores or by nodes, and counts those that there
//!   are; ranges and steps of usage, and weeks that begin on Sunday; members of buckets that older servers leave out;
//!   spot placement scores; `lastCapacityFailure` below zero as never; a self-signed certificate; bodies that are not
//!   called `application/json`.
//! - *Seen in clients of real servers*: records of nodes in the datastore's own spelling, with any attributes, and which of
//!   these clients need (`Configuration`, `PrivateIp`, `Hostname`, `Template`); states, and the words of `Status` for them;
//!   `TargetState` that may be missing; attributes of a creation in the records; no family limits for spot arrays; error
//!   bodies `{"Code", "Message", "Exception", "Detail"}`, empty ones and pages; "No operation found for request id" with a
//!   status that is none of success; the list of clusters of the command line; a page to sign in at for who is redirected.
//! - *Assumed*: how long a node is in each of its states; `Terminating` and `Deallocating` as states; 404 for a cluster that
//!   there is not and for an operation that is not known; the words of errors and messages; that a failed node tells
//!   `PhaseFailed` and is taken away after a while; that a request without a selection is bad input; that nodes which are
//!   kept alive cannot be ended; the order of limits; that filter expressions mean what the console takes them to mean,
//!   whose reader is used here too; costs.
//!
//! Doors: `/_sandbox/behaviour` ([`behaviour`]), `/_sandbox/calls`, `/_sandbox/runs` (the operations that were begun).
//! What fails by its name: any call for a cluster `hang` hangs, one for `forbidden` is answered 403. In the array `htc` of
//! `genomics` there is capacity for 12 nodes of one of its machine types, in `gpu` for one: others fail after a while.

mod actions;
mod behaviour;
mod catalogue;
mod errors;
mod limits;
mod nodes;
mod replies;
mod usage;
mod world;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use howdah_shared::systems::cyclecloud::TABLE;
use http::{HeaderValue, StatusCode, header};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tokio_rustls::TlsAcceptor;

use super::clock::Clock;
use super::faults::{set, truncated};
use super::made_up;
use super::routes::{Found, Routes, lock};
use super::server::{Answer, Asked, Servers, Service, Step};
use crate::gateway::trust::Fingerprint;
use actions::Action;
use behaviour::{Behaviour, Kind};
use errors::Refused;
use world::World;

/// The running simulator, as its caller must know it.
#[derive(Clone, Debug)]
pub struct CycleCloud {
    /// Where it listens, with TLS.
    pub address: SocketAddr,
    /// Its certificate.
    pub certificate: CertificateDer<'static>,
    /// The certificate's fingerprint.
    pub fingerprint: Fingerprint,
    /// The name of the user.
    pub user: String,
    /// The user's password.
    pub password: SecretString,
    /// The names of its clusters.
    pub clusters: Vec<String>,
}

/// What a row does.
#[derive(Clone, Copy)]
enum Does {
    ListNodes,
    Create,
    Manage(Action),
    Scale,
    Status,
    Usage,
    ListOperations,
    ShowOperation,
    ListClusters,
}

const HANDLERS: &[(&str, Does)] = &[
    ("ListNodes", Does::ListNodes),
    ("CreateNodes", Does::Create),
    ("DeallocateNodes", Does::Manage(Action::Deallocate)),
    ("RemoveNodes", Does::Manage(Action::Remove)),
    ("ShutdownNodes", Does::Manage(Action::Shutdown)),
    ("StartNodes", Does::Manage(Action::Start)),
    ("TerminateNodes", Does::Manage(Action::Terminate)),
    ("ScaleNodeArray", Does::Scale),
    ("ShowStatus", Does::Status),
    ("ShowUsage", Does::Usage),
    ("ListOperations", Does::ListOperations),
    ("ShowOperation", Does::ShowOperation),
    ("ListClusters", Does::ListClusters),
];

/// The row's name with what answers it.
type Named = (&'static str, Does);

fn handler(name: &str) -> Option<Named> {
    HANDLERS.iter().find(|(row, _)| *row == name).copied()
}

pub(super) async fn start(clock: Clock, nodes: usize, servers: &mut Servers) -> io::Result<CycleCloud> {
    let (certificate, acceptor) = self_signed().map_err(io::Error::other)?;
    let (user, password) = ("howdah".to_owned(), made_up::secret()?);
    let world = World::new(&made_up::key_id()?, clock, nodes);
    let clusters = world.clusters.iter().map(|cluster| cluster.name.clone()).collect();
    let both = format!("{user}:{}", password.expose_secret());
    let simulator = Simulator {
        authorization: format!("Basic {}", STANDARD.encode(both)).into(),
        behaviour: Mutex::default(),
        routes: Routes::of(TABLE, handler)?,
        world: Mutex::new(world),
    };
    let address = servers.serve_tls(Arc::new(simulator), acceptor).await?;
    Ok(CycleCloud { address, fingerprint: Fingerprint::of(&certificate), certificate, user, password, clusters })
}

/// A certificate made for this run, and what shakes hands with it.
fn self_signed() -> Result<(CertificateDer<'static>, TlsAcceptor), String> {
    let made = rcgen::generate_simple_self_signed(vec!["cyclecloud.invalid".to_owned()]);
    let made = made.map_err(|error| error.to_string())?;
    let certificate = made.cert.der().clone();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|config| config.with_no_client_auth().with_single_cert(vec![certificate.clone()], key))
        .map_err(|error| error.to_string())?;
    Ok((certificate, TlsAcceptor::from(Arc::new(config))))
}

struct Simulator {
    authorization: SecretString,
    behaviour: Mutex<Behaviour>,
    routes: Routes<Named>,
    world: Mutex<World>,
}

impl Service for Simulator {
    async fn answer(&self, asked: Asked) -> Answer {
        if let Some(answer) = self.door(&asked) {
            return answer;
        }
        let errors = lock(&self.behaviour).errors;
        let given = asked.headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes);
        if given != Some(self.authorization.expose_secret().as_bytes()) {
            return Refused::unauthorized().answer(errors);
        }
        let found = self.routes.find(asked.method.as_str(), asked.uri.path());
        let (name, does, segments) = match found {
            Found::Row((name, does), segments) => (*name, *does, segments),
            Found::OtherMethod => return Refused::other_method().answer(errors),
            Found::Nothing => return Refused::missing("Not found").answer(errors),
        };
        match segments.first().map(String::as_str) {
            Some("hang") => return Answer::Raw(vec![Step::Hang]),
            Some("forbidden") => return Refused::forbidden().answer(errors),
            _ => {}
        }
        let failing = lock(&self.behaviour).fail(name);
        match failing {
            None | Some(Kind::LostReply | Kind::Truncated | Kind::NotJson) => {}
            Some(Kind::Hang) => return Answer::Raw(vec![Step::Hang]),
            Some(Kind::Reset) => return Answer::Raw(vec![Step::Reset]),
            Some(Kind::SignIn) => return sign_in(),
            Some(Kind::Unavailable) => return Refused::failed(StatusCode::SERVICE_UNAVAILABLE).answer(errors),
            Some(Kind::Error) => return Refused::failed(StatusCode::INTERNAL_SERVER_ERROR).answer(errors),
        }
        let answer = self.serve(&asked, does, &segments).unwrap_or_else(|refused| refused.answer(errors));
        match failing {
            Some(Kind::LostReply) => Answer::Raw(vec![Step::Reset]),
            Some(Kind::Truncated) => truncated(answer).await,
            Some(Kind::NotJson) => match answer {
                Answer::Reply(reply) => Answer::text(reply.status(), "application/json", "Request accepted"),
                other => other,
            },
            _ => answer,
        }
    }
}

/// Where people without a session are sent.
fn sign_in() -> Answer {
    let mut answer = Answer::text(StatusCode::FOUND, "text/html", Bytes::new());
    if let Answer::Reply(reply) = &mut answer {
        reply.headers_mut().insert(header::LOCATION, HeaderValue::from_static("/login?redirect=%2F"));
    }
    answer
}

impl Simulator {
    /// What is the simulator's own.
    fn door(&self, asked: &Asked) -> Option<Answer> {
        let path = asked.uri.path().strip_prefix("/_sandbox/")?;
        Some(match (asked.method.as_str(), path) {
            ("GET", "calls") => Answer::json(StatusCode::OK, &self.routes.calls()),
            ("GET", "runs") => {
                let world = lock(&self.world);
                let runs = world.operations.iter().map(|one| {
                    json!({"id": one.id, "cluster": one.cluster, "requestId": one.request, "nodes": one.nodes.len()})
                });
                Answer::json(StatusCode::OK, &runs.collect())
            }
            ("GET", "behaviour") => Answer::json(StatusCode::OK, &lock(&self.behaviour).told()),
            ("PUT", "behaviour") => set(&self.behaviour, Behaviour::read(&asked.body), Behaviour::told),
            _ => Answer::json(StatusCode::NOT_FOUND, &json!({"message": "there is no such door"})),
        })
    }

    fn serve(&self, asked: &Asked, does: Does, segments: &[String]) -> Result<Answer, Refused> {
        let (older, listing) = {
            let behaviour = lock(&self.behaviour);
            (behaviour.older, behaviour.listing)
        };
        let mut world = lock(&self.world);
        world.settle();
        let segment = |at: usize| segments.get(at).map_or("", String::as_str);
        let (first, query, body) = (segment(0), asked.uri.query().unwrap_or_default(), &asked.body[..]);
        let host = asked.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let accepted = |(operation, told): (String, Value)| {
            let mut answer = Answer::json(StatusCode::ACCEPTED, &told);
            let place = HeaderValue::from_str(&format!("https://{host}/operations/{operation}"));
            if let (Answer::Reply(reply), Ok(place)) = (&mut answer, place) {
                reply.headers_mut().insert(header::LOCATION, place);
            }
            answer
        };
        let told = match does {
            Does::Create => return world.create(first, body).map(accepted),
            Does::Manage(action) => return world.manage(action, first, body).map(accepted),
            Does::Scale => return world.scale(first, segment(1), query).map(accepted),
            Does::ListNodes => world.list_nodes(first, query)?,
            Does::Status => world.status(first, query, older)?,
            Does::Usage => world.usage(first, query)?,
            Does::ListOperations => world.list_operations(query),
            Does::ShowOperation => world.operation(first)?.told(),
            Does::ListClusters if listing => world.list_clusters(),
            Does::ListClusters => return Err(Refused::missing("Not found")),
        };
        Ok(Answer::json(StatusCode::OK, &told))
    }
}
