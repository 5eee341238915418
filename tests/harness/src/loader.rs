//! The script that loads the console's parts. The one of the tool that splits the console waits until the console runs,
//! then fetches, and compiles one thing after the other; this one has a page's parts fetched and compiled meanwhile.

use std::collections::{BTreeMap, BTreeSet};

/// The modules that each part needs, by their names without an ending: its own, and chunks that it shares with others.
pub(crate) type Needs = BTreeMap<String, BTreeSet<String>>;

/// What stands before a part's name where the tool's script exports what loads it.
const LOADS: &str = "export const __wasm_split_load_";

/// What each part needs, as the tool's script says.
pub(crate) fn needs(script: &str) -> Result<Needs, String> {
    let mut needs = Needs::new();
    for part in script.split(LOADS).skip(1) {
        let (name, rest) = part.split_once(" = ").ok_or("a part without a name")?;
        let own = rest.split_once("new URL(\"./").and_then(|(_, rest)| rest.split_once(".wasm\""));
        let chunks = rest.rsplit_once(", [").and_then(|(_, rest)| rest.split_once("]))"));
        let ((own, _), (chunks, _)) = own.zip(chunks).ok_or(format!("{name} is not loaded as it was"))?;
        // A chunk's file is called as its loader.
        let chunks = chunks.split(", ").filter_map(|chunk| chunk.strip_prefix("__"));
        needs.insert(name.to_owned(), chunks.chain([own]).map(str::to_owned).collect());
    }
    if needs.is_empty() { Err("the script that loads the parts has none".to_owned()) } else { Ok(needs) }
}

/// The names of what the first module shares with all others, as the tool's script says.
pub(crate) fn shared(script: &str) -> Result<Vec<&str>, String> {
    let names = script.split_once("const { ").and_then(|(_, rest)| rest.split_once("} = initSync("));
    let (names, _) = names.ok_or("the script that loads the parts shares nothing")?;
    Ok(names.split(',').map(str::trim).filter(|name| !name.is_empty()).collect())
}

/// The script that takes the place of the tool's; `main` is the console's first script, and `places` is JSON: the
/// addresses of each part's pages below the base, `*` for any word.
pub(crate) fn script(needs: &Needs, main: &str, places: &str) -> String {
    let modules: Vec<&String> = needs.values().flatten().collect::<BTreeSet<_>>().into_iter().collect();
    let urls = modules.iter().map(|name| format!("new URL(\"./{name}.wasm\", import.meta.url)"));
    let urls = urls.collect::<Vec<_>>().join(", ");
    let mut parts = Vec::new();
    let mut loads = String::new();
    for (part, needed) in needs {
        let at = needed.iter().filter_map(|name| modules.binary_search(&name).ok()).map(|at| at.to_string());
        parts.push(format!("{part}: [{}]", at.collect::<Vec<_>>().join(", ")));
        loads.push_str(&format!("{LOADS}{part} = load(\"{part}\");\n"));
    }
    let parts = parts.join(", ");
    let script = include_str!("loader.js");
    format!(
        "import {{ initSync }} from \"./{main}.js\";\nconst PLACES = {places};\nconst MODULES = [{urls}];\n\
         const NEEDS = {{ {parts} }};\n{script}{loads}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOOLS: &str = r#"import { initSync } from "./main.js";
        const { __indirect_function_table, memory,  } = initSync(undefined, undefined);
const __chunk_4 = makeLoad(() => {
    const src = fetch(new URL("./chunk_4.wasm", import.meta.url));
}
, []);
export const __wasm_split_load_yarn = wrapAsyncCb(makeLoad(() => {
    const src = fetch(new URL("./split_yarn.wasm", import.meta.url));
}
, [__chunk_4]));
export const __wasm_split_load_palette = wrapAsyncCb(makeLoad(() => {
    const src = fetch(new URL("./split_palette.wasm", import.meta.url));
}
, []));
"#;

    #[test]
    fn what_a_part_needs_is_known_by_its_name() {
        let needs = needs(TOOLS).unwrap();
        assert_eq!(needs["yarn"].iter().collect::<Vec<_>>(), ["chunk_4", "split_yarn"]);
        assert_eq!(needs["palette"].iter().collect::<Vec<_>>(), ["split_palette"]);
        assert_eq!(shared(TOOLS).unwrap(), ["__indirect_function_table", "memory"]);

        let script = script(&needs, "main", r#"{"yarn":["connections/*/nodes"]}"#);
        assert!(script.starts_with("import { initSync } from \"./main.js\";\n"), "{script}");
        let urls = ["chunk_4", "split_palette", "split_yarn"];
        let urls = urls.map(|name| format!("new URL(\"./{name}.wasm\", import.meta.url)")).join(", ");
        assert!(script.contains(&format!("const MODULES = [{urls}];")), "{script}");
        assert!(script.contains("const NEEDS = { palette: [1], yarn: [0, 2] };"), "{script}");
        assert!(script.ends_with("export const __wasm_split_load_yarn = load(\"yarn\");\n"), "{script}");
    }

    #[test]
    fn another_script_is_not_taken_for_it() {
        assert!(needs(&TOOLS.replace("new URL", "URL")).is_err());
        assert!(needs("").is_err() && shared("").is_err());
    }
}
