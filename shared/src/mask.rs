//! Secrets that people leave in free text: options, scripts, configuration.
//!
//! `--password hunter22`, `fs.s3a.secret.key=…`, `"credential.secret": "…"` and `https://user:pass@host` keep their
//! names and lose their values. This is a net for what we cannot know, not a promise; the keys that Howdah itself
//! holds are found exactly, by the proxy's redaction.

mod options;

use serde::de::IgnoredAny;
use serde_json::Value;

pub use options::{Options, holds_masked_option};

/// What stands in place of a masked value.
pub const MASK: &str = "***";

/// Parts of a name that make its value a secret; compared in lower case with `-`, `_`, `.` and blanks taken out.
const SECRET_NAMES: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "credential",
    "apikey",
    "accesskey",
    "privatekey",
    "accountkey",
    "sharedkey",
    "signature",
];

/// Whether a name says that what it names is a secret.
pub fn names_a_secret(name: &str) -> bool {
    let joins = |c: &char| matches!(c, '-' | '_' | '.' | ' ');
    let plain: String = name.chars().filter(|c| !joins(c)).flat_map(char::to_lowercase).collect();
    SECRET_NAMES.iter().any(|part| plain.contains(part))
}

/// Masks the values in free text whose names say that they are secret.
pub fn text(input: &str) -> String {
    let mut out = String::with_capacity(input.len());
    let mut rest = input;
    while !rest.is_empty() {
        if let Some((kept, tail)) = credentials_in_url(rest) {
            out.push_str(kept);
            out.push_str(MASK);
            rest = tail;
            continue;
        }
        let name_length = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
        if name_length == 0 {
            let step = rest.chars().next().map_or(1, char::len_utf8);
            out.push_str(&rest[..step]);
            rest = &rest[step..];
            continue;
        }
        let (name, tail) = rest.split_at(name_length);
        let closing_tag = out.ends_with("</");
        out.push_str(name);
        rest = tail;
        if names_a_secret(name)
            && !closing_tag
            && let Some((between, value, tail)) = assigned(rest, name.starts_with('-'))
        {
            out.push_str(between);
            if !value.is_empty() {
                out.push_str(MASK);
            }
            rest = tail;
        }
    }
    out
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// Splits what follows a name into what assigns, the value, and the rest. An option (`--password x`) needs only a
/// space; a closing tag (`</password>` after its opening one) is the value's end.
fn assigned(rest: &str, option: bool) -> Option<(&str, &str, &str)> {
    let blank = |s: &str| s.len() - s.trim_start_matches([' ', '\t']).len();
    let mut at = 0;
    // The quote that closes the name: "name": "value".
    if rest.starts_with(['"', '\'']) {
        at += 1;
    } else if rest.starts_with("\\\"") {
        at += 2;
    }
    let before = at;
    at += blank(&rest[at..]);
    if rest[at..].starts_with([':', '=', '>']) {
        at += 1;
        at += blank(&rest[at..]);
    } else if !(option && at > before) {
        return None;
    }
    let (open, close): (usize, &[&str]) = if rest[at..].starts_with("\\\"") {
        (2, &["\\\""])
    } else if rest[at..].starts_with('"') {
        (1, &["\""])
    } else if rest[at..].starts_with('\'') {
        (1, &["'"])
    } else {
        (0, &[" ", "\t", "\n", "\r", ",", ";", "&", "\"", "'", "<", "}"])
    };
    at += open;
    let value_end = close.iter().filter_map(|end| rest[at..].find(end)).min().map_or(rest.len(), |n| at + n);
    Some((&rest[..at], &rest[at..value_end], &rest[value_end..]))
}

/// `://user:secret@` at the start: the part to keep (up to the secret) and what follows the secret.
fn credentials_in_url(rest: &str) -> Option<(&str, &str)> {
    let after = rest.strip_prefix("://")?;
    let end = after.find(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '?')).unwrap_or(after.len());
    let at = after[..end].rfind('@')?;
    let colon = after[..at].find(':')?;
    (colon + 1 < at).then(|| (&rest[..3 + colon + 1], &after[at..]))
}

/// Masks the text members of these names, at any depth, and the texts of their lists.
pub fn members(value: &mut Value, names: &[&str]) {
    visit(value, names, false, &mut |_, found| *found = text(found), &mut String::new());
}

/// How deep a document may be nested for [`json`].
const DEEPEST: usize = 128;

/// [`members`] of a JSON document, in which every other byte stays as it is: a tree would lose blanks, members that
/// stand twice, and numbers that it cannot hold. A text that has no reading (half a surrogate pair) is masked whole.
/// `None` when it is not JSON, or is nested deeper than 128 levels.
pub fn json(document: &[u8], names: &[&str]) -> Option<Vec<u8>> {
    serde_json::from_slice::<IgnoredAny>(document).ok()?;
    if names.is_empty() {
        return is_shallow(document)?.then(|| document.to_vec());
    }
    let mut out = Vec::with_capacity(document.len());
    let mut levels: Vec<Level> = Vec::new();
    let (mut at, mut copied) = (0, 0);
    while let Some(byte) = document.get(at) {
        let named = levels.last().is_some_and(|level| level.named);
        match byte {
            b'{' | b'[' if levels.len() == DEEPEST => return None,
            b'{' => levels.push(Level { object: true, name_is_next: true, named: false }),
            b'[' => levels.push(Level { object: false, name_is_next: false, named }),
            b'}' | b']' => _ = levels.pop(),
            b',' => levels.iter_mut().last().into_iter().for_each(|level| level.name_is_next = level.object),
            b'"' => {
                let end = after_string(document, at)?;
                let written = &document[at..end];
                let string = || serde_json::from_slice::<String>(written).ok();
                match levels.last_mut().filter(|level| level.name_is_next) {
                    Some(level) => {
                        level.name_is_next = false;
                        level.named = match written.contains(&b'\\') {
                            true => string().is_some_and(|name| names.contains(&name.as_str())),
                            false => names.iter().any(|name| name.as_bytes() == &written[1..written.len() - 1]),
                        };
                    }
                    None if named => {
                        let found = string();
                        let masked = found.as_deref().map_or_else(|| MASK.to_owned(), text);
                        if found.as_ref() != Some(&masked) {
                            out.extend_from_slice(&document[copied..at]);
                            serde_json::to_writer(&mut out, &masked).ok()?;
                            copied = end;
                        }
                    }
                    None => {}
                }
                at = end;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    out.extend_from_slice(&document[copied..]);
    Some(out)
}

/// Whether a JSON document is nested no deeper than it may be.
fn is_shallow(document: &[u8]) -> Option<bool> {
    let (mut at, mut open) = (0, 0_usize);
    while let Some(byte) = document.get(at) {
        match byte {
            b'"' => {
                at = after_string(document, at)?;
                continue;
            }
            b'{' | b'[' if open == DEEPEST => return Some(false),
            b'{' | b'[' => open += 1,
            b'}' | b']' => open = open.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    Some(true)
}

/// An object or a list that is open.
struct Level {
    object: bool,
    /// Of an object, whether the next string is a member's name.
    name_is_next: bool,
    /// Whether the texts that stand in it now are those of a member that is to be masked.
    named: bool,
}

/// The end of the string that begins at a place.
fn after_string(document: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match document.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// The path of the first of these members whose text still holds a mask.
pub fn holds_mask(value: &Value, names: &[&str]) -> Option<String> {
    if names.is_empty() {
        return None;
    }
    let mut first = None;
    visit(
        &mut value.clone(),
        names,
        false,
        &mut |path, found| {
            if first.is_none() && found.contains(MASK) {
                first = Some(path.to_owned());
            }
        },
        &mut String::new(),
    );
    first
}

/// Acts on each text whose nearest member has one of the names; `named` tells that of the value itself.
fn visit(value: &mut Value, names: &[&str], named: bool, act: &mut dyn FnMut(&str, &mut String), path: &mut String) {
    let length = path.len();
    match value {
        Value::String(found) if named => act(path, found),
        Value::Object(object) => {
            for (name, member) in object {
                if length > 0 {
                    path.push('.');
                }
                path.push_str(name);
                visit(member, names, names.contains(&name.as_str()), act, path);
                path.truncate(length);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                path.push_str(&format!("[{index}]"));
                visit(item, names, named, act, path);
                path.truncate(length);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_lose_their_values_and_keep_their_names() {
        for (input, expected) in [
            ("--password hunter22 --num 3", "--password *** --num 3"),
            ("--db-password=hunter22", "--db-password=***"),
            ("fs.swifta.service.kic.credential.secret=abc,def", "fs.swifta.service.kic.credential.secret=***,def"),
            (r#"{"fs.s3a.secret.key": "a b c", "x": 1}"#, r#"{"fs.s3a.secret.key": "***", "x": 1}"#),
            (r#""{\"api_key\": \"v\"}""#, r#""{\"api_key\": \"***\"}""#),
            ("jdbc:mysql://root:pw@db/x?a=1", "jdbc:mysql://root:***@db/x?a=1"),
            ("<password>pw</password> other", "<password>***</password> other"),
            ("export AWS_SECRET_ACCESS_KEY='k'; run", "export AWS_SECRET_ACCESS_KEY='***'; run"),
            ("--driver-cores 1 --conf spark.x=y", "--driver-cores 1 --conf spark.x=y"),
            ("the password is a word here", "the password is a word here"),
            ("비밀번호 password: 열쇠 다음", "비밀번호 password: *** 다음"),
            ("password=", "password="),
            ("", ""),
        ] {
            assert_eq!(text(input), expected, "{input}");
        }
    }

    #[test]
    fn masking_twice_changes_nothing_more() {
        let once = text("--token abc token=\"x\"");
        assert_eq!(text(&once), once);
    }

    #[test]
    fn members_are_masked_by_name_at_any_depth() {
        let mut value = serde_json::json!({"config": {"configText": "token=abc", "other": "token=abc"}});
        members(&mut value, &["configText"]);
        assert_eq!(value, serde_json::json!({"config": {"configText": "token=***", "other": "token=abc"}}));
        assert_eq!(holds_mask(&value, &["configText"]).as_deref(), Some("config.configText"));
    }

    #[test]
    fn lists_of_a_masked_member_are_masked_and_objects_within_it_go_by_their_own_names() {
        let mut value = serde_json::json!({"a": ["token=abc", ["token=abc"], {"b": "token=abc", "a": "token=abc"}]});
        let meant = serde_json::json!({"a": ["token=***", ["token=***"], {"b": "token=abc", "a": "token=***"}]});
        let written = json(value.to_string().as_bytes(), &["a"]).unwrap();
        members(&mut value, &["a"]);
        assert_eq!((&value, String::from_utf8(written).unwrap()), (&meant, meant.to_string()));
        assert_eq!(holds_mask(&value, &["a"]).as_deref(), Some("a[0]"));
    }

    fn masked(document: &str) -> Option<String> {
        json(document.as_bytes(), &["text", "a\"b"]).map(|masked| String::from_utf8(masked).unwrap())
    }

    #[test]
    fn a_document_keeps_every_byte_that_is_not_masked() {
        for same in [
            " { \"n\" : 1.50 , \"big\":1e400,\n\t\"long\": 12345678901234567890123 } \r\n",
            r#"{"x":"token=a","x":"token=b","text":null,"text":{"x":"token=c"}}"#,
            r#"{"text":"\u0041\/ \ud83d\ude00 nothing here","x":"\ud800"}"#,
            r#"["text","token=abc",{"x":["text","token=abc"]}]"#,
            r#""token=abc""#,
            "-0.0E-1",
        ] {
            assert_eq!(masked(same).as_deref(), Some(same));
        }
        for (document, meant) in [
            (
                r#"{ "n":1.50, "text" : "a\u0020token=abc" ,"m":1e400,"text":"token=\"x y\"", "z":[ ] }"#,
                r#"{ "n":1.50, "text" : "a token=***" ,"m":1e400,"text":"token=\"***\"", "z":[ ] }"#,
            ),
            (r#"{"te\u0078t":"token=abc","a\"b":"token=abc"}"#, r#"{"te\u0078t":"token=***","a\"b":"token=***"}"#),
            (r#"{"text":"\ud800 token=abc"}"#, r#"{"text":"***"}"#),
            (
                r#"{"x":{"text":{"text":"token=a"},"y":"token=a"}}"#,
                r#"{"x":{"text":{"text":"token=***"},"y":"token=a"}}"#,
            ),
        ] {
            assert_eq!(masked(document).as_deref(), Some(meant));
        }
    }

    #[test]
    fn what_is_no_json_or_too_deep_is_not_masked_but_refused() {
        for bad in ["", "{", "{}{}", "{\"text\":\"token=abc", "<html>", "{\"a\" \"b\"}"] {
            assert_eq!(masked(bad), None, "{bad}");
        }
        let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
        assert!(masked(&nested(DEEPEST)).is_some());
        assert_eq!(masked(&nested(DEEPEST + 1)), None);
        let passed = |document: &str| json(document.as_bytes(), &[]);
        assert_eq!(passed(&nested(DEEPEST)), Some(nested(DEEPEST).into_bytes()));
        assert_eq!(passed(&nested(DEEPEST + 1)), None);
        assert_eq!(passed("{\"a\" \"b\"}"), None);
        let brackets = format!("[\"{}\\\"[\"]", "[".repeat(DEEPEST));
        assert_eq!(passed(&brackets), Some(brackets.clone().into_bytes()));
    }
}
