//! `cargo console`: from a checkout to an address that works.

use std::os::unix::process::CommandExt as _;

use crate::dist::{self, Build};
use crate::run::{self, Progress};
use crate::{tools, workspace};

/// Builds everything and becomes the sandbox, so that Ctrl-C and signals reach it and nothing stays behind.
pub(crate) fn main(arguments: &[String]) -> Result<(), String> {
    let arguments = arguments.strip_prefix(&["--".to_owned()]).unwrap_or(arguments);
    let progress = Progress::new();
    progress.step("building the proxy");
    let ((), tools) = tools::beside(|| build_proxy(&progress, ""), || tools::install(&progress))?;
    progress.step("building the console for the browser");
    let dist = dist::build(&progress, &tools, Build::Quick)?;
    progress.step("starting the sandbox");
    let mut sandbox = run::program(workspace::howdah(), &[]);
    sandbox.arg("sandbox").arg("--console").arg(dist).args(arguments);
    let error = sandbox.exec();
    Err(format!("{} could not be started: {error}", workspace::howdah().display()))
}

/// Builds `howdah` with the dev profile and with these features, separated by commas.
pub(crate) fn build_proxy(progress: &Progress, features: &str) -> Result<(), String> {
    let build = ["build", "--locked", "--package", "howdah-proxy", "--features", features];
    progress.run("building the proxy", run::cargo().args(build))
}
