//! Usage as charts, with the tables that say the same.

use howdah_shared::systems::cyclecloud::Granularity;
use leptos::prelude::*;

use super::usage_figures::{Amount, Interval, money, parts, total};
use crate::i18n::*;
use crate::ui::blank::Blank;
use crate::ui::chart::{Bar, Bars, Chart, Fill};
use crate::ui::format::{self, UNKNOWN};
use crate::ui::live::{live, memo, string, when};
use crate::ui::meter::{Meter, Share};

/// The most parts that have a chart of their own.
const CHARTS: usize = 7;

/// The figures of what was used.
#[component]
pub(super) fn Figures(
    /// The intervals.
    shown: Signal<Vec<Interval>>,
    /// How long they are.
    granularity: Granularity,
    /// Whether costs are drawn rather than core hours.
    is_cost: Signal<bool>,
    /// Whether the table is unfolded; it stays so when something else is asked for.
    unfolded: RwSignal<bool>,
) -> impl IntoView {
    let is_empty = memo(move || shown.with(Vec::is_empty));
    live(move || match is_empty.get() {
        true => view! { <Blank title=words!(cycle_usage.none) text=words!(cycle_usage.none_text) /> }.into_any(),
        false => view! {
            <Sums shown is_cost />
            // One bar tells nothing that the sums do not.
            {when(move || shown.with(|shown| shown.len() > 1), move || view! {
                <Charts shown granularity is_cost />
            }.into_any())}
            <Table shown granularity is_cost unfolded />
        }
        .into_any(),
    })
}

/// What an amount is in the measure that is drawn.
fn measured(amount: Amount, is_cost: bool) -> Option<f64> {
    if is_cost { amount.cost } else { Some(amount.hours) }
}

fn amount_word(amount: Amount, is_cost: bool) -> String {
    match measured(amount, is_cost) {
        Some(cost) if is_cost => money(cost),
        Some(hours) => format::decimal(hours),
        None => UNKNOWN.to_owned(),
    }
}

/// The name of a part; what is not told apart has one of ours.
fn part_word(i18n: I18nContext<Locale>, name: &str) -> String {
    match name {
        "" => t_string!(i18n, cycle_usage.untold).to_string(),
        "Spot" => t_string!(i18n, cycle.spot).to_string(),
        "Regular" => t_string!(i18n, cycle.regular).to_string(),
        name => name.to_owned(),
    }
}

/// When an interval begins, in UTC as the service counts.
fn when_word(interval: &Interval, granularity: Granularity) -> String {
    let part = |text: &str, length: usize| text.get(..length).unwrap_or(text).replace('T', " ");
    match granularity {
        Granularity::Hourly => part(&interval.start, 16),
        Granularity::Daily => part(&interval.start, 10),
        Granularity::Total => format!("{} – {}", part(&interval.start, 16), part(&interval.end, 16)),
    }
}

/// The sum of all, and of each part.
#[component]
fn Sums(shown: Signal<Vec<Interval>>, is_cost: Signal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    live(move || {
        let is_cost = is_cost.get();
        let (sum, each) = shown.with(|shown| (total(shown), parts(shown)));
        let line = |(name, amount): &(String, Amount)| {
            let (part, whole) = (measured(*amount, is_cost).unwrap_or_default(), measured(sum, is_cost));
            let used = whole.filter(|whole| *whole > 0.0).map_or(0.0, |whole| part / whole);
            view! {
                <tr>
                    <th scope="row">{part_word(i18n, name)}</th>
                    <td>{amount_word(*amount, false)}</td>
                    <td class="usage-share limit-meter"><Meter share=Signal::stored(Share { used, ..Share::default() }) /></td>
                    <td class="usage-share">{format::percent(used * 100.0)}</td>
                    <td>{amount_word(*amount, true)}</td>
                </tr>
            }
        };
        view! {
            <div class="figures-scroll" tabindex="0" role="region" aria-label=words!(cycle_usage.sums)>
                <table class="figures usage-sums">
                    <caption class="visually-hidden">{words!(cycle_usage.sums)}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{words!(cycle_usage.part)}</th>
                            <th scope="col">{words!(cycle_usage.hours)}</th>
                            <td class="usage-share"></td>
                            <th scope="col" class="usage-share">{words!(cycle_usage.share)}</th>
                            <th scope="col">{words!(cycle_usage.cost)}</th>
                        </tr>
                    </thead>
                    <tbody>{each.iter().map(line).collect_view()}</tbody>
                    <tfoot>
                        <tr>
                            <th scope="row">{words!(cycle_usage.all)}</th>
                            <td>{amount_word(sum, false)}</td>
                            <td class="usage-share"></td>
                            <td class="usage-share"></td>
                            <td>{amount_word(sum, true)}</td>
                        </tr>
                    </tfoot>
                </table>
            </div>
        }
        .into_any()
    })
}

/// A chart of the whole, and one of each part: each says by itself what it is of.
#[component]
fn Charts(shown: Signal<Vec<Interval>>, granularity: Granularity, is_cost: Signal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let names = memo(move || {
        let each = shown.with(|shown| parts(shown));
        each.into_iter().take(CHARTS).map(|(name, _)| name).collect::<Vec<_>>()
    });
    let bars = move |title: String, of: Box<dyn Fn(&Interval) -> Amount + Send + Sync>| {
        memo(move || {
            let is_cost = is_cost.get();
            let values = shown.with(|shown| {
                let value = |interval: &Interval| {
                    let amount = of(interval);
                    let words = format!("{}: {}", when_word(interval, granularity), amount_word(amount, is_cost));
                    (measured(amount, is_cost).unwrap_or_default(), words)
                };
                shown.iter().map(value).collect::<Vec<_>>()
            });
            let most = values.iter().map(|(value, _)| *value).fold(0.0, f64::max);
            let most = if is_cost { money(most) } else { format::decimal(most) };
            let ends = shown
                .with(|shown| Some([shown.first()?, shown.last()?].map(|interval| when_word(interval, granularity))));
            let bar = |(value, title)| Bar { value, fill: Fill::Solid, title };
            Bars {
                bars: values.into_iter().map(bar).collect(),
                line: None,
                top: t_string!(i18n, cycle_usage.top, most = most.clone()).to_string(),
                ends,
                label: t_string!(i18n, cycle_usage.chart, part = title.clone(), most = most).to_string(),
            }
        })
    };
    view! {
        <section class="usage-chart" aria-labelledby="usage-whole">
            <h2 id="usage-whole">{words!(cycle_usage.all)}</h2>
            {live(move || {
                let title = t_string!(i18n, cycle_usage.all).to_string();
                view! { <Chart bars=bars(title, Box::new(|interval| interval.total)) /> }.into_any()
            })}
        </section>
        <div class="usage-charts">
            {live(move || {
                let chart = |name: String| {
                    let title = part_word(i18n, &name);
                    let of = move |interval: &Interval| interval.parts.get(&name).copied().unwrap_or_default();
                    view! {
                        <section class="usage-chart">
                            <h3>{title.clone()}</h3>
                            <Chart bars=bars(title, Box::new(of)) />
                        </section>
                    }
                };
                names.get().into_iter().map(chart).collect_view().into_any()
            })}
        </div>
    }
}

/// Each interval with each part.
#[component]
fn Table(
    shown: Signal<Vec<Interval>>,
    granularity: Granularity,
    is_cost: Signal<bool>,
    unfolded: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let title = string(move || match is_cost.get() {
        true => t_string!(i18n, cycle_usage.table_cost).to_string(),
        false => t_string!(i18n, cycle_usage.table_hours).to_string(),
    });
    let toggle = move |event: web_sys::Event| {
        let details: web_sys::Element = event_target(&event);
        // The page may be going.
        unfolded.try_set(details.has_attribute("open"));
    };
    view! {
        <details class="folded" open=unfolded.get_untracked() on:toggle=toggle>
            <summary>{title}</summary>
            <div class="figures-scroll usage-table" tabindex="0" role="region" aria-label=title>
                {live(move || {
                    let is_cost = is_cost.get();
                    shown.with(|shown| {
                        let names: Vec<String> = parts(shown).into_iter().map(|(name, _)| name).collect();
                        let line = |interval: &Interval| {
                            let cells = names.iter().map(|name| {
                                let amount = interval.parts.get(name).map(|amount| amount_word(*amount, is_cost));
                                view! { <td>{amount.unwrap_or_else(|| UNKNOWN.to_owned())}</td> }
                            });
                            view! {
                                <tr>
                                    <th scope="row">{when_word(interval, granularity)}</th>
                                    {cells.collect_view()}
                                    <td>{amount_word(interval.total, is_cost)}</td>
                                </tr>
                            }
                        };
                        let head = |name: &String| view! { <th scope="col">{part_word(i18n, name)}</th> };
                        view! {
                            <table class="figures">
                                <thead>
                                    <tr>
                                        <th scope="col">{words!(cycle_usage.interval)}</th>
                                        {names.iter().map(head).collect_view()}
                                        <th scope="col">{words!(cycle_usage.all)}</th>
                                    </tr>
                                </thead>
                                <tbody>{shown.iter().map(line).collect_view()}</tbody>
                            </table>
                        }
                        .into_any()
                    })
                })}
            </div>
        </details>
    }
}
