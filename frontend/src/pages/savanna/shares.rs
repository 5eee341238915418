//! The shared file systems that nodes mount, as they are typed.

use leptos::prelude::*;
use serde_json::{Map, Value};

use super::groups::number;

/// What mounts for reading and for writing, and what is sent of it.
pub(super) const WRITES: &str = "rw";
/// What mounts for reading alone.
pub(super) const READS: &str = "ro";

/// One of them.
#[derive(Clone, Copy)]
pub(super) struct Share {
    /// By which it is told from the others, whatever its id is.
    pub(super) number: u32,
    /// Its id.
    pub(super) id: RwSignal<String>,
    /// Where it is mounted.
    pub(super) path: RwSignal<String>,
    /// For what it is mounted.
    pub(super) access: RwSignal<String>,
}

/// A share as it is kept through a reload: its id, its path, and for what it is mounted.
pub(super) type KeptShare = [String; 3];

impl Share {
    /// One of which nothing is typed.
    pub(super) fn new() -> Share {
        Share::restored([String::new(), String::new(), WRITES.to_owned()])
    }

    fn restored([id, path, access]: KeptShare) -> Share {
        let text = RwSignal::new;
        Share { number: number(), id: text(id), path: text(path), access: text(access) }
    }

    fn kept(self) -> KeptShare {
        [self.id.get(), self.path.get(), self.access.get()]
    }

    fn body(self) -> Value {
        let [id, path, access] = self.kept();
        let (id, path) = (id.trim(), path.trim());
        let mut body = Map::from_iter([("id".to_owned(), id.into()), ("access_level".to_owned(), access.into())]);
        if !path.is_empty() {
            body.insert("path".to_owned(), path.into());
        }
        Value::Object(body)
    }
}

/// All of a body or of a group.
#[derive(Clone, Copy)]
pub(super) struct Shares(pub(super) RwSignal<Vec<Share>>);

impl Shares {
    /// None yet.
    pub(super) fn new() -> Shares {
        Shares(RwSignal::new(Vec::new()))
    }

    /// Types what a body has.
    pub(super) fn fill(self, told: Option<&Value>) {
        let shares = told.and_then(Value::as_array).into_iter().flatten().map(|told| {
            let text = |name: &str, none: &str| told[name].as_str().unwrap_or(none).to_owned();
            Share::restored([text("id", ""), text("path", ""), text("access_level", WRITES)])
        });
        self.0.set(shares.collect());
    }

    /// What they come to, where there are any.
    pub(super) fn body(self) -> Option<Value> {
        let shares = self.0.get();
        (!shares.is_empty()).then(|| shares.into_iter().map(Share::body).collect())
    }

    /// What is typed.
    pub(super) fn kept(self) -> Vec<KeptShare> {
        self.0.get().into_iter().map(Share::kept).collect()
    }

    /// Types what was kept.
    pub(super) fn keep(self, kept: Vec<KeptShare>) {
        self.0.set(kept.into_iter().map(Share::restored).collect());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_told_is_what_is_sent() {
        Owner::new().with(|| {
            let shares = Shares::new();
            assert_eq!(shares.body(), None);
            shares
                .fill(Some(&json!([{"id": "a", "path": "/data", "access_level": "ro"}, {"id": "b", "path": null}, 7])));
            let sent = json!([
                {"id": "a", "path": "/data", "access_level": "ro"},
                {"id": "b", "access_level": "rw"},
                {"id": "", "access_level": "rw"}
            ]);
            assert_eq!(shares.body(), Some(sent.clone()));
            let again = Shares::new();
            again.keep(shares.kept());
            assert_eq!(again.body(), Some(sent));
            shares.fill(None);
            assert_eq!(shares.body(), None);
        });
    }
}
