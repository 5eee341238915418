//! What is typed into a submission and not submitted yet: kept through a reload, without what is secret.

use howdah_shared::mask;
use serde::{Deserialize, Serialize};

use super::submit_form::{Part, Switches, Typed};
use crate::kept::{keep_draft, kept_draft};

/// What is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Draft {
    /// The fields that are not empty, by their ids.
    texts: Vec<(String, String)>,
    /// What is switched on.
    pub(super) switches: Switches,
    /// Whether something that was typed is not kept.
    pub(super) lacks: bool,
}

impl Draft {
    /// What is to be kept of a form.
    pub(super) fn new(text: impl Fn(Part) -> String, switches: Switches) -> Draft {
        let mut lacks = false;
        let mut texts = Vec::new();
        for part in Part::ALL {
            let whole = text(*part);
            let open = if part.typed() == Typed::Hidden { String::new() } else { without_secrets(&whole) };
            lacks |= open != whole;
            if !open.is_empty() {
                texts.push((part.id().to_owned(), open));
            }
        }
        Draft { texts, switches, lacks }
    }

    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.switches == Switches::default() && !self.lacks
    }

    /// The text of a field.
    pub(super) fn text(&self, part: Part) -> &str {
        self.texts.iter().find(|(id, _)| id == part.id()).map_or("", |(_, text)| text)
    }

    /// Keeps it at a place.
    pub(super) fn keep(&self, place: &str) {
        keep_draft(place, (!self.is_empty()).then_some(self));
    }

    /// The one that is kept at a place.
    pub(super) fn kept(place: &str) -> Option<Draft> {
        kept_draft(place)
    }
}

/// Where the draft of a form is kept that began with an application or with a queue.
pub(super) fn place(connection: &str, from: Option<&str>, queue: Option<&str>) -> String {
    format!("howdah.submit/{connection}/{}/{}", from.unwrap_or_default(), queue.unwrap_or_default())
}

/// The lines that hold no secret.
fn without_secrets(text: &str) -> String {
    let mut open = String::with_capacity(text.len());
    open.extend(text.split_inclusive('\n').filter(|line| mask::text(line) == *line));
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(texts: &[(Part, &str)]) -> Draft {
        let text = |part: Part| texts.iter().find(|(other, _)| *other == part).map_or("", |(_, text)| *text).to_owned();
        Draft::new(text, Switches { unmanaged: true, ..Switches::default() })
    }

    fn written_and_read(draft: &Draft) -> Draft {
        serde_json::from_str(&serde_json::to_string(draft).unwrap()).unwrap()
    }

    #[test]
    fn what_was_typed_comes_back() {
        let draft = draft(&[(Part::Name, "nightly"), (Part::Environment, "LANG=C\nA=b")]);
        let back = written_and_read(&draft);
        assert_eq!(back, draft);
        assert_eq!((back.text(Part::Name), back.text(Part::Environment)), ("nightly", "LANG=C\nA=b"));
        assert!(!back.lacks && back.switches.unmanaged);
    }

    #[test]
    fn no_secret_is_kept() {
        let typed = [
            (Part::Secrets, "db=c2VjcmV0"),
            (Part::Tokens, "nn=dG9rZW4"),
            (Part::ServiceData, "shuffle=ZGF0YQ"),
            (Part::Environment, "LANG=C\nAWS_SECRET_ACCESS_KEY=hunter2\nA=b"),
            (Part::Command, "run --password=hunter2"),
        ];
        let draft = draft(&typed);
        let written = serde_json::to_string(&draft).unwrap();
        for secret in ["c2VjcmV0", "dG9rZW4", "ZGF0YQ", "hunter2"] {
            assert!(!written.contains(secret), "{written}");
        }
        assert_eq!(draft.text(Part::Environment), "LANG=C\nA=b");
        assert!(draft.lacks);
    }
}
