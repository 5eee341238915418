//! The styles of the shipped console in one file. They are written in several, each of which a browser would ask for by
//! itself, and none of which would be compressed with what it has in common with the others.

use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::path::Path;

use crate::dist::said;

/// Joins the stylesheets that the page links to, in their order, and has it link to the one.
pub(crate) fn join(dist: &Path) -> Result<(), String> {
    let path = dist.join("index.html");
    let page = fs::read_to_string(&path).map_err(|error| said(&path, &error))?;
    let (links, rest) = apart(&page);
    let mut styles = String::new();
    for name in &links {
        let path = dist.join(name);
        styles += &fs::read_to_string(&path).map_err(|error| said(&path, &error))?;
        fs::remove_file(&path).map_err(|error| said(&path, &error))?;
    }
    let mut hasher = DefaultHasher::new();
    hasher.write(styles.as_bytes());
    let name = format!("styles-{:016x}.css", hasher.finish());
    let link = format!("<link href=./{name} rel=stylesheet></head>");
    fs::write(&path, rest.replacen("</head>", &link, 1)).map_err(|error| said(&path, &error))?;
    let path = dist.join(name);
    fs::write(&path, styles).map_err(|error| said(&path, &error))
}

/// The files that the page's links to stylesheets name, and the page without those links.
fn apart(page: &str) -> (Vec<String>, String) {
    let (mut names, mut rest) = (Vec::new(), String::new());
    for (at, piece) in page.split("<link ").enumerate() {
        let attributes = piece.split_once('>').map_or(piece, |(tag, _)| tag).split_whitespace();
        let attribute = |wanted: &str| {
            let found = attributes.clone().find_map(|attribute| attribute.strip_prefix(wanted)?.strip_prefix('='));
            found.map(|value| value.trim_matches(['"', '\'', '/']))
        };
        match attribute("href") {
            Some(file) if at > 0 && attribute("rel") == Some("stylesheet") => {
                names.push(file.trim_start_matches("./").to_owned());
                rest.push_str(piece.split_once('>').map_or("", |(_, after)| after));
            }
            _ => {
                rest.push_str(if at > 0 { "<link " } else { "" });
                rest.push_str(piece);
            }
        }
    }
    (names, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stylesheets_are_joined_in_their_order_and_nothing_else_is_touched() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("b-1.css", "b{}");
        write("a-2.css", "a{}");
        write(
            "index.html",
            "<head><link href=./icon.svg rel=icon><link href=./b-1.css integrity=x rel=stylesheet><script></script>\
             <link rel=\"stylesheet\" href=\"./a-2.css\"/><link rel=modulepreload href=./c.js></head>",
        );
        join(folder.path()).unwrap();
        let page = fs::read_to_string(folder.path().join("index.html")).unwrap();
        let (begin, end) = page.split_once("<link href=./styles-").unwrap();
        assert_eq!(begin, "<head><link href=./icon.svg rel=icon><script></script><link rel=modulepreload href=./c.js>");
        let (hash, end) = end.split_at(16);
        assert_eq!(end, ".css rel=stylesheet></head>");
        let styles = fs::read_to_string(folder.path().join(format!("styles-{hash}.css"))).unwrap();
        assert_eq!(styles, "b{}a{}");
        assert!(!folder.path().join("a-2.css").exists());
    }
}
