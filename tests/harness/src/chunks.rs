//! Joins what parts of the console share. The tool that takes the console apart makes a chunk for every set of parts
//! that need the same code: more than a hundred, of which a page would fetch, compile and start some fifty. Those that
//! nearly the same parts need become one module, though a part may then load a little that it does not need.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::dist::said;
use crate::loader::{self, Needs};
use crate::parts::FEATURES;
use crate::run::{self, Progress};

/// What one more module costs a page (a request, a compilation, an instance), in bytes of code as it is linked.
const MODULE: u64 = 24 * 1024;

/// Code that several parts need.
#[derive(Clone, Debug, PartialEq)]
struct Chunk<'a> {
    /// The modules that it is made of.
    modules: Vec<&'a str>,
    /// In bytes.
    size: u64,
    parts: BTreeSet<&'a str>,
}

impl<'a> Chunk<'a> {
    /// What it costs all parts together.
    fn cost(&self) -> u64 {
        (self.size + MODULE) * self.parts.len() as u64
    }

    fn with(&self, other: &Chunk<'a>) -> Chunk<'a> {
        Chunk {
            modules: [&self.modules[..], &other.modules].concat(),
            size: self.size + other.size,
            parts: &self.parts | &other.parts,
        }
    }
}

/// Joins the chunks in a folder where that is cheaper, and gives what the parts need then.
pub(crate) fn join(progress: &Progress, folder: &Path, tools: &str, programs: &[&Path]) -> Result<Needs, String> {
    let needs = loader::needs(tools)?;
    let mut users = BTreeMap::<&str, BTreeSet<&str>>::new();
    for (part, modules) in &needs {
        for module in modules {
            users.entry(module).or_default().insert(part);
        }
    }
    let mut chunks = Vec::new();
    for (module, parts) in users {
        let path = file(folder, module);
        let size = fs::metadata(&path).map_err(|error| said(&path, &error))?.len();
        chunks.push(Chunk { modules: vec![module], size, parts });
    }
    // A module of one part alone is not shared, and imports all that there is to import.
    let (own, shared): (Vec<_>, Vec<_>) = chunks.into_iter().partition(|chunk| chunk.parts.len() == 1);
    let largest = own.iter().max_by_key(|chunk| chunk.size).ok_or("no part has a module of its own")?;
    let main = stand_in(&file(folder, largest.modules[0]), &loader::shared(tools)?, programs)?;
    let main_path = folder.join("main.wat");
    fs::write(&main_path, main).map_err(|error| said(&main_path, &error))?;

    let mut joined = Needs::new();
    for chunk in cheapest(shared).into_iter().chain(own) {
        let name = chunk.modules[0];
        if chunk.modules.len() > 1 {
            merge(progress, folder, &main_path, &chunk.modules, programs)?;
        }
        for part in chunk.parts {
            joined.entry(part.to_owned()).or_default().insert(name.to_owned());
        }
    }
    fs::remove_file(&main_path).map_err(|error| said(&main_path, &error))?;
    Ok(joined)
}

fn file(folder: &Path, module: &str) -> PathBuf {
    folder.join(format!("{module}.wasm"))
}

/// Joins the two that it saves most to join, as long as it saves anything.
fn cheapest(mut chunks: Vec<Chunk<'_>>) -> Vec<Chunk<'_>> {
    loop {
        let mut best: Option<(u64, usize, usize)> = None;
        for (at, one) in chunks.iter().enumerate() {
            for (before, other) in chunks[..at].iter().enumerate() {
                let saved = (one.cost() + other.cost()).saturating_sub(one.with(other).cost());
                if saved > best.map_or(0, |(saved, ..)| saved) {
                    best = Some((saved, before, at));
                }
            }
        }
        let Some((_, before, at)) = best else { return chunks };
        let one = chunks.remove(at);
        chunks[before] = chunks[before].with(&one);
    }
}

/// Every module imports the memory from the first one, and a joined one may have only one memory: this one, in the text
/// format, stands for the first. It passes on what it imports, which is declared as in the module of that path.
fn stand_in(path: &Path, shared: &[&str], programs: &[&Path]) -> Result<String, String> {
    let mut command = run::program("wasm-dis", programs);
    let text = run::output_of(command.args(FEATURES.map(|feature| format!("--enable-{feature}"))).arg(path));
    let text = text.ok_or_else(|| format!("{} cannot be read", path.display()))?;
    let mut main = String::from("(module\n");
    for name in shared {
        let import = format!("(import \"__wasm_split\" \"{name}\" (");
        let declared = text.split_once(&import).and_then(|(_, rest)| rest.split_once("))\n")).map(|(import, _)| import);
        let (kind, rest) = declared.and_then(|import| import.split_once(' ')).ok_or(format!("no module has {name}"))?;
        let (id, _) = rest.split_once(' ').ok_or(format!("{name} is not declared"))?;
        main.push_str(&format!("(import \"main\" \"{name}\" ({kind} {rest}))\n(export \"{name}\" ({kind} {id}))\n"));
    }
    main.push_str(")\n");
    Ok(main)
}

/// Puts all modules into the first of them.
fn merge(progress: &Progress, folder: &Path, main: &Path, modules: &[&str], programs: &[&Path]) -> Result<(), String> {
    let merged = file(folder, "merged");
    let mut command = run::program("wasm-merge", programs);
    command.args(FEATURES.map(|feature| format!("--enable-{feature}"))).arg("--quiet").arg(main).arg("__wasm_split");
    for module in modules {
        command.arg(file(folder, module)).arg(module);
    }
    progress.run("joining what parts share", command.arg("--output").arg(&merged))?;
    for module in modules {
        let path = file(folder, module);
        fs::remove_file(&path).map_err(|error| said(&path, &error))?;
    }
    fs::rename(&merged, file(folder, modules[0])).map_err(|error| said(&merged, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk<'a>(name: &'a str, size: u64, parts: &[&'a str]) -> Chunk<'a> {
        Chunk { modules: vec![name], size, parts: parts.iter().copied().collect() }
    }

    #[test]
    fn what_is_small_or_needed_by_the_same_parts_is_joined() {
        let chunks = vec![
            chunk("small", 900, &["a", "b", "c"]),
            chunk("large", 300_000, &["a", "b"]),
            chunk("large too", 200_000, &["a", "b"]),
            chunk("other", 400_000, &["b", "c"]),
            chunk("all", 500_000, &["a", "b", "c"]),
        ];
        let joined: Vec<_> = cheapest(chunks).into_iter().map(|chunk| (chunk.modules, chunk.size)).collect();
        let expected =
            [(vec!["small", "all"], 500_900), (vec!["large", "large too"], 500_000), (vec!["other"], 400_000)];
        assert_eq!(joined, expected);
    }
}
