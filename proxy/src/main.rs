//! The command line of Howdah's edge proxy.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, value_parser};
use howdah_proxy::commands::requests::{Form, backup, print, restore};
use howdah_proxy::commands::{self, SandboxOptions};
#[cfg(feature = "kerberos")]
use howdah_proxy::credentials::kerberos;
use howdah_proxy::journal::Clock;
use howdah_shared::console::{RequestState, RequestsQuery};

/// One console and one edge proxy for the Hadoop services that a company runs.
#[derive(Parser)]
#[command(name = "howdah", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the console and the configured connections
    Serve {
        /// The configuration file
        #[arg(long, default_value = "howdah.toml")]
        config: PathBuf,
    },
    /// Serve the console in front of simulated services, with nothing to configure
    Sandbox {
        /// Where to listen; port 0 takes any free one
        #[arg(long, default_value = "127.0.0.1:8700")]
        listen: SocketAddr,
        /// The folder of the console's files, where the binary does not hold them
        #[arg(long)]
        console: Option<PathBuf>,
        /// How many times faster than life the simulated services work
        #[arg(long, default_value_t = 20.0)]
        pace: f64,
        /// Applications on the simulated ResourceManager [default: 40]
        #[arg(long)]
        applications: Option<usize>,
        /// Make services as large as they come: a ResourceManager with 10,000 applications and nodes and 2,000 queues, a
        /// Savanna with 1,000 clusters of 10 nodes, a CycleCloud cluster with 5,000 nodes
        #[arg(long)]
        scale: bool,
        /// Clusters that work on the simulated Hadoop Eco, at least those of its catalogue
        #[arg(long, default_value_t = 12)]
        clusters: usize,
        /// Keep the journal in this folder, instead of one that is removed at the end
        #[arg(long)]
        keep: Option<PathBuf>,
        /// Start the simulated services alone, and write a configuration for `howdah serve` into this folder
        #[arg(long, conflicts_with_all = ["console", "keep"])]
        services_only: Option<PathBuf>,
    },
    /// Read the configuration, resolve every secret, ask every service, and say what is wrong
    Check {
        /// The configuration file
        #[arg(long, default_value = "howdah.toml")]
        config: PathBuf,
    },
    /// Ask the Howdah that runs with a configuration whether it is ready
    Health {
        /// The configuration file
        #[arg(long, default_value = "howdah.toml")]
        config: PathBuf,
    },
    /// Print the OpenAPI document of everything that Howdah answers
    Openapi,
    /// Make tokens of Kerberos for the process that started this one
    #[cfg(feature = "kerberos")]
    #[command(name = kerberos::COMMAND, hide = true)]
    KerberosTokens {
        /// Whose
        principal: String,
    },
    /// Look into the journal, copy it, or put a copy in its place
    Requests {
        /// The configuration file
        #[arg(long, global = true, default_value = "howdah.toml")]
        config: PathBuf,
        #[command(subcommand)]
        what: Requests,
    },
}

#[derive(Subcommand)]
enum Requests {
    /// List requests, newest first, in a line each
    List {
        #[command(flatten)]
        which: Which,
        /// How many at most
        #[arg(long, default_value_t = 50, value_parser = value_parser!(u32).range(1..))]
        limit: u32,
    },
    /// Print requests with all that was seen of them as JSON, newest first, in a line each
    Export {
        #[command(flatten)]
        which: Which,
        /// How many at most
        #[arg(long, value_parser = value_parser!(u32).range(1..))]
        limit: Option<u32>,
    },
    /// Copy the journal as it is at this moment, also while Howdah runs
    Backup {
        /// The file to make
        file: PathBuf,
    },
    /// Put a copy in the journal's place, while Howdah does not run
    Restore {
        /// The copy
        file: PathBuf,
    },
}

#[derive(Args)]
struct Which {
    /// Of this connection
    #[arg(long)]
    connection: Option<String>,
    /// Of this cluster, by its id
    #[arg(long)]
    target: Option<String>,
    /// Of this operation
    #[arg(long)]
    operation: Option<String>,
    /// By this principal
    #[arg(long)]
    principal: Option<String>,
    /// In this state; several may be given
    #[arg(long, value_parser = state)]
    state: Vec<RequestState>,
    /// Of the last so many days
    #[arg(long)]
    days: Option<u32>,
}

impl Which {
    fn query(self, limit: Option<u32>) -> RequestsQuery {
        let Which { connection, target, operation, principal, state, days } = self;
        let since = days.map(|days| Clock::system().now() - i64::from(days) * 24 * 3600 * 1000);
        RequestsQuery { connection, target, operation, principal, state, since, limit, ..RequestsQuery::default() }
    }
}

fn state(word: &str) -> Result<RequestState, String> {
    let known = || RequestState::ALL.iter().map(|state| state.as_str());
    let found = RequestState::ALL.iter().find(|state| state.as_str() == word);
    found.copied().ok_or_else(|| format!("there are {}", known().collect::<Vec<_>>().join(", ")))
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.to_string()),
    };
    let done = runtime.block_on(async {
        match arguments.command {
            Command::Serve { config } => commands::serve(&config).await,
            Command::Sandbox { listen, console, pace, applications, scale, clusters, keep, services_only } => {
                let (usual, nodes, queues, cyclecloud) =
                    if scale { (10_000, 10_000, 2_000, 5_000) } else { (40, 0, 0, 0) };
                let applications = applications.unwrap_or(usual);
                let options = SandboxOptions {
                    listen,
                    console,
                    pace,
                    applications,
                    nodes,
                    queues,
                    clusters,
                    savanna_clusters: if scale { 1000 } else { 0 },
                    cyclecloud,
                    keep,
                    services_only,
                };
                commands::sandbox(options).await
            }
            Command::Check { config } => commands::check(&config).await,
            Command::Health { config } => commands::health::health(&config).await,
            Command::Openapi => commands::openapi(),
            // It blocks, and nothing else is done in this process.
            #[cfg(feature = "kerberos")]
            Command::KerberosTokens { principal } => kerberos::tokens::make(&principal),
            Command::Requests { config, what } => match what {
                Requests::List { which, limit } => print(&config, &which.query(Some(limit)), Form::Lines).await,
                Requests::Export { which, limit } => print(&config, &which.query(limit), Form::Json).await,
                Requests::Backup { file } => backup(&config, &file).await,
                Requests::Restore { file } => restore(&config, &file).await,
            },
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => failed(&sentence),
    }
}

fn failed(sentence: &str) -> ExitCode {
    eprintln!("howdah: {sentence}");
    ExitCode::FAILURE
}
