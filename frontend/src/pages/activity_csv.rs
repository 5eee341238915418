//! The activity as a file for spreadsheets.

use howdah_shared::console::{ListRequests, Request, RequestsQuery};
use howdah_shared::operation::Nothing;
use howdah_shared::problem::Problem;
use leptos::prelude::*;

use crate::api::{At, call};
use crate::components::problem::ProblemLine;
use crate::components::request_state::span;
use crate::i18n::*;
use crate::ui::button::Button;
use crate::ui::csv;
use crate::ui::format;
use crate::ui::live::{live, string};
use crate::ui::toast::use_toasts;

/// The most that the proxy gives at once.
const PAGE: u32 = 500;
/// The names of the columns: the same in every language, so that a script can read the file.
const COLUMNS: [&str; 14] = [
    "id",
    "created",
    "connection",
    "operation",
    "target",
    "name",
    "principal",
    "state",
    "service_id",
    "status",
    "seconds",
    "adopted",
    "said",
    "body",
];

/// The button that collects all requests that fit the filters, page by page, and saves them.
#[component]
pub(super) fn SaveCsv(query: Memo<RequestsQuery>) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let collected: RwSignal<Option<usize>> = RwSignal::new(None);
    let problem: RwSignal<Option<Problem>> = RwSignal::new(None);
    let press = Callback::new(move |()| {
        if collected.get_untracked().is_some() {
            return;
        }
        collected.set(Some(0));
        problem.set(None);
        leptos::task::spawn_local(async move {
            let asked = RequestsQuery { limit: Some(PAGE), ..query.get_untracked() };
            match collect(asked, collected).await {
                Ok(Some(text)) if csv::save("howdah-activity.csv", &text).is_err() => {
                    toasts.say(t_string!(i18n, activity.csv_refused).to_string());
                }
                Ok(_) => {}
                Err(error) => {
                    // The page may be gone by now.
                    let _ = problem.try_set(Some(error));
                }
            }
            let _ = collected.try_set(None);
        });
    });
    let word = string(move || match collected.get() {
        Some(count) => t_string!(i18n, activity.csv_collected, count = format::count(count as i64)).to_string(),
        None => t_string!(i18n, activity.csv).to_string(),
    });
    let busy = Signal::derive(move || collected.with(Option::is_some));
    view! {
        <Button press=press busy=busy>{word}</Button>
        {live(move || match problem.get() {
            Some(problem) => view! { <ProblemLine problem=Signal::stored(problem) /> }.into_any(),
            None => ().into_any(),
        })}
    }
}

/// All of them as text; `None` when the page has gone meanwhile.
async fn collect(mut asked: RequestsQuery, collected: RwSignal<Option<usize>>) -> Result<Option<String>, Problem> {
    let mut text = String::new();
    csv::line(&mut text, COLUMNS);
    let mut count = 0;
    loop {
        let page = call(At::Howdah, &ListRequests {}, &asked, &Nothing {}).await?;
        count += page.requests.len();
        for request in &page.requests {
            add(&mut text, request);
        }
        if collected.try_set(Some(count)).is_some() {
            return Ok(None);
        }
        match page.next {
            Some(next) => asked.after = Some(next),
            None => return Ok(Some(text)),
        }
    }
}

fn add(text: &mut String, request: &Request) {
    let created = js_sys::Date::new(&(request.created as f64).into()).to_iso_string();
    let seconds =
        span(request).and_then(|(from, to)| Some(format::decimal((to? - from) as f64 / 1000.0).replace(',', "")));
    let body = request.body.as_ref().map(ToString::to_string);
    let target: Vec<&str> = request.target.values().map(String::as_str).collect();
    let given = |text: &Option<String>| text.clone().unwrap_or_default();
    let said = request.said.as_ref().or(request.words.as_ref());
    let cells = [
        request.id.clone(),
        created.into(),
        request.connection.clone(),
        request.operation.clone(),
        target.join(" "),
        given(&request.name),
        request.principal.clone(),
        request.state.as_str().to_owned(),
        given(&request.service_id),
        request.status.map(|status| status.to_string()).unwrap_or_default(),
        seconds.unwrap_or_default(),
        request.adopted.to_string(),
        said.cloned().unwrap_or_default(),
        body.unwrap_or_default(),
    ];
    csv::line(text, cells.iter().map(String::as_str));
}
