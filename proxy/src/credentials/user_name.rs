//! A name in the query that the service believes: YARN's pseudo authentication.

use std::time::Instant;

use futures_util::future::BoxFuture;
use howdah_shared::operation::encode_segment;
use howdah_shared::problem::Problem;

use super::{AddressedCluster, Credentials, Outgoing};
use crate::secrets::Secret;

pub(super) struct UserName {
    parameter: String,
}

impl UserName {
    pub(super) fn new(user: &str) -> UserName {
        let mut parameter = "user.name=".to_owned();
        encode_segment(user, &mut parameter);
        UserName { parameter }
    }
}

impl Credentials for UserName {
    fn apply<'a>(
        &'a self,
        outgoing: &'a mut Outgoing,
        _: Option<AddressedCluster<'a>>,
    ) -> BoxFuture<'a, Result<(), Box<Problem>>> {
        Box::pin(async move {
            if !outgoing.query.is_empty() {
                outgoing.query.push('&');
            }
            outgoing.query.push_str(&self.parameter);
            Ok(())
        })
    }

    fn renew(&self, _: Instant) -> BoxFuture<'_, bool> {
        Box::pin(async { false })
    }

    fn secrets(&self) -> Vec<Secret> {
        Vec::new()
    }
}
