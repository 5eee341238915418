//! What a filter expression makes of a record.

use super::super::nodes::Node;
use super::parse::{Expression, Operator};
use super::pattern::Pattern;
use super::value::{Value, unclear};

/// The functions that are known, in lower case.
pub(super) const FUNCTIONS: &[&str] =
    &["ifthenelse", "ifundefined", "regexp", "size", "strcat", "strjoin", "substr", "trim", "startswith"];

impl Expression {
    /// Goes through it and all its parts.
    pub(super) fn visit<'a>(&'a self, each: &mut dyn FnMut(&'a Expression)) {
        each(self);
        match self {
            Expression::Literal(_) | Expression::Attribute(_) => {}
            Expression::Not(one) | Expression::Negative(one) => one.visit(each),
            Expression::Binary(_, left, right) => {
                left.visit(each);
                right.visit(each);
            }
            Expression::Choice(parts) => parts.iter().for_each(|part| part.visit(each)),
            Expression::List(items) | Expression::Call(_, items) => items.iter().for_each(|item| item.visit(each)),
        }
    }
}

pub(super) fn evaluate(expression: &Expression, node: &Node) -> Value {
    let of = |expression: &Expression| evaluate(expression, node);
    match expression {
        Expression::Literal(value) => value.clone(),
        Expression::Attribute(name) => node.attribute(name).map_or(Value::Undefined, Value::of),
        Expression::List(items) => Value::List(items.iter().map(of).collect()),
        Expression::Not(one) => of(one).not(),
        Expression::Negative(one) => Value::Number(0.0).reckon(&of(one), |zero, number| zero - number),
        Expression::Choice(parts) => match of(&parts[0]) {
            Value::Bool(truth) => of(&parts[if truth { 1 } else { 2 }]),
            Value::Undefined => Value::Undefined,
            _ => Value::Error,
        },
        Expression::Binary(Operator::And, left, right) => decided(of(left), false, || of(right)),
        Expression::Binary(Operator::Or, left, right) => decided(of(left), true, || of(right)),
        Expression::Binary(operator, left, right) => binary(*operator, &of(left), &of(right)),
        Expression::Call(name, given) => call(name, &given.iter().map(of).collect::<Vec<_>>()),
    }
}

/// `&&` and `||`: one of their truths decides, whatever the other operand is.
fn decided(left: Value, decides: bool, right: impl FnOnce() -> Value) -> Value {
    let decision = Value::Bool(decides);
    match left {
        Value::Bool(truth) if truth == decides => decision,
        Value::Bool(_) => match right() {
            right @ (Value::Bool(_) | Value::Undefined) => right,
            _ => Value::Error,
        },
        Value::Undefined => match right() {
            right if right == decision => decision,
            Value::Bool(_) | Value::Undefined => Value::Undefined,
            _ => Value::Error,
        },
        _ => Value::Error,
    }
}

fn binary(operator: Operator, left: &Value, right: &Value) -> Value {
    match operator {
        Operator::Same => Value::Bool(left.is_same(right)),
        Operator::NotSame => Value::Bool(!left.is_same(right)),
        Operator::Equal => left.equals(right),
        Operator::NotEqual => left.equals(right).not(),
        Operator::Less => left.compare(right, std::cmp::Ordering::is_lt),
        Operator::LessOrEqual => left.compare(right, std::cmp::Ordering::is_le),
        Operator::More => left.compare(right, std::cmp::Ordering::is_gt),
        Operator::MoreOrEqual => left.compare(right, std::cmp::Ordering::is_ge),
        Operator::Plus => left.reckon(right, |a, b| a + b),
        Operator::Minus => left.reckon(right, |a, b| a - b),
        Operator::Times => left.reckon(right, |a, b| a * b),
        Operator::Over => left.reckon(right, |a, b| a / b),
        Operator::In => match (left, right) {
            (Value::Undefined | Value::Error, _) => left.clone(),
            (_, Value::List(items)) => Value::Bool(items.iter().any(|item| left.equals(item) == Value::Bool(true))),
            _ => Value::Error,
        },
        // Decided before.
        Operator::And | Operator::Or => Value::Error,
    }
}

fn call(name: &str, given: &[Value]) -> Value {
    match (name, given) {
        ("ifthenelse", [condition, yes, no]) => match condition {
            Value::Bool(truth) => if *truth { yes } else { no }.clone(),
            Value::Undefined => Value::Undefined,
            _ => Value::Error,
        },
        ("ifundefined", [value, other]) => if *value == Value::Undefined { other } else { value }.clone(),
        _ => unclear(given).unwrap_or_else(|| plain_call(name, given)),
    }
}

/// Functions of values that are all there.
fn plain_call(name: &str, given: &[Value]) -> Value {
    let texts: Option<Vec<String>> = given.iter().map(Value::text).collect();
    let count = |count: usize| Value::Number(count as f64);
    match (name, given) {
        ("size", [Value::List(items)]) => count(items.len()),
        ("size", [Value::Text(text)]) => count(text.chars().count()),
        ("startswith", [Value::Text(start), Value::Text(text)]) => Value::Bool(text.starts_with(start.as_str())),
        ("regexp", [Value::Text(pattern), Value::Text(text)]) => {
            Pattern::read(pattern).and_then(|pattern| pattern.is_found_in(text)).map_or(Value::Error, Value::Bool)
        }
        ("trim", [Value::Text(text)]) => Value::Text(text.trim().to_owned()),
        ("substr", [Value::Text(text), Value::Number(from)]) => Value::Text(part(text, *from, None)),
        ("substr", [Value::Text(text), Value::Number(from), Value::Number(length)]) => {
            Value::Text(part(text, *from, Some(*length)))
        }
        ("strcat", _) => texts.map_or(Value::Error, |texts| Value::Text(texts.concat())),
        ("strjoin", [Value::Text(between), Value::List(items)]) => {
            let items: Option<Vec<String>> = items.iter().map(Value::text).collect();
            items.map_or(Value::Error, |items| Value::Text(items.join(between)))
        }
        ("strjoin", [_, ..]) => texts.map_or(Value::Error, |texts| Value::Text(texts[1..].join(&texts[0]))),
        _ => Value::Error,
    }
}

/// The letters from a place on, which is counted from the end where it is negative.
fn part(text: &str, from: f64, length: Option<f64>) -> String {
    let whole = text.chars().count();
    // `as` saturates, and takes what is no number for 0.
    let from = if from < 0.0 { whole.saturating_sub(-from as usize) } else { from as usize };
    let left = whole.saturating_sub(from);
    let length = length
        .map_or(left, |length| if length < 0.0 { left.saturating_sub(-length as usize) } else { length as usize });
    text.chars().skip(from).take(length).collect()
}
