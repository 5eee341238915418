//! What a list can be filtered by besides its text and its states: the values that occur in its rows, and times. Each
//! stands in the address under its own name.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use leptos::prelude::*;

use super::span::Span;
use super::{Listed, chosen};
use crate::components::url_state::url_text;
use crate::i18n::*;

/// Something that rows are filtered by.
#[derive(Clone, Copy)]
pub(crate) struct Facet {
    /// Its name in the address.
    pub(crate) id: &'static str,
    /// The id of its menu, unique on the page.
    pub(crate) menu: &'static str,
    /// What it is called.
    pub(crate) title: Signal<String>,
    /// How it lets rows through.
    pub(crate) by: By,
}

/// How a facet lets rows through.
#[derive(Clone, Copy)]
pub(crate) enum By {
    /// By their values, each called by a word.
    Value(fn(I18nContext<Locale>, &str) -> String),
    /// By an instant of theirs.
    Time,
}

/// Which rows are let through.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Fits {
    /// Where they stand; anywhere, where none is named.
    pub(super) standings: Vec<String>,
    values: Vec<(&'static str, Vec<String>)>,
    spans: Vec<(&'static str, Span)>,
}

impl Fits {
    /// Those in one of the standings of the address's form.
    pub(crate) fn standing(standings: &str) -> Fits {
        Fits { standings: chosen(standings).into_iter().map(str::to_owned).collect(), ..Fits::default() }
    }

    /// Those of them that also pass a facet, of which this is the text in the address.
    pub(crate) fn and(mut self, facet: &'static str, by: By, text: &str, now: i64) -> Fits {
        match by {
            By::Value(_) => {
                let values = values(text);
                if !values.is_empty() {
                    self.values.push((facet, values));
                }
            }
            By::Time => self.spans.extend(Span::read(text, now).map(|span| (facet, span))),
        }
        self
    }

    /// The same without a facet.
    pub(super) fn without(mut self, facet: &str) -> Fits {
        self.values.retain(|(other, _)| *other != facet);
        self
    }

    /// Whether all rows are let through.
    pub(super) fn all(&self) -> bool {
        self.standings.is_empty() && self.values.is_empty() && self.spans.is_empty()
    }

    /// Whether a row is.
    pub(super) fn lets<R: Listed>(&self, row: &R) -> bool {
        let has = |facet: &str, wanted: &[String]| {
            let mut found = false;
            row.each_value(facet, &mut |value| found |= wanted.iter().any(|wanted| wanted == value));
            found
        };
        (self.standings.is_empty() || self.standings.iter().any(|standing| standing == row.standing()))
            && self.spans.iter().all(|(facet, span)| row.instant(facet).is_some_and(|at| span.holds(at)))
            && self.values.iter().all(|(facet, wanted)| has(facet, wanted))
    }
}

/// The values of the address's form, separated by commas; one within a value is written `%2C`.
pub(super) fn values(text: &str) -> Vec<String> {
    chosen(text).into_iter().map(crate::address::decode).collect()
}

/// The address's form with one value more or less.
pub(super) fn toggled_value(text: &str, value: &str) -> String {
    let mut values = values(text);
    match values.iter().position(|other| other == value) {
        Some(at) => drop(values.remove(at)),
        None => values.push(value.to_owned()),
    }
    let written = values.iter().map(|value| value.replace('%', "%25").replace(',', "%2C"));
    written.collect::<Vec<_>>().join(",")
}

/// The values of a facet in the rows that fit, with how many rows have them: the most frequent first.
pub(super) fn count<R: Listed>(rows: &[Arc<R>], facet: &str, fits: &Fits, words: &[&str]) -> Vec<(String, usize)> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for row in rows.iter().filter(|row| fits.lets(&***row)) {
        if !words.iter().all(|word| row.haystack().contains(word)) {
            continue;
        }
        row.each_value(facet, &mut |value| match counts.get_mut(value) {
            Some(count) => *count += 1,
            None => drop(counts.insert(value.to_owned(), 1)),
        });
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|(a, a_count), (b, b_count)| (Reverse(a_count), a).cmp(&(Reverse(b_count), b)));
    counts
}

/// All that a list is filtered by, as it stands in the address.
#[derive(Clone, Copy)]
pub(super) struct Filters {
    /// The free text.
    pub(super) text: RwSignal<String>,
    /// The standings.
    pub(super) states: RwSignal<String>,
    /// The facets.
    facets: StoredValue<Vec<(Facet, RwSignal<String>)>>,
}

impl Filters {
    pub(super) fn new(facets: Vec<Facet>) -> Filters {
        let facets = facets.into_iter().map(|facet| (facet, url_text(facet.id))).collect();
        Filters { text: url_text("q"), states: url_text("state"), facets: StoredValue::new(facets) }
    }

    /// The facets with their texts.
    pub(super) fn facets(self) -> Vec<(Facet, RwSignal<String>)> {
        self.facets.get_value()
    }

    /// What they let through; `now` is asked for where that depends on it.
    pub(super) fn fits(self, now: impl Fn() -> i64) -> Fits {
        let fits = self.states.with(|states| Fits::standing(states));
        self.facets().into_iter().fold(fits, |fits, (facet, text)| {
            text.with(|text| {
                let moves = matches!(facet.by, By::Time) && Span::moves(text);
                fits.and(facet.id, facet.by, text, if moves { now() } else { 0 })
            })
        })
    }

    /// What the viewer asked for.
    pub(super) fn asked(self) -> Vec<String> {
        let texts = [self.text, self.states].into_iter().chain(self.facets().into_iter().map(|(_, text)| text));
        texts.map(|text| text.get()).collect()
    }

    /// Lets everything through.
    pub(super) fn clear(self) {
        let texts = [self.text, self.states].into_iter().chain(self.facets().into_iter().map(|(_, text)| text));
        texts.filter(|text| text.with_untracked(|text| !text.is_empty())).for_each(|text| text.set(String::new()));
    }
}

impl Facet {
    /// What it lets through, in words.
    pub(super) fn said(self, i18n: I18nContext<Locale>, text: &str) -> String {
        match self.by {
            By::Value(word) => values(text).iter().map(|value| word(i18n, value)).collect::<Vec<_>>().join(", "),
            By::Time => Span::said(i18n, text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_toggled_in_the_address_whatever_they_are() {
        let both = toggled_value(&toggled_value("", "a,b"), "50%2C");
        assert_eq!(both, "a%2Cb,50%252C");
        assert_eq!(values(&both), ["a,b", "50%2C"]);
        assert_eq!(toggled_value(&both, "a,b"), "50%252C");
        assert_eq!(values("alice,50%"), ["alice", "50%"]);
    }
}
