//! How many applications there are, by type and state: as the list has them, and as the service counts its own.

use std::collections::BTreeMap;

use howdah_shared::systems::yarn::{ListApplications, ShowApplicationStatistics, StatisticsQuery};
use leptos::prelude::*;

use super::applications::everything;
use super::cells::standing_word;
use super::rows::Row;
use crate::api::{Watched, watched};
use crate::components::fleet::use_connection;
use crate::components::freshness::{StaleNote, watch};
use crate::components::listing::Listed;
use crate::components::page::PageHead;
use crate::components::problem::{ProblemLine, ProblemView};
use crate::components::reply::reply;
use crate::components::url_state::url_text;
use crate::i18n::*;
use crate::list::List;
use crate::routes::Place;
use crate::ui::blank::Blank;
use crate::ui::format;
use crate::ui::live::{live, memo, string};
use crate::ui::skeleton::Skeleton;

/// The page.
#[component]
pub(super) fn Statistics(
    /// The connection's name.
    connection: String,
) -> impl IntoView {
    let Watched { list, complete } = watched::<_, Row>(&connection, &ListApplications {}, &everything());
    watch(list);
    let known = use_connection(&connection);
    let place = string(move || known.with(|one| one.as_ref().map(|one| one.title.clone())).unwrap_or_default());
    let counts = memo(move || list.value.with(|rows| rows.as_ref().filter(|_| complete.get()).map(count)));
    let failed = memo(move || list.problem.get().filter(|_| counts.with(Option::is_none)));
    let facts = move || view! { <span class="page-head-fact">{place}</span> }.into_any();
    let of = connection.clone();
    view! {
        <PageHead title=words!(frame.statistics) facts=facts />
        <StaleNote seen=list.seen problem=list.problem />
        {live(move || match (counts.get(), failed.get()) {
            (Some(counts), _) if counts.rows.is_empty() => {
                view! { <Blank title=words!(statistics.none) text=words!(statistics.none_text) /> }.into_any()
            }
            (Some(counts), _) => table(&connection, &counts),
            (None, Some(problem)) => view! {
                <ProblemView problem=Signal::stored(problem) retry=Callback::new(move |()| list.refresh()) />
            }
            .into_any(),
            (None, None) => view! { <Skeleton class="facts" lines=8 label=words!(statistics.loading) /> }.into_any(),
        })}
        <Service connection=of kinds=memo(move || counts.with(|counts| {
            counts.as_ref().map(|counts| counts.rows.keys().cloned().collect()).unwrap_or_default()
        })) />
    }
}

/// How many there are of each type in each state.
#[derive(Clone, Debug, Default, PartialEq)]
struct Counts {
    /// The states that occur, in the order of a life.
    states: Vec<String>,
    /// By type, the counts in that order.
    rows: BTreeMap<String, Vec<usize>>,
}

fn count(rows: &List<Row>) -> Counts {
    let mut by: BTreeMap<String, BTreeMap<&str, usize>> = BTreeMap::new();
    let mut states: Vec<&str> = Vec::new();
    for row in rows.iter() {
        let kind = row.application().application_type.clone().unwrap_or_default();
        *by.entry(kind).or_default().entry(row.standing()).or_default() += 1;
        if !states.contains(&row.standing()) {
            states.push(row.standing());
        }
    }
    states.sort_by_key(|state| (Row::place(state), *state));
    let of =
        |counts: BTreeMap<&str, usize>| states.iter().map(|state| counts.get(state).copied().unwrap_or(0)).collect();
    let rows = by.into_iter().map(|(kind, counts)| (kind, of(counts))).collect();
    Counts { states: states.into_iter().map(str::to_owned).collect(), rows }
}

fn table(connection: &str, counts: &Counts) -> AnyView {
    let i18n = use_i18n();
    let link = |kind: Option<&str>, state: Option<&str>, count: usize| {
        if count == 0 {
            return view! { <td class="listing-quiet">"0"</td> }.into_any();
        }
        let filters = [("type", kind), ("state", state)];
        let filters: Vec<(&str, &str)> = filters.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let href = Place::Applications(connection.to_owned()).href_with(&filters);
        view! { <td><a href=href>{format::count(count as i64)}</a></td> }.into_any()
    };
    let heads = counts.states.iter().cloned().map(|state| {
        view! { <th scope="col">{string(move || standing_word(i18n, &state))}</th> }
    });
    let rows = counts.rows.iter().map(|(kind, counted)| {
        let cells = counts.states.iter().zip(counted).map(|(state, count)| link(Some(kind), Some(state), *count));
        let name = if kind.is_empty() { "—".to_owned() } else { kind.clone() };
        view! {
            <tr>
                <th scope="row">{name}</th>
                {cells.collect_view()}
                {link(Some(kind), None, counted.iter().sum())}
            </tr>
        }
    });
    let sums: Vec<usize> = (0..counts.states.len()).map(|at| counts.rows.values().map(|row| row[at]).sum()).collect();
    let all = sums.iter().sum();
    let sums = counts.states.iter().zip(sums).map(|(state, sum)| link(None, Some(state), sum));
    view! {
        <p class="field-hint">{words!(statistics.hint)}</p>
        <div class="figures-scroll" tabindex="0">
            <table class="figures">
                <thead>
                    <tr>
                        <th scope="col">{words!(statistics.kind)}</th>
                        {heads.collect_view()}
                        <th scope="col">{words!(statistics.all)}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
                <tfoot>
                    <tr>
                        <th scope="row">{words!(statistics.all)}</th>
                        {sums.collect_view()}
                        {link(None, None, all)}
                    </tr>
                </tfoot>
            </table>
        </div>
    }
    .into_any()
}

/// The service's own counts, of one type or of all.
#[component]
fn Service(connection: String, kinds: Memo<Vec<String>>) -> impl IntoView {
    let i18n = use_i18n();
    let kind = url_text("of");
    live(move || {
        let of = kind.get();
        let query = StatisticsQuery { application_types: (!of.is_empty()).then_some(of), ..StatisticsQuery::default() };
        let told = reply(&connection, &ShowApplicationStatistics {}, &query);
        let items = memo(move || {
            told.map(|reply| {
                let items = reply.app_stat_info.stat_item.iter();
                items
                    .map(|item| (item.state.clone().unwrap_or_default().to_uppercase(), item.count))
                    .collect::<Vec<_>>()
            })
        });
        view! {
            <section>
                <h2>{words!(statistics.service)}</h2>
                <p class="field-hint">{words!(statistics.service_hint)}</p>
                <div class="field">
                    <label class="field-label" for="statistics-type">{words!(statistics.kind)}</label>
                    <select
                        class="input"
                        id="statistics-type"
                        prop:value=move || kind.get()
                        on:change=move |event| kind.set(event_target_value(&event))
                    >
                        <option value="">{words!(statistics.all)}</option>
                        <For each=move || kinds.get() key=String::clone let:one>
                            <option value=one.clone() selected=one == kind.get_untracked()>{one.clone()}</option>
                        </For>
                    </select>
                </div>
                {live(move || match (items.get(), told.polled.problem.get()) {
                    (Some(items), _) => {
                        let rows = items.into_iter().map(|(state, count)| view! {
                            <tr>
                                <th scope="row">{string(move || standing_word(i18n, &state))}</th>
                                <td>{count.map_or_else(|| "—".to_owned(), format::count)}</td>
                            </tr>
                        });
                        view! {
                            <table class="figures">
                                <thead><tr><th scope="col">{words!(applications.state)}</th><th scope="col">{words!(statistics.count)}</th></tr></thead>
                                <tbody>{rows.collect_view()}</tbody>
                            </table>
                        }
                        .into_any()
                    }
                    (None, Some(problem)) => view! { <ProblemLine problem=Signal::stored(problem) /> }.into_any(),
                    (None, None) => view! { <Skeleton lines=4 label=words!(statistics.loading) /> }.into_any(),
                })}
            </section>
        }
        .into_any()
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::rows::tests::row;
    use super::*;

    #[test]
    fn each_is_counted_once() {
        let of = |id: u32, kind: &str, state: &str| {
            row(id, |a| {
                a.application_type = Some(kind.into());
                a.state = Some(state.into());
            })
        };
        let rows: List<Row> =
            [of(1, "SPARK", "KILLED"), of(2, "SPARK", "RUNNING"), of(3, "YARN", "RUNNING"), of(4, "SPARK", "RUNNING")]
                .map(Arc::new)
                .into_iter()
                .collect();
        let counts = count(&rows);
        assert_eq!(counts.states, ["RUNNING", "KILLED"]);
        assert_eq!(counts.rows["SPARK"], [2, 1]);
        assert_eq!(counts.rows["YARN"], [1, 0]);
    }
}
