//! Submitting an application: a form for the whole submission, what it comes to as JSON, and an id that is taken when it
//! is confirmed. What becomes of it is seen on the application's own page, where one comes next.

use howdah_shared::operation::Nothing;
use howdah_shared::problem::Problem;
use howdah_shared::sensitive::hidden;
use howdah_shared::systems::yarn::{ApplicationQuery, NewApplication, ShowApplication, Submission, SubmitApplication};
use leptos::prelude::*;

use super::queue_tree::{named, queues};
use super::submit_draft::{self, Draft};
use super::submit_fields::{Fields, Texts};
use super::submit_form::{Part, Switches, of_application, read};
use crate::address;
use crate::api::{At, Changed, call, change};
use crate::components::attempt::{attempt, refusal};
use crate::components::fleet::use_connection;
use crate::components::frame::reload;
use crate::components::page::PageHead;
use crate::components::problem::ProblemLine;
use crate::components::question::off_role;
use crate::i18n::*;
use crate::kept::forget;
use crate::routes::Place;
use crate::ui::button::{Button, ButtonLink, Weight};
use crate::ui::copyable::Copyable;
use crate::ui::live::{effect, live, memo, string};

/// What stands in the place of an id that is not taken yet.
const NO_ID: &str = "application_0_0000";

/// The page.
#[component]
pub(super) fn Submit(
    /// The connection's name.
    connection: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let texts: Texts = StoredValue::new(Part::ALL.iter().map(|part| (*part, RwSignal::new(String::new()))).collect());
    let switches = RwSignal::new(Switches::default());
    let search = address::here().get_untracked().search;
    let put = move |part: Part, text: String| {
        texts.with_value(|texts| {
            if let Some((_, field)) = texts.iter().find(|(other, _)| *other == part) {
                field.set(text);
            }
        });
    };
    let text = move |part: Part| {
        texts.with_value(|texts| {
            texts.iter().find(|(other, _)| *other == part).map(|(_, text)| text.get()).unwrap_or_default()
        })
    };
    let (from, queue) = (address::parameter(&search, "from"), address::parameter(&search, "queue"));
    let drawer = StoredValue::new(submit_draft::place(&connection, from.as_deref(), queue.as_deref()));
    let draft = drawer.with_value(|drawer| Draft::kept(drawer));
    let found = draft.as_ref().map(|draft| draft.lacks);
    if let Some(draft) = &draft {
        Part::ALL.iter().for_each(|part| put(*part, draft.text(*part).to_owned()));
        switches.set(draft.switches);
    } else if let Some(queue) = queue {
        put(Part::Queue, queue);
    }
    let begins = move || read(NO_ID, |part| untrack(|| text(part)), switches.get_untracked()).0;
    let began = StoredValue::new(begins());
    let (template, unread) = (RwSignal::new(None), RwSignal::new(None::<Problem>));
    if let (Some(Ok(application_id)), None) = (from.map(|id| id.parse()), &draft) {
        let (place, show) = (connection.clone(), ShowApplication { application_id });
        leptos::task::spawn_local(async move {
            match call(At::Connection(&place), &show, &ApplicationQuery::default(), &Nothing {}).await {
                Ok(reply) => {
                    // The page may be gone by now.
                    if template.try_set(reply.app.brief.id.clone()).is_none() {
                        of_application(&reply.app).into_iter().for_each(|(part, text)| put(part, text));
                        began.set_value(begins());
                    }
                }
                Err(problem) => drop(unread.try_set(Some(problem))),
            }
        });
    }
    let tree = queues(&connection).levels;
    let queues = memo(move || tree.with(|tree| named(tree)));
    let come = memo(move || read(NO_ID, text, switches.get()));
    let keep = move || {
        let draft = Draft::new(text, switches.get());
        drawer.try_with_value(|drawer| draft.keep(drawer));
    };
    effect(move || {
        // What a form begins with is no draft.
        if come.with(|(submission, _)| began.with_value(|began| began != submission)) {
            keep();
        }
    });
    // Where the key is kept of a submission whose outcome is open.
    let open = StoredValue::new(drawer.with_value(|drawer| format!("{drawer}/sent")));
    let anew = Callback::new(move |()| {
        drawer.with_value(|drawer| forget(drawer));
        reload();
    });
    let faults = memo(move || come.with(|(_, faults)| faults.clone()));
    let json = string(move || come.with(|(submission, _)| shown(submission)));
    let one = use_connection(&connection);
    let curl = string(move || {
        let service = one.with(|one| one.as_ref().map(|one| one.url.clone())).unwrap_or_default();
        come.with(|(submission, _)| as_curl(&service, submission))
    });
    let refused: RwSignal<Option<Problem>> = RwSignal::new(None);
    let another = Callback::new(move |()| {
        open.with_value(|open| forget(open));
        refused.set(None);
    });
    let role = off_role(&connection, words!(submit.off_role));
    let off = Signal::derive(move || {
        role.get().or_else(|| faults.with(|faults| !faults.is_empty()).then(|| t_string!(i18n, submit.off).to_string()))
    });
    let busy = RwSignal::new(false);
    let place = StoredValue::new(connection.clone());
    let send = move || {
        if busy.get_untracked() || off.with_untracked(Option::is_some) {
            return;
        }
        busy.set(true);
        refused.set(None);
        let texts_now: Vec<(Part, String)> = Part::ALL.iter().map(|part| (*part, untrack(|| text(*part)))).collect();
        let (switches, connection) = (switches.get_untracked(), place.get_value());
        leptos::task::spawn_local(async move {
            let at = |part: Part| {
                texts_now.iter().find(|(other, _)| *other == part).map(|(_, text)| text.clone()).unwrap_or_default()
            };
            let run = async |key: String| submit(&connection, &key, |id| read(id, at, switches).0).await;
            let answer = attempt(&open.get_value(), run).await;
            // The page may be gone by now.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(id) => {
                    drawer.with_value(|drawer| forget(drawer));
                    address::go(&Place::Application(connection, id).href());
                }
                Err(problem) => refused.set(Some(problem)),
            }
        });
    };
    view! {
        <PageHead title=words!(overview.submit) />
        <form
            class="again"
            novalidate=true
            on:submit=move |event: web_sys::SubmitEvent| {
                event.prevent_default();
                send();
            }
        >
            <div class="again-fields">
                {found.map(|lacks| view! {
                    <div class="again-note" role="status">
                        <p>{if lacks { words!(submit.draft_lacks) } else { words!(submit.draft) }}</p>
                        <Button press=anew>{words!(submit.anew)}</Button>
                    </div>
                })}
                {live(move || match (template.get(), unread.get()) {
                    (Some(id), _) => view! {
                        <p class="again-note">{string(move || t_string!(i18n, submit.template, id = id.clone()).to_string())}</p>
                    }
                    .into_any(),
                    (None, Some(problem)) => view! { <ProblemLine problem=Signal::stored(problem) /> }.into_any(),
                    (None, None) => ().into_any(),
                })}
                <Fields texts=texts switches=switches faults=faults queues=queues busy=busy />
            </div>
            <div class="again-side">
                <section aria-labelledby="submit-json">
                    <h2 id="submit-json">{words!(submit.json)}</h2>
                    <p class="field-hint">{words!(submit.json_hint)}</p>
                    <Copyable text=json block=Some(words!(submit.json)) />
                </section>
                <details class="folded">
                    <summary>{words!(run_again.as_curl)}</summary>
                    <Copyable text=curl block=Some(words!(run_again.as_curl)) />
                </details>
                {live(move || match refused.get() {
                    Some(problem) => refusal(problem, another),
                    None => ().into_any(),
                })}
                <div class="again-acts">
                    <Button weight=Weight::Primary kind="submit" off=off busy=busy>{words!(submit.act)}</Button>
                    <ButtonLink href=Signal::stored(Place::Applications(connection).href())>
                        {words!(run_again.cancel)}
                    </ButtonLink>
                </div>
                <p class="field-hint" role="status">
                    {string(move || match busy.get() {
                        true => t_string!(i18n, submit.sending).to_string(),
                        false => off.get().unwrap_or_default(),
                    })}
                </p>
            </div>
        </form>
    }
}

/// Takes an id and submits under it. The same key gets the same id.
async fn submit(connection: &str, key: &str, under: impl FnOnce(&str) -> Submission) -> Result<String, Problem> {
    let at = At::Connection(connection);
    let take = format!("{key}-id");
    let Changed { reply, .. } = change(at, &NewApplication {}, &Nothing {}, &Nothing {}, Some(&take)).await?;
    let id = reply.application_id.unwrap_or_default();
    change(at, &SubmitApplication {}, &Nothing {}, &under(&id), Some(key)).await?;
    Ok(id)
}

/// The submission as it will be written, its secrets hidden.
fn shown(submission: &Submission) -> String {
    hidden(|| serde_json::to_string_pretty(submission)).unwrap_or_default()
}

/// Both calls for a shell. They speak to the service itself: what they submit is not in Howdah's journal.
fn as_curl(service: &str, submission: &Submission) -> String {
    let service = service.trim_end_matches('/');
    let body = hidden(|| serde_json::to_string(submission)).unwrap_or_default();
    let body = body.replace('\'', r"'\''").replace(NO_ID, "'\"$ID\"'");
    format!(
        "ID=$(curl -X POST '{service}/ws/v1/cluster/apps/new-application' | jq -r '.[\"application-id\"]')\n\
         curl -X POST '{service}/ws/v1/cluster/apps' \\\n  -H 'Content-Type: application/json' \\\n  -d '{body}'"
    )
}

#[cfg(test)]
mod tests {
    use howdah_shared::sensitive::Variable;
    use howdah_shared::systems::yarn::{ContainerSpec, Environment};

    use super::*;

    #[test]
    fn what_is_shown_hides_secrets() {
        let variable = |key: &str| Variable { key: key.to_owned(), value: "it's here".to_owned() };
        let environment = Environment { entry: vec![variable("PASSWORD"), variable("LANG")] };
        let spec = ContainerSpec { environment: Some(environment), ..ContainerSpec::default() };
        let submission =
            Submission { application_id: NO_ID.to_owned(), am_container_spec: Some(spec), ..Submission::default() };
        assert_eq!(shown(&submission).matches("it's here").count(), 1);
        let line = as_curl("http://rm:8088/", &submission);
        assert_eq!(line.matches(r"it'\''s here").count(), 1);
        assert!(line.contains(r#"-d '{"application-id":"'"$ID"'""#), "{line}");
    }
}
