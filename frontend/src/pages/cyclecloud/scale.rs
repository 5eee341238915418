//! Scaling a node array: to how many nodes or cores it is to come in all. It only adds.

use howdah_shared::operation::Nothing;
use howdah_shared::systems::cyclecloud::{ClusterStatus, NodeCreationResult, ScaleNodeArray, ScaleQuery};
use leptos::prelude::*;

use super::add::{arrays_to_choose, chosen_array, known_limits, unit_word};
use super::adding::{Adding, Asked, Lost};
use super::fit::{array_named, number};
use super::frame::{Cluster, Frame, Told};
use super::limit_view::LimitsView;
use super::limits::active;
use super::select::{CORES, CountedIn, Select};
use crate::api::{At, Changed, bad_path, change};
use crate::components::attempt::{SendActs, Sent, place_of};
use crate::components::question::off_role;
use crate::components::url_state::url_text;
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::field::Field;
use crate::ui::format;
use crate::ui::live::{live, memo, string};

/// The page.
#[component]
pub(super) fn Scale(
    /// The cluster.
    cluster: Cluster,
) -> impl IntoView {
    let i18n = use_i18n();
    let told = cluster.follow();
    let title = cluster.titled(move |cluster| t_string!(i18n, cycle_add.scale_title, cluster = cluster).to_string());
    let own = cluster.clone();
    view! {
        <Frame cluster told title>
            <ScaleForm told cluster=own.clone() />
        </Frame>
    }
}

/// What is wrong with a total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    NoNumber,
    /// It has as much already.
    NotMore,
}

/// What a total adds to what there is.
fn more(text: &str, now: i64) -> Result<i64, Why> {
    let total = number(text).filter(|total| *total >= 0).ok_or(Why::NoNumber)?;
    if total > now { Ok(total - now) } else { Err(Why::NotMore) }
}

/// Nodes and cores that an array has.
fn has(status: &ClusterStatus, array: &str) -> (i64, i64) {
    array_named(status, array).map(active).unwrap_or_default()
}

#[component]
fn ScaleForm(told: Told, cluster: Cluster) -> impl IntoView {
    let i18n = use_i18n();
    let array = chosen_array(told);
    // Of the two totals the service takes exactly one.
    let by = url_text("by");
    let in_cores = memo(move || by.with(|by| by == CORES));
    let total = RwSignal::new(String::new());
    let now = memo(move || told.map(|status| array.with(|array| has(status, array))).unwrap_or_default());
    let counted = memo(move || if in_cores.get() { now.get().1 } else { now.get().0 });
    let adds = memo(move || total.with(|total| more(total, counted.get())));
    let limits = known_limits(told, array, Signal::stored(String::new()), Signal::stored(String::new()));
    let said = move |why: Why| match why {
        Why::NoNumber => t_string!(i18n, form.number).to_string(),
        Why::NotMore => t_string!(i18n, cycle_add.not_more, now = format::count(counted.get())).to_string(),
    };
    let is_empty = move || total.with(|total| total.trim().is_empty());
    let fault = Signal::derive(move || adds.get().err().filter(|_| !is_empty()).map(said));
    let adding = Adding::new();
    let busy = adding.sending.busy;
    let role = off_role(&cluster.connection, words!(cycle_nodes.off_role));
    let off = Signal::derive(move || {
        role.get().or_else(|| match adds.get() {
            Err(_) if is_empty() => Some(t_string!(i18n, cycle_add.off_total).to_string()),
            Err(why) => Some(said(why)),
            Ok(_) => None,
        })
    });
    let back = cluster.place(Place::Cluster).href();
    let look = Callback::new(move |()| told.polled.refresh());
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let (Ok(more), None) = (adds.get_untracked(), off.get_untracked()) else { return };
        let (to, array) = (number(&total.get_untracked()), array.get_untracked());
        let query = match in_cores.get_untracked() {
            true => ScaleQuery { total_core_count: to, total_node_count: None },
            false => ScaleQuery { total_core_count: None, total_node_count: to },
        };
        let (Cluster { connection, name: own }, named) = (cluster.clone(), array.clone());
        let send = move |key: String| -> Sent<Changed<NodeCreationResult>> {
            Box::pin(async move {
                let operation = ScaleNodeArray { cluster: own, nodearray: named.parse().map_err(bad_path)? };
                change(At::Connection(&connection), &operation, &query, &Nothing {}, Some(&key)).await
            })
        };
        let nodes = cluster.place(Place::ClusterNodes);
        let asked = Asked {
            place: place_of("scale-array", &cluster.connection, cluster.name.as_str(), format!("{array} {query:?}")),
            count: (!in_cores.get_untracked()).then_some(more),
            nodes: Box::new(move |_| nodes.href_with(&[("array", &array)])),
            lost: Lost::Done,
            send: Box::new(send),
        };
        adding.go(asked, look);
    };
    let hint = string(move || {
        let (nodes, cores) = now.get();
        t_string!(i18n, cycle_add.has, nodes = format::count(nodes), cores = format::count(cores)).to_string()
    });
    let act = string(move || {
        let to = number(&total.get()).filter(|to| *to >= 0).map(format::count);
        match (to, in_cores.get()) {
            (Some(to), false) => t_string!(i18n, cycle_add.scale_nodes, count = to).to_string(),
            (Some(to), true) => t_string!(i18n, cycle_add.scale_cores, count = to).to_string(),
            (None, _) => t_string!(i18n, cycle.scale_page).to_string(),
        }
    });
    view! {
        <form class="again" novalidate=true on:submit=submit>
            <div class="again-fields">
                <p class="again-note">{words!(cycle_add.only_adds)}</p>
                <Select id="array" label=words!(cycle_nodes.array) value=array from=arrays_to_choose(told) disabled=busy />
                <CountedIn by disabled=busy />
                <Field
                    id="total"
                    label=words!(cycle_add.total)
                    value=total
                    fault=fault
                    hint=hint
                    kind="number"
                    unit=unit_word(in_cores)
                    disabled=busy
                />
            </div>
            <div class="again-side">
                <section class="again-changes fit" aria-labelledby="fits">
                    <h2 id="fits">{words!(cycle_add.fits)}</h2>
                    {live(move || match adds.get() {
                        Ok(more) => {
                            let more = format::count(more);
                            let words = match in_cores.get() {
                                true => t_string!(i18n, cycle_add.adds_cores, count = more).to_string(),
                                false => t_string!(i18n, cycle_add.adds_nodes, count = more).to_string(),
                            };
                            view! { <p>{words}</p> }.into_any()
                        }
                        Err(_) => ().into_any(),
                    })}
                    <LimitsView limits=limits />
                </section>
                {adding.outcome()}
                <SendActs sending=adding.sending act off back />
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_only_adds() {
        assert_eq!(more("12", 5), Ok(7));
        assert_eq!((more("5", 5), more("0", 5)), (Err(Why::NotMore), Err(Why::NotMore)));
        assert_eq!((more("", 0), more("-1", 0)), (Err(Why::NoNumber), Err(Why::NoNumber)));
    }
}
