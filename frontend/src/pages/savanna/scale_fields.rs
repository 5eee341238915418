//! The fields of the page that scales a cluster: a count for each group, and new groups from templates.

use std::collections::BTreeMap;

use howdah_shared::problem::Problem;
use howdah_shared::systems::savanna::{Cluster, NodeGroupTemplate};
use leptos::prelude::*;

use super::scale_form::{Draft, Field as At, New, Why};
use crate::components::problem::ProblemLine;
use crate::i18n::*;
use crate::ui::button::Button;
use crate::ui::field::Field;
use crate::ui::format;
use crate::ui::live::{live, memo, string, when};

/// What is typed.
#[derive(Clone, Copy)]
pub(super) struct Texts {
    /// The counts of the groups that there are, by their names.
    pub(super) groups: StoredValue<Vec<(String, RwSignal<String>)>>,
    lines: RwSignal<Vec<Line>>,
}

/// A new group.
#[derive(Clone, Copy, PartialEq)]
struct Line {
    number: usize,
    template: RwSignal<String>,
    name: RwSignal<String>,
    count: RwSignal<String>,
}

impl Texts {
    /// Of a cluster as it is, with what was typed before.
    pub(super) fn of(cluster: &Cluster, draft: Draft) -> Texts {
        let Draft { counts, added } = draft;
        let groups = cluster.node_groups.iter().filter_map(|group| {
            let name = group.name.clone()?;
            let count = counts.get(&name).cloned().unwrap_or_else(|| group.count.unwrap_or_default().to_string());
            Some((name, RwSignal::new(count)))
        });
        let texts = Texts { groups: StoredValue::new(groups.collect()), lines: RwSignal::new(Vec::new()) };
        added.into_iter().for_each(|new| texts.add(new));
        texts
    }

    /// Types the groups as they are, and no new ones.
    pub(super) fn clear(self, now: &BTreeMap<String, i64>) {
        self.groups.with_value(|groups| {
            groups.iter().for_each(|(name, text)| text.set(now.get(name).copied().unwrap_or_default().to_string()));
        });
        self.lines.set(Vec::new());
    }

    /// The new groups; reading it subscribes.
    pub(super) fn added(self) -> Vec<New> {
        let new = |line: &Line| New { template: line.template.get(), name: line.name.get(), count: line.count.get() };
        self.lines.with(|lines| lines.iter().map(new).collect())
    }

    fn add(self, new: New) {
        let New { template, name, count } = new;
        self.lines.update(|lines| {
            let number = lines.last().map_or(0, |line| line.number + 1);
            let [template, name, count] = [template, name, count].map(RwSignal::new);
            lines.push(Line { number, template, name, count });
        });
    }

    /// A name for a group of a template that no other group has.
    fn free_name(self, template: &str, but: usize) -> String {
        let taken = |name: &str| {
            let has = self.groups.with_value(|groups| groups.iter().any(|(other, _)| other == name));
            let is = |line: &Line| line.number != but && line.name.with_untracked(|other| other == name);
            has || self.lines.with_untracked(|lines| lines.iter().any(is))
        };
        let numbered = (2..).map(|number| format!("{template}-{number}"));
        std::iter::once(template.to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
    }
}

/// The templates that are offered, as far as they are known.
type Known = RwSignal<Option<Result<Vec<NodeGroupTemplate>, Problem>>>;
type Faults = Memo<BTreeMap<At, Why>>;

/// The fields.
#[component]
pub(super) fn Fields(
    /// What is typed.
    texts: Texts,
    /// How many nodes each group has.
    now: Memo<BTreeMap<String, i64>>,
    /// The templates of which a group can be made.
    known: Known,
    /// What is wrong, by field.
    faults: Faults,
    /// The words for what is wrong.
    words: Callback<Why, String>,
    /// Whether it is being sent.
    busy: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let fault =
        move |at: At| Signal::derive(move || faults.with(|faults| faults.get(&at).cloned()).map(|why| words.run(why)));
    let counts = texts.groups.with_value(|groups| {
        let field = |(at, (name, text)): (usize, &(String, RwSignal<String>))| {
            let called = name.clone();
            let hint = string(move || {
                let now = now.with(|now| now.get(&called).copied().unwrap_or_default());
                t_string!(i18n, savanna.scale_hint, count = format::count(now)).to_string()
            });
            let label = Signal::stored(name.clone());
            view! {
                <Field
                    id=format!("count-{at}")
                    label=label
                    value=*text
                    fault=fault(At::Count(at))
                    hint=hint
                    kind="number"
                    unit=words!(savanna.scale_unit)
                    disabled=busy
                />
            }
        };
        groups.iter().enumerate().map(field).collect_view()
    });
    let unread = memo(move || known.with(|known| known.as_ref().and_then(|known| known.as_ref().err().cloned())));
    let none = memo(move || known.with(|known| matches!(known, Some(Ok(templates)) if templates.is_empty())));
    let off = Signal::derive(move || match () {
        () if none.get() => Some(t_string!(i18n, savanna.scale_no_templates).to_string()),
        () if known.with(|known| !matches!(known, Some(Ok(_)))) => {
            Some(t_string!(i18n, savanna.scale_templates_loading).to_string())
        }
        () => None,
    });
    view! {
        <fieldset class="scale-groups">
            <legend>{words!(savanna.groups)}</legend>
            {counts}
        </fieldset>
        <For each=move || texts.lines.get() key=|line| line.number let:line>
            {new_group(texts, line, known, faults, words, busy)}
        </For>
        {live(move || match unread.get() {
            Some(problem) => view! {
                <p>{words!(savanna.scale_templates_unread)}</p>
                <ProblemLine problem=Signal::stored(problem) />
            }
            .into_any(),
            None => ().into_any(),
        })}
        <div>
            <Button off=off press=Callback::new(move |()| texts.add(New { count: "1".to_owned(), ..New::default() }))>{words!(savanna.scale_add)}</Button>
        </div>
        {when(move || none.get(), || view! { <p class="field-hint">{words!(savanna.scale_no_templates)}</p> }.into_any())}
    }
}

fn new_group(
    texts: Texts,
    line: Line,
    known: Known,
    faults: Faults,
    words: Callback<Why, String>,
    busy: RwSignal<bool>,
) -> AnyView {
    // Its place among the others, which moves when one before it is taken away.
    let place = memo(move || texts.lines.with(|lines| lines.iter().position(|other| other.number == line.number)));
    let fault = move |at: fn(usize) -> At| {
        Signal::derive(move || {
            let at = at(place.get()?);
            faults.with(|faults| faults.get(&at).cloned()).map(|why| words.run(why))
        })
    };
    let templates = memo(move || {
        let named = |template: &NodeGroupTemplate| Some((template.group.id.clone()?, template.group.name.clone()?));
        known.with(|known| match known {
            Some(Ok(templates)) => templates.iter().filter_map(named).collect::<Vec<_>>(),
            _ => Vec::new(),
        })
    });
    let choose = move |event: web_sys::Event| {
        let id = event_target_value(&event);
        let called = templates.with_untracked(|all| all.iter().find(|(other, _)| *other == id).cloned());
        // A name that somebody typed stays.
        let own = line.name.get_untracked();
        let before = line.template.get_untracked();
        let given =
            templates.with_untracked(|all| all.iter().any(|(other, name)| *other == before && own.starts_with(name)));
        if let Some((_, name)) = called.filter(|_| own.is_empty() || given) {
            line.name.set(texts.free_name(&name, line.number));
        }
        line.template.set(id);
    };
    let template_fault = fault(At::NewTemplate);
    let (template_id, fault_id) =
        (format!("new-template-{}", line.number), format!("new-template-{}-fault", line.number));
    let described = fault_id.clone();
    view! {
        <fieldset class="scale-groups">
            <legend>{words!(savanna.scale_new_group)}</legend>
            <div class="field">
                <label class="field-label" for=template_id.clone()>{words!(savanna.scale_template)}</label>
                <select
                    class="input"
                    id=template_id
                    disabled=move || busy.get()
                    aria-invalid=move || template_fault.with(Option::is_some).then_some("true")
                    aria-describedby=move || template_fault.with(Option::is_some).then(|| described.clone())
                    on:change=choose
                >
                    <option value="" selected=true>{words!(savanna.scale_choose)}</option>
                    <For each=move || templates.get() key=|(id, _)| id.clone() let:template>
                        {
                            let (id, name) = template;
                            let is_chosen = line.template.with_untracked(|chosen| *chosen == id);
                            view! { <option value=id selected=is_chosen>{name}</option> }
                        }
                    </For>
                </select>
                <p class="field-fault" id=fault_id hidden=move || template_fault.with(Option::is_none)>
                    {string(move || template_fault.get().unwrap_or_default())}
                </p>
            </div>
            <Field
                id=format!("new-name-{}", line.number)
                label=words!(savanna.name)
                value=line.name
                fault=fault(At::NewName)
                disabled=busy
            />
            <Field
                id=format!("new-count-{}", line.number)
                label=words!(savanna.scale_count)
                value=line.count
                fault=fault(At::NewCount)
                kind="number"
                unit=words!(savanna.scale_unit)
                disabled=busy
            />
            <div>
                <Button press=Callback::new(move |()| {
                    texts.lines.update(|lines| lines.retain(|other| other.number != line.number));
                })>{words!(savanna.scale_remove)}</Button>
            </div>
        </fieldset>
    }
    .into_any()
}
