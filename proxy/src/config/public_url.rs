//! The address at which browsers find Howdah.

use http::Uri;

use super::{ConfigError, wrong};

/// Where browsers find Howdah: from it come our origin, the base path, the names of this host and whether cookies
/// are `Secure`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    /// Scheme, host and port, as browsers write an `Origin`.
    pub origin: String,
    /// The base path, beginning and ending with a slash.
    pub base: String,
    /// Values of `Host` that are ours.
    pub hosts: Vec<String>,
    /// Whether it is https.
    pub secure: bool,
}

impl PublicUrl {
    pub(super) fn parse(text: &str) -> Result<PublicUrl, ConfigError> {
        let uri: Uri = text.parse().map_err(|_| wrong("public_url is not an address"))?;
        let (Some(scheme @ ("http" | "https")), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(wrong("public_url must begin with http:// or https:// and name a host"));
        };
        if uri.query().is_some() || authority.as_str().contains('@') {
            return Err(wrong("public_url must have neither a user nor a query"));
        }
        let path = uri.path();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
        if !path.chars().all(plain) || path.contains("//") || path.split('/').any(|s| s == "." || s == "..") {
            return Err(wrong("the path of public_url may have letters, digits, '-', '_' and '.' only"));
        }
        let base = if path.ends_with('/') { path.to_owned() } else { format!("{path}/") };
        let host = authority.host().to_ascii_lowercase();
        // It comes to stand in headers, where other characters would have a meaning.
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '[' | ']');
        if host.is_empty() || !host.chars().all(plain) {
            return Err(wrong("the host of public_url may have letters, digits, '-', '_' and '.' only"));
        }
        let secure = scheme == "https";
        let default_port = if secure { 443 } else { 80 };
        let port = authority.port_u16().filter(|port| *port != default_port);
        let shown = port.map_or(host.clone(), |port| format!("{host}:{port}"));
        let mut hosts = vec![shown.clone()];
        if port.is_none() {
            hosts.push(format!("{host}:{default_port}"));
        }
        Ok(PublicUrl { origin: format!("{scheme}://{shown}"), base, hosts, secure })
    }
}
