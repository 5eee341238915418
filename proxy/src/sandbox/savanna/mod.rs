//! OpenStack Savanna with its Keystone: plugins, images, templates, clusters; and, see [`cloud`], what stands beside it.
//!
//! It speaks the reference's dialect, as version 0.2 did, and today's (Sahara 19) when it is told to, see [`behaviour`];
//! each has a world of its own. Objects are kept, and clusters go through their lives by themselves, see [`lifecycle`],
//! which also says which names fail on command. Without a token of its Keystone everything but `/` is refused.
//!
//! Doors: `/_sandbox/behaviour`, `/_sandbox/calls`, `/_sandbox/runs` (the clusters that were started), and
//! `POST /_sandbox/revoke`, which ends every token, and `/_sandbox/tokens`, which tells how many were given since.
//!
//! What the real service answers was recorded from Sahara 19.0.0. Where the reference leaves something open, and the
//! real one of today cannot tell, it is answered as today.

mod behaviour;
mod catalogue;
mod checks;
mod cloud;
mod clusters;
mod errors;
mod forms;
mod images;
mod keystone;
mod lifecycle;
mod lists;
mod replies;
mod templates;
mod world;

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use howdah_shared::systems::savanna::{SYSTEM, TABLE};
use http::{Method, StatusCode, header};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::clock::Clock;
use super::faults::{PAGE, set, truncated};
use super::made_up;
use super::routes::{Found, Routes, lock};
use super::server::{Answer, Asked, Servers, Service, Step};
use behaviour::{Behaviour, Dialect, Kind};
use cloud::Cloud;
use errors::Refused;
use forms::is_uuid;
use keystone::{Account, Keystone, Tokens};
use lists::{list, parameters};
use world::World;

/// The running simulator, as its caller must know it.
#[derive(Clone, Debug)]
pub struct Savanna {
    /// Where the service listens.
    pub address: SocketAddr,
    /// Where its Keystone listens.
    pub keystone: SocketAddr,
    /// Where the services beside it listen, by their kinds.
    pub services: BTreeMap<String, SocketAddr>,
    /// The tenant's id.
    pub tenant: String,
    /// The name of the user, in the domain `Default`.
    pub user: String,
    /// The user's password.
    pub password: SecretString,
    /// The id of an application credential of the tenant.
    pub credential_id: String,
    /// The secret of that.
    pub credential_secret: SecretString,
}

/// What a row does.
#[derive(Clone, Copy)]
enum Does {
    ListPlugins,
    ShowPlugin,
    ShowPluginVersion,
    Convert,
    ListImages,
    ShowImage,
    Register,
    Unregister,
    Tag,
    Untag,
    ListNodeGroupTemplates,
    ShowNodeGroupTemplate,
    MakeNodeGroupTemplate,
    DeleteNodeGroupTemplate,
    EditNodeGroupTemplate,
    ExportNodeGroupTemplate,
    ListClusterTemplates,
    ShowClusterTemplate,
    MakeClusterTemplate,
    DeleteClusterTemplate,
    EditClusterTemplate,
    ExportClusterTemplate,
    ListClusters,
    ShowCluster,
    Start,
    Scale,
    EditCluster,
    Terminate,
    Versions,
    ListFlavors,
    ListKeyPairs,
    ListNetworks,
    ListStoredImages,
}

const HANDLERS: &[(&str, Does)] = &[
    ("ListPlugins", Does::ListPlugins),
    ("ShowPlugin", Does::ShowPlugin),
    ("ShowPluginVersion", Does::ShowPluginVersion),
    ("ConvertConfig", Does::Convert),
    ("ConvertConfigAs", Does::Convert),
    ("ListImages", Does::ListImages),
    ("ShowImage", Does::ShowImage),
    ("RegisterImage", Does::Register),
    ("UnregisterImage", Does::Unregister),
    ("TagImage", Does::Tag),
    ("UntagImage", Does::Untag),
    ("ListNodeGroupTemplates", Does::ListNodeGroupTemplates),
    ("ShowNodeGroupTemplate", Does::ShowNodeGroupTemplate),
    ("CreateNodeGroupTemplate", Does::MakeNodeGroupTemplate),
    ("DeleteNodeGroupTemplate", Does::DeleteNodeGroupTemplate),
    ("EditNodeGroupTemplate", Does::EditNodeGroupTemplate),
    ("ExportNodeGroupTemplate", Does::ExportNodeGroupTemplate),
    ("ListClusterTemplates", Does::ListClusterTemplates),
    ("ShowClusterTemplate", Does::ShowClusterTemplate),
    ("CreateClusterTemplate", Does::MakeClusterTemplate),
    ("DeleteClusterTemplate", Does::DeleteClusterTemplate),
    ("EditClusterTemplate", Does::EditClusterTemplate),
    ("ExportClusterTemplate", Does::ExportClusterTemplate),
    ("ListClusters", Does::ListClusters),
    ("ShowCluster", Does::ShowCluster),
    ("StartCluster", Does::Start),
    ("ScaleCluster", Does::Scale),
    ("EditCluster", Does::EditCluster),
    ("TerminateCluster", Does::Terminate),
    ("ShowVersions", Does::Versions),
    ("ListFlavors", Does::ListFlavors),
    ("ListKeyPairs", Does::ListKeyPairs),
    ("ListNetworks", Does::ListNetworks),
    ("ListStoredImages", Does::ListStoredImages),
];

/// The row's name with what answers it.
type Named = (&'static str, Does);

fn handler(name: &str) -> Option<Named> {
    HANDLERS.iter().find(|(row, _)| *row == name).copied()
}

pub(super) async fn start(clock: Clock, clusters: usize, servers: &mut Servers) -> io::Result<Savanna> {
    let account = Account {
        tenant: made_up::uuid_of("savanna").replace('-', ""),
        user: "minji".to_owned(),
        password: made_up::secret()?,
        credential_id: made_up::key_id()?,
        credential_secret: made_up::secret()?,
    };
    let (tokens, behaviour): (Arc<Tokens>, Arc<Mutex<Behaviour>>) = Default::default();
    let run = made_up::key_id()?;
    let mut worlds =
        [Dialect::Reference, Dialect::Today].map(|dialect| World::new(dialect, &account.tenant, &run, clock));
    for world in &mut worlds {
        world.seed().map_err(|refused| io::Error::other(refused.message().to_owned()))?;
        world.fill(clusters);
    }
    let simulator = Simulator {
        tenant: account.tenant.clone(),
        tokens: tokens.clone(),
        behaviour: behaviour.clone(),
        routes: Routes::of(TABLE, handler)?,
        worlds: Mutex::new(worlds),
        started: Mutex::default(),
        clock,
    };
    let simulator = Arc::new(simulator);
    let address = servers.serve(simulator.clone()).await?;
    let mut services = BTreeMap::new();
    for kind in SYSTEM.beside() {
        let beside = servers.serve(Arc::new(Cloud { kind, simulator: simulator.clone() })).await?;
        services.insert(kind.to_owned(), beside);
    }
    let Account { tenant, user, password, credential_id, credential_secret } = account.clone();
    let keystone = servers.serve(Arc::new(Keystone { account, tokens, behaviour, clock })).await?;
    Ok(Savanna { address, keystone, services, tenant, user, password, credential_id, credential_secret })
}

struct Simulator {
    tenant: String,
    tokens: Arc<Tokens>,
    behaviour: Arc<Mutex<Behaviour>>,
    routes: Routes<Named>,
    worlds: Mutex<[World; 2]>,
    /// The clusters that were started, in order.
    started: Mutex<Vec<Value>>,
    clock: Clock,
}

impl Service for Simulator {
    async fn answer(&self, asked: Asked) -> Answer {
        if let Some(answer) = self.door(&asked) {
            return answer;
        }
        let dialect = lock(&self.behaviour).dialect;
        let refused = self.entered(&asked, dialect).err();
        if let Some(refused) = refused {
            return refused.answer(dialect);
        }
        let path = row_path(asked.method.as_str(), asked.uri.path(), dialect);
        let found = self.routes.find(asked.method.as_str(), &path);
        let operation = if let Found::Row((name, _), _) = &found { name } else { "" };
        let failing = lock(&self.behaviour).fail(operation);
        match failing {
            None | Some(Kind::LostReply | Kind::Truncated) => {}
            Some(Kind::Hang) => return Answer::Raw(vec![Step::Hang]),
            Some(Kind::Reset) => return Answer::Raw(vec![Step::Reset]),
            Some(Kind::Html) => return Answer::text(StatusCode::OK, "text/html;charset=utf-8", PAGE),
            Some(Kind::Unavailable) => {
                let sentence = "The Keystone service is temporarily unavailable.";
                return Refused::Page(StatusCode::SERVICE_UNAVAILABLE, sentence).answer(dialect);
            }
            Some(Kind::Error) => return Refused::failed().answer(dialect),
        }
        let answer = match found {
            Found::Row((_, does), segments) => {
                self.serve(&asked, *does, &segments, dialect).unwrap_or_else(|refused| refused.answer(dialect))
            }
            Found::OtherMethod => {
                Refused::Router(405, "The method is not allowed for the requested URL.").answer(dialect)
            }
            // The reference's versions know of edits, and have none.
            Found::Nothing
                if dialect == Dialect::Reference
                    && asked.method == Method::PUT
                    && asked.uri.path().contains("-templates/") =>
            {
                Refused::own(501, "NOT_IMPLEMENTED_ERROR", "Method is not implemented").answer(dialect)
            }
            Found::Nothing => Refused::no_such_path().answer(dialect),
        };
        match failing {
            Some(Kind::LostReply) => Answer::Raw(vec![Step::Reset]),
            Some(Kind::Truncated) => truncated(answer).await,
            _ => answer,
        }
    }
}

/// The path as the table of rows has it: what only today's services have stands there below `/v1.1`, everything else
/// below `/v1.0`. Today's serve both below both; those of the reference have only the latter.
fn row_path(method: &str, path: &str, dialect: Dialect) -> String {
    let path = path.strip_suffix(".json").unwrap_or(path);
    let version = if dialect == Dialect::Today { path.strip_prefix("/v1.1/") } else { None };
    let Some(rest) = version.or_else(|| path.strip_prefix("/v1.0/")) else {
        return if path == "/" { path.to_owned() } else { String::new() };
    };
    let segments: Vec<&str> = rest.split('/').collect();
    if segments.iter().any(|segment| segment.is_empty()) {
        return String::new();
    }
    let newer = match segments[..] {
        [_, "plugins", _, _, "convert-config", _] | [_, _, _, "export"] => true,
        [_, "clusters", _] => method == "PATCH",
        [_, "node-group-templates" | "cluster-templates", _] => method == "PUT",
        [_, "plugins", _, _, "convert-config"] if dialect == Dialect::Today => return String::new(),
        _ => false,
    };
    match (newer, dialect) {
        (true, Dialect::Reference) => String::new(),
        (true, Dialect::Today) => format!("/v1.1/{rest}"),
        (false, _) => format!("/v1.0/{rest}"),
    }
}

impl Simulator {
    /// What is the simulator's own.
    fn door(&self, asked: &Asked) -> Option<Answer> {
        let path = asked.uri.path().strip_prefix("/_sandbox/")?;
        Some(match (asked.method.as_str(), path) {
            ("GET", "calls") => Answer::json(StatusCode::OK, &self.routes.calls()),
            ("GET", "runs") => Answer::json(StatusCode::OK, &Value::from(lock(&self.started).clone())),
            ("GET", "behaviour") => Answer::json(StatusCode::OK, &lock(&self.behaviour).told()),
            ("PUT", "behaviour") => set(&self.behaviour, Behaviour::read(&asked.body), Behaviour::told),
            ("GET", "tokens") => Answer::json(StatusCode::OK, &json!({"given": self.tokens.given()})),
            ("POST", "revoke") => {
                self.tokens.revoke();
                Answer::json(StatusCode::OK, &json!({}))
            }
            _ => Answer::json(StatusCode::NOT_FOUND, &json!({"message": "there is no such door"})),
        })
    }

    /// Looks at the token, and whether the tenant of the path is its own.
    fn entered(&self, asked: &Asked, dialect: Dialect) -> Result<(), Refused> {
        if asked.uri.path() == "/" {
            return Ok(());
        }
        if !self.tokens.lets_in(&asked.headers, self.clock.now_ms()) {
            return Err(Refused::NoToken);
        }
        let tenant = asked.uri.path().split('/').nth(2).unwrap_or_default();
        // Today's do not look at what is no id.
        let looked_at = dialect == Dialect::Reference || is_uuid(tenant);
        if looked_at && tenant.replace('-', "") != self.tenant {
            return Err(Refused::other_tenant());
        }
        Ok(())
    }

    fn serve(&self, asked: &Asked, does: Does, segments: &[String], dialect: Dialect) -> Result<Answer, Refused> {
        let mut worlds = lock(&self.worlds);
        let [reference, today] = &mut *worlds;
        let world = if dialect == Dialect::Reference { reference } else { today };
        world.settle();
        let segment = |at: usize| segments.get(at).map_or("", String::as_str);
        let (id, query) = (segment(1), asked.uri.query().unwrap_or_default());
        let kind = asked.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let body = &asked.body[..];
        let lists_as = (dialect, lock(&self.behaviour).page);
        let listed = |name: &str, items: Vec<Value>| list(lists_as, name, query, items);
        let gone = || Answer::text(StatusCode::NO_CONTENT, "application/json", "");
        let told = match does {
            Does::ListPlugins => world.list_plugins(),
            Does::ShowPlugin => world.show_plugin(id)?,
            Does::ShowPluginVersion => world.show_plugin_version(id, segment(2))?,
            Does::ListImages => world.list_images(query),
            Does::ShowImage => world.show_image(id)?,
            Does::ListNodeGroupTemplates => listed("node_group_templates", world.list_node_group_templates())?,
            Does::ShowNodeGroupTemplate => world.show_node_group_template(id, false)?,
            Does::ExportNodeGroupTemplate => world.export_node_group_template(id)?,
            Does::ListClusterTemplates => listed("cluster_templates", world.list_cluster_templates())?,
            Does::ShowClusterTemplate => world.show_cluster_template(id, false)?,
            Does::ExportClusterTemplate => world.export_cluster_template(id)?,
            Does::ListClusters => listed("clusters", world.list_clusters())?,
            Does::ShowCluster => {
                let events = parameters(query).iter().any(|(name, value)| name == "show_progress" && value == "true");
                world.show_cluster(id, events)?
            }
            Does::Versions => {
                let host = asked.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
                return Ok(Answer::json(StatusCode::MULTIPLE_CHOICES, &versions(dialect, host)));
            }
            Does::Unregister => return world.unregister(id).map(|()| gone()),
            Does::DeleteNodeGroupTemplate => return world.delete_node_group_template(id).map(|()| gone()),
            Does::DeleteClusterTemplate => return world.delete_cluster_template(id).map(|()| gone()),
            Does::Terminate => return world.terminate(id).map(|()| gone()),
            _ => {
                let told = match does {
                    Does::Convert => world.convert(id, segment(2), body)?,
                    Does::Register => world.register(id, kind, body)?,
                    Does::Tag => world.tag(id, true, kind, body)?,
                    Does::Untag => world.tag(id, false, kind, body)?,
                    Does::MakeNodeGroupTemplate => {
                        let id = world.make_node_group_template(kind, body)?;
                        world.show_node_group_template(&id, true)?
                    }
                    Does::MakeClusterTemplate => {
                        let id = world.make_cluster_template(kind, body)?;
                        world.show_cluster_template(&id, true)?
                    }
                    Does::EditNodeGroupTemplate => world.edit_node_group_template(id, kind, body)?,
                    Does::EditClusterTemplate => world.edit_cluster_template(id, kind, body)?,
                    Does::Start => return self.start(world, kind, body),
                    Does::Scale => world.scale(id, kind, body)?,
                    _ => world.edit_cluster(id, kind, body)?,
                };
                return Ok(Answer::json(StatusCode::ACCEPTED, &told));
            }
        };
        Ok(Answer::json(StatusCode::OK, &told))
    }

    fn start(&self, world: &mut World, kind: &str, body: &[u8]) -> Result<Answer, Refused> {
        let said: Value = serde_json::from_slice(body).unwrap_or_default();
        let name = said["name"].as_str().unwrap_or_default();
        if name.contains("hang") {
            return Ok(Answer::Raw(vec![Step::Hang]));
        }
        let id = world.start_cluster(kind, body)?;
        lock(&self.started).push(json!({"id": id, "name": name}));
        if name.contains("lost-reply") {
            return Ok(Answer::Raw(vec![Step::Reset]));
        }
        Ok(Answer::json(StatusCode::ACCEPTED, &world.show_cluster(&id, false)?))
    }
}

fn versions(dialect: Dialect, host: &str) -> Value {
    let version = |id: &str, status: &str| {
        let href = format!("http://{host}/{id}/");
        json!({"id": id, "status": status, "links": [{"rel": "self", "href": href}]})
    };
    if dialect == Dialect::Reference {
        return json!({"versions": [version("v1.0", "CURRENT")]});
    }
    let mut newest = version("v2", "CURRENT");
    newest["min_version"] = "2.0".into();
    newest["max_version"] = "2.0".into();
    json!({"versions": [version("v1.0", "SUPPORTED"), version("v1.1", "SUPPORTED"), newest]})
}
