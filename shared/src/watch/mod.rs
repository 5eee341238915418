//! Watching a reply: the picture that is kept of it, what changed between two versions of it, and what a watcher holds.
//!
//! A reply is watched as rows by their keys; one that is no list is a single row under the empty key. The picture knows
//! of each row with which version it last changed, so that one patch leads from any version to the newest: nothing is
//! queued for whoever falls behind.

pub mod columns;
mod held;
pub mod lines;
pub mod messages;
mod picture;
#[cfg(test)]
mod tests;
pub mod tree;

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use held::{Held, Taken};
pub use picture::Picture;

/// A version of a picture, written `epoch.number`. Versions of different epochs cannot be compared: the picture was
/// begun anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    /// When it was begun: a random number.
    pub epoch: u64,
    /// How often it has changed since.
    pub number: u64,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}.{}", self.epoch, self.number)
    }
}

impl FromStr for Version {
    type Err = NoVersion;

    fn from_str(text: &str) -> Result<Version, NoVersion> {
        let (epoch, number) = text.split_once('.').ok_or(NoVersion)?;
        let epoch = u64::from_str_radix(epoch, 16).map_err(|_| NoVersion)?;
        Ok(Version { epoch, number: number.parse().map_err(|_| NoVersion)? })
    }
}

/// A text is not a [`Version`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoVersion;

impl fmt::Display for NoVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is not a version of a picture")
    }
}

impl std::error::Error for NoVersion {}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Version, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// What leads from one version of a picture to a later one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patch<R> {
    /// The version that it leads from; it leads from each later one too.
    pub from: Version,
    /// The version that it leads to.
    pub to: Version,
    /// Rows that are new or not as they were, as they are now.
    pub changed: Vec<R>,
    /// Keys of rows that are no longer there.
    pub gone: Vec<String>,
}
