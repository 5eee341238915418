//! The stages of `cargo verify`, in the order in which they find faults soonest.

use std::path::PathBuf;

use crate::dist::{self, Build};
use crate::run::{self, Progress};
use crate::system::{self, CERTUTIL, CHROMIUM, NGINX, OPENSSL};
use crate::verify::{Stage, Stop};
use crate::{bench, console, deploy, node, parts, peers, tools, workspace};

/// What a first visit loads at most, compressed, in bytes.
const FIRST_VISIT_LIMIT: u64 = 240_000;

/// Those that find faults.
pub(crate) const STAGES: &[Stage] = &[
    Stage { name: "format", about: "cargo fmt", run: format },
    Stage { name: "clippy", about: "clippy, of all that is built", run: clippy },
    Stage { name: "test", about: "unit and contract tests, and attacks on the real program", run: test },
    Stage { name: "structure", about: "what the checkout and the dependencies may hold", run: structure },
    Stage { name: "browser", about: "the console as it is shipped, and its size", run: browser },
    Stage { name: "e2e", about: "end-to-end tests in Chromium against the sandbox", run: e2e },
    Stage { name: "portal", about: "a portal on another origin, behind nginx", run: portal },
    Stage { name: "peers", about: "the console on real ResourceManagers", run: peers::stage },
    Stage { name: "deploy", about: "the service unit and the manifests of deploy", run: deploy::stage },
    Stage { name: "readme", about: "the commands and the configuration of the README", run: readme },
];

/// What is run only when it is named: it finds no faults.
pub(crate) const BENCH: Stage =
    Stage { name: "bench", about: "how quick the proxy is beside nginx, and watching beside YARN", run: bench::stage };

fn cargo(progress: &Progress, arguments: &[&str]) -> Result<(), Stop> {
    Ok(progress.run(&format!("cargo {}", arguments[0]), run::cargo().args(arguments))?)
}

fn format(progress: &Progress) -> Result<(), Stop> {
    cargo(progress, &["fmt", "--all", "--check"])
}

fn clippy(progress: &Progress) -> Result<(), Stop> {
    let kerberos = system::gssapi(progress);
    // The console has no code for one target alone, so that what is checked here is what the browser runs.
    let features = format!("{},howdah-frontend/split", features(&kerberos));
    let native = ["clippy", "--locked", "--workspace", "--all-targets", "--features", &features];
    cargo(progress, &[&native[..], &["--", "-D", "warnings"]].concat())?;
    kerberos
}

fn test(progress: &Progress) -> Result<(), Stop> {
    system::postgres(progress);
    let kerberos = system::gssapi(progress);
    let workspace = ["test", "--locked", "--workspace", "--exclude", "howdah-harness"];
    cargo(progress, &[&workspace[..], &["--features", features(&kerberos)]].concat())?;
    kerberos
}

/// The feature that a program which is shipped has too. `cargo console` leaves it out: it would be built for a minute
/// more.
pub(crate) const FIRST_PICTURE: &str = "first-picture";

/// The features that are checked and tested: all that this machine can build. What it cannot is told of afterwards.
fn features(kerberos: &Result<(), Stop>) -> &'static str {
    match kerberos {
        Ok(()) => "howdah-proxy/first-picture,howdah-proxy/postgres,howdah-proxy/kerberos",
        Err(_) => "howdah-proxy/first-picture,howdah-proxy/postgres",
    }
}

fn structure(progress: &Progress) -> Result<(), Stop> {
    cargo(progress, &["test", "--locked", "--package", "howdah-harness"])
}

/// The console as it is shipped.
pub(crate) fn shipped(progress: &Progress) -> Result<PathBuf, Stop> {
    let tools = tools::install(progress)?;
    let programs = node::install(progress)?;
    let wasm_split = tools::wasm_split(progress)?;
    Ok(dist::build(progress, &tools, Build::Shipped { programs: &programs, wasm_split: &wasm_split })?)
}

fn browser(progress: &Progress) -> Result<(), Stop> {
    let (later, first): (Vec<_>, Vec<_>) =
        dist::sizes(&shipped(progress)?)?.into_iter().partition(|(name, ..)| name.starts_with(parts::PART));
    let together = |what: &str, sizes: &[(String, u64, u64)]| {
        println!("{:>10} {:>10}  {what}", "bytes", "brotli");
        for (name, plain, brotli) in sizes {
            println!("{plain:>10} {brotli:>10}  {name}");
        }
        let sum: u64 = sizes.iter().map(|(_, _, brotli)| brotli).sum();
        println!("{:>10} {sum:>10}  together", "");
        sum
    };
    together("what is loaded with the pages that need it", &later);
    let first_visit = together("what a first visit loads", &first);
    if first_visit > FIRST_VISIT_LIMIT {
        return Err(Stop::Failed(format!("a first visit loads {first_visit} bytes, {FIRST_VISIT_LIMIT} at most")));
    }
    Ok(())
}

fn e2e(progress: &Progress) -> Result<(), Stop> {
    let dist = shipped(progress)?;
    console::build_proxy(progress, FIRST_PICTURE)?;
    playwright(progress, &["--project=sandbox"], &[("HOWDAH_CONSOLE", &dist.display().to_string())])
}

fn portal(progress: &Progress) -> Result<(), Stop> {
    for need in [NGINX, OPENSSL, CERTUTIL] {
        need.ensure(progress)?;
    }
    let dist = shipped(progress)?;
    console::build_proxy(progress, FIRST_PICTURE)?;
    playwright(progress, &["--project=portal"], &[("HOWDAH_CONSOLE", &dist.display().to_string())])
}

/// Runs end-to-end tests; `variables` tell them what to test.
pub(crate) fn playwright(progress: &Progress, arguments: &[&str], variables: &[(&str, &str)]) -> Result<(), Stop> {
    let chromium = CHROMIUM.ensure(progress)?;
    system::korean_font(progress);
    let programs = node::install(progress)?;
    let mut command = run::program(programs.join("playwright"), &[&programs]);
    command
        .current_dir(workspace::root().join("tests/e2e"))
        .arg("test")
        .args(arguments)
        .env("HOWDAH_CHROMIUM", run::find(chromium).unwrap_or_else(|| chromium.into()))
        .env("HOWDAH_PROGRAM", workspace::howdah())
        .envs(variables.iter().copied());
    Ok(progress.run("playwright", &mut command)?)
}

fn readme(progress: &Progress) -> Result<(), Stop> {
    present("tests/harness/tests/readme.rs")?;
    cargo(progress, &["test", "--locked", "--package", "howdah-harness", "--test", "readme", "--", "--include-ignored"])
}

/// Skips a stage whose tests this checkout does not have.
fn present(path: &str) -> Result<(), Stop> {
    if workspace::root().join(path).exists() {
        return Ok(());
    }
    Err(Stop::Missing(format!("there is no {path}")))
}
