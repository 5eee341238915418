//! What is done with several applications at once.

use howdah_shared::operation::Nothing;
use howdah_shared::systems::yarn::{
    ApplicationState, ChangeApplicationState, MoveApplication, QueueChange, StateChange, TargetState,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::queue_tree::{named, queues};
use super::rows::Row;
use crate::api::{At, bad_path, change};
use crate::components::batch::{Act, ActWords, Choice, Item, Run, Sent};
use crate::i18n::*;
use crate::ui::button::Weight;
use crate::ui::format;
use crate::ui::live::memo;

/// What is done with each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Change {
    /// It is killed.
    Kill,
    /// It is moved to a queue.
    Move(String),
}

impl Act for Change {
    type Row = Row;
    const TABLE: &'static str = "applications";

    fn send(&self, connection: &str, item: &Item) -> Sent {
        let (connection, item) = (connection.to_owned(), item.clone());
        match self {
            Change::Kill => Box::pin(async move { kill(&connection, &item).await }),
            Change::Move(queue) => {
                let queue = queue.clone();
                Box::pin(async move { move_to(&connection, &item, queue).await })
            }
        }
    }

    fn title(&self, i18n: I18nContext<Locale>, count: usize) -> String {
        let words = format::count(count as i64);
        match (self, count) {
            (Change::Kill, 1) => t_string!(i18n, several.kill_one).to_string(),
            (Change::Kill, _) => t_string!(i18n, several.kill, count = words).to_string(),
            (Change::Move(_), 1) => t_string!(i18n, several.move_one).to_string(),
            (Change::Move(_), _) => t_string!(i18n, several.move_, count = words).to_string(),
        }
    }

    fn text(&self) -> Signal<String> {
        match self {
            Change::Kill => words!(several.kill_text),
            Change::Move(_) => words!(several.move_text),
        }
    }

    fn weight(&self) -> Weight {
        match self {
            Change::Kill => Weight::Danger,
            Change::Move(_) => Weight::Primary,
        }
    }

    fn choice(&self, run: Run<Change>) -> Option<Choice<Change>> {
        if *self == Change::Kill {
            return None;
        }
        let i18n = use_i18n();
        let to = RwSignal::new(String::new());
        let connection = run.connection.get_value();
        Some(Choice {
            view: view! { <QueueChoice connection to=to /> }.into_any(),
            off: Signal::derive(move || {
                to.with(String::is_empty).then(|| t_string!(i18n, several.off_queue).to_string())
            }),
            act: Callback::new(move |()| Change::Move(to.get_untracked())),
        })
    }

    fn takes(row: &Row) -> bool {
        !row.has_ended()
    }

    fn name(row: &Row) -> String {
        row.application().name.clone().unwrap_or_default()
    }

    fn words() -> ActWords {
        ActWords {
            list: words!(several.list),
            off_all: words!(several.off_ended),
            off_role: words!(run.off_role),
            left_out: |i18n, count| t_string!(i18n, several.left_out, count = count).to_string(),
            left: |i18n, open, all| t_string!(i18n, several.left, open = open, all = all).to_string(),
        }
    }
}

type Taken = <Sent as Future>::Output;

async fn kill(connection: &str, item: &Item) -> Taken {
    let operation = ChangeApplicationState { application_id: item.id.parse().map_err(bad_path)? };
    let body = StateChange { state: TargetState::Killed, diagnostics: None };
    let changed = change(At::Connection(connection), &operation, &Nothing {}, &body, Some(&item.key)).await?;
    let ApplicationState { state, .. } = changed.reply;
    // What had ended by itself tells how.
    let ended = state.as_deref().is_some_and(|state| matches!(state, "FINISHED" | "FAILED"));
    Ok((ended, changed.request_id))
}

async fn move_to(connection: &str, item: &Item, queue: String) -> Taken {
    let operation = MoveApplication { application_id: item.id.parse().map_err(bad_path)? };
    let body = QueueChange { queue };
    let changed = change(At::Connection(connection), &operation, &Nothing {}, &body, Some(&item.key)).await?;
    Ok((false, changed.request_id))
}

/// A queue of the scheduler's tree.
#[component]
fn QueueChoice(connection: String, to: RwSignal<String>) -> impl IntoView {
    let tree = queues(&connection).levels;
    let queues = memo(move || tree.with(|tree| named(tree)));
    view! {
        <div class="field">
            <label class="field-label" for="several-queue">{words!(several.queue)}</label>
            <select class="input" id="several-queue" on:change=move |event| to.set(event_target_value(&event))>
                <option value="" selected=true>{words!(several.queue_choose)}</option>
                <For each=move || queues.get() key=|(path, _)| path.clone() let:queue>
                    <option value=queue.1>{queue.0}</option>
                </For>
            </select>
        </div>
    }
}
