//! The door for the console: one WebSocket a tab, on which its pages subscribe and unsubscribe.
//!
//! Each subscription is a task that takes one piece of news at a time and waits until the socket can send it, so a tab
//! that reads slowly is told of less and nothing is queued for it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::response::IntoResponse;
use futures_util::SinkExt;
use futures_util::stream::{SplitSink, StreamExt};
use howdah_shared::problem::{Code, Problem};
use howdah_shared::watch::messages::{Ask, Subscribe, Told};
use http::header::ORIGIN;
use http::{Request, Response};
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::task::AbortOnDropHandle;

use super::Watching;
use super::pictures::{Picture, Ticket};
use super::poller::Poller;
use super::rights::Right;
use super::watcher::{Freshness, News, Watcher};
use crate::access::{self, By, Principal};
use crate::app::{App, now};
use crate::console::{self, BUILD};
use crate::gateway::{self, reply};

/// Where it is, below the base path.
pub const PATH: &str = "/api/watch";
/// The most subscriptions of a socket.
const SUBSCRIPTIONS: usize = 64;
/// The most sockets of a principal.
const SOCKETS: usize = 256;
/// The most bytes of a message from a tab.
const MESSAGE: usize = 8 * 1024;
/// The most messages from a tab in [`PING_EVERY`].
const MESSAGES: u32 = 256;
/// How often the other side is asked whether it is there.
const PING_EVERY: Duration = Duration::from_secs(20);
/// How long a socket that is to be closed may take to hear of it.
const PARTING: Duration = Duration::from_secs(1);
/// How long it may be silent.
const SILENCE: Duration = Duration::from_secs(60);

/// Answers the wish for a socket.
pub async fn answer(app: &Arc<App>, principal: Principal, request: Request<Body>) -> Response<Body> {
    let (mut parts, _) = request.into_parts();
    // With a cookie or Basic, any page could ask in the browser's name; that one of ours did was checked if it says who.
    if principal.by != By::Bearer && !parts.headers.contains_key(ORIGIN) {
        let detail = "A WebSocket wants an Origin of ours, or a token as bearer.";
        return reply::problem(Problem::new(Code::CrossSite, detail));
    }
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade,
        Err(_) => return reply::problem(Problem::new(Code::BadRequest, "This address is for a WebSocket.")),
    };
    let Some(place) = Place::take(&app.watching, &principal.name) else {
        let detail = format!("You hold {SOCKETS} sockets. Close a page first.");
        return reply::problem(Problem::new(Code::TooManyWatches, detail));
    };
    let app = app.clone();
    let upgrade = upgrade.max_message_size(MESSAGE).max_frame_size(MESSAGE);
    upgrade.on_upgrade(async move |socket| serve(app, principal, socket, place).await).into_response()
}

/// A socket's place among those of its principal.
struct Place {
    watching: Arc<Watching>,
    principal: String,
}

impl Place {
    fn take(watching: &Arc<Watching>, principal: &str) -> Option<Place> {
        let mut register = watching.register();
        let held = register.sockets.entry(principal.to_owned()).or_default();
        if *held >= SOCKETS {
            return None;
        }
        *held += 1;
        Some(Place { watching: watching.clone(), principal: principal.to_owned() })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut register = self.watching.register();
        if let Some(held) = register.sockets.get_mut(&self.principal) {
            *held -= 1;
            if *held == 0 {
                register.sockets.remove(&self.principal);
            }
        }
    }
}

/// Why a socket is closed.
struct Closing(u16, String);

fn closing(problem: &Problem) -> Closing {
    Closing(close_code::POLICY, problem.code.as_str().to_owned())
}

async fn serve(app: Arc<App>, principal: Principal, socket: WebSocket, _place: Place) {
    let (mut out, mut input) = socket.split();
    let mut signed_in = Right::new(app.clone(), principal.clone(), None);
    let (tell, mut told) = mpsc::channel(1);
    let mut subscriptions = Subscriptions { app, principal, tell, held: HashMap::new() };
    let mut pings = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut heard, mut messages) = (Instant::now(), 0);
    let greeting = Told::<Value>::Greeting { build: BUILD.to_owned(), now: now() };
    let mut next = Some(Message::text(write(0, &greeting)));
    let closing = loop {
        if let Some(message) = next.take()
            && let Err(closing) = send(&mut out, message, &mut signed_in).await
        {
            break closing;
        }
        tokio::select! {
            problem = signed_in.lost() => break Some(closing(&problem)),
            message = input.next() => {
                let Some(Ok(message)) = message else { break None };
                (heard, messages) = (Instant::now(), messages + 1);
                if messages > MESSAGES {
                    break Some(Closing(close_code::POLICY, "too many messages".to_owned()));
                }
                match message {
                    Message::Text(text) => match serde_json::from_str(&text) {
                        Ok(ask) => next = subscriptions.take(ask).await.map(Message::text),
                        Err(_) => break Some(Closing(close_code::INVALID, "not a message".to_owned())),
                    },
                    Message::Binary(_) => break Some(Closing(close_code::UNSUPPORTED, "not text".to_owned())),
                    Message::Close(_) => break None,
                    Message::Ping(_) | Message::Pong(_) => {}
                }
            }
            Some(text) = told.recv() => next = Some(Message::text(text)),
            _ = pings.tick() => {
                if heard.elapsed() > SILENCE {
                    break None;
                }
                messages = 0;
                next = Some(Message::Ping(Default::default()));
            }
        }
    };
    if let Some(Closing(code, reason)) = closing {
        let frame = CloseFrame { code, reason: reason.into() };
        let parting = async {
            // What was on its way to us is read: a connection that is closed over it loses what we said last.
            if out.send(Message::Close(Some(frame))).await.is_ok() {
                while let Some(Ok(_)) = input.next().await {}
            }
        };
        // Whoever reads nothing is not told why.
        let _ = tokio::time::timeout(PARTING, parting).await;
    }
}

/// Sends a message, unless the sign-in ends before the other side has taken it.
async fn send(
    out: &mut SplitSink<WebSocket, Message>,
    message: Message,
    signed_in: &mut Right,
) -> Result<(), Option<Closing>> {
    tokio::select! {
        biased;
        problem = signed_in.lost() => Err(Some(closing(&problem))),
        sent = out.send(message) => sent.map_err(|_| None),
    }
}

fn write(id: u32, told: &Told<Value>) -> String {
    serde_json::to_string(&(id, told)).unwrap_or_default()
}

struct Subscriptions {
    app: Arc<App>,
    principal: Principal,
    tell: mpsc::Sender<String>,
    held: HashMap<u32, (AbortOnDropHandle<()>, Ticket, Arc<Poller>)>,
}

impl Subscriptions {
    /// Does as the tab asks; gives what it is told at once.
    async fn take(&mut self, ask: Ask) -> Option<String> {
        let subscribe = match ask {
            Ask::Unsubscribe(id) => {
                self.held.remove(&id);
                return None;
            }
            Ask::Look(id) => {
                if let Some((.., poller)) = self.held.get(&id) {
                    poller.ask();
                }
                return None;
            }
            Ask::Subscribe(subscribe) => subscribe,
        };
        let id = subscribe.id;
        Some(match self.subscribe(subscribe).await {
            Ok(subscribed) => write(id, &subscribed),
            Err(problem) => write(id, &Told::Ended(*problem)),
        })
    }

    async fn subscribe(&mut self, asked: Subscribe) -> Result<Told<Value>, Box<Problem>> {
        self.held.retain(|_, (task, ..)| !task.is_finished());
        if asked.id == 0 || self.held.contains_key(&asked.id) {
            return Err(Box::new(Problem::new(Code::BadRequest, "A subscription has a number of its own, above 0.")));
        }
        if self.held.len() >= SUBSCRIPTIONS {
            let detail = format!("A page may hold {SUBSCRIPTIONS} subscriptions.");
            return Err(Box::new(Problem::new(Code::TooManyWatches, detail)));
        }
        let (app, snapshot) = (&self.app, self.app.snapshot());
        let found = access::find_again(app, &snapshot, &self.principal).await?;
        let principal = found.ok_or_else(|| Box::new(Problem::new(Code::SignInRequired, "Your sign-in has ended.")))?;
        let reading = if asked.connection.is_empty() {
            console::watched(&asked.path, &asked.query)?
        } else {
            gateway::watched(&snapshot, &principal, &asked.connection, &asked.path, &asked.query)?
        };
        let (on, slow) = (reading.needs(), reading.row.spec.tail.watch.slow);
        let mut watcher = reading.watch(app, &principal)?;
        watcher.shows();
        if let Some(known) = asked.known {
            watcher.resume(known);
        }
        let poller = watcher.poller();
        let picture = Picture { poller: poller.clone(), principal: principal.clone(), on: on.clone() };
        let ticket = Ticket::new(&app.watching, picture)
            .map_err(|_| Problem::new(Code::Internal, "The subscription could not be made."))?;
        let told = Told::Subscribed { picture: ticket.word.clone(), slow };
        let mut right = Right::new(app.clone(), principal, on);
        let task = follow(asked.id, watcher, async move || right.lost().await, self.tell.clone());
        self.held.insert(asked.id, (AbortOnDropHandle::new(tokio::spawn(task)), ticket, poller));
        Ok(told)
    }
}

/// Tells the tab what is new, one thing after the other, until nothing more comes or the right to it is `lost`.
pub(super) async fn follow(
    id: u32,
    mut watcher: Watcher,
    mut lost: impl AsyncFnMut() -> Problem,
    tell: mpsc::Sender<String>,
) {
    let mut last = None;
    loop {
        let news = tokio::select! {
            biased;
            problem = lost() => Err(problem),
            news = watcher.news() => news.ok_or_else(|| {
                let stopped = || Problem::new(Code::Stopping, "Howdah is stopping.");
                last.take().map_or_else(stopped, |problem: Arc<Problem>| (*problem).clone())
            }),
        };
        // Written only when it can be sent: what waits for a slow tab is shared with all others.
        let Ok(place) = tell.reserve().await else { return };
        match news {
            Ok(News::Patch(_, patch)) => {
                let text = String::from_utf8_lossy(patch.plain());
                place.send(format!("[{id},{{\"patch\":{text}}}]"));
            }
            Ok(News::Whole) => {
                if let Some(version) = watcher.told() {
                    place.send(write(id, &Told::Reset { version }));
                    watcher.expect_fetch();
                }
            }
            Ok(News::Fresh(Freshness { at, complete })) => place.send(write(id, &Told::Fresh { at, complete })),
            Ok(News::Problem(problem)) => {
                place.send(write(id, &Told::Problem((*problem).clone())));
                last = Some(problem);
            }
            Err(problem) => return place.send(write(id, &Told::Ended(problem))),
        }
    }
}
