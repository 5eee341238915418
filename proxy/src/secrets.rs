//! Secrets: named in the configuration by reference, read at start, and read again when their file changes.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime};

use secrecy::{ExposeSecret, SecretString};
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};

/// How long a replaced secret is still looked for in replies.
pub const PREVIOUS_IS_KEPT: Duration = Duration::from_secs(3600);
/// The shortest secret of a service that is looked for anywhere in a text.
pub const SHORTEST: usize = 8;

/// Where a secret is: `{ env = "NAME" }` or `{ file = "PATH" }`, and `short = true` where it has less than 8 bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretRef {
    place: Place,
    short: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Env(String),
    File(PathBuf),
    /// Made by this process for itself: the sandbox's.
    Made(MadeSecret),
}

#[derive(Clone)]
struct MadeSecret(Arc<SecretString>);

impl PartialEq for MadeSecret {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
impl Eq for MadeSecret {}
impl fmt::Debug for MadeSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl<'de> Deserialize<'de> for SecretRef {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(RefVisitor)
    }
}

struct RefVisitor;

impl<'de> Visitor<'de> for RefVisitor {
    type Value = SecretRef;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a secret by reference")
    }

    // The default would quote the value, which is a secret.
    fn visit_str<E: de::Error>(self, _: &str) -> Result<SecretRef, E> {
        Err(E::custom("a secret stands here only by reference: { env = \"NAME\" } or { file = \"PATH\" }"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<SecretRef, A::Error> {
        let (mut place, mut short) = (None, false);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "env" | "file" if place.is_some() => return Err(de::Error::custom("either env or file, not both")),
                "env" => place = Some(Place::Env(map.next_value()?)),
                "file" => place = Some(Place::File(map.next_value()?)),
                "short" => short = map.next_value()?,
                other => return Err(de::Error::unknown_field(other, &["env", "file", "short"])),
            }
        }
        let place = place.ok_or_else(|| de::Error::custom("a secret needs env or file"))?;
        Ok(SecretRef { place, short })
    }
}

impl SecretRef {
    /// A secret that this process made for itself.
    pub fn made(secret: SecretString) -> SecretRef {
        SecretRef { place: Place::Made(MadeSecret(Arc::new(secret))), short: false }
    }

    /// Makes a relative path one within `folder`.
    pub fn resolve_in(&mut self, folder: &Path) {
        if let Place::File(path) = &mut self.place {
            *path = folder.join(&*path);
        }
    }

    fn read(&self) -> Result<(SecretString, Option<SystemTime>), String> {
        let (text, modified) = match &self.place {
            Place::Made(secret) => (secret.0.expose_secret().to_owned(), None),
            Place::Env(name) => {
                (std::env::var(name).map_err(|_| format!("the environment variable {name} is not set"))?, None)
            }
            Place::File(path) => {
                let name = path.display();
                // The time first: what is written in between is read again at the next look.
                let modified = modified(path);
                let text = std::fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
                (text.trim_end_matches(['\n', '\r']).to_owned(), modified)
            }
        };
        let secret = SecretString::from(text);
        let value = secret.expose_secret();
        if value.is_empty() {
            return Err(format!("{self} is empty"));
        }
        if value.len() < SHORTEST && !self.short {
            return Err(format!("{self} has less than {SHORTEST} bytes; if it must, say short = true"));
        }
        if value.bytes().any(|byte| byte < 0x20 || byte == 0x7f) {
            return Err(format!("{self} holds a control character"));
        }
        Ok((secret, modified))
    }
}

/// When a file was changed; nothing where it cannot be found out.
pub fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

impl fmt::Display for SecretRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Env(name) => write!(f, "the environment variable {name}"),
            Place::File(path) => write!(f, "the file {}", path.display()),
            Place::Made(_) => f.write_str("a secret of this process"),
        }
    }
}

/// A secret as it is now.
#[derive(Clone)]
pub struct Secret {
    reference: SecretRef,
    state: Arc<RwLock<State>>,
}

struct State {
    current: Arc<SecretString>,
    modified: Option<SystemTime>,
    previous: Option<(Arc<SecretString>, Instant)>,
}

impl Secret {
    /// Reads it for the first time.
    ///
    /// # Errors
    /// A sentence that names where it should be, never what it is.
    pub fn open(reference: &SecretRef) -> Result<Secret, String> {
        let (current, modified) = reference.read()?;
        let state = State { current: Arc::new(current), modified, previous: None };
        Ok(Secret { reference: reference.clone(), state: Arc::new(RwLock::new(state)) })
    }

    /// Its value.
    pub fn current(&self) -> Arc<SecretString> {
        self.state.read().unwrap_or_else(PoisonError::into_inner).current.clone()
    }

    /// Its value and the one before it, while that may still turn up.
    pub fn known(&self) -> Vec<Arc<SecretString>> {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let previous = state.previous.iter().filter(|(_, until)| *until > Instant::now()).map(|(old, _)| old.clone());
        std::iter::once(state.current.clone()).chain(previous).collect()
    }

    /// Whether it may be shorter than 8 bytes.
    pub fn is_short(&self) -> bool {
        self.reference.short
    }

    /// Reads the file again if it has changed.
    ///
    /// # Errors
    /// A sentence when the new content is not acceptable; the secret stays as it was.
    pub fn refresh(&self) -> Result<bool, String> {
        let Place::File(path) = &self.reference.place else { return Ok(false) };
        let seen = self.state.read().unwrap_or_else(PoisonError::into_inner).modified;
        if modified(path) == seen {
            return Ok(false);
        }
        let (fresh, modified) = self.reference.read()?;
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.modified = modified;
        if fresh.expose_secret() == state.current.expose_secret() {
            return Ok(false);
        }
        let old = std::mem::replace(&mut state.current, Arc::new(fresh));
        state.previous = Some((old, Instant::now() + PREVIOUS_IS_KEPT));
        Ok(true)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({})", self.reference)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(folder: &tempfile::TempDir, text: &str) -> SecretRef {
        let path = folder.path().join("key");
        std::fs::write(&path, text).unwrap();
        SecretRef { place: Place::File(path), short: false }
    }

    #[test]
    fn a_changed_file_is_read_again_and_the_old_value_stays_known() {
        let folder = tempfile::tempdir().unwrap();
        let secret = Secret::open(&file(&folder, "first-value\n")).unwrap();
        assert_eq!(secret.current().expose_secret(), "first-value");
        assert_eq!(secret.refresh(), Ok(false));
        let path = folder.path().join("key");
        std::fs::write(&path, "second-value").unwrap();
        let later = SystemTime::now() + Duration::from_secs(5);
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(later).unwrap();
        assert_eq!(secret.refresh(), Ok(true));
        assert_eq!(secret.current().expose_secret(), "second-value");
        assert_eq!(secret.known().len(), 2);
    }

    #[test]
    fn bad_secrets_are_named_and_not_quoted() {
        let folder = tempfile::tempdir().unwrap();
        for (text, says) in [("", "is empty"), ("short", "less than 8"), ("two\nlines-of-it", "control character")] {
            let error = Secret::open(&file(&folder, text)).unwrap_err();
            assert!(error.contains(says) && error.contains("key") && !error.contains("short\n"), "{error}");
        }
        let missing = SecretRef { place: Place::Env("HOWDAH_TEST_NOT_SET".into()), short: false };
        assert!(Secret::open(&missing).unwrap_err().contains("HOWDAH_TEST_NOT_SET"));
    }
}
