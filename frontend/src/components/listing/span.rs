//! A span of time to filter by: the last hour, day or week, or from one instant to another.

use crate::i18n::*;
use crate::ui::time::{self, Precision};

/// Those that end now: their form in the address, and how long they are in ms.
pub(super) const LAST: [(&str, i64); 3] = [("1h", 3_600_000), ("24h", 86_400_000), ("7d", 604_800_000)];

/// From one instant to another, in ms since the epoch; either may be open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    from: Option<i64>,
    to: Option<i64>,
}

impl Span {
    /// Reads the address's form, `24h` or `<from>..<to>`; `None` where it is neither.
    pub(super) fn read(text: &str, now: i64) -> Option<Span> {
        if let Some(length) = last(text) {
            return Some(Span { from: Some(now - length), to: None });
        }
        let (from, to) = ends(text)?;
        (from.is_some() || to.is_some()).then_some(Span { from, to })
    }

    /// Whether it moves with the clock.
    pub(super) fn moves(text: &str) -> bool {
        last(text).is_some()
    }

    /// Whether an instant lies in it.
    pub(super) fn holds(self, at: i64) -> bool {
        self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at <= to)
    }

    /// The address's form in words.
    pub(super) fn said(i18n: I18nContext<Locale>, text: &str) -> String {
        let word = match text {
            "1h" => t_string!(i18n, list.last_hour).to_string(),
            "24h" => t_string!(i18n, list.last_day).to_string(),
            "7d" => t_string!(i18n, list.last_week).to_string(),
            _ => {
                let words = |at: Option<i64>| {
                    at.map(|at| time::short(i18n.get_locale(), at, Precision::Minute)).unwrap_or_default()
                };
                let Some((from, to)) = ends(text) else { return text.to_owned() };
                format!("{} – {}", words(from), words(to))
            }
        };
        word.trim().to_owned()
    }
}

fn last(text: &str) -> Option<i64> {
    LAST.iter().find(|(word, _)| *word == text).map(|(_, length)| *length)
}

/// Both ends of the address's form.
pub(super) fn ends(text: &str) -> Option<(Option<i64>, Option<i64>)> {
    let (from, to) = text.split_once("..")?;
    Some((from.parse().ok(), to.parse().ok()))
}

/// The address's form of two ends; empty where both are open.
pub(super) fn written(from: Option<i64>, to: Option<i64>) -> String {
    if from.is_none() && to.is_none() {
        return String::new();
    }
    let word = |at: Option<i64>| at.map(|at| at.to_string()).unwrap_or_default();
    format!("{}..{}", word(from), word(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_read_as_it_is_written() {
        let holds = |text: &str, at| Span::read(text, 10_000_000).map(|span| span.holds(at));
        assert_eq!((holds("1h", 6_400_000), holds("1h", 6_399_999)), (Some(true), Some(false)));
        let text = written(Some(5), Some(9));
        assert_eq!(
            (holds(&text, 4), holds(&text, 5), holds(&text, 9), holds(&text, 10)),
            (Some(false), Some(true), Some(true), Some(false))
        );
        assert_eq!((holds(&written(None, Some(9)), 1), holds(&written(Some(5), None), 99)), (Some(true), Some(true)));
        assert_eq!(written(None, None), "");
        assert_eq!((holds("", 5), holds("..", 5), holds("yesterday", 5)), (None, None, None));
    }
}
