//! Instants and ages that keep themselves up to date.

use std::time::Duration;

use crate::browser;
use crate::ui::live::{effect, memo, string};
use js_sys::{Array, Date, Intl, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::format;
use crate::i18n::*;

/// In ms.
const MINUTE: f64 = 60_000.0;

/// The clock that ages are told by.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    /// The browser's time, in ms since the epoch; moves each second.
    pub(crate) now: RwSignal<f64>,
    /// How far the server's clock is ahead of the browser's, in ms.
    pub(crate) ahead: RwSignal<f64>,
}

impl Clock {
    /// The server's time.
    pub(crate) fn server(self) -> f64 {
        self.now.get() + self.ahead.get()
    }
}

/// Makes a clock that all below share.
pub(crate) fn provide_clock() -> Clock {
    let clock = Clock { now: RwSignal::new(browser::now()), ahead: RwSignal::new(0.0) };
    effect(move || {
        // Fails only without a window.
        if let Ok(handle) = set_interval_with_handle(move || clock.now.set(browser::now()), Duration::from_secs(1)) {
            on_cleanup(move || handle.clear());
        }
    });
    provide_context(clock);
    clock
}

/// The clock.
pub(crate) fn use_clock() -> Clock {
    expect_context()
}

/// "3 min ago", with the exact instant on hover.
#[component]
pub(crate) fn Ago(
    /// The instant by the server's clock, in ms since the epoch; `None` where it is not known.
    #[prop(into)]
    at: Signal<Option<i64>>,
    /// How exactly it is told.
    #[prop(default = Precision::Second)]
    precision: Precision,
) -> impl IntoView {
    let i18n = use_i18n();
    let clock = use_clock();
    let least = if precision == Precision::Minute { MINUTE } else { 0.0 };
    // Moves each second, draws only when the words change.
    let words = memo(move || {
        let ago = |at: i64| {
            let past = clock.server() - at as f64;
            format::ago(i18n.get_locale(), if past < least { 0.0 } else { past })
        };
        at.get().map_or_else(|| format::UNKNOWN.to_owned(), ago)
    });
    view! { <Instant at>{words}</Instant> }
}

/// How exactly an instant is told.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Precision {
    /// By the minute.
    #[default]
    Minute,
    /// By the second, where one instant is to be told from the next.
    Second,
}

/// An instant in the viewer's zone, short, with the exact one on hover.
#[component]
pub(crate) fn At(
    /// The instant, in ms since the epoch.
    #[prop(into)]
    at: Signal<i64>,
    /// How exactly it is told.
    #[prop(optional)]
    precision: Precision,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Instant at=Signal::derive(move || Some(at.get()))>
            {string(move || short(i18n.get_locale(), at.get(), precision))}
        </Instant>
    }
}

/// An instant in some words, with the exact one on hover.
#[component]
pub(crate) fn Instant(
    /// The instant, in ms since the epoch; `None` where there is none.
    at: Signal<Option<i64>>,
    /// The words.
    children: Children,
) -> impl IntoView {
    let i18n = use_i18n();
    // The browser takes long to make its first writer of dates, which a page that has just been opened does not need.
    let pointed = RwSignal::new(false);
    view! {
        <time
            datetime=move || at.get().map(iso).filter(|iso| !iso.is_empty())
            title=move || pointed.get().then(|| at.get()).flatten().map(|at| exact(i18n.get_locale(), at))
            on:pointerover=move |_| pointed.set(true)
        >
            {children()}
        </time>
    }
}

/// How long something has been going on, or went on.
#[component]
pub(crate) fn Lasted(
    /// When it began, by the server's clock, in ms since the epoch.
    #[prop(into)]
    from: Signal<i64>,
    /// When it ended; while it goes on the duration grows.
    #[prop(into)]
    to: Signal<Option<i64>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let clock = use_clock();
    let words = memo(move || {
        let end = to.get().map_or_else(|| clock.server(), |end| end as f64);
        format::duration(i18n.get_locale(), end - from.get() as f64)
    });
    view! { <span class="number">{words}</span> }
}

/// The machine's form of an instant.
pub(crate) fn iso(at: i64) -> String {
    let Some(date) = date(at) else { return String::new() };
    // Beyond the years that a date can hold there is no such form.
    if date.get_time().is_nan() { String::new() } else { date.to_iso_string().into() }
}

/// The exact instant with its zone, in the viewer's.
fn exact(language: Locale, at: i64) -> String {
    let options = Object::new();
    for (name, value) in [("dateStyle", "medium"), ("timeStyle", "long")] {
        // Setting a member of a plain object cannot fail.
        let _ = Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    let languages = Array::of1(&JsValue::from_str(crate::components::preferences::tag(language)));
    let writer = Intl::DateTimeFormat::new(languages.unchecked_ref(), options.unchecked_ref()).format();
    let text = date(at).and_then(|date| writer.call1(&JsValue::NULL, &date).ok());
    text.and_then(|text| text.as_string()).unwrap_or_default()
}

/// Month, day and time, in the viewer's zone.
pub(crate) fn short(language: Locale, at: i64, precision: Precision) -> String {
    let Some(date) = date(at) else { return String::new() };
    let mut clock = format!("{:02}:{:02}", date.get_hours(), date.get_minutes());
    if precision == Precision::Second {
        clock.push_str(&format!(":{:02}", date.get_seconds()));
    }
    let months = td_string!(language, time.months);
    let month = months.split(' ').nth(date.get_month() as usize).unwrap_or_default();
    td_string!(language, time.at, month = month, day = date.get_date(), clock = clock).to_string()
}

/// The viewer's zone is the browser's to know.
fn date(at: i64) -> Option<Date> {
    (!browser::ABSENT).then(|| Date::new(&JsValue::from_f64(at as f64)))
}
