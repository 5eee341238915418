//! The real program, a service behind it, and raw sockets to it.

mod howdah;
mod openmetrics;
mod service;
mod socket;
mod wire;

pub(crate) use howdah::{Howdah, KEY, Limits, PORTAL_SECRET, SECRET, SECRET_ID};
pub(crate) use openmetrics::Samples;
pub(crate) use service::Service;
pub(crate) use socket::Socket;
pub(crate) use wire::{Reply, Wire};
