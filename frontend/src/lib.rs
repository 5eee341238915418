//! Howdah's browser console.
//!
//! `api` calls the proxy, `ui` holds primitives that know nothing of Howdah, `components` know the application,
//! `pages` are the screens, one folder a system. The proxy draws the first picture of a page with the same views.
#![expect(unreachable_pub, reason = "leptos' component macro writes public functions for crates that are libraries")]
// The type of a view holds those of all within it.
#![recursion_limit = "256"]

#[macro_use]
mod i18n;

mod address;
mod api;
mod app;
mod arriving;
mod browser;
mod components;
pub mod first_picture;
mod kept;
mod list;
mod pages;
mod routes;
mod ui;

pub use arriving::begin;
