//! The stage `deploy`: what `deploy/` holds, each file read by the tool or the program that it is for.

use std::fs;
use std::path::{Path, PathBuf};

use crate::console;
use crate::daemon::Daemon;
use crate::peers::{Folder, free_ports, write};
use crate::run::{self, Progress};
use crate::stages::FIRST_PICTURE;
use crate::system::{CURL, PIP, PYTHON, SYSTEMD};
use crate::verify::Stop;
use crate::workspace;

/// The tool that holds manifests to Kubernetes' own schemas, which come with it; its version is theirs.
const VALIDATE: &str = "1.37.0";
/// How exposed systemd may find the service, in tenths of ten.
const EXPOSURE: &str = "--threshold=15";

/// Runs it.
pub(crate) fn stage(progress: &Progress) -> Result<(), Stop> {
    console::build_proxy(progress, FIRST_PICTURE)?;
    let file = workspace::root().join("deploy/kubernetes/howdah.yaml");
    let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    configuration(progress, &text)?;
    manifests(progress, &file, &text)?;
    unit(progress)
}

/// The configuration in the manifests is served, and answers their probes.
fn configuration(progress: &Progress, manifests: &str) -> Result<(), Stop> {
    CURL.ensure(progress)?;
    progress.step("serving the configuration of the manifests");
    let missing = || "the manifests hold no howdah.toml".to_owned();
    let config = block(manifests, "howdah.toml: |").ok_or_else(missing)?;
    let folder = Folder::new("howdah-deploy")?;
    let make = |name: &str| fs::create_dir_all(folder.0.join(name)).map_err(|error| format!("{name}: {error}"));
    make("secrets")?;
    make("console")?;
    write(&folder.0.join("console/index.html"), "<!doctype html><base href=\"/\">")?;
    for secret in between(&config, "file = \"", '"') {
        // Each is one that the pod is given.
        if !manifests.contains(&format!("path: {secret} }}")) {
            return Err(Stop::Failed(format!("no secret of the manifests stands at {secret}")));
        }
        write(&folder.0.join(secret), &format!("a stand-in for {secret}\n"))?;
    }
    let port = free_ports(1)?;
    let mut here = config.clone();
    for (there, replaced) in [
        ("listen = \"0.0.0.0:8700\"", format!("listen = \"127.0.0.1:{port}\"\nconsole = \"console\"")),
        ("\"/var/lib/howdah/howdah.db\"", "\"howdah.db\"".to_owned()),
    ] {
        if !here.contains(there) {
            return Err(Stop::Failed(format!("the configuration of the manifests lacks {there}")));
        }
        here = here.replace(there, &replaced);
    }
    let file = folder.0.join("howdah.toml");
    write(&file, &here)?;
    let _howdah = Daemon::start(&workspace::howdah(), Some("Howdah is at"), |command| {
        command.arg("serve").arg("--config").arg(&file);
    })?;
    let hosts = between(manifests, "name: Host, value: ", ' ');
    let paths = between(manifests, "path: /", '\n');
    if hosts.len() != paths.len() || hosts.len() < 2 {
        return Err(Stop::Failed(format!("the probes ask {hosts:?} for {paths:?}")));
    }
    for (host, path) in hosts.iter().zip(paths) {
        let mut curl = run::program("curl", &[]);
        curl.args(["-fsS", "--max-time", "30", "-H", &format!("Host: {host}")]);
        progress.run("curl", curl.arg(format!("http://127.0.0.1:{port}/{path}")))?;
    }
    Ok(())
}

/// The manifests are what Kubernetes knows, and nothing else.
fn manifests(progress: &Progress, file: &Path, text: &str) -> Result<(), Stop> {
    let python = PYTHON.ensure(progress)?;
    let tool = workspace::cache()?.join(format!("tools/kubernetes-validate-{VALIDATE}"));
    if !tool.join("bin/kubernetes-validate").is_file() {
        PIP.ensure(progress)?;
        progress.step("installing the schemas of Kubernetes (once)");
        let mut pip = run::program(python, &[]);
        pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--upgrade", "--target"]);
        progress.run("pip", pip.arg(&tool).arg(format!("kubernetes-validate=={VALIDATE}")))?;
    }
    let validate = |what: &str, file: &Path| {
        let mut validate = run::program(python, &[]);
        validate.arg("-m").arg("kubernetes_validate").arg("--strict").arg(file).env("PYTHONPATH", &tool);
        progress.run(what, &mut validate)
    };
    validate("kubernetes-validate", file)?;
    let folder = Folder::new("howdah-manifests")?;
    let wrong = folder.0.join("wrong.yaml");
    write(&wrong, &text.replace("readOnlyRootFilesystem", "readOnlyRoot"))?;
    match validate("kubernetes-validate on a wrong key, which it must find,", &wrong) {
        Ok(()) => Err(Stop::Failed("a key that Kubernetes does not know was not found".to_owned())),
        Err(_) => Ok(()),
    }
}

/// systemd takes every line of the unit, and finds the service well closed in.
fn unit(progress: &Progress) -> Result<(), Stop> {
    let analyze = SYSTEMD.ensure(progress)?;
    progress.step("systemd-analyze");
    let source = workspace::root().join("deploy/howdah.service");
    let text = fs::read_to_string(&source).map_err(|error| format!("{}: {error}", source.display()))?;
    let folder = Folder::new("howdah-unit")?;
    // systemd looks for the program.
    let program = workspace::howdah().display().to_string();
    let unit = |name: &str, text: &str| -> Result<PathBuf, String> {
        let file = folder.0.join(name);
        write(&file, &text.replace("/usr/local/bin/howdah", &program)).map(|()| file)
    };
    let good = unit("howdah.service", &text)?;
    if let Some(said) = objections(analyze, &good)? {
        return Err(Stop::Failed(format!("systemd-analyze verify: {said}")));
    }
    if objections(analyze, &unit("wrong.service", &text.replace("ProtectClock", "ProtectClocks"))?)?.is_none() {
        return Err(Stop::Failed("a line that systemd does not know was not found".to_owned()));
    }
    let mut security = run::program(analyze, &[]);
    security.args(["security", "--offline=true", "--no-pager", EXPOSURE]).arg(&good);
    match run::output_of(&mut security) {
        Some(_) => Ok(()),
        None => {
            Err(Stop::Failed(format!("systemd-analyze security {EXPOSURE}: the service is exposed more than that")))
        }
    }
}

/// What systemd has against a unit. It passes over what it does not know, with a word and without a fault.
fn objections(analyze: &str, unit: &Path) -> Result<Option<String>, String> {
    let mut verify = run::program(analyze, &[]);
    let output =
        verify.args(["verify", "--man=no"]).arg(unit).output().map_err(|error| format!("{analyze}: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Ok((!output.status.success() || !said.is_empty()).then_some(said))
}

/// The lines of a block of YAML, without their indentation.
fn block(yaml: &str, opening: &str) -> Option<String> {
    let mut lines = yaml.lines().skip_while(|line| line.trim() != opening);
    let indentation = lines.next()?.find(|c| c != ' ')? + 2;
    let lines: Vec<&str> = lines
        .take_while(|line| line.is_empty() || line.find(|c| c != ' ').is_some_and(|begin| begin >= indentation))
        .map(|line| line.get(indentation..).unwrap_or(""))
        .collect();
    Some(lines.join("\n"))
}

/// What stands after each `opening`, up to `end`.
fn between<'a>(text: &'a str, opening: &str, end: char) -> Vec<&'a str> {
    text.split(opening).skip(1).filter_map(|rest| rest.split(end).next()).collect()
}

#[cfg(test)]
mod tests {
    use super::{between, block};

    #[test]
    fn a_block_ends_with_its_indentation() {
        let yaml = "data:\n  howdah.toml: |\n    a = 1\n\n    [b]\n    c = \"x\"\n---\nkind: Service\n";
        assert_eq!(block(yaml, "howdah.toml: |").as_deref(), Some("a = 1\n\n[b]\nc = \"x\""));
        assert_eq!(block(yaml, "other: |"), None);
        assert_eq!(between(yaml, "c = \"", '"'), ["x"]);
    }
}
