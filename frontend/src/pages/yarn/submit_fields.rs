//! The fields of a submission.

use leptos::prelude::*;

use super::submit_form::{Fault, Part, Switches, Typed};
use crate::i18n::*;
use crate::ui::field::Field;
use crate::ui::live::{string, when};

/// The text of each field.
pub(super) type Texts = StoredValue<Vec<(Part, RwSignal<String>)>>;

/// What most submissions need; all others are folded away.
const FIRST: &[Part] = &[
    Part::Name,
    Part::Kind,
    Part::Queue,
    Part::Command,
    Part::Memory,
    Part::Cores,
    Part::Environment,
    Part::Tags,
    Part::Priority,
    Part::Attempts,
];

/// All of them.
#[component]
pub(super) fn Fields(
    /// Their texts.
    texts: Texts,
    /// What is switched on.
    switches: RwSignal<Switches>,
    /// What is wrong with them.
    faults: Memo<Vec<(Part, Fault)>>,
    /// The queues to choose from, each with what the service takes for it.
    queues: Memo<Vec<(String, String)>>,
    /// Whether none can be changed now.
    busy: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    // Nothing is wrong yet with what nobody has touched.
    let touched = RwSignal::new(Vec::<Part>::new());
    let field = move |part: Part| {
        let text = texts.with_value(|texts| texts.iter().find(|(other, _)| *other == part).map(|(_, text)| *text));
        let Some(text) = text else { return ().into_any() };
        let fault = Signal::derive(move || {
            let fault = faults
                .with(|faults| faults.iter().find(|(other, _)| *other == part).map(|(_, fault)| fault.clone()))?;
            let is_quiet = fault == Fault::Empty && !touched.with(|touched| touched.contains(&part));
            (!is_quiet).then(|| fault_words(i18n, &fault))
        });
        let label = Signal::derive(move || part_word(i18n, part));
        let hint = Signal::derive(move || hint(i18n, part));
        let view = match part.typed() {
            Typed::Text if part == Part::Queue => view! {
                <Field id=part.id() label=label value=text fault=fault hint=hint disabled=busy list=Some("submit-queues") />
                <datalist id="submit-queues">
                    <For each=move || queues.get() key=|(path, _)| path.clone() let:queue>
                        <option value=queue.1>{queue.0}</option>
                    </For>
                </datalist>
            }
            .into_any(),
            Typed::Text => {
                view! { <Field id=part.id() label=label value=text fault=fault hint=hint disabled=busy /> }.into_any()
            }
            Typed::Number => {
                let unit = match part {
                    Part::Memory => "MiB",
                    Part::Validity => "ms",
                    _ => "",
                };
                view! {
                    <Field id=part.id() label=label value=text fault=fault hint=hint disabled=busy kind="number" unit=Signal::stored(unit.to_owned()) />
                }
                .into_any()
            }
            typed => view! { <Area part=part text=text label=label hint=hint fault=fault hidden=typed == Typed::Hidden busy=busy /> }
                .into_any(),
        };
        view! {
            <div on:focusout=move |_| {
                if !touched.with_untracked(|touched| touched.contains(&part)) {
                    touched.update(|touched| touched.push(part));
                }
            }>{view}</div>
        }
        .into_any()
    };
    let switch = move |word: Signal<String>, of: fn(&mut Switches) -> &mut bool| {
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    disabled=move || busy.get()
                    prop:checked=move || switches.with(|switches| *of(&mut switches.clone()))
                    on:change=move |event| switches.update(|switches| *of(switches) = event_target_checked(&event))
                />
                <span>{word}</span>
            </label>
        }
    };
    let others = Part::ALL.iter().filter(|part| !FIRST.contains(part));
    view! {
        <div class="again-numbers">{FIRST.iter().map(|part| field(*part)).collect_view()}</div>
        <details class="folded">
            <summary>{words!(submit.more)}</summary>
            <div class="again-numbers">
                {others.map(|part| field(*part)).collect_view()}
                {switch(words!(submit.unmanaged), |switches| &mut switches.unmanaged)}
                {switch(words!(submit.keep_containers), |switches| &mut switches.keep_containers)}
                {switch(words!(submit.keep_tokens), |switches| &mut switches.keep_tokens)}
            </div>
        </details>
    }
}

/// Several lines.
#[component]
fn Area(
    part: Part,
    text: RwSignal<String>,
    label: Signal<String>,
    hint: Signal<String>,
    fault: Signal<Option<String>>,
    hidden: bool,
    busy: RwSignal<bool>,
) -> impl IntoView {
    let (hint_id, fault_id) = (format!("{}-hint", part.id()), format!("{}-fault", part.id()));
    let described = {
        let (hint_id, fault_id) = (hint_id.clone(), fault_id.clone());
        move || if fault.with(Option::is_some) { fault_id.clone() } else { hint_id.clone() }
    };
    view! {
        <div class="field">
            <label class="field-label" for=part.id()>{label}</label>
            <textarea
                class="input input-lines"
                class:input-hidden=hidden
                id=part.id()
                name=part.id()
                rows="3"
                autocomplete="off"
                spellcheck="false"
                aria-invalid=move || fault.with(Option::is_some).then_some("true")
                aria-describedby=described
                disabled=move || busy.get()
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
            ></textarea>
            <p class="field-hint" id=hint_id hidden=move || fault.with(Option::is_some)>{hint}</p>
            {when(move || fault.with(Option::is_some), move || view! {
                <p class="field-fault" id=fault_id.clone()>{string(move || fault.get().unwrap_or_default())}</p>
            }.into_any())}
        </div>
    }
}

fn fault_words(i18n: I18nContext<Locale>, fault: &Fault) -> String {
    match fault {
        Fault::Empty => t_string!(i18n, submit.fault_empty).to_string(),
        Fault::Number => t_string!(i18n, submit.fault_number).to_string(),
        Fault::Line(line) => t_string!(i18n, submit.fault_line, line = *line).to_string(),
        Fault::Rule(rule) => t_string!(i18n, submit.fault_rule, rule = rule.clone()).to_string(),
    }
}

fn part_word(i18n: I18nContext<Locale>, part: Part) -> String {
    let word = match part {
        Part::Name => t_string!(i18n, applications.name),
        Part::Kind => t_string!(i18n, applications.kind),
        Part::Queue => t_string!(i18n, applications.queue),
        Part::Priority => t_string!(i18n, application.priority),
        Part::Tags => t_string!(i18n, application.tags),
        Part::Command => t_string!(i18n, submit.command),
        Part::Memory => t_string!(i18n, submit.memory),
        Part::Cores => t_string!(i18n, submit.cores),
        Part::Environment => t_string!(i18n, submit.environment),
        Part::Resources => t_string!(i18n, submit.resources),
        Part::Attempts => t_string!(i18n, submit.attempts),
        Part::Validity => t_string!(i18n, submit.validity),
        Part::Label => t_string!(i18n, application.label),
        Part::MasterLabel => t_string!(i18n, application.master_label),
        Part::Viewers => t_string!(i18n, submit.viewers),
        Part::Modifiers => t_string!(i18n, submit.modifiers),
        Part::ServiceData => t_string!(i18n, submit.service_data),
        Part::Tokens => t_string!(i18n, submit.tokens),
        Part::Secrets => t_string!(i18n, submit.secrets),
        Part::LogInclude => t_string!(i18n, submit.log_include),
        Part::LogExclude => t_string!(i18n, submit.log_exclude),
        Part::RolledInclude => t_string!(i18n, submit.rolled_include),
        Part::RolledExclude => t_string!(i18n, submit.rolled_exclude),
        Part::LogPolicy => t_string!(i18n, submit.log_policy),
        Part::LogParameters => t_string!(i18n, submit.log_parameters),
        Part::Reservation => t_string!(i18n, submit.reservation),
    };
    word.to_string()
}

fn hint(i18n: I18nContext<Locale>, part: Part) -> String {
    let hint = match part {
        Part::Tags => t_string!(i18n, submit.hint_tags),
        Part::Command => t_string!(i18n, submit.hint_command),
        Part::Environment => t_string!(i18n, submit.hint_environment),
        Part::Resources => t_string!(i18n, submit.hint_resources),
        Part::Viewers | Part::Modifiers => t_string!(i18n, submit.hint_acl),
        Part::ServiceData | Part::Tokens | Part::Secrets => t_string!(i18n, submit.hint_secrets),
        Part::Queue => t_string!(i18n, submit.hint_queue),
        Part::Cores => t_string!(i18n, submit.hint_cores),
        Part::Reservation => t_string!(i18n, submit.hint_reservation),
        _ => return String::new(),
    };
    hint.to_string()
}
