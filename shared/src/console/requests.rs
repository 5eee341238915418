//! The requests that the journal holds.

use std::collections::BTreeMap;

use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Instant;
use crate::operation::Input;
use crate::problem::Code;

/// Where a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum RequestState {
    /// Written down; not sent yet.
    Intended,
    /// Perhaps sent; no answer yet.
    Sent,
    /// The service took it.
    Accepted,
    /// The service or Howdah refused it: nothing was changed by it.
    Refused,
    /// It was sent, and what became of it is not known.
    Unknown,
    /// The service says that it is under way.
    Running,
    /// It ended well.
    Succeeded,
    /// It ended badly.
    Failed,
    /// It was followed for too long, or the service forgot it.
    Unresolved,
}

impl RequestState {
    /// Every state.
    pub const ALL: &[RequestState] = &[
        RequestState::Intended,
        RequestState::Sent,
        RequestState::Accepted,
        RequestState::Refused,
        RequestState::Unknown,
        RequestState::Running,
        RequestState::Succeeded,
        RequestState::Failed,
        RequestState::Unresolved,
    ];

    /// The state as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            RequestState::Intended => "intended",
            RequestState::Sent => "sent",
            RequestState::Accepted => "accepted",
            RequestState::Refused => "refused",
            RequestState::Unknown => "unknown",
            RequestState::Running => "running",
            RequestState::Succeeded => "succeeded",
            RequestState::Failed => "failed",
            RequestState::Unresolved => "unresolved",
        }
    }

    /// Whether something may still happen by itself.
    pub const fn is_open(self) -> bool {
        matches!(self, RequestState::Intended | RequestState::Sent | RequestState::Accepted | RequestState::Running)
    }
}

impl std::str::FromStr for RequestState {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        RequestState::ALL.iter().copied().find(|state| state.as_str() == word).ok_or(())
    }
}

/// Declares types that tell where a request is, or was: the members before those that are the same, and those after.
macro_rules! tells {
    ($( $(#[$doc:meta])* $name:ident { $($before:tt)* } { $($after:tt)* } )+) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            $($before)*
            /// The service's own word for where it is.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub stage: Option<String>,
            /// What went wrong, where Howdah tells it. Of a request whose outcome is unknown it is the reason for that.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub code: Option<Code>,
            /// What went wrong, or what the service said, in a sentence; Howdah's own are English.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub words: Option<String>,
            /// What the service itself said, in whatever language it speaks; cut and redacted.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub said: Option<String>,
            $($after)*
        }
    )+ };
}

tells! {
    /// One confirmed change, as the journal has it.
    Request {
        /// The journal's id; ids of later requests sort after those of earlier ones.
        pub id: String,
        /// The connection's permanent name.
        pub connection: String,
        /// The operation's name.
        pub operation: String,
        /// The path parameters, by name.
        pub target: BTreeMap<String, String>,
        /// What people call the target, where the configuration names it now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub name: Option<String>,
        /// Who asked.
        pub principal: String,
        /// Where it is.
        pub state: RequestState,
        /// The service's own id of what was started.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub service_id: Option<String>,
        /// The body that was sent, with masked free text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub body: Option<Value>,
        /// The HTTP status of the service's answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub status: Option<u16>,
    } {
        /// Whether it was started elsewhere and taken in.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        pub adopted: bool,
        /// When it was written down.
        pub created: Instant,
        /// When it may have left.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sent: Option<Instant>,
        /// When the service answered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub answered: Option<Instant>,
        /// When it was seen to have ended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub ended: Option<Instant>,
        /// When the service was last asked about it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub checked: Option<Instant>,
        /// The median duration of the latest successful requests for its target before it, in ms, where there are three.
        /// Only [`ShowRequest`] tells it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub usual: Option<u64>,
        /// What was seen of it, in order. Only [`ShowRequest`] tells it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub events: Vec<Event>,
    }

    /// Something that was seen of a request.
    Event {
        /// When.
        pub at: Instant,
        /// The state from then on.
        pub state: RequestState,
    } {
        /// Who took it in, where somebody did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub by: Option<String>,
    }
}

/// The query of [`ListRequests`]. Filters add up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct RequestsQuery {
    /// Of this connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<String>,
    /// Whose first path parameter is this, a tenant aside: the cluster's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Of this operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// In any of these states.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub state: Vec<RequestState>,
    /// By this principal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    /// With this service id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_id: Option<String>,
    /// Written down not before this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Instant>,
    /// Written down before this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
    /// How many, 50 unless told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(range(min = 1, max = 500))]
    pub limit: Option<u32>,
    /// Those after this one in the list: the `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl Input for RequestsQuery {}

/// A page of requests, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RequestPage {
    /// The requests.
    pub requests: Vec<Request>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<String>,
}

/// The body of [`AdoptRequest`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Adoption {
    /// The connection's name.
    #[garde(length(bytes, min = 1, max = 255))]
    pub connection: String,
    /// The cluster's id.
    #[garde(length(bytes, min = 1, max = 255))]
    pub cluster: String,
    /// The service's id of the run.
    #[garde(length(bytes, min = 1, max = 255))]
    pub service_id: String,
    /// The request with an unknown outcome that this settles; without it a new entry is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
}

impl Input for Adoption {}
