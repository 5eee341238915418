//! Howdah's browser console.
//!
//! `api` calls the proxy, `ui` holds primitives that know nothing of Howdah, `components` know the application,
//! `pages` are the screens, one folder a system.

#![expect(unreachable_pub, reason = "leptos' component macro writes public functions for crates that are libraries")]

#[macro_use]
mod i18n;

mod address;
mod api;
mod app;
mod components;
mod kept;
mod list;
mod pages;
mod routes;
mod ui;

fn main() {
    leptos::mount::mount_to_body(app::App);
}
