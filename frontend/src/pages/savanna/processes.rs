//! The choice of what runs on nodes.

use leptos::prelude::*;

use super::sheet::Sheet;
use crate::ui::live::{live, memo, string};

/// A choice of processes, by service.
pub(super) fn processes(sheet: Sheet, place: String, chosen: RwSignal<Vec<String>>, title: Signal<String>) -> AnyView {
    let fault = sheet.fault(place.clone(), Signal::derive(move || chosen.with(Vec::is_empty)));
    let services = memo(move || {
        let mut services = sheet.plugins.processes();
        // What is chosen is seen, also where the plugin does not have it.
        let strange = chosen.with_untracked(|chosen| {
            let has = |name: &&String| services.iter().any(|(_, processes)| processes.contains(name));
            chosen.iter().filter(|name| !has(name)).cloned().collect::<Vec<_>>()
        });
        if !strange.is_empty() {
            services.push(("?".to_owned(), strange));
        }
        services
    });
    let boxes = live(move || {
        let services = services.get();
        if services.is_empty() {
            return view! { <p class="field-hint">{words!(form.no_processes)}</p> }.into_any();
        }
        let place = place.clone();
        let services = services.into_iter().map(move |(service, names)| {
            let boxes = names.into_iter().map(|name| process(sheet, place.clone(), chosen, name)).collect_view();
            view! {
                <div class="choice" role="group" aria-label=service.clone()>
                    <span class="choice-name">{service.clone()}</span>
                    {boxes}
                </div>
            }
        });
        view! { <div class="choices">{services.collect_view()}</div> }.into_any()
    });
    view! {
        <fieldset class="field choice-field">
            <legend class="field-label">{title}</legend>
            {boxes}
            <p class="field-fault" role="status" hidden=move || fault.with(Option::is_none)>
                {string(move || fault.get().unwrap_or_default())}
            </p>
        </fieldset>
    }
    .into_any()
}

fn process(sheet: Sheet, place: String, chosen: RwSignal<Vec<String>>, name: String) -> AnyView {
    let (own, word) = (name.clone(), name.clone());
    view! {
        <label class="check">
            <input
                type="checkbox"
                disabled=move || sheet.busy.get()
                prop:checked=move || chosen.with(|chosen| chosen.contains(&own))
                on:change=move |event| {
                    let on = event_target_checked(&event);
                    sheet.touch(&place);
                    chosen.update(|chosen| {
                        chosen.retain(|other| *other != name);
                        if on {
                            chosen.push(name.clone());
                        }
                    });
                }
            />
            <span>{word}</span>
        </label>
    }
    .into_any()
}
