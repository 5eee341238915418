//! The user name from a portal's own reverse proxy, which is believed for its address and a shared secret together.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use howdah_shared::problem::{Code, Problem};
use http::header::HeaderName;
use http::{HeaderMap, HeaderValue};
use secrecy::ExposeSecret;
use subtle::ConstantTimeEq;

use super::{By, Principal, Roles, Throttle, digest};
use crate::config::{EVERYBODY_ELSE, Network, PROXY_SECRET, TrustedProxyConfig, is_name};
use crate::secrets::Secret;

/// A portal's reverse proxy that says who somebody is.
pub struct TrustedProxy {
    networks: Vec<Network>,
    secret: Secret,
    user_header: HeaderName,
    by_user: HashMap<String, Arc<Roles>>,
    others: Arc<Roles>,
    /// Who guesses the secret. Wrong tokens do not count here: callers of the proxy may send as many as they like.
    throttle: Throttle,
}

impl TrustedProxy {
    /// Reads what a configuration says of it.
    ///
    /// # Errors
    /// A sentence for what cannot be read.
    pub fn open(config: &TrustedProxyConfig) -> Result<TrustedProxy, String> {
        let mut by_user: HashMap<String, Arc<Roles>> =
            config.roles.iter().map(|(user, roles)| (user.clone(), Arc::new(Roles::new(roles)))).collect();
        let others = by_user.remove(EVERYBODY_ELSE).unwrap_or_default();
        Ok(TrustedProxy {
            networks: config.addresses.clone(),
            secret: Secret::open(&config.secret).map_err(|why| format!("trusted_proxy.secret: {why}"))?,
            user_header: config.user_header().map_err(|error| error.to_string())?,
            by_user,
            others,
            throttle: Throttle::default(),
        })
    }

    /// Whom the proxy names; `None` where it has not been at work.
    ///
    /// # Errors
    /// A 401 where a part is missing or wrong: nothing else of such a request says who asks. 429 after too many wrong
    /// secrets.
    pub fn find(&self, headers: &HeaderMap, address: IpAddr) -> Result<Option<Principal>, Box<Problem>> {
        let (secrets, names) = (all(headers, &PROXY_SECRET), all(headers, &self.user_header));
        if secrets.is_empty() && names.is_empty() {
            return Ok(None);
        }
        if !self.trusts(address) {
            return Err(refused("A user's name came from an address that [trusted_proxy] does not list."));
        }
        let [secret] = secrets[..] else {
            return Err(refused("A user's name came without the proxy's one secret in howdah-proxy-secret."));
        };
        let right = self.throttle.check(address, || self.is_secret(&digest(secret.as_bytes())).then_some(()))?;
        right.ok_or_else(|| refused("The secret in howdah-proxy-secret is not that of [trusted_proxy]."))?;
        let [name] = names[..] else {
            return Err(refused("The proxy's secret came without one user's name beside it."));
        };
        let name = std::str::from_utf8(name.as_bytes())
            .ok()
            .filter(|name| is_name(name))
            .ok_or_else(|| refused("The user's name is empty, too long, no UTF-8, or has control characters."))?;
        let found = Principal::new(name, By::Proxy, self.roles(name));
        Ok(Some(Principal { token: Some(self.digest()), from: Some(address), ..found }))
    }

    /// What somebody may do now whom the proxy named before, if it still would be believed.
    pub(super) fn find_again(&self, before: &Principal) -> Option<Principal> {
        let by_address = before.from.is_some_and(|address| self.trusts(address));
        let by_secret = before.token.as_deref().is_some_and(|token| self.is_secret(token));
        (by_address && by_secret).then(|| Principal { roles: self.roles(&before.name), ..before.clone() })
    }

    /// Reads the secret again if its file has changed; gives whether it had.
    pub fn refresh(&self) -> bool {
        match self.secret.refresh() {
            Ok(true) => tracing::info!("the secret of the trusted proxy has changed"),
            Ok(false) => return false,
            Err(why) => {
                tracing::warn!(%why, "a changed secret of the trusted proxy is not taken");
                return false;
            }
        }
        true
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(address))
    }

    fn digest(&self) -> String {
        digest(self.secret.current().expose_secret().as_bytes())
    }

    fn is_secret(&self, presented: &str) -> bool {
        bool::from(self.digest().as_bytes().ct_eq(presented.as_bytes()))
    }

    fn roles(&self, user: &str) -> Arc<Roles> {
        self.by_user.get(user).unwrap_or(&self.others).clone()
    }
}

fn all<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Vec<&'a HeaderValue> {
    headers.get_all(name).iter().collect()
}

fn refused(detail: &'static str) -> Box<Problem> {
    Box::new(Problem::new(Code::ProxyRefused, detail))
}
