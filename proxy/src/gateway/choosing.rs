//! Choosing among the rows of a list where the service does not do it itself.

use howdah_shared::door::{Call, Row};
use howdah_shared::members::{find, items};
use howdah_shared::operation::Chosen;
use serde_json::value::RawValue;

use super::reply::{Reply, ReplyBody};

/// A call's query as it is sent: without what the rows are chosen by here.
pub(super) fn sent(row: &Row, call: &Call) -> String {
    let Some(chosen) = row.spec.tail.chosen else { return call.query.clone() };
    let pairs = call.query.split('&').filter(|pair| value(pair, chosen).is_none());
    pairs.collect::<Vec<_>>().join("&")
}

/// What chooses among the rows of a call's reply.
#[derive(Clone, Copy)]
pub(super) struct Choice<'a> {
    chosen: Chosen,
    list: &'static str,
    value: &'a str,
}

impl<'a> Choice<'a> {
    /// That of a call; `None` where it takes every row.
    pub(super) fn of(row: &Row, call: &'a Call) -> Option<Choice<'a>> {
        let (chosen, rows) = (row.spec.tail.chosen?, row.spec.tail.rows?);
        let value = call.query.split('&').find_map(|pair| value(pair, chosen))?;
        Some(Choice { chosen, list: rows.list, value })
    }

    /// A reply without the rows that are not chosen.
    pub(super) fn of_reply(self, reply: Reply) -> Reply {
        match reply.body {
            ReplyBody::Json(body) => Reply::json(reply.status, self.apply(body)),
            body => Reply { body, ..reply },
        }
    }

    /// Every other byte of it stays.
    fn apply(self, reply: String) -> String {
        let Some(list) = find(&reply, self.list).ok().flatten() else { return reply };
        let keeps = |row: &&RawValue| (self.chosen.keeps)(row.get().as_bytes(), self.value);
        if !list.get().starts_with(['[', '{']) {
            return reply;
        }
        let kept: Vec<&str> = items(list).into_iter().filter(keeps).map(RawValue::get).collect();
        let start = list.get().as_ptr().addr() - reply.as_ptr().addr();
        let end = start + list.get().len();
        format!("{}[{}]{}", &reply[..start], kept.join(","), &reply[end..])
    }
}

fn value(pair: &str, chosen: Chosen) -> Option<&str> {
    pair.split_once('=').filter(|(name, _)| *name == chosen.parameter).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use howdah_shared::systems::yarn::TABLE;

    use super::*;

    fn nodes(query: &str) -> (String, Option<String>) {
        let row = TABLE.iter().find(|row| row.spec.name == "ListNodes").unwrap();
        let call = row.admit(&[], query, b"").unwrap();
        let reply = r#" {"x":1e400,"nodes":{"node":[{"id":"a","state":"RUNNING"}, {"id":"b","state":"UNHEALTHY"},
            {"id":"c","state":"NEW","healthStatus":"Unhealthy"},{"id":"d","state":"LOST","healthStatus":"Healthy"}]}} "#;
        (sent(row, &call), Choice::of(row, &call).map(|choice| choice.apply(reply.to_owned())))
    }

    #[test]
    fn what_is_chosen_here_is_not_asked_for() {
        assert_eq!(nodes("state=RUNNING"), ("states=RUNNING".to_owned(), None));
        let (sent, healthy) = nodes("healthy=true&state=RUNNING,NEW");
        assert_eq!(sent, "states=RUNNING%2CNEW");
        let meant = r#" {"x":1e400,"nodes":{"node":[{"id":"a","state":"RUNNING"},{"id":"d","state":"LOST","healthStatus":"Healthy"}]}} "#;
        assert_eq!(healthy.as_deref(), Some(meant));
        let (sent, unhealthy) = nodes("healthy=false");
        assert_eq!(sent, "");
        assert!(unhealthy.unwrap().contains(r#"[{"id":"b","state":"UNHEALTHY"},{"id":"c","#));
    }

    #[test]
    fn a_list_has_many_forms() {
        let row = TABLE.iter().find(|row| row.spec.name == "ListNodes").unwrap();
        let call = row.admit(&[], "healthy=false", b"").unwrap();
        for (reply, meant) in [
            (r#"{"nodes":{"node":{"id":"a","state":"RUNNING"}}}"#, r#"{"nodes":{"node":[]}}"#),
            (r#"{"nodes":{"node":{"state":"UNHEALTHY"}}}"#, r#"{"nodes":{"node":[{"state":"UNHEALTHY"}]}}"#),
            (r#"{"nodes":null}"#, r#"{"nodes":null}"#),
            (r#"{"nodes":{}}"#, r#"{"nodes":{}}"#),
            ("<html>", "<html>"),
        ] {
            assert_eq!(Choice::of(row, &call).unwrap().apply(reply.to_owned()), meant);
        }
    }
}
