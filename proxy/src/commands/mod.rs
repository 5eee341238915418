//! What the commands do: `serve`, `sandbox`, `check`, `health`, `openapi`, `requests`.

pub mod health;
pub mod requests;
mod services;

use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use howdah_shared::systems::Clusters;
use secrecy::ExposeSecret;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::access::TrustedProxy;
use crate::app::{App, Snapshot};
use crate::assets::Assets;
use crate::config::{Config, MetricsConfig, TracesConfig};
use crate::console;
use crate::following::Asker;
use crate::gateway::connection::Connection;
use crate::journal::{Journal, Tracker, TrackerSettings};
use crate::listening::{self, Listening, Tls};
use crate::metrics::{self, Metrics};
use crate::private;
use crate::sandbox;
use crate::server::Entrance;
use crate::traces::{self, Exporter};

/// How often files of secrets are looked at.
const SECRETS_EVERY: Duration = Duration::from_millis(500);
/// How often old requests are taken out of the journal.
const RETENTION_EVERY: Duration = Duration::from_secs(24 * 3600);

/// `howdah serve`
///
/// # Errors
/// The sentence for whoever started it.
pub async fn serve(path: &Path) -> Result<(), String> {
    let config = Config::load(path).map_err(|error| error.to_string())?;
    let metrics = Metrics::new();
    let exporter = log(config.traces.as_ref(), &metrics)?;
    let served = serve_with(path, config, &metrics).await;
    if let Some(exporter) = exporter {
        exporter.stop().await;
    }
    served
}

async fn serve_with(path: &Path, mut config: Config, metrics: &Metrics) -> Result<(), String> {
    let reload = Some((path.to_owned(), config.clone()));
    let listening = bind(&mut config).await?;
    let mut snapshot = Snapshot::open(&config, false, metrics)?;
    if !snapshot.lets_in() {
        let own = config.entrances().into_values().map(|own| own.address);
        if own.chain([config.listen]).any(|address| !address.ip().is_loopback()) {
            return Err(
                "neither [[tokens]] nor [trusted_proxy] are configured, so only a loopback address may be listened on"
                    .to_owned(),
            );
        }
        let (linked, code) = snapshot.with_link()?;
        snapshot = linked;
        let public = &snapshot.public;
        say(&format!(
            "Sign in within ten minutes at {}{}sign-in#code={}",
            public.origin,
            public.base,
            code.expose_secret()
        ));
    }
    let journal = Journal::open(&config.journal.path).await.map_err(|error| error.to_string())?;
    run(config, snapshot, journal, listening, false, reload, |_| async {}).await
}

/// What `howdah sandbox` is told.
pub struct SandboxOptions {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The folder of the console's files.
    pub console: Option<PathBuf>,
    /// How many times faster than life the services work.
    pub pace: f64,
    /// Applications on the ResourceManager.
    pub applications: usize,
    /// Nodes of it, at least those that the applications need.
    pub nodes: usize,
    /// Queues of it, at least its usual ones.
    pub queues: usize,
    /// Clusters that work on Hadoop Eco.
    pub clusters: usize,
    /// Clusters of Savanna, at least its usual one.
    pub savanna_clusters: usize,
    /// Nodes of the large cluster of CycleCloud.
    pub cyclecloud: usize,
    /// The folder that keeps the journal.
    pub keep: Option<PathBuf>,
    /// Where to write a configuration for `howdah serve`, with no proxy of its own.
    pub services_only: Option<PathBuf>,
}

/// `howdah sandbox`
///
/// # Errors
/// The sentence for whoever started it.
pub async fn sandbox(options: SandboxOptions) -> Result<(), String> {
    log(None, &Metrics::new())?;
    if !options.listen.ip().is_loopback() {
        return Err("a sandbox is open to everyone who reaches it, so it listens on a loopback address only".to_owned());
    }
    if !(options.pace.is_finite() && options.pace > 0.0) {
        return Err("--pace must be above 0".to_owned());
    }
    let started = sandbox::start(sandbox::Options {
        pace: options.pace,
        applications: options.applications,
        nodes: options.nodes,
        queues: options.queues,
        clusters: options.clusters,
        savanna_clusters: options.savanna_clusters,
        cyclecloud: options.cyclecloud,
        ..sandbox::Options::default()
    });
    let simulators = started.await.map_err(|error| error.to_string())?;
    if let Some(folder) = options.services_only {
        services::write_configuration(&simulators, &folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?;
        let stopped = stopped()?;
        say(&format!("The simulated services are up; {} is for `howdah serve`", folder.join("howdah.toml").display()));
        stopped.await;
        return Ok(());
    }
    let temporary = tempfile::tempdir().map_err(|error| error.to_string())?;
    let folder = options.keep.as_deref().unwrap_or(temporary.path());
    private::make_folder(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut config = services::configuration(&simulators, folder, options.listen, options.console);
    let listening = bind(&mut config).await?;
    let snapshot = Snapshot::open(&config, true, &Metrics::new())?;
    let journal = Journal::open(&config.journal.path).await.map_err(|error| error.to_string())?;
    let past = services::past_runs(&simulators);
    let seed = |journal: Journal| async move {
        for adopted in past {
            if let Err(error) = journal.adopt(adopted).await {
                tracing::warn!(%error, "a past run was not taken in");
            }
        }
    };
    run(config, snapshot, journal, listening, true, None, seed).await
}

/// `howdah check`
///
/// # Errors
/// A sentence that counts what is wrong; each has been printed in a line.
pub async fn check(path: &Path) -> Result<(), String> {
    let config = Config::load(path).map_err(|error| error.to_string())?;
    let snapshot = Snapshot::open(&config, false, &Metrics::new())?;
    let mut wrong = 0;
    for (name, health) in console::probe_all(&snapshot).await {
        match health.problem {
            None => {
                let active = health.server.map(|server| format!(", {server} is active")).unwrap_or_default();
                say(&format!("{name}: reachable, {} ms{active}", health.latency.unwrap_or(0)));
            }
            Some(problem) => {
                wrong += 1;
                say(&format!("{name}: {problem}"));
            }
        }
    }
    let with_keys = |connection: &Connection| connection.system.clusters == Clusters::WithKeys;
    for (name, connection) in snapshot.connections.iter().filter(|(_, connection)| with_keys(connection)) {
        for cluster in connection.clusters.iter().filter(|cluster| cluster.key.is_none()) {
            say(&format!("{name}: the cluster {} has no Open API key; it can be neither asked nor run", cluster.name));
        }
    }
    if wrong > 0 { Err(format!("{wrong} of {} connections are not well", snapshot.connections.len())) } else { Ok(()) }
}

/// `howdah openapi`
///
/// # Errors
/// When the document cannot be written.
pub fn openapi() -> Result<(), String> {
    let text = serde_json::to_string_pretty(&crate::openapi::document(None)).map_err(|error| error.to_string())?;
    say(&text);
    Ok(())
}

/// Listens at every configured address, and writes down which these are.
async fn bind(config: &mut Config) -> Result<Vec<Listening>, String> {
    let listener = listen(&mut config.listen).await?;
    let mut bound = vec![Listening { listener, entrance: Entrance::Console }];
    for (name, connection) in &mut config.connections {
        let Some(own) = &mut connection.listen else { continue };
        let listener = listen(&mut own.address).await?;
        tracing::info!(connection = name, address = %own.address, "a connection is served at an address of its own");
        let entrance = Entrance::Connection { name: name.clone(), hosts: own.hosts() };
        bound.push(Listening { listener, entrance });
    }
    Ok(bound)
}

/// Listens at an address, and puts the port there that was free where it leaves the choice.
async fn listen(address: &mut SocketAddr) -> Result<TcpListener, String> {
    let failed = |error: std::io::Error| format!("{address}: {error}");
    let listener = TcpListener::bind(*address).await.map_err(failed)?;
    *address = listener.local_addr().map_err(failed)?;
    Ok(listener)
}

async fn run<Seeding: Future<Output = ()>>(
    config: Config,
    snapshot: Snapshot,
    journal: Journal,
    listening: Vec<Listening>,
    sandbox: bool,
    reload: Option<(PathBuf, Config)>,
    seed: impl FnOnce(Journal) -> Seeding,
) -> Result<(), String> {
    let assets = Assets::open(config.console.as_deref(), &snapshot.public.base)?;
    let tls = config.tls.as_ref().map(Tls::open).transpose()?.map(Arc::new);
    let recovered = journal.recover().await.map_err(|error| error.to_string())?;
    tracing::info!(?recovered, "the journal is open");
    let url = format!("{}{}", snapshot.public.origin, snapshot.public.base);
    let app = Arc::new(App::new(snapshot, journal.clone(), assets, sandbox));
    seed(journal.clone()).await;
    let (fast, give_up) = (config.journal.follow_seconds, config.journal.follow_days);
    let settings = TrackerSettings {
        fast: Duration::from_secs(fast.into()),
        slow: Duration::from_secs(u64::from(fast) * 60),
        give_up: Duration::from_secs(u64::from(give_up) * 24 * 3600),
    };
    let asker = Arc::new(Asker::new(app.clone()));
    let tracker = Tracker::start(journal.clone(), asker, settings).map_err(|error| error.to_string())?;
    let mut background = vec![
        tokio::spawn(refresh_secrets(app.clone(), tls.clone())),
        tokio::spawn(retain(journal.clone(), config.journal.keep_days)),
    ];
    if let Some(MetricsConfig { listen: mut address }) = config.metrics {
        let listener = listen(&mut address).await?;
        tracing::info!(%address, "metrics are served");
        background.push(tokio::spawn(metrics::serve(app.clone(), listener)));
    }
    if let Some((path, started)) = reload {
        // Listened for before anybody is told where we are: until then, and in a sandbox, the signal ends the process.
        let hangups = listen_for(SignalKind::hangup())?;
        background.push(tokio::spawn(reload_on_hangup(app.clone(), hangups, path, started)));
    }
    // The same of the signals to stop: they would end us without closing the journal.
    let stopped = stopped()?;
    say(&format!("Howdah is at {url}"));
    listening::serve(app, listening, tls, &config.limits, stopped).await;
    for task in background {
        task.abort();
    }
    tracker.stop().await;
    journal.close().await;
    Ok(())
}

async fn refresh_secrets(app: Arc<App>, tls: Option<Arc<Tls>>) {
    let mut ticks = tokio::time::interval(SECRETS_EVERY);
    loop {
        ticks.tick().await;
        let (snapshot, tls) = (app.snapshot(), tls.clone());
        let looking = tokio::task::spawn_blocking(move || {
            tls.iter().for_each(|tls| tls.refresh());
            snapshot.connections.values().for_each(|connection| connection.refresh_secrets());
            // Both are looked at, whatever the first has found.
            snapshot.tokens.refresh() | snapshot.trusted_proxy.as_ref().is_some_and(TrustedProxy::refresh)
        });
        match looking.await {
            Ok(true) => app.rights_changed(),
            Ok(false) => {}
            Err(_) => tracing::error!("secrets could not be looked at"),
        }
    }
}

async fn retain(journal: Journal, days: u32) {
    let mut ticks = tokio::time::interval(RETENTION_EVERY);
    loop {
        ticks.tick().await;
        match journal.retain(days).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "old requests were taken out of the journal"),
            Err(error) => tracing::error!(%error, "old requests stay in the journal"),
        }
    }
}

/// Reads the configuration again whenever we are told to; `started` is what it was at the start.
async fn reload_on_hangup(app: Arc<App>, mut hangups: Signal, path: PathBuf, started: Config) {
    while hangups.recv().await.is_some() {
        let reread = || -> Result<Vec<&'static str>, String> {
            let config = Config::load(&path).map_err(|error| error.to_string())?;
            app.replace(Snapshot::open(&config, false, &app.metrics)?)?;
            Ok(config.needs_a_start(&started))
        };
        match reread() {
            Ok(waiting) if waiting.is_empty() => tracing::info!("the configuration was read again"),
            Ok(waiting) => {
                let keys = waiting.join(", ");
                tracing::warn!(keys, "the configuration was read again; these keys change with the next start");
            }
            Err(why) => tracing::error!(%why, "the configuration stays as it was"),
        }
    }
}

fn listen_for(kind: SignalKind) -> Result<Signal, String> {
    signal(kind).map_err(|error| error.to_string())
}

/// Listens from now on for somebody who asks us to stop; what it returns resolves then.
fn stopped() -> Result<impl Future<Output = ()>, String> {
    let (mut terminate, mut interrupt) = (listen_for(SignalKind::terminate())?, listen_for(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Logs go to standard error: as JSON, or plainly where somebody looks on. Spans go to the collector, where there is one.
fn log(traces: Option<&TracesConfig>, metrics: &Metrics) -> Result<Option<Exporter>, String> {
    let filter = EnvFilter::try_from_env("HOWDAH_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match std::io::stderr().is_terminal() {
        true => lines.boxed(),
        // Which spans a line stands in is not looked up: none is logged.
        false => lines.json().with_current_span(false).with_span_list(false).boxed(),
    };
    let lines = tracing_subscriber::registry().with(lines.with_filter(filter.add_directive(traces::unlogged())));
    let Some(config) = traces else {
        // Without another layer, which would want all spans, none is ever made.
        lines.init();
        return Ok(None);
    };
    let (spans, exporter) = traces::start(config, metrics)?;
    lines.with(spans).init();
    Ok(Some(exporter))
}

/// A line for whoever started the command, on standard output.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // A closed standard output is no reason to stop serving.
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}
