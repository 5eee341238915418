//! Primitives that know nothing of Howdah.

pub(crate) mod blank;
pub(crate) mod button;
pub(crate) mod chart;
pub(crate) mod copyable;
pub(crate) mod csv;
pub(crate) mod dialog;
pub(crate) mod facts;
pub(crate) mod field;
pub(crate) mod format;
pub(crate) mod icon;
pub(crate) mod link;
pub(crate) mod live;
pub(crate) mod mark;
pub(crate) mod menu;
pub(crate) mod meter;
pub(crate) mod search;
pub(crate) mod skeleton;
pub(crate) mod spark;
pub(crate) mod table;
pub(crate) mod time;
pub(crate) mod toast;
