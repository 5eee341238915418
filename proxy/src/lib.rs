//! Howdah proxy.

pub mod journal;
pub mod sandbox;
