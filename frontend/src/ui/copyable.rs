//! An identifier: monospaced, cut in the middle where it is long, and copied whole by a press.

use crate::ui::live::string;
use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::format::cut_middle;
use super::icon::{Glyph, Icon};
use super::toast::use_toasts;
use crate::i18n::*;

/// The identifier and its button.
#[component]
pub(crate) fn Copyable(
    /// The whole text.
    #[prop(into)]
    text: Signal<String>,
    /// The most characters that are shown.
    #[prop(default = 64)]
    limit: usize,
    /// What it is called where all of its lines are shown.
    #[prop(into, default = None)]
    block: Option<Signal<String>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let copy = move |_| {
        let Some(window) = web_sys::window() else { return };
        let copied = t_string!(i18n, ui.copied).to_string();
        let refused = t_string!(i18n, ui.not_copied).to_string();
        // Without TLS, and not on loopback, a browser has no clipboard to give.
        let clipboard = js_sys::Reflect::get(&window.navigator(), &"clipboard".into());
        let there = clipboard.is_ok_and(|clipboard| !clipboard.is_undefined());
        spawn_local(async move {
            let written = if there {
                JsFuture::from(window.navigator().clipboard().write_text(&text.get_untracked())).await.is_ok()
            } else {
                false
            };
            toasts.say(if written { copied } else { refused });
        });
    };
    view! {
        <span class="copyable" class:copyable-block=block.is_some()>
            {if block.is_some() {
                // Its lines may be longer than the page is wide: keys scroll it too.
                view! { <pre class="copyable-text" tabindex="0">{text}</pre> }.into_any()
            } else {
                let short = string(move || cut_middle(&text.get(), limit));
                view! { <code class="copyable-text" title=text>{short}</code> }.into_any()
            }}
            <button
                class="copyable-button"
                type="button"
                aria-label=move || {
                    let what = block.unwrap_or(text).get();
                    t_string!(i18n, ui.copy, what = what)
                }
                on:click=copy
            >
                <Icon glyph=Glyph::Copy />
            </button>
        </span>
    }
}
