//! Takes the shipped console apart: what a first visit needs, and a module for each part that is loaded later. trunk
//! cannot do it, so it comes after trunk and puts its files in the place of trunk's.

use std::collections::HashMap;
use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::path::{Path, PathBuf};

use crate::dist::said;
use crate::run::{self, Progress};
use crate::{chunks, loader, workspace};

const NAME: &str = "howdah-frontend";
/// The module that loads the parts, as the tool calls it.
const LOADER: &str = "__wasm_split";
/// The script that the page begins with.
const FIRST: &str = "first-paint";
/// The addresses of the parts' pages.
const PLACES: &str = include_str!("../../../frontend/src/pages/parts.json");
/// What Rust's target takes for granted in a browser; the tool that splits drops the list.
pub(crate) const FEATURES: [&str; 6] =
    ["bulk-memory", "multivalue", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext"];
/// How the file of a part begins.
pub(crate) const PART: &str = "part-";

/// Splits the file that the linker wrote, and puts the modules into the folder that trunk filled.
pub(crate) fn split(progress: &Progress, linked: &Path, dist: &Path, folders: &[&Path]) -> Result<(), String> {
    let apart = workspace::target().join("console-apart");
    if apart.exists() {
        fs::remove_dir_all(&apart).map_err(|error| said(&apart, &error))?;
    }
    let split = apart.join("split");
    progress.run(
        "taking the console apart",
        run::program("wasm-split-cli", folders).arg(linked).arg(&split).args(["--out-name", NAME]),
    )?;
    let loader = split.join(format!("{LOADER}.js"));
    let tools = fs::read_to_string(&loader).map_err(|error| said(&loader, &error))?;
    let needs = chunks::join(progress, &split, &tools, folders)?;
    fs::write(&loader, loader::script(&needs, NAME, PLACES)).map_err(|error| said(&loader, &error))?;
    progress.run(
        "binding the console",
        run::program("wasm-bindgen", folders)
            .args(["--target", "web", "--no-typescript", "--keep-lld-exports", "--out-dir"])
            .arg(&split)
            .arg(split.join(format!("{NAME}.wasm"))),
    )?;
    // What wasm-bindgen read; it wrote its own beside it.
    let bound = split.join(format!("{NAME}.wasm"));
    fs::remove_file(&bound).map_err(|error| said(&bound, &error))?;

    // Made small with the others: trunk's way gives another script each time.
    let first = trunks(dist, FIRST)?;
    let taken = split.join(format!("{FIRST}.js"));
    fs::rename(dist.join(&first), &taken).map_err(|error| said(&taken, &error))?;

    let mut modules = Vec::new();
    let mut scripts = Vec::new();
    for entry in fs::read_dir(&split).map_err(|error| said(&split, &error))? {
        let path = entry.map_err(|error| said(&split, &error))?.path();
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("wasm") => modules.push(path),
            Some("js") => scripts.push(path),
            _ => {}
        }
    }
    modules.sort();
    scripts.sort();
    number_hashes(&modules, &scripts)?;
    for module in &modules {
        progress.run(
            "making the console small",
            run::program("wasm-opt", folders)
                .args(["--flatten", "--rereloop", "-Oz", "-Oz", "--strip-debug", "--strip-producers", "--quiet"])
                .args(FEATURES.map(|feature| format!("--enable-{feature}")))
                .arg(module)
                .arg("--output")
                .arg(module),
        )?;
    }
    for script in &scripts {
        progress.run(
            "making its scripts small",
            run::program("terser", folders)
                .args(["--module", "--ecma", "2022", "--compress", "passes=2", "--mangle", "--output"])
                .arg(script)
                .arg("--")
                .arg(script),
        )?;
    }
    place(dist, &modules, &scripts, &first)
}

/// The digits of a hash in what wasm-bindgen calls a function.
const DIGITS: usize = 16;

/// wasm-bindgen ends the names of functions in a hash, which no compression makes smaller, and writes each in the module
/// and in the script. Numbers of as many digits tell them apart as well.
fn number_hashes(modules: &[PathBuf], scripts: &[PathBuf]) -> Result<(), String> {
    let mut files = Vec::new();
    let mut hashes = Vec::new();
    for path in scripts.iter().chain(modules) {
        let bytes = fs::read(path).map_err(|error| said(path, &error))?;
        if scripts.contains(path) {
            hashes.extend(hashes_in(&bytes).map(<[u8]>::to_vec));
        }
        files.push((path, bytes));
    }
    // In the order of the script, where neighbours are alike.
    let mut numbers = HashMap::new();
    for hash in hashes {
        let next = numbers.len();
        numbers.entry(hash).or_insert_with(|| format!("{next:0DIGITS$x}").into_bytes());
    }
    for (path, mut bytes) in files {
        for at in 0..bytes.len().saturating_sub(DIGITS) {
            if let Some(number) = numbers.get(&bytes[at..at + DIGITS]) {
                bytes[at..at + DIGITS].copy_from_slice(number);
            }
        }
        fs::write(path, bytes).map_err(|error| said(path, &error))?;
    }
    Ok(())
}

/// Every hash at the end of a name: after an underscore, or after the `h` of one of Rust's own.
fn hashes_in(script: &[u8]) -> impl Iterator<Item = &[u8]> {
    let words = script.split(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_');
    words.filter_map(|word| {
        let parts = word.split(|byte| *byte == b'_');
        parts.map(|part| part.strip_prefix(b"h").unwrap_or(part)).find(|part| {
            part.len() == DIGITS && part.iter().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte))
        })
    })
}

/// Gives all of them one hash in their names, so that no part is ever loaded into another build, and has the page load
/// them.
fn place(dist: &Path, modules: &[PathBuf], scripts: &[PathBuf], first: &str) -> Result<(), String> {
    let read = |path: &Path| fs::read(path).map_err(|error| said(path, &error));
    let mut hasher = DefaultHasher::new();
    for path in modules.iter().chain(scripts) {
        hasher.write(&read(path)?);
    }
    let hash = format!("{:016x}", hasher.finish());
    let is_first = |path: &&PathBuf| path.file_stem().is_some_and(|stem| stem == FIRST);
    let (first_script, scripts): (Vec<&PathBuf>, Vec<&PathBuf>) = scripts.iter().partition(is_first);
    let names: Vec<(String, String)> =
        modules.iter().chain(scripts.iter().copied()).map(|path| names(path, &hash)).collect();

    let page_path = dist.join("index.html");
    let page = fs::read_to_string(&page_path).map_err(|error| said(&page_path, &error))?;
    let script = trunks(dist, NAME)?;
    let main = script.trim_end_matches(".js");
    for file in [&script, &format!("{main}_bg.wasm")] {
        let path = dist.join(file);
        fs::remove_file(&path).map_err(|error| said(&path, &error))?;
    }
    // The loader is asked for together with what imports it.
    let loader = format!("<link rel=\"modulepreload\" href=\"./{LOADER}-{hash}.js\" crossorigin=\"anonymous\">");
    let page = page.replace(main, &format!("{NAME}-{hash}"));
    let page = match first_script.as_slice() {
        [path] => with_script(&page, first, String::from_utf8_lossy(&read(path)?).trim_end()),
        _ => None,
    };
    let page = page.ok_or_else(|| format!("the page does not load {FIRST} once"))?;
    let page = page.replacen("</head>", &format!("{loader}</head>"), 1);
    fs::write(&page_path, page).map_err(|error| said(&page_path, &error))?;

    for (path, (_, name)) in modules.iter().zip(&names) {
        fs::write(dist.join(name), read(path)?).map_err(|error| said(path, &error))?;
    }
    for (path, (_, name)) in scripts.iter().zip(&names[modules.len()..]) {
        let mut script = fs::read_to_string(path).map_err(|error| said(path, &error))?;
        for (before, after) in &names {
            // Only where a file is loaded: modules also call each other by these names.
            for way in ["from", "new URL("] {
                script = script.replace(&format!("{way}\"./{before}\""), &format!("{way}\"./{after}\""));
            }
        }
        fs::write(dist.join(name), script).map_err(|error| said(path, &error))?;
    }
    Ok(())
}

/// The page with a script in it that it loads: nothing can be painted before that has run.
fn with_script(page: &str, file: &str, script: &str) -> Option<String> {
    let (before, after) = page.split_once(&format!("./{file}"))?;
    let (before, after) = (&before[..before.rfind("<script")?], after.split_once("</script>")?.1);
    Some(format!("{before}<script>{script}</script>{after}"))
}

/// The file of a script that trunk's page loads.
fn trunks(dist: &Path, name: &str) -> Result<String, String> {
    let path = dist.join("index.html");
    let page = fs::read_to_string(&path).map_err(|error| said(&path, &error))?;
    let found = page.split_once(&format!("./{name}-")).and_then(|(_, rest)| rest.split_once(".js"));
    found.map(|(hash, _)| format!("{name}-{hash}.js")).ok_or_else(|| format!("trunk's page does not load {name}"))
}

/// What a file is called, and what it will be called.
fn names(path: &Path, hash: &str) -> (String, String) {
    let before = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (stem, ending) = before.rsplit_once('.').unwrap_or((&before, ""));
    let after = match (stem.strip_suffix("_bg"), stem.strip_prefix("split_")) {
        (Some(main), _) => format!("{main}-{hash}_bg.{ending}"),
        (None, Some(part)) => format!("{PART}{part}-{hash}.{ending}"),
        (None, None) if stem.starts_with("chunk_") => format!("{PART}{stem}-{hash}.{ending}"),
        (None, None) => format!("{stem}-{hash}.{ending}"),
    };
    (before, after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_stands_in_the_page() {
        let page = "<script>a</script><script integrity=x src=./first-1.js></script><p>";
        assert_eq!(with_script(page, "first-1.js", "go()").unwrap(), "<script>a</script><script>go()</script><p>");
        assert_eq!(with_script(page, "first-2.js", "go()"), None);
    }

    #[test]
    fn hashes_are_found_at_the_ends_of_names() {
        let script =
            b"imports.__wbg_now_463ac581d2fc7ea3 = f; closures_____invoke__h23775f7ea0cf9761_16(a, 0123456789abcdefg)";
        let found: Vec<&[u8]> = hashes_in(script).collect();
        assert_eq!(found, [&b"463ac581d2fc7ea3"[..], b"23775f7ea0cf9761"]);
    }

    #[test]
    fn every_file_has_the_hash_and_parts_are_called_so() {
        let after = |name: &str| names(Path::new(name), "0123456789abcdef").1;
        assert_eq!(after("a/howdah-frontend_bg.wasm"), "howdah-frontend-0123456789abcdef_bg.wasm");
        assert_eq!(after("howdah-frontend.js"), "howdah-frontend-0123456789abcdef.js");
        assert_eq!(after("split_yarn.wasm"), "part-yarn-0123456789abcdef.wasm");
        assert_eq!(after("chunk_4.wasm"), "part-chunk_4-0123456789abcdef.wasm");
        assert_eq!(after("__wasm_split.js"), "__wasm_split-0123456789abcdef.js");
    }
}
