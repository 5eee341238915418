//! Which rows of a list are shown, and in which order. Of 100,000 rows few change from one moment to the next, and few
//! fit what is typed: both begin with what came out before.

use std::sync::Arc;

use howdah_shared::order;

use super::Listed;
use super::facets::Fits;
use crate::list::List;
use crate::ui::table::Sort;

/// Sorts a list as it changes.
pub(crate) struct Sorter<R> {
    rows: List<R>,
    order: List<R>,
}

impl<R> Default for Sorter<R> {
    fn default() -> Self {
        Sorter { rows: List::default(), order: List::default() }
    }
}

impl<R: Listed> Sorter<R> {
    /// The rows in an order; those that are level in it, each in its own place.
    pub(crate) fn sort(&mut self, rows: &List<R>, sort: &Sort, now: i64) -> List<R> {
        let mut gone: Vec<*const R> = self.rows.without(rows).into_iter().map(Arc::as_ptr).collect();
        gone.sort_unstable();
        let stays = |row: &&Arc<R>| gone.binary_search(&Arc::as_ptr(row)).is_err();
        // Keys are mostly handed out in the order in which rows come, which is close to most orders that are asked for.
        let come = rows.without(&self.rows).into_iter().rev();
        let begin = self.order.iter().filter(stays).chain(come);
        let mut ranked: Vec<_> = begin.map(|row| (row.rank(&sort.column, now), row.level(), row)).collect();
        order::sort(&mut ranked, |(a, a_level, _), (b, b_level, _)| {
            let order = match (a, b) {
                (Some(a), Some(b)) if sort.down => b.cmp(a),
                (Some(a), Some(b)) => a.cmp(b),
                // What is not known comes last, whichever way the sort goes.
                (a, b) => b.is_some().cmp(&a.is_some()),
            };
            order.then_with(|| a_level.cmp(b_level))
        });
        self.order = ranked.into_iter().map(|(_, _, row)| row.clone()).collect();
        self.rows = rows.clone();
        self.order.clone()
    }
}

/// Filters a list as the viewer types.
pub(crate) struct Search<R> {
    rows: List<R>,
    fits: Fits,
    /// What was found for each of the texts that the last one began with.
    found: Vec<(String, List<R>)>,
}

impl<R> Default for Search<R> {
    fn default() -> Self {
        Search { rows: List::default(), fits: Fits::default(), found: Vec::new() }
    }
}

impl<R: Listed> Search<R> {
    /// The rows that hold every word and fit, in the order in which they are given.
    pub(crate) fn find(&mut self, rows: &List<R>, text: &str, fits: &Fits) -> List<R> {
        if text.trim().is_empty() && fits.all() {
            *self = Search::default();
            return rows.clone();
        }
        if self.rows != *rows || self.fits != *fits {
            *self = Search { rows: rows.clone(), fits: fits.clone(), found: Vec::new() };
        }
        let text = text.to_lowercase();
        // What does not hold the beginning does not hold the whole.
        self.found.retain(|(beginning, _)| text.starts_with(beginning.as_str()));
        match self.found.last() {
            Some((last, found)) if *last == text => found.clone(),
            last => {
                let among = last.map_or(rows, |(_, found)| found);
                let found = fitting(among, &text, fits);
                // The first letters often let all rows through: then it is the same list, and nothing is drawn anew.
                let found = if found.len() == among.len() { among.clone() } else { found };
                self.found.push((text, found.clone()));
                found
            }
        }
    }
}

fn fitting<R: Listed>(rows: &List<R>, text: &str, fits: &Fits) -> List<R> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let found = |row: &&Arc<R>| fits.lets(&***row) && words.iter().all(|word| row.haystack().contains(word));
    rows.iter().filter(found).cloned().collect()
}
