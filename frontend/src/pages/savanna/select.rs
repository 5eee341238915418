//! Choices of one of a few, and lists of what may be meant.

use leptos::prelude::*;

use super::listed::Choice;
use crate::ui::live::{string, when};

/// A choice of one of a few.
pub(super) fn select(
    id: String,
    label: Signal<String>,
    fault: Signal<Option<String>>,
    busy: RwSignal<bool>,
    text: RwSignal<String>,
    options: Vec<(String, Signal<String>)>,
) -> AnyView {
    let fault_id = format!("{id}-fault");
    let described = fault_id.clone();
    let options = options.into_iter().map(|(value, word)| {
        let own = value.clone();
        view! { <option value=value prop:selected=move || text.with(|text| *text == own)>{word}</option> }
    });
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{label}</label>
            <select
                class="input"
                id=id
                disabled=move || busy.get()
                aria-invalid=move || fault.with(Option::is_some).then_some("true")
                aria-describedby=move || fault.with(Option::is_some).then(|| described.clone())
                on:change=move |event| text.set(event_target_value(&event))
            >
                {options.collect_view()}
            </select>
            {when(move || fault.with(Option::is_some), move || view! {
                <p class="field-fault" id=fault_id.clone()>{string(move || fault.get().unwrap_or_default())}</p>
            }.into_any())}
        </div>
    }
    .into_any()
}

/// What is chosen is offered, also where nothing else knows it.
pub(super) fn with_own(offered: &mut Vec<String>, chosen: RwSignal<String>) {
    let own = chosen.get_untracked();
    if !own.is_empty() && !offered.contains(&own) {
        offered.push(own);
    }
}

/// What is offered, behind a word for nothing.
pub(super) fn offered(none: Signal<String>, names: Vec<String>) -> Vec<(String, Signal<String>)> {
    let names = names.into_iter().map(|name| (name.clone(), Signal::stored(name)));
    std::iter::once((String::new(), none)).chain(names).collect()
}

/// A list of what may be meant.
pub(super) fn suggestions(id: &'static str, known: impl Fn() -> Vec<Choice> + Send + Sync + 'static) -> AnyView {
    view! {
        <datalist id=id>
            <For each=known key=Clone::clone let((id, name))>
                <option value=id label=(!name.is_empty()).then_some(name)></option>
            </For>
        </datalist>
    }
    .into_any()
}
