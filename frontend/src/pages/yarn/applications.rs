//! The applications of a ResourceManager: all of them, filtered and sorted here.

use howdah_shared::systems::yarn::{ApplicationsQuery, LIST_DESELECTS, ListApplications};
use leptos::prelude::*;

use super::cells::columns;
use super::rows::Row;
use super::several::Change;
use crate::address;
use crate::api::watched;
use crate::components::batch::{Run, SeveralDialog, left_note, several};
use crate::components::freshness::watch;
use crate::components::listing::{ListPage, Rows, Words};
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::format;
use crate::ui::live::{memo, string, when};
use crate::ui::table::Ticks;

/// What every page asks for that is about all of them: so they share one poller.
pub(super) fn everything() -> ApplicationsQuery {
    ApplicationsQuery { de_selects: Some(LIST_DESELECTS.into()), ..Default::default() }
}

/// The page.
#[component]
pub(super) fn Applications(
    /// The connection's name.
    connection: String,
) -> impl IntoView {
    let told = watched::<_, Row>(&connection, &ListApplications {}, &everything());
    watch(told.list);
    let rows = Rows::from(told);
    let words = Words {
        title: words!(applications.title),
        loading: words!(applications.loading),
        search: words!(applications.search),
        empty: words!(applications.empty),
        empty_text: words!(applications.empty_text),
        none_fit: words!(applications.none_fit),
    };
    let hidden = memo(move || {
        rows.list.with(|rows| rows.iter().flat_map(|rows| rows.iter()).filter(|row| row.hidden()).count())
    });
    let place = connection.clone();
    let open = Callback::new(move |id: String| address::go(&Place::Application(place.clone(), id).href()));
    let ticks = Ticks::new();
    let run = Run::new(&connection);
    let acts = vec![Change::Move(String::new()), Change::Kill];
    let several = several(run, ticks, rows.list, acts);
    view! {
        // Newest first.
        <ListPage
            id="applications"
            connection
            words
            rows
            columns=columns()
            first_sort="-started"
            on_open=open
            notes=move || view! { {left_note(run)} {hidden_note(hidden)} }.into_any()
            several=Some(several)
        />
        <SeveralDialog run=run ticks=ticks />
    }
}

/// What to grant, where the service hides something.
fn hidden_note(hidden: Memo<usize>) -> AnyView {
    let i18n = use_i18n();
    let words = string(move || {
        t_string!(i18n, applications.hidden_note, count = format::count(hidden.get() as i64)).to_string()
    });
    when(move || hidden.get() > 0, move || view! { <p class="note">{words}</p> }.into_any())
}
