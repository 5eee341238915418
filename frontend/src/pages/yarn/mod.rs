//! YARN's screens.

pub(crate) mod applications;
mod cells;
mod order;
mod rows;
