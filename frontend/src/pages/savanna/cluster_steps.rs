//! Where a cluster is in its life, and what the service does meanwhile, a step after the other.

use howdah_shared::systems::savanna::{Cluster, Event, Step, instant};
use leptos::prelude::*;

use super::cluster::Told;
use super::lifecycle::{Way, stages, way, word};
use crate::i18n::*;
use crate::ui::format;
use crate::ui::live::{live, memo, when};
use crate::ui::mark::{Kind, Mark};
use crate::ui::time::{At, Lasted, Precision};

/// Where it is on its way; nothing where it is on none.
#[component]
pub(super) fn Lifecycle(told: Told) -> impl IntoView {
    let i18n = use_i18n();
    let before = StoredValue::new(None::<Way>);
    let here = memo(move || {
        let now = told.map(|reply| {
            let way = way(&reply.cluster, before.get_value());
            (way, reply.cluster.dialect(), reply.cluster.status.clone().unwrap_or_default())
        });
        if let Some((way, _, status)) = &now {
            // One that has come to rest begins its next way as one that there was before.
            before.set_value(way.or((status == "Active").then_some(Way::Scaling)));
        }
        now
    });
    live(move || {
        let Some((Some(way), dialect, status)) = here.get() else { return ().into_any() };
        let stages = stages(way, dialect);
        let at = stages.iter().position(|stage| *stage == status);
        let line = |(place, stage): (usize, &'static str)| {
            let kind = match at {
                Some(at) if place < at => Kind::Good,
                Some(at) if place == at => Kind::Moving,
                _ => Kind::Waiting,
            };
            let current = (at == Some(place)).then_some("step");
            view! { <li class="stage" aria-current=current><Mark kind=kind word=word(i18n, stage) /></li> }
        };
        let end = match way {
            Way::Ending => t_string!(i18n, savanna.gone).to_string(),
            _ => word(i18n, "Active"),
        };
        let title = title(i18n, way);
        view! {
            <section aria-labelledby="lifecycle">
                <h2 id="lifecycle">{title}</h2>
                <ol class="stages">
                    {stages.iter().copied().enumerate().map(line).collect_view()}
                    <li class="stage"><Mark kind=Kind::Waiting word=end /></li>
                </ol>
                <p class="field-hint">{words!(savanna.stages_hint)}</p>
            </section>
        }
        .into_any()
    })
}

fn title(i18n: I18nContext<Locale>, way: Way) -> String {
    match way {
        Way::Starting => t_string!(i18n, savanna.way_starting),
        Way::Scaling => t_string!(i18n, savanna.way_scaling),
        Way::Undoing => t_string!(i18n, savanna.way_undoing),
        Way::Ending => t_string!(i18n, savanna.way_ending),
    }
    .to_string()
}

/// The steps that the service tells, newest first.
#[component]
pub(super) fn Steps(told: Told) -> impl IntoView {
    let steps = memo(move || told.map(|reply| ordered(&reply.cluster)).unwrap_or_default());
    when(
        move || steps.with(|steps| !steps.is_empty()),
        move || {
            view! {
                <h2>{words!(savanna.steps)}</h2>
                <div class="listing-box">
                    <table class="listing" aria-label=words!(savanna.steps)>
                        <thead>
                            <tr>
                                <th scope="col">{words!(savanna.step)}</th>
                                <th scope="col" class="from-tablet">{words!(savanna.step_of_what)}</th>
                                <th scope="col">{words!(savanna.step_result)}</th>
                                <th scope="col" class="listing-number from-tablet">{words!(savanna.step_began)}</th>
                                <th scope="col" class="listing-number">{words!(savanna.step_took)}</th>
                            </tr>
                        </thead>
                        <tbody>{live(move || steps.get().iter().map(row).collect_view().into_any())}</tbody>
                    </table>
                </div>
            }
            .into_any()
        },
    )
}

fn ordered(cluster: &Cluster) -> Vec<Step> {
    let mut steps = cluster.provision_progress.clone();
    // The order in which they are told is none.
    steps.sort_by(|one, other| other.created_at.cmp(&one.created_at));
    steps
}

fn row(step: &Step) -> AnyView {
    let i18n = use_i18n();
    let (done, failed) = counted(&step.events);
    let kind = match step.successful {
        Some(true) => Kind::Good,
        Some(false) => Kind::Broken,
        None => Kind::Moving,
    };
    let word = match (step.successful, step.total) {
        (Some(true), _) => t_string!(i18n, savanna.step_done).to_string(),
        (Some(false), _) => t_string!(i18n, savanna.step_failed).to_string(),
        (None, Some(total)) => {
            let (done, total) = (format::count(done as i64), format::count(total));
            t_string!(i18n, savanna.step_part, done = done, total = total).to_string()
        }
        (None, None) => t_string!(i18n, savanna.step_under_way).to_string(),
    };
    let told = |text: &Option<String>| text.clone().unwrap_or_else(|| format::UNKNOWN.to_owned());
    let began = step.created_at.as_deref().and_then(instant);
    let ended = step.successful.and(step.updated_at.as_deref().and_then(instant));
    view! {
        <tr>
            <td>
                <span lang="en">{told(&step.step_name)}</span>
                {failed.into_iter().map(|said| view! { <p class="step-said" lang="en">{said}</p> }).collect_view()}
            </td>
            <td class="from-tablet" lang="en">{told(&step.step_type)}</td>
            <td><Mark kind=kind word=word /></td>
            <td class="listing-number from-tablet">{match began {
                Some(at) => view! { <At at=Signal::stored(at) precision=Precision::Second /> }.into_any(),
                None => format::UNKNOWN.into_any(),
            }}</td>
            <td class="listing-number">{match (began, ended, step.successful) {
                (Some(from), Some(to), _) => {
                    view! { <Lasted from=Signal::stored(from) to=Signal::stored(Some(to)) /> }.into_any()
                }
                (Some(from), None, None) => {
                    view! { <Lasted from=Signal::stored(from) to=Signal::stored(None) /> }.into_any()
                }
                _ => format::UNKNOWN.into_any(),
            }}</td>
        </tr>
    }
    .into_any()
}

/// How many things it has been done to, and what is said of those at which it failed.
fn counted(events: &[Event]) -> (usize, Vec<String>) {
    let done = events.iter().filter(|event| event.successful == Some(true)).count();
    let failed = events.iter().filter(|event| event.successful == Some(false)).filter_map(|event| {
        let said = event.event_info.as_deref().map(str::trim).filter(|said| !said.is_empty())?;
        Some(event.instance_name.iter().fold(said.to_owned(), |said, name| format!("{name}: {said}")))
    });
    (done, failed.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_says_where() {
        let event = |good, name: Option<&str>, said: &str| Event {
            successful: Some(good),
            instance_name: name.map(str::to_owned),
            event_info: Some(said.to_owned()),
            ..Event::default()
        };
        let events = [event(true, Some("a-1"), "x"), event(false, Some("a-2"), " no route "), event(false, None, "  ")];
        assert_eq!(counted(&events), (1, vec!["a-2: no route".to_owned()]));
    }
}
