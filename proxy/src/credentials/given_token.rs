//! A token in a header that somebody else looks after: a delegation token of YARN, for a ResourceManager behind Kerberos,
//! or a token of Keystone.

use std::time::Instant;

use futures_util::future::BoxFuture;
use howdah_shared::problem::Problem;
use http::header::HeaderName;

use super::{AddressedCluster, Credentials, Outgoing, set_secret};
use crate::secrets::{Secret, SecretRef};

/// The header of a delegation token of YARN.
pub(super) const DELEGATION: HeaderName = HeaderName::from_static("x-hadoop-delegation-token");
/// The header of a token of Keystone.
pub(super) const KEYSTONE: HeaderName = HeaderName::from_static("x-auth-token");

pub(super) struct GivenToken {
    header: HeaderName,
    token: Secret,
}

impl GivenToken {
    pub(super) fn open(header: HeaderName, token: &SecretRef) -> Result<GivenToken, String> {
        Ok(GivenToken { header, token: Secret::open(token)? })
    }
}

impl Credentials for GivenToken {
    fn apply<'a>(
        &'a self,
        outgoing: &'a mut Outgoing,
        _: Option<AddressedCluster<'a>>,
    ) -> BoxFuture<'a, Result<(), Box<Problem>>> {
        Box::pin(async move { set_secret(&mut outgoing.headers, self.header.clone(), &self.token.current()) })
    }

    fn renew(&self, _: Instant) -> BoxFuture<'_, bool> {
        Box::pin(async { self.token.refresh() == Ok(true) })
    }

    fn secrets(&self) -> Vec<Secret> {
        vec![self.token.clone()]
    }
}
