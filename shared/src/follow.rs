//! Following what a change started, until it ends.

use serde::{Deserialize, Serialize};

/// How what a change started is followed: which read tells of it, and how its reply is understood.
#[derive(Clone, Copy, Debug)]
pub struct Follow {
    /// The name of the row that tells of it.
    pub operation: &'static str,
    /// The read's decoded path parameters, from those of the change and from the service's id.
    pub segments: fn(&[String], &str) -> Vec<String>,
    /// The read's encoded query, from the service's id.
    pub query: fn(&str) -> String,
    /// Understands a reply with status 200; `None` when it is not one of that read.
    pub progress: fn(&[u8]) -> Option<Progress>,
    /// What a good reply to the change itself says of its end; `None` where it is to be followed, which is nearly always.
    pub at_once: fn(&[u8]) -> Option<Progress>,
    /// What it means that the service does not know it; `None` where it has forgotten it.
    pub missing: Option<End>,
}

/// How it is found out what became of a change that had no answer: which read tells of it, and how its reply is
/// understood.
#[derive(Clone, Copy, Debug)]
pub struct Search {
    /// The name of the row.
    pub operation: &'static str,
    /// The read's decoded path parameters, from those of the change.
    pub segments: fn(&[String]) -> Vec<String>,
    /// The read's encoded query, from the service's id; empty where none was chosen before.
    pub query: fn(&str) -> String,
    /// Whether a reply with status 200 says that it was done; `None` where it does not tell.
    pub done: fn(&[u8], &Asked<'_>) -> Option<bool>,
}

/// What a change asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Its decoded path parameters.
    pub segments: &'a [String],
    /// Its encoded query.
    pub query: &'a str,
}

/// How far something is that a service was asked to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The service's own word for where it is; empty when it gave none.
    pub stage: String,
    /// Whether it has ended, and how.
    pub end: Option<End>,
    /// What the service says about its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
}

/// How something ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum End {
    /// It did what was asked.
    Succeeded,
    /// It did not.
    Failed,
    /// The service says that it ended, in a word that we do not know.
    Other,
}
