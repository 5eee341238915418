//! Documents with secrets in them, written in one of the many ways in which they can be.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;

use super::*;

/// A form in which a secret is written into a string.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    Plain,
    Percent,
    Hex,
    NestedJson,
    Base64 { before: usize, url: bool },
}

/// A part of a string.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Text(String),
    Secret(usize, Form),
}

#[derive(Clone, Debug)]
pub(super) enum Node {
    Token(String),
    String(Vec<Part>),
    Array(Vec<Node>),
    Object(Vec<(Vec<Part>, Node)>),
}

/// Numbers that decide how things are written.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % sides
    }
}

/// Writes a JSON document in one of the many ways in which it can be written, and what must become of it.
pub(super) struct Writer<'a> {
    pub(super) secrets: &'a [String],
    pub(super) dice: Dice,
    pub(super) document: String,
    /// The strings' values with masks; none for one that holds base64, of which a few bits at the edges stay.
    pub(super) strings: Vec<Option<String>>,
}

impl Writer<'_> {
    pub(super) fn node(&mut self, node: &Node) {
        self.blank();
        match node {
            Node::Token(token) => self.document.push_str(token),
            Node::String(parts) => self.string(parts),
            Node::Array(nodes) => {
                self.document.push('[');
                for (index, node) in nodes.iter().enumerate() {
                    self.document.push_str(if index > 0 { "," } else { "" });
                    self.node(node);
                }
                self.document.push(']');
            }
            Node::Object(members) => {
                self.document.push('{');
                for (index, (name, node)) in members.iter().enumerate() {
                    self.document.push_str(if index > 0 { "," } else { "" });
                    self.blank();
                    self.string(name);
                    self.blank();
                    self.document.push(':');
                    self.node(node);
                }
                self.document.push('}');
            }
        }
        self.blank();
    }

    fn blank(&mut self) {
        self.document.push_str(["", "", "", " ", "\n", "\t "][self.dice.roll(6)]);
    }

    fn string(&mut self, parts: &[Part]) {
        self.document.push('"');
        let mut value = Some(String::new());
        let mut masked = false;
        for part in parts {
            match part {
                Part::Text(text) => {
                    self.escaped(text);
                    masked = masked && text.is_empty();
                    value.iter_mut().for_each(|value| value.push_str(text));
                }
                Part::Secret(index, form) => {
                    let secret = &self.secrets[index % self.secrets.len()];
                    let written = written(secret, *form, &mut self.dice);
                    self.escaped(&written);
                    match form {
                        Form::Base64 { .. } => value = None,
                        _ if masked => {}
                        _ => value.iter_mut().for_each(|value| value.push_str(MASK)),
                    }
                    masked = true;
                }
            }
        }
        self.document.push('"');
        self.strings.push(value);
    }

    /// Each character plainly where that is legal, or by one of its escapes.
    fn escaped(&mut self, text: &str) {
        for character in text.chars() {
            let must = matches!(character, '"' | '\\') || character < ' ';
            let roll = self.dice.roll(8);
            match character {
                _ if roll > 1 && !must => self.document.push(character),
                '"' | '\\' | '/' if roll != 0 => self.document.extend(['\\', character]),
                '\n' if roll != 0 => self.document.push_str("\\n"),
                _ => {
                    for unit in character.encode_utf16(&mut [0; 2]) {
                        let lower = self.dice.roll(2) == 0;
                        let escape = if lower { format!("\\u{unit:04x}") } else { format!("\\u{unit:04X}") };
                        self.document.push_str(&escape);
                    }
                }
            }
        }
    }
}

pub(super) fn written(secret: &str, form: Form, dice: &mut Dice) -> String {
    match form {
        Form::Plain => secret.to_owned(),
        Form::Percent => percent(secret, dice),
        Form::Hex => {
            let digit = |byte: u8, dice: &mut Dice| match dice.roll(2) {
                0 => format!("{byte:02x}"),
                _ => format!("{byte:02X}"),
            };
            secret.bytes().map(|byte| digit(byte, dice)).collect()
        }
        Form::NestedJson => {
            let mut writer = Writer { secrets: &[], dice: Dice(dice.0), document: String::new(), strings: Vec::new() };
            writer.escaped(secret);
            writer.document
        }
        Form::Base64 { before, url } => {
            let plain = [&b"user:"[..before], secret.as_bytes()].concat();
            if url { URL_SAFE_NO_PAD.encode(plain) } else { STANDARD.encode(plain) }
        }
    }
}

/// Each character by itself, or as one of HTML's references to it.
pub(super) fn referenced(text: &str, dice: &mut Dice) -> String {
    let reference = |character: char, dice: &mut Dice| {
        let number = u32::from(character);
        match (dice.roll(6), character) {
            (0, _) => format!("&#{number};"),
            (1, _) => format!("&#x{number:x};"),
            (2, _) => format!("&#X{number:04X};"),
            (_, '&') => "&amp;".to_owned(),
            (_, '<') => "&lt;".to_owned(),
            (_, '"') => "&quot;".to_owned(),
            (_, '\'') => "&apos;".to_owned(),
            _ => character.to_string(),
        }
    };
    text.chars().map(|character| reference(character, dice)).collect()
}

/// Each byte by itself where that reads the same, or as an escape.
fn percent(secret: &str, dice: &mut Dice) -> String {
    let mut out = String::new();
    for character in secret.chars() {
        if character != '%' && dice.roll(2) == 0 {
            out.push(character);
            continue;
        }
        for byte in character.to_string().bytes() {
            out.push_str(&if dice.roll(2) == 0 { format!("%{byte:02x}") } else { format!("%{byte:02X}") });
        }
    }
    out
}

pub(super) fn parts() -> impl Strategy<Value = Vec<Part>> {
    let form = prop_oneof![
        Just(Form::Plain),
        Just(Form::Percent),
        Just(Form::Hex),
        Just(Form::NestedJson),
        (0..4usize, any::<bool>()).prop_map(|(before, url)| Form::Base64 { before, url }),
    ];
    // Nothing here may stand in a secret or before one as a part of its form.
    let part = prop_oneof![
        "[ .;<>{}:,가나🐘\"\n]{0,12}".prop_map(Part::Text),
        (any::<usize>(), form).prop_map(|(index, form)| Part::Secret(index, form)),
    ];
    proptest::collection::vec(part, 0..5)
}

pub(super) fn document() -> impl Strategy<Value = Node> {
    let token = prop_oneof!["-?(0|[1-9][0-9]{0,12})(\\.[0-9]{1,6})?([eE][+-]?[0-9]{1,2})?", "true|false|null"];
    let leaf = prop_oneof![token.prop_map(Node::Token), parts().prop_map(Node::String)];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Node::Array),
            proptest::collection::vec((parts(), inner), 0..6).prop_map(Node::Object),
        ]
    })
}

/// None ends in what would be the beginning of an escape for the text behind it.
pub(super) fn secrets() -> impl Strategy<Value = Vec<String>> {
    let secret =
        prop_oneof!["[a-zA-Z0-9]{8,24}", "[0-9]{8,12}", "[a-zA-Z0-9/+=_%é🐙'\t\\-]{6,22}[g-z]{2}", "[ab]{8,10}"];
    // Some begin as others do, or end where others go on.
    (proptest::collection::vec(secret, 1..5), any::<bool>()).prop_map(|(mut secrets, related)| {
        if related {
            let longer = format!("{}-more", secrets[0]);
            let later = format!("{}yz", secrets[0].chars().skip(2).collect::<String>());
            secrets.extend([longer, later]);
        }
        secrets
    })
}
