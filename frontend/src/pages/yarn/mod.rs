//! YARN's screens.

pub(crate) mod applications;
mod cells;
mod rows;
#[cfg(test)]
mod tests;
