//! Which rows of a long table are drawn, and how the keyboard moves among them.

/// A window over rows of fixed height.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// The first row that is drawn.
    pub(crate) first: usize,
    /// How many are.
    pub(crate) count: usize,
}

/// Rows drawn above and below what can be seen, so that a quick scroll meets no gap.
pub(super) const MARGIN: usize = 8;

/// So many rows pass before others are drawn: what is drawn anew is drawn as a whole.
const STEP: usize = 4;

/// The rows to draw: those that can be seen, and a margin of so many.
pub(super) fn window(scrolled: f64, height: f64, row: f64, rows: usize, margin: usize) -> Window {
    let seen = (scrolled.max(0.0) / row) as usize;
    let first = seen.saturating_sub(margin).min(rows.saturating_sub(1)) / STEP * STEP;
    let fits = (height.max(0.0) / row).ceil() as usize + 1;
    Window { first, count: (seen + fits + margin).min(rows).saturating_sub(first) }
}

/// The rows that can be seen whole under the head: the first, and how many.
pub(crate) fn seen(scrolled: f64, height: f64, row: f64) -> Window {
    let first = (scrolled.max(0.0) / row).ceil();
    let end = ((scrolled.max(0.0) + height - row) / row).floor();
    Window { first: first as usize, count: (end - first).max(1.0) as usize }
}

/// Where a key leads from a row; `None` for a key that does not move. Who is on no row begins with those that are
/// `seen`.
pub(crate) fn moved(key: &str, at: Option<usize>, rows: usize, seen: Window) -> Option<usize> {
    let last = rows.checked_sub(1)?;
    let page = seen.count.saturating_sub(1).max(1);
    let to = match key {
        "ArrowDown" => at.map_or(seen.first, |at| at + 1),
        "ArrowUp" => at.map_or(seen.first + page, |at| at.saturating_sub(1)),
        "PageDown" => at.map_or(seen.first, |at| at + page),
        "PageUp" => at.map_or(seen.first + page, |at| at.saturating_sub(page)),
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    Some(to.min(last))
}

/// How far to scroll so that a row can be seen whole; `None` if it can.
pub(crate) fn reveal(at: usize, scrolled: f64, height: f64, row: f64) -> Option<f64> {
    let top = at as f64 * row;
    if top < scrolled {
        Some(top)
    } else if top + row > scrolled + height {
        Some((top + row - height).max(0.0))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_seen_is_drawn() {
        assert_eq!(window(0.0, 320.0, 32.0, 10_000, 0), Window { first: 0, count: 11 });
        assert_eq!(window(0.0, 320.0, 32.0, 10_000, MARGIN), Window { first: 0, count: 19 });
        assert_eq!(window(32_000.0, 320.0, 32.0, 10_000, MARGIN), Window { first: 992, count: 27 });
        assert_eq!(window(320_000.0, 320.0, 32.0, 10_000, MARGIN), Window { first: 9_992, count: 8 });
    }

    #[test]
    fn short_lists_are_drawn_whole() {
        assert_eq!(window(0.0, 320.0, 32.0, 0, MARGIN), Window { first: 0, count: 0 });
        assert_eq!(window(0.0, 320.0, 32.0, 3, MARGIN), Window { first: 0, count: 3 });
        assert_eq!(window(5_000.0, 320.0, 32.0, 3, MARGIN), Window { first: 0, count: 3 });
    }

    #[test]
    fn rows_cut_by_an_edge_are_not_seen_whole() {
        assert_eq!(seen(0.0, 352.0, 32.0), Window { first: 0, count: 10 });
        assert_eq!(seen(16.0, 352.0, 32.0), Window { first: 1, count: 9 });
        assert_eq!(seen(0.0, 40.0, 32.0), Window { first: 0, count: 1 });
    }

    #[test]
    fn keys_stay_within_the_rows() {
        let seen = Window { first: 20, count: 11 };
        assert_eq!(moved("ArrowDown", Some(4), 5, seen), Some(4));
        assert_eq!(moved("ArrowUp", Some(0), 5, seen), Some(0));
        assert_eq!(moved("PageDown", Some(1), 100, seen), Some(11));
        assert_eq!(moved("PageUp", Some(4), 100, seen), Some(0));
        assert_eq!(moved("End", Some(4), 100, seen), Some(99));
        assert_eq!(moved("Home", Some(4), 0, seen), None);
        assert_eq!(moved("a", Some(4), 100, seen), None);
    }

    #[test]
    fn who_is_on_no_row_begins_in_sight() {
        let seen = Window { first: 20, count: 11 };
        assert_eq!(moved("ArrowDown", None, 100, seen), Some(20));
        assert_eq!(moved("ArrowUp", None, 100, seen), Some(30));
        assert_eq!(moved("ArrowDown", None, 5, seen), Some(4));
    }

    #[test]
    fn a_hidden_row_is_brought_to_the_nearer_edge() {
        assert_eq!(reveal(0, 100.0, 320.0, 32.0), Some(0.0));
        assert_eq!(reveal(5, 100.0, 320.0, 32.0), None);
        assert_eq!(reveal(20, 100.0, 320.0, 32.0), Some(352.0));
    }
}
