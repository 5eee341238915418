//! A reply that is a tree as rows, of which each is told of by itself when it changes.

use serde_json::Value;
use serde_json::value::RawValue;

use crate::members::{each_member, find, items, named};
use crate::operation::Tree;

/// The first member of a row as it is written here: its path.
pub const PATH: &str = "howdahPath";

/// Gives every row of a tree: its path, and what is shown of it, as JSON in one line that begins with [`PATH`]. Where the
/// row at the top has no name it is called as the member is in which it stands, and those below it stand below nothing.
///
/// # Errors
/// When the reply is not JSON.
pub fn each(reply: &str, tree: &Tree, take: &mut dyn FnMut(String, String)) -> serde_json::Result<()> {
    let top = find(reply, tree.top)?;
    for row in top.map(items).unwrap_or_default() {
        branch(row, None, tree, take);
    }
    Ok(())
}

/// `above` is the path of the row above; `None` at the top.
fn branch(row: &RawValue, above: Option<&str>, tree: &Tree, take: &mut dyn FnMut(String, String)) {
    let (mut path, mut name, mut below) = (None, None, Vec::new());
    let is_shown = |name: &str| tree.shown.contains(&name) || above.is_none() && tree.at_top.contains(&name);
    let mut text = String::new();
    each_member(row, |member, value| {
        if member == tree.path {
            path = named(value.get());
        } else if member == tree.name {
            name = named(value.get());
        }
        if let Some((_, wrapped)) = tree.below.iter().find(|(first, _)| *first == member) {
            below.extend(unwrapped(value, wrapped));
        } else if is_shown(member) {
            text.push(',');
            write_member(member, value, &is_shown, &mut text);
        }
    });
    let path = path.or(match above {
        Some(above) if !above.is_empty() => {
            let name = name.unwrap_or_default();
            Some(if is_below(&name, above) { name } else { format!("{above}.{name}") })
        }
        _ => name,
    });
    let key = path.clone().unwrap_or_else(|| tree.top.rsplit('.').next().unwrap_or_default().to_owned());
    let text = format!("{{\"{PATH}\":{}{text}}}", Value::from(key.as_str()));
    take(key, text);
    for row in below {
        branch(row, Some(path.as_deref().unwrap_or_default()), tree, take);
    }
}

/// Whether a name is a path already, from the top to below this one.
fn is_below(name: &str, above: &str) -> bool {
    name.strip_prefix(above).is_some_and(|rest| rest.starts_with('.'))
}

/// The rows of a member: within their wrapper where they have one.
fn unwrapped<'a>(value: &'a RawValue, wrapper: &str) -> Vec<&'a RawValue> {
    let mut within = None;
    let mut others = 0;
    each_member(value, |member, value| match member == wrapper {
        true => within = Some(value),
        false => others += 1,
    });
    match within {
        Some(within) => items(within),
        // Nothing at all, rather than one row without members.
        None if others == 0 && value.get().starts_with('{') => Vec::new(),
        None => items(value),
    }
}

fn write_member(name: &str, value: &RawValue, is_shown: &dyn Fn(&str) -> bool, out: &mut String) {
    out.push_str(&Value::from(name).to_string());
    out.push(':');
    write(value, is_shown, out);
}

/// Writes what is shown of a value.
fn write(value: &RawValue, is_shown: &dyn Fn(&str) -> bool, out: &mut String) {
    let mut first = true;
    let mut part = |out: &mut String| match std::mem::take(&mut first) {
        true => {}
        false => out.push(','),
    };
    match value.get().as_bytes().first() {
        Some(b'{') => {
            out.push('{');
            each_member(value, |name, value| {
                if is_shown(name) {
                    part(out);
                    write_member(name, value, is_shown, out);
                }
            });
            out.push('}');
        }
        Some(b'[') => {
            out.push('[');
            for item in items(value) {
                part(out);
                write(item, is_shown, out);
            }
            out.push(']');
        }
        _ => out.push_str(value.get()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: Tree = Tree {
        top: "s.info",
        path: "path",
        name: "name",
        below: &[("queues", "queue"), ("root", "")],
        shown: &["name", "used", "memory"],
        at_top: &["kind"],
    };

    fn rows(reply: &str) -> Vec<(String, String)> {
        let mut rows = Vec::new();
        each(reply, &TREE, &mut |path, text| rows.push((path, text))).unwrap();
        rows
    }

    fn paths(reply: &str) -> Vec<String> {
        rows(reply).into_iter().map(|(path, _)| path).collect()
    }

    #[test]
    fn those_below_follow_in_a_wrapper_or_without() {
        let leaf = r#"{"name":"b"}"#;
        for below in [format!("[{leaf}]"), format!(r#"{{"queue":[{leaf}]}}"#), format!(r#"{{"queue":{leaf}}}"#)] {
            let reply = format!(r#"{{"s":{{"info":{{"name":"r","queues":[{{"name":"a","queues":{below}}}]}}}}}}"#);
            assert_eq!(paths(&reply), ["r", "r.a", "r.a.b"], "{below}");
        }
        for none in ["null", "{}", "\"\"", "[]", "7", r#"{"queue":null}"#, r#"{"queue":{}}"#] {
            let reply = format!(r#"{{"s":{{"info":{{"name":"r","queues":{none}}}}}}}"#);
            assert_eq!(paths(&reply)[0], "r", "{none}");
        }
        assert_eq!(paths("{}"), Vec::<String>::new());
        assert!(each("<html>", &TREE, &mut |_, _| ()).is_err());
    }

    #[test]
    fn a_row_is_called_by_its_path_where_it_is_told() {
        let reply =
            r#"{"s":{"info":{"kind":"x","root":{"name":"r","queues":[{"name":"r.a"},{"path":"p.b","name":"b"}]}}}}"#;
        assert_eq!(paths(reply), ["info", "r", "r.a", "p.b"]);
    }

    #[test]
    fn what_is_shown_is_shown_at_any_depth() {
        let reply = r#"{"s":{"info":{"name":"r","kind":"x","other":1,
            "used":{"memory":1,"more":{"memory":2},"list":3}, "queues":[{"kind":"x","used":[{"memory":"\n","x":1},5]}]}}}"#;
        let texts: Vec<String> = rows(reply).into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts[0], r#"{"howdahPath":"r","name":"r","kind":"x","used":{"memory":1}}"#);
        assert_eq!(texts[1], r#"{"howdahPath":"r.","used":[{"memory":"\n"},5]}"#);
    }
}
