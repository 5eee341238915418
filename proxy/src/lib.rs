//! Howdah proxy.

pub mod journal;
pub mod redact;
pub mod sandbox;
