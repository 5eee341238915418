//! Howdah in front of a real Sahara with a real Keystone.

use std::path::{Path, PathBuf};

use super::client::Simulated;
use super::{Folder, TOKEN, free_ports, write};
use crate::daemon::Daemon;
use crate::run::{self, Progress};
use crate::stages::playwright;
use crate::verify::Stop;
use crate::workspace;

fn script(name: &str) -> PathBuf {
    workspace::root().join("tests/peers/sahara").join(name)
}

/// Every operation, the console in Chromium, and a client that others wrote, which is shown the sandbox's Savanna too.
pub(super) fn sahara(progress: &Progress, dist: &Path) -> Result<(), Stop> {
    progress.step("a Sahara 19");
    let venv = workspace::cache()?.join("peers/sahara-19");
    let mut environment = run::program(script("environment.sh"), &[]);
    progress
        .run("the environment of Sahara 19", environment.env("VENV", &venv))
        .map_err(|error| Stop::Missing(format!("Sahara 19 cannot be installed: {error} (it needs Python 3.11)")))?;
    let state = Folder::new("howdah-sahara")?;
    let port = free_ports(9)?;
    let (sahara, listen, root, other) = (format!("http://127.0.0.1:{port}"), port + 6, port + 7, port + 8);
    let _sahara = Daemon::start(&script("up.sh"), Some("UP"), |command| {
        // Short, so that tokens are renewed meanwhile.
        command.env("STATE", &state.0).env("VENV", &venv).env("PORT", port.to_string()).env("LIFE", "60");
    })?;
    let told = state.0.join("project.json");
    let simulated = Simulated::start(progress, &state.0, "savanna", "today", &["--pace", "100"])?;
    let mut configure = run::program("python3", &[]);
    configure.arg(script("configure.py")).arg(&told).arg(&sahara).arg(root.to_string());
    configure.arg(&simulated.configuration).arg(other.to_string());
    let connections = run::output_of(&mut configure).ok_or_else(|| format!("{} cannot be read", told.display()))?;
    let text = format!(
        "version = 1\nlisten = \"127.0.0.1:{listen}\"\nconsole = {dist:?}\n\n[journal]\npath = \"journal.db\"\nfollow_seconds = 1\n\n\
         [[tokens]]\nprincipal = \"peers\"\ntoken = {{ env = \"HOWDAH_PEERS_TOKEN\" }}\n\
         roles = {{ \"*\" = \"administer\" }}\n\n{connections}\n"
    );
    let configuration = state.0.join("howdah.toml");
    write(&configuration, &text)?;
    let _howdah = Daemon::start(&workspace::howdah(), Some("Howdah is at"), |command| {
        command.arg("serve").arg("--config").arg(&configuration).env("HOWDAH_PEERS_TOKEN", TOKEN);
    })?;
    let mut drive = run::program("python3", &[]);
    drive.arg(script("drive.py")).arg(format!("http://127.0.0.1:{listen}")).arg(&sahara).arg(&state.0);
    progress.run("templates, images and clusters", drive.env("HOWDAH_PEERS_TOKEN", TOKEN))?;
    let (url, project) = (format!("http://127.0.0.1:{listen}"), told.display().to_string());
    let variables =
        [("HOWDAH_URL", url.as_str()), ("HOWDAH_TOKEN", TOKEN), ("HOWDAH_SAHARA_PROJECT", project.as_str())];
    playwright(progress, &["--project=real", r"/real-sahara[-\w]*\.spec\.ts$"], &variables)?;
    let mut calls = run::program(venv.join("bin/python"), &[]);
    calls.arg(script("client.py")).arg(&sahara).arg(format!("http://127.0.0.1:{root}")).arg(&state.0);
    calls.arg(format!("http://127.0.0.1:{other}")).arg(&simulated.configuration);
    Ok(progress.run("python-saharaclient", calls.env("HOWDAH_PEERS_TOKEN", TOKEN))?)
}
