//! The items of a list out of a JSON document that comes in pieces, each as soon as it has come whole.

/// Takes the items of one list out of a document. What is left is as good JSON as the document was: in place of the list
/// stands an empty one.
pub(super) struct Splitter {
    /// The names that lead to the list.
    names: Vec<&'static str>,
    left: Vec<u8>,
    /// How many objects and lists are open, those within an item not counted.
    depth: usize,
    /// How many of them, from the outermost on, are objects on the way to the list.
    on_way: usize,
    /// Whether the next value is on the way.
    leads: bool,
    /// Of the innermost object on the way, whether the next text is a member's name.
    name_is_next: bool,
    place: Place,
    /// What has come of a name or an item that is not whole.
    begun: Vec<u8>,
}

/// Where the next byte stands.
#[derive(Clone, Copy)]
enum Place {
    /// Between texts.
    Between,
    /// Within a text, right after a backslash or not; `name` on the way.
    Text { escaped: bool, name: bool },
    /// Within the list.
    List(InList),
}

/// A place within the list.
#[derive(Clone, Copy)]
struct InList {
    /// Whether there is an item before this one.
    follows: bool,
    /// How many objects and lists of the item are open.
    depth: usize,
    /// Within a text of the item, right after a backslash or not.
    text: Option<bool>,
}

/// What a piece brings.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Split<'a> {
    /// An item, as it is written; not read yet, so it may be no JSON.
    Item(&'a [u8]),
    /// Of several members of a name the last counts: the items so far do not.
    Anew,
}

impl Splitter {
    /// For the list at the end of a path of names with dots between them; without a path no list is taken.
    pub(super) fn new(path: Option<&'static str>) -> Splitter {
        let names = path.unwrap_or_default().split('.').filter(|name| !name.is_empty()).collect();
        Splitter {
            names,
            left: Vec::new(),
            depth: 0,
            on_way: 0,
            leads: path.is_some(),
            name_is_next: false,
            place: Place::Between,
            begun: Vec::new(),
        }
    }

    /// Takes the next piece.
    pub(super) fn push(&mut self, mut piece: &[u8], each: &mut impl FnMut(Split<'_>)) {
        while !piece.is_empty() {
            let taken = match self.place {
                Place::Between => self.between(piece),
                Place::Text { escaped, name } => self.within_text(piece, escaped, name, each),
                Place::List(place) => self.within_list(piece, place, each),
            };
            piece = &piece[taken..];
        }
    }

    /// What is left of the document, once it has come whole.
    pub(super) fn left(self) -> Vec<u8> {
        self.left
    }

    /// Goes on to the next text, or into the list; gives how many bytes that took.
    fn between(&mut self, piece: &[u8]) -> usize {
        let mut at = 0;
        while let Some(byte) = piece.get(at) {
            at += 1;
            match byte {
                b'"' => {
                    let name = self.is_on_way() && std::mem::take(&mut self.name_is_next);
                    self.leads &= name;
                    self.place = Place::Text { escaped: false, name };
                    break;
                }
                b'{' | b'[' => {
                    let leads = std::mem::take(&mut self.leads);
                    self.depth += 1;
                    if leads && *byte == b'{' && self.on_way < self.names.len() {
                        self.on_way += 1;
                        self.name_is_next = true;
                    } else if leads && *byte == b'[' && self.on_way == self.names.len() {
                        self.place = Place::List(InList { follows: false, depth: 0, text: None });
                        break;
                    }
                }
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    self.on_way = self.on_way.min(self.depth);
                }
                b',' => self.name_is_next = self.is_on_way(),
                b':' | b' ' | b'\t' | b'\r' | b'\n' => {}
                // A number or a word.
                _ => self.leads = false,
            }
        }
        self.left.extend_from_slice(&piece[..at]);
        at
    }

    /// Whether the innermost of what is open is an object on the way.
    fn is_on_way(&self) -> bool {
        self.on_way > 0 && self.on_way == self.depth
    }

    fn within_text(&mut self, piece: &[u8], escaped: bool, name: bool, each: &mut impl FnMut(Split<'_>)) -> usize {
        let (taken, within) = text(piece, escaped);
        self.left.extend_from_slice(&piece[..taken]);
        if name {
            self.begun.extend_from_slice(&piece[..taken]);
        }
        match within {
            Some(escaped) => self.place = Place::Text { escaped, name },
            None => {
                self.place = Place::Between;
                if name {
                    self.named(each);
                }
            }
        }
        taken
    }

    /// A name on the way has come whole, with the quote at its end.
    fn named(&mut self, each: &mut impl FnMut(Split<'_>)) {
        self.begun.insert(0, b'"');
        let name: Option<String> = serde_json::from_slice(&self.begun).ok();
        self.begun.clear();
        self.leads = name.as_deref() == self.names.get(self.on_way - 1).copied();
        if self.leads {
            each(Split::Anew);
        }
    }

    fn within_list(&mut self, piece: &[u8], mut place: InList, each: &mut impl FnMut(Split<'_>)) -> usize {
        let mut at = 0;
        while let Some(byte) = piece.get(at) {
            if let Some(escaped) = place.text {
                let taken;
                (taken, place.text) = text(&piece[at..], escaped);
                at += taken;
                continue;
            }
            match byte {
                b'"' => place.text = Some(false),
                b'{' | b'[' => place.depth += 1,
                b'}' | b']' if place.depth > 0 => place.depth -= 1,
                b',' | b']' if place.depth == 0 => {
                    self.item(&piece[..at], place.follows || *byte == b',', each);
                    if *byte == b',' {
                        self.place = Place::List(InList { follows: true, ..place });
                    } else {
                        self.depth -= 1;
                        self.left.extend_from_slice(b"]");
                        self.place = Place::Between;
                    }
                    return at + 1;
                }
                _ => {}
            }
            at += 1;
        }
        self.begun.extend_from_slice(piece);
        self.place = Place::List(place);
        at
    }

    /// An item has come whole; between the brackets of an empty list stands none.
    fn item(&mut self, end: &[u8], is_one: bool, each: &mut impl FnMut(Split<'_>)) {
        if self.begun.is_empty() {
            if is_one || !end.trim_ascii().is_empty() {
                each(Split::Item(end));
            }
            return;
        }
        self.begun.extend_from_slice(end);
        if is_one || !self.begun.trim_ascii().is_empty() {
            each(Split::Item(&self.begun));
        }
        self.begun.clear();
    }
}

/// Goes on within a text of which some bytes stand here: how many, its quote among them, and whether a backslash stands before
/// what comes next; `None` where it has ended.
fn text(piece: &[u8], escaped: bool) -> (usize, Option<bool>) {
    let mut at = usize::from(escaped);
    while let Some(found) = memchr::memchr2(b'"', b'\\', &piece[at..]) {
        at += found + 1;
        if piece[at - 1] == b'"' {
            return (at, None);
        }
        if at == piece.len() {
            return (at, Some(true));
        }
        at += 1;
    }
    (piece.len(), Some(false))
}

#[cfg(test)]
mod tests {
    use howdah_shared::members::{find, items};
    use proptest::prelude::*;
    use serde_json::{Value, json, value::RawValue};

    use super::*;

    /// The items and what is left, if both are JSON; whatever the pieces.
    fn split(document: &str, path: &'static str, size: usize) -> Option<(Vec<String>, String)> {
        let (mut splitter, mut items) = (Splitter::new(Some(path)), Vec::new());
        for piece in document.as_bytes().chunks(size) {
            splitter.push(piece, &mut |split| match split {
                Split::Item(item) => items.push(String::from_utf8(item.to_vec()).unwrap()),
                Split::Anew => items.clear(),
            });
        }
        let left = String::from_utf8(splitter.left()).unwrap();
        serde_json::from_str::<&RawValue>(&left).ok()?;
        let read = |item: &String| Some(serde_json::from_str::<&RawValue>(item).ok()?.get().to_owned());
        Some((items.iter().map(read).collect::<Option<_>>()?, left))
    }

    #[test]
    fn the_items_are_taken_and_the_rest_is_left() {
        let document =
            r#"{"app": [7], "apps": { "x": [{"app":[1]}], "app" : [ {"id":"a]\""} , 2 ,[3]] }, "next": "n" }"#;
        let left = r#"{"app": [7], "apps": { "x": [{"app":[1]}], "app" : [] }, "next": "n" }"#;
        for size in 1..document.len() {
            let (items, rest) = split(document, "apps.app", size).unwrap();
            assert_eq!((items.join(";").as_str(), rest.as_str()), (r#"{"id":"a]\""};2;[3]"#, left), "{size}");
        }
    }

    #[test]
    fn of_several_members_of_a_name_the_last_counts() {
        for (document, meant) in [
            (r#"{"a":{"b":[1]},"a":{"b":[2,3]}}"#, "2;3"),
            (r#"{"a":{"b":[1],"b":[]}}"#, ""),
            (r#"{"a":{"b":[1]},"\u0061":null}"#, ""),
            (r#"{"a":{"b":[1]},"c":{"a":{"b":[2]}}}"#, "1"),
        ] {
            assert_eq!(split(document, "a.b", 3).unwrap().0.join(";"), meant, "{document}");
        }
    }

    #[test]
    fn what_is_no_list_is_left() {
        for document in [r#"{"a":{"b":{"id":1}}}"#, r#"{"a":[{"b":[1]}]}"#, "[[1]]", r#""a""#, "7", "null"] {
            assert_eq!(split(document, "a.b", 2), Some((Vec::new(), document.to_owned())));
        }
    }

    #[test]
    fn what_is_no_json_is_none() {
        for document in
            ["[1,]", "[,1]", "[1,,2]", "[1 2]", "[1}", "[1]]", "[1", "[\"a]", "[{]}]", "[\"\\", "[1],", "", "[]x"]
        {
            assert_eq!(split(document, "", 1), None, "{document}");
        }
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(json!(null)),
            any::<i32>().prop_map(Value::from),
            "[a\"\\\\\\]}]{0,3}".prop_map(Value::from)
        ];
        leaf.prop_recursive(4, 48, 4, |inner| {
            let names = prop::sample::select(vec!["apps", "app", "id", "a\"", ""]);
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((names, inner), 0..4)
                    .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn as_many_items_as_stand_there(inner: Option<bool>, value in values(), pretty: bool, size in 1usize..40, cut: prop::sample::Index) {
            let reply = match inner {
                Some(true) => json!({"apps": {"app": value, "more": value}, "app": value}),
                Some(false) => json!({"apps": value}),
                None => value,
            };
            let text = if pretty { format!("{reply:#}") } else { reply.to_string() };
            let is_list = find(&text, "apps.app").unwrap().filter(|list| list.get().starts_with('['));
            let meant: Vec<_> = is_list.map(items).unwrap_or_default().into_iter().map(|item| item.get().to_owned()).collect();
            prop_assert_eq!(split(&text, "apps.app", size).map(|(items, _)| items), Some(meant));
            // What is cut off is no JSON, if it was more than a number.
            let cut = cut.index(text.len());
            if reply.is_object() && text.is_char_boundary(cut) {
                prop_assert_eq!(split(&text[..cut], "apps.app", size), None);
            }
        }
    }
}
