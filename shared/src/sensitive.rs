//! What is the caller's own secret: sent to the service, and shown to nobody.

use std::cell::Cell;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::mask::{self, MASK};

/// Text that is a secret of whoever sends it, such as a credential of an application. It is written as it is where it is
/// sent, and as [`MASK`] within [`hidden`].
#[derive(Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "door", schemars(transparent))]
pub struct Sensitive(String);

impl Sensitive {
    /// This text, from now on a secret.
    pub fn new(text: String) -> Sensitive {
        Sensitive(text)
    }

    /// The text, for those who send it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl Serialize for Sensitive {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(if HIDDEN.get() { MASK } else { &self.0 })
    }
}

impl<'de> Deserialize<'de> for Sensitive {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Sensitive, D::Error> {
        // The usual error quotes what it found.
        String::deserialize(deserializer).map(Sensitive).map_err(|_| serde::de::Error::custom("is not text"))
    }
}

thread_local! {
    static HIDDEN: Cell<bool> = const { Cell::new(false) };
}

/// Whether what is written now hides its secrets.
pub(crate) fn is_hidden() -> bool {
    HIDDEN.get()
}

/// What `writing` gives when every secret that it writes is hidden: for journal, log and history.
pub fn hidden<T>(writing: impl FnOnce() -> T) -> T {
    struct Shown(bool);
    impl Drop for Shown {
        fn drop(&mut self) {
            HIDDEN.set(self.0);
        }
    }
    let _after = Shown(HIDDEN.replace(true));
    writing()
}

/// A name and its value, which is a secret where the name says so: `AWS_SECRET_ACCESS_KEY`.
#[derive(Clone, Default, PartialEq, Eq, Deserialize, garde::Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Variable {
    /// The name.
    pub key: String,
    /// The value.
    pub value: String,
}

impl Variable {
    fn is_secret(&self) -> bool {
        mask::names_a_secret(&self.key)
    }
}

impl fmt::Debug for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.key, if self.is_secret() { MASK } else { &self.value })
    }
}

impl Serialize for Variable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Written<'a> {
            key: &'a str,
            value: &'a str,
        }
        let value = if self.is_secret() && HIDDEN.get() { MASK } else { &self.value };
        Written { key: &self.key, value }.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_written_where_it_is_sent_and_nowhere_else() {
        let secret = Sensitive::new("c2VjcmV0".to_owned());
        let written = || serde_json::to_string(&secret).unwrap();
        assert_eq!((written().as_str(), format!("{secret:?}").as_str()), ("\"c2VjcmV0\"", MASK));
        assert_eq!(hidden(|| (written(), hidden(written), written())), ["\"***\""; 3].map(str::to_owned).into());
        assert_eq!(written(), "\"c2VjcmV0\"");
        assert_eq!(serde_json::from_str::<Sensitive>("7").unwrap_err().to_string(), "is not text");
    }

    #[test]
    fn a_variable_is_a_secret_by_its_name() {
        for (key, shown) in [("AWS_SECRET_ACCESS_KEY", MASK), ("CLASSPATH", "v"), ("dbPassword", MASK)] {
            let variable = Variable { key: key.to_owned(), value: "v".to_owned() };
            let written = || serde_json::to_value(&variable).unwrap();
            assert_eq!(written(), serde_json::json!({"key": key, "value": "v"}));
            assert_eq!(hidden(written), serde_json::json!({"key": key, "value": shown}));
            assert_eq!(format!("{variable:?}"), format!("{key}={shown}"));
        }
    }
}
