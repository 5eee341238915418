//! The groups of nodes in a form.

use howdah_shared::systems::savanna::{Dialect, PluginConfig};
use leptos::prelude::*;

use super::groups::Group;
use super::members::Member;
use super::option_fields::OptionFields;
use super::processes::processes;
use super::select::select;
use super::share_fields::ShareFields;
use super::sheet::Sheet;
use super::words::said_word;
use crate::i18n::*;
use crate::ui::button::Button;
use crate::ui::field::Field;
use crate::ui::live::{live, memo, string, when};

/// All of them.
#[component]
pub(super) fn Groups(
    /// The form.
    sheet: Sheet,
    /// Has a cluster get groups of its own in the place of its template's.
    own_groups: Callback<()>,
) -> impl IntoView {
    let groups = sheet.form.groups;
    let of_template = memo(move || sheet.form.of_template());
    let i18n = use_i18n();
    // What is said of a member of a group is said in it.
    let whole = Signal::derive(move || {
        let is_whole = |at: &str| at.strip_prefix("node_groups").is_some_and(|rest| !rest.contains('.'));
        sheet.wrong.with(|wrong| wrong.iter().find(|(at, _)| is_whole(at)).map(|(_, said)| said_word(i18n, said)))
    });
    let add = Callback::new(move |()| groups.update(|groups| groups.push(Group::new())));
    let list = move |group: Group| view! { <One sheet=sheet group=group /> };
    let editor = move || {
        view! {
            <For each=move || groups.get() key=|group| group.number children=list />
            <p class="field-hint" hidden=move || groups.with(|groups| !groups.is_empty())>{words!(form.no_groups)}</p>
            <div><Button press=add>{words!(form.add_group)}</Button></div>
        }
        .into_any()
    };
    view! {
        <section class="form-part" aria-labelledby="form-groups">
            <h2 id="form-groups">{words!(form.groups)}</h2>
            {live(move || match of_template.get() {
                true => view! {
                    <p>{words!(form.groups_of_template)}</p>
                    <div><Button press=own_groups>{words!(form.own_groups)}</Button></div>
                }
                .into_any(),
                false => editor(),
            })}
            <p class="field-fault" role="status" hidden=move || whole.with(Option::is_none)>
                {string(move || whole.get().unwrap_or_default())}
            </p>
        </section>
    }
}

/// The templates that a group may be of: those of the same plugin and version.
fn templates(sheet: Sheet) -> Vec<(String, String)> {
    let texts = sheet.form.texts;
    let (plugin, version) = (texts.get("plugin_name"), texts.get("hadoop_version"));
    sheet.others.with(|others| {
        let fits = |template: &&[String; 4]| template[2] == plugin && template[3] == version;
        others.groups.iter().filter(fits).map(|[id, name, ..]| (id.clone(), name.clone())).collect()
    })
}

#[component]
fn One(sheet: Sheet, group: Group) -> impl IntoView {
    let i18n = use_i18n();
    let groups = sheet.form.groups;
    let id = move |name: &str| format!("group-{}-{name}", group.number);
    // Where it stands may change: its place is that of the group of its number.
    let at = memo(move || groups.with(|groups| groups.iter().position(|other| other.number == group.number)));
    let title = string(move || {
        let name = group.name.get();
        let number = at.get().unwrap_or_default() + 1;
        if name.trim().is_empty() { t_string!(i18n, form.group, number = number).to_string() } else { name }
    });
    let remove = Callback::new(move |()| groups.update(|groups| groups.retain(|other| other.number != group.number)));
    let inline = memo(move || group.template.with(String::is_empty));
    let empty = |text: RwSignal<String>| Signal::derive(move || text.with(|text| text.trim().is_empty()));
    view! {
        <div class="form-group" role="group" aria-label=title>
            <div class="form-group-head">
                <h3>{title}</h3>
                <Button press=remove>{words!(form.remove_group)}</Button>
            </div>
            {live(move || {
                let Some(at) = at.get() else { return ().into_any() };
                let place = move |name: &str| format!("node_groups[{at}].{name}");
                let (name, count) = (place("name"), place("count"));
                let (of_name, of_count) = (name.clone(), count.clone());
                let choice = live(move || {
                    let mut options = vec![(String::new(), words!(form.no_group_template))];
                    options.extend(templates(sheet).into_iter().map(|(id, name)| (id, Signal::stored(name))));
                    let own = group.template.get_untracked();
                    if !own.is_empty() && !options.iter().any(|(id, _)| *id == own) {
                        options.push((own.clone(), Signal::stored(own)));
                    }
                    let fault = sheet.fault(place("node_group_template_id"), Signal::stored(true));
                    select(id("template"), words!(form.group_template), fault, sheet.busy, group.template, options)
                });
                view! {
                    <div class="again-numbers">
                        <div on:focusout=move |_| sheet.touch(&of_name)>
                            <Field id=id("name") label=words!(form.name) value=group.name
                                fault=sheet.fault(name.clone(), empty(group.name)) disabled=sheet.busy />
                        </div>
                        <div on:focusout=move |_| sheet.touch(&of_count)>
                            <Field id=id("count") label=words!(form.count) value=group.count kind="number"
                                fault=sheet.fault(count.clone(), empty(group.count)) disabled=sheet.busy />
                        </div>
                        {choice}
                        {when(move || inline.get(), move || first(sheet, group, at))}
                    </div>
                    {when(move || inline.get(), move || inside(sheet, group, at))}
                }
                .into_any()
            })}
        </div>
    }
}

/// The field of a member.
fn field(sheet: Sheet, group: Group, at: usize, member: &'static Member) -> AnyView {
    let Some(text) = group.texts.of(member.name) else { return ().into_any() };
    let id = format!("group-{}-{}", group.number, member.name);
    sheet.field(id, format!("node_groups[{at}].{}", member.name), member, text)
}

/// What most groups without a template need.
fn first(sheet: Sheet, group: Group, at: usize) -> AnyView {
    let first = group.texts.members.iter().filter(|member| member.first);
    first.map(|member| field(sheet, group, at, member)).collect_view().into_any()
}

/// What a group without a template has besides.
fn inside(sheet: Sheet, group: Group, at: usize) -> AnyView {
    let is_there = move |member: &&'static Member| !member.today || sheet.dialect.get() == Dialect::Today;
    let more = live(move || {
        let others = group.texts.members.iter().filter(|member| !member.first).filter(is_there);
        view! { <div class="again-numbers">{others.map(|member| field(sheet, group, at, member)).collect_view()}</div> }
            .into_any()
    });
    let shares = when(
        move || sheet.dialect.get() == Dialect::Today,
        move || {
            let place = format!("node_groups[{at}].shares");
            view! { <ShareFields sheet=sheet place=place shares=group.shares /> }.into_any()
        },
    );
    let fits = Callback::new(|config: PluginConfig| config.scope.as_deref() == Some("node"));
    view! {
        {processes(sheet, format!("node_groups[{at}].node_processes"), group.processes, words!(form.processes))}
        <OptionFields
            sheet=sheet
            id=format!("group-{}", group.number)
            place=format!("node_groups[{at}].node_configs")
            options=group.options
            fits=fits
        />
        <details class="folded">
            <summary>{words!(form.more)}</summary>
            {more}
            {shares}
        </details>
    }
    .into_any()
}
