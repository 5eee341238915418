//! Secrets that people leave in free text: options, scripts, configuration.
//!
//! `--password hunter22`, `fs.s3a.secret.key=…`, `"credential.secret": "…"` and `https://user:pass@host` keep their
//! names and lose their values. This is a net for what we cannot know, not a promise; the keys that Howdah itself
//! holds are found exactly, by the proxy's redaction.

use serde_json::Value;

/// What stands in place of a masked value.
pub const MASK: &str = "***";

/// Parts of a name that make its value a secret; compared in lower case with `-`, `_` and `.` taken out.
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

fn names_a_secret(name: &str) -> bool {
    let plain: String = name.chars().filter(|c| !matches!(c, '-' | '_' | '.')).flat_map(char::to_lowercase).collect();
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

/// Masks the text members of these names, at any depth. A member that is a list or an object is masked by the names
/// within it as well as in its text.
pub fn members(value: &mut Value, names: &[&str]) {
    visit(value, names, &mut |_, found| *found = text(found), &mut String::new());
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
        &mut |path, found| {
            if first.is_none() && found.contains(MASK) {
                first = Some(path.to_owned());
            }
        },
        &mut String::new(),
    );
    first
}

fn visit(value: &mut Value, names: &[&str], act: &mut dyn FnMut(&str, &mut String), path: &mut String) {
    let length = path.len();
    match value {
        Value::Object(object) => {
            for (name, member) in object {
                if length > 0 {
                    path.push('.');
                }
                path.push_str(name);
                match member {
                    Value::String(found) if names.contains(&name.as_str()) => act(path, found),
                    other => visit(other, names, act, path),
                }
                path.truncate(length);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                path.push_str(&format!("[{index}]"));
                visit(item, names, act, path);
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
}
