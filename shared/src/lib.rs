//! What Howdah's browser console and its proxy both know: the table of operations, its types and their rules.
//!
//! The console uses this crate in WebAssembly, so nothing of a server may come in here: `tests/harness` reads the
//! dependency tree and says so. What only the proxy needs of it is behind the feature `door`.

pub mod console;
pub mod delta;
#[cfg(feature = "door")]
pub mod door;
pub mod follow;
pub mod keeping;
pub mod lenient;
pub mod mask;
pub mod members;
pub mod operation;
pub mod order;
pub mod problem;
pub mod sensitive;
pub mod shape;
pub mod systems;
pub mod watch;
