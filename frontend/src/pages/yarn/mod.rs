//! YARN's screens.

pub(crate) mod applications;
mod cells;
mod rows;
