//! The tab's WebSocket: pages subscribe on it to what they show.
//!
//! There is one while somebody is signed in and the page can be seen; a tab in the background holds none. Whether there
//! ought to be one, and whether the one that there is still lives, is looked at in one place, [`keep`], again and again.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use howdah_shared::watch::Version;
use howdah_shared::watch::messages::{Ask, Subscribe, Told};
use js_sys::{Date, Function, Math};
use leptos::prelude::*;
use serde::de::IgnoredAny;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{CloseEvent, MessageEvent, WebSocket};

use super::polled::{on_visibility, visible};
use super::{early, session};
use crate::browser;

/// How often the line is looked at, in ms.
const LOOK: f64 = 1_000.0;
/// A look that comes so late was slept over: the line may be dead without our knowing.
const SLEPT: f64 = 15_000.0;
/// Silence for so long, in ms, is longer than any pause of a service that is watched.
const SILENCE: f64 = 150_000.0;
/// The longest pause between two tries, in ms.
const LONGEST_PAUSE: f64 = 10_000.0;
/// The WebSocket status of a close for lack of a right.
const POLICY: u16 = 1008;

/// One who is told of what was subscribed to.
pub(super) trait Listener {
    /// The version that it holds.
    fn known(&self) -> Option<Version>;
    /// A message for it came: `[id, Told]`.
    fn told(&self, message: &str);
    /// Howdah cannot be reached.
    fn offline(&self);
}

/// What is watched as long as this is held.
pub(super) struct Subscription(u32);

impl Drop for Subscription {
    fn drop(&mut self) {
        let id = self.0;
        // The page may be torn down with all that stands beside it.
        let _ = LINE.try_with(|line| {
            let mut line = line.borrow_mut();
            line.subscriptions.remove(&id);
            line.send(&Ask::Unsubscribe(id));
        });
    }
}

#[derive(Default)]
struct Line {
    socket: Option<WebSocket>,
    /// Whether the proxy has greeted: only then it is told of subscriptions.
    greeted: bool,
    subscriptions: BTreeMap<u32, (Subscribe, Rc<dyn Listener>)>,
    /// Above that of what the page's first script subscribes to.
    last_id: u32,
    /// The script has subscribed on this line.
    is_early: bool,
    /// Somebody is signed in.
    wanted: bool,
    /// Tries that failed since the last greeting.
    failed: u32,
    /// When the next try is due, when a message came last, when the line was looked at last; by the browser's clock.
    due: f64,
    heard: f64,
    looked: f64,
    /// How far the proxy's clock is ahead of the browser's, in ms.
    ahead: f64,
}

thread_local! {
    static LINE: RefCell<Line> = RefCell::new(Line { last_id: early::SUBSCRIPTION, ..Line::default() });
    static BUILD: RefCell<Option<String>> = const { RefCell::new(None) };
    static RENEWED: ArcRwSignal<bool> = ArcRwSignal::new(false);
    // Never dropped: a handler must outlive the call in which it is replaced.
    static ON_MESSAGE: Closure<dyn Fn(MessageEvent)> = Closure::new(on_message);
    static ON_CLOSE: Closure<dyn Fn(CloseEvent)> = Closure::new(on_close);
}

impl Line {
    fn send(&self, ask: &Ask) {
        if let (true, Some(socket), Ok(text)) = (self.greeted, &self.socket, serde_json::to_string(ask)) {
            // A line that is closing loses nothing: all is asked for anew on the next.
            let _ = socket.send_with_str(&text);
        }
    }

    fn subscribe(&self, subscribe: &Subscribe, listener: &dyn Listener) {
        self.send(&Ask::Subscribe(Subscribe { known: listener.known(), ..subscribe.clone() }));
    }

    fn is(&self, event: &web_sys::Event) -> bool {
        self.socket.as_ref().is_some_and(|socket| event.target().as_deref() == Some(socket.as_ref()))
    }

    /// Goes on with the line of the page's first script, where there is one.
    fn take_early(&mut self) -> bool {
        let (on_message, on_close) = (ON_MESSAGE.with(handler), ON_CLOSE.with(handler));
        let Some(socket) = early::line(&on_message, &on_close) else { return false };
        self.hang_up();
        self.socket = Some(socket);
        self.is_early = early::list().is_some();
        (self.heard, self.looked) = (Date::now(), Date::now());
        true
    }

    /// Tells the proxy, which has just greeted, of all that is watched.
    fn subscribe_all(&mut self) {
        let is_early = std::mem::take(&mut self.is_early);
        if is_early && !self.subscriptions.contains_key(&early::SUBSCRIPTION) {
            self.send(&Ask::Unsubscribe(early::SUBSCRIPTION));
        }
        for (id, (subscribe, listener)) in &self.subscriptions {
            if !(is_early && *id == early::SUBSCRIPTION) {
                self.subscribe(subscribe, &**listener);
            }
        }
    }

    fn hang_up(&mut self) {
        if let Some(socket) = self.socket.take() {
            let _ = socket.close();
        }
        self.greeted = false;
        self.is_early = false;
    }
}

/// Holds a line as long as the owner lives.
pub(crate) fn provide_line() {
    if browser::ABSENT {
        return;
    }
    let is_taken = LINE.with_borrow_mut(|line| {
        line.wanted = true;
        line.take_early()
    });
    if is_taken {
        early::told().iter().for_each(|event| on_message(event.unchecked_into()));
    }
    keep();
    let look = set_interval_with_handle(keep, Duration::from_millis(LOOK as u64));
    on_visibility(keep);
    let online = window_event_listener(leptos::ev::online, |_| {
        LINE.with_borrow_mut(|line| line.due = 0.0);
        keep();
    });
    on_cleanup(move || {
        if let Ok(look) = look {
            look.clear();
        }
        online.remove();
        LINE.with_borrow_mut(|line| line.wanted = false);
        keep();
    });
}

/// Whether the proxy is of another build than this page; reading it subscribes.
pub(crate) fn renewed() -> ArcRwSignal<bool> {
    RENEWED.with(Clone::clone)
}

/// Watches a read, of a connection or, without one, of Howdah's own; what is told comes to the listener.
pub(super) fn subscribe(connection: String, path: String, query: String, listener: Rc<dyn Listener>) -> Subscription {
    let id = LINE.with_borrow_mut(|line| {
        line.last_id += 1;
        let subscribe = Subscribe { id: line.last_id, connection, path, query, known: None };
        line.subscribe(&subscribe, &*listener);
        line.subscriptions.insert(line.last_id, (subscribe, listener));
        line.last_id
    });
    Subscription(id)
}

/// The same for the list that the page's first script may have subscribed to.
pub(super) fn subscribe_early(
    connection: String,
    path: String,
    query: String,
    listener: Rc<dyn Listener>,
) -> Subscription {
    if early::list().is_none_or(|list| list != [&*connection, &path, &query].join(" ")) {
        return subscribe(connection, path, query, listener);
    }
    let id = early::SUBSCRIPTION;
    let subscribe = Subscribe { id, connection, path, query, known: None };
    LINE.with_borrow_mut(|line| line.subscriptions.insert(id, (subscribe, listener)));
    Subscription(id)
}

/// Has the service asked at once for what is watched; where there is no line, tries at once to have one.
pub(super) fn look(subscription: &Subscription) {
    LINE.with_borrow_mut(|line| {
        line.due = 0.0;
        line.send(&Ask::Look(subscription.0));
    });
    keep();
}

/// An instant of the proxy's clock by the browser's.
pub(super) fn here(instant: i64) -> f64 {
    LINE.with_borrow(|line| instant as f64 - line.ahead)
}

/// Sees to it that there is a line when there ought to be one.
fn keep() {
    let now = Date::now();
    LINE.with_borrow_mut(|line| {
        let slept = now - std::mem::replace(&mut line.looked, now) > SLEPT;
        let is_dead = slept || (now - line.heard > SILENCE && !line.subscriptions.is_empty());
        if is_dead || !line.wanted || !visible() {
            line.hang_up();
        }
        if slept {
            line.due = 0.0;
        }
        if line.wanted && visible() && line.socket.is_none() && line.due <= now {
            // For as long as the browser takes to find out that nobody answers.
            line.heard = now;
            line.socket = open();
            line.due = now + LONGEST_PAUSE;
        }
    });
}

fn handler<T: ?Sized>(closure: &Closure<T>) -> Function {
    closure.as_ref().unchecked_ref::<Function>().clone()
}

fn open() -> Option<WebSocket> {
    let base = web_sys::window()?.document()?.base_uri().ok()??;
    let socket = WebSocket::new(&format!("ws{}api/watch", base.strip_prefix("http")?)).ok()?;
    socket.set_onmessage(Some(&ON_MESSAGE.with(handler)));
    socket.set_onclose(Some(&ON_CLOSE.with(handler)));
    Some(socket)
}

fn on_message(event: MessageEvent) {
    let current = LINE.with_borrow_mut(|line| {
        line.heard = Date::now();
        line.is(&event)
    });
    let Some(text) = event.data().as_string().filter(|_| current) else { return };
    // Read as bytes, as replies are: a reader of its own for texts would be downloaded besides.
    // The rest is the subscription's to read: it knows the type of its rows.
    let Ok((id, IgnoredAny)) = serde_json::from_slice::<(u32, IgnoredAny)>(text.as_bytes()) else { return };
    if id == 0 {
        if let Ok((_, Told::Greeting { build, now })) =
            serde_json::from_slice::<(u32, Told<IgnoredAny>)>(text.as_bytes())
        {
            greeted(build, now, Date::now() - since(&event));
        }
        return;
    }
    let listener = LINE.with_borrow(|line| line.subscriptions.get(&id).map(|(_, listener)| listener.clone()));
    if let Some(listener) = listener {
        listener.told(&text);
    }
}

/// How long ago it was told of, in ms: it may have waited for the console.
fn since(event: &web_sys::Event) -> f64 {
    let performance = web_sys::window().and_then(|window| window.performance());
    performance.map_or(0.0, |performance| performance.now() - event.time_stamp())
}

fn greeted(build: String, now: i64, heard: f64) {
    let is_another = BUILD.with_borrow_mut(|known| *known.get_or_insert_with(|| build.clone()) != build);
    RENEWED.with(|renewed| renewed.set(is_another));
    LINE.with_borrow_mut(|line| {
        line.greeted = true;
        line.failed = 0;
        line.ahead = now as f64 - heard;
        line.subscribe_all();
    });
}

fn on_close(event: CloseEvent) {
    if !LINE.with_borrow(|line| line.is(&event)) {
        return;
    }
    let (pause, was_greeted, listeners) = LINE.with_borrow_mut(|line| {
        let was_greeted = line.greeted;
        line.hang_up();
        line.failed += u32::from(!was_greeted);
        // Not all tabs at once when a proxy comes back.
        let pause = (f64::from(line.failed).exp2() * 250.0).min(LONGEST_PAUSE) * (0.5 + Math::random() / 2.0);
        line.due = Date::now() + pause;
        let listeners = line.subscriptions.values().map(|(_, listener)| listener.clone());
        (pause, was_greeted, listeners.collect::<Vec<_>>())
    });
    if !was_greeted {
        // One try has failed. Before that it may be a restart, which is nobody's trouble.
        listeners.iter().for_each(|listener| listener.offline());
    }
    if !was_greeted || event.code() == POLICY {
        // Perhaps nobody is signed in any more: a browser does not say why it was refused a line.
        leptos::task::spawn_local(session::ask());
    }
    set_timeout(keep, Duration::from_millis(pause as u64 + 1));
}
