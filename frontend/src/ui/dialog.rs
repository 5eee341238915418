//! A dialog for one decision, on the platform's `dialog`. It is made when it opens, so that nothing of it is old.

use leptos::html;
use leptos::prelude::*;

use super::live::{effect, when};

/// The dialog. Escape and a press beside it close it, unless what it began is under way.
#[component]
pub(crate) fn Dialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What it decides.
    #[prop(into)]
    title: Signal<String>,
    /// Whether it must stay open now.
    #[prop(into, default = Signal::stored(false))]
    busy: Signal<bool>,
    /// What it says, and its buttons.
    children: ChildrenFn,
) -> impl IntoView {
    let children = StoredValue::new(children);
    when(
        move || open.get(),
        move || {
            let dialog: NodeRef<html::Dialog> = NodeRef::new();
            effect(move || {
                if let Some(dialog) = dialog.get() {
                    // A browser without dialogs shows it in the page.
                    let _ = dialog.show_modal();
                }
            });
            let close = move || {
                if !busy.get_untracked() {
                    open.set(false);
                }
            };
            view! {
                <dialog
                    class="dialog dialog-act"
                    node_ref=dialog
                    aria-label=title
                    on:close=move |_| {
                        // It may be shut by the browser alone; then what it says is gone with it.
                        open.set(false);
                    }
                    on:cancel=move |event: web_sys::Event| {
                        if busy.get_untracked() {
                            event.prevent_default();
                        }
                    }
                    on:click=move |event| {
                        // A press beside it: what is inside covers the dialog's own box.
                        if event.target() == event.current_target() {
                            close();
                        }
                    }
                >
                    <div class="dialog-body">
                        <h2>{title}</h2>
                        {children.with_value(|children| children())}
                    </div>
                </dialog>
            }
            .into_any()
        },
    )
}
