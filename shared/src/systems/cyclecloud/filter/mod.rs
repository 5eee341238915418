//! The service's filter expressions (of the family of class-ads): read, and tried on node records.
//!
//! Known are comparisons, `===` and `=!=`, `in {…}`, `&&`, `||`, `!`, `?:`, arithmetic, texts, numbers, times such as
//! `` `10m` `` (in seconds) and the functions of the reference's examples. Names of attributes and functions are level
//! whatever their case, and so are texts for `==`; what a real server makes of case is not documented.

mod evaluate;
mod parse;
mod pattern;
mod value;
mod wrong;

use std::collections::BTreeSet;

use self::parse::Expression;
pub use self::wrong::{Flaw, Wrong};
use super::nodes::Node;

/// An expression that parses.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter(Expression);

/// Why it cannot be told which nodes an expression selects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unable {
    /// It asks for an attribute that was held back, or of which that cannot be told.
    HeldBack(String),
    /// It calls a function that is not known here.
    Function(String),
}

impl Filter {
    /// Reads an expression.
    ///
    /// # Errors
    /// Where it is wrong.
    pub fn parse(text: &str) -> Result<Filter, Wrong> {
        parse::parse(text).map(Filter)
    }

    /// The attributes that it asks for, by their first names.
    pub fn attributes(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        self.0.visit(&mut |one| {
            if let Expression::Attribute(name) = one {
                found.insert(name.split('.').next().unwrap_or(name));
            }
        });
        found
    }

    /// The places of the nodes that it selects.
    ///
    /// # Errors
    /// When that cannot be told.
    pub fn select<'a>(&self, nodes: impl IntoIterator<Item = &'a Node> + Clone) -> Result<Vec<usize>, Unable> {
        let mut unknown = None;
        self.0.visit(&mut |one| match one {
            Expression::Call(name, _) if !evaluate::FUNCTIONS.contains(&name.as_str()) => {
                unknown.get_or_insert_with(|| name.clone());
            }
            _ => {}
        });
        if let Some(name) = unknown {
            return Err(Unable::Function(name));
        }
        let held_back = |name: &&str| {
            let known = super::nodes::KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name));
            !known
                && nodes.clone().into_iter().any(|node| node.held_back() > 0)
                && nodes.clone().into_iter().all(|node| node.attribute(name).is_none())
        };
        if let Some(name) = self.attributes().into_iter().find(held_back) {
            return Err(Unable::HeldBack(name.to_owned()));
        }
        let all = nodes.into_iter().enumerate();
        Ok(all.filter(|(_, node)| self.matches(node)).map(|(at, _)| at).collect())
    }

    /// Whether it selects a node, as far as its record tells.
    pub fn matches(&self, node: &Node) -> bool {
        evaluate::evaluate(&self.0, node) == value::Value::Bool(true)
    }
}

#[cfg(test)]
mod tests;
