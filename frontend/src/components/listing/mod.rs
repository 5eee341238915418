//! A page that is one long list: its filters, its order, its columns and the row that one is on stand in the address.

mod cells;
mod facet_menu;
mod facets;
mod order;
mod save;
mod span;
mod time_menu;
mod toolbar;

use std::sync::Arc;
use std::time::Duration;

use howdah_shared::problem::Problem;
use leptos::prelude::*;

pub(crate) use self::cells::{Of, ago, figure, state, text, way};
use self::facets::Filters;
#[cfg(test)]
pub(crate) use self::facets::Fits;
pub(crate) use self::facets::{By, Facet};
pub(crate) use self::order::{Search, Sorter};
use self::save::Save;
use self::toolbar::Toolbar;
use crate::api::Watched;
use crate::components::fleet::use_connection;
use crate::components::freshness::StaleNote;
use crate::components::page::PageHead;
use crate::components::problem::ProblemView;
use crate::components::url_state::url_text;
use crate::i18n::*;
use crate::list::{Keyed, List};
use crate::ui::blank::Blank;
use crate::ui::button::Button;
use crate::ui::format;
use crate::ui::live::{effect, live, memo, string, when};
use crate::ui::mark::Kind;
use crate::ui::skeleton::Skeleton;
use crate::ui::table::{Choice, Column, Hold, Sort, Table, Ticks};
use crate::ui::time::use_clock;

/// A row of such a page.
pub(crate) trait Listed: Keyed + PartialEq + Send + Sync + 'static {
    /// Every text of it that is looked for, in lower case.
    fn haystack(&self) -> &str;
    /// Reads what has not been read of it yet; gives whether there was anything.
    fn read(&self) -> bool {
        false
    }
    /// Where it stands, in one word.
    fn standing(&self) -> &str;
    /// What the place where rows stand is called.
    fn standings_word(i18n: I18nContext<Locale>) -> String {
        t_string!(i18n, list.state).to_string()
    }
    /// What it is sorted by in a column, at an instant of the server's; `None` where that is not known.
    fn rank(&self, column: &str, now: i64) -> Option<Rank<'_>>;
    /// What a column says of it in a file for spreadsheets, at an instant of the server's: the same in every language.
    fn plain(&self, column: &str, now: i64) -> String;
    /// What rows can be filtered by, besides.
    fn facets() -> Vec<Facet> {
        Vec::new()
    }
    /// Gives its values of a facet.
    fn each_value(&self, _facet: &str, _take: &mut dyn FnMut(&str)) {}
    /// Its instant of a facet, in ms since the epoch.
    fn instant(&self, _facet: &str) -> Option<i64> {
        None
    }
    /// The order of rows that are level in a column.
    fn level(&self) -> impl Ord;
    /// The place of a standing among the others; those that nobody knew come last.
    fn place(standing: &str) -> usize;
    /// The shape of a standing, where it has one.
    fn kind(standing: &str) -> Option<Kind>;
    /// The word for a standing.
    fn word(i18n: I18nContext<Locale>, standing: &str) -> String;
}

/// What a row is sorted by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank<'a> {
    /// A text.
    Text(&'a str),
    /// A number.
    Figure(i64),
    /// A number in two parts.
    Number((u64, u64)),
}

/// How many rows stand where.
pub(crate) fn standings<R: Listed>(rows: &[Arc<R>]) -> Vec<(String, usize)> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for row in rows {
        let standing = row.standing();
        match counts.iter_mut().find(|(other, _)| other == standing) {
            Some((_, count)) => *count += 1,
            None => counts.push((standing.to_owned(), 1)),
        }
    }
    counts.sort_by(|(a, _), (b, _)| R::place(a).cmp(&R::place(b)).then_with(|| a.cmp(b)));
    counts
}

/// The standings of the address's form, separated by commas.
fn chosen(text: &str) -> Vec<&str> {
    text.split(',').filter(|word| !word.is_empty()).collect()
}

/// The address's form with one standing more or less.
fn toggled(text: &str, standing: &str) -> String {
    let mut words = chosen(text);
    match words.iter().position(|word| *word == standing) {
        Some(at) => drop(words.remove(at)),
        None => words.push(standing),
    }
    words.join(",")
}

/// What a list is called, and what is said where it is empty.
#[derive(Clone, Copy)]
pub(crate) struct Words {
    /// The page's name.
    pub(crate) title: Signal<String>,
    /// While it is loaded.
    pub(crate) loading: Signal<String>,
    /// What is looked for in the free text.
    pub(crate) search: Signal<String>,
    /// There are no rows.
    pub(crate) empty: Signal<String>,
    /// What would be there, and the way to get it.
    pub(crate) empty_text: Signal<String>,
    /// There are rows, but the filters let none through.
    pub(crate) none_fit: Signal<String>,
}

/// What is known of the rows.
pub(crate) struct Rows<R: Send + Sync + 'static> {
    /// Every row in the order of their keys; `None` until they are known.
    pub(crate) list: Memo<Option<List<R>>>,
    /// Whether they are all; at first they may be the active ones alone.
    pub(crate) complete: Signal<bool>,
    /// When they were learned.
    pub(crate) seen: RwSignal<Option<f64>>,
    /// Why the latest try failed.
    pub(crate) problem: RwSignal<Option<Problem>>,
    /// Tries again.
    pub(crate) retry: Callback<()>,
}

impl<R: Send + Sync + 'static> From<Watched<R>> for Rows<R> {
    fn from(Watched { list, complete }: Watched<R>) -> Rows<R> {
        Rows {
            list: memo(move || list.value.get()),
            complete: complete.into(),
            seen: list.seen,
            problem: list.problem,
            retry: Callback::new(move |()| list.refresh()),
        }
    }
}

impl<R: Send + Sync + 'static> Clone for Rows<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R: Send + Sync + 'static> Copy for Rows<R> {}

/// In ms.
const MINUTE: i64 = 60_000;

/// What can be done with several rows of a list at once.
#[derive(Clone)]
pub(crate) struct Several {
    /// Which they are.
    pub(crate) ticks: Ticks,
    /// The buttons.
    pub(crate) acts: ViewFn,
}

#[derive(Clone, PartialEq)]
enum State {
    Loading,
    Failed(Box<Problem>),
    Empty,
    FilteredOut,
    List,
}

/// The page.
#[component]
pub(crate) fn ListPage<R: Listed>(
    /// The table's id, unique on the page.
    id: &'static str,
    /// The connection's name.
    connection: String,
    /// What it says.
    words: Words,
    /// What it lists.
    rows: Rows<R>,
    /// The columns.
    columns: Vec<Column<R>>,
    /// How it is sorted until the viewer says otherwise.
    first_sort: &'static str,
    /// Follows a row.
    #[prop(into, default = Callback::new(|_| ()))]
    on_open: Callback<String>,
    /// The ways to the other parts of what the page is about, below its name.
    #[prop(into, optional)]
    tabs: ViewFn,
    /// What is to be known of the rows, above them.
    #[prop(into, optional)]
    notes: ViewFn,
    /// What can be done on the page.
    #[prop(optional, into)]
    acts: ViewFnOnce,
    /// What can be done with several rows at once.
    #[prop(default = None)]
    several: Option<Several>,
) -> impl IntoView {
    let i18n = use_i18n();
    let known = use_connection(&connection);
    let clock = use_clock();
    let Rows { list, complete, seen, problem, retry } = rows;
    let filters = Filters::new(R::facets());
    let by = url_text("sort");
    let at = url_text("at");
    let choice = Choice::new(url_text("cols"));
    let columns = StoredValue::new(columns);

    let rows = memo(move || list.get().unwrap_or_default());
    let ticks = several.as_ref().map(|several| several.ticks);
    if let Some(ticks) = ticks {
        // At first there may be the active ones alone.
        effect(move || {
            rows.with(|rows| {
                if complete.get() {
                    ticks.keep(rows)
                }
            })
        });
    }
    let sort = memo(move || by.with(|text| Sort::read(if text.is_empty() { first_sort } else { text })));
    let (sorter, search) = (StoredValue::new(Sorter::default()), StoredValue::new(Search::default()));
    let ordered = memo(move || {
        // What runs grows older, but not past what runs too: there is no need to sort anew each second.
        let now = untrack(|| clock.server()) as i64;
        let sorted = |sorter: &mut Sorter<R>| rows.with(|rows| sort.with(|sort| sorter.sort(rows, sort, now)));
        sorter.try_update_value(sorted).unwrap_or_default()
    });
    // A span that ends now loses rows as the minutes pass.
    let fits = memo(move || filters.fits(|| clock.server() as i64 / MINUTE * MINUTE));
    let live_order = memo(move || {
        let (rows, fits) = (ordered.get(), fits.get());
        let found = |search: &mut Search<R>| filters.text.with(|text| search.find(&rows, text, &fits));
        search.try_update_value(found).unwrap_or_default()
    });
    let asked = memo(move || (filters.asked(), sort.get()));
    let hold = Hold::new(live_order, asked);
    let shown = hold.shown;
    let state = memo(move || match (list.with(Option::is_some), problem.get()) {
        (true, _) if rows.with(|rows| rows.is_empty()) => State::Empty,
        (true, _) if shown.with(|shown| shown.is_empty()) => State::FilteredOut,
        (true, _) => State::List,
        (false, Some(problem)) => State::Failed(Box::new(problem)),
        (false, None) => State::Loading,
    });
    let clear = Callback::new(move |()| filters.clear());
    let place = string(move || known.with(|one| one.as_ref().map(|one| one.title.clone())).unwrap_or_default());
    let count = string(move || {
        let all = rows.with(|rows| rows.len());
        let part = shown.with(|shown| shown.len());
        let all = format::count(all as i64);
        if !complete.get() {
            return t_string!(i18n, list.count_first, first = all).to_string();
        }
        if format::count(part as i64) == all {
            t_string!(i18n, list.count_all, all = all).to_string()
        } else {
            t_string!(i18n, list.count_part, part = format::count(part as i64), all = all).to_string()
        }
    });
    let facts = move || {
        view! {
            <span class="page-head-fact">{place}</span>
            {when(move || list.with(Option::is_some), move || view! {
                <span class="page-head-fact number">{count}</span>
            }.into_any())}
        }
        .into_any()
    };
    view! {
        <div class="list-page">
            <PageHead title=words.title facts=facts acts=acts />
            {tabs.run()}
            <StaleNote seen=seen problem=problem />
            {when(move || !matches!(state.get(), State::Failed(_)), move || view! {
                <Toolbar
                    search=words.search
                    rows=rows
                    filters=filters
                    columns=columns
                    choice=choice
                    save=move || view! { <Save id shown rows columns choice /> }.into_any()
                />
                {notes.run()}
            }.into_any())}
            {live(move || match state.get() {
                State::Loading => view! {
                    <Skeleton class="skeleton-rows" lines=12 label=words.loading />
                }
                .into_any(),
                State::Failed(problem) => view! {
                    <ProblemView problem=Signal::stored(*problem) retry=retry />
                }
                .into_any(),
                State::Empty => view! { <Blank title=words.empty text=words.empty_text /> }.into_any(),
                State::FilteredOut => view! {
                    <Blank
                        title=words.none_fit
                        text=string(move || said::<R>(i18n, filters))
                    >
                        <Button press=clear>{words!(list.clear)}</Button>
                    </Blank>
                }
                .into_any(),
                State::List => view! {
                    <Table
                        id=id
                        label=words.title
                        columns=columns
                        choice=choice
                        rows=rows
                        hold=hold
                        sort=sort
                        on_sort=Callback::new(move |sort: Sort| by.set(sort.write()))
                        chosen=Signal::derive(move || at.with(|at| (!at.is_empty()).then(|| at.clone())))
                        on_choose=Callback::new(move |to: Option<String>| at.set(to.unwrap_or_default()))
                        on_open=on_open
                        ticks=ticks
                    />
                }
                .into_any(),
            })}
            {several.map(several_bar)}
        </div>
    }
}

/// How many rows are ticked, and what can be done with them. It takes its room at the end of the page, so that no row
/// moves for it.
fn several_bar(several: Several) -> AnyView {
    let i18n = use_i18n();
    let Several { ticks, acts } = several;
    let words = string(move || t_string!(i18n, list.ticked, count = format::count(ticks.count() as i64)).to_string());
    when(
        move || ticks.count() > 0,
        move || {
            view! {
                <div class="several" role="region" aria-label=words!(list.several)>
                    <span class="number" role="status">{words}</span>
                    <button class="button button-quiet" type="button" on:click=move |_| ticks.clear()>
                        {words!(list.untick)}
                    </button>
                    <span class="several-acts">{acts.run()}</span>
                </div>
            }
            .into_any()
        },
    )
}

/// Reads the rows from one on, so many at a time that between two pieces the browser does what else there is to do: the
/// first letter that is typed is not to wait for all of them.
fn read_ahead<R: Listed>(rows: Memo<List<R>>, from: usize, piece: usize, done: Callback<()>) {
    let read = move || {
        // The page may be gone.
        let Some(list) = rows.try_get_untracked() else { return };
        let mut left = piece;
        for (at, row) in list.iter().enumerate().skip(from) {
            left -= usize::from(row.read());
            if left == 0 {
                return read_ahead(rows, at + 1, piece, done);
            }
        }
        done.run(());
    };
    set_timeout(read, Duration::ZERO);
}

/// What keeps everything out, in a sentence.
fn said<R: Listed>(i18n: I18nContext<Locale>, filters: Filters) -> String {
    let mut parts = Vec::new();
    let text = filters.text.get();
    if !text.is_empty() {
        parts.push(t_string!(i18n, list.filter_text, text = text).to_string());
    }
    let states = filters.states.get();
    let words: Vec<String> = chosen(&states).iter().map(|state| R::word(i18n, state)).collect();
    if !words.is_empty() {
        parts.push(format!("{}: {}", R::standings_word(i18n), words.join(", ")));
    }
    for (facet, text) in filters.facets() {
        let said = text.with(|text| facet.said(i18n, text));
        if !said.is_empty() {
            parts.push(format!("{}: {said}", facet.title.get()));
        }
    }
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_toggled_in_the_address() {
        assert_eq!(toggled("", "RUNNING"), "RUNNING");
        assert_eq!(toggled("RUNNING,FAILED", "RUNNING"), "FAILED");
    }
}
