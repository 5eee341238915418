//! Howdah's browser console.
//!
//! `api` calls the proxy, `ui` holds primitives that know nothing of Howdah, `components` know the application,
//! `pages` are the screens, one folder a system.

mod api;
mod app;
mod components;
mod i18n;
mod pages;
mod routes;
mod ui;

fn main() {
    leptos::mount::mount_to_body(app::App);
}
