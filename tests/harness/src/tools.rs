//! Installs what the two commands need to build Howdah, into the cache, each by its exact version.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use crate::run::{self, Progress};
use crate::workspace;

/// The browser's target.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";
const TRUNK: &str = "0.21.14";
const WASM_SPLIT: &str = "0.2.4";

/// The folders of trunk and wasm-bindgen, to stand before the rest of `PATH`.
pub(crate) struct Tools {
    pub(crate) trunk: PathBuf,
    pub(crate) wasm_bindgen: PathBuf,
}

impl Tools {
    /// The folders as `PATH` wants them.
    pub(crate) fn folders(&self) -> [&Path; 2] {
        [&self.trunk, &self.wasm_bindgen]
    }
}

/// Finds the tools of the build in the cache and installs what is missing.
pub(crate) fn install(progress: &Progress) -> Result<Tools, String> {
    compiler()?;
    wasm_target(progress)?;
    let lock =
        fs::read_to_string(workspace::root().join("Cargo.lock")).map_err(|error| format!("Cargo.lock: {error}"))?;
    let wasm_bindgen =
        workspace::locked_version(&lock, "wasm-bindgen").ok_or("Cargo.lock does not name wasm-bindgen")?;
    let trunk = Crate {
        name: "trunk",
        program: "trunk",
        folder: format!("trunk-{TRUNK}"),
        version: TRUNK,
        // Neither fetches anything for us, and so needs TLS.
        arguments: &["--locked", "--no-default-features"],
    };
    // Without its own lock file: a mirror of the registry that lags behind may lack what that one names.
    let wasm_bindgen = Crate {
        name: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        folder: format!("wasm-bindgen-{wasm_bindgen}"),
        version: &wasm_bindgen,
        arguments: &["--no-default-features"],
    };
    let (trunk, wasm_bindgen) = beside(|| cargo_install(progress, &trunk), || cargo_install(progress, &wasm_bindgen))?;
    Ok(Tools { trunk, wasm_bindgen })
}

/// Does two things at once: where one builds a last crate alone, the other has the second core.
pub(crate) fn beside<A: Send, B>(
    one: impl FnOnce() -> Result<A, String> + Send,
    other: impl FnOnce() -> Result<B, String>,
) -> Result<(A, B), String> {
    thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        let one = one.join().unwrap_or_else(|_| Err("a step of the build broke off".to_owned()));
        Ok((one?, other?))
    })
}

/// The folder of the tool that takes the linked console apart.
pub(crate) fn wasm_split(progress: &Progress) -> Result<PathBuf, String> {
    cargo_install(
        progress,
        &Crate {
            name: "wasm_split_cli_support",
            program: "wasm-split-cli",
            folder: format!("wasm-split-{WASM_SPLIT}"),
            version: WASM_SPLIT,
            arguments: &["--features", "build-binary"],
        },
    )
}

fn compiler() -> Result<(), String> {
    if ["cc", "gcc", "clang"].iter().any(|name| run::on_path(name)) {
        return Ok(());
    }
    Err("a C compiler is missing (SQLite is built with it): install gcc or clang".to_owned())
}

/// Adds Rust's target for the browser, if its library is not there yet.
pub(crate) fn wasm_target(progress: &Progress) -> Result<(), String> {
    let present = || {
        run::output_of(run::program("rustc", &[]).args(["--print", "target-libdir", "--target", WASM]))
            .is_some_and(|folder| Path::new(&folder).is_dir())
    };
    if present() {
        return Ok(());
    }
    if !run::on_path("rustup") {
        return Err(format!("rustup is missing: install it, or add the target {WASM} to this Rust by other means"));
    }
    progress.step(&format!("adding Rust's target {WASM}"));
    progress.run("rustup", run::program("rustup", &[]).args(["target", "add", WASM]))?;
    if present() { Ok(()) } else { Err(format!("rustup did not add the target {WASM}")) }
}

struct Crate<'a> {
    name: &'a str,
    program: &'a str,
    folder: String,
    version: &'a str,
    arguments: &'a [&'a str],
}

/// Builds a tool from its crate, unoptimised: that takes a third of the time and it works long enough.
fn cargo_install(progress: &Progress, wanted: &Crate<'_>) -> Result<PathBuf, String> {
    let tools = workspace::cache()?.join("tools");
    let folder = tools.join(&wanted.folder);
    let programs = folder.join("bin");
    if programs.join(wanted.program).is_file() {
        return Ok(programs);
    }
    let what = format!("{} {}", wanted.name, wanted.version);
    progress.step(&format!("building {what} (once, some minutes)"));
    // A folder of its own keeps what was built when the command is broken off.
    let build = tools.join(format!("build-{}", wanted.folder));
    let mut command = run::cargo();
    command
        .args(["install", wanted.name, "--version", wanted.version, "--root"])
        .arg(&folder)
        .arg("--target-dir")
        .arg(&build)
        .args(wanted.arguments)
        // Others may write beside it.
        .env("CARGO_TERM_PROGRESS_WHEN", "never")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0");
    progress.run(&format!("building {what}"), &mut command).map_err(|error| format!("{what} is missing: {error}"))?;
    fs::remove_dir_all(&build).map_err(|error| format!("{}: {error}", build.display()))?;
    Ok(programs)
}
