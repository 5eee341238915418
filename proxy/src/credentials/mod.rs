//! Ways of authenticating with a service, a module each. Nothing else puts a credential into a request.

mod basic;
mod delegation_token;
mod hadoop_eco;
#[cfg(feature = "kerberos")]
pub mod kerberos;
mod user_name;

use futures_util::future::BoxFuture;
use howdah_shared::problem::{Code, Problem};
use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

use crate::config::CredentialsConfig;
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

    /// After a definite 401: whether there is another credential now, worth one more try.
    fn renew(&self) -> BoxFuture<'_, bool>;

    /// Every secret that it may send.
    fn secrets(&self) -> Vec<Secret>;
}

/// Makes the way of authenticating that a configuration names.
///
/// # Errors
/// A sentence when one of its secrets cannot be read.
pub fn open(config: &CredentialsConfig) -> Result<Box<dyn Credentials>, String> {
    Ok(match config {
        CredentialsConfig::None => Box::new(NoCredentials),
        CredentialsConfig::UserName { user } => Box::new(user_name::UserName::new(user)),
        CredentialsConfig::DelegationToken { token } => Box::new(delegation_token::DelegationToken::open(token)?),
        CredentialsConfig::Basic { user, password } => Box::new(basic::Basic::open(user, password)?),
        #[cfg(feature = "kerberos")]
        CredentialsConfig::Kerberos { principal, keytab } => Box::new(kerberos::Kerberos::open(principal, keytab)?),
        #[cfg(not(feature = "kerberos"))]
        CredentialsConfig::Kerberos { .. } => return Err("this Howdah was built without Kerberos".to_owned()),
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

    fn renew(&self) -> BoxFuture<'_, bool> {
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
