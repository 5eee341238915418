//! The menu of a span of time.

use js_sys::Date;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::span::{LAST, Span, ends, written};
use crate::i18n::*;
use crate::ui::live::string;

/// The spans that end now, and one of the viewer's own.
#[component]
pub(super) fn TimeMenu(
    /// The facet.
    id: &'static str,
    /// What it is called.
    title: Signal<String>,
    /// Its text in the address.
    text: RwSignal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let choice = move |value: &'static str, word: Signal<String>| {
        view! {
            <label class="menu-item menu-check">
                <input
                    type="radio"
                    name=id
                    prop:checked=move || text.with(|text| text == value)
                    on:change=move |_| text.set(value.to_owned())
                />
                <span>{word}</span>
            </label>
        }
    };
    let end = move |from: bool| {
        let ends = move || text.with(|text| ends(text)).unwrap_or_default();
        let label = if from { words!(list.time_from) } else { words!(list.time_to) };
        let change = move |event| {
            let at = read(&event_target_value(&event));
            let (was_from, was_to) = ends();
            text.set(if from { written(at, was_to) } else { written(was_from, at) });
        };
        view! {
            <label class="facet-end">
                <span>{label}</span>
                <input
                    class="input"
                    type="datetime-local"
                    prop:value=string(move || {
                        let (a, b) = ends();
                        (if from { a } else { b }).map(local).unwrap_or_default()
                    })
                    on:change=change
                />
            </label>
        }
    };
    view! {
        <div role="radiogroup" aria-label=title>
            {choice("", words!(list.any_time))}
            {LAST.map(|(value, _)| choice(value, string(move || Span::said(i18n, value)))).collect_view()}
        </div>
        {end(true)}
        {end(false)}
    }
}

/// An instant as the browser's input writes it, in the viewer's zone.
fn local(at: i64) -> String {
    let date = Date::new(&JsValue::from_f64(at as f64));
    let (month, day) = (date.get_month() + 1, date.get_date());
    format!("{:04}-{month:02}-{day:02}T{:02}:{:02}", date.get_full_year(), date.get_hours(), date.get_minutes())
}

fn read(text: &str) -> Option<i64> {
    let at = Date::new(&text.into()).get_time();
    (!text.is_empty() && !at.is_nan()).then_some(at as i64)
}
