//! A pair of YARN ResourceManagers, of which one is active: cluster, queues, nodes, applications, delegation tokens.
//!
//! Applications come, wait, run and end by themselves, as many as are wanted are kept, and the oldest are forgotten.
//! Others are submitted, moved and killed by calls. What is in use follows from what runs: of the queues, of their
//! users, of the nodes. Both of the pair know all of it, as with a store for recovery, but have started at different
//! times.
//!
//! Identity is `user.name` in the query, without a check, as in a cluster without Kerberos; without it the caller is
//! `dr.who`. A cookie from an earlier reply wins over it. What is in `root.finance` is shown with zeros to those who
//! may not see it.
//!
//! Each of the pair has a door of its own, beside `/_sandbox/calls` and `/_sandbox/runs` (the submissions, as they were
//! understood): `/_sandbox/behaviour` sets dialect, scheduler, tokens and failures, see [`behaviour`], and
//! `POST /_sandbox/fail-over` makes the other one active. Who stands by answers for itself alone, and sends
//! everything else to the active one.
//!
//! What the real service answers was recorded from versions 3.4.2 and 3.5.0; each module says what it assumes.

mod applications;
mod behaviour;
mod calls;
mod capacity;
mod dialect;
mod fair;
mod filters;
mod nodes;
mod population;
mod queues;
mod reads;
mod replies;
mod reports;
mod submission;
mod tokens;
mod usage;
mod world;
mod writes;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock};

use howdah_shared::systems::yarn::TABLE;
use http::{HeaderValue, Method, StatusCode, header};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::Options;
use super::clock::Clock;
use super::faults::{PAGE, set, truncated};
use super::routes::{Found, Routes, lock};
use super::server::{Answer, Asked, Servers, Service, Step};
use behaviour::{Behaviour, Kind};
use calls::Call;
use dialect::{Dialect, Refused, jetty};
use reads::Tell;
use tokens::Caller;
use world::{ADMINISTRATOR, NOBODY, Standing, World};
use writes::Change;

/// The running simulator, as its caller must know it.
#[derive(Clone, Debug)]
pub struct Yarn {
    /// Where the ResourceManager listens that is active at first.
    pub address: SocketAddr,
    /// Where the other one of the pair listens.
    pub standby: SocketAddr,
    /// The user to speak as, by `user.name`: one that may see and do everything.
    pub user: String,
}

#[derive(Clone, Copy)]
enum Handler {
    Tell(Tell),
    Change(Change),
}

const HANDLERS: &[(&str, Handler)] = &[
    ("ShowCluster", Handler::Tell(Tell::Info)),
    ("ShowClusterRoot", Handler::Tell(Tell::Info)),
    ("ShowMetrics", Handler::Tell(Tell::Metrics)),
    ("ShowScheduler", Handler::Tell(Tell::Scheduler)),
    ("ListNodes", Handler::Tell(Tell::Nodes)),
    ("ShowNode", Handler::Tell(Tell::Node)),
    ("ListApplications", Handler::Tell(Tell::Applications)),
    ("ShowApplicationStatistics", Handler::Tell(Tell::Statistics)),
    ("ShowApplication", Handler::Tell(Tell::Application)),
    ("ListAttempts", Handler::Tell(Tell::Attempts)),
    ("ShowApplicationState", Handler::Tell(Tell::State)),
    ("ShowApplicationQueue", Handler::Tell(Tell::Queue)),
    ("NewApplication", Handler::Tell(Tell::NewApplication)),
    ("ChangeApplicationState", Handler::Change(Change::State)),
    ("MoveApplication", Handler::Change(Change::Queue)),
    ("SubmitApplication", Handler::Change(Change::Submit)),
    ("CreateDelegationToken", Handler::Change(Change::CreateToken)),
    ("RenewDelegationToken", Handler::Change(Change::RenewToken)),
    ("CancelDelegationToken", Handler::Change(Change::CancelToken)),
];

/// The row's name with what answers it.
type Named = (&'static str, Handler);

fn handler(name: &str) -> Option<Named> {
    HANDLERS.iter().find(|(row, _)| *row == name).copied()
}

pub(super) async fn start(options: &Options, clock: Clock, servers: &mut Servers) -> io::Result<Yarn> {
    let world = Arc::new(World::new(options, clock));
    let addresses: Arc<OnceLock<[SocketAddr; 2]>> = Arc::default();
    let mut listening = Vec::new();
    for place in 0..2 {
        let simulator = Simulator {
            world: world.clone(),
            place,
            addresses: addresses.clone(),
            routes: Routes::of(TABLE, handler)?,
            behaviour: Mutex::default(),
        };
        listening.push(servers.serve(Arc::new(simulator)).await?);
    }
    let (address, standby) = (listening[0], listening[1]);
    addresses.get_or_init(|| [address, standby]);
    Ok(Yarn { address, standby, user: ADMINISTRATOR.to_owned() })
}

struct Simulator {
    world: Arc<World>,
    /// Which of the pair it is.
    place: usize,
    addresses: Arc<OnceLock<[SocketAddr; 2]>>,
    routes: Routes<Named>,
    behaviour: Mutex<Behaviour>,
}

impl Service for Simulator {
    async fn answer(&self, asked: Asked) -> Answer {
        if let Some(answer) = self.door(&asked) {
            return answer;
        }
        let found = self.routes.find(asked.method.as_str(), asked.uri.path());
        let operation = if let Found::Row((name, _), _) = &found { name } else { "" };
        let (failing, behaviour) = {
            let mut behaviour = lock(&self.behaviour);
            (behaviour.fail(operation), behaviour.clone())
        };
        if let Some(answer) = failing.and_then(|kind| fails_at_once(kind, &behaviour)) {
            return answer;
        }
        let mut answer = self.serve(&asked, &found, &behaviour);
        if let Answer::Reply(reply) = &mut answer {
            let headers = reply.headers_mut();
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            // A cookie that would speak for whoever asked first, if it were kept.
            let caller = filters::user_name(asked.uri.query().unwrap_or_default());
            if let Some(caller) = caller.filter(|caller| caller.bytes().all(|byte| byte.is_ascii_alphanumeric()))
                && let Ok(cookie) =
                    HeaderValue::from_str(&format!("hadoop.auth=\"u={caller}&p={caller}&t=simple\"; HttpOnly"))
            {
                headers.insert(header::SET_COOKIE, cookie);
            }
        }
        match failing {
            Some(Kind::LostReply) => Answer::Raw(vec![Step::Reset]),
            Some(Kind::Truncated) => truncated(answer).await,
            _ => answer,
        }
    }
}

/// How it fails where nothing is to be done.
fn fails_at_once(kind: Kind, behaviour: &Behaviour) -> Option<Answer> {
    let refused = |status, exception, message: Option<&str>| {
        Refused::with(status, exception, message.map(str::to_owned)).answer(behaviour.dialect)
    };
    Some(match kind {
        Kind::LostReply | Kind::Truncated => return None,
        Kind::Hang => Answer::Raw(vec![Step::Hang]),
        Kind::Reset => Answer::Raw(vec![Step::Reset]),
        Kind::NoActive => {
            let text =
                "Can not find any active RM. Will retry in next 7 seconds.\nHA Zookeeper Connection State: CONNECTED\n";
            Answer::text(StatusCode::OK, "text/plain;charset=utf-8", text)
        }
        Kind::Html => Answer::text(StatusCode::OK, "text/html;charset=utf-8", PAGE),
        Kind::Unavailable => {
            let message = Some("The scheduler is not ready <b>yet</b>");
            refused(StatusCode::SERVICE_UNAVAILABLE, "WebApplicationException", message)
        }
        Kind::Error => refused(StatusCode::INTERNAL_SERVER_ERROR, "UndeclaredThrowableException", None),
    })
}

impl Simulator {
    fn standing(&self) -> Standing {
        if self.world.active() == self.place { Standing::Active } else { Standing::Standby }
    }

    /// What is the simulator's own.
    fn door(&self, asked: &Asked) -> Option<Answer> {
        let path = asked.uri.path().strip_prefix("/_sandbox/")?;
        Some(match (asked.method.as_str(), path) {
            ("GET", "calls") => Answer::json(StatusCode::OK, &self.routes.calls()),
            ("GET", "runs") => {
                let submitted = lock(&self.world.submitted);
                let told = submitted
                    .iter()
                    .map(|one| json!({"id": one.id.to_string(), "user": one.user, "understood": one.understood}));
                Answer::json(StatusCode::OK, &Value::Array(told.collect()))
            }
            ("GET", "behaviour") => Answer::json(StatusCode::OK, &lock(&self.behaviour).told()),
            ("PUT", "behaviour") => set(&self.behaviour, Behaviour::read(&asked.body), Behaviour::told),
            ("POST", "fail-over") => {
                self.world.fail_over();
                let active = self.addresses.get().map(|both| both[self.world.active()].to_string());
                Answer::json(StatusCode::OK, &json!({"active": active}))
            }
            _ => Answer::json(StatusCode::NOT_FOUND, &json!({"message": "there is no such door"})),
        })
    }

    fn serve(&self, asked: &Asked, found: &Found<'_, Named>, behaviour: &Behaviour) -> Answer {
        if behaviour.csrf && lacks_header(asked) {
            let message = "Missing Required Header for CSRF Vulnerability Protection";
            return jetty(StatusCode::BAD_REQUEST, message, asked.uri.path());
        }
        if self.standing() == Standing::Standby && asked.uri.path() != "/ws/v1/cluster/info" {
            return self.redirect(asked, behaviour.dialect);
        }
        let caller = match self.caller(asked, behaviour) {
            Ok(caller) => caller,
            Err(answer) => return answer,
        };
        let (handler, segments) = match found {
            Found::Row((_, handler), segments) => (*handler, segments.as_slice()),
            // The real one says 503 to a wrong method.
            Found::OtherMethod => {
                let message = Some("HTTP 405 Method Not Allowed".to_owned());
                let refused = Refused::with(StatusCode::SERVICE_UNAVAILABLE, "NotAllowedException", message);
                return refused.answer(behaviour.dialect);
            }
            Found::Nothing => return behaviour.dialect.not_found(asked.uri.path()),
        };
        let segment = segments.first().map_or("", String::as_str);
        let (world, place, standing) = (&*self.world, self.place, self.standing());
        let call = Call { world, behaviour, place, standing, caller: &caller, asked };
        let answered = match handler {
            Handler::Tell(what) => call.tell(what, segment),
            Handler::Change(what) => call.change(what, segment),
        };
        answered.unwrap_or_else(|refused| refused.answer(behaviour.dialect))
    }

    /// To the active one, with all that the query holds.
    fn redirect(&self, asked: &Asked, dialect: Dialect) -> Answer {
        let active = self.addresses.get().map_or(String::new(), |both| both[self.world.active()].to_string());
        let target = asked.uri.path_and_query().map_or("/", |target| target.as_str());
        let location = format!("http://{active}{target}");
        let text = format!("This is standby RM. The redirect url is: {location}\n");
        // The old versions only ask a browser to go on.
        let (status, name, value) = match dialect {
            Dialect::V2 => (StatusCode::OK, header::REFRESH, format!("3; url={location}")),
            _ => (StatusCode::TEMPORARY_REDIRECT, header::LOCATION, location),
        };
        let mut answer = Answer::text(status, "text/plain;charset=utf-8", text);
        if let (Answer::Reply(reply), Ok(value)) = (&mut answer, HeaderValue::from_str(&value)) {
            reply.headers_mut().insert(name, value);
        }
        answer
    }

    /// Who asks.
    fn caller(&self, asked: &Asked, behaviour: &Behaviour) -> Result<Caller, Answer> {
        let named = cookie(asked).or_else(|| filters::user_name(asked.uri.query().unwrap_or_default()));
        if !behaviour.tokens {
            let kind = if named.is_some() { "SIMPLE" } else { "null" };
            return Ok(Caller { name: named.unwrap_or_else(|| NOBODY.to_owned()), kind });
        }
        let path = asked.uri.path();
        match (lock(&self.world.tokens).shown(&asked.headers, self.world.clock.life()), named) {
            (Some(Ok(name)), _) => Ok(Caller { name, kind: "kerberos-dt" }),
            (Some(Err(why)), _) => Err(jetty(StatusCode::FORBIDDEN, &why, path)),
            (None, Some(name)) => Ok(Caller { name, kind: "kerberos" }),
            (None, None) => {
                let mut answer = jetty(StatusCode::UNAUTHORIZED, "Authentication required", path);
                if let Answer::Reply(reply) = &mut answer {
                    reply.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Negotiate"));
                }
                Err(answer)
            }
        }
    }
}

/// Whether a write of what calls itself a browser lacks the header that keeps other sites out.
fn lacks_header(asked: &Asked) -> bool {
    let agent = asked.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let browser = agent.starts_with("Mozilla") || agent.starts_with("Opera");
    let reads = matches!(asked.method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE);
    browser && !reads && !asked.headers.contains_key("x-xsrf-header")
}

/// The user of a cookie that a reply has set.
fn cookie(asked: &Asked) -> Option<String> {
    let cookies = asked.headers.get(header::COOKIE)?.to_str().ok()?;
    let user = cookies.split_once("hadoop.auth=\"u=")?.1.split('&').next()?;
    Some(percent_decode_str(user).decode_utf8_lossy().into_owned())
}
