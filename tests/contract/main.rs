//! The readers of `howdah-shared` against bodies as services write them: every quirk that is known by hand, what real
//! servers have said, and anything at all.

mod anything;
#[cfg(feature = "door")]
mod cyclecloud;
mod hadoop_eco_v1;
mod hadoop_eco_v2;
mod recordings;
#[cfg(feature = "door")]
mod savanna;
mod yarn;
mod yarn_queues;
#[cfg(feature = "door")]
mod yarn_submission;

use howdah_shared::lenient;
use serde::de::DeserializeOwned;

/// Reads a body, which must never fail.
fn read<T: DeserializeOwned>(body: &str) -> T {
    lenient::reply(body.as_bytes()).unwrap_or_else(|error| panic!("{error} in {body}"))
}
