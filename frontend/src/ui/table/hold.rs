//! The order of rows stands still while somebody is at them.

use std::collections::HashSet;

use leptos::prelude::*;

use crate::i18n::*;
use crate::list::{Keyed, List};
use crate::ui::format;
use crate::ui::live::{effect, memo, string, when};

/// Which rows are shown, in which order: the live one, but not while a pointer or the focus is at them.
pub(crate) struct Hold<R: Send + Sync + 'static> {
    live: Memo<List<R>>,
    pointer: RwSignal<bool>,
    focus: RwSignal<bool>,
    /// What is shown; perhaps older readings of the rows.
    pub(crate) shown: RwSignal<List<R>>,
    /// How many rows would be shown besides those.
    news: Memo<usize>,
}

impl<R: Send + Sync + 'static> Clone for Hold<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R: Send + Sync + 'static> Copy for Hold<R> {}

impl<R: Keyed + Send + Sync + 'static> Hold<R> {
    /// Follows a live order. What the viewer `asked` for is shown at once, whoever is there.
    pub(crate) fn new<A: Clone + PartialEq + Send + Sync + 'static>(live: Memo<List<R>>, asked: Memo<A>) -> Hold<R> {
        let (pointer, focus) = (RwSignal::new(false), RwSignal::new(false));
        let shown = RwSignal::new(List::default());
        let done = StoredValue::new(None);
        effect(move || {
            let (now, asked, free) = (live.get(), asked.get(), !pointer.get() && !focus.get());
            let new = done.with_value(|done| done.as_ref() != Some(&asked));
            if new || free || shown.with_untracked(|shown| shown.is_empty()) {
                done.set_value(Some(asked));
                if shown.with_untracked(|shown| *shown != now) {
                    shown.set(now);
                }
            }
        });
        let news =
            memo(move || live.with(|live| shown.with(|shown| if live == shown { 0 } else { count_new(live, shown) })));
        Hold { live, pointer, focus, shown, news }
    }

    /// A pointer has come or gone.
    pub(super) fn pointer(self, there: bool) {
        self.pointer.set(there);
    }

    /// The focus has come or gone.
    pub(super) fn focus(self, there: bool) {
        if self.focus.get_untracked() != there {
            self.focus.set(there);
        }
    }

    /// The table is no more; the page that made it may be gone too.
    pub(super) fn let_go(self) {
        let _ = (self.pointer.try_set(false), self.focus.try_set(false));
    }

    fn let_in(self) {
        // The button goes with what it counted, and takes the focus with it.
        self.focus(false);
        self.shown.set(self.live.get_untracked());
    }
}

fn count_new<R: Keyed>(live: &List<R>, shown: &List<R>) -> usize {
    let there: HashSet<&str> = shown.iter().map(|row| row.key()).collect();
    live.iter().filter(|row| !there.contains(row.key())).count()
}

/// How many rows have come while the order holds; a press lets them in.
#[component]
pub(super) fn News<R: Keyed + Send + Sync + 'static>(hold: Hold<R>) -> impl IntoView {
    let i18n = use_i18n();
    let count = move || format::count(hold.news.get() as i64);
    when(
        move || hold.news.get() > 0,
        move || {
            view! {
                <button
                    class="news"
                    type="button"
                    aria-label=string(move || t_string!(i18n, table.news_show, count = count()).to_string())
                    on:click=move |_| hold.let_in()
                >
                    {string(move || t_string!(i18n, table.news, count = count()).to_string())}
                </button>
            }
            .into_any()
        },
    )
}
