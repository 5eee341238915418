//! A configured connection as it runs: its service's address, credentials, redaction, and the ways out to it.

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use howdah_shared::console::Health;
use howdah_shared::door::Row;
use howdah_shared::operation::Effect;
use howdah_shared::problem::{Code, Problem};
use howdah_shared::systems::{Clusters, System};
use http::Uri;

use super::breaker::Breaker;
use super::lane::{ChangeLane, Lane, connector};
use super::servers::Servers;
use super::tokens::Tokens;
use crate::config::{ClusterConfig, ConnectionConfig};
use crate::credentials::{self, AddressedCluster, Credentials};
use crate::fresh::Fresh;
use crate::metrics::{Calls, Metrics};
use crate::redact::{self, Redactor};
use crate::secrets::{PREVIOUS_IS_KEPT, Secret};

/// How long it is believed how a service is: however many browsers look on, it is asked once.
const HEALTH_LASTS: Duration = Duration::from_secs(3);

/// A configured connection as it runs.
pub struct Connection {
    /// Its permanent name.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Its system.
    pub system: &'static System,
    /// The service's addresses.
    pub servers: Servers,
    /// The configured clusters in the order of the configuration.
    pub clusters: Vec<ConfiguredCluster>,
    /// Whether the service may be asked which clusters it has, and all of them called.
    pub lists_clusters: bool,
    /// The members of free records that leave beside those that are known.
    pub attributes: Arc<[String]>,
    /// The services beside its own.
    pub beside: Vec<Beside>,
    /// The tenant that its calls are for, where the system has tenants.
    pub tenant: Option<String>,
    /// How to authenticate.
    pub credentials: Box<dyn Credentials>,
    /// Reads that callers ask for.
    pub reads: Lane,
    /// Reads that Howdah asks for on its own.
    pub polls: Lane,
    /// Changes: each on a connection of its own.
    pub changes: ChangeLane,
    /// How the service was when it was last asked.
    pub health: Fresh<Health>,
    /// Delegation tokens that the service made for callers.
    tokens: Mutex<Arc<Tokens>>,
    /// Secrets of before, and until when they may still turn up.
    former: Mutex<Vec<(redact::Secret, Instant)>>,
    /// With how many kept and fetched tokens it knows.
    redactor: RwLock<((u64, u64), Redactor)>,
}

/// A cluster that stands in the configuration.
pub struct ConfiguredCluster {
    /// The service's id for it.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Its Open API key.
    pub key: Option<Secret>,
}

/// A service beside a connection's own, which knows the same credentials.
pub struct Beside {
    /// What it is, as the key in the configuration says.
    pub kind: &'static str,
    /// Where it is.
    pub address: Uri,
    /// All reads of it: how it is tells nothing of the others.
    lane: Lane,
}

impl Connection {
    /// Makes a connection of its configuration; reads its secrets and certificates.
    ///
    /// # Errors
    /// A sentence when one of them cannot be read.
    pub fn open(name: &str, config: &ConnectionConfig, metrics: &Metrics) -> Result<Connection, String> {
        let system = config.system().ok_or("its system is not known")?;
        let address = |url: &String| url.trim_end_matches('/').parse::<Uri>().map_err(|_| "url is not an address");
        let addresses = std::iter::once(&config.url).chain(&config.standby_urls).map(address);
        let servers = Servers::new(addresses.collect::<Result<_, _>>()?);
        let connector = connector(config.trust())?;
        let open = |cluster: &ClusterConfig| -> Result<ConfiguredCluster, String> {
            let key = cluster.key.as_ref().map(Secret::open).transpose()?;
            Ok(ConfiguredCluster { id: cluster.id.clone(), name: cluster.name.clone(), key })
        };
        let services = system.beside().into_iter().filter_map(|kind| Some((kind, config.services.get(kind)?)));
        let beside = services.map(|(kind, url)| -> Result<Beside, &str> {
            let lane = Lane::new(connector.clone(), 4, metrics.calls(name, kind));
            Ok(Beside { kind, address: address(url)?, lane })
        });
        let connection = Connection {
            beside: beside.collect::<Result<_, _>>()?,
            name: name.to_owned(),
            title: config.title.clone().unwrap_or_else(|| name.to_owned()),
            system,
            servers,
            clusters: config.clusters.iter().map(open).collect::<Result<_, _>>()?,
            lists_clusters: config.list_clusters,
            attributes: config.node_attributes.clone().into(),
            tenant: config.tenant.clone(),
            credentials: credentials::open(config)?,
            reads: Lane::new(connector.clone(), 16, metrics.calls(name, "reads")),
            polls: Lane::new(connector.clone(), 4, metrics.calls(name, "polling")),
            changes: ChangeLane::new(connector, metrics.calls(name, "changes")),
            health: Fresh::new(HEALTH_LASTS),
            tokens: Mutex::new(Arc::new(Tokens::new()?)),
            former: Mutex::default(),
            redactor: RwLock::new(((0, 0), Redactor::new([]))),
        };
        connection.rebuild_redactor();
        Ok(connection)
    }

    fn secrets(&self) -> impl Iterator<Item = Secret> {
        self.credentials.secrets().into_iter().chain(self.clusters.iter().filter_map(|cluster| cluster.key.clone()))
    }

    /// Reads secrets whose files have changed.
    pub fn refresh_secrets(&self) {
        let mut changed = false;
        for secret in self.secrets() {
            match secret.refresh() {
                Ok(fresh) => changed |= fresh,
                Err(why) => tracing::warn!(connection = self.name, %why, "a changed secret is not taken"),
            }
        }
        if changed {
            tracing::info!(connection = self.name, "a secret has changed");
            self.rebuild_redactor();
        }
    }

    /// After a definite 401 to what was made at this instant or a little later: whether there is another credential or
    /// cluster's key now, worth one more try.
    pub async fn renew(&self, since: Instant) -> bool {
        let mut renewed = self.credentials.renew(since).await;
        for key in self.clusters.iter().filter_map(|cluster| cluster.key.as_ref()) {
            renewed |= key.refresh() == Ok(true);
        }
        if renewed {
            self.rebuild_redactor();
        }
        renewed
    }

    fn known_secrets(&self) -> Vec<redact::Secret> {
        let former = self.former.lock().unwrap_or_else(PoisonError::into_inner);
        let former = former.iter().filter(|(_, until)| *until > Instant::now()).map(|(secret, _)| secret.clone());
        let current = self.secrets().flat_map(|secret| {
            let short = secret.is_short();
            secret.known().into_iter().map(move |value| redact::Secret { value: (*value).clone(), short })
        });
        let kept =
            self.tokens().values().into_iter().map(|value| redact::Secret { value: (*value).clone(), short: false });
        let fetched = self.credentials.fetched().into_iter().map(|value| redact::Secret { value, short: false });
        former.chain(current).chain(kept).chain(fetched).collect()
    }

    /// Goes on looking for the secrets of the connection that this one takes the place of.
    pub fn remember(&self, before: &Connection) {
        let until = Instant::now() + PREVIOUS_IS_KEPT;
        let former = before.known_secrets().into_iter().map(|secret| (secret, until)).collect();
        *self.former.lock().unwrap_or_else(PoisonError::into_inner) = former;
        // What was made at another address is not for this one.
        if before.servers.is_same(&self.servers) {
            *self.tokens.lock().unwrap_or_else(PoisonError::into_inner) = before.tokens();
        }
        self.rebuild_redactor();
    }

    /// Looks for every secret as it is now, and as it was an hour ago.
    pub fn rebuild_redactor(&self) {
        let tokens = self.token_changes();
        let fresh = Redactor::new(self.known_secrets());
        *self.redactor.write().unwrap_or_else(PoisonError::into_inner) = (tokens, fresh);
    }

    /// Delegation tokens that the service made for callers.
    pub fn tokens(&self) -> Arc<Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What takes this connection's secrets out of anything.
    pub fn redactor(&self) -> Redactor {
        // A token that was made by way of this connection as it was before the configuration was read again counts too.
        if self.redactor.read().unwrap_or_else(PoisonError::into_inner).0 != self.token_changes() {
            self.rebuild_redactor();
        }
        self.redactor.read().unwrap_or_else(PoisonError::into_inner).1.clone()
    }

    /// Counts the tokens that have come, kept for callers and fetched for itself.
    fn token_changes(&self) -> (u64, u64) {
        (self.tokens().changes(), self.credentials.changes())
    }

    /// Whether a call is for the tenant that the connection works for.
    ///
    /// # Errors
    /// A problem when its path names another one.
    pub fn check_tenant(&self, row: &Row, segments: &[String]) -> Result<(), Box<Problem>> {
        let named = segments.first().filter(|_| self.system.tenant && !row.spec.holes.is_empty());
        if named.is_none() || named == self.tenant.as_ref() {
            return Ok(());
        }
        let detail = format!("{} works for another tenant than the one that the path names.", self.title);
        Err(Box::new(Problem::new(Code::TenantNotConfigured, detail)))
    }

    /// Whether there is a service that answers a call.
    ///
    /// # Errors
    /// A problem when it would be one beside the connection's own, which the configuration does not name.
    pub fn check_service(&self, row: &Row) -> Result<(), Box<Problem>> {
        match row.spec.tail.beside {
            Some(kind) if self.beside(row).is_none() => {
                let detail = format!(
                    "The configuration does not tell where the {kind} service of {} is: connections.{}.services.{kind} \
                     would.",
                    self.title, self.name
                );
                Err(Box::new(Problem::new(Code::ServiceNotConfigured, detail)))
            }
            _ => Ok(()),
        }
    }

    /// The service that answers a call, where that is one beside its own.
    pub fn beside(&self, row: &Row) -> Option<&Beside> {
        let kind = row.spec.tail.beside?;
        self.beside.iter().find(|service| service.kind == kind)
    }

    /// The way of a read that a caller asks for.
    pub fn reads_of(&self, row: &Row) -> &Lane {
        self.beside(row).map_or(&self.reads, |service| &service.lane)
    }

    /// The way of a read that Howdah asks for on its own.
    pub fn polls_of(&self, row: &Row) -> &Lane {
        self.beside(row).map_or(&self.polls, |service| &service.lane)
    }

    /// The path parameters that every call has which has any: the tenant.
    pub fn tenant_segment(&self, row: &Row) -> Option<String> {
        self.tenant.clone().filter(|_| self.system.tenant && !row.spec.holes.is_empty())
    }

    /// The breakers of its ways out, each beside what counts the calls.
    pub fn breakers(&self) -> impl Iterator<Item = (&Calls, &Breaker)> {
        let lanes = [&self.reads, &self.polls].into_iter().chain(self.beside.iter().map(|service| &service.lane));
        let changes = std::iter::once((&self.changes.calls, &self.changes.breaker));
        lanes.map(|lane| (&lane.calls, &lane.breaker)).chain(changes)
    }

    /// The configured cluster of that id.
    pub fn cluster(&self, id: &str) -> Option<&ConfiguredCluster> {
        self.clusters.iter().find(|cluster| cluster.id == id)
    }

    /// The configured cluster that a call addresses, where the system's clusters have keys of their own.
    ///
    /// # Errors
    /// A problem when the call is for a cluster that must stand in the configuration and does not.
    pub fn addressed(&self, row: &Row, segments: &[String]) -> Result<Option<AddressedCluster<'_>>, Box<Problem>> {
        let id = segments.first().map_or("", String::as_str);
        let missing = |members: &str| {
            let detail = format!(
                "No cluster with this id stands in the configuration of {}. Add it under \
                 [[connections.{}.clusters]] with its {members}.",
                self.title, self.name
            );
            Box::new(Problem::new(Code::ClusterNotConfigured, detail))
        };
        match self.system.clusters {
            Clusters::Told => Ok(None),
            Clusters::WithKeys => {
                let cluster = self.cluster(id).ok_or_else(|| missing("id, name and key"))?;
                Ok(Some(AddressedCluster { name: &cluster.name, key: cluster.key.as_ref() }))
            }
            Clusters::Named { .. } if self.lists_clusters => Ok(None),
            Clusters::Named { list } if row.spec.name == list => {
                let detail = format!(
                    "The configuration does not let the clusters of {} be listed: list_clusters = true would.",
                    self.title
                );
                Err(Box::new(Problem::new(Code::ClusterNotConfigured, detail)))
            }
            Clusters::Named { .. } => match row.spec.holes.first() {
                Some(&"cluster") if self.cluster(id).is_none() => Err(missing("id and name")),
                _ => Ok(None),
            },
        }
    }
}

/// Which effect goes which way is decided here and nowhere else.
pub fn is_change(effect: Effect) -> bool {
    effect != Effect::Read
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::CredentialsConfig;
    use crate::secrets::SecretRef;

    fn with_secret(secret: &str) -> Connection {
        let made = |secret: &str| SecretRef::made(secret.to_owned().into());
        let credentials = CredentialsConfig::HadoopEco { id: made("access-key-id"), secret: made(secret) };
        let config =
            ConnectionConfig { credentials, ..ConnectionConfig::new("hadoop-eco-v2", "http://127.0.0.1:9".to_owned()) };
        Connection::open("eco", &config, &Metrics::new()).unwrap()
    }

    #[tokio::test]
    async fn everything_that_has_changed_is_renewed_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, value: &str, age| {
            let path = folder.path().join(name);
            std::fs::write(&path, value).unwrap();
            let written = std::time::SystemTime::now() - Duration::from_secs(age);
            std::fs::File::options().write(true).open(&path).unwrap().set_modified(written).unwrap();
        };
        let names = ["id", "secret", "key"];
        names.iter().for_each(|name| write(name, &format!("old-value-of-{name}"), 60));
        let text = "version = 1\n[journal]\npath = \"j\"\n[connections.eco]\nsystem = \"hadoop-eco-v2\"\nurl = \"http://h\"\n\
            credentials = { kind = \"hadoop-eco\", id = { file = \"id\" }, secret = { file = \"secret\" } }\n\
            [[connections.eco.clusters]]\nid = \"c\"\nname = \"c\"\nkey = { file = \"key\" }\n";
        let config = crate::config::Config::parse(text, folder.path()).unwrap();
        let connection = Connection::open("eco", &config.connections["eco"], &Metrics::new()).unwrap();
        assert!(!connection.renew(Instant::now()).await);
        names.iter().for_each(|name| write(name, &format!("new-value-of-{name}"), 0));
        assert!(connection.renew(Instant::now()).await);
        assert!(!connection.renew(Instant::now()).await, "one look takes all of them");
        for name in names {
            assert_eq!(connection.redactor().text(&format!("new-value-of-{name} old-value-of-{name}")), "*** ***");
        }
    }

    #[test]
    fn a_secret_from_before_is_still_taken_out() {
        let (first, second, third) =
            (with_secret("first-secret"), with_secret("second-secret"), with_secret("third-secret"));
        second.remember(&first);
        third.remember(&second);
        let said = "first-secret, second-secret, third-secret, another-word";
        assert_eq!(third.redactor().text(said), "***, ***, ***, another-word");
        assert!(first.redactor().text(said).contains("second-secret"));
    }
}
