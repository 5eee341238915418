//! Howdah proxy.
