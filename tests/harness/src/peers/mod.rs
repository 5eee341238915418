//! The stage `peers`: real ResourceManagers with real applications and a real Sahara, the proxy in front of them, and the
//! console in Chromium.

mod client;
mod sahara;
mod yarn;

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

use crate::run::{self, Progress};
use crate::stages::{FIRST_PICTURE, shipped};
use crate::system::{self, CURL, JAVA, MAVEN, PYTHON};
use crate::verify::Stop;
use crate::{console, workspace};

/// The versions of Hadoop, each a `pom-*.xml` in `tests/peers/yarn`.
const VERSIONS: [&str; 2] = ["3.4", "3.5"];
/// The schedulers beside the usual one.
const SCHEDULERS: [&str; 2] = ["fair", "fifo"];
/// What a person signs in with.
const TOKEN: &str = "a-token-for-the-peers";

/// Runs it.
pub(crate) fn stage(progress: &Progress) -> Result<(), Stop> {
    for need in [JAVA, MAVEN, CURL, PYTHON] {
        need.ensure(progress)?;
    }
    let kerberos = system::gssapi(progress).and_then(|()| system::kdc(progress));
    let dist = shipped(progress)?;
    let kerberos_too = format!("{FIRST_PICTURE},kerberos");
    console::build_proxy(progress, if kerberos.is_ok() { &kerberos_too } else { FIRST_PICTURE })?;
    // What it lacks is told at the end: the others need nothing of it.
    let sahara = match sahara::sahara(progress, &dist) {
        Err(Stop::Failed(why)) => return Err(Stop::Failed(why)),
        carried_out_or_missing => carried_out_or_missing,
    };
    VERSIONS.iter().try_for_each(|version| yarn::versions(progress, &dist, version))?;
    SCHEDULERS.iter().try_for_each(|name| yarn::scheduler(progress, &dist, name))?;
    yarn::pair(progress, &dist)?;
    kerberos?;
    yarn::kerberos(progress, &dist)?;
    sahara
}

/// The folder of Hadoop's jars. They are got apart from the start, which may take no longer than a start takes.
pub(crate) fn jars(progress: &Progress, version: &str) -> Result<PathBuf, String> {
    let lib = workspace::cache()?.join(format!("peers/hadoop-{version}/lib"));
    let mut get = run::program(workspace::root().join("tests/peers/yarn/jars.sh"), &[]);
    progress.run(&format!("the jars of Hadoop {version}"), get.arg(version).env("LIB", &lib))?;
    Ok(lib)
}

/// The body of a reply of 200 from a port of this machine, which may begin to listen only now.
fn get(port: u16, path: &str, token: Option<&str>) -> Result<String, String> {
    let mut curl = run::program("curl", &[]);
    curl.args(["-fsS", "--max-time", "30", "--retry", "20", "--retry-delay", "1", "--retry-connrefused"]);
    curl.args(["-H", "Accept: application/json"]);
    if let Some(token) = token {
        curl.arg("-H").arg(format!("Authorization: Bearer {token}"));
    }
    curl.arg(format!("http://127.0.0.1:{port}{path}"));
    run::output_of(&mut curl).ok_or_else(|| format!("GET {path} on port {port} was not answered with 200"))
}

/// The ids of the applications in a reply, sorted.
fn ids(reply: &str) -> Vec<String> {
    let mut ids: Vec<String> = reply
        .split("\"id\":\"")
        .skip(1)
        .filter_map(|rest| rest.split_once('"'))
        .map(|(id, _)| id.to_owned())
        .filter(|id| id.starts_with("application_"))
        .collect();
    ids.sort();
    ids
}

/// The first of so many ports in a row that are free now.
pub(crate) fn free_ports(count: u16) -> Result<u16, String> {
    // Two runs at the same time begin at different places.
    let start = 20_000 + u16::try_from(std::process::id() % 1_000).unwrap_or_default() * 10;
    for first in (start..start + 1_000).step_by(10) {
        let sockets: Result<Vec<_>, _> =
            (first..first + count).map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port))).collect();
        if sockets.is_ok() {
            return Ok(first);
        }
    }
    Err(format!("no {count} ports in a row are free"))
}

/// Writes a file.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// A temporary folder, removed when it is dropped.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Result<Self, String> {
        let folder = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("{}: {error}", self.0.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{free_ports, ids};

    #[test]
    fn only_applications_count_and_in_any_order() {
        let reply = r#"{"apps":{"app":[{"id":"application_2_2"},{"id":"application_1_1","x":{"id":"container_1"}}]}}"#;
        assert_eq!(ids(reply), ["application_1_1", "application_2_2"]);
    }

    #[test]
    fn a_port_in_use_is_not_free() {
        let first = free_ports(1).unwrap();
        let _held = std::net::TcpListener::bind(("127.0.0.1", first)).unwrap();
        assert!(free_ports(2).unwrap() > first);
    }
}
