//! A page that is about one reply which is no list.

use std::sync::Arc;

use howdah_shared::operation::Operation;
use howdah_shared::problem::Problem;
use leptos::prelude::*;

use crate::api::{Polled, Whole, watched_whole};
use crate::components::problem::ProblemView;
use crate::list::List;
use crate::ui::live::{live, memo};
use crate::ui::skeleton::Skeleton;

/// What is known of the reply.
pub(crate) struct Reply<T: Send + Sync + 'static> {
    /// The latest.
    pub(crate) value: Memo<Option<Arc<Whole<T>>>>,
    /// How it is had.
    pub(crate) polled: Polled<List<Whole<T>>>,
}

impl<T: Send + Sync + 'static> Clone for Reply<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Reply<T> {}

/// Watches a read as long as the owner lives.
pub(crate) fn reply<O>(connection: &str, operation: &O, query: &O::Query) -> Reply<O::Reply>
where
    O: Operation + 'static,
    O::Reply: Default + PartialEq + Send + Sync,
{
    let polled = watched_whole(connection, operation, query);
    Reply { value: memo(move || polled.value.with(|list| list.as_ref()?.first().cloned())), polled }
}

impl<T: PartialEq + Send + Sync + 'static> Reply<T> {
    /// What is made of the latest; `None` until there is one.
    pub(crate) fn map<U>(self, of: impl Fn(&T) -> U) -> Option<U> {
        self.value.with(|value| value.as_ref().map(|whole| of(&whole.0)))
    }

    /// As of [`shown`].
    pub(crate) fn shown(self, loading: Signal<String>, draw: impl Fn() -> AnyView + Send + Sync + 'static) -> AnyView {
        shown(self.polled, loading, draw)
    }
}

/// A skeleton until something is there, the problem where it cannot be had, else what is drawn of it.
pub(crate) fn shown<R: Send + Sync + 'static>(
    polled: Polled<List<R>>,
    loading: Signal<String>,
    draw: impl Fn() -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let is_there = memo(move || polled.value.with(Option::is_some));
    let failed = memo(move || polled.problem.get().filter(|_| !is_there.get()));
    live(move || match (is_there.get(), failed.get()) {
        (true, _) => draw(),
        (false, Some(problem)) => problem_view(problem, Callback::new(move |()| polled.refresh())),
        (false, None) => view! { <Skeleton class="facts" lines=8 label=loading /> }.into_any(),
    })
}

fn problem_view(problem: Problem, retry: Callback<()>) -> AnyView {
    view! { <ProblemView problem=Signal::stored(problem) retry=retry /> }.into_any()
}
