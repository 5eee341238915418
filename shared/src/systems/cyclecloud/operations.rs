//! Operations: what was asked to be done with nodes.

use serde::{Deserialize, Serialize};

use crate::operation::Input;
use crate::systems::reads::reads;

reads! {
    /// How an operation stands ("OperationStatus"). How far it is only its nodes tell.
    OperationStatus {
        /// What is done; the reference names `create` alone.
        action "action": text;
        /// When it was asked for.
        start_time "startTime": text;
    }
}

/// The query of [`ListOperations`](super::ListOperations).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, garde::Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct OperationsQuery {
    /// The one of this request id, or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[garde(length(bytes, min = 1, max = 255))]
    pub request_id: Option<String>,
}

impl Input for OperationsQuery {}
