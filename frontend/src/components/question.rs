//! A question before a change: what is asked, the way to say yes, and what became of it, under an idempotency key that is
//! kept until that is certain.

use howdah_shared::operation::Role;
use howdah_shared::problem::Problem;
use leptos::prelude::*;

use super::fleet::use_connection;
use super::problem::ProblemLine;
use crate::api::{fresh_key, is_definite};
use crate::routes::Place;
use crate::ui::button::{Button, Weight};
use crate::ui::dialog::Dialog;
use crate::ui::live::live;
use crate::ui::toast::use_toasts;

/// Why the viewer can change nothing here, if so, in the words for what is meant to be done.
pub(crate) fn off_role(connection: &str, why: Signal<String>) -> Signal<Option<String>> {
    let one = use_connection(connection);
    Signal::derive(move || {
        let may_not = one.with(|one| one.as_ref().is_some_and(|one| one.role < Role::Operate));
        may_not.then(|| why.get())
    })
}

/// A question, the way to say yes, and what became of it.
#[component]
pub(crate) fn Question(
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
    /// How much the button stands out.
    #[prop(default = Weight::Danger)]
    weight: Weight,
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
                <Button weight=weight press=press off=off busy=busy>{act}</Button>
            </div>
        </Dialog>
    }
}

/// What becomes of a change: the journal's id of it.
pub(crate) type Pending = std::pin::Pin<Box<dyn Future<Output = Result<Option<String>, Problem>>>>;
