//! A client of the ResourceManager's API that others wrote, and what it is shown beside the real one.

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

/// The sandbox's ResourceManager, which answers as one of the version does.
pub(super) struct Simulated {
    pub(super) url: String,
    _services: Daemon,
}

impl Simulated {
    /// Starts the sandbox's services, which keep their files below `state`.
    pub(super) fn start(progress: &Progress, state: &Path, version: &str) -> Result<Simulated, Stop> {
        let folder = state.join("simulated");
        let services = Daemon::start(&workspace::howdah(), Some("The simulated services are up"), |command| {
            command.args(["sandbox", "--services-only"]).arg(&folder);
        })?;
        let file = folder.join("howdah.toml");
        let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let found =
            text.split("[connections.yarn]").nth(1).and_then(|rest| rest.split("\nurl = \"").nth(1)?.split('"').next());
        let url = found.ok_or_else(|| format!("{} names no ResourceManager", file.display()))?.to_owned();
        let mut curl = run::program("curl", &[]);
        curl.args(["-fsS", "--max-time", "30", "-X", "PUT", "-d", &format!("{{\"dialect\":\"{version}\"}}")]);
        progress.run("curl", curl.arg(format!("{url}/_sandbox/behaviour")))?;
        Ok(Simulated { url, _services: services })
    }
}
