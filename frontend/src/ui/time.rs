//! Instants and ages that keep themselves up to date.

use std::cell::RefCell;
use std::time::Duration;

use crate::ui::live::{memo, string};
use js_sys::{Array, Date, Intl, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::format;
use crate::i18n::*;

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
    let clock = Clock { now: RwSignal::new(Date::now()), ahead: RwSignal::new(0.0) };
    // Fails only without a window.
    if let Ok(handle) = set_interval_with_handle(move || clock.now.set(Date::now()), Duration::from_secs(1)) {
        on_cleanup(move || handle.clear());
    }
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
    /// The instant by the server's clock, in ms since the epoch.
    #[prop(into)]
    at: Signal<i64>,
) -> impl IntoView {
    let i18n = use_i18n();
    let clock = use_clock();
    // Moves each second, draws only when the words change.
    let words = memo(move || format::ago(i18n.get_locale(), clock.server() - at.get() as f64));
    view! {
        <time datetime=move || iso(at.get()) title=move || exact(i18n.get_locale(), at.get())>
            {words}
        </time>
    }
}

/// How exactly an instant is told.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Precision {
    /// Month, day, hour and minute.
    #[default]
    Minute,
    /// The second too, where one instant is to be told from the next.
    Second,
    /// All of it with its zone.
    Zone,
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
        <time datetime=move || iso(at.get()) title=move || exact(i18n.get_locale(), at.get())>
            {string(move || written(i18n.get_locale(), at.get(), precision))}
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
    let date = Date::new(&JsValue::from_f64(at as f64));
    // Beyond the years that a date can hold there is no such form.
    if date.get_time().is_nan() { String::new() } else { date.to_iso_string().into() }
}

/// The exact instant with its zone.
pub(crate) fn exact(language: Locale, at: i64) -> String {
    written(language, at, Precision::Zone)
}

/// Month, day and time.
pub(crate) fn short(language: Locale, at: i64) -> String {
    written(language, at, Precision::Minute)
}

fn written(language: Locale, at: i64, precision: Precision) -> String {
    thread_local! {
        // Making a formatter costs far more than using it.
        static MADE: RefCell<Vec<((Locale, Precision), js_sys::Function)>> = const { RefCell::new(Vec::new()) };
    }
    let function = MADE.with_borrow_mut(|made| match made.iter().find(|(key, _)| *key == (language, precision)) {
        Some((_, function)) => function.clone(),
        None => {
            let function = formatter(language, precision);
            made.push(((language, precision), function.clone()));
            function
        }
    });
    let date = Date::new(&JsValue::from_f64(at as f64));
    let text = function.call1(&JsValue::NULL, &date).ok();
    text.and_then(|text| text.as_string()).unwrap_or_default()
}

fn formatter(language: Locale, precision: Precision) -> js_sys::Function {
    const SHORT: [(&str, &str); 5] =
        [("month", "short"), ("day", "numeric"), ("hour", "2-digit"), ("minute", "2-digit"), ("hourCycle", "h23")];
    let options = Object::new();
    let (pairs, second): (&[(&str, &str)], _) = match precision {
        Precision::Minute => (&SHORT, None),
        Precision::Second => (&SHORT, Some(&("second", "2-digit"))),
        Precision::Zone => (&[("dateStyle", "medium"), ("timeStyle", "long")], None),
    };
    for (name, value) in pairs.iter().chain(second) {
        // Setting a member of a plain object cannot fail.
        let _ = Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    let languages = Array::of1(&JsValue::from_str(crate::components::preferences::tag(language)));
    Intl::DateTimeFormat::new(languages.unchecked_ref(), options.unchecked_ref()).format()
}
