//! Names the build: the page carries the name of its own and compares.

use std::path::Path;
use std::process::Command;

fn main() {
    let version = env!("CARGO_PKG_VERSION");
    let build = git(&["rev-parse", "--short=12", "HEAD"])
        .map_or(version.to_owned(), |revision| format!("{version}+{revision}"));
    println!("cargo::rustc-env=HOWDAH_BUILD={build}");
    println!("cargo::rerun-if-changed=build.rs");
    // A commit moves the branch and adds to the log of HEAD; a worktree has its own. A path that is not there would run
    // this with every build.
    for name in ["HEAD", "logs/HEAD"] {
        let path = git(&["rev-parse", "--git-path", name]).filter(|path| Path::new(path).exists());
        if let Some(path) = path {
            println!("cargo::rerun-if-changed={path}");
        }
    }
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
