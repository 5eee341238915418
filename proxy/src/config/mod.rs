//! The configuration: one TOML file. Unknown keys are errors with their line; secrets stand in it only by reference.

mod check;
mod connection;
mod network;
mod public_url;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use howdah_shared::operation::Role;
use http::HeaderName;
use serde::Deserialize;

pub use self::check::is_name;
pub use self::connection::{ClusterConfig, ConnectionConfig, CredentialsConfig, EntranceConfig};
pub use self::network::Network;
pub use self::public_url::PublicUrl;
use crate::secrets::SecretRef;

/// The file, as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The version of this format: 1.
    pub version: u32,
    /// Where to listen.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// TLS on that listener; plain HTTP without.
    pub tls: Option<TlsConfig>,
    /// Where browsers find Howdah: origin and base path. The address of `listen` unless told.
    pub public_url: Option<String>,
    /// The folder of the console's files; a release binary holds them itself.
    pub console: Option<PathBuf>,
    /// Origins of portals that may frame the console and call it with a bearer token.
    #[serde(default)]
    pub portals: Vec<String>,
    /// The journal.
    pub journal: JournalConfig,
    /// Sessions of people who signed in.
    #[serde(default)]
    pub sessions: SessionsConfig,
    /// Limits at the door.
    #[serde(default)]
    pub limits: LimitsConfig,
    /// Numbers for Prometheus.
    pub metrics: Option<MetricsConfig>,
    /// Traces for OpenTelemetry.
    pub traces: Option<TracesConfig>,
    /// Tokens, each a principal with roles.
    #[serde(default)]
    pub tokens: Vec<TokenConfig>,
    /// The portal's reverse proxy, where it says who somebody is.
    pub trusted_proxy: Option<TrustedProxyConfig>,
    /// The connections, by their permanent names.
    #[serde(default)]
    pub connections: BTreeMap<String, ConnectionConfig>,
}

/// `[tls]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsConfig {
    /// The certificate and those between it and an authority, as PEM.
    pub certificate_file: PathBuf,
    /// Its private key, as PEM.
    pub key_file: PathBuf,
}

/// `[journal]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JournalConfig {
    /// The database file.
    pub path: PathBuf,
    /// Days that ended requests are kept.
    #[serde(default = "default_keep_days")]
    pub keep_days: u32,
    /// Days that a request is followed before it counts as unresolved.
    #[serde(default = "default_follow_days")]
    pub follow_days: u32,
    /// Seconds between two looks at a young request.
    #[serde(default = "default_follow_seconds")]
    pub follow_seconds: u32,
}

/// `[sessions]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SessionsConfig {
    /// Minutes without a request after which a session ends.
    pub idle_minutes: u32,
    /// Hours after which a session ends in any case.
    pub absolute_hours: u32,
}

/// `[limits]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// Header lines of a request.
    pub header_lines: u32,
    /// Bytes of names and values in the headers of a request.
    pub header_bytes: u32,
    /// Bytes of a body, where the operation does not take less.
    pub body_bytes: u32,
    /// Calls that a principal may make in a second; as many at once.
    pub calls_per_second: u32,
    /// Seconds that a caller may take to send its headers.
    pub header_seconds: u32,
    /// Seconds that a caller may take to send its body.
    pub body_seconds: u32,
    /// Seconds that a caller may take nothing of its reply.
    pub reply_seconds: u32,
    /// Connections that are open at once.
    pub connections: u32,
    /// Seconds that a stop waits for what is under way.
    pub stop_seconds: u32,
}

/// `[metrics]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricsConfig {
    /// Where to listen.
    pub listen: SocketAddr,
}

/// `[traces]`
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TracesConfig {
    /// Where a collector takes OTLP over HTTP.
    pub endpoint: String,
    /// What is sent along in headers, by their names.
    #[serde(default)]
    pub headers: BTreeMap<String, SecretRef>,
    /// Which share of the traces is sent.
    #[serde(default = "default_ratio")]
    pub ratio: f64,
}

/// `[[tokens]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenConfig {
    /// The principal's name.
    pub principal: String,
    /// The token.
    pub token: SecretRef,
    /// The role on each connection by name; `*` for all others.
    pub roles: BTreeMap<String, Role>,
}

/// `[trusted_proxy]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustedProxyConfig {
    /// From where it calls.
    pub addresses: Vec<Network>,
    /// The secret that it sends in `Howdah-Proxy-Secret`.
    pub secret: SecretRef,
    /// The header in which it sends a user's name.
    pub user_header: String,
    /// The roles of each user by name, each as those of a token; `*` for everybody else.
    pub roles: BTreeMap<String, BTreeMap<String, Role>>,
}

/// The header in which a trusted proxy sends its secret.
pub const PROXY_SECRET: HeaderName = HeaderName::from_static("howdah-proxy-secret");
/// The key of [`TrustedProxyConfig::roles`] that stands for all users without one of their own.
pub const EVERYBODY_ELSE: &str = "*";

impl Default for SessionsConfig {
    fn default() -> Self {
        SessionsConfig { idle_minutes: 12 * 60, absolute_hours: 7 * 24 }
    }
}

impl Default for LimitsConfig {
    fn default() -> Self {
        LimitsConfig {
            header_lines: 64,
            header_bytes: 16 * 1024,
            body_bytes: 1024 * 1024,
            calls_per_second: 200,
            header_seconds: 10,
            body_seconds: 30,
            reply_seconds: 60,
            connections: 4096,
            stop_seconds: 20,
        }
    }
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8700))
}
fn default_ratio() -> f64 {
    1.0
}
fn default_keep_days() -> u32 {
    400
}
fn default_follow_days() -> u32 {
    7
}
fn default_follow_seconds() -> u32 {
    5
}

/// What is wrong with a configuration: a sentence, with the line where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(pub String);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

fn wrong(sentence: impl Into<String>) -> ConfigError {
    ConfigError(sentence.into())
}

impl Config {
    /// Reads and checks a file. Paths within it are relative to its folder.
    ///
    /// # Errors
    /// The first thing that is wrong, in a sentence that quotes no value: a secret may stand where it should not.
    pub fn load(path: &Path) -> Result<Config, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|error| wrong(format!("{}: {error}", path.display())))?;
        let folder = path.parent().unwrap_or(Path::new("."));
        Config::parse(&text, folder).map_err(|error| wrong(format!("{}: {error}", path.display())))
    }

    /// As [`Config::load`], from text.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn parse(text: &str, folder: &Path) -> Result<Config, ConfigError> {
        let mut config: Config = toml::from_str(text).map_err(|error| {
            let line = error.span().map(|span| text[..span.start].matches('\n').count() + 1);
            match line {
                Some(line) => wrong(format!("line {line}: {}", error.message())),
                None => wrong(error.message()),
            }
        })?;
        config.journal.path = folder.join(&config.journal.path);
        if let Some(tls) = &mut config.tls {
            tls.certificate_file = folder.join(&tls.certificate_file);
            tls.key_file = folder.join(&tls.key_file);
        }
        config.console = config.console.map(|console| folder.join(console));
        for secret in config.secrets_mut() {
            secret.resolve_in(folder);
        }
        for connection in config.connections.values_mut() {
            connection.ca_file = connection.ca_file.take().map(|file| folder.join(file));
            if let CredentialsConfig::Kerberos { keytab, .. } = &mut connection.credentials {
                *keytab = folder.join(&*keytab);
            }
        }
        config.check()?;
        Ok(config)
    }

    fn secrets_mut(&mut self) -> impl Iterator<Item = &mut SecretRef> {
        let connections = self.connections.values_mut().flat_map(|connection| {
            let keys = connection.clusters.iter_mut().filter_map(|cluster| cluster.key.as_mut());
            let own = match &mut connection.credentials {
                CredentialsConfig::HadoopEco { id, secret } => vec![id, secret],
                CredentialsConfig::DelegationToken { token: secret }
                | CredentialsConfig::Basic { password: secret, .. }
                | CredentialsConfig::KeystonePassword { password: secret, .. }
                | CredentialsConfig::KeystoneApplicationCredential { secret, .. }
                | CredentialsConfig::KeystoneToken { token: secret } => vec![secret],
                CredentialsConfig::None | CredentialsConfig::UserName { .. } | CredentialsConfig::Kerberos { .. } => {
                    Vec::new()
                }
            };
            keys.chain(own)
        });
        let proxy = self.trusted_proxy.iter_mut().map(|proxy| &mut proxy.secret);
        let traces = self.traces.iter_mut().flat_map(|traces| traces.headers.values_mut());
        self.tokens.iter_mut().map(|token| &mut token.token).chain(proxy).chain(connections).chain(traces)
    }

    /// The keys that differ from those of the start and take effect with the next one, by their names in the file.
    pub fn needs_a_start(&self, started: &Config) -> Vec<&'static str> {
        let (journal, limits) = (&self.journal, &self.limits);
        let keys = [
            ("listen", self.listen == started.listen),
            ("tls", self.tls == started.tls),
            ("public_url", self.public_url == started.public_url),
            ("console", self.console == started.console),
            ("journal.path", journal.path == started.journal.path),
            ("journal.keep_days", journal.keep_days == started.journal.keep_days),
            ("journal.follow_days", journal.follow_days == started.journal.follow_days),
            ("journal.follow_seconds", journal.follow_seconds == started.journal.follow_seconds),
            ("limits.header_lines", limits.header_lines == started.limits.header_lines),
            ("limits.header_bytes", limits.header_bytes == started.limits.header_bytes),
            ("limits.calls_per_second", limits.calls_per_second == started.limits.calls_per_second),
            ("limits.header_seconds", limits.header_seconds == started.limits.header_seconds),
            ("limits.reply_seconds", limits.reply_seconds == started.limits.reply_seconds),
            ("limits.connections", limits.connections == started.limits.connections),
            ("limits.stop_seconds", limits.stop_seconds == started.limits.stop_seconds),
            ("metrics", self.metrics == started.metrics),
            ("traces", self.traces == started.traces),
            ("connections.NAME.listen", self.entrances() == started.entrances()),
        ];
        keys.into_iter().filter(|(_, same)| !same).map(|(key, _)| key).collect()
    }

    /// The connections with an address of their own.
    pub fn entrances(&self) -> BTreeMap<&str, &EntranceConfig> {
        let connections = self.connections.iter();
        connections.filter_map(|(name, connection)| Some((name.as_str(), connection.listen.as_ref()?))).collect()
    }

    /// Where browsers find Howdah.
    ///
    /// # Errors
    /// When `public_url` is not an address of HTTP.
    pub fn public(&self) -> Result<PublicUrl, ConfigError> {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let text = self.public_url.clone().unwrap_or_else(|| format!("{scheme}://{}/", self.listen));
        PublicUrl::parse(&text)
    }
}

impl TrustedProxyConfig {
    /// The header in which it sends a user's name.
    ///
    /// # Errors
    /// When it is no name of a header.
    pub fn user_header(&self) -> Result<HeaderName, ConfigError> {
        let plain = |name: &HeaderName| name.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        self.user_header
            .parse()
            .ok()
            .filter(|name| plain(name) && *name != PROXY_SECRET)
            .ok_or_else(|| wrong("trusted_proxy.user_header must be a header of its own, such as X-Remote-User"))
    }
}
