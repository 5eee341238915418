//! From the text of a filter expression to its tree.

use super::value::Value;
use super::wrong::{Flaw, Wrong};

/// The most bytes of an expression.
const LONGEST: usize = 64 * 1024;
/// How deep an expression may be nested.
const DEEPEST: usize = 64;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    Literal(Value),
    Attribute(String),
    List(Vec<Expression>),
    Not(Box<Expression>),
    Negative(Box<Expression>),
    Binary(Operator, Box<Expression>, Box<Expression>),
    Choice(Box<[Expression; 3]>),
    Call(String, Vec<Expression>),
}

/// What stands between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Same,
    NotSame,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
    In,
    Plus,
    Minus,
    Times,
    Over,
}

/// Operators by their signs, the longer ones first, with how tightly they bind.
const OPERATORS: &[(&str, Operator, u8)] = &[
    ("===", Operator::Same, 3),
    ("=!=", Operator::NotSame, 3),
    ("==", Operator::Equal, 3),
    ("!=", Operator::NotEqual, 3),
    ("<=", Operator::LessOrEqual, 4),
    (">=", Operator::MoreOrEqual, 4),
    ("||", Operator::Or, 1),
    ("&&", Operator::And, 2),
    ("<", Operator::Less, 4),
    (">", Operator::More, 4),
    ("+", Operator::Plus, 5),
    ("-", Operator::Minus, 5),
    ("*", Operator::Times, 6),
    ("/", Operator::Over, 6),
];
/// How tightly `in` binds.
const IN: u8 = 4;

pub(super) fn parse(text: &str) -> Result<Expression, Wrong> {
    read(text).map_err(|wrong| {
        // A reader counts bytes, a person characters.
        let before = text.char_indices().take_while(|(at, _)| *at < wrong.at).count();
        Wrong { at: before, ..wrong }
    })
}

fn read(text: &str) -> Result<Expression, Wrong> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    if text.len() > LONGEST {
        return Err(Wrong { at: LONGEST, flaw: Flaw::TooLong });
    }
    let expression = reader.choice()?;
    reader.blanks();
    if reader.at < text.len() {
        return Err(reader.wrong(Flaw::NoOperator));
    }
    Ok(expression)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn wrong(&self, flaw: Flaw) -> Wrong {
        Wrong { at: self.at, flaw }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Goes on beyond a sign, if it stands here.
    fn takes(&mut self, sign: &str) -> bool {
        self.blanks();
        let here = self.rest().starts_with(sign);
        self.at += if here { sign.len() } else { 0 };
        here
    }

    fn needs(&mut self, sign: &str, flaw: Flaw) -> Result<(), Wrong> {
        if self.takes(sign) { Ok(()) } else { Err(self.wrong(flaw)) }
    }

    /// Goes on one level deeper.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Wrong>) -> Result<T, Wrong> {
        if self.depth == DEEPEST {
            return Err(self.wrong(Flaw::TooDeep));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    fn choice(&mut self) -> Result<Expression, Wrong> {
        self.deeper(|reader| {
            let condition = reader.binary(1)?;
            if !reader.takes("?") {
                return Ok(condition);
            }
            let yes = reader.choice()?;
            reader.needs(":", Flaw::NoColon)?;
            let no = reader.choice()?;
            Ok(Expression::Choice(Box::new([condition, yes, no])))
        })
    }

    fn operator(&mut self) -> Option<(Operator, u8, usize)> {
        self.blanks();
        if self.word() == "in" {
            return Some((Operator::In, IN, 2));
        }
        let found = OPERATORS.iter().find(|(sign, ..)| self.rest().starts_with(sign))?;
        Some((found.1, found.2, found.0.len()))
    }

    fn binary(&mut self, least: u8) -> Result<Expression, Wrong> {
        let mut left = self.unary()?;
        // Each round nests what was read before one level deeper.
        let mut rounds = 0;
        while let Some((operator, binds, length)) = self.operator().filter(|(_, binds, _)| *binds >= least) {
            rounds += 1;
            if rounds > DEEPEST * 16 {
                return Err(self.wrong(Flaw::TooManyOperators));
            }
            self.at += length;
            let right = match operator {
                Operator::In => self.list()?,
                _ => self.deeper(|reader| reader.binary(binds + 1))?,
            };
            left = Expression::Binary(operator, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expression, Wrong> {
        self.deeper(|reader| {
            reader.blanks();
            if reader.takes("!") {
                return Ok(Expression::Not(Box::new(reader.unary()?)));
            }
            if reader.takes("-") {
                return Ok(Expression::Negative(Box::new(reader.unary()?)));
            }
            reader.operand()
        })
    }

    fn operand(&mut self) -> Result<Expression, Wrong> {
        self.blanks();
        let Some(first) = self.rest().chars().next() else {
            return Err(self.wrong(Flaw::NoOperand));
        };
        match first {
            '(' => {
                self.at += 1;
                let inner = self.choice()?;
                self.needs(")", Flaw::NoParenthesis)?;
                Ok(inner)
            }
            '{' => self.list(),
            '"' => self.string(),
            '`' => self.duration(),
            '0'..='9' => self.number(),
            _ if is_word(first) => self.named(),
            '\'' => Err(self.wrong(Flaw::SingleQuotes)),
            _ => Err(self.wrong(Flaw::NoOperand)),
        }
    }

    fn list(&mut self) -> Result<Expression, Wrong> {
        self.needs("{", Flaw::NoList)?;
        self.items("}", Flaw::ListGoesOn).map(Expression::List)
    }

    fn items(&mut self, end: &str, flaw: Flaw) -> Result<Vec<Expression>, Wrong> {
        let mut items = Vec::new();
        if self.takes(end) {
            return Ok(items);
        }
        loop {
            items.push(self.choice()?);
            if self.takes(end) {
                return Ok(items);
            }
            self.needs(",", flaw)?;
        }
    }

    fn string(&mut self) -> Result<Expression, Wrong> {
        let start = self.at;
        let mut text = String::new();
        let mut letters = self.rest().char_indices().skip(1);
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.at += at + 1;
                    return Ok(Expression::Literal(Value::Text(text)));
                }
                '\\' => match letters.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 't')) => text.push('\t'),
                    Some((_, escaped)) => text.push(escaped),
                    None => break,
                },
                letter => text.push(letter),
            }
        }
        Err(Wrong { at: start, flaw: Flaw::OpenText })
    }

    /// A time between backticks, in seconds.
    fn duration(&mut self) -> Result<Expression, Wrong> {
        let start = self.at;
        let wrong = Wrong { at: start, flaw: Flaw::Time };
        let (inside, _) = self.rest()[1..].split_once('`').ok_or(wrong)?;
        let digits = inside.len() - inside.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        let unit = match inside[digits..].trim() {
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            "d" => 86_400.0,
            "w" => 604_800.0,
            _ => return Err(wrong),
        };
        let number: f64 = inside[..digits].parse().map_err(|_| wrong)?;
        self.at += inside.len() + 2;
        Ok(Expression::Literal(Value::Number(number * unit)))
    }

    fn number(&mut self) -> Result<Expression, Wrong> {
        let rest = self.rest();
        let length = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        let number: f64 = rest[..length].parse().map_err(|_| self.wrong(Flaw::Number))?;
        self.at += length;
        Ok(Expression::Literal(Value::Number(number)))
    }

    /// The letters, digits, dots and underscores that stand here.
    fn word(&self) -> &'a str {
        let rest = self.rest();
        &rest[..rest.len() - rest.trim_start_matches(|c| is_word(c) || c == '.').len()]
    }

    fn named(&mut self) -> Result<Expression, Wrong> {
        let (word, start) = (self.word(), self.at);
        self.at += word.len();
        if self.takes("(") {
            let given = self.items(")", Flaw::CallGoesOn)?;
            return Ok(Expression::Call(word.to_ascii_lowercase(), given));
        }
        Ok(match word.to_ascii_lowercase().as_str() {
            "true" => Expression::Literal(Value::Bool(true)),
            "false" => Expression::Literal(Value::Bool(false)),
            "undefined" => Expression::Literal(Value::Undefined),
            "error" => Expression::Literal(Value::Error),
            "in" => return Err(Wrong { at: start, flaw: Flaw::NothingBeforeIn }),
            _ => Expression::Attribute(word.to_owned()),
        })
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
