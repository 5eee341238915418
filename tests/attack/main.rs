//! Attacks on the real program over raw sockets: what no well-behaved client sends, and what no well-behaved service
//! answers. `howdah serve` runs in front of a service that keeps every byte it was sent.

mod credentials;
mod cyclecloud;
mod door;
mod economy;
mod entrance;
mod faults;
#[cfg(feature = "first-picture")]
mod first_picture;
mod forwarding;
mod health;
mod journal_tools;
mod keys;
mod keystone;
mod limits;
mod metrics;
mod once;
mod portal;
mod reload;
mod slow;
mod sockets;
mod standby;
mod submitting;
mod support;
mod tls;
mod tokens;
mod traces;
mod watching;
