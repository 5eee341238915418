//! What stands in a configuration about each connection.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use howdah_shared::systems::{self, System};
use http::uri::Authority;
use serde::Deserialize;

use crate::gateway::trust::{Fingerprint, Trust};
use crate::secrets::SecretRef;

/// `[connections.NAME]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectionConfig {
    /// The system's id.
    pub system: String,
    /// What people call the connection; its name unless told.
    pub title: Option<String>,
    /// The service's address; a path in it stands before every path of the service.
    pub url: String,
    /// The addresses of further servers, where one of several is active at a time.
    #[serde(default)]
    pub standby_urls: Vec<String>,
    /// Certificates to trust in place of the system's, as PEM.
    pub ca_file: Option<PathBuf>,
    /// The one certificate to trust in place of them, by its fingerprint.
    pub certificate_sha256: Option<Fingerprint>,
    /// An address of its own, for clients that take a host and a port and nothing else.
    pub listen: Option<EntranceConfig>,
    /// The tenant that it works for, today called a project, by its id: for a service whose paths name one.
    pub tenant: Option<String>,
    /// The addresses of services beside its own that know its credentials too, by their kinds: of what they list one
    /// chooses rather than types. An address may end with the version, as catalogues write it.
    #[serde(default)]
    pub services: BTreeMap<String, String>,
    /// How to authenticate.
    #[serde(default)]
    pub credentials: CredentialsConfig,
    /// The clusters, for a service that cannot list them.
    #[serde(default)]
    pub clusters: Vec<ClusterConfig>,
    /// Whether the service is asked which clusters it has, by an operation that its reference does not have.
    #[serde(default)]
    pub list_clusters: bool,
    /// Attributes of nodes that leave beside those that are known.
    #[serde(default)]
    pub node_attributes: Vec<String>,
}

/// `[connections.NAME.listen]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntranceConfig {
    /// Where to listen.
    pub address: SocketAddr,
    /// The hosts by which clients find it, with their ports unless it is this one; those of the loopback unless told.
    pub hosts: Option<Vec<String>>,
}

impl EntranceConfig {
    /// Values of `Host` that are ours there.
    pub fn hosts(&self) -> Vec<String> {
        let port = self.address.port();
        let Some(hosts) = &self.hosts else {
            return vec![
                format!("localhost:{port}"),
                format!("127.0.0.1:{port}"),
                format!("[::1]:{port}"),
                self.address.to_string(),
            ];
        };
        let has_port = |host: &str| host.parse::<Authority>().is_ok_and(|host| host.port().is_some());
        hosts.iter().map(|host| if has_port(host) { host.clone() } else { format!("{host}:{port}") }).collect()
    }
}

/// `[[connections.NAME.clusters]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClusterConfig {
    /// The service's id for it.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Its Open API key.
    pub key: Option<SecretRef>,
}

/// How to authenticate with a service.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum CredentialsConfig {
    /// Not at all.
    #[default]
    None,
    /// By a name that the service believes (YARN without Kerberos).
    UserName {
        /// The name.
        user: String,
    },
    /// By a delegation token of YARN.
    DelegationToken {
        /// The token, as the service writes it.
        token: SecretRef,
    },
    /// By a name and a password in HTTP's Basic.
    Basic {
        /// The name.
        user: String,
        /// The password.
        password: SecretRef,
    },
    /// By a ticket of Kerberos (SPNEGO), which is fetched with a key of Howdah's own.
    Kerberos {
        /// Who Howdah is, such as `howdah@EXAMPLE.COM`.
        principal: String,
        /// The file of its key.
        keytab: PathBuf,
    },
    /// By a token of Keystone (v3), which is fetched with a password for the tenant.
    KeystonePassword {
        /// Keystone's address, with its version: `https://keystone.example:5000/v3`.
        url: String,
        /// The user's name.
        user: String,
        /// The name of the user's domain.
        #[serde(default = "default_domain")]
        domain: String,
        /// The user's password.
        password: SecretRef,
    },
    /// By a token of Keystone (v3), which is fetched with an application credential of the tenant.
    KeystoneApplicationCredential {
        /// Keystone's address, with its version.
        url: String,
        /// The credential's id.
        id: String,
        /// The credential's secret.
        secret: SecretRef,
    },
    /// By a token of Keystone that somebody else looks after.
    KeystoneToken {
        /// The token.
        token: SecretRef,
    },
    /// By an access key; the Open API key of the addressed cluster is added.
    HadoopEco {
        /// The access key's id.
        id: SecretRef,
        /// The access key's secret.
        secret: SecretRef,
    },
}

fn default_domain() -> String {
    "Default".to_owned()
}

impl CredentialsConfig {
    /// The kind's name, as [`System::credentials`] has it.
    pub fn kind(&self) -> &'static str {
        match self {
            CredentialsConfig::None => "none",
            CredentialsConfig::UserName { .. } => "user-name",
            CredentialsConfig::Kerberos { .. } => "kerberos",
            CredentialsConfig::DelegationToken { .. } => "delegation-token",
            CredentialsConfig::Basic { .. } => "basic",
            CredentialsConfig::KeystonePassword { .. } => "keystone-password",
            CredentialsConfig::KeystoneApplicationCredential { .. } => "keystone-application-credential",
            CredentialsConfig::KeystoneToken { .. } => "keystone-token",
            CredentialsConfig::HadoopEco { .. } => "hadoop-eco",
        }
    }
}

impl ConnectionConfig {
    /// A connection to a system at an address, of which nothing else is told.
    pub fn new(system: &str, url: String) -> ConnectionConfig {
        ConnectionConfig {
            system: system.to_owned(),
            title: None,
            url,
            standby_urls: Vec::new(),
            ca_file: None,
            certificate_sha256: None,
            listen: None,
            tenant: None,
            services: BTreeMap::new(),
            credentials: CredentialsConfig::None,
            clusters: Vec::new(),
            list_clusters: false,
            node_attributes: Vec::new(),
        }
    }

    /// Whose certificates are trusted.
    pub fn trust(&self) -> Trust<'_> {
        let pinned = self.certificate_sha256.map(Trust::Pinned);
        pinned.unwrap_or_else(|| Trust::file(self.ca_file.as_deref()))
    }

    /// The system that it names.
    pub fn system(&self) -> Option<&'static System> {
        systems::by_id(&self.system)
    }
}
