//! Where things are: the checkout and the cache outside of it.

use std::env;
use std::path::{Path, PathBuf};

/// The folder of the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    let harness = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    harness.ancestors().nth(2).map(Path::to_path_buf).unwrap_or(harness)
}

/// Tools and peers live here: `HOWDAH_CACHE`, else `$XDG_CACHE_HOME/howdah`, else `~/.cache/howdah`.
pub(crate) fn cache() -> Result<PathBuf, String> {
    let named = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    named("HOWDAH_CACHE")
        .or_else(|| named("XDG_CACHE_HOME").map(|folder| folder.join("howdah")))
        .or_else(|| named("HOME").map(|folder| folder.join(".cache/howdah")))
        .ok_or_else(|| "no folder for the cache: set HOWDAH_CACHE or HOME".to_owned())
}

/// Cargo's own folder, where it keeps the sources of crates.
pub(crate) fn cargo_home() -> Result<PathBuf, String> {
    let home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo"));
    env::var_os("CARGO_HOME").map(PathBuf::from).or_else(home).ok_or_else(|| "set CARGO_HOME or HOME".to_owned())
}

/// Cargo's folder for what it builds, which may be moved by `CARGO_TARGET_DIR`.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// The proxy's program, as the dev profile builds it.
pub(crate) fn howdah() -> PathBuf {
    target().join("debug/howdah")
}

/// The proxy's program, as the release profile builds it.
pub(crate) fn howdah_released() -> PathBuf {
    target().join("release/howdah")
}

/// The version of a crate in Cargo.lock.
pub(crate) fn locked_version(lock: &str, name: &str) -> Option<String> {
    let entry = lock.split("[[package]]").find(|entry| entry.contains(&format!("\nname = \"{name}\"\n")))?;
    let (_, rest) = entry.split_once("\nversion = \"")?;
    rest.split_once('"').map(|(version, _)| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::locked_version;

    #[test]
    fn a_locked_version_is_that_of_the_crate_of_exactly_this_name() {
        let lock = "version = 4\n\n[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"1.0.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(locked_version(lock, "bindgen"), None);
    }
}
