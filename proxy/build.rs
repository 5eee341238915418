//! Names the build: the page carries the name of its own and compares.

use std::process::Command;

fn main() {
    let output = Command::new("git").args(["rev-parse", "--short=12", "HEAD"]).output();
    let revision = output.ok().filter(|output| output.status.success());
    let revision = revision.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let version = env!("CARGO_PKG_VERSION");
    let build = revision.map_or(version.to_owned(), |revision| format!("{version}+{revision}"));
    println!("cargo::rustc-env=HOWDAH_BUILD={build}");
    println!("cargo::rerun-if-changed=../.git/HEAD");
}
