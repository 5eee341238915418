//! Sorting that is compiled once: the browser downloads every sort of a type of its own, and there are many lists.

use std::cmp::Ordering;

/// Sorts rows; those that are level stay in their order.
pub fn sort<T>(rows: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let order = sorted(rows.len(), &|a, b| compare(&rows[a], &rows[b]));
    let mut unsorted: Vec<Option<T>> = std::mem::take(rows).into_iter().map(Some).collect();
    rows.extend(order.into_iter().filter_map(|at| unsorted[at].take()));
}

/// The places of so many rows in their order.
fn sorted(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|a, b| compare(*a, *b));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn level_rows_stay_as_they_were() {
        let mut rows = vec![("b", 1), ("a", 2), ("b", 3), ("a", 4), ("c", 5)];
        sort(&mut rows, |(a, _), (b, _)| a.cmp(b));
        assert_eq!(rows, [("a", 2), ("a", 4), ("b", 1), ("b", 3), ("c", 5)]);
        sort(&mut Vec::<u8>::new(), Ord::cmp);
    }
}
