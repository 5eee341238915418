//! Hadoop Eco: clusters that are run again.

mod again_form;
mod again_key;
pub(crate) mod cluster;
pub(crate) mod clusters;
pub(crate) mod run_again;
