//! One cluster: how much it has of what it may have, and what keeps each of its node arrays from having more.

use howdah_shared::systems::cyclecloud::{ClusterStatus, ShowStatus};
use leptos::prelude::*;

use super::arrays::Arrays;
use super::frame::{Cluster, Frame, Part, Told};
use super::limits::active_of_all;
use super::standing::{self, NEVER};
use crate::address;
use crate::components::page::PageFoot;
use crate::components::question::off_role;
use crate::components::raw::Raw;
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::button::{Button, Weight};
use crate::ui::format::{self, UNKNOWN};
use crate::ui::live::{live, memo, string};
use crate::ui::mark::Mark;
use crate::ui::meter::{Meter, Share};

/// The page.
#[component]
pub(super) fn ClusterPage(
    /// The cluster.
    cluster: Cluster,
) -> impl IntoView {
    let i18n = use_i18n();
    let told = cluster.follow();
    let state = memo(move || told.map(state_of));
    let target = memo(move || told.map(|status| status.target_state.clone()).flatten());
    let facts = move || {
        live(move || match state.get() {
            Some(state) => {
                let kind = standing::cluster_kind(&state);
                // Where it stands already where it is to stand, that is said once.
                let to = target.get().filter(|target| *target != state);
                let to = to.map(|target| {
                    let words = string(move || {
                        t_string!(i18n, cycle.on_way_to, state = standing::cluster_word(i18n, &target)).to_string()
                    });
                    view! { <span class="page-head-fact">{words}</span> }
                });
                view! { <Mark kind=kind word=string(move || standing::cluster_word(i18n, &state)) /> {to} }.into_any()
            }
            None => ().into_any(),
        })
    };
    let role = off_role(&cluster.connection, words!(cycle_nodes.off_role));
    let to = |page| {
        let href = cluster.place(page).href();
        Callback::new(move |()| address::go(&href))
    };
    let (add, scale) = (to(Place::AddNodes), to(Place::Scale));
    let acts = move || {
        view! {
            <Button weight=Weight::Primary off=role press=add>{words!(cycle.add_page)}</Button>
            <Button off=role press=scale>{words!(cycle.scale_page)}</Button>
        }
        .into_any()
    };
    let title = Signal::stored(cluster.called());
    let own = cluster.clone();
    view! {
        <Frame cluster told title here=Some(Part::Capacity) facts=facts acts=acts>
            <Whole told=told />
            <Arrays told=told cluster=own.clone() />
            <Raw connection=own.connection.clone() operation=ShowStatus { cluster: own.name.clone() } />
        </Frame>
        <PageFoot>{acts()}</PageFoot>
    }
}

/// Its state; of one that was never started the service tells none.
pub(super) fn state_of(status: &ClusterStatus) -> String {
    status.state.clone().filter(|state| !state.is_empty()).unwrap_or_else(|| NEVER.to_owned())
}

/// How much it has in all.
#[component]
fn Whole(told: Told) -> impl IntoView {
    let used = memo(move || told.map(active_of_all).unwrap_or_default());
    let most = memo(move || told.map(|status| (status.max_count, status.max_core_count)).unwrap_or_default());
    let tile = |title: Signal<String>, used: Signal<i64>, most: Signal<Option<i64>>| {
        let i18n = use_i18n();
        let share = Signal::derive(move || Share {
            used: most.get().filter(|most| *most > 0).map_or(0.0, |most| used.get() as f64 / most as f64),
            ..Share::default()
        });
        let of = string(move || {
            let most = most.get().map_or_else(|| UNKNOWN.to_owned(), format::count);
            t_string!(i18n, cycle.of_most, most = most).to_string()
        });
        view! {
            <section class="tile">
                <h2 class="tile-title">{title}</h2>
                <p class="tile-figure">
                    <strong class="figure">{string(move || format::count(used.get()))}</strong>
                    " "
                    <span class="tile-of number">{of}</span>
                </p>
                <Meter share=share />
            </section>
        }
    };
    view! {
        <div class="tiles">
            {tile(
                words!(cycle.nodes),
                Signal::derive(move || used.get().0),
                Signal::derive(move || most.get().0),
            )}
            {tile(
                words!(cycle.cores_title),
                Signal::derive(move || used.get().1),
                Signal::derive(move || most.get().1),
            )}
        </div>
    }
}
