//! The queues as a tree: what each uses of its share and of the most that it may have.

use howdah_shared::operation::Nothing;
use howdah_shared::systems::yarn::{SchedulerKind, ShowScheduler};
use leptos::prelude::*;

use super::queue_panel::Panel;
use super::queue_tree::{Level, folded_at_first, shown, tree};
use super::whole::reply;
use crate::components::fleet::use_connection;
use crate::components::freshness::{StaleNote, watch};
use crate::components::page::PageHead;
use crate::components::url_state::url_text;
use crate::i18n::*;
use crate::ui::blank::Blank;
use crate::ui::button::Button;
use crate::ui::format;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::live::{effect, live, memo, string, when};
use crate::ui::mark::{Kind, Mark};
use crate::ui::meter::Meter;

/// The page.
#[component]
pub(super) fn Queues(
    /// The connection's name.
    connection: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let scheduler = reply(&connection, &ShowScheduler {}, &Nothing {});
    watch(scheduler.polled);
    let known = use_connection(&connection);
    let place = string(move || known.with(|one| one.as_ref().map(|one| one.title.clone())).unwrap_or_default());
    let kind = memo(move || scheduler.map(|reply| reply.kind()).flatten());
    let kind_word = string(move || match kind.get() {
        Some(SchedulerKind::Capacity) => t_string!(i18n, queues.capacity).to_string(),
        Some(SchedulerKind::Fair) => t_string!(i18n, queues.fair).to_string(),
        Some(SchedulerKind::Fifo) => t_string!(i18n, queues.fifo).to_string(),
        Some(SchedulerKind::Other(word)) => word,
        None => String::new(),
    });
    let levels = memo(move || scheduler.map(tree).unwrap_or_default());
    let text = url_text("q");
    let at = url_text("at");
    let folded: RwSignal<Option<Vec<String>>> = RwSignal::new(None);
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
        let folded = folded.get().unwrap_or_default();
        let text = text.get();
        levels.with(|levels| {
            shown(levels, &folded, &text).into_iter().map(|level| level.path.clone()).collect::<Vec<_>>()
        })
    });
    let chosen = memo(move || {
        let at = at.get();
        levels.with(|levels| (!at.is_empty()).then(|| levels.iter().find(|level| level.is(&at)).cloned()).flatten())
    });
    let facts = move || {
        view! {
            <span class="page-head-fact">{place}</span>
            <span class="page-head-fact">{kind_word}</span>
        }
        .into_any()
    };
    let tree = Tree { levels, lines, folded, at, text };
    let connection = StoredValue::new(connection);
    view! {
        <PageHead title=words!(frame.queues) facts=facts />
        <StaleNote seen=scheduler.polled.seen problem=scheduler.polled.problem />
        {scheduler.shown(words!(queues.loading), move || view! {
            <div class="toolbar" role="search">
                <div class="search">
                    <Icon glyph=Glyph::Lens />
                    <input
                        class="input search-input"
                        id="filter"
                        type="search"
                        autocomplete="off"
                        spellcheck="false"
                        aria-label=words!(queues.search)
                        placeholder=words!(queues.search)
                        prop:value=text
                        on:input=move |event| text.set(event_target_value(&event))
                    />
                </div>
                <Button press=Callback::new(move |()| folded.set(Some(Vec::new())))>{words!(queues.unfold)}</Button>
            </div>
            {when(move || lines.with(Vec::is_empty), move || view! {
                <Blank title=words!(queues.none_fit) text=text>
                    <Button press=Callback::new(move |()| text.set(String::new()))>{words!(list.clear)}</Button>
                </Blank>
            }.into_any())}
            <div class="tree-place" class:tree-beside=move || chosen.with(Option::is_some)>
                {when(move || !lines.with(Vec::is_empty), move || tree.view())}
                {live(move || match chosen.get() {
                    Some(level) => view! {
                        <Panel connection=connection.get_value() level=level close=Callback::new(move |()| at.set(String::new())) />
                    }
                    .into_any(),
                    None => ().into_any(),
                })}
            </div>
        }.into_any())}
    }
}

/// The tree as it stands.
#[derive(Clone, Copy)]
struct Tree {
    levels: Memo<Vec<Level>>,
    /// The paths of the lines that are shown.
    lines: Memo<Vec<String>>,
    folded: RwSignal<Option<Vec<String>>>,
    at: RwSignal<String>,
    text: RwSignal<String>,
}

impl Tree {
    fn view(self) -> AnyView {
        let keydown = move |event: web_sys::KeyboardEvent| self.key(&event);
        view! {
            <div class="tree" role="treegrid" aria-label=words!(frame.queues) tabindex="0" id="queues" on:keydown=keydown
                aria-activedescendant=move || self.at.with(|at| (!at.is_empty()).then(|| line_id(at)))
            >
                <div class="tree-head" role="row">
                    <span role="columnheader">{words!(applications.queue)}</span>
                    <span role="columnheader" class="tree-bar">{words!(queues.used)}</span>
                    <span role="columnheader" class="tree-number">{words!(queues.used_of)}</span>
                    <span role="columnheader" class="tree-number tree-wide">{words!(queues.configured)}</span>
                    <span role="columnheader" class="tree-number tree-wide">{words!(queues.max)}</span>
                    <span role="columnheader" class="tree-number tree-wide">{words!(overview.memory)}</span>
                    <span role="columnheader" class="tree-number">{words!(queues.applications)}</span>
                </div>
                <For each=move || self.lines.get() key=String::clone let:path>{self.line(path)}</For>
            </div>
        }
        .into_any()
    }

    fn line(self, path: String) -> AnyView {
        let Tree { levels, folded, at, .. } = self;
        let (own, toggled, chosen, id) = (path.clone(), path.clone(), path.clone(), line_id(&path));
        let level = memo(move || levels.with(|levels| levels.iter().find(|level| level.path == own).cloned()));
        let of = move |of: fn(&Level) -> Option<String>| {
            string(move || level.with(|level| level.as_ref().and_then(of)).unwrap_or_else(|| "—".to_owned()))
        };
        let own = path.clone();
        let is_folded = memo(move || folded.with(|folded| folded.as_ref().is_some_and(|folded| folded.contains(&own))));
        let is_parent = memo(move || level.with(|level| level.as_ref().is_some_and(|level| level.parent)));
        let depth = level.with_untracked(|level| level.as_ref().map_or(0, |level| level.depth));
        let name = path.rsplit('.').next().unwrap_or_default().to_owned();
        let share = Signal::derive(move || level.with(|level| level.as_ref().map(Level::share)).unwrap_or_default());
        let trouble = move || {
            level.with(|level| match level.as_ref() {
                Some(level) if level.leaf && level.is_full() => Some((Kind::Broken, words!(queues.full))),
                Some(level) if level.is_over() && level.depth > 0 => Some((Kind::Caution, words!(queues.over))),
                Some(level) if level.queue.state.as_deref().is_some_and(|state| state != "RUNNING") => {
                    Some((Kind::Ended, Signal::stored(level.queue.state.clone().unwrap_or_default())))
                }
                _ => None,
            })
        };
        let is_at = {
            let path = path.clone();
            memo(move || {
                levels.with(|levels| {
                    at.with(|at| {
                        !at.is_empty()
                            && levels.iter().find(|level| level.is(at)).is_some_and(|level| level.path == path)
                    })
                })
            })
        };
        view! {
            <div
                class="tree-line"
                class:row-chosen=move || is_at.get()
                role="row"
                id=id
                title=path
                attr:aria-level=depth + 1
                aria-expanded=move || is_parent.get().then(|| if is_folded.get() { "false" } else { "true" })
                aria-selected=move || if is_at.get() { "true" } else { "false" }
                on:click=move |_| at.set(chosen.clone())
            >
                <span role="gridcell" class="tree-name" style:padding-inline-start=format!("{}px", depth * 20)>
                    {when(move || !is_parent.get(), || view! { <span class="tree-fold" aria-hidden="true"></span> }.into_any())}
                    {when(move || is_parent.get(), move || {
                        let toggled = toggled.clone();
                        view! {
                            <button
                                class="tree-fold"
                                type="button"
                                tabindex="-1"
                                aria-label=move || if is_folded.get() { words!(queues.open).get() } else { words!(queues.fold).get() }
                                on:click=move |event| {
                                    event.stop_propagation();
                                    self.fold(&toggled, !is_folded.get_untracked());
                                }
                            >
                                <span class="tree-turn" class:tree-folded=move || is_folded.get()><Icon glyph=Glyph::Down /></span>
                            </button>
                        }.into_any()
                    })}
                    <span class="tree-word">{name}</span>
                    {live(move || match trouble() {
                        Some((kind, word)) => view! { <Mark kind=kind word=word /> }.into_any(),
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

    fn fold(self, path: &str, fold: bool) {
        self.folded.update(|folded| {
            let folded = folded.get_or_insert_default();
            folded.retain(|other| other != path);
            if fold {
                folded.push(path.to_owned());
            }
        });
    }

    /// Up and down go along the lines, left and right fold and unfold, as in any tree.
    fn key(self, event: &web_sys::KeyboardEvent) {
        if event.alt_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
        let lines = self.lines.get_untracked();
        let now = self.at.get_untracked();
        let here = self.levels.with_untracked(|levels| levels.iter().find(|level| level.is(&now)).cloned());
        let place = here.as_ref().and_then(|here| lines.iter().position(|path| *path == here.path));
        let to = match (event.key().as_str(), place) {
            ("ArrowDown", Some(place)) => Some((place + 1).min(lines.len().saturating_sub(1))),
            ("ArrowUp", Some(place)) => Some(place.saturating_sub(1)),
            ("ArrowDown" | "Home", None) | ("Home", _) => Some(0),
            ("ArrowUp" | "End", None) | ("End", _) => lines.len().checked_sub(1),
            ("ArrowLeft" | "ArrowRight", Some(place)) => {
                event.prevent_default();
                let Some(here) = here else { return };
                let is_open =
                    here.parent && !self.folded.with_untracked(|f| f.as_ref().is_some_and(|f| f.contains(&here.path)));
                match (event.key() == "ArrowLeft", is_open) {
                    (true, true) if self.text.with_untracked(String::is_empty) => return self.fold(&here.path, true),
                    // To what is above it.
                    (true, _) => {
                        here.path.rsplit_once('.').and_then(|(above, _)| lines.iter().position(|path| path == above))
                    }
                    (false, false) if here.parent => return self.fold(&here.path, false),
                    (false, _) => Some((place + 1).min(lines.len().saturating_sub(1))).filter(|_| here.parent),
                }
            }
            _ => return,
        };
        event.prevent_default();
        if let Some(path) = to.and_then(|to| lines.get(to)) {
            self.at.set(path.clone());
            if let Some(line) = document().get_element_by_id(&line_id(path)) {
                line.scroll_into_view_with_bool(false);
            }
        }
    }
}

fn percent(part: Option<f64>) -> Option<String> {
    part.filter(|part| part.is_finite()).map(|part| format!("{} %", format::decimal(part)))
}

fn line_id(path: &str) -> String {
    format!("queue-{path}")
}
