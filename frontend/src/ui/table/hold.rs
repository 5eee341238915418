//! The order of rows stands still while somebody is at them: with a pointer, with the focus, or marking text.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

use crate::browser;
use crate::i18n::*;
use crate::list::{Keyed, List};
use crate::ui::format;
use crate::ui::live::{effect, memo, string, when};

/// How long after a finger has gone its click is told of, and then some.
const AFTER_TOUCH: Duration = Duration::from_millis(500);

/// Which rows are shown, in which order: the live one, but not while a pointer, the focus or a selection of text is at
/// them.
pub(crate) struct Hold<R: Send + Sync + 'static> {
    live: Memo<List<R>>,
    pointer: RwSignal<bool>,
    /// How many pointers have come until now.
    pointers: StoredValue<u32>,
    focus: RwSignal<bool>,
    selection: RwSignal<bool>,
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
        let [pointer, focus, selection] = [(); 3].map(|()| RwSignal::new(false));
        let shown = RwSignal::new(if browser::ABSENT { live.get_untracked() } else { List::default() });
        let done = StoredValue::new(None);
        effect(move || {
            let (now, asked) = (live.get(), asked.get());
            // Each is read, whatever the others are: whichever changes is to be heard of.
            let free = ![pointer.get(), focus.get(), selection.get()].contains(&true);
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
        Hold { live, pointer, pointers: StoredValue::new(0), focus, selection, shown, news }
    }

    /// A pointer has come.
    pub(super) fn pointer_came(self) {
        self.pointers.update_value(|pointers| *pointers += 1);
        self.pointer.set(true);
    }

    /// A pointer has gone. A finger goes before the click that it makes is told of, which is for the row that it
    /// touched: the order stands a little longer.
    pub(super) fn pointer_gone(self, is_finger: bool) {
        if !is_finger {
            return self.pointer.set(false);
        }
        let last = self.pointers.get_value();
        let go = move || {
            if self.pointers.try_get_value() == Some(last) {
                self.pointer.set(false);
            }
        };
        set_timeout(go, AFTER_TOUCH);
    }

    /// The focus has come or gone.
    pub(super) fn focus(self, there: bool) {
        if self.focus.get_untracked() != there {
            self.focus.set(there);
        }
    }

    /// Holds while text within the table is selected.
    pub(super) fn follow_selection(self, table: NodeRef<html::Div>) {
        let look = move || {
            let selection = browser::window().and_then(|window| window.get_selection().ok().flatten());
            let within = |node: Option<web_sys::Node>| {
                table.get_untracked().is_some_and(|table| node.is_some_and(|node| table.contains(Some(&node))))
            };
            // Asked last: the browser lays the page out for it, and this is told of each letter typed anywhere.
            let there =
                selection.is_some_and(|s| (within(s.anchor_node()) || within(s.focus_node())) && !s.is_collapsed());
            if self.selection.get_untracked() != there {
                self.selection.set(there);
            }
        };
        let Some(document) = browser::window().and_then(|window| window.document()) else { return };
        let listener = Closure::<dyn Fn()>::new(look);
        let function = listener.as_ref().unchecked_ref::<js_sys::Function>().clone();
        let _ = document.add_event_listener_with_callback("selectionchange", &function);
        let kept = StoredValue::new_local((document, function, listener));
        on_cleanup(move || {
            kept.with_value(|(document, function, _)| {
                let _ = document.remove_event_listener_with_callback("selectionchange", function);
            });
        });
    }

    /// The table is no more; the page that made it may be gone too.
    pub(super) fn let_go(self) {
        for there in [self.pointer, self.focus, self.selection] {
            let _ = there.try_set(false);
        }
    }

    fn let_in(self) {
        // The button goes with what it counted, and takes the focus with it.
        self.focus(false);
        self.shown.set(self.live.get_untracked());
    }
}

fn count_new<R: Keyed>(live: &[Arc<R>], shown: &[Arc<R>]) -> usize {
    let same = |(a, b): &(&Arc<R>, &Arc<R>)| Arc::ptr_eq(a, b) || a.key() == b.key();
    // What is new stands together most of the time: at the beginning, or at the end.
    let first = live.iter().zip(shown).take_while(same).count();
    let (live, shown) = (&live[first..], &shown[first..]);
    let last = live.iter().rev().zip(shown.iter().rev()).take_while(same).count();
    let (live, shown) = (&live[..live.len() - last], &shown[..shown.len() - last]);
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

#[cfg(test)]
mod tests {
    use super::*;

    impl Keyed for &'static str {
        fn key(&self) -> &str {
            self
        }
    }

    #[test]
    fn only_rows_that_were_not_there_are_new() {
        let rows = |keys: &'static str| -> Vec<Arc<&str>> { keys.split_terminator(' ').map(Arc::new).collect() };
        for (live, shown, new) in [
            ("a b c", "a b c", 0),
            ("x a b c", "a b c", 1),
            ("a b c x y", "a b c", 2),
            ("a x b y c", "a b c", 2),
            ("c b a", "a b c", 0),
            ("x a b", "a b c", 1),
            ("a b", "a b c", 0),
            ("", "a", 0),
            ("a", "", 1),
        ] {
            assert_eq!(count_new(&rows(live), &rows(shown)), new, "{live} beside {shown}");
        }
    }
}
