//! What is said on a tab's WebSocket at `/api/watch`, as JSON text.
//!
//! The tab sends [`Ask`]s. What it is told is `[id, told]`: the tab's own number for the subscription, 0 for what is
//! about none, and a [`Told`]. Its first element is read first (`(u32, IgnoredAny)`): the subscription knows the type of
//! its rows.

use serde::{Deserialize, Serialize};

use super::{Patch, Version};
use crate::console::Instant;
use crate::problem::Problem;

/// What a tab asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Ask {
    /// Watch a read.
    Subscribe(Subscribe),
    /// Watch it no longer. The number may be used again.
    Unsubscribe(u32),
    /// Ask the service at once, for everyone who watches the same.
    Look(u32),
}

/// What is to be watched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Subscribe {
    /// The tab's number for it, above 0 and of no other subscription of this socket.
    pub id: u32,
    /// The connection's name; empty for Howdah's own reads.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub connection: String,
    /// The service's own path, or Howdah's, which begins with `/api/`.
    pub path: String,
    /// The query, without a question mark.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub query: String,
    /// The version that the tab holds already, as the picture or the read itself told it by its `ETag`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<Version>,
}

/// What a tab is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Told<R> {
    /// The first word: about no subscription.
    Greeting {
        /// The build of the proxy; a page of another build is old.
        build: String,
        /// Its clock.
        now: Instant,
    },
    /// The subscription stands.
    Subscribed {
        /// By which the picture is fetched: `GET /api/watch/{picture}`, whose `ETag` is its version.
        picture: String,
        /// Seconds between two looks at the service while nothing changes.
        slow: u32,
    },
    /// The picture of this version, or of a later one, is to be fetched.
    Reset {
        /// The version.
        version: Version,
    },
    /// What changed.
    Patch(Patch<R>),
    /// The service replied well then, by the clock of the greeting.
    Fresh {
        /// When.
        at: Instant,
        /// Whether the picture is complete. At first it may hold the active rows alone, while all are asked for.
        complete: bool,
    },
    /// The service fails; what was told stands as it was, and the subscription goes on.
    Problem(Problem),
    /// The subscription is over: it was refused, or its right is lost.
    Ended(Problem),
}
