//! The fields of the form that runs a cluster again.

use leptos::prelude::*;

use super::again_form::{Fault, Part};
use super::again_words::{fault_words, part_word};
use super::version::Version;
use crate::i18n::*;
use crate::ui::field::Field;
use crate::ui::format;

/// The text of each field.
pub(super) type Texts = StoredValue<Vec<(Part, RwSignal<String>)>>;
/// Those of which the last value cannot be shown for editing, with as much of it as can be shown.
pub(super) type Masked = StoredValue<Vec<(Part, String)>>;

/// All that the version takes.
#[component]
pub(super) fn Fields(
    /// Which API it speaks.
    version: Version,
    /// Their texts.
    texts: Texts,
    /// What is wrong with them.
    faults: Memo<Vec<(Part, Fault)>>,
    /// Those that begin empty although they are not.
    masked: Masked,
    /// Whether the task is one of Hive, which has no deploy mode.
    is_hive: bool,
    /// Whether none can be changed now.
    busy: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let fault = move |part: Part| {
        Signal::derive(move || {
            let found = faults.with(|faults| faults.iter().find(|(other, _)| *other == part).cloned());
            found.map(|(_, fault)| fault_words(i18n, &fault))
        })
    };
    let hint = move |part: Part| {
        let masked = masked.with_value(|masked| masked.iter().any(|(other, _)| *other == part));
        Signal::derive(move || match (masked, part.range(version)) {
            (true, _) => t_string!(i18n, run_again.hint_masked).to_string(),
            (false, Some(range)) => t_string!(
                i18n,
                run_again.hint_range,
                from = format::count((*range.start()).into()),
                to = format::count((*range.end()).into())
            )
            .to_string(),
            (false, None) => String::new(),
        })
    };
    let text =
        move |part| texts.with_value(|texts| texts.iter().find(|(other, _)| *other == part).map(|(_, text)| *text));
    let field = move |id: &'static str, part: Part| {
        let Some(text) = text(part) else { return ().into_any() };
        let label = Signal::derive(move || part_word(i18n, part));
        let kind = if part.range(version).is_some() { "number" } else { "text" };
        view! {
            <Field
                id=id
                kind=kind
                label=label
                value=text
                fault=fault(part)
                hint=hint(part)
                placeholder=words!(run_again.as_it_is)
                unit=part.unit().to_owned()
                disabled=busy
            />
        }
        .into_any()
    };
    view! {
        <div class="again-numbers">
            {field("workers", Part::Workers)}
            {field("volume", Part::Volume)}
            {field("block", Part::Block)}
            {field("replication", Part::Replication)}
        </div>
        {text(Part::Mode).filter(|_| !is_hive).map(|text| view! { <ModeField text=text busy=busy /> })}
        {field("options", Part::Options)}
        {field("parameters", Part::Parameters)}
        {(version == Version::V2).then(|| view! {
            <details class="folded">
                <summary>{words!(run_again.more)}</summary>
                <div class="again-numbers">
                    {field("masters", Part::Masters)}
                    {field("master-volume", Part::MasterVolume)}
                    {field("tasks", Part::Tasks)}
                    {field("task-volume", Part::TaskVolume)}
                </div>
                {field("security-groups", Part::SecurityGroups)}
            </details>
        })}
    }
}

/// Where a Spark driver runs.
#[component]
fn ModeField(text: RwSignal<String>, busy: RwSignal<bool>) -> impl IntoView {
    view! {
        <div class="field">
            <label class="field-label" for="mode">{words!(run_again.mode)}</label>
            <select
                class="input"
                id="mode"
                name="mode"
                disabled=move || busy.get()
                prop:value=move || text.get()
                on:change=move |event| text.set(event_target_value(&event))
            >
                <option value="">{words!(run_again.as_it_is)}</option>
                <option value="client" selected=move || text.with(|text| text == "client")>"client"</option>
                <option value="cluster" selected=move || text.with(|text| text == "cluster")>"cluster"</option>
            </select>
        </div>
    }
}
