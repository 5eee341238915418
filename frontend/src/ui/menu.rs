//! A button that opens a short list, on the platform's popover.

use leptos::prelude::*;

/// The button and its list. The children are links and buttons of class `menu-item`.
#[component]
pub(crate) fn Menu(
    /// The list's id, unique on the page.
    id: &'static str,
    /// What the button is for, where its content does not say it in words.
    #[prop(into)]
    label: Signal<String>,
    /// Classes of the button.
    #[prop(default = "button button-quiet")]
    class: &'static str,
    /// The button's content.
    #[prop(into)]
    button: ViewFn,
    /// Told when the list is opened and closed.
    #[prop(into, default = Callback::new(|_| ()))]
    on_toggle: Callback<bool>,
    /// The list.
    children: Children,
) -> impl IntoView {
    let toggled = move |_| on_toggle.run(document().get_element_by_id(id).is_some_and(|list| is_open(&list)));
    view! {
        <span class="menu">
            <button class=class type="button" popovertarget=id aria-label=label title=label>
                {button.run()}
            </button>
            <div class="menu-list" id=id popover="auto" on:toggle=toggled on:click=move |_| close(id)>
                {children()}
            </div>
        </span>
    }
}

/// Closes the list of that id; choosing something ends the menu.
pub(crate) fn close(id: &str) {
    let Some(list) = document().get_element_by_id(id) else { return };
    // Called by name: `hidePopover` is not among the stable bindings.
    if let Ok(hide) = js_sys::Reflect::get(&list, &"hidePopover".into())
        && let Ok(hide) = wasm_bindgen::JsCast::dyn_into::<js_sys::Function>(hide)
    {
        let _ = hide.call0(&list);
    }
}

fn is_open(list: &web_sys::Element) -> bool {
    list.matches(":popover-open").unwrap_or(false)
}
