//! KakaoCloud Hadoop Eco: job clusters that are run again by an Open API key.

pub mod v2;

#[cfg(feature = "door")]
use serde_json::Value;

/// The sentence in an error body. Its shape is documented nowhere, so each that this cloud uses elsewhere is tried:
/// `{message}`, `{error: {message}}`, `{error: "…"}`.
#[cfg(feature = "door")]
fn words(body: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let error = value.get("error");
    let found = value.get("message").or_else(|| error?.get("message")).or(error)?;
    found.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(feature = "door")]
fn sick(status: u16, _body: &[u8]) -> bool {
    status >= 500
}
