//! The command line of Howdah's edge proxy.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use howdah_proxy::commands::{self, SandboxOptions};

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
        /// Applications on the simulated ResourceManager
        #[arg(long, default_value_t = 40)]
        applications: usize,
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
    /// Print the OpenAPI document of everything that Howdah answers
    Openapi,
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
            Command::Sandbox { listen, console, pace, applications, clusters, keep, services_only } => {
                let options = SandboxOptions { listen, console, pace, applications, clusters, keep, services_only };
                commands::sandbox(options).await
            }
            Command::Check { config } => commands::check(&config).await,
            Command::Openapi => commands::openapi(),
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
