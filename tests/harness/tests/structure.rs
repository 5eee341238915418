//! What the checkout and the tree of dependencies may hold.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What may stand at the top beside files that begin with a dot.
const TOP: [&str; 10] =
    ["Cargo.lock", "Cargo.toml", "LICENSE", "README.md", "deploy", "frontend", "proxy", "shared", "style", "tests"];
/// Crates of a server, which never reach a browser.
const SERVER: [&str; 6] = ["axum", "hyper", "rustls", "sqlx", "tokio", "tower"];
const BROWSER_DIRECT: [&str; 4] = ["gloo-net", "leptos", "serde", "wasm-bindgen"];
const PROXY_DIRECT: [&str; 3] = ["axum", "serde", "tower-http"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The names of the crates that a crate is built with; `depth` 1 for its direct ones alone.
fn crates(package: &str, target: &[&str], depth: &str) -> BTreeSet<String> {
    let common = ["tree", "--locked", "--package", package, "--edges", "normal", "--prefix", "none"];
    let arguments = [&common[..], &["--format", "{p}", "--depth", depth], target].concat();
    let names: BTreeSet<String> = output(env!("CARGO"), &arguments)
        .lines()
        .filter_map(|line| line.split(' ').next())
        .map(str::to_owned)
        .collect();
    assert!(names.contains(package), "{names:?}");
    names
}

fn tracked() -> Vec<String> {
    let files: Vec<String> = output("git", &["ls-files", "-z"]).split_terminator('\0').map(str::to_owned).collect();
    assert!(files.iter().any(|file| file == "Cargo.toml"));
    files
}

/// The text of each tracked file that is text.
fn texts() -> impl Iterator<Item = (String, String)> {
    tracked().into_iter().filter_map(|file| fs::read_to_string(root().join(&file)).ok().map(|text| (file, text)))
}

#[test]
fn no_server_crate_reaches_the_browser() {
    let browser = crates("howdah-frontend", &["--target", "wasm32-unknown-unknown"], "100");
    let found: Vec<&str> = SERVER.into_iter().filter(|name| browser.contains(*name)).collect();
    assert_eq!(found, Vec::<&str>::new());
}

#[test]
fn each_side_depends_directly_on_what_it_is_built_on() {
    let browser = crates("howdah-frontend", &["--target", "wasm32-unknown-unknown"], "1");
    let proxy = crates("howdah-proxy", &[], "1");
    let missing = |wanted: &[&str], have: &BTreeSet<String>| -> Vec<String> {
        wanted.iter().filter(|name| !have.contains(**name)).map(|name| (*name).to_owned()).collect()
    };
    assert_eq!(missing(&BROWSER_DIRECT, &browser), Vec::<String>::new());
    assert_eq!(missing(&PROXY_DIRECT, &proxy), Vec::<String>::new());
}

#[test]
fn the_top_holds_only_what_the_layout_names() {
    let top: BTreeSet<String> = tracked().iter().filter_map(|file| file.split('/').next().map(str::to_owned)).collect();
    let strange: Vec<&String> =
        top.iter().filter(|name| !name.starts_with('.') && !TOP.contains(&name.as_str())).collect();
    assert_eq!(strange, Vec::<&String>::new());
}

#[test]
fn no_tracked_file_names_a_machine_or_a_registry() {
    // Put together here, so that this file does not hold them itself. Cargo's own name for its registry is no address.
    let mut words: Vec<String> = ["registry.npmjs", "static.crates", "npm.pkg.github", "repo1.maven", "repo.maven"]
        .iter()
        .map(|host| format!("{host}."))
        .collect();
    words.push(["\"resolved", "\":"].concat());
    words.extend(
        ["/root", "/home/", "/Users/", "/work"]
            .map(|folder| format!("{folder}{}", if folder.ends_with('/') { "" } else { "/" })),
    );
    let this = "tests/harness/tests/structure.rs";
    let mut found = Vec::new();
    for (file, text) in texts().filter(|(file, _)| file != this) {
        for word in words.iter().filter(|word| text.contains(word.as_str())) {
            found.push(format!("{file} holds {word}"));
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn nothing_is_unsafe() {
    let unsafe_block = ["unsafe", " {"].concat();
    let unsafe_function = ["unsafe", " fn"].concat();
    let found: Vec<String> = texts()
        .filter(|(file, _)| file.ends_with(".rs"))
        .filter(|(_, text)| text.contains(&unsafe_block) || text.contains(&unsafe_function))
        .map(|(file, _)| file)
        .collect();
    assert_eq!(found, Vec::<String>::new());
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(manifest.contains("unsafe_code = \"forbid\""));
    for manifest in tracked().iter().filter(|file| file.ends_with("/Cargo.toml")) {
        let text = fs::read_to_string(root().join(manifest)).unwrap();
        assert!(text.contains("[lints]\nworkspace = true"), "{manifest} does not take the workspace's lints");
    }
}

#[test]
fn every_language_has_the_same_keys() {
    let keys = |language: &str| {
        let file = root().join(format!("frontend/locales/{language}.json"));
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let mut keys = BTreeSet::new();
        collect("", &serde_json::from_str(&text).unwrap(), &mut keys);
        keys
    };
    let (english, korean) = (keys("en"), keys("ko"));
    assert!(!english.is_empty());
    // Korean has one plural form, so what counts as a key is what stands before the form.
    assert_eq!(english.symmetric_difference(&korean).collect::<Vec<_>>(), Vec::<&String>::new());
}

fn collect(prefix: &str, value: &serde_json::Value, keys: &mut BTreeSet<String>) {
    let Some(object) = value.as_object() else {
        keys.insert(prefix.to_owned());
        return;
    };
    for (key, value) in object {
        let key = ["_zero", "_one", "_two", "_few", "_many", "_other"]
            .iter()
            .find_map(|form| key.strip_suffix(form))
            .unwrap_or(key);
        collect(&format!("{prefix}.{key}"), value, keys);
    }
}

/// The README's first block of this language.
fn shown(language: &str) -> String {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let rest = readme.split(&format!("```{language}\n")).nth(1).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

#[test]
fn the_readme_s_test_is_one_that_is_run() {
    let run = fs::read_to_string(root().join("tests/e2e/headless.spec.ts")).unwrap();
    // Ours starts the sandbox by itself.
    assert_eq!(shown("ts"), run.replace("./support/sandbox", "@playwright/test"));
}

#[test]
fn what_the_readme_shows_to_portals_is_what_the_sample_does() {
    let sample = |file: &str| fs::read_to_string(root().join("tests/portal").join(file)).unwrap();
    assert_eq!(shown("js"), sample("watch.js"));
    // But for the addresses and the secret.
    let lines = |text: &str| -> BTreeSet<String> {
        let named = text.lines().map(|line| line.trim().rsplit_once(' ').map_or(line.trim(), |(name, _)| name));
        named.filter(|name| name.starts_with("proxy_") || name.starts_with("map ")).map(str::to_owned).collect()
    };
    let (shown, run) = (lines(&shown("nginx").replace("the secret", "secret")), lines(&sample("nginx.conf")));
    assert!(shown.len() > 6, "{shown:?}");
    assert_eq!(shown.difference(&run).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn the_image_is_built_as_the_readme_says() {
    let recipe = fs::read_to_string(root().join("deploy/Containerfile")).unwrap();
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let steps: Vec<&str> = recipe.lines().filter_map(|line| line.strip_prefix("RUN cargo ")).collect();
    assert_eq!(steps.len(), 2, "{steps:?}");
    for step in steps {
        assert!(readme.contains(&format!("\ncargo {step}\n")), "{step}");
    }
    // The image has one version, and the manifests ask for it.
    let version = format!("howdah:{}", env!("CARGO_PKG_VERSION"));
    let manifests = fs::read_to_string(root().join("deploy/kubernetes/howdah.yaml")).unwrap();
    assert!(manifests.contains(&format!("image: {version}\n")) && readme.contains(&format!("--tag {version} ")));
}
