//! Values of filter expressions, and what is done with them: an operand that is not defined makes most results
//! undefined, and one of the wrong kind makes them an error, neither of which selects anything.

use std::cmp::Ordering;

use serde_json::Value as Json;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// The attribute is not there, or is null.
    Undefined,
    /// It cannot be told.
    Error,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Value>),
}

impl Value {
    /// The value of an attribute of a record.
    pub(super) fn of(json: &Json) -> Value {
        match json {
            Json::Null => Value::Undefined,
            Json::Bool(truth) => Value::Bool(*truth),
            Json::Number(number) => number.as_f64().map_or(Value::Error, Value::Number),
            Json::String(text) => Value::Text(text.clone()),
            Json::Array(items) => Value::List(items.iter().map(Value::of).collect()),
            Json::Object(_) => Value::Error,
        }
    }

    /// `===`: of one kind and the same to the letter.
    pub(super) fn is_same(&self, other: &Value) -> bool {
        self == other
    }

    /// `==`, and what orders come of the other comparisons: texts are level whatever their case.
    fn order(&self, other: &Value) -> Option<Ordering> {
        match (self, other) {
            (Value::Number(a), Value::Number(b)) => a.partial_cmp(b),
            (Value::Text(a), Value::Text(b)) => Some(a.to_lowercase().cmp(&b.to_lowercase())),
            _ => None,
        }
    }

    /// A comparison by the order of two values.
    pub(super) fn compare(&self, other: &Value, holds: fn(Ordering) -> bool) -> Value {
        if let Some(unclear) = unclear([self, other]) {
            return unclear;
        }
        self.order(other).map_or(Value::Error, |order| Value::Bool(holds(order)))
    }

    /// `==`
    pub(super) fn equals(&self, other: &Value) -> Value {
        match (self, other) {
            (Value::Bool(a), Value::Bool(b)) => Value::Bool(a == b),
            _ => self.compare(other, Ordering::is_eq),
        }
    }

    /// The opposite of what is true or false.
    pub(super) fn not(self) -> Value {
        match self {
            Value::Bool(truth) => Value::Bool(!truth),
            Value::Undefined => Value::Undefined,
            _ => Value::Error,
        }
    }

    /// Arithmetic with two numbers.
    pub(super) fn reckon(&self, other: &Value, with: fn(f64, f64) -> f64) -> Value {
        match (self, other) {
            (Value::Number(a), Value::Number(b)) => {
                Some(with(*a, *b)).filter(|result| result.is_finite()).map_or(Value::Error, Value::Number)
            }
            _ => unclear([self, other]).unwrap_or(Value::Error),
        }
    }

    /// As text, where it has a text to stand for it.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Value::Text(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(truth) => Some(truth.to_string()),
            _ => None,
        }
    }
}

/// The first of them that is an error, or else the first that is not defined.
pub(super) fn unclear<'a>(values: impl IntoIterator<Item = &'a Value> + Clone) -> Option<Value> {
    let find = |wanted: Value| values.clone().into_iter().find(|value| **value == wanted).cloned();
    find(Value::Error).or_else(|| find(Value::Undefined))
}
