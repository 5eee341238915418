//! What can be done with one application: kill it, or move it to another queue; each after a question, under an
//! idempotency key that is kept until it is certain what became of it.

use howdah_shared::operation::{Nothing, Operation};
use howdah_shared::problem::Problem;
use howdah_shared::systems::yarn::{ChangeApplicationState, MoveApplication, QueueChange, StateChange, TargetState};
use leptos::prelude::*;

use super::queue_tree::{named, queues};
use crate::api::{At, Changed, bad_path, change};
use crate::components::question::{Pending, Question, off_role};
use crate::i18n::*;
use crate::ui::field::Field;
use crate::ui::live::{memo, string};

/// Which application, and where.
#[derive(Clone, PartialEq)]
pub(super) struct Target {
    /// The connection's name.
    pub(super) connection: String,
    /// Its id.
    pub(super) id: String,
    /// Its queue, as far as it is known.
    pub(super) queue: Option<String>,
}

/// Kills it.
///
/// # Errors
/// As of [`change`].
pub(super) async fn kill(target: &Target, reason: &str, key: &str) -> Result<Option<String>, Problem> {
    let operation = ChangeApplicationState { application_id: target.id.parse().map_err(bad_path)? };
    let diagnostics = Some(reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    let body = StateChange { state: TargetState::Killed, diagnostics };
    send(target, &operation, &body, key).await
}

/// Moves it.
///
/// # Errors
/// As of [`change`].
pub(super) async fn move_to(target: &Target, queue: &str, key: &str) -> Result<Option<String>, Problem> {
    let operation = MoveApplication { application_id: target.id.parse().map_err(bad_path)? };
    send(target, &operation, &QueueChange { queue: queue.to_owned() }, key).await
}

async fn send<O: Operation<Query = Nothing>>(
    target: &Target,
    operation: &O,
    body: &O::Body,
    key: &str,
) -> Result<Option<String>, Problem> {
    let at = At::Connection(&target.connection);
    let Changed { request_id, .. } = change(at, operation, &Nothing {}, body, Some(key)).await?;
    Ok(request_id)
}

/// The question whether to kill it.
#[component]
pub(super) fn Kill(open: RwSignal<bool>, #[prop(into)] target: Signal<Target>) -> impl IntoView {
    let i18n = use_i18n();
    let reason = RwSignal::new(String::new());
    let run = Callback::new(move |key: String| -> Pending {
        let (target, reason) = (target.get_untracked(), reason.get_untracked());
        Box::pin(async move { kill(&target, &reason, &key).await })
    });
    view! {
        <Question
            open=open
            title=string(move || t_string!(i18n, application.kill_title, id = target.get().id).to_string())
            act=words!(application.kill_act)
            off=off_role(&target.get_untracked().connection, words!(application.kill_off_role))
            run=run
            done=words!(application.kill_done)
        >
            <p>{words!(application.kill_text)}</p>
            <Field id="kill-reason" label=words!(application.kill_reason) hint=words!(application.kill_hint) value=reason />
        </Question>
    }
}

/// The question where to move it.
#[component]
pub(super) fn Move(open: RwSignal<bool>, #[prop(into)] target: Signal<Target>) -> impl IntoView {
    let i18n = use_i18n();
    let connection = target.get_untracked().connection;
    let tree = queues(&connection).levels;
    let queues = memo(move || tree.with(|tree| named(tree)));
    let to = RwSignal::new(String::new());
    let role = off_role(&connection, words!(application.move_off_role));
    let off = Signal::derive(move || {
        role.get().or_else(|| to.with(String::is_empty).then(|| t_string!(i18n, application.move_off).to_string()))
    });
    let run = Callback::new(move |key: String| -> Pending {
        let (target, to) = (target.get_untracked(), to.get_untracked());
        Box::pin(async move { move_to(&target, &to, &key).await })
    });
    view! {
        <Question
            open=open
            title=string(move || t_string!(i18n, application.move_title, id = target.get().id).to_string())
            act=words!(application.move_act)
            off=off
            run=run
            done=words!(application.move_done)
        >
            <p>{string(move || {
                let queue = target.get().queue.unwrap_or_else(|| "—".to_owned());
                t_string!(i18n, application.move_text, queue = queue).to_string()
            })}</p>
            <div class="field">
                <label class="field-label" for="move-to">{words!(application.move_to)}</label>
                <select class="input" id="move-to" on:change=move |event| to.set(event_target_value(&event))>
                    <option value="" selected=true>{words!(application.move_choose)}</option>
                    <For each=move || queues.get() key=|(path, _)| path.clone() let:queue>
                        <option value=queue.1>{queue.0}</option>
                    </For>
                </select>
            </div>
        </Question>
    }
}
