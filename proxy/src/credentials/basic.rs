//! A name and a password in `Authorization: Basic`: a gateway such as Knox before the service.

use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::BoxFuture;
use howdah_shared::problem::Problem;
use http::header::AUTHORIZATION;
use secrecy::{ExposeSecret, SecretString};

use super::{AddressedCluster, Credentials, Outgoing, set_secret};
use crate::secrets::{Secret, SecretRef};

pub(super) struct Basic {
    user: String,
    password: Secret,
}

impl Basic {
    pub(super) fn open(user: &str, password: &SecretRef) -> Result<Basic, String> {
        Ok(Basic { user: user.to_owned(), password: Secret::open(password)? })
    }
}

impl Credentials for Basic {
    fn apply<'a>(
        &'a self,
        outgoing: &'a mut Outgoing,
        _: Option<AddressedCluster<'a>>,
    ) -> BoxFuture<'a, Result<(), Box<Problem>>> {
        Box::pin(async move {
            let both = SecretString::from(format!("{}:{}", self.user, self.password.current().expose_secret()));
            let value = SecretString::from(format!("Basic {}", STANDARD.encode(both.expose_secret())));
            set_secret(&mut outgoing.headers, AUTHORIZATION, &value)
        })
    }

    fn renew(&self, _: Instant) -> BoxFuture<'_, bool> {
        Box::pin(async { self.password.refresh() == Ok(true) })
    }

    fn secrets(&self) -> Vec<Secret> {
        vec![self.password.clone()]
    }
}
