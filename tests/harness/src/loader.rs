//! The script that loads the console's parts. The one of the tool that splits the console waits until the console runs,
//! then fetches, and compiles one thing after the other; this one has a page's parts fetched and compiled meanwhile.

/// What stands before a part's name where the tool's script exports what loads it.
const LOADS: &str = "export const __wasm_split_load_";
/// How the tool's script gets a module, and how it does then: what it says, what stands in its place.
const WAYS: [(&str, &str); 3] = [
    ("const src = fetch(new URL(", "const src = compiled(new URL("),
    ("    src.catch(() => {});\n", ""),
    ("(WebAssembly.instantiateStreaming(src, imports))", "WebAssembly.instantiate(await src, imports)"),
];

/// The tool's script, made so; `places` is JSON: the addresses of each part's pages below the base, `*` for any word.
pub(crate) fn eager(script: &str, places: &str) -> Result<String, String> {
    let mut files = Vec::new();
    for part in script.split(LOADS).skip(1) {
        let (name, rest) = part.split_once(" = ").ok_or("a part without a name")?;
        let own = rest.split_once("new URL(").and_then(|(_, rest)| rest.split_once(','));
        let needs = rest.rsplit_once(", [").and_then(|(_, rest)| rest.split_once("]))"));
        let ((own, _), (needs, _)) = own.zip(needs).ok_or(format!("{name} is not loaded as it was"))?;
        // A chunk's file is called as its loader.
        let chunks = needs.split(", ").filter_map(|chunk| chunk.strip_prefix("__"));
        let urls = chunks.map(|chunk| format!("\"./{chunk}.wasm\"")).chain([own.to_owned()]);
        let urls: Vec<String> = urls.map(|file| format!("new URL({file}, import.meta.url)")).collect();
        files.push(format!("{name}: [{}]", urls.join(", ")));
    }
    let mut script = script.to_owned();
    for (before, after) in WAYS {
        if !script.contains(before) {
            return Err(format!("the script that loads the parts has no {before:?}"));
        }
        script = script.replace(before, after);
    }
    let tables = format!("const PLACES = {places};\nconst FILES = {{ {} }};\n", files.join(", "));
    let (import, rest) = script.split_once('\n').ok_or("the script that loads the parts is empty")?;
    Ok(format!("{import}\n{tables}{}{rest}", include_str!("loader.js")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOOLS: &str = r#"import { initSync } from "./main.js";
const __chunk_4 = makeLoad(() => {
    const src = fetch(new URL("./chunk_4.wasm", import.meta.url));
    src.catch(() => {});
    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));
}
, []);
export const __wasm_split_load_yarn = wrapAsyncCb(makeLoad(() => {
    const src = fetch(new URL("./split_yarn.wasm", import.meta.url));
    src.catch(() => {});
    return async (imports) => (WebAssembly.instantiateStreaming(src, imports));
}
, [__chunk_4]));
"#;

    #[test]
    fn what_a_part_needs_is_known_by_its_name() {
        let script = eager(TOOLS, r#"{"yarn":["connections/*/nodes"]}"#).unwrap();
        let files =
            "yarn: [new URL(\"./chunk_4.wasm\", import.meta.url), new URL(\"./split_yarn.wasm\", import.meta.url)]";
        assert!(script.contains(files), "{script}");
        assert!(script.starts_with("import { initSync }"));
        assert!(!script.contains("instantiateStreaming") && script.contains("compiled(new URL(\"./split_yarn.wasm\""));
    }

    #[test]
    fn another_script_is_not_taken_for_it() {
        assert!(eager(&TOOLS.replace("instantiateStreaming", "instantiate"), "{}").is_err());
        assert!(eager("", "{}").is_err());
    }
}
