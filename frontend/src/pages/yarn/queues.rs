//! The queues as a tree: what each uses of its share and of the most that it may have.

use std::collections::HashSet;
use std::sync::Arc;

use howdah_shared::systems::yarn::{Level, SchedulerKind};
use leptos::prelude::*;

use super::queue_panel::Panel;
use super::queue_tree::{folded_at_first, queues, share, shown};
use crate::components::fleet::use_connection;
use crate::components::freshness::{StaleNote, watch};
use crate::components::page::PageHead;
use crate::components::reply;
use crate::components::url_state::url_text;
use crate::i18n::*;
use crate::list::List;
use crate::ui::blank::Blank;
use crate::ui::button::Button;
use crate::ui::format::{self, UNKNOWN};
use crate::ui::icon::{Glyph, Icon};
use crate::ui::live::{effect, live, memo, string, when};
use crate::ui::mark::{Kind, Mark};
use crate::ui::meter::Meter;
use crate::ui::search::Search;
use crate::ui::table::{Viewport, Window};

/// The page.
#[component]
pub(super) fn Queues(
    /// The connection's name.
    connection: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let scheduler = queues(&connection);
    watch(scheduler.polled);
    let known = use_connection(&connection);
    let place = string(move || known.with(|one| one.as_ref().map(|one| one.title.clone())).unwrap_or_default());
    let kind_word = string(move || match scheduler.kind.get() {
        Some(SchedulerKind::Capacity) => t_string!(i18n, queues.capacity).to_string(),
        Some(SchedulerKind::Fair) => t_string!(i18n, queues.fair).to_string(),
        Some(SchedulerKind::Fifo) => t_string!(i18n, queues.fifo).to_string(),
        Some(SchedulerKind::Other(word)) => word,
        None => String::new(),
    });
    let levels = scheduler.levels;
    let text = url_text("q");
    let at = url_text("at");
    let folded: RwSignal<Option<HashSet<String>>> = RwSignal::new(None);
    effect(move || {
        // Once: what somebody folds stays so.
        if folded.with_untracked(Option::is_none) && levels.with(|levels| !levels.is_empty()) {
            let wanted = at.get_untracked();
            let first = levels.with_untracked(|levels| folded_at_first(levels));
            let above = |path: &String| !wanted.starts_with(&format!("{path}."));
            folded.set(Some(first.into_iter().filter(above).collect()));
        }
    });
    let lines = memo(move || {
        levels.with(|levels| {
            text.with(|text| {
                folded.with(|folded| match folded {
                    Some(folded) => shown(levels, folded, text),
                    None => shown(levels, &HashSet::new(), text),
                })
            })
        })
    });
    let chosen = memo(move || {
        let is_at = |level: &&Arc<Level>| at.with(|at| !at.is_empty() && level.is(at));
        levels.with(|levels| levels.iter().find(is_at).cloned())
    });
    let path = memo(move || chosen.with(|level| level.as_ref().map(|level| level.queue.path.clone())));
    let missing = memo(move || path.with(Option::is_none) && !at.with(String::is_empty));
    let missing_words = string(move || t_string!(i18n, queues.missing, queue = at.get()).to_string());
    let facts = move || {
        view! {
            <span class="page-head-fact">{place}</span>
            <span class="page-head-fact">{kind_word}</span>
        }
        .into_any()
    };
    let tree = Tree { lines, path, folded, at, text, viewport: Viewport::new(RwSignal::new(0.0)) };
    let is_empty = memo(move || lines.with(|lines| lines.is_empty()));
    let connection = StoredValue::new(connection);
    view! {
        <PageHead title=words!(frame.queues) facts=facts />
        <StaleNote seen=scheduler.polled.seen problem=scheduler.polled.problem />
        {reply::shown(scheduler.polled, words!(queues.loading), move || view! {
            <div class="toolbar" role="search">
                <Search label=words!(queues.search) text=text />
                <Button press=Callback::new(move |()| folded.set(Some(HashSet::new())))>{words!(queues.unfold)}</Button>
            </div>
            {when(move || is_empty.get(), move || view! {
                <Blank title=words!(queues.none_fit) text=text>
                    <Button press=Callback::new(move |()| text.set(String::new()))>{words!(list.clear)}</Button>
                </Blank>
            }.into_any())}
            {when(move || missing.get(), move || view! {
                <p class="note" role="status">{missing_words}</p>
            }.into_any())}
            <div class="tree-place" class:tree-beside=move || path.with(Option::is_some)>
                {when(move || !is_empty.get(), move || tree.view())}
                {when(move || path.with(Option::is_some), move || view! {
                    <Panel connection=connection.get_value() level=chosen close=Callback::new(move |()| at.set(String::new())) />
                }.into_any())}
            </div>
        }.into_any())}
    }
}

/// The tree as it stands. Only the lines that can be seen are drawn; where the tree is scrolled or changes, other queues
/// are shown in them.
#[derive(Clone, Copy)]
struct Tree {
    /// The queues that are shown, unless scrolled away.
    lines: Memo<List<Level>>,
    /// The path of the one that the viewer is on.
    path: Memo<Option<String>>,
    folded: RwSignal<Option<HashSet<String>>>,
    at: RwSignal<String>,
    text: RwSignal<String>,
    viewport: Viewport,
}

impl Tree {
    fn view(self) -> AnyView {
        let Tree { lines, viewport, path, .. } = self;
        let keydown = move |event: web_sys::KeyboardEvent| self.key(&event);
        let count = memo(move || lines.with(|lines| lines.len()));
        let window = viewport.window(move || count.get());
        // One that is folded away or scrolled out of sight has no line.
        let active = memo(move || {
            let (Window { first, count }, path) = (window.get(), path.get()?);
            let is_drawn =
                lines.with(|lines| lines.iter().skip(first).take(count).any(|level| level.queue.path == path));
            is_drawn.then(|| line_id(&path))
        });
        view! {
            <div class="tree" role="treegrid" aria-label=words!(frame.queues) tabindex="0" id="queues" on:keydown=keydown
                node_ref=viewport.node
                on:scroll=move |_| viewport.look()
                aria-rowcount=move || count.get() + 1
                aria-activedescendant=move || active.get()
            >
                <div class="tree-head" role="row" aria-rowindex="1">
                    <span role="columnheader">{words!(applications.queue)}</span>
                    <span role="columnheader" class="tree-bar">{words!(queues.used)}</span>
                    <span role="columnheader" class="tree-number">{words!(queues.used_of)}</span>
                    <span role="columnheader" class="tree-number tree-wide">{words!(queues.configured)}</span>
                    <span role="columnheader" class="tree-number tree-wide">{words!(queues.max)}</span>
                    <span role="columnheader" class="tree-number tree-wide">{words!(overview.memory)}</span>
                    <span role="columnheader" class="tree-number">{words!(queues.applications)}</span>
                </div>
                <div
                    role="rowgroup"
                    class="tree-body"
                    style:height=move || format!("{}px", count.get() * viewport.row.get() as usize)
                >
                    <div
                        role="presentation"
                        style:transform=move || {
                            format!("translateY({}px)", window.get().first * viewport.row.get() as usize)
                        }
                    >
                        <For each=move || 0..window.get().count key=|number| *number let:number>
                            {self.line(memo(move || window.get().first + number))}
                        </For>
                    </div>
                </div>
            </div>
        }
        .into_any()
    }

    /// The line at a place among those that are shown.
    fn line(self, place: Memo<usize>) -> AnyView {
        let Tree { lines, path, folded, at, .. } = self;
        // The last one while the line is taken away.
        let level = Memo::new(move |before: Option<&Arc<Level>>| {
            let now = lines.with(|lines| lines.get(place.get()).cloned());
            now.or_else(|| before.cloned()).unwrap_or_default()
        });
        let of = move |of: fn(&Level) -> Option<String>| {
            string(move || level.with(|level| of(level)).unwrap_or_else(|| UNKNOWN.to_owned()))
        };
        let own = string(move || level.with(|level| level.queue.path.clone()));
        let is_folded = memo(move || {
            folded.with(|folded| {
                folded.as_ref().is_some_and(|folded| level.with(|level| folded.contains(&level.queue.path)))
            })
        });
        let is_parent = memo(move || level.with(|level| level.parent));
        let depth = memo(move || level.with(|level| level.depth));
        let name = string(move || own.with(|path| path.rsplit('.').next().unwrap_or_default().to_owned()));
        let share = Signal::derive(move || level.with(|level| share(&level.queue)));
        let trouble = memo(move || level.with(|level| Trouble::of(level)));
        let is_at = memo(move || path.with(|path| own.with(|own| path.as_ref() == Some(own))));
        view! {
            <div
                class="tree-line"
                class:row-chosen=move || is_at.get()
                role="row"
                id=move || own.with(|own| line_id(own))
                title=own
                aria-rowindex=move || place.get() + 2
                attr:aria-level=move || depth.get() + 1
                aria-expanded=move || is_parent.get().then(|| if is_folded.get() { "false" } else { "true" })
                aria-selected=move || if is_at.get() { "true" } else { "false" }
                on:click=move |_| at.set(own.get_untracked())
            >
                <span role="gridcell" class="tree-name" style:padding-inline-start=move || format!("{}px", depth.get() * 20)>
                    {live(move || match is_parent.get() {
                        true => self.fold_button(own, is_folded),
                        false => view! { <span class="tree-fold" aria-hidden="true"></span> }.into_any(),
                    })}
                    <span class="tree-word">{name}</span>
                    {live(move || match trouble.get() {
                        Some(trouble) => trouble.view(),
                        None => ().into_any(),
                    })}
                </span>
                <span role="gridcell" class="tree-bar"><Meter share=share /></span>
                <span role="gridcell" class="tree-number">{of(|level| percent(level.queue.used_of_configured))}</span>
                <span role="gridcell" class="tree-number tree-wide">{of(|level| percent(level.queue.configured))}</span>
                <span role="gridcell" class="tree-number tree-wide">{of(|level| percent(level.queue.max))}</span>
                <span role="gridcell" class="tree-number tree-wide">
                    {of(|level| level.queue.used_amount.memory.map(format::mebibytes))}
                </span>
                <span role="gridcell" class="tree-number">{of(|level| {
                    let (active, pending) = (level.queue.active?, level.queue.pending.unwrap_or(0));
                    let active = format::count(active);
                    Some(if pending > 0 { format!("{active} + {}", format::count(pending)) } else { active })
                })}</span>
            </div>
        }
        .into_any()
    }

    fn fold_button(self, path: Signal<String>, is_folded: Memo<bool>) -> AnyView {
        view! {
            <button
                class="tree-fold"
                type="button"
                tabindex="-1"
                aria-label=move || if is_folded.get() { words!(queues.open).get() } else { words!(queues.fold).get() }
                on:click=move |event| {
                    event.stop_propagation();
                    self.fold(&path.get_untracked(), !is_folded.get_untracked());
                }
            >
                <span class="tree-turn" class:tree-folded=move || is_folded.get()><Icon glyph=Glyph::Down /></span>
            </button>
        }
        .into_any()
    }

    fn fold(self, path: &str, fold: bool) {
        self.folded.update(|folded| {
            let folded = folded.get_or_insert_default();
            match fold {
                true => folded.insert(path.to_owned()),
                false => folded.remove(path),
            };
        });
    }

    /// Up and down go along the lines, left and right fold and unfold, as in any tree.
    fn key(self, event: &web_sys::KeyboardEvent) {
        if event.alt_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
        let lines = self.lines.get_untracked();
        let line_of = |path: &str| lines.iter().position(|level| level.queue.path == path);
        let place = self.path.with_untracked(|path| line_of(path.as_deref()?));
        let last = lines.len().saturating_sub(1);
        let to = match (event.key().as_str(), place) {
            ("ArrowDown", Some(place)) => Some((place + 1).min(last)),
            ("ArrowUp", Some(place)) => Some(place.saturating_sub(1)),
            ("ArrowDown" | "Home", None) | ("Home", _) => Some(0),
            ("ArrowUp" | "End", None) | ("End", _) => Some(last),
            ("ArrowLeft" | "ArrowRight", Some(place)) => {
                event.prevent_default();
                let Some(here) = lines.get(place) else { return };
                let is_folded =
                    self.folded.with_untracked(|f| f.as_ref().is_some_and(|f| f.contains(&here.queue.path)));
                match (event.key() == "ArrowLeft", here.parent && !is_folded) {
                    (true, true) if self.text.with_untracked(String::is_empty) => {
                        return self.fold(&here.queue.path, true);
                    }
                    // To what is above it.
                    (true, _) => here.queue.path.rsplit_once('.').and_then(|(above, _)| line_of(above)),
                    (false, false) if here.parent => return self.fold(&here.queue.path, false),
                    (false, _) => Some((place + 1).min(last)).filter(|_| here.parent),
                }
            }
            _ => return,
        };
        event.prevent_default();
        if let Some((to, level)) = to.and_then(|to| Some((to, lines.get(to)?))) {
            self.at.set(level.queue.path.clone());
            self.viewport.reveal(to);
        }
    }
}

/// What is wrong with a queue, or likely not meant.
#[derive(Clone, PartialEq)]
enum Trouble {
    Full,
    Over,
    /// It does not run.
    State(String),
}

impl Trouble {
    fn of(level: &Level) -> Option<Trouble> {
        match level.queue.state.as_deref() {
            _ if level.leaf && level.is_full() => Some(Trouble::Full),
            _ if level.is_over() && level.depth > 0 => Some(Trouble::Over),
            Some(state) if state != "RUNNING" => Some(Trouble::State(state.to_owned())),
            _ => None,
        }
    }

    fn view(self) -> AnyView {
        let (kind, word) = match self {
            Trouble::Full => (Kind::Broken, words!(queues.full)),
            Trouble::Over => (Kind::Caution, words!(queues.over)),
            Trouble::State(state) => (Kind::Ended, Signal::stored(state)),
        };
        view! { <Mark kind=kind word=word /> }.into_any()
    }
}

/// A part, where it is known.
pub(super) fn percent(part: Option<f64>) -> Option<String> {
    part.filter(|part| part.is_finite()).map(format::percent)
}

fn line_id(path: &str) -> String {
    format!("queue-{path}")
}
