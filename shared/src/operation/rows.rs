//! The columns of a row that tell what its reply is made of, and how that is watched.

/// Where the rows of a list stand in its reply. Who watches it gets them alone, in the order of their keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Members from the top of the reply to the list, with dots: `apps.app`; empty where the reply itself is the list.
    pub list: &'static str,
    /// The member of a row that names it: `id`.
    pub key: &'static str,
    /// Members of a row that move by themselves, such as the time that it has taken: who watches the list is not told
    /// of each of their steps.
    pub volatile: &'static [&'static str],
    /// The members of a row that the console reads. It is sent their values alone, in this order, as
    /// [`columns`](crate::watch::columns): first those that it reads of every row at once, the key before all. Empty
    /// where it reads all, which it is sent as it is.
    pub shown: &'static [&'static str],
}

/// Where the rows of a tree stand in its reply, each with others below it. Scripts that watch it get the reply whole; the
/// console gets its rows, each under its path from the top, with dots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tree {
    /// Members from the top of the reply to the row at the top, with dots.
    pub top: &'static str,
    /// The member of a row that tells its path, where the service tells it.
    pub path: &'static str,
    /// The member of a row that names it among its siblings.
    pub name: &'static str,
    /// Where the rows below one stand in it: a member, and the one within that some services wrap them in.
    pub below: &'static [(&'static str, &'static str)],
    /// The members, at any depth of a row, of which the console is told.
    pub shown: &'static [&'static str],
    /// Those of which it is told of the row at the top besides.
    pub at_top: &'static [&'static str],
}

/// Records of the service that may have any member: only those that are known leave the proxy, and those that the
/// configuration of a connection names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Records {
    /// Where a reply has them: members from the top, with dots; a list stands for each of its items.
    pub places: &'static [&'static str],
    /// The members that leave.
    pub known: &'static [&'static str],
}

/// The member of a record that tells how many of its own were held back.
pub const HELD_BACK: &str = "HowdahHeldBack";

/// A query parameter that chooses among the rows of a list here, because the service does not.
#[derive(Clone, Copy, Debug)]
pub struct Chosen {
    /// Its name. It is not sent.
    pub parameter: &'static str,
    /// Whether a row, as JSON, is one of those that a value of it takes.
    pub keeps: fn(&[u8], &str) -> bool,
}

/// How a read is asked again and again for those who watch it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watch {
    /// Seconds between two looks while nothing changes.
    pub slow: u32,
    /// Seconds between two looks while something does.
    pub fast: u32,
    /// Query parameters with which it cannot be watched: windows of time, which are another list at each look.
    pub windows: &'static [&'static str],
    /// How something in it tells that it is on its way.
    pub moving: Option<Moving>,
}

/// How a row of a list, or a reply that is none, tells that it is on its way: as long as one is, there are as many looks
/// as while something changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moving {
    /// The member that tells where it is: of a row its name, of a reply the members from the top, with dots.
    pub member: &'static str,
    /// Its values where there is nothing to wait for.
    pub settled: &'static [&'static str],
}
