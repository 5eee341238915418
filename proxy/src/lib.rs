//! Howdah proxy.

pub mod journal;
