//! A delegation token in a header: YARN's, for a ResourceManager behind Kerberos that somebody has a token for.

use futures_util::future::BoxFuture;
use howdah_shared::problem::Problem;
use http::header::HeaderName;

use super::{AddressedCluster, Credentials, Outgoing, set_secret};
use crate::secrets::{Secret, SecretRef};

const HEADER: HeaderName = HeaderName::from_static("x-hadoop-delegation-token");

pub(super) struct DelegationToken(Secret);

impl DelegationToken {
    pub(super) fn open(token: &SecretRef) -> Result<DelegationToken, String> {
        Secret::open(token).map(DelegationToken)
    }
}

impl Credentials for DelegationToken {
    fn apply<'a>(
        &'a self,
        outgoing: &'a mut Outgoing,
        _: Option<AddressedCluster<'a>>,
    ) -> BoxFuture<'a, Result<(), Box<Problem>>> {
        Box::pin(async move { set_secret(&mut outgoing.headers, HEADER, &self.0.current()) })
    }

    fn renew(&self) -> BoxFuture<'_, bool> {
        Box::pin(async { self.0.refresh() == Ok(true) })
    }

    fn secrets(&self) -> Vec<Secret> {
        vec![self.0.clone()]
    }
}
