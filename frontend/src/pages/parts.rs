//! The parts in which the console is downloaded: what every visit needs comes first, the pages of a system when one of
//! them is opened. Built with the feature `split`, each part is a WebAssembly module of its own; without it they are
//! all there from the start.

use std::cell::Cell;

use howdah_shared::console::Connection;
use howdah_shared::operation::Operation;
use howdah_shared::problem::{Code, Problem};
use howdah_shared::systems::yarn::{EVERY_APPLICATION, ListApplications};
use leptos::prelude::*;
use wasm_split_helpers::SplitLoaderError;

use super::activity::Activity;
use super::not_found::NotFound;
use super::run::Run;
use super::waiting::Waiting;
use crate::api::ahead;
use crate::components::fleet::{use_connection, use_fleet};
use crate::components::frame::reload;
use crate::components::page::PageHead;
use crate::components::problem::ProblemView;
use crate::components::settled;
use crate::first_picture::Subject;
use crate::routes::Place;
use crate::ui::blank::Blank;
use crate::ui::button::Button;
use crate::ui::live::{live, memo};
use crate::ui::mark::Kind;
use crate::ui::skeleton::Skeleton;

/// Draws the page at a place.
type Draw = fn(Place) -> AnyView;

/// A function for each part that loads it and gives what draws its pages.
macro_rules! parts {
    ($($part:ident: $draw:expr;)*) => {$(
        #[cfg(feature = "split")]
        #[wasm_split_helpers::wasm_split($part, fallible)]
        fn $part() -> Result<Draw, SplitLoaderError> {
            Ok($draw)
        }

        #[cfg(not(feature = "split"))]
        async fn $part() -> Result<Draw, SplitLoaderError> {
            Ok($draw)
        }
    )*};
}

parts! {
    requests: |place| match place {
        Place::Activity => view! { <Activity /> }.into_any(),
        Place::Fleet => view! { <Waiting /> }.into_any(),
        Place::Run(request) => view! { <Run request /> }.into_any(),
        _ => view! { <NotFound /> }.into_any(),
    };
    applications: super::yarn::applications_page;
    cyclecloud: super::cyclecloud::page;
    hadoop_eco: super::hadoop_eco::page;
    palette: |_| super::palette::overlay();
    savanna: super::savanna::page;
    savanna_making: super::savanna::making_page;
    yarn: super::yarn::page;
}

/// A part that is loaded when one of its pages is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// YARN's list of applications, which is the page that is opened most and wants to be there at once.
    Applications,
    /// CycleCloud.
    CycleCloud,
    /// What was asked for, and what became of it; on the fleet, what waits for someone.
    Requests,
    /// Hadoop Eco.
    HadoopEco,
    /// What lies over a page.
    Palette,
    /// Savanna's clusters.
    Savanna,
    /// What Savanna's clusters are made of, and how they are made and scaled.
    SavannaMaking,
    /// The other pages of YARN.
    Yarn,
}

impl Part {
    /// Where the page at a place comes from: nowhere for those that are there from the start, one of several where
    /// systems have pages of their own at the same address.
    pub(crate) fn of(place: &Place) -> &'static [Part] {
        match place {
            Place::Fleet | Place::SignIn | Place::Connection(_) => &[],
            Place::Activity | Place::Run(_) => &[Part::Requests],
            Place::Clusters(_) | Place::Cluster(..) => &[Part::HadoopEco, Part::Savanna, Part::CycleCloud],
            Place::RunAgain(..) => &[Part::HadoopEco],
            Place::Scale(..) => &[Part::SavannaMaking, Part::CycleCloud],
            Place::ClusterNodes(..) | Place::AddNodes(..) | Place::Operations(..) | Place::Usage(..) => {
                &[Part::CycleCloud]
            }
            Place::Applications(_) => &[Part::Applications],
            Place::Overview(_)
            | Place::Application(..)
            | Place::Queues(_)
            | Place::Nodes(_)
            | Place::Node(..)
            | Place::Submit(_)
            | Place::Statistics(_)
            | Place::Tokens(_) => &[Part::Yarn],
            Place::Plugins(_)
            | Place::PluginVersion(..)
            | Place::Images(_)
            | Place::Image(..)
            | Place::NodeGroupTemplates(_)
            | Place::NodeGroupTemplate(..)
            | Place::NewNodeGroupTemplate(_)
            | Place::EditNodeGroupTemplate(..)
            | Place::ClusterTemplates(_)
            | Place::ClusterTemplate(..)
            | Place::NewClusterTemplate(_)
            | Place::EditClusterTemplate(..)
            | Place::Launch(_) => &[Part::SavannaMaking],
        }
    }

    /// Whether it has the pages of a system.
    fn is_of(self, system: &str) -> bool {
        match self {
            Part::HadoopEco => system.starts_with("hadoop-eco-"),
            Part::Applications | Part::Yarn => system == "yarn",
            Part::CycleCloud => system == "cyclecloud",
            Part::Savanna | Part::SavannaMaking => system == "savanna",
            Part::Requests | Part::Palette => false,
        }
    }

    async fn load(self) -> Result<Draw, SplitLoaderError> {
        let draw = match self {
            Part::Applications => applications().await,
            Part::CycleCloud => cyclecloud().await,
            Part::Requests => requests().await,
            Part::HadoopEco => hadoop_eco().await,
            Part::Palette => palette().await,
            Part::Savanna => savanna().await,
            Part::SavannaMaking => savanna_making().await,
            Part::Yarn => yarn().await,
        }?;
        THERE.with(|there| there[self as usize].set(Some(draw)));
        Ok(draw)
    }
}

/// Has the part of a page come while something else is still being waited for, with the list that the page begins with.
pub(crate) fn begin(place: &Place) {
    let &[part] = Part::of(place) else { return };
    if let Some(subject) = begins_with(place) {
        ahead::begin(subject);
    }
    // Where it fails, the page that needs it tries again and says so.
    leptos::task::spawn_local(async move { drop(part.load().await) });
}

/// The list that a page begins with, of those that are worth asking for ahead of it.
pub(crate) fn begins_with(place: &Place) -> Option<Subject> {
    let Place::Applications(connection) = place else { return None };
    let (path, query) = (ListApplications {}.path(), EVERY_APPLICATION.to_owned());
    Some(Subject { connection: connection.clone(), path, query })
}

/// What is known of a part.
#[derive(Clone, Copy)]
enum State {
    Loading,
    Failed,
    There(Draw),
}

thread_local! {
    /// The parts that are there, in the order of their names.
    static THERE: [Cell<Option<Draw>>; 8] = const { [const { Cell::new(None) }; 8] };
}

/// The page at a place that a part has.
pub(crate) fn page(place: Place) -> AnyView {
    match Part::of(&place) {
        [] => view! { <NotFound /> }.into_any(),
        &[part] => page_of(part, place),
        several => view! { <OfSystem several place /> }.into_any(),
    }
}

/// The page of the connection's system, of those that have one at this address.
#[component]
fn OfSystem(several: &'static [Part], place: Place) -> impl IntoView {
    let one = use_connection(place.connection().unwrap_or_default());
    let fleet = use_fleet();
    let part = memo(move || {
        let found = |one: &Connection| several.iter().copied().find(|part| part.is_of(&one.system));
        match one.with(|one| one.as_ref().map(found)) {
            None if fleet.value.with(Option::is_none) => None,
            found => Some(found.flatten()),
        }
    });
    let is_there = memo(move || one.with(Option::is_some));
    let failed = memo(move || fleet.problem.get().filter(|_| fleet.value.with(Option::is_none)));
    live(move || match part.get() {
        None => {
            let title = match &place {
                Place::Cluster(_, cluster) => Signal::stored(cluster.clone()),
                _ => words!(frame.clusters),
            };
            let rest = match failed.get() {
                Some(problem) => {
                    let retry = Callback::new(move |()| fleet.refresh());
                    view! { <ProblemView problem=Signal::stored(problem) retry /> }.into_any()
                }
                None => view! { <Skeleton label=words!(frame.loading) /> }.into_any(),
            };
            view! { <PageHead title=title /> {rest} }.into_any()
        }
        Some(None) if is_there.get() => view! { <NotFound /> }.into_any(),
        Some(None) => {
            let problem = Problem::new(Code::ConnectionNotFound, "");
            view! { <ProblemView problem=Signal::stored(problem) /> }.into_any()
        }
        Some(Some(part)) => page_of(part, place.clone()),
    })
}

/// A page of a part; the part is loaded first where that has not happened yet.
pub(crate) fn page_of(part: Part, place: Place) -> AnyView {
    match there(part) {
        Some(draw) => drawn(draw, place),
        None => view! { <Arriving part place /> }.into_any(),
    }
}

fn drawn(draw: Draw, place: Place) -> AnyView {
    let page = draw(place);
    ahead::end();
    page
}

fn there(part: Part) -> Option<Draw> {
    THERE.with(|there| there[part as usize].get())
}

/// The place of a page whose part is still on its way.
#[component]
fn Arriving(part: Part, place: Place) -> impl IntoView {
    let state = RwSignal::new(State::Loading);
    let load = move || {
        let pending = settled::begin();
        leptos::task::spawn_local(async move {
            let loaded = match part.load().await {
                Ok(draw) => State::There(draw),
                Err(_) => State::Failed,
            };
            // Somebody may have gone elsewhere meanwhile.
            state.try_set(loaded);
            drop(pending);
        });
    };
    load();
    let again = Callback::new(move |()| {
        state.set(State::Loading);
        load();
    });
    let reload = Callback::new(|()| reload());
    live(move || match state.get() {
        State::Loading => view! { <Skeleton label=words!(frame.loading) /> }.into_any(),
        State::There(draw) => drawn(draw, place.clone()),
        State::Failed => view! {
            <div role="alert" class="problem">
                <Blank title=words!(part.failed) mark=Some(Kind::Broken) text=words!(part.failed_text)>
                    <Button press=again>{words!(problem.retry)}</Button>
                    <Button press=reload>{words!(part.reload)}</Button>
                </Blank>
            </div>
        }
        .into_any(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// What the script that loads the parts knows of their pages.
    const PLACES: &str = include_str!("parts.json");

    #[test]
    fn the_script_asks_for_the_part_of_each_page() {
        let places: BTreeMap<String, Vec<String>> = serde_json::from_str(PLACES).unwrap();
        for (part, places) in &places {
            for place in places {
                let found = Place::at("", &format!("/{}", place.replace('*', "x"))).unwrap();
                let mut found = Part::of(&found).iter().map(|part| format!("{part:?}").to_lowercase());
                assert!(found.any(|found| found == part.replace('_', "")), "{place}");
            }
        }
        let known = |path: String| {
            places.values().filter(|places| places.iter().any(|place| place.replace('*', "x") == path[1..])).count()
        };
        let x = || "x".to_owned();
        for place in [
            Place::Clusters(x()),
            Place::Cluster(x(), x()),
            Place::RunAgain(x(), x()),
            Place::Scale(x(), x()),
            Place::Plugins(x()),
            Place::PluginVersion(x(), x(), x()),
            Place::Images(x()),
            Place::Image(x(), x()),
            Place::NodeGroupTemplates(x()),
            Place::NodeGroupTemplate(x(), x()),
            Place::EditNodeGroupTemplate(x(), x()),
            Place::ClusterTemplates(x()),
            Place::ClusterTemplate(x(), x()),
            Place::EditClusterTemplate(x(), x()),
            Place::Launch(x()),
            Place::ClusterNodes(x(), x()),
            Place::AddNodes(x(), x()),
            Place::Operations(x(), x()),
            Place::Usage(x(), x()),
            Place::Overview(x()),
            Place::Applications(x()),
            Place::Application(x(), x()),
            Place::Queues(x()),
            Place::Nodes(x()),
            Place::Node(x(), x()),
            Place::Submit(x()),
            Place::Statistics(x()),
            Place::Tokens(x()),
            Place::Activity,
            Place::Run(x()),
            Place::Fleet,
            Place::SignIn,
            Place::Connection(x()),
        ] {
            assert_eq!(known(place.path()), Part::of(&place).len(), "{place:?}");
        }
    }
}
