//! Primitives that know nothing of Howdah.

pub(crate) mod blank;
pub(crate) mod button;
pub(crate) mod chart;
pub(crate) mod copyable;
pub(crate) mod csv;
pub(crate) mod facts;
pub(crate) mod field;
pub(crate) mod format;
pub(crate) mod icon;
pub(crate) mod live;
pub(crate) mod mark;
pub(crate) mod menu;
pub(crate) mod skeleton;
pub(crate) mod table;
pub(crate) mod time;
pub(crate) mod toast;
