//! A labelled input with its hint and what is wrong with it.

use crate::ui::live::{string, when};
use leptos::prelude::*;

/// A labelled text or number input.
#[component]
pub(crate) fn Field(
    /// Its id, unique on the page; tests and labels use it.
    #[prop(into)]
    id: String,
    /// Its label.
    #[prop(into)]
    label: Signal<String>,
    /// Its text.
    value: RwSignal<String>,
    /// What is wrong with it; shown below.
    #[prop(into, default = Signal::stored(None))]
    fault: Signal<Option<String>>,
    /// What to know before typing; also the place for "as it is".
    #[prop(into, default = Signal::stored(String::new()))]
    hint: Signal<String>,
    /// What stands in it while it is empty.
    #[prop(into, default = Signal::stored(String::new()))]
    placeholder: Signal<String>,
    /// `text`, `number`, `password`, `search`.
    #[prop(default = "text")]
    kind: &'static str,
    /// The unit that follows it.
    #[prop(into, default = Signal::stored(String::new()))]
    unit: Signal<String>,
    /// What the browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Whether it cannot be changed now.
    #[prop(into, default = Signal::stored(false))]
    disabled: Signal<bool>,
    /// The id of a list of what may be meant.
    #[prop(default = None)]
    list: Option<&'static str>,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    let fault_id = format!("{id}-fault");
    let described = {
        let (hint_id, fault_id) = (hint_id.clone(), fault_id.clone());
        move || match (fault.with(Option::is_some), hint.with(String::is_empty)) {
            (true, _) => Some(fault_id.clone()),
            (false, false) => Some(hint_id.clone()),
            (false, true) => None,
        }
    };
    // Numbers are typed into a text input: the browser's number input hides what it cannot read.
    let (input_kind, mode) = if kind == "number" { ("text", Some("numeric")) } else { (kind, None) };
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>
                {label}
            </label>
            <div class="field-box">
                <input
                    class="input"
                    class:input-number=mode.is_some()
                    id=id.clone()
                    name=id
                    list=list
                    type=input_kind
                    inputmode=mode
                    autocomplete=autocomplete
                    spellcheck="false"
                    placeholder=placeholder
                    aria-invalid=move || fault.with(Option::is_some).then_some("true")
                    aria-describedby=described
                    disabled=move || disabled.get()
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                />
                {when(move || !unit.with(String::is_empty), move || view! {
                    <span class="field-unit">{unit}</span>
                }.into_any())}
            </div>
            <p class="field-hint" id=hint_id hidden=move || hint.with(String::is_empty) || fault.with(Option::is_some)>
                {hint}
            </p>
            <p class="field-fault" id=fault_id hidden=move || fault.with(Option::is_none)>
                {string(move || fault.get().unwrap_or_default())}
            </p>
        </div>
    }
}
