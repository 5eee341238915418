//! The caller's own keys, written back in every way in which a careless service might.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde_json::Value;

use super::super::made_up::hex;
use super::door::single;

/// What the caller showed: the access key and the cluster's key.
pub(super) struct Echo {
    id: String,
    secret: String,
    key: String,
}

impl Echo {
    /// The keys in a request's headers.
    pub(super) fn of(headers: &HeaderMap) -> Echo {
        let value = |name| single(headers, name).unwrap_or_default().to_owned();
        Echo { id: value("credential-id"), secret: value("credential-secret"), key: value("hadoop-eco-api-key") }
    }

    /// An object's text with the keys in the members that people read and in a member of their own.
    pub(super) fn woven_into(&self, mut body: Value) -> String {
        for (name, secret) in [("clusterName", &self.key), ("requestStatus", &self.secret), ("owner", &self.key)] {
            if let Some(Value::String(text)) = body.get_mut(name) {
                text.push_str(&format!(" with {secret}"));
            }
        }
        if let Some(task) = body.get_mut("userTask") {
            task["execOpts"] = self.options().into();
        }
        let text = body.to_string();
        let open = text.strip_suffix('}').unwrap_or("{");
        format!("{open},\"echo\":{}}}", self.object())
    }

    /// A JSON error body with the keys in its sentence and beside it.
    pub(super) fn error(&self) -> String {
        let sentence = quoted(&format!("cannot use key {} with secret {}", self.key, self.secret));
        format!("{{\"code\":\"InvalidRequest\",\"message\":{sentence},\"echo\":{}}}", self.object())
    }

    /// Plain text, a way of writing a line.
    pub(super) fn lines(&self) -> String {
        let forms = [&self.secret, &self.key].into_iter().flat_map(|secret| self.forms(secret));
        forms.map(|(label, literal)| format!("{label}: {literal}\n")).collect()
    }

    /// Headers of a reply with the keys in their values.
    pub(super) fn headers(&self) -> HeaderMap {
        let credentials = STANDARD.encode(format!("{}:{}", self.id, self.secret));
        let named = [
            (header::DATE, self.key.clone()),
            (header::LOCATION, format!("/?key={}", percent(&self.key, false, true))),
            (header::SET_COOKIE, format!("key={}; Path=/", hex(self.key.as_bytes()))),
            (header::WWW_AUTHENTICATE, format!("Basic {credentials}")),
            (HeaderName::from_static("x-echo"), self.secret.clone()),
        ];
        named.into_iter().filter_map(|(name, value)| Some((name, HeaderValue::from_str(&value).ok()?))).collect()
    }

    /// The query of an address that the caller is sent to.
    pub(super) fn query(&self) -> String {
        format!("secret={}&key={}", percent(&self.secret, false, false), percent(&self.key, true, true))
    }

    /// Options as people write them: the keys follow names that say what they are.
    fn options(&self) -> String {
        format!("--credential-secret {} --api-key={} --num-executors 6", self.secret, self.key)
    }

    fn object(&self) -> String {
        let (secret, key, options) = (self.members(&self.secret), self.members(&self.key), quoted(&self.options()));
        format!("{{\"secret\":{secret},\"key\":{key},\"execOpts\":{options}}}")
    }

    fn members(&self, secret: &str) -> String {
        let forms = self.forms(secret).into_iter().map(|(label, literal)| format!("\"{label}\":{literal}"));
        let names = [quoted(secret), escaped(secret, false)];
        let names = names.iter().map(|name| format!("{name}:true"));
        format!("{{{},\"names\":{{{}}}}}", forms.collect::<Vec<_>>().join(","), names.collect::<Vec<_>>().join(","))
    }

    /// Each way of writing `secret`, as a JSON literal.
    fn forms(&self, secret: &str) -> Vec<(String, String)> {
        let bytes = secret.as_bytes();
        let mut forms: Vec<(String, String)> = vec![
            ("plain".into(), quoted(secret)),
            ("slashes".into(), quoted(secret).replace('/', "\\/")),
            ("escapedLower".into(), escaped(secret, false)),
            ("escapedUpper".into(), escaped(secret, true)),
            ("jsonInText".into(), quoted(&format!("{{\"key\":{}}}", quoted(secret)))),
            ("hexLower".into(), quoted(&hex(bytes))),
            ("hexUpper".into(), quoted(&hex(bytes).to_uppercase())),
            ("percentUpper".into(), quoted(&percent(secret, false, true))),
            ("percentLower".into(), quoted(&percent(secret, false, false))),
            ("percentAll".into(), quoted(&percent(secret, true, true))),
            ("basic".into(), quoted(&format!("Basic {}", STANDARD.encode(format!("{}:{secret}", self.id))))),
        ];
        let engines = [
            ("base64", &STANDARD),
            ("base64NoPad", &STANDARD_NO_PAD),
            ("base64Url", &URL_SAFE),
            ("base64UrlNoPad", &URL_SAFE_NO_PAD),
        ];
        for (label, engine) in engines {
            for before in ["", "a", "ab"] {
                forms.push((format!("{label}{}", before.len()), quoted(&engine.encode(format!("{before}{secret}")))));
                let within = engine.encode(format!("{before}{secret}-and-more"));
                forms.push((format!("{label}{}Within", before.len()), quoted(&within)));
            }
        }
        forms
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// A JSON string in which every character is escaped.
fn escaped(text: &str, upper: bool) -> String {
    let unit = |unit: u16| if upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") };
    format!("\"{}\"", text.encode_utf16().map(unit).collect::<String>())
}

/// Percent-encoded, all of it or what is not unreserved.
fn percent(text: &str, all: bool, upper: bool) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if !all && (byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)) {
            out.push(char::from(byte));
        } else if upper {
            out.push_str(&format!("%{byte:02X}"));
        } else {
            out.push_str(&format!("%{byte:02x}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_woven_in_stays_json() {
        let mut headers = HeaderMap::new();
        headers.insert("credential-id", "id".parse().unwrap());
        headers.insert("credential-secret", "a/\"\\b".parse().unwrap());
        headers.insert("hadoop-eco-api-key", "k+=&".parse().unwrap());
        let echo = Echo::of(&headers);
        let body: Value =
            serde_json::from_str(&echo.woven_into(serde_json::json!({"requestStatus": "Running"}))).unwrap();
        assert_eq!(body["requestStatus"], "Running with a/\"\\b");
        for form in ["plain", "slashes", "escapedLower", "escapedUpper"] {
            assert_eq!(body["echo"]["secret"][form], "a/\"\\b", "{form}");
        }
        assert_eq!(body["echo"]["key"]["percentUpper"], "k%2B%3D%26");
        assert_eq!(body["echo"]["secret"]["names"]["a/\"\\b"], true);
        assert_eq!(body["echo"]["execOpts"], "--credential-secret a/\"\\b --api-key=k+=& --num-executors 6");
        assert!(serde_json::from_str::<Value>(&echo.error()).is_ok());
        assert_eq!(echo.headers()["x-echo"], "a/\"\\b");
        assert_eq!(echo.headers().len(), 5);
        assert_eq!(echo.query(), "secret=a%2f%22%5cb&key=%6B%2B%3D%26");
    }
}
