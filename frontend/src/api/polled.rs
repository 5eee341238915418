//! A read of Howdah's own that is asked for again whenever its answer has changed, and keeps its last good answer.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use howdah_shared::problem::{Code, Problem};
use howdah_shared::watch::Version;
use howdah_shared::watch::messages::Told;
use js_sys::{Function, Promise};
use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;
use serde::de::IgnoredAny;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::JsFuture;

use super::Read;
use super::socket::{self, Listener};
use crate::browser;
use crate::components::settled;
use crate::ui::live::effect;

/// What is known from a repeated read.
pub(crate) struct Polled<T: Send + Sync + 'static> {
    /// The last good answer.
    pub(crate) value: RwSignal<Option<T>>,
    /// When it came, in ms since the epoch by the browser's clock.
    pub(crate) seen: RwSignal<Option<f64>>,
    /// Why the latest try failed; `None` after a good one.
    pub(crate) problem: RwSignal<Option<Problem>>,
    again: StoredValue<Box<dyn Fn()>, LocalStorage>,
}

impl<T: Send + Sync + 'static> Clone for Polled<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Polled<T> {}

impl<T: Send + Sync + 'static> Polled<T> {
    /// Nothing is known yet; `again` asks at once.
    pub(super) fn new(again: impl Fn() + 'static) -> Polled<T> {
        Polled {
            value: RwSignal::new(None),
            seen: RwSignal::new(None),
            problem: RwSignal::new(None),
            again: StoredValue::new_local(Box::new(again)),
        }
    }

    /// Takes an answer; gives the version of a good one.
    fn take(self, answer: Result<Read<T>, Problem>) -> Option<Version>
    where
        T: PartialEq,
    {
        match answer {
            Ok(Read { reply, version }) => {
                self.seen.set(Some(browser::now()));
                if self.problem.with_untracked(Option::is_some) {
                    self.problem.set(None);
                }
                // An equal answer draws nothing.
                if self.value.with_untracked(|value| value.as_ref() != Some(&reply)) {
                    self.value.set(Some(reply));
                }
                version
            }
            Err(problem) => {
                self.problem.set(Some(problem));
                None
            }
        }
    }

    /// Asks again at once.
    pub(crate) fn refresh(self) {
        self.again.with_value(|again| again());
    }
}

/// One try.
type Turn = Box<dyn Fn() -> Pin<Box<dyn Future<Output = ()>>>>;

async fn repeat(turn: Turn, rest: Box<dyn Fn() -> Option<i32>>, wake: Wake) {
    let first = settled::begin();
    turn().await;
    drop(first);
    loop {
        // Meanwhile it may have become known that changes will be told.
        while !wake.pause(rest()).await && rest().is_none() {}
        while !visible() {
            wake.pause(None).await;
        }
        turn().await;
    }
}

/// Ends the pause between two tries, or lets the next be none.
#[derive(Clone, Default)]
struct Wake(Rc<(RefCell<Option<Function>>, Cell<bool>)>);

impl Wake {
    fn now(&self) {
        let (waiting, missed) = &*self.0;
        match waiting.borrow_mut().take() {
            // Resolving a promise cannot fail.
            Some(resolve) => drop(resolve.call0(&wasm_bindgen::JsValue::NULL)),
            // What is under way may have been answered before.
            None => missed.set(true),
        }
    }

    /// Waits for so many ms, for ever without them, or until woken; gives whether it was.
    async fn pause(&self, milliseconds: Option<i32>) -> bool {
        let (waiting, missed) = &*self.0;
        if missed.take() {
            return true;
        }
        let Some(window) = browser::window() else { return std::future::pending().await };
        let promise = Promise::new(&mut |resolve, _| {
            if let Some(milliseconds) = milliseconds {
                let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
            }
            *waiting.borrow_mut() = Some(resolve);
        });
        let _ = JsFuture::from(promise).await;
        waiting.take().is_none()
    }
}

/// Hears that the answer has changed.
struct Bell {
    wake: Wake,
    /// Whether it would.
    hears: Cell<bool>,
    /// The version of the last answer.
    known: Cell<Option<Version>>,
    seen: RwSignal<Option<f64>>,
    problem: RwSignal<Option<Problem>>,
}

impl Listener for Bell {
    fn known(&self) -> Option<Version> {
        self.known.get()
    }

    fn told(&self, message: &str) {
        match serde_json::from_slice(message.as_bytes()) {
            Ok((IgnoredAny, Told::<IgnoredAny>::Subscribed { .. })) => self.hears.set(true),
            Ok((_, Told::Fresh { at, .. })) if self.problem.with_untracked(Option::is_none) => {
                // What has not come yet is not fresh.
                if self.seen.with_untracked(Option::is_some) {
                    self.seen.set(Some(socket::here(at)));
                }
            }
            Ok((_, Told::Ended(problem))) if problem.code == Code::NotWatchable => self.hears.set(false),
            told => {
                if matches!(told, Ok((_, Told::Ended(_)))) {
                    self.hears.set(false);
                }
                // What it is, and if it is trouble with which trace id, the answer itself will tell.
                self.wake.now();
            }
        }
    }

    fn offline(&self) {
        self.hears.set(false);
        self.wake.now();
    }
}

/// Whether anybody can see the page.
pub(super) fn visible() -> bool {
    browser::window()
        .and_then(|window| window.document())
        .is_none_or(|document| document.visibility_state() != web_sys::VisibilityState::Hidden)
}

/// Asks by `fetch` as long as its owner lives: at once, when the page becomes visible again, and whenever the answer to
/// `path` and `query` changes, or the query itself. Only while that is not told, or the last try has failed, it asks
/// each `pause` ms; that is worked out after each answer, so it may depend on what came.
pub(crate) fn polled<T, F>(
    path: String,
    query: impl Fn() -> String + 'static,
    fetch: impl Fn() -> F + 'static,
    pause: impl Fn(Option<&T>) -> i32 + 'static,
) -> Polled<T>
where
    T: PartialEq + Send + Sync + 'static,
    F: Future<Output = Result<Read<T>, Problem>> + 'static,
{
    let wake = Wake::default();
    let (asked, seen) = (wake.clone(), wake.clone());
    let polled = Polled::new(move || asked.now());
    on_visibility(move || {
        if visible() {
            seen.now();
        }
    });
    let (hears, known) = Default::default();
    let bell = Rc::new(Bell { wake: wake.clone(), hears, known, seen: polled.seen, problem: polled.problem });
    let (question, subscription) = (StoredValue::new(untrack(&query)), StoredValue::new_local(None));
    on_cleanup(move || subscription.set_value(None));
    let ringing = bell.clone();
    // Whether it is another question than before: then what is told of that one is of no use.
    let turned: Rc<dyn Fn() -> bool> = Rc::new(move || {
        let query = query();
        let is_another = question.with_value(|before| *before != query);
        if is_another {
            question.set_value(query);
            subscription.set_value(None);
            ringing.hears.set(false);
            ringing.known.set(None);
        }
        is_another
    });
    let (asks, turns) = (wake.clone(), turned.clone());
    effect(move || {
        if turns() {
            asks.now();
        }
    });
    let told = bell.clone();
    // Boxed: the loop is compiled once, not for every type that is polled.
    let turn: Turn = Box::new(move || {
        untrack(|| turned());
        let (asked, answer) = (question.get_value(), fetch());
        let (path, bell) = (path.clone(), bell.clone());
        Box::pin(async move {
            bell.known.set(polled.take(answer.await));
            // Only now: with the version of the answer, what is told at first is no reason to ask once more.
            let is_due = subscription.with_value(Option::is_none) && question.with_value(|now| *now == asked);
            if is_due {
                subscription.set_value(Some(socket::subscribe(String::new(), path, asked, bell)));
            }
        })
    });
    let rest = Box::new(move || {
        let is_told = told.hears.get() && polled.problem.with_untracked(Option::is_none);
        (!is_told).then(|| polled.value.with_untracked(|value| pause(value.as_ref())))
    });
    spawn_local_scoped_with_cancellation(repeat(turn, rest, wake));
    polled
}

/// Does something whenever the page comes into sight or goes out of it, as long as the owner lives.
pub(super) fn on_visibility(act: impl Fn() + 'static) {
    let Some(document) = browser::window().and_then(|window| window.document()) else { return };
    let listener = Closure::<dyn Fn()>::new(act);
    let function: Function = listener.as_ref().unchecked_ref::<Function>().clone();
    let _ = document.add_event_listener_with_callback("visibilitychange", &function);
    let kept = StoredValue::new_local((document, function, listener));
    on_cleanup(move || {
        kept.with_value(|(document, function, _)| {
            let _ = document.remove_event_listener_with_callback("visibilitychange", function);
        });
    });
}
