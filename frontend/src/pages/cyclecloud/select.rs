//! Choices of one of several.

use leptos::prelude::*;

/// The choice. What is not among them any more stays chosen until somebody chooses otherwise.
#[component]
pub(super) fn Select(
    /// Its id, unique on the page.
    id: &'static str,
    /// Its label.
    label: Signal<String>,
    /// What is chosen.
    value: RwSignal<String>,
    /// What there is to choose from: each with what it is called.
    #[prop(into)]
    from: Signal<Vec<(String, String)>>,
    /// Whether it cannot be changed now.
    #[prop(into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    view! {
        <div class="field">
            <label class="field-label" for=id>{label}</label>
            <select
                class="input"
                id=id
                disabled=move || disabled.get()
                on:change=move |event| value.set(event_target_value(&event))
            >
                <For each=move || from.get() key=Clone::clone let:one>
                    {
                        let own = one.0.clone();
                        view! {
                            <option value=one.0 selected=move || value.with(|value| *value == own)>{one.1}</option>
                        }
                    }
                </For>
            </select>
        </div>
    }
}

/// Whether nodes or cores are counted: the empty text is nodes.
#[component]
pub(super) fn CountedIn(
    /// What is chosen.
    by: RwSignal<String>,
    /// Whether it cannot be changed now.
    #[prop(into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let choices = [("", words!(cycle_add.by_nodes)), (CORES, words!(cycle_add.by_cores))].map(|(value, word)| {
        view! {
            <label class="check">
                <input
                    type="radio"
                    name="by"
                    value=value
                    prop:checked=move || by.with(|by| by == value)
                    disabled=move || disabled.get()
                    on:change=move |_| by.set(value.to_owned())
                />
                <span>{word}</span>
            </label>
        }
    });
    view! {
        <fieldset class="choice-field">
            <legend class="field-label">{words!(cycle_add.by)}</legend>
            <div class="choice">{choices}</div>
        </fieldset>
    }
}

/// What stands for cores.
pub(super) const CORES: &str = "cores";
