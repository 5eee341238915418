//! Howdah's edge proxy: holds every key, serves the console and calls the services, so that no key reaches a browser.

pub mod access;
pub mod app;
pub mod assets;
pub mod commands;
pub mod config;
pub mod console;
pub mod credentials;
#[cfg(feature = "first-picture")]
pub mod first_picture;
pub mod following;
pub mod fresh;
pub mod front;
pub mod gateway;
pub mod journal;
pub mod listening;
pub mod metrics;
pub mod openapi;
pub mod private;
pub mod random;
pub mod redact;
pub mod sandbox;
pub mod secrets;
pub mod server;
pub mod traces;
pub mod watching;
