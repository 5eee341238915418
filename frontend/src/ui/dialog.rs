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
            let body = view! {
                <div class="dialog-body">
                    <h2>{title}</h2>
                    {children.with_value(|children| children())}
                </div>
            };
            modal("dialog dialog-act", title, busy, move || open.set(false), body.into_any())
        },
    )
}

/// What lies over the page from when it is drawn; `shut` is to take it away.
pub(crate) fn modal(
    class: &'static str,
    label: Signal<String>,
    busy: Signal<bool>,
    shut: impl Fn() + Copy + Send + Sync + 'static,
    body: AnyView,
) -> AnyView {
    let dialog: NodeRef<html::Dialog> = NodeRef::new();
    effect(move || {
        if let Some(dialog) = dialog.get() {
            // A browser without dialogs shows it in the page.
            let _ = dialog.show_modal();
        }
    });
    // The browser gives the focus back to where it was, but only while the dialog is in the page still.
    on_cleanup(move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    });
    let leave = move || {
        if !busy.get_untracked() {
            shut();
        }
    };
    view! {
        <dialog
            class=class
            node_ref=dialog
            aria-label=label
            on:close=move |event| {
                // It may be shut by the browser alone; then what it says is gone with it. Word of it comes late: of one
                // that has left the page already it would take away the next.
                if event_target::<web_sys::Node>(&event).is_connected() {
                    shut();
                }
            }
            on:cancel=move |event: web_sys::Event| {
                event.prevent_default();
                leave();
            }
            on:click=move |event| {
                // A press beside it: what is inside covers the dialog's own box.
                if event.target() == event.current_target() {
                    leave();
                }
            }
        >
            {body}
        </dialog>
    }
    .into_any()
}
