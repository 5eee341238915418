//! What the running proxy shares: the configuration as it stands now, the journal, and the changes under way.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use howdah_shared::console::Instant;
use secrecy::SecretString;
use tokio::sync::watch;
use tokio_util::task::TaskTracker;

use crate::access::sessions::Link;
use crate::access::{Pace, Throttle, Tokens, TrustedProxy};
use crate::assets::Assets;
use crate::config::{Config, LimitsConfig, PublicUrl};
use crate::fresh::Fresh;
use crate::gateway::connection::Connection;
use crate::journal::Journal;
use crate::metrics::Metrics;
use crate::watching::Watching;

/// How long it is believed that the journal can be written: whoever asks oftener costs no sync of the disk.
const READY_LASTS: Duration = Duration::from_secs(1);

/// The running proxy.
pub struct App {
    /// The journal.
    pub journal: Journal,
    /// Changes that are under way; a stop waits for them.
    pub changes: TaskTracker,
    /// Who guesses tokens.
    pub throttle: Throttle,
    /// How often each principal calls.
    pub pace: Pace,
    /// The console's files.
    pub assets: Assets,
    /// Whether this is a sandbox.
    pub sandbox: bool,
    /// What Howdah tells of itself in numbers.
    pub metrics: Metrics,
    /// What is watched.
    pub watching: Arc<Watching>,
    ready: Fresh<bool>,
    rights: watch::Sender<()>,
    snapshot: RwLock<Arc<Snapshot>>,
}

/// The configuration as it stands: replaced whole, never changed.
pub struct Snapshot {
    /// Where browsers find us.
    pub public: PublicUrl,
    /// Values of `Host` that are ours.
    pub hosts: Vec<String>,
    /// Origins of portals.
    pub portals: Vec<String>,
    /// The connections by name.
    pub connections: BTreeMap<String, Arc<Connection>>,
    /// Configured tokens.
    pub tokens: Tokens,
    /// The portal's proxy that names users.
    pub trusted_proxy: Option<TrustedProxy>,
    /// The printed sign-in link, where nobody else could enter.
    pub link: Option<Arc<Link>>,
    /// Whether nobody needs to sign in: a sandbox on loopback.
    pub open: bool,
    /// How long a session may idle.
    pub session_idle: Duration,
    /// How long a session lasts at the most.
    pub session_absolute: Duration,
    /// What its connections count with.
    pub metrics: Metrics,
    /// What a request may have, and how long it may take.
    pub limits: LimitsConfig,
}

impl Snapshot {
    /// Makes everything of a configuration that is read from outside: secrets, certificates.
    ///
    /// # Errors
    /// A sentence for the first thing that cannot be read.
    pub fn open(config: &Config, open: bool, metrics: &Metrics) -> Result<Snapshot, String> {
        let public = config.public().map_err(|error| error.to_string())?;
        let mut hosts = public.hosts.clone();
        if config.listen.ip().is_loopback() {
            let port = config.listen.port();
            hosts.extend([config.listen.to_string(), format!("localhost:{port}"), format!("127.0.0.1:{port}")]);
        }
        let mut connections = BTreeMap::new();
        for (name, connection) in &config.connections {
            let opened = Connection::open(name, connection, metrics);
            let opened = opened.map_err(|why| format!("connections.{name}: {why}"))?;
            connections.insert(name.clone(), Arc::new(opened));
        }
        Ok(Snapshot {
            public,
            hosts,
            portals: config.portals.clone(),
            connections,
            tokens: Tokens::open(&config.tokens)?,
            trusted_proxy: config.trusted_proxy.as_ref().map(TrustedProxy::open).transpose()?,
            link: None,
            open,
            session_idle: Duration::from_secs(60 * u64::from(config.sessions.idle_minutes)),
            session_absolute: Duration::from_secs(3600 * u64::from(config.sessions.absolute_hours)),
            metrics: metrics.clone(),
            limits: config.limits.clone(),
        })
    }

    /// Whether the configuration lets anybody in.
    pub fn lets_in(&self) -> bool {
        !self.tokens.is_empty() || self.trusted_proxy.is_some()
    }

    /// Adds a sign-in link for whoever reads our standard output, and gives its code.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn with_link(mut self) -> Result<(Snapshot, SecretString), String> {
        let (link, code) = Link::new().map_err(|error| error.to_string())?;
        self.link = Some(Arc::new(link));
        Ok((self, code))
    }
}

impl App {
    /// Puts the parts together.
    pub fn new(snapshot: Snapshot, journal: Journal, assets: Assets, sandbox: bool) -> App {
        App {
            journal,
            changes: TaskTracker::new(),
            throttle: Throttle::default(),
            pace: Pace::new(snapshot.limits.calls_per_second),
            assets,
            sandbox,
            metrics: snapshot.metrics.clone(),
            watching: Arc::default(),
            ready: Fresh::new(READY_LASTS),
            rights: watch::Sender::default(),
            snapshot: RwLock::new(Arc::new(snapshot)),
        }
    }

    /// The configuration as it stands now.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces the configuration. What the listener was started with stays.
    ///
    /// # Errors
    /// A sentence when nobody could enter any more.
    pub fn replace(&self, mut fresh: Snapshot) -> Result<(), String> {
        let mut held = self.snapshot.write().unwrap_or_else(PoisonError::into_inner);
        if !fresh.lets_in() {
            if held.link.is_none() {
                return Err("neither [[tokens]] nor [trusted_proxy] are left; only a new start prints a sign-in link"
                    .to_owned());
            }
            fresh.link = held.link.clone();
        }
        fresh.public = held.public.clone();
        fresh.hosts = held.hosts.clone();
        // The parsers before the door have theirs from the start.
        (fresh.limits.header_lines, fresh.limits.header_bytes) = (held.limits.header_lines, held.limits.header_bytes);
        for (name, connection) in &fresh.connections {
            if let Some(before) = held.connections.get(name) {
                connection.remember(before);
            }
        }
        *held = Arc::new(fresh);
        drop(held);
        self.rights_changed();
        Ok(())
    }

    /// Tells those who watch that a token, a role or a session has changed.
    pub fn rights_changed(&self) {
        self.rights.send_replace(());
    }

    /// Hears of each change of a token, a role or a session.
    pub fn rights(&self) -> watch::Receiver<()> {
        self.rights.subscribe()
    }

    /// Whether the journal can be written, by an attempt that is at most a second old.
    pub async fn is_ready(&self) -> bool {
        let attempt = async {
            let written = self.journal.check_writable().await;
            written.inspect_err(|error| tracing::error!(%error, "not ready")).is_ok()
        };
        self.ready.get(attempt).await
    }
}

/// Now, in milliseconds since the epoch.
pub fn now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant::try_from(since.as_millis()).unwrap_or(Instant::MAX)
}
