//! Links of a service to itself, made relative: as they are they lead past Howdah, and to where only Howdah may reach.

use bytes::Bytes;
use http::Uri;
use serde_json::Value;

/// A document whose links are relative to the service's root, which is where `base` leads; `None` where it is no JSON.
pub(super) fn relative(body: &[u8], base: &str) -> Option<Bytes> {
    let mut document: Value = serde_json::from_slice(body).ok()?;
    rewrite(&mut document, base);
    Some(Bytes::from(document.to_string()))
}

fn rewrite(value: &mut Value, base: &str) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| rewrite(item, base)),
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(link) if name == "href" => *link = below(link, base),
                    other => rewrite(other, base),
                }
            }
        }
        _ => {}
    }
}

/// The path of a link below the service's address, without its query; that address itself for what is no link.
fn below(link: &str, base: &str) -> String {
    let uri: Option<Uri> = link.parse().ok();
    let path = uri.as_ref().map_or("/", Uri::path);
    let path = path.strip_prefix(base).filter(|rest| rest.starts_with('/')).unwrap_or(path);
    // A colon in the first segment would make it a link to elsewhere, and so would two slashes at its beginning.
    let path = path.trim_start_matches('/');
    if path.split('/').next().is_some_and(|first| first.contains(':')) || path.is_empty() {
        return format!("./{path}");
    }
    path.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_where_the_reply_came_from() {
        for (link, base, said) in [
            ("http://sahara.internal:8386/v1.0/", "", "v1.0/"),
            ("https://cloud.internal/data/v1.1/", "/data", "v1.1/"),
            ("http://127.0.0.1:8386", "", "./"),
            ("/v2/", "", "v2/"),
            ("http://h//evil.example/", "", "evil.example/"),
            ("http://h/javascript:x", "", "./javascript:x"),
            ("javascript:alert(1)", "", "./"),
            ("no link", "", "./"),
        ] {
            assert_eq!(below(link, base), said, "{link}");
        }
        let body = br#"{"versions":[{"id":"v1.0","links":[{"rel":"self","href":"http://h:1/v1.0/"}]}],"href":7}"#;
        let said = r#"{"href":7,"versions":[{"id":"v1.0","links":[{"href":"v1.0/","rel":"self"}]}]}"#;
        assert_eq!(relative(body, "").as_deref(), Some(said.as_bytes()));
        assert_eq!(relative(b"<html>", ""), None);
    }
}
