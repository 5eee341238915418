//! The stage `bench`: measures the console and the proxy as they are shipped, and prints what it found beside the
//! budgets. It fails where it cannot measure, never because something was slow.

use crate::run::{self, Progress};
use crate::stages::{FIRST_PICTURE, shipped};
use crate::system::{CHROMIUM, CURL, JAVA, MAVEN, NGINX, PYTHON, WRK};
use crate::verify::Stop;
use crate::{dist, peers, workspace};

/// Runs it: a short form, or with `HOWDAH_BENCH=long` the one by which the budgets are judged.
pub(crate) fn stage(progress: &Progress) -> Result<(), Stop> {
    for need in [NGINX, WRK, JAVA, MAVEN, CURL, PYTHON] {
        need.ensure(progress)?;
    }
    let lib = peers::jars(progress, "3.4")?;
    let chromium = CHROMIUM.ensure(progress)?;
    let files = shipped(progress)?;
    progress.run(
        "building the proxy as it is shipped",
        run::cargo()
            .args(["build", "--locked", "--release", "--package", "howdah-proxy"])
            .args(["--features", FIRST_PICTURE]),
    )?;
    let mut command = run::program("node", &[]);
    command
        .arg("tests/bench/bench.mjs")
        .env("HOWDAH_CHROMIUM", run::find(chromium).unwrap_or_else(|| chromium.into()))
        .env("HOWDAH_PROGRAM", workspace::howdah_released())
        .env("HOWDAH_CONSOLE", files)
        .env("HOWDAH_CONSOLE_LINKED", dist::linked(dist::SHIPPED))
        .env("LIB", lib);
    Ok(progress.run("the measurements", &mut command)?)
}
