//! What happened to an application: its own steps, and each attempt to run it.

use howdah_shared::operation::Nothing;
use howdah_shared::systems::yarn::{Attempt, ListAttempts};
use leptos::prelude::*;

use super::application::Told;
use crate::api::watched;
use crate::components::problem::ProblemLine;
use crate::list::{Keyed, List, Text};
use crate::routes::Place;
use crate::ui::link::safe;
use crate::ui::live::{live, memo, when};
use crate::ui::time::{At, Lasted, Precision};

/// The steps in the order of time, and the attempts.
#[component]
pub(super) fn Attempts(connection: String, id: String, told: Told) -> impl IntoView {
    let Ok(application_id) = id.parse() else { return ().into_any() };
    let attempts = watched::<_, Row>(&connection, &ListAttempts { application_id }, &Nothing {}).list;
    let list = memo(move || attempts.value.with(|rows| rows.as_ref().map(sorted)));
    let steps = memo(move || {
        let of = |of: fn(&howdah_shared::systems::yarn::ApplicationDetails) -> Option<i64>| {
            told.map(|reply| of(&reply.app)).flatten().filter(|at| *at > 0)
        };
        [
            (words!(applications.started), of(|app| app.brief.started_time)),
            (words!(application.launched), of(|app| app.launch_time)),
            (words!(application.finished), of(|app| app.brief.finished_time)),
        ]
        .map(|(word, at)| (word.get(), at))
    });
    let problem = memo(move || attempts.problem.get().filter(|_| list.with(Option::is_none)));
    view! {
        <section>
            <h2>{words!(application.timeline)}</h2>
            <ol class="steps">
                {live(move || {
                    let steps = steps.get().into_iter().filter_map(|(word, at)| Some((word, at?)));
                    let step = |(word, at): (String, i64)| view! {
                        <li class="step"><span>{word}</span> " " <At at=Signal::stored(at) precision=Precision::Second /></li>
                    };
                    steps.map(step).collect_view().into_any()
                })}
            </ol>
            <h3>{words!(application.attempts)}</h3>
            {live(move || match problem.get() {
                Some(problem) => view! { <ProblemLine problem=Signal::stored(problem) /> }.into_any(),
                None => ().into_any(),
            })}
            {when(move || list.with(|list| list.as_ref().is_some_and(Vec::is_empty)), || view! {
                <p class="listing-quiet">{words!(application.no_attempts)}</p>
            }.into_any())}
            {live(move || {
                let rows = list.get().unwrap_or_default();
                if rows.is_empty() {
                    return ().into_any();
                }
                let rows = rows.into_iter().map(|attempt| row(&connection, attempt));
                view! {
                    <div class="figures-scroll" tabindex="0">
                        <table class="figures figures-words">
                            <thead>
                                <tr>
                                    <th scope="col">{words!(application.attempt)}</th>
                                    <th scope="col">{words!(applications.state)}</th>
                                    <th scope="col">{words!(applications.started)}</th>
                                    <th scope="col">{words!(applications.elapsed)}</th>
                                    <th scope="col">{words!(application.node)}</th>
                                    <th scope="col">{words!(application.container)}</th>
                                    <th scope="col">{words!(application.log)}</th>
                                </tr>
                            </thead>
                            <tbody>{rows.collect_view()}</tbody>
                        </table>
                    </div>
                }
                .into_any()
            })}
        </section>
    }
    .into_any()
}

/// An attempt under its number.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    key: String,
    attempt: Attempt,
}

impl From<Attempt> for Row {
    fn from(attempt: Attempt) -> Row {
        Row { key: attempt.id.map(|id| id.to_string()).unwrap_or_default(), attempt }
    }
}

impl From<Text> for Row {
    fn from(text: Text) -> Row {
        text.read::<Attempt>().into()
    }
}

impl Keyed for Row {
    fn key(&self) -> &str {
        &self.key
    }
}

fn sorted(rows: &List<Row>) -> Vec<Attempt> {
    let mut attempts: Vec<Attempt> = rows.iter().map(|row| row.attempt.clone()).collect();
    attempts.sort_by_key(|attempt| attempt.id);
    attempts
}

fn row(connection: &str, attempt: Attempt) -> impl IntoView + use<> {
    let known = |text: Option<String>| text.filter(|text| !text.is_empty() && text != "null");
    let dash = || "—".to_owned();
    let node = known(attempt.node_id);
    let href = node.clone().map(|node| Place::Node(connection.to_owned(), node).href());
    let started = attempt.start_time.filter(|at| *at > 0);
    let ended = attempt.finished_time.filter(|at| *at > 0);
    // Older servers leave the scheme to the page that shows the link.
    let log = known(attempt.logs_link).map(|link| if link.starts_with("//") { format!("http:{link}") } else { link });
    view! {
        <tr>
            <th scope="row">{attempt.id.map_or_else(dash, |id| id.to_string())}</th>
            <td>{known(attempt.app_attempt_state).unwrap_or_else(dash)}</td>
            <td>{match started {
                Some(at) => view! { <At at=Signal::stored(at) precision=Precision::Second /> }.into_any(),
                None => dash().into_any(),
            }}</td>
            <td>{match started {
                Some(from) => view! { <Lasted from=Signal::stored(from) to=Signal::stored(ended) /> }.into_any(),
                None => dash().into_any(),
            }}</td>
            <td>{match (node, href) {
                (Some(node), Some(href)) => view! { <a href=href>{node}</a> }.into_any(),
                _ => dash().into_any(),
            }}</td>
            <td><code>{known(attempt.container_id).unwrap_or_else(dash)}</code></td>
            <td>{match log.as_deref().and_then(safe) {
                Some(href) => view! {
                    <a href=href target="_blank" rel="noopener noreferrer">{words!(application.log_open)}</a>
                }.into_any(),
                None => dash().into_any(),
            }}</td>
        </tr>
    }
}
