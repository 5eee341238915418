//! A template that somebody brings, as JSON.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use super::words::member_word;
use crate::i18n::*;
use crate::ui::button::Button;
use crate::ui::field::Lines;
use crate::ui::live::string;

/// Where it is pasted, or chosen as a file.
#[component]
pub(super) fn Import(
    /// Takes it; gives the members that it leaves open, or why it cannot be taken.
    bring: Callback<String, Result<Vec<String>, String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let text = RwSignal::new(String::new());
    let said = RwSignal::new(String::new());
    let take = move || {
        said.set(match bring.run(text.get_untracked()) {
            Err(why) => t_string!(i18n, form.import_bad, why = why).to_string(),
            Ok(open) if open.is_empty() => t_string!(i18n, form.imported).to_string(),
            Ok(open) => {
                let open = open.iter().map(|name| member_word(i18n, name)).collect::<Vec<_>>().join(", ");
                t_string!(i18n, form.imported_open, open = open).to_string()
            }
        });
    };
    let off = Signal::derive(move || {
        text.with(|text| text.trim().is_empty()).then(|| t_string!(i18n, form.import_empty).to_string())
    });
    let chosen = move |event: web_sys::Event| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
        leptos::task::spawn_local(async move {
            let read = JsFuture::from(file.unchecked_ref::<web_sys::Blob>().text()).await;
            let read = read.ok().and_then(|read| read.as_string()).unwrap_or_default();
            // The page may be gone by now.
            if text.try_set(read).is_none() {
                take();
            }
        });
    };
    view! {
        <details class="folded">
            <summary>{words!(form.import)}</summary>
            <div class="import">
                <div class="field">
                    <label class="field-label" for="import-file">{words!(form.import_file)}</label>
                    <input class="input" id="import-file" type="file" accept="application/json,.json" on:change=chosen />
                </div>
                <Lines id="import-text" label=words!(form.import_text) value=text rows="5" />
                <div><Button off=off press=Callback::new(move |()| take())>{words!(form.import_act)}</Button></div>
                <p class="field-hint" role="status">{string(move || said.get())}</p>
            </div>
        </details>
    }
}
