//! Ways of authenticating with a service, a module each. Nothing else puts a credential into a request.

mod basic;
mod given_token;
mod hadoop_eco;
#[cfg(feature = "kerberos")]
pub mod kerberos;
mod keystone;
mod user_name;

use std::time::Instant;

use futures_util::future::BoxFuture;
use howdah_shared::problem::{Code, Problem};
use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use self::given_token::GivenToken;
use crate::config::{ConnectionConfig, CredentialsConfig};
use crate::secrets::Secret;

/// What a credential is put into: the outgoing headers, and the outgoing query where a service wants it there.
#[derive(Debug, Default)]
pub struct Outgoing {
    /// The host that it goes to.
    pub host: String,
    /// Headers, made from nothing.
    pub headers: HeaderMap,
    /// The encoded query, without its question mark.
    pub query: String,
}

/// A configured cluster that a call addresses.
#[derive(Debug)]
pub struct AddressedCluster<'a> {
    /// Its configured name.
    pub name: &'a str,
    /// Its own key.
    pub key: Option<&'a Secret>,
}

/// A way of authenticating. It is asynchronous because some fetch a token first.
pub trait Credentials: Send + Sync {
    /// Puts the credential into a request that is about to leave.
    ///
    /// Errors: a problem for the caller when there is no credential for this call; then nothing is sent.
    fn apply<'a>(
        &'a self,
        outgoing: &'a mut Outgoing,
        cluster: Option<AddressedCluster<'a>>,
    ) -> BoxFuture<'a, Result<(), Box<Problem>>>;

    /// After a definite 401 to what was made at this instant or a little later: whether there is another credential now,
    /// worth one more try.
    fn renew(&self, since: Instant) -> BoxFuture<'_, bool>;

    /// Every secret of the configuration that it may send.
    fn secrets(&self) -> Vec<Secret>;

    /// Every secret that it has fetched and that may turn up.
    fn fetched(&self) -> Vec<SecretString> {
        Vec::new()
    }

    /// Counts those that it has fetched.
    fn changes(&self) -> u64 {
        0
    }
}

/// Makes the way of authenticating that the configuration of a connection names.
///
/// # Errors
/// A sentence when one of its secrets cannot be read.
pub fn open(connection: &ConnectionConfig) -> Result<Box<dyn Credentials>, String> {
    let keystone = |url: &str, means| -> Result<Box<dyn Credentials>, String> {
        let tenant = connection.tenant.as_deref().unwrap_or_default();
        let ca_file = connection.ca_file.as_deref().filter(|_| url.starts_with("https://"));
        Ok(Box::new(keystone::Keystone::new(url, means, tenant, ca_file)?))
    };
    Ok(match &connection.credentials {
        CredentialsConfig::None => Box::new(NoCredentials),
        CredentialsConfig::UserName { user } => Box::new(user_name::UserName::new(user)),
        CredentialsConfig::DelegationToken { token } => Box::new(GivenToken::open(given_token::DELEGATION, token)?),
        CredentialsConfig::Basic { user, password } => Box::new(basic::Basic::open(user, password)?),
        #[cfg(feature = "kerberos")]
        CredentialsConfig::Kerberos { principal, keytab } => Box::new(kerberos::Kerberos::open(principal, keytab)?),
        #[cfg(not(feature = "kerberos"))]
        CredentialsConfig::Kerberos { .. } => return Err("this Howdah was built without Kerberos".to_owned()),
        CredentialsConfig::KeystonePassword { url, user, domain, password } => {
            let (user, domain) = (user.clone(), domain.clone());
            keystone(url, keystone::Means::Password { user, domain, password: Secret::open(password)? })?
        }
        CredentialsConfig::KeystoneApplicationCredential { url, id, secret } => {
            keystone(url, keystone::Means::ApplicationCredential { id: id.clone(), secret: Secret::open(secret)? })?
        }
        CredentialsConfig::KeystoneToken { token } => Box::new(GivenToken::open(given_token::KEYSTONE, token)?),
        CredentialsConfig::HadoopEco { id, secret } => Box::new(hadoop_eco::HadoopEco::open(id, secret)?),
    })
}

struct NoCredentials;

impl Credentials for NoCredentials {
    fn apply<'a>(
        &'a self,
        _: &'a mut Outgoing,
        _: Option<AddressedCluster<'a>>,
    ) -> BoxFuture<'a, Result<(), Box<Problem>>> {
        Box::pin(async { Ok(()) })
    }

    fn renew(&self, _: Instant) -> BoxFuture<'_, bool> {
        Box::pin(async { false })
    }

    fn secrets(&self) -> Vec<Secret> {
        Vec::new()
    }
}

/// Sets a header whose value must never be shown.
///
/// # Errors
/// A problem where the value cannot stand in a header.
pub fn set_secret(headers: &mut HeaderMap, name: HeaderName, value: &SecretString) -> Result<(), Box<Problem>> {
    let mut value = HeaderValue::from_bytes(value.expose_secret().as_bytes()).map_err(|_| {
        Box::new(Problem::new(Code::Internal, format!("The configured {name} cannot stand in a header.")))
    })?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(())
}
