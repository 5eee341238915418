//! Adding nodes to a cluster: how many fit and why not more, before anything is sent, and what was added of what was asked
//! for.

use howdah_shared::operation::Nothing;
use howdah_shared::systems::cyclecloud::{CreateNodes, NodeArray, NodeCreationRequest, NodeCreationResult, Rule};
use leptos::prelude::*;

use super::add_form::{At as Where, Form, Unit, Why};
use super::adding::{Adding, Asked, Lost};
use super::fit::{array_named, array_names, bucket_for, cores_each, limits_for, machines};
use super::frame::{Cluster, Frame, Told};
use super::limit_view::LimitsView;
use super::limits::{Binding, Limits};
use super::select::{CORES, CountedIn, Select};
use crate::api::{At, Changed, change};
use crate::components::attempt::{SendActs, Sent, place_of};
use crate::components::question::off_role;
use crate::components::url_state::url_text;
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::copyable::Copyable;
use crate::ui::field::{Field, Lines};
use crate::ui::format;
use crate::ui::live::{effect, live, memo, string, when};
use crate::ui::mark::{Kind, Mark};

/// The page.
#[component]
pub(super) fn Add(
    /// The cluster.
    cluster: Cluster,
) -> impl IntoView {
    let i18n = use_i18n();
    let told = cluster.follow();
    let title = cluster.titled(move |cluster| t_string!(i18n, cycle_add.title, cluster = cluster).to_string());
    let own = cluster.clone();
    view! {
        <Frame cluster told title>
            <AddForm told cluster=own.clone() />
        </Frame>
    }
}

/// What is chosen of the arrays and their machine types: as the address says, else the first.
pub(super) fn chosen_array(told: Told) -> RwSignal<String> {
    let array = url_text("array");
    effect(move || {
        let first = told.map(|status| array_names(status).into_iter().next()).flatten();
        if array.with(String::is_empty)
            && let Some(first) = first
        {
            array.set(first);
        }
    });
    array
}

/// What is known of what is chosen.
pub(super) fn known_limits(
    told: Told,
    array: RwSignal<String>,
    machine: Signal<String>,
    group: Signal<String>,
) -> Memo<Limits> {
    memo(move || {
        let (array, machine, group) = (array.get(), machine.get(), group.get());
        let found = told.map(|status| limits_for(status, &array, &machine, group.trim()));
        found.flatten().unwrap_or(Limits { bounds: Vec::new(), binding: Binding::Unknown, fits: None })
    })
}

/// The names of the arrays, to choose from.
pub(super) fn arrays_to_choose(told: Told) -> Signal<Vec<(String, String)>> {
    let names = memo(move || told.map(array_names).unwrap_or_default());
    Signal::derive(move || names.get().into_iter().map(|name| (name.clone(), name)).collect())
}

#[component]
fn AddForm(told: Told, cluster: Cluster) -> impl IntoView {
    let i18n = use_i18n();
    let array = chosen_array(told);
    let text = |text: &str| RwSignal::new(text.to_owned());
    let (machine, count, format, offset, group, attributes) =
        (url_text("machine"), text("1"), text(""), text(""), text(""), text(""));
    let by = url_text("by");
    let in_cores = memo(move || by.with(|by| by == CORES));
    let unit = memo(move || match in_cores.get() {
        true => {
            let each = |array: &NodeArray| machine.with(|machine| cores_each(array, machine));
            Unit::Cores(told.map(|status| array.with(|array| array_named(status, array).and_then(each))).flatten())
        }
        false => Unit::Nodes,
    });
    let form = memo(move || Form {
        array: array.get(),
        machine: machine.get(),
        count: count.get(),
        unit: unit.get(),
        format: format.get(),
        offset: offset.get(),
        group: group.get(),
        attributes: attributes.get(),
    });
    let limits = known_limits(told, array, machine.into(), group.into());
    let machines_told = memo(move || {
        told.map(|status| array.with(|array| array_named(status, array).map(machines))).flatten().unwrap_or_default()
    });
    let to_choose = Signal::derive(move || {
        let any = (String::new(), t_string!(i18n, cycle_add.any_machine).to_string());
        let each = machines_told.get().into_iter().map(|(name, may)| match may {
            true => (name.clone(), name),
            false => (name.clone(), t_string!(i18n, cycle_add.machine_off, name = name).to_string()),
        });
        std::iter::once(any).chain(each).collect()
    });
    // Those of another array are not those of this one.
    effect(move || {
        let known = machines_told.with(|machines| {
            machines.is_empty()
                || machines.iter().any(|(name, _)| machine.with(|machine| machine.is_empty() || name == machine))
        });
        if !known {
            machine.set(String::new());
        }
    });
    let groups = memo(move || {
        let names = told.map(|status| {
            let bucket = array.with(|array| {
                array_named(status, array).and_then(|array| machine.with(|machine| bucket_for(array, machine)))
            });
            bucket
                .map(|bucket| bucket.placement_groups.iter().filter_map(|group| group.name.clone()).collect::<Vec<_>>())
        });
        names.flatten().unwrap_or_default()
    });
    let faults = memo(move || form.with(Form::faults));
    let fault = move |at: Where| {
        Signal::derive(move || {
            let why = faults.with(|faults| faults.iter().find(|(other, _)| *other == at).map(|(_, why)| *why));
            why.map(|why| why_word(i18n, why))
        })
    };
    let adding = Adding::new();
    let busy = adding.sending.busy;
    let role = off_role(&cluster.connection, words!(cycle_nodes.off_role));
    let off = Signal::derive(move || {
        let wrong =
            || faults.with(|faults| !faults.is_empty()).then(|| t_string!(i18n, cycle_add.off_fault).to_string());
        let invalid = || {
            let is = limits.with(|limits| matches!(limits.binding, Binding::Invalid(_)));
            is.then(|| t_string!(i18n, cycle_add.off_invalid).to_string())
        };
        role.get().or_else(wrong).or_else(invalid)
    });
    let back = cluster.place(Place::Cluster).href();
    let look = Callback::new(move |()| told.polled.refresh());
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if off.with_untracked(Option::is_some) {
            return;
        }
        let body = form.with_untracked(Form::body);
        let written = serde_json::to_string(&body).unwrap_or_default();
        let (at, operation) = (cluster.connection.clone(), CreateNodes { cluster: cluster.name.clone() });
        let nodes = cluster.place(Place::ClusterNodes);
        let count = form.with_untracked(Form::nodes).ok();
        let send = move |key: String| -> Sent<Changed<NodeCreationResult>> {
            Box::pin(async move {
                // The service takes a request id once; it is that of the try, so that the same try has the same.
                let body = NodeCreationRequest { request_id: Some(key.clone()), ..body };
                change(At::Connection(&at), &operation, &Nothing {}, &body, Some(&key)).await
            })
        };
        let asked = Asked {
            place: place_of("add", &cluster.connection, cluster.name.as_str(), written),
            count,
            nodes: Box::new(move |key| nodes.href_with(&[("request", key)])),
            lost: Lost::Nodes(cluster.clone()),
            send: Box::new(send),
        };
        adding.go(asked, look);
    };
    let sent = string(move || form.with(|form| serde_json::to_string_pretty(&form.body()).unwrap_or_default()));
    let nodes = memo(move || form.with(Form::nodes).ok());
    let act = string(move || match nodes.get() {
        Some(1) => t_string!(i18n, cycle_add.act_one).to_string(),
        Some(count) if count > 0 => t_string!(i18n, cycle_add.act, count = format::count(count)).to_string(),
        _ => t_string!(i18n, cycle.add_page).to_string(),
    });
    let beyond = memo(move || {
        let asked = nodes.get()?;
        limits.with(|limits| limits.fits.filter(|fits| asked > *fits))
    });
    let comes_to = string(move || match (unit.get(), nodes.get()) {
        (Unit::Cores(Some(each)), Some(nodes)) if nodes > 0 => {
            let (nodes, cores) = (format::count(nodes), format::count(nodes.saturating_mul(each)));
            let each = format::count(each);
            t_string!(i18n, cycle_add.comes_to, nodes = nodes, each = each, cores = cores).to_string()
        }
        _ => String::new(),
    });
    view! {
        <form class="again" novalidate=true on:submit=submit>
            <div class="again-fields">
                <Select id="array" label=words!(cycle_nodes.array) value=array from=arrays_to_choose(told) disabled=busy />
                <Select id="machine" label=words!(cycle_nodes.machine) value=machine from=to_choose disabled=busy />
                <CountedIn by disabled=busy />
                <Field
                    id="count"
                    label=words!(cycle_add.count)
                    value=count
                    fault=fault(Where::Count)
                    hint=comes_to
                    kind="number"
                    unit=unit_word(in_cores)
                    disabled=busy
                />
                <Field
                    id="group"
                    label=words!(cycle_nodes.group)
                    value=group
                    hint=words!(cycle_add.group_hint)
                    list=Some("groups")
                    disabled=busy
                />
                <datalist id="groups">
                    {live(move || groups.get().into_iter().map(|group| view! { <option value=group></option> }).collect_view().into_any())}
                </datalist>
                <div class="again-numbers">
                    <Field
                        id="format"
                        label=words!(cycle_add.format)
                        value=format
                        fault=fault(Where::Format)
                        hint=words!(cycle_add.format_hint)
                        placeholder=words!(cycle_add.format_example)
                        disabled=busy
                    />
                    <Field
                        id="offset"
                        label=words!(cycle_add.offset)
                        value=offset
                        fault=fault(Where::Offset)
                        hint=words!(cycle_add.offset_hint)
                        kind="number"
                        disabled=busy
                    />
                </div>
                <Lines
                    id="attributes"
                    label=words!(cycle_add.attributes)
                    value=attributes
                    fault=fault(Where::Attributes)
                    hint=words!(cycle_add.attributes_hint)
                    disabled=busy
                />
            </div>
            <div class="again-side">
                <section class="again-changes fit" aria-labelledby="fits">
                    <h2 id="fits">{words!(cycle_add.fits)}</h2>
                    <LimitsView limits=limits />
                    {when(move || beyond.get().is_some(), move || view! {
                        <p><Mark kind=Kind::Caution word=words!(cycle_add.beyond) /></p>
                    }.into_any())}
                </section>
                <details class="folded">
                    <summary>{words!(cycle_add.sent)}</summary>
                    <Copyable text=sent block=Some(words!(cycle_add.sent)) />
                </details>
                {adding.outcome()}
                <SendActs sending=adding.sending act off back />
            </div>
        </form>
    }
}

/// What is counted, in a word.
pub(super) fn unit_word(in_cores: Memo<bool>) -> Signal<String> {
    let i18n = use_i18n();
    string(move || match in_cores.get() {
        true => t_string!(i18n, cycle_add.unit_cores).to_string(),
        false => t_string!(i18n, cycle_add.unit_nodes).to_string(),
    })
}

fn why_word(i18n: I18nContext<Locale>, why: Why) -> String {
    match why {
        Why::NoNumber => t_string!(i18n, form.number),
        Why::NoMachine => t_string!(i18n, cycle_add.no_machine),
        Why::NoObject => t_string!(i18n, cycle_add.no_object),
        Why::Rule(Rule::Count) => t_string!(i18n, cycle_add.rule_count),
        Why::Rule(Rule::NameFormat) => t_string!(i18n, cycle_add.rule_format),
        Why::Rule(Rule::NameOffset) => t_string!(i18n, cycle_add.rule_offset),
        Why::Rule(Rule::OffsetAlone) => t_string!(i18n, cycle_add.rule_offset_alone),
        Why::Rule(rule) => return rule.sentence().to_owned(),
    }
    .to_string()
}
