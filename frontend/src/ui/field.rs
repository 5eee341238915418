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
    let about = About { hint, fault };
    let (described, notes) = (about.named(&id), about.notes(&id));
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
            {notes}
        </div>
    }
}

/// A labelled text of several lines.
#[component]
pub(crate) fn Lines(
    /// Its id, unique on the page; tests and labels use it.
    id: &'static str,
    /// Its label.
    label: Signal<String>,
    /// Its text.
    value: RwSignal<String>,
    /// What is wrong with it; shown below.
    #[prop(into, default = Signal::stored(None))]
    fault: Signal<Option<String>>,
    /// What to know before typing.
    #[prop(into, default = Signal::stored(String::new()))]
    hint: Signal<String>,
    /// How many lines there is room for.
    #[prop(default = "4")]
    rows: &'static str,
    /// Whether it cannot be changed now.
    #[prop(into, default = Signal::stored(false))]
    disabled: Signal<bool>,
) -> impl IntoView {
    let about = About { hint, fault };
    view! {
        <div class="field">
            <label class="field-label" for=id>{label}</label>
            <textarea
                class="input input-lines"
                id=id
                rows=rows
                spellcheck="false"
                autocomplete="off"
                disabled=move || disabled.get()
                aria-invalid=move || fault.with(Option::is_some).then_some("true")
                aria-describedby=about.named(id)
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
            {about.notes(id)}
        </div>
    }
}

/// What stands below an input.
#[derive(Clone, Copy)]
struct About {
    hint: Signal<String>,
    fault: Signal<Option<String>>,
}

impl About {
    /// The id of what is shown of it; `None` where that is nothing.
    fn named(self, id: &str) -> Signal<Option<String>> {
        let id = id.to_owned();
        Signal::derive(move || match (self.fault.with(Option::is_some), self.hint.with(String::is_empty)) {
            (true, _) => Some(format!("{id}-fault")),
            (false, false) => Some(format!("{id}-hint")),
            (false, true) => None,
        })
    }

    fn notes(self, id: &str) -> AnyView {
        let About { hint, fault } = self;
        let no_hint = move || hint.with(String::is_empty) || fault.with(Option::is_some);
        view! {
            <p class="field-hint" id=format!("{id}-hint") hidden=no_hint>{hint}</p>
            <p class="field-fault" id=format!("{id}-fault") hidden=move || fault.with(Option::is_none)>
                {string(move || fault.get().unwrap_or_default())}
            </p>
        }
        .into_any()
    }
}
