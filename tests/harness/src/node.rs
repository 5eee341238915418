//! The test tools from npm, kept in the cache: Playwright, axe, wasm-opt and terser.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use crate::run::{self, Progress};
use crate::verify::Stop;
use crate::workspace;

/// The folders of the checkout in which Node looks for the tools.
const USERS: [&str; 2] = ["tests/e2e", "tests/bench"];

/// Installs what `tests/e2e/package-lock.json` names and links it into the checkout, where Node looks for it.
/// Gives the folder of its programs.
pub(crate) fn install(progress: &Progress) -> Result<PathBuf, Stop> {
    for name in ["node", "npm"] {
        if !run::on_path(name) {
            return Err(Stop::Missing(format!("{name} is missing: install Node.js 20 or newer")));
        }
    }
    let package = workspace::root().join("tests/e2e");
    let read = |name: &str| fs::read(package.join(name)).map_err(|error| format!("tests/e2e/{name}: {error}"));
    let (manifest, lock) = (read("package.json")?, read("package-lock.json")?);
    let mut hasher = DefaultHasher::new();
    (&manifest, &lock).hash(&mut hasher);
    let folder = workspace::cache()?.join(format!("npm-{:016x}", hasher.finish()));
    let modules = folder.join("node_modules");
    if !is_complete(&modules) {
        progress.step("installing the test tools from npm (once)");
        let write = |name: &str, bytes: &[u8]| {
            fs::write(folder.join(name), bytes).map_err(|error| format!("{}: {error}", folder.join(name).display()))
        };
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        write("package.json", &manifest)?;
        write("package-lock.json", &lock)?;
        let mut npm = run::program("npm", &[]);
        npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder);
        // Chromium is the system's.
        npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        progress.run("npm ci", &mut npm)?;
    }
    for user in USERS {
        link(&modules, &workspace::root().join(user).join("node_modules"))?;
    }
    Ok(modules.join(".bin"))
}

/// Whether npm came to the end here: its own list of what it installed is the last that it writes. A mark beside the
/// folder would not do: an `npm ci` in the checkout empties this folder through the link.
fn is_complete(modules: &Path) -> bool {
    modules.join(".package-lock.json").is_file()
}

/// Puts the link to the tools where Node looks for them, in place of whatever npm left there.
fn link(modules: &Path, link: &Path) -> Result<(), String> {
    if fs::read_link(link).is_ok_and(|target| target == modules) {
        return Ok(());
    }
    let removed = if link.is_symlink() {
        fs::remove_file(link)
    } else if link.is_dir() {
        fs::remove_dir_all(link)
    } else {
        Ok(())
    };
    removed
        .and_then(|()| std::os::unix::fs::symlink(modules, link))
        .map_err(|error| format!("{}: {error}", link.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_emptied_through_the_link_are_not_complete() {
        let folder = tempfile::tempdir().unwrap();
        let (modules, checkout) = (folder.path().join("cache"), folder.path().join("node_modules"));
        fs::create_dir(&modules).unwrap();
        fs::write(modules.join(".package-lock.json"), "{}").unwrap();
        link(&modules, &checkout).unwrap();
        assert!(is_complete(&modules));
        // What npm does to an old installation.
        fs::remove_file(checkout.join(".package-lock.json")).unwrap();
        fs::remove_file(&checkout).unwrap();
        fs::create_dir_all(checkout.join("terser")).unwrap();
        assert!(!is_complete(&modules));
        link(&modules, &checkout).unwrap();
        assert_eq!(fs::read_link(&checkout).unwrap(), modules);
    }
}
