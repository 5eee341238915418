//! A call as it reaches the ResourceManager, and what every call needs.

use super::super::server::Asked;
use super::applications::Id;
use super::behaviour::Behaviour;
use super::dialect::{Dialect, Refused};
use super::population::{Kept, Population};
use super::queues::last;
use super::tokens::Caller;
use super::world::{Standing, World};

/// A call.
pub(super) struct Call<'a> {
    pub(super) world: &'a World,
    pub(super) behaviour: &'a Behaviour,
    /// Which of the pair it reached, and what that is.
    pub(super) place: usize,
    pub(super) standing: Standing,
    pub(super) caller: &'a Caller,
    pub(super) asked: &'a Asked,
}

impl Call<'_> {
    /// The dialect to answer in.
    pub(super) fn dialect(&self) -> Dialect {
        self.behaviour.dialect
    }

    /// A queue as the version names it: the old ones by its last name.
    pub(super) fn shown<'a>(&self, queue: &'a str) -> &'a str {
        if self.dialect() == Dialect::V2 { last(queue) } else { queue }
    }
}

/// The application of an id as a path holds it.
///
/// # Errors
/// 400 for what is no id, 404 for one that nobody has.
pub(super) fn find<'a>(population: &'a mut Population, id: &str) -> Result<&'a mut Kept, Refused> {
    let parsed: Id = id.parse().map_err(Refused::bad_id)?;
    population.find(parsed).ok_or_else(|| Refused::not_found(format!("app with id: {id} not found")))
}
