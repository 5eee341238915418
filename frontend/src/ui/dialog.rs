//! A dialog for one decision, on the platform's `<dialog>`.

use crate::ui::live::{effect, when};
use leptos::html;
use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// A modal dialog that is there while `open` is set. Escape and the cross close it.
#[component]
pub(crate) fn Dialog(
    /// Its id, unique on the page.
    id: &'static str,
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Its heading.
    #[prop(into)]
    title: Signal<String>,
    /// Its content; ends with a `<div class="dialog-acts">` of buttons that name what they do.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    effect(move || {
        let Some(dialog) = node.get() else { return };
        match (open.get(), dialog.open()) {
            // Fails only for a dialog that is not in the document, which an effect never sees.
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let title_id = format!("{id}-title");
    let labelled = title_id.clone();
    view! {
        <dialog class="dialog" id=id node_ref=node aria-labelledby=labelled on:close=move |_| open.set(false)>
            {when(move || open.get(), move || view! {
                <div class="dialog-head">
                    <h2 id=title_id.clone()>{title}</h2>
                    <button
                        class="button button-quiet button-icon"
                        type="button"
                        aria-label=words!(ui.close)
                        on:click=move |_| open.set(false)
                    >
                        <Icon glyph=Glyph::Cross />
                    </button>
                </div>
                <div class="dialog-body">{children()}</div>
            }.into_any())}
        </dialog>
    }
}
