//! What can be done with one application: kill it, or move it to another queue; each after a question, under an
//! idempotency key that is kept until it is certain what became of it.

use howdah_shared::operation::{Nothing, Operation, Role};
use howdah_shared::problem::{Code, Problem};
use howdah_shared::systems::yarn::{
    ChangeApplicationState, MoveApplication, QueueChange, ShowScheduler, StateChange, TargetState,
};
use leptos::prelude::*;

use super::queue_tree::{named, tree};
use super::whole::reply;
use crate::api::{At, Changed, change, fresh_key, is_definite};
use crate::components::fleet::use_connection;
use crate::components::problem::ProblemLine;
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::button::{Button, Weight};
use crate::ui::dialog::Dialog;
use crate::ui::field::Field;
use crate::ui::live::{live, memo, string};
use crate::ui::toast::use_toasts;

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

/// What is wrong with an id that can be none.
pub(super) fn bad_path(why: howdah_shared::operation::BadSegment) -> Problem {
    Problem::new(Code::BadPath, why.to_string())
}

/// Why the viewer can change nothing here, if so, in the words for what is meant to be done.
pub(super) fn off_role(connection: &str, why: Signal<String>) -> Signal<Option<String>> {
    let one = use_connection(connection);
    Signal::derive(move || {
        let may_not = one.with(|one| one.as_ref().is_some_and(|one| one.role < Role::Operate));
        may_not.then(|| why.get())
    })
}

/// A question, the way to say yes, and what became of it.
#[component]
pub(super) fn Question(
    /// Whether it is asked.
    open: RwSignal<bool>,
    /// What is asked.
    title: Signal<String>,
    /// The button's words: what it does.
    act: Signal<String>,
    /// Why it cannot be done now.
    off: Signal<Option<String>>,
    /// Does it under a key.
    run: Callback<String, Pending>,
    /// What is said when it is done.
    done: Signal<String>,
    /// What to know before, and what to choose.
    children: ChildrenFn,
) -> impl IntoView {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let refused: RwSignal<Option<Problem>> = RwSignal::new(None);
    let key = StoredValue::new(fresh_key());
    let press = Callback::new(move |()| {
        if busy.get_untracked() || off.with_untracked(Option::is_some) {
            return;
        }
        busy.set(true);
        refused.set(None);
        let pending = run.run(key.get_value());
        leptos::task::spawn_local(async move {
            let answer = pending.await;
            // The page may be gone by now.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(_) => {
                    key.set_value(fresh_key());
                    toasts.say(done.get_untracked());
                    open.set(false);
                }
                Err(problem) => {
                    if is_definite(&problem) {
                        key.set_value(fresh_key());
                    }
                    refused.set(Some(problem));
                }
            }
        });
    });
    let children = StoredValue::new(children);
    view! {
        <Dialog open=open title=title busy=busy>
            {children.with_value(|children| children())}
            {live(move || match refused.get() {
                Some(problem) => {
                    let entry = problem.request_id.clone().map(|id| Place::Run(id).href());
                    view! {
                        <div>
                            <ProblemLine problem=Signal::stored(problem) />
                            {entry.map(|href| view! { <p><a href=href>{words!(run_again.entry)}</a></p> })}
                        </div>
                    }
                    .into_any()
                }
                None => ().into_any(),
            })}
            <div class="dialog-acts">
                <Button press=Callback::new(move |()| open.set(false)) off=Signal::derive(move || busy.get().then(String::new))>
                    {words!(run_again.cancel)}
                </Button>
                <Button weight=Weight::Danger press=press off=off busy=busy>{act}</Button>
            </div>
        </Dialog>
    }
}

/// What becomes of a change: the journal's id of it.
pub(super) type Pending = std::pin::Pin<Box<dyn Future<Output = Result<Option<String>, Problem>>>>;

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
    let scheduler = reply(&connection, &ShowScheduler {}, &Nothing {});
    let queues = memo(move || scheduler.map(|scheduler| named(&tree(scheduler))).unwrap_or_default());
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
