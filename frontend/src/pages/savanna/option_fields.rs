//! The options that are set, and a search for those that may be.

use std::sync::Arc;

use howdah_shared::mask::names_a_secret;
use howdah_shared::systems::savanna::PluginConfig;
use leptos::prelude::*;

use super::options::{Key, Options, found, is};
use super::select::select;
use super::sheet::Sheet;
use super::words::said_word;
use crate::i18n::*;
use crate::ui::button::Button;
use crate::ui::field::Field;
use crate::ui::format;
use crate::ui::live::{effect, live, memo, string, when};

/// So many are shown of what is found.
const MOST: usize = 30;

/// The options of a body or of a group.
#[component]
pub(super) fn OptionFields(
    /// The form.
    sheet: Sheet,
    /// What ids begin with.
    id: String,
    /// The member of the body that holds them, with its place.
    place: String,
    /// Those that are set.
    options: Options,
    /// Whether an option of the plugin is for it.
    fits: Callback<PluginConfig, bool>,
) -> impl IntoView {
    let Options(set) = options;
    let keys = memo(move || set.with(|set| set.keys().cloned().collect::<Vec<Key>>()));
    let (own, at) = (StoredValue::new(id.clone()), StoredValue::new(place));
    let one = move |key: Key| {
        let (id, place) = (own.get_value(), at.get_value());
        view! { <One sheet=sheet id=id place=place set=options key=key /> }
    };
    let open = RwSignal::new(false);
    let toggled = move |event: web_sys::Event| {
        let details: web_sys::Element = event_target(&event);
        open.set(details.has_attribute("open"));
    };
    view! {
        <ul class="options" hidden=move || keys.with(Vec::is_empty)>
            <For each=move || keys.get() key=Clone::clone children=one />
        </ul>
        <details class="folded" on:toggle=toggled>
            <summary>{words!(form.find_option)}</summary>
            {when(move || open.get(), move || {
                view! { <Find sheet=sheet id=own.get_value() set=options fits=fits /> }.into_any()
            })}
        </details>
    }
}

fn config(plugin: Option<&Arc<howdah_shared::systems::savanna::Plugin>>, key: &Key) -> Option<PluginConfig> {
    plugin?.configs.iter().find(|config| is(config, &key.0, &key.1)).cloned()
}

/// One that is set.
#[component]
fn One(sheet: Sheet, id: String, place: String, set: Options, key: Key) -> impl IntoView {
    let i18n = use_i18n();
    let Options(set) = set;
    let text = RwSignal::new(set.with_untracked(|set| set.get(&key).cloned()).unwrap_or_default());
    let (own, away, told) = (key.clone(), key.clone(), key.clone());
    // It may be set from elsewhere too.
    effect(move || {
        let now = set.with(|set| set.get(&told).cloned());
        if let Some(now) = now.filter(|now| text.with_untracked(|text| text != now)) {
            text.set(now);
        }
    });
    effect(move || {
        let now = text.get();
        if set.with_untracked(|set| set.get(&own).is_some_and(|before| *before != now)) {
            set.update(|set| drop(set.insert(own.clone(), now)));
        }
    });
    let (target, name) = key.clone();
    let whole = format!("{place}.{target}.{name}");
    let fault = Signal::derive(move || {
        let said = sheet.wrong.with(|wrong| wrong.iter().find(|(at, _)| *at == whole).map(|(_, said)| said.clone()))?;
        Some(said_word(i18n, &said))
    });
    let kind = memo(move || sheet.plugins.chosen.with(|plugin| config(plugin.as_ref(), &key)));
    let id = format!("{id}-option-{target}-{name}").replace(' ', "_");
    let label = Signal::stored(format!("{target}: {name}"));
    let is_secret = names_a_secret(&name);
    let field = live(move || {
        let kind = kind.get();
        let told = kind.as_ref();
        let hint = told.map(|config| {
            let default = config.default_value.as_ref().map(ToString::to_string).filter(|text| !text.is_empty());
            let default = default.map(|value| t_string!(i18n, form.default, value = value).to_string());
            [config.description.clone(), default].into_iter().flatten().collect::<Vec<_>>().join(" · ")
        });
        let choices = told.map(|config| config.config_values.iter().map(ToString::to_string).collect::<Vec<_>>());
        let choices = choices.filter(|choices| !choices.is_empty()).or_else(|| {
            (told?.config_type.as_deref() == Some("bool")).then(|| vec!["true".to_owned(), "false".to_owned()])
        });
        match choices {
            Some(choices) => {
                let choices = choices.into_iter().map(|choice| (choice.clone(), Signal::stored(choice))).collect();
                select(id.clone(), label, fault, sheet.busy, text, choices)
            }
            None => view! {
                <Field
                    id=id.clone()
                    label=label
                    value=text
                    fault=fault
                    hint=Signal::stored(hint.unwrap_or_default())
                    kind=if is_secret { "password" } else { "text" }
                    autocomplete=if is_secret { "new-password" } else { "off" }
                    disabled=sheet.busy
                />
            }
            .into_any(),
        }
    });
    let remove = Callback::new(move |()| set.update(|set| drop(set.remove(&away))));
    view! {
        <li class="option">
            {field}
            <Button press=remove>{words!(form.remove_option)}</Button>
        </li>
    }
}

/// Finds those that may be set.
#[component]
fn Find(sheet: Sheet, id: String, set: Options, fits: Callback<PluginConfig, bool>) -> impl IntoView {
    let i18n = use_i18n();
    let (text, target) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let mine = memo(move || {
        let configs = sheet
            .plugins
            .chosen
            .with(|plugin| plugin.as_ref().map(|plugin| plugin.configs.clone()).unwrap_or_default());
        Arc::new(configs.into_iter().filter(|config| fits.run(config.clone())).collect::<Vec<_>>())
    });
    let targets = memo(move || {
        let mut targets: Vec<String> =
            mine.with(|mine| mine.iter().filter_map(|c| c.applicable_target.clone()).collect());
        targets.sort();
        targets.dedup();
        targets
    });
    let shown = memo(move || {
        let (text, target) = (text.get(), target.get());
        let Options(set) = set;
        let free = |config: &PluginConfig| set.with(|set| !set.keys().any(|(target, name)| is(config, target, name)));
        mine.with(|mine| {
            let (found, all) = found(mine, free, &text, &target, MOST);
            (found.into_iter().cloned().collect::<Vec<_>>(), all)
        })
    });
    let service = id.clone();
    let services = live(move || {
        let any = (String::new(), words!(form.any_service));
        let options = targets.get().into_iter().map(|name| (name.clone(), Signal::stored(name)));
        let options = std::iter::once(any).chain(options).collect();
        let id = format!("{service}-find-service");
        select(id, words!(plugins.service), Signal::stored(None), sheet.busy, target, options)
    });
    let rows = live(move || {
        let rows = shown.with(|(found, _)| found.clone()).into_iter().map(|config| {
            let key = (config.applicable_target.unwrap_or_default(), config.name.unwrap_or_default());
            let default = config.default_value.as_ref().map(ToString::to_string).unwrap_or_default();
            let (label, first) = (t_string!(i18n, form.set_option, name = key.1.clone()).to_string(), default.clone());
            let name = key.1.clone();
            let target = key.0.clone();
            let press = move |_| {
                let Options(set) = set;
                let first = if names_a_secret(&key.1) { String::new() } else { first.clone() };
                set.update(|set| drop(set.insert(key.clone(), first)));
            };
            view! {
                <li class="found">
                    <span class="found-name"><code>{name}</code> " " <span class="chip-note">{target}</span></span>
                    <span class="found-default">{default}</span>
                    <button class="button" type="button" aria-label=label on:click=press>{words!(form.set)}</button>
                    <span class="found-text">{config.description}</span>
                </li>
            }
        });
        view! { <ul class="founds">{rows.collect_view()}</ul> }.into_any()
    });
    let more = string(move || {
        let (found, all) = shown.with(|(found, all)| (found.len(), *all));
        match all.saturating_sub(found) {
            0 => t_string!(i18n, form.found, count = format::count(all as i64)).to_string(),
            more => t_string!(i18n, form.found_more, count = format::count(more as i64)).to_string(),
        }
    });
    view! {
        <div class="again-numbers">
            <Field id=format!("{id}-find") label=words!(form.find) value=text kind="search" />
            {services}
        </div>
        <p class="field-hint" role="status">{more}</p>
        {rows}
    }
}
