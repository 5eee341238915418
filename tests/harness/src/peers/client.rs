//! Clients of the services' APIs that others wrote, and what they are shown beside the real ones.

use std::fs;
use std::path::{Path, PathBuf};

use crate::daemon::Daemon;
use crate::run::{self, Progress};
use crate::system::{PIP, PYTHON};
use crate::verify::Stop;
use crate::workspace;

/// The version of yarn-api-client.
const VERSION: &str = "1.0.3";

/// The folder of yarn-api-client.
pub(super) fn folder(progress: &Progress) -> Result<PathBuf, Stop> {
    let folder = workspace::cache()?.join(format!("tools/yarn-api-client-{VERSION}"));
    if !folder.join("yarn_api_client").is_dir() {
        let python = PYTHON.ensure(progress)?;
        PIP.ensure(progress)?;
        let mut pip = run::program(python, &[]);
        pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--upgrade", "--target"]);
        progress.run("pip", pip.arg(&folder).arg(format!("yarn-api-client=={VERSION}")))?;
    }
    Ok(folder)
}

/// A service of the sandbox, which answers as one of a version does.
pub(super) struct Simulated {
    pub(super) url: String,
    /// The configuration with its connection.
    pub(super) configuration: PathBuf,
    _services: Daemon,
}

impl Simulated {
    /// Starts the sandbox's services, which keep their files below `state`, and has the one of a connection speak a
    /// dialect.
    pub(super) fn start(
        progress: &Progress,
        state: &Path,
        connection: &str,
        dialect: &str,
        options: &[&str],
    ) -> Result<Simulated, Stop> {
        let folder = state.join("simulated");
        let services = Daemon::start(&workspace::howdah(), Some("The simulated services are up"), |command| {
            command.args(["sandbox", "--services-only"]).arg(&folder).args(options);
        })?;
        let configuration = folder.join("howdah.toml");
        let file = configuration.display();
        let text = fs::read_to_string(&configuration).map_err(|error| format!("{file}: {error}"))?;
        let section = text.split(&format!("[connections.{connection}]")).nth(1);
        let found = section.and_then(|rest| rest.split("\nurl = \"").nth(1)?.split('"').next());
        let url = found.ok_or_else(|| format!("{file} has no connection {connection}"))?.to_owned();
        let mut curl = run::program("curl", &[]);
        curl.args(["-fsS", "--max-time", "30", "-X", "PUT", "-d", &format!("{{\"dialect\":\"{dialect}\"}}")]);
        progress.run("curl", curl.arg(format!("{url}/_sandbox/behaviour")))?;
        Ok(Simulated { url, configuration, _services: services })
    }
}
