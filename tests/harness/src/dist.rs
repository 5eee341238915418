//! Builds the browser's part with trunk.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use crate::run::{self, Progress};
use crate::tools::{self, Tools};
use crate::{parts, styles, workspace};

/// What the browser's part is made of and made by, from the workspace's folder.
const SOURCES: [&str; 6] = ["Cargo.lock", "Cargo.toml", "frontend", "shared", "style", "tests/harness/src"];

/// Writes each file again beside itself, compressed as far as it goes.
const COMPRESS: &str = include_str!("compress.mjs");

/// How the browser's part is built.
#[derive(Clone, Copy)]
pub(crate) enum Build<'a> {
    /// Soon built, large: for `cargo console`.
    Quick,
    /// As it is shipped, taken apart, and made small by the programs from npm.
    Shipped { programs: &'a Path, wasm_split: &'a Path },
}

impl Build<'_> {
    /// Where it goes: what is shipped where a release of the proxy embeds it from.
    fn folder(self) -> PathBuf {
        match self {
            Build::Quick => workspace::target().join("console-quick"),
            Build::Shipped { .. } => workspace::root().join("frontend/dist"),
        }
    }

    /// What remembers which sources the folder was built from.
    fn stamp(self) -> PathBuf {
        workspace::target().join(match self {
            Build::Quick => "console-quick.stamp",
            Build::Shipped { .. } => "console-shipped.stamp",
        })
    }
}

/// The profile of the console that is shipped.
pub(crate) const SHIPPED: &str = "browser";

/// Builds the browser's part unless what it is made of is unchanged, and gives its folder.
pub(crate) fn build(progress: &Progress, tools: &Tools, build: Build<'_>) -> Result<PathBuf, String> {
    let dist = build.folder();
    let stamp = build.stamp();
    let fingerprint = fingerprint()?;
    if dist.join("index.html").is_file() && fs::read_to_string(&stamp).is_ok_and(|text| text == fingerprint) {
        return Ok(dist);
    }
    // Gone while trunk works: a build that was broken off is never taken for a whole one.
    fs::remove_file(&stamp).or_else(|error| {
        if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(said(&stamp, &error)) }
    })?;
    let (profile, options): (&str, &[&str]) = match build {
        Build::Quick => ("console", &[]),
        Build::Shipped { .. } => (SHIPPED, &["--release", "--minify=true", "--features", "split"]),
    };
    let mut command = run::program("trunk", &tools.folders());
    command
        .current_dir(workspace::root().join("frontend"))
        .args(["build", "--skip-version-check", "--cargo-profile", profile])
        // trunk takes no other value of this variable than "true" and "false".
        .env_remove("NO_COLOR")
        .env("CARGO_ENCODED_RUSTFLAGS", flags(build)?)
        .args(options)
        .arg("--dist")
        .arg(&dist);
    progress.run("building the console", &mut command)?;
    if let Build::Shipped { programs, wasm_split } = build {
        parts::split(progress, &linked(profile), &dist, &[&tools.wasm_bindgen, wasm_split, programs])?;
        styles::join(&dist)?;
        progress.run(
            "compressing the console",
            run::program("node", &[]).args(["--input-type=module", "--eval", COMPRESS]).arg(&dist),
        )?;
    }
    fs::write(&stamp, fingerprint).map_err(|error| said(&stamp, &error))?;
    Ok(dist)
}

/// The console as it was linked by a profile: whole, and with the names of its functions.
pub(crate) fn linked(profile: &str) -> PathBuf {
    workspace::target().join(tools::WASM).join(profile).join("howdah-frontend.wasm")
}

/// What rustc is told beyond the profile.
fn flags(build: Build<'_>) -> Result<String, String> {
    let mut flags = vec![
        // Leptos with fewer types of its own to compile: smaller, and sooner built.
        "--cfg".to_owned(),
        "erase_components".to_owned(),
    ];
    // Where this machine keeps sources is nobody's business, and makes the same console everywhere.
    for (path, name) in [(workspace::cargo_home()?.join("registry/src"), "crates"), (workspace::root(), "howdah")] {
        flags.push(format!("--remap-path-prefix={}={name}", path.display()));
    }
    if matches!(build, Build::Shipped { .. }) {
        // What the tool that takes the console apart needs to know.
        flags.push("-Clink-args=--emit-relocs".to_owned());
    }
    Ok(flags.join("\x1f"))
}

/// The files of the console, each with its size plain and compressed with brotli, in bytes.
pub(crate) fn sizes(dist: &Path) -> Result<Vec<(String, u64, u64)>, String> {
    let mut sizes = Vec::new();
    for entry in fs::read_dir(dist).map_err(|error| said(dist, &error))? {
        let entry = entry.map_err(|error| said(dist, &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let size = |path: &Path| fs::metadata(path).map(|data| data.len()).map_err(|error| said(path, &error));
        if entry.path().is_file() && !name.ends_with(".br") && !name.ends_with(".gz") {
            sizes.push((name.clone(), size(&entry.path())?, size(&dist.join(format!("{name}.br")))?));
        }
    }
    sizes.sort();
    Ok(sizes)
}

fn fingerprint() -> Result<String, String> {
    let mut hasher = DefaultHasher::new();
    for source in SOURCES {
        add(&workspace::root().join(source), &mut hasher)?;
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn add(path: &Path, hasher: &mut DefaultHasher) -> Result<(), String> {
    if path.is_file() {
        path.hash(hasher);
        fs::read(path).map_err(|error| said(path, &error))?.hash(hasher);
        return Ok(());
    }
    if !path.is_dir() || path.ends_with("frontend/dist") {
        return Ok(());
    }
    let mut entries: Vec<PathBuf> = fs::read_dir(path)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
        .map_err(|error| said(path, &error))?;
    entries.sort();
    entries.iter().try_for_each(|entry| add(entry, hasher))
}

/// What went wrong with a file.
pub(crate) fn said(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}
