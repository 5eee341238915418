//! What is looked for in a node, read without reading all of it.

use howdah_shared::systems::yarn::Node;

use super::node_rows::Brief;
use crate::list::{Place, Text, Value};

/// What is looked for in a node, and what it is filtered by. It hardly ever changes.
#[derive(Debug, PartialEq)]
pub(super) struct Searched {
    /// Every text of it, in lower case.
    pub(super) haystack: String,
    /// Its labels.
    pub(super) labels: Vec<String>,
    /// How many bytes of the text tell of it from where the rest begins; 0 where it was not read of them.
    length: usize,
}

/// The members that are looked for besides some of those that are read at once, which they follow.
const SEARCHED: [&str; 4] = ["nodeHostName", "nodeHTTPAddress", "version", "nodeLabels"];

impl Searched {
    fn of(brief: &Brief, [host, address, version]: [Option<&str>; 3], labels: &[impl AsRef<str>]) -> Searched {
        let mut haystack = String::with_capacity(100);
        let texts = [Some(brief.id.as_str()), brief.rack.as_deref(), address, host, version];
        for text in texts.into_iter().flatten().chain(labels.iter().map(AsRef::as_ref)) {
            let end = haystack.len();
            if text.is_ascii() {
                haystack.push_str(text);
                haystack[end..].make_ascii_lowercase();
            } else {
                haystack.push_str(&text.to_lowercase());
            }
            // The host is in the id already, most of the time: what is looked through at each keystroke is short.
            let (before, text) = haystack.split_at(end);
            if before.contains(text) {
                haystack.truncate(end);
            } else {
                haystack.push('\n');
            }
        }
        Searched { haystack, labels: labels.iter().map(|label| label.as_ref().to_owned()).collect(), length: 0 }
    }

    /// Reads what follows what is read at once; `None` where it is not written as it mostly is.
    pub(super) fn read(brief: &Brief, text: &Text, rest: Place) -> Option<Searched> {
        let (mut texts, mut labels, mut length) = ([None; 3], Vec::new(), 0);
        let mut members = text.members(rest);
        while let Some((name, value)) = members.next() {
            match (SEARCHED.iter().position(|searched| *searched == name), value) {
                (None, _) => break,
                (_, Value::None) => {}
                (Some(3), Value::Texts(told)) => labels = told,
                (Some(at), Value::Text(told)) if at < 3 => texts[at] = Some(told),
                _ => return None,
            }
            length = members.place().byte - rest.byte;
        }
        Some(Searched { length, ..Searched::of(brief, texts, &labels) })
    }

    /// Whether two texts, each from where its rest begins on, tell the same of it; it was read of the first.
    pub(super) fn is_of_both(&self, first: (&Text, Place), second: (&Text, Place)) -> bool {
        let [first, second] = [first, second].map(|(text, at)| text.as_ref().get(at.byte..at.byte + self.length));
        self.length > 0 && first == second
    }
}

impl From<&Node> for Searched {
    fn from(node: &Node) -> Searched {
        let texts = [&node.node_host_name, &node.node_http_address, &node.version].map(Option::as_deref);
        Searched::of(&Brief::from(node), texts, &node.node_labels)
    }
}

#[cfg(test)]
mod tests {
    use howdah_shared::operation::Operation;
    use howdah_shared::systems::yarn::ListNodes;

    use super::super::node_rows::tests::sent;
    use super::*;
    use crate::components::listing::Listed;
    use crate::list::Keyed;

    #[test]
    fn what_is_looked_for_is_sent_right_after_what_is_read_at_once() {
        let member = |name: &&str| match *name {
            "nodeLabels" => r#""nodeLabels":["label"]"#.to_owned(),
            "id" | "state" | "rack" | "nodeHostName" | "nodeHTTPAddress" | "version" => format!(r#""{name}":"{name}""#),
            _ => format!(r#""{name}":7"#),
        };
        let shown = ListNodes::SPEC.tail.rows.unwrap().shown;
        let row = sent(&format!("{{{}}}", shown.iter().map(member).collect::<Vec<_>>().join(",")));
        assert_eq!(row.haystack(), "id\nrack\nnodehttpaddress\nnodehostname\nversion\nlabel\n");
        assert!(row.searched().length > 0);
    }

    #[test]
    fn what_is_looked_for_is_what_is_read_whole() {
        for (rest, read) in [
            (
                r#""nodeHostName":"A","nodeHTTPAddress":"A:8042","version":"3.4.2","nodeLabels":["GPU","x"],"healthReport":"""#,
                true,
            ),
            (r#""version":"3","healthReport":null"#, true),
            (r#""nodeHostName":"a","nodeLabels":"x""#, false),
            (r#""nodeHostName":null,"version":3"#, false),
            (r#""nodeHostName":"","nodeLabels":[null,""]"#, false),
            (r#""healthReport":"""#, true),
        ] {
            let row = sent(&format!(r#"{{"id":"a:1","rack":"/R","numContainers":1,{rest}}}"#));
            let whole = Searched::from(row.node());
            assert_eq!((row.haystack(), &row.searched().labels), (whole.haystack.as_str(), &whole.labels), "{rest}");
            assert_eq!(row.searched().length > 0, read, "{rest}");
        }
    }

    #[test]
    fn what_is_looked_for_is_kept_as_long_as_it_is_so() {
        let before =
            sent(r#"{"id":"a:1","rack":"/r","numContainers":1,"nodeHostName":"a","version":"3","healthReport":""}"#);
        before.searched();
        for (text, kept) in [
            (
                r#"{"id":"a:1","rack":"/r","numContainers":22,"nodeHostName":"a","version":"3","healthReport":"no"}"#,
                true,
            ),
            (r#"{"id":"a:1","rack":"/r","nodeHostName":"a","version":"3"}"#, true),
            (r#"{"id":"a:1","rack":"/s","numContainers":1,"nodeHostName":"a","version":"3"}"#, false),
            (r#"{"id":"a:1","rack":"/r","numContainers":1,"nodeHostName":"a","version":"4"}"#, false),
            (
                r#"{"id":"a:1","rack":"/r","numContainers":1,"nodeHostName":"a","version":"3","nodeLabels":["x"]}"#,
                false,
            ),
            (r#"{"id":"a:1","rack":"/r","numContainers":1,"nodeHostName":"a"}"#, false),
        ] {
            let row = sent(text);
            row.inherit(&before);
            assert_eq!(row.searched.get().is_some(), kept, "{text}");
            let whole = Searched::from(row.node());
            assert_eq!((row.haystack(), &row.searched().labels), (whole.haystack.as_str(), &whole.labels), "{text}");
        }
    }
}
