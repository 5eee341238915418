//! How a list that is watched is asked only for what can have changed.
//!
//! Building the whole list is what costs a service. Where its rows are active until they end, and never change again,
//! it is enough to ask for the active ones and for those that have ended since. What it has forgotten meanwhile shows
//! in its counts.

/// How a list is asked only for what can have changed.
#[derive(Clone, Copy, Debug)]
pub struct Delta {
    /// Query parameters with which this holds: those that do not choose among the rows.
    pub parameters: &'static [&'static str],
    /// The query parameter that chooses rows by states, separated by commas.
    pub choose: &'static str,
    /// The states of an active row.
    pub active: &'static [&'static str],
    /// The member of a row that tells its state.
    pub state: &'static str,
    /// The query parameter that chooses the rows that ended at an instant or later, in ms since the epoch by the
    /// service's clock.
    pub ended_since: &'static str,
    /// The member of a row that tells when it ended, in the same way.
    pub ended: &'static str,
    /// What tells one run of the service from the next, which may have forgotten all that was.
    pub run: Told<String>,
    /// How many rows the service keeps.
    pub kept: Told<Kept>,
}

/// Something that another read of the service tells.
#[derive(Debug)]
pub struct Told<T> {
    /// The name of the row of the table, one without parameters.
    pub operation: &'static str,
    /// Understands its reply; `None` when it is not one of that read.
    pub read: fn(&[u8]) -> Option<T>,
}

impl<T> Clone for Told<T> {
    fn clone(&self) -> Told<T> {
        *self
    }
}

impl<T> Copy for Told<T> {}

/// Counts of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Of active ones.
    pub active: usize,
    /// Of those that have ended.
    pub ended: usize,
}
