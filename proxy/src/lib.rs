//! Howdah proxy.

pub mod front;
pub mod journal;
pub mod redact;
pub mod sandbox;
