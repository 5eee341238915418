//! One application: where it is in its life, why it waits or what became of it, what it holds, and what can be done.

use howdah_shared::systems::yarn::{
    Application as Brief, ApplicationDetails, ApplicationQuery, ApplicationReply, ShowApplication,
};
use leptos::prelude::*;

use super::acts::{Kill, Move, Target};
use super::application_attempts::Attempts;
use super::application_facts::{facts_of, holdings, tracking};
use super::cells::standing_word;
use super::rows::{Row, standing};
use crate::api::bad_path;
use crate::components::freshness::{StaleNote, watch};
use crate::components::listing::Listed;
use crate::components::page::{PageFoot, PageHead};
use crate::components::problem::ProblemView;
use crate::components::question::off_role;
use crate::components::raw::Raw;
use crate::components::reply::{Reply, reply};
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::button::{Button, ButtonLink, Weight};
use crate::ui::copyable::Copyable;
use crate::ui::live::{live, memo, string, when};
use crate::ui::mark::{Kind, Mark};

/// The page.
#[component]
pub(super) fn ApplicationPage(
    /// The connection's name.
    connection: String,
    /// The application's id.
    id: String,
) -> impl IntoView {
    match id.parse() {
        Ok(application_id) => {
            let show = ShowApplication { application_id };
            view! { <Found connection id show /> }.into_any()
        }
        // No service would know it.
        Err(why) => {
            let problem = bad_path(why);
            view! { <PageHead title=id /> <ProblemView problem=Signal::stored(problem) /> }.into_any()
        }
    }
}

/// What is told of it.
pub(super) type Told = Reply<ApplicationReply>;

#[component]
fn Found(connection: String, id: String, show: ShowApplication) -> impl IntoView {
    let i18n = use_i18n();
    let told = reply(&connection, &show, &ApplicationQuery::default());
    watch(told.polled);
    let of = move |of: fn(&ApplicationDetails) -> Option<String>| told.map(|reply| of(&reply.app)).flatten();
    let own = id.clone();
    let title = string(move || of(|app| named(&app.brief)).unwrap_or_else(|| own.clone()));
    let state = memo(move || told.map(|reply| standing_of(&reply.app.brief)));
    let has_ended = memo(move || state.with(|state| state.as_deref().is_some_and(is_over)));
    let (killing, moving) = (RwSignal::new(false), RwSignal::new(false));
    let (place, own) = (connection.clone(), id.clone());
    let target = Signal::derive(move || Target {
        connection: place.clone(),
        id: own.clone(),
        queue: of(|app| app.brief.queue.clone()),
    });
    let off = |why: Signal<String>| {
        let role = off_role(&connection, why);
        Signal::derive(move || {
            role.get().or_else(|| has_ended.get().then(|| t_string!(i18n, application.off_ended).to_string()))
        })
    };
    let (off_kill, off_move) = (off(words!(application.kill_off_role)), off(words!(application.move_off_role)));
    let again = Place::Submit(connection.clone()).href_with(&[("from", &id)]);
    let acts = move || {
        let again = again.clone();
        when(
            move || told.value.with(Option::is_some),
            move || {
                view! {
                    <Button weight=Weight::Danger off=off_kill press=Callback::new(move |()| killing.set(true))>
                        {words!(application.kill)}
                    </Button>
                    <Button off=off_move press=Callback::new(move |()| moving.set(true))>{words!(application.move_it)}</Button>
                    <ButtonLink href=again.clone()>{words!(application.again)}</ButtonLink>
                }
                .into_any()
            },
        )
    };
    let copied = id.clone();
    let queues = connection.clone();
    let facts = move || {
        view! {
            {live(move || match state.get() {
                Some(state) => {
                    let kind = Row::kind(&state).unwrap_or(Kind::Unknown);
                    view! { <Mark kind=kind word=string(move || standing_word(i18n, &state)) /> }.into_any()
                }
                None => ().into_any(),
            })}
            {live(move || {
                let user = of(|app| app.brief.user.clone());
                let queue = of(|app| app.brief.queue.clone());
                let href = queue.as_ref().map(|queue| Place::Queues(queues.clone()).href_with(&[("at", queue)]));
                view! {
                    {user.map(|user| view! { <span class="page-head-fact">{user}</span> })}
                    {queue.zip(href).map(|(queue, href)| view! { <a class="page-head-fact" href=href>{queue}</a> })}
                }
                .into_any()
            })}
            <Copyable text=Signal::stored(copied.clone()) limit=40 />
        }
        .into_any()
    };
    let raw = show.clone();
    let (connection, id) = (StoredValue::new(connection), StoredValue::new(id));
    view! {
        <PageHead title=title facts=facts acts=acts.clone() />
        <StaleNote seen=told.polled.seen problem=told.polled.problem />
        {told.shown(words!(application.loading), move || view! {
            <Hidden told=told />
            <Diagnostics told=told state=state />
            {holdings(told)}
            {facts_of(told)}
            {tracking(told)}
            <Attempts connection=connection.get_value() id=id.get_value() told=told />
            <Raw connection=connection.get_value() operation=raw.clone() />
        }.into_any())}
        <Kill open=killing target=target />
        {when(move || moving.get(), move || view! { <Move open=moving target=target /> }.into_any())}
        <PageFoot>{acts()}</PageFoot>
    }
}

/// Its name, where it has one that can be seen.
fn named(brief: &Brief) -> Option<String> {
    brief.name.clone().filter(|name| !name.trim().is_empty())
}

/// One word for where it is.
fn standing_of(brief: &Brief) -> String {
    standing(brief.state.as_deref(), brief.final_status.as_deref()).into_owned()
}

/// Whether nothing more will become of it.
fn is_over(standing: &str) -> bool {
    matches!(Row::kind(standing), Some(Kind::Good | Kind::Ended | Kind::Broken))
}

/// Says that the service hides it from its user, and what to grant.
#[component]
fn Hidden(told: Told) -> impl IntoView {
    when(
        move || told.map(|reply| is_hidden(&reply.app.brief)).unwrap_or_default(),
        || {
            view! {
                <div class="again-note" role="status">
                    <Mark kind=Kind::Unknown word=words!(application.hidden) />
                    <p>{words!(application.hidden_text)}</p>
                </div>
            }
            .into_any()
        },
    )
}

/// Whether the service hides its figures: then their zeros are no facts.
pub(super) fn is_hidden(brief: &Brief) -> bool {
    brief.started_time.unwrap_or(0) <= 0
}

/// Why it waits, or what was said of its end. What is long is cut, and there whole on demand.
#[component]
fn Diagnostics(told: Told, state: Memo<Option<String>>) -> impl IntoView {
    /// So much is shown at once.
    const CUT: usize = 2000;
    let whole = RwSignal::new(false);
    let text = memo(move || {
        let text = told.map(|reply| reply.app.diagnostics.clone()).flatten();
        text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    });
    let title = Signal::derive(move || {
        let waits = state.with(|state| state.as_deref().and_then(Row::kind)) == Some(Kind::Waiting);
        if waits { words!(application.why_waits).get() } else { words!(application.diagnostics).get() }
    });
    let is_long = memo(move || text.with(|text| text.as_ref().is_some_and(|text| text.len() > CUT)));
    let shown = string(move || {
        let Some(text) = text.get() else { return String::new() };
        match text.char_indices().nth(CUT).filter(|_| !whole.get()) {
            Some((at, _)) => format!("{}…", &text[..at]),
            None => text,
        }
    });
    let i18n = use_i18n();
    when(
        move || text.with(Option::is_some),
        move || {
            view! {
                <section class="diagnostics">
                    <h2>{title}</h2>
                    <Copyable text=shown block=Some(title) />
                    {when(move || is_long.get() && !whole.get(), move || view! {
                        <Button press=Callback::new(move |()| whole.set(true))>
                            {string(move || {
                                let count = text.with(|text| text.as_ref().map_or(0, |text| text.chars().count()));
                                let count = crate::ui::format::count(count as i64);
                                t_string!(i18n, application.whole, count = count).to_string()
                            })}
                        </Button>
                    }.into_any())}
                </section>
            }
            .into_any()
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_is_over_however_it_did() {
        let of = |state: &str, end: &str| {
            standing_of(&Brief { state: Some(state.into()), final_status: Some(end.into()), ..Brief::default() })
        };
        for (state, end) in
            [("FINISHED", "SUCCEEDED"), ("FINISHED", "FAILED"), ("KILLED", "KILLED"), ("FAILED", "FAILED")]
        {
            assert!(is_over(&of(state, end)), "{state} {end}");
        }
        for (state, end) in [("RUNNING", "UNDEFINED"), ("ACCEPTED", ""), ("SOMETHING_NEW", "")] {
            assert!(!is_over(&of(state, end)), "{state} {end}");
        }
    }

    #[test]
    fn a_name_of_blanks_is_none() {
        assert_eq!(named(&Brief { name: Some("  ".into()), ..Brief::default() }), None);
    }
}
