//! The applications of a ResourceManager: all of them, filtered and sorted here.

use howdah_shared::systems::yarn::{ApplicationsQuery, LIST_DESELECTS, ListApplications};
use leptos::prelude::*;

use super::cells::columns;
use super::rows::Row;
use crate::api::{Watched, watched};
use crate::components::freshness::watch;
use crate::components::listing::{ListPage, Rows, Words};
use crate::ui::live::memo;

/// The page.
#[component]
pub(crate) fn Applications(
    /// The connection's name.
    connection: String,
) -> impl IntoView {
    let query = ApplicationsQuery { de_selects: Some(LIST_DESELECTS.into()), ..Default::default() };
    let Watched { list, complete } = watched::<_, Row>(&connection, &ListApplications {}, &query);
    watch(list);
    let rows = Rows {
        list: memo(move || list.value.get()),
        complete: complete.into(),
        seen: list.seen,
        problem: list.problem,
        retry: Callback::new(move |()| list.refresh()),
    };
    let words = Words {
        title: words!(applications.title),
        loading: words!(applications.loading),
        search: words!(applications.search),
        empty: words!(applications.empty),
        empty_text: words!(applications.empty_text),
        none_fit: words!(applications.none_fit),
    };
    view! {
        // Newest first.
        <ListPage id="applications" connection words rows columns=columns() first_sort="-started" />
    }
}
