//! What must hold in a configuration beyond its form: each rule with a sentence for whoever breaks it.

use std::collections::{BTreeMap, HashSet};
use std::net::IpAddr;

use howdah_shared::operation::{Role, check_segment, check_slashed_segment};
use howdah_shared::systems::{self, Clusters};
use http::uri::Authority;
use http::{HeaderName, Uri};

use super::{Config, ConfigError, ConnectionConfig, CredentialsConfig, EVERYBODY_ELSE, PublicUrl, TracesConfig, wrong};

/// The longest name of a principal, in bytes.
const LONGEST_NAME: usize = 128;

/// Whether a principal may be called so: the journal and its readers must be able to tell names apart.
pub fn is_name(text: &str) -> bool {
    (1..=LONGEST_NAME).contains(&text.len()) && text.trim() == text && !text.chars().any(char::is_control)
}

impl Config {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if self.version != 1 {
            return Err(wrong(format!("version = {} is not known; this Howdah reads version = 1", self.version)));
        }
        if !self.public()?.secure && self.tls.is_some() {
            return Err(wrong("public_url must begin with https://, as [tls] is what browsers meet"));
        }
        for portal in &self.portals {
            // As browsers write it: else it would never be that of a page.
            if PublicUrl::parse(portal).map(|url| url.origin).as_ref() != Ok(portal) {
                return Err(wrong(format!("portals: {portal:?} is not an origin such as https://portal.example")));
            }
        }
        let (journal, limits) = (&self.journal, &self.limits);
        for (key, number) in [
            ("journal.keep_days", journal.keep_days),
            ("journal.follow_days", journal.follow_days),
            ("journal.follow_seconds", journal.follow_seconds),
            ("sessions.idle_minutes", self.sessions.idle_minutes),
            ("sessions.absolute_hours", self.sessions.absolute_hours),
            ("limits.body_bytes", limits.body_bytes),
            ("limits.calls_per_second", limits.calls_per_second),
            ("limits.header_seconds", limits.header_seconds),
            ("limits.body_seconds", limits.body_seconds),
            ("limits.reply_seconds", limits.reply_seconds),
            ("limits.connections", limits.connections),
        ] {
            if number == 0 {
                return Err(wrong(format!("{key} must be at least 1")));
            }
        }
        // Less than browsers send, or more than the parsers should be asked to hold.
        for (key, number, least, most) in [
            ("limits.header_lines", limits.header_lines, 32, 1024),
            ("limits.header_bytes", limits.header_bytes, 4096, 1024 * 1024),
        ] {
            if !(least..=most).contains(&number) {
                return Err(wrong(format!("{key} must be from {least} to {most}")));
            }
        }
        let mut principals = HashSet::new();
        for token in &self.tokens {
            if !is_name(&token.principal) {
                return Err(not_a_name("tokens", &token.principal));
            }
            if !principals.insert(&token.principal) {
                return Err(wrong(format!("tokens: the principal {} stands twice", token.principal)));
            }
            self.check_roles("tokens", &token.principal, &token.roles)?;
        }
        if let Some(proxy) = &self.trusted_proxy {
            proxy.user_header()?;
            if proxy.addresses.is_empty() {
                return Err(wrong("trusted_proxy.addresses must list at least one"));
            }
            for (user, roles) in &proxy.roles {
                if user != EVERYBODY_ELSE && !is_name(user) {
                    return Err(not_a_name("trusted_proxy.roles", user));
                }
                self.check_roles("trusted_proxy", user, roles)?;
            }
        }
        if let Some(traces) = &self.traces {
            traces.check()?;
        }
        for (name, connection) in &self.connections {
            connection.check(name)?;
        }
        Ok(())
    }

    fn check_roles(&self, place: &str, principal: &str, roles: &BTreeMap<String, Role>) -> Result<(), ConfigError> {
        match roles.keys().find(|name| *name != "*" && !self.connections.contains_key(*name)) {
            Some(name) => Err(wrong(format!("{place}: {principal} has a role on {name}, which is no connection"))),
            None => Ok(()),
        }
    }
}

fn not_a_name(place: &str, name: &str) -> ConfigError {
    let rule = "has 1 to 128 bytes, no control characters, and neither begins nor ends with a space";
    wrong(format!("{place}: {name:?} is no name: one {rule}"))
}

impl TracesConfig {
    fn check(&self) -> Result<(), ConfigError> {
        let uri = self.endpoint.parse::<Uri>().ok();
        let plain = |uri: &Uri| {
            matches!(uri.scheme_str(), Some("http" | "https"))
                && uri.query().is_none()
                && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'))
        };
        if !uri.as_ref().is_some_and(plain) {
            let sentence = "traces.endpoint must be http:// or https:// with a host, without a user and a query";
            return Err(wrong(sentence));
        }
        if let Some(name) = self.headers.keys().find(|name| name.parse::<HeaderName>().is_err()) {
            return Err(wrong(format!("traces.headers: {name:?} is no name of a header")));
        }
        if !(0.0..=1.0).contains(&self.ratio) {
            return Err(wrong("traces.ratio must be from 0 to 1"));
        }
        Ok(())
    }
}

/// The address of a service under this key.
fn address(key: &str, url: &str) -> Result<Uri, String> {
    let uri: Uri = url.parse().map_err(|_| format!("{key}: this is not an address"))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) || uri.host().is_none() || uri.query().is_some() {
        return Err(format!("{key} must be http:// or https:// with a host and without a query"));
    }
    if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err(format!("{key} must not hold a user or a password"));
    }
    Ok(uri)
}

fn is_loopback(address: &Uri) -> bool {
    let host = address.host().unwrap_or_default();
    host == "localhost" || host.trim_matches(['[', ']']).parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

impl ConnectionConfig {
    fn check(&self, name: &str) -> Result<(), ConfigError> {
        let here = |sentence: String| wrong(format!("connections.{name}: {sentence}"));
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || name.len() > 63 || !name.chars().all(plain) {
            return Err(here("a name has 1 to 63 of a-z, 0-9 and -".to_owned()));
        }
        let Some(system) = self.system() else {
            let known: Vec<&str> = systems::SYSTEMS.iter().map(|system| system.id).collect();
            return Err(here(format!("system = {:?} is not known; there are {}", self.system, known.join(", "))));
        };
        let uri = address("url", &self.url).map_err(here)?;
        if !self.standby_urls.is_empty() && system.standby.is_none() {
            return Err(here(format!("standby_urls are not for {}, which is one server", system.id)));
        }
        let mut authorities = HashSet::from([uri.authority().cloned()]);
        for url in &self.standby_urls {
            let other = address("standby_urls", url).map_err(here)?;
            if other.scheme() != uri.scheme() {
                return Err(here("standby_urls must be http:// or https:// as url is".to_owned()));
            }
            if !authorities.insert(other.authority().cloned()) {
                return Err(here("standby_urls: the same server stands twice".to_owned()));
            }
        }
        let mut encrypted = uri.scheme_str() == Some("https");
        let known = system.beside();
        for (kind, url) in &self.services {
            if !known.contains(&kind.as_str()) {
                let there = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                return Err(here(format!("services.{kind} is not for {}; there is {there}", system.id)));
            }
            let other = address(&format!("services.{kind}"), url).map_err(here)?;
            encrypted |= other.scheme_str() == Some("https");
        }
        if let CredentialsConfig::KeystonePassword { url, .. }
        | CredentialsConfig::KeystoneApplicationCredential { url, .. } = &self.credentials
        {
            encrypted |= address("credentials.url", url).map_err(here)?.scheme_str() == Some("https");
        }
        if self.ca_file.is_some() && !encrypted {
            return Err(here("ca_file is of no use with http://".to_owned()));
        }
        if uri.scheme_str() == Some("http") && system.credentials == ["basic"] && !is_loopback(&uri) {
            return Err(here(format!("url must be https:// for {}, which is sent a password", system.id)));
        }
        if self.certificate_sha256.is_some() && uri.scheme_str() != Some("https") {
            return Err(here("certificate_sha256 is of no use with http://".to_owned()));
        }
        if self.certificate_sha256.is_some() && self.ca_file.is_some() {
            return Err(here("ca_file and certificate_sha256 exclude each other".to_owned()));
        }
        match &self.tenant {
            Some(_) if !system.tenant => return Err(here(format!("{} has no tenants", system.id))),
            None if system.tenant => return Err(here("tenant must name the tenant by its id".to_owned())),
            Some(tenant) => check_segment(tenant).map_err(|why| here(format!("tenant {why}")))?,
            None => {}
        }
        if let Some(own) = &self.listen {
            if own.hosts.is_none() && !own.address.ip().is_loopback() {
                return Err(here("listen.hosts must name the hosts by which clients find this address".to_owned()));
            }
            let good = |host: &String| host.parse::<Authority>().is_ok_and(|host| !host.as_str().contains('@'));
            if let Some(host) = own.hosts.iter().flatten().find(|host| !good(host)) {
                return Err(here(format!("listen.hosts: {host:?} is not a host such as rm.example:8088")));
            }
        }
        if let CredentialsConfig::UserName { user }
        | CredentialsConfig::Basic { user, .. }
        | CredentialsConfig::KeystonePassword { user, .. } = &self.credentials
            && (user.trim().is_empty() || user.chars().any(char::is_control))
        {
            return Err(here("credentials.user needs a name without control characters".to_owned()));
        }
        if let CredentialsConfig::Basic { user, .. } = &self.credentials
            && user.contains(':')
        {
            return Err(here("credentials.user: a name in Basic has no colon".to_owned()));
        }
        if let CredentialsConfig::Kerberos { principal, .. } = &self.credentials {
            if principal.is_empty() || principal.chars().any(|c| c.is_whitespace() || c.is_control()) {
                return Err(here("credentials.principal needs a name without blanks".to_owned()));
            }
            if !cfg!(feature = "kerberos") {
                let sentence = "credentials of kind \"kerberos\" need a Howdah that was built with --features kerberos";
                return Err(here(sentence.to_owned()));
            }
        }
        let kind = self.credentials.kind();
        if !system.credentials.contains(&kind) {
            return Err(here(format!(
                "credentials of kind {kind:?} are not for {}; there are {}",
                system.id,
                system.credentials.join(", ")
            )));
        }
        let named = matches!(system.clusters, Clusters::Named { .. });
        if self.list_clusters && !named {
            return Err(here(format!("list_clusters is not for {}", system.id)));
        }
        let has_records = system.table.iter().any(|row| row.spec.tail.records.is_some());
        if !self.node_attributes.is_empty() && !has_records {
            return Err(here(format!("node_attributes are not for {}", system.id)));
        }
        if !self.clusters.is_empty() && system.clusters == Clusters::Told {
            return Err(here(format!("{} lists its clusters itself; none stand here", system.id)));
        }
        let mut ids = HashSet::new();
        for cluster in &self.clusters {
            let check = if named { check_slashed_segment } else { check_segment };
            check(&cluster.id).map_err(|why| here(format!("the id of cluster {:?} {why}", cluster.name)))?;
            if !ids.insert(&cluster.id) {
                return Err(here(format!("the cluster {} stands twice", cluster.id)));
            }
            if named && cluster.key.is_some() {
                return Err(here(format!(
                    "the cluster {} has no key: {} has none for clusters",
                    cluster.id, system.id
                )));
            }
            if cluster.name.trim().is_empty() {
                return Err(here(format!("the cluster {} needs a name", cluster.id)));
            }
        }
        Ok(())
    }
}
