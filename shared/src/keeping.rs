//! Credentials that a service makes for callers, such as delegation tokens: the proxy keeps them, and callers name them
//! by handles.

use crate::console::Instant;

/// What a change does with such a credential.
#[derive(Clone, Copy, Debug)]
pub enum Keeping {
    /// Its reply holds a new one, in whose place the caller gets a handle.
    Makes {
        /// The member of the reply.
        member: &'static str,
        /// What else the reply tells.
        told: fn(&[u8]) -> Told,
    },
    /// It lets one live on that the caller names by its handle.
    Renews {
        /// The request's header in which the caller gives the handle, and the service is sent the credential.
        header: &'static str,
        /// Until when it is good now, as the reply tells it.
        until: fn(&[u8]) -> Option<Instant>,
    },
    /// It ends one that the caller names by its handle.
    Ends {
        /// As that of `Renews`.
        header: &'static str,
    },
}

impl Keeping {
    /// The request's header with the handle.
    pub const fn header(&self) -> Option<&'static str> {
        match self {
            Keeping::Makes { .. } => None,
            Keeping::Renews { header, .. } | Keeping::Ends { header } => Some(header),
        }
    }
}

/// What a service tells of a credential that it has made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Whose it is.
    pub owner: Option<String>,
    /// Who may renew it.
    pub renewer: Option<String>,
    /// Its kind, in the service's own word.
    pub kind: Option<String>,
    /// When it ends unless it is renewed.
    pub expires: Option<Instant>,
    /// When it ends even if it is renewed.
    pub latest: Option<Instant>,
}
