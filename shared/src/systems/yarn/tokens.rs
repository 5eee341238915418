//! Delegation tokens.

use garde::Validate;
use serde::{Deserialize, Deserializer, Serialize};

use super::reads;
use crate::console::Instant;
use crate::keeping::Told;
use crate::lenient;
use crate::operation::Input;
use crate::sensitive::Sensitive;

/// The body of [`CreateDelegationToken`](super::CreateDelegationToken).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    /// Who may renew it: nobody else may, not even its owner.
    #[garde(length(min = 1))]
    pub renewer: String,
}

impl Input for TokenRequest {}

reads! {
    /// A delegation token ("Cluster Delegation Tokens API").
    DelegationToken {
        /// The token itself, which is a credential.
        token "token": "secret" Option<Sensitive>;
        /// Who may renew it.
        renewer "renewer": text;
        /// Whose token it is.
        owner "owner": text;
        /// `RM_DELEGATION_TOKEN`
        kind "kind": text;
        /// When it ends unless it is renewed, in ms since the epoch.
        expiration_time "expiration-time": integer;
        /// When it ends even if it is renewed.
        max_validity "max-validity": integer;
    }

    /// The reply of [`RenewDelegationToken`](super::RenewDelegationToken).
    TokenExpiration {
        /// When it ends now, in ms since the epoch.
        expiration_time "expiration-time": integer;
    }
}

fn secret<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Sensitive>, D::Error> {
    Ok(lenient::text(d)?.map(Sensitive::new))
}

/// What may be told of a token that was made.
pub(super) fn told(reply: &[u8]) -> Told {
    let token: DelegationToken = lenient::reply(reply).unwrap_or_default();
    Told {
        owner: token.owner,
        renewer: token.renewer,
        kind: token.kind,
        expires: token.expiration_time,
        latest: token.max_validity,
    }
}

/// Until when a renewed token is good.
pub(super) fn until(reply: &[u8]) -> Option<Instant> {
    lenient::reply::<TokenExpiration>(reply).ok()?.expiration_time
}
