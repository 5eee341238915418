//! Howdah in front of real ResourceManagers.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::client::{self, Simulated};
use super::{Folder, TOKEN, free_ports, get, ids, jars, write};
use crate::daemon::Daemon;
use crate::run::{self, Progress};
use crate::stages::playwright;
use crate::verify::Stop;
use crate::workspace;

/// Something of Hadoop's that runs, with what all that stands in front of it needs to know.
pub(super) struct Yarn<'a> {
    progress: &'a Progress,
    dist: &'a Path,
    state: Folder,
    lib: PathBuf,
    /// The first of ports that are its own.
    port: u16,
    /// Where Howdah listens.
    listen: u16,
    _daemon: Daemon,
}

fn script(name: &str) -> PathBuf {
    workspace::root().join("tests/peers/yarn").join(name)
}

impl<'a> Yarn<'a> {
    /// Starts a script with what is set beside STATE, LIB and PORT, which is the first of twelve ports in a row; it
    /// uses eleven at most.
    fn start(
        progress: &'a Progress,
        dist: &'a Path,
        (name, version): (&str, &str),
        set: impl FnOnce(&mut Command, u16),
    ) -> Result<Self, Stop> {
        let lib = jars(progress, version)?;
        let state = Folder::new(&format!("howdah-yarn-{version}"))?;
        let port = free_ports(12)?;
        let daemon = Daemon::start(&script(name), Some("UP"), |command| {
            command.env("STATE", &state.0).env("LIB", &lib).env("PORT", port.to_string());
            set(command, port);
        })?;
        Ok(Self { progress, dist, state, lib, port, listen: port + 11, _daemon: daemon })
    }

    /// A ResourceManager, and more in the environment of its script.
    fn manager(
        progress: &'a Progress,
        dist: &'a Path,
        version: &str,
        environment: &[(&str, &str)],
    ) -> Result<Self, Stop> {
        Self::start(progress, dist, ("up.sh", version), |command, port| {
            command.arg(version).env("RPC", (port + 1).to_string()).envs(environment.iter().copied());
        })
    }

    /// Starts Howdah in front of it, as whom the lines say and with more in its environment.
    fn howdah(&self, connection: &str, environment: &[(&str, &Path)]) -> Result<Daemon, Stop> {
        let Self { dist, listen, .. } = self;
        let configuration = self.state.0.join("howdah.toml");
        let text = format!(
            "version = 1\nlisten = \"127.0.0.1:{listen}\"\nconsole = {dist:?}\n\n\
             [journal]\npath = \"journal.db\"\n\n\
             [[tokens]]\nprincipal = \"peers\"\ntoken = {{ env = \"HOWDAH_PEERS_TOKEN\" }}\n\
             roles = {{ \"*\" = \"administer\" }}\n\n[connections.rm]\nsystem = \"yarn\"\n{connection}\n"
        );
        write(&configuration, &text)?;
        Ok(Daemon::start(&workspace::howdah(), Some("Howdah is at"), |command| {
            command.arg("serve").arg("--config").arg(&configuration).env("HOWDAH_PEERS_TOKEN", TOKEN);
            command.envs(environment.iter().copied());
        })?)
    }

    /// Runs the end-to-end tests of all files whose name begins so.
    fn test(&self, name: &str, more: &[(&str, &str)]) -> Result<(), Stop> {
        let (url, manager) = (format!("http://127.0.0.1:{}", self.listen), format!("http://127.0.0.1:{}", self.port));
        let (state, lib) = (self.state.0.display().to_string(), self.lib.display().to_string());
        let ours = [
            ("HOWDAH_URL", url.as_str()),
            ("HOWDAH_TOKEN", TOKEN),
            ("HOWDAH_MANAGER", &manager),
            ("STATE", &state),
            ("LIB", &lib),
        ];
        let files = format!(r"/{name}[-\w]*\.spec\.ts$");
        playwright(self.progress, &["--project=real", &files], &[&ours[..], more].concat())
    }
}

/// A ResourceManager with applications of every kind.
pub(super) fn versions(progress: &Progress, dist: &Path, version: &str) -> Result<(), Stop> {
    progress.step(&format!("a ResourceManager {version}"));
    let yarn = Yarn::manager(progress, dist, version, &[])?;
    let web = yarn.port;
    let mut submit = run::program(script("submit.sh"), &[]);
    submit.arg(format!("http://127.0.0.1:{web}")).env("STATE", &yarn.state.0).env("LIB", &yarn.lib);
    progress.run("submitting applications", &mut submit)?;
    let simulated = Simulated::start(progress, &yarn.state.0, "yarn", version, &[])?;
    let (root, simulated_root) = (web + 8, web + 9);
    let connection = format!(
        "url = \"http://127.0.0.1:{web}\"\nlisten = {{ address = \"127.0.0.1:{root}\" }}\n\
         credentials = {{ kind = \"user-name\", user = \"admin\" }}\n\n\
         [connections.simulated]\nsystem = \"yarn\"\nurl = \"{}\"\nlisten = {{ address = \"127.0.0.1:{simulated_root}\" }}\n\
         credentials = {{ kind = \"user-name\", user = \"howdah\" }}",
        simulated.url
    );
    let _howdah = yarn.howdah(&connection, &[])?;
    let list = "/ws/v1/cluster/apps?deSelects=resourceRequests";
    let theirs = ids(&get(web, list, None)?);
    let ours = ids(&get(yarn.listen, &format!("/api/connections/rm{list}"), Some(TOKEN))?);
    if theirs.is_empty() || theirs != ours {
        return Err(Stop::Failed(format!("ResourceManager {version} lists {theirs:?}, the proxy {ours:?}")));
    }
    yarn.test("real-yarn", &[("HOWDAH_APPLICATIONS", &ours.join(","))])?;
    let url = |port: u16| format!("http://127.0.0.1:{port}");
    let mut drive = run::program(script("drive.py"), &[]);
    drive.args([url(yarn.listen), url(web)]).env("STATE", &yarn.state.0).env("HOWDAH_PEERS_TOKEN", TOKEN);
    progress.run("submissions, moves and kills", &mut drive)?;
    let mut calls = run::program(script("client.py"), &[]);
    calls.args([url(web), url(root), url(simulated_root)]).env("HOWDAH_PEERS_TOKEN", TOKEN);
    Ok(progress.run("yarn-api-client", calls.env("PYTHONPATH", client::folder(progress)?))?)
}

/// A ResourceManager with a scheduler that is not the usual one, which asks everybody for a name.
pub(super) fn scheduler(progress: &Progress, dist: &Path, name: &str) -> Result<(), Stop> {
    progress.step(&format!("a ResourceManager with the scheduler {name}"));
    let yarn = Yarn::manager(progress, dist, "3.4", &[("SCHEDULER", name), ("NODE", "false"), ("ANONYMOUS", "false")])?;
    let connection =
        format!("url = \"http://127.0.0.1:{}\"\ncredentials = {{ kind = \"user-name\", user = \"admin\" }}", yarn.port);
    let _howdah = yarn.howdah(&connection, &[])?;
    yarn.test("real-schedulers", &[("HOWDAH_SCHEDULER", name)])
}

/// A pair of ResourceManagers of which one is active.
pub(super) fn pair(progress: &Progress, dist: &Path) -> Result<(), Stop> {
    progress.step("a pair of ResourceManagers");
    let yarn = Yarn::start(progress, dist, ("ha.sh", "3.4"), |_, _| {})?;
    let connection = format!(
        "url = \"http://127.0.0.1:{}\"\nstandby_urls = [\"http://127.0.0.1:{}\"]\n\
         credentials = {{ kind = \"user-name\", user = \"admin\" }}",
        yarn.port,
        yarn.port + 1
    );
    let _howdah = yarn.howdah(&connection, &[])?;
    let second = format!("http://127.0.0.1:{}", yarn.port + 1);
    yarn.test("real-pair", &[("HOWDAH_MANAGER_2", &second)])
}

/// A ResourceManager behind Kerberos, whose tickets last for seconds.
pub(super) fn kerberos(progress: &Progress, dist: &Path) -> Result<(), Stop> {
    progress.step("a ResourceManager behind Kerberos");
    let start = |command: &mut Command, port: u16| {
        command.arg("3.4").env("RPC", (port + 1).to_string()).env("KDC", (port + 5).to_string()).env("LIFE", "60s");
    };
    let yarn = Yarn::start(progress, dist, ("up.sh", "3.4"), start)?;
    // The service's principal has this name of the host.
    let connection = format!(
        "url = \"http://localhost:{port}\"\n\
         credentials = {{ kind = \"kerberos\", principal = \"howdah@HOWDAH.TEST\", keytab = \"kdc/howdah.keytab\" }}\n\n\
         [connections.stranger]\nsystem = \"yarn\"\nurl = \"http://localhost:{port}\"\n\
         credentials = {{ kind = \"kerberos\", principal = \"nobody@HOWDAH.TEST\", keytab = \"kdc/howdah.keytab\" }}",
        port = yarn.port
    );
    let krb5 = yarn.state.0.join("kdc/krb5.conf");
    let _howdah = yarn.howdah(&connection, &[("KRB5_CONFIG", &krb5)])?;
    yarn.test("real-kerberos", &[])
}
