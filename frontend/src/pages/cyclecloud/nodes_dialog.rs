//! The dialog of what is done with several nodes: the question, and what came of it for each.

use howdah_shared::order;
use howdah_shared::systems::cyclecloud::{ManagedNode, NodeManagementRequest, NodeManagementResult};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::frame::Cluster;
use super::node_acts::{Act, send};
use super::node_rows::Row;
use crate::api::Changed;
use crate::components::attempt::{Sending, Sent, place_of};
use crate::i18n::*;
use crate::list::{Keyed, List};
use crate::routes::Place;
use crate::ui::button::{Button, Weight};
use crate::ui::dialog::Dialog;
use crate::ui::format;
use crate::ui::live::{effect, live, memo, string};
use crate::ui::mark::{Kind, Mark};
use crate::ui::table::Ticks;

/// The most nodes that are drawn of a selection.
const DRAWN: usize = 500;

/// One of the nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Meant {
    id: String,
    name: String,
    /// Whether it is kept alive: the service does not end it.
    kept: bool,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Asked {
    act: Act,
    nodes: Vec<Meant>,
}

/// What the service answered, and the journal's entry.
type Answer = (NodeManagementResult, Option<String>);

/// What is asked, and what came of it.
#[derive(Clone, Copy)]
pub(super) struct Asking {
    at: StoredValue<Cluster>,
    asked: RwSignal<Option<Asked>>,
    answer: RwSignal<Option<Answer>>,
    open: RwSignal<bool>,
    sending: Sending,
}

impl Asking {
    /// Nothing yet.
    pub(super) fn new(cluster: Cluster) -> Asking {
        Asking {
            at: StoredValue::new(cluster),
            asked: RwSignal::new(None),
            answer: RwSignal::new(None),
            open: RwSignal::new(false),
            sending: Sending::new(),
        }
    }

    /// Asks whether to do it.
    pub(super) fn ask(self, act: Act, rows: &List<Row>) {
        if rows.is_empty() {
            return;
        }
        let meant = |row: &Row| Meant {
            id: row.key().to_owned(),
            name: row.name().to_owned(),
            kept: row.node.is("KeepAlive") && act != Act::Start,
        };
        self.answer.set(None);
        self.sending.refused.set(None);
        let mut rows: Vec<_> = rows.iter().collect();
        order::sort(&mut rows, |one, other| one.name().cmp(other.name()));
        self.asked.set(Some(Asked { act, nodes: rows.into_iter().map(|row| meant(row)).collect() }));
        self.open.set(true);
    }

    fn go(self, look: Callback<()>) {
        let Some(asked) = self.asked.get_untracked() else { return };
        let (Cluster { connection, name }, act) = (self.at.get_value(), asked.act);
        let ids: Vec<String> = asked.nodes.into_iter().map(|node| node.id).collect();
        let place = place_of("nodes", &connection, name.as_str(), (act, &ids));
        let run = move |key: String| -> Sent<Answer> {
            Box::pin(async move {
                // The service takes a request id once; it is that of the try, so that the same try has the same.
                let body = NodeManagementRequest { request_id: Some(key.clone()), ids, ..Default::default() };
                let Changed { reply, request_id } = send(act, &connection, name, &body, &key).await?;
                Ok((reply, request_id))
            })
        };
        self.sending.go(place, run, move |outcome| {
            self.answer.set(outcome.ok());
            look.run(());
        });
    }
}

/// The dialog.
#[component]
pub(super) fn NodesDialog(
    /// What is asked.
    asking: Asking,
    /// The ticked rows: when all is done they are let go.
    ticks: Ticks,
    /// Looks at the nodes anew.
    look: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Asking { asked, answer, open, sending, .. } = asking;
    let busy = sending.busy;
    let title = string(move || {
        asked.with(|asked| asked.as_ref().map(|asked| asked.act.title(i18n, asked.nodes.len())).unwrap_or_default())
    });
    let is_done = memo(move || answer.with(Option::is_some));
    // However it was closed.
    effect(move || {
        if open.get() || !is_done.get_untracked() {
            return;
        }
        answer.set(None);
        ticks.clear();
        // The button that opened the dialog has gone with the ticks.
        let table = document().get_element_by_id("nodes");
        if let Some(table) = table.and_then(|table| table.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = table.focus();
        }
    });
    let close = Callback::new(move |()| open.set(false));
    view! {
        <Dialog open=open title=title busy=busy>
            {live(move || {
                let Some(asked) = asked.get() else { return ().into_any() };
                match answer.get() {
                    Some((result, request)) => view! {
                        {results(i18n, &asked, &result, request)}
                        <div class="dialog-acts">
                            <Button weight=Weight::Primary press=close>{words!(several.close)}</Button>
                        </div>
                    }
                    .into_any(),
                    None => {
                        let weight = if asked.act.ends() { Weight::Danger } else { Weight::Primary };
                        let press = Callback::new(move |()| asking.go(look));
                        view! {
                            {question(i18n, &asked)}
                            {sending.refusal()}
                            <div class="dialog-acts">
                                <Button press=close off=Signal::derive(move || busy.get().then(String::new))>
                                    {words!(run_again.cancel)}
                                </Button>
                                <Button weight=weight press=press busy=busy>{title}</Button>
                            </div>
                        }
                        .into_any()
                    }
                }
            })}
        </Dialog>
    }
}

fn question(i18n: I18nContext<Locale>, asked: &Asked) -> AnyView {
    let kept = asked.nodes.iter().filter(|node| node.kept).count();
    let kept = (kept > 0).then(|| {
        let words = t_string!(i18n, cycle_nodes.kept, count = format::count(kept as i64)).to_string();
        view! { <p><Mark kind=Kind::Caution word=words /></p> }
    });
    let line = |node: &Meant| {
        view! {
            <li class="batch-item">
                <span class="batch-name">{node.name.clone()}</span>
                <code class="batch-id">{node.id.clone()}</code>
            </li>
        }
    };
    view! {
        <p>{asked.act.text()}</p>
        {kept}
        <ul class="batch" tabindex="0" aria-label=words!(cycle_nodes.list)>
            {asked.nodes.iter().take(DRAWN).map(line).collect_view()}
        </ul>
        {more(i18n, asked.nodes.len())}
    }
    .into_any()
}

fn more(i18n: I18nContext<Locale>, all: usize) -> Option<AnyView> {
    (all > DRAWN).then(|| {
        let words = t_string!(i18n, cycle_nodes.more, count = format::count((all - DRAWN) as i64)).to_string();
        view! { <p class="listing-quiet">{words}</p> }.into_any()
    })
}

/// What came of it for a node.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Became {
    id: String,
    name: String,
    /// Whether the service took it; `None` where it says nothing of it.
    good: Option<bool>,
    said: Option<String>,
}

/// What came of it for each, what went wrong first: those that were asked for, and what the service tells of others.
fn each(asked: &Asked, told: &[ManagedNode]) -> Vec<Became> {
    let of = |id: &str| told.iter().find(|node| node.id.as_deref() == Some(id));
    let good = |node: &ManagedNode| match node.status.as_deref() {
        Some(status) => Some(status.eq_ignore_ascii_case("OK")),
        None => node.error.is_some().then_some(false),
    };
    let meant = asked.nodes.iter().map(|node| {
        let found = of(&node.id);
        let said = found.and_then(|found| found.error.clone());
        Became { id: node.id.clone(), name: node.name.clone(), good: found.and_then(good), said }
    });
    let others = told.iter().filter(|node| asked.nodes.iter().all(|meant| node.id.as_deref() != Some(&meant.id)));
    let others = others.map(|node| Became {
        id: node.id.clone().unwrap_or_default(),
        name: node.name.clone().unwrap_or_default(),
        good: good(node),
        said: node.error.clone(),
    });
    let mut all: Vec<_> = meant.chain(others).collect();
    all.sort_by_key(|result| match result.good {
        Some(false) => 0,
        None => 1,
        Some(true) => 2,
    });
    all
}

fn results(
    i18n: I18nContext<Locale>,
    asked: &Asked,
    result: &NodeManagementResult,
    request: Option<String>,
) -> AnyView {
    let all = each(asked, &result.nodes);
    let count = |good: Option<bool>| all.iter().filter(|result| result.good == good).count();
    let counted = |count: usize| format::count(count as i64);
    let mut parts = vec![t_string!(i18n, cycle_nodes.taken, count = counted(count(Some(true)))).to_string()];
    if count(Some(false)) > 0 {
        parts.push(t_string!(i18n, cycle_nodes.not_taken, count = counted(count(Some(false)))).to_string());
    }
    if count(None) > 0 {
        parts.push(t_string!(i18n, cycle_nodes.not_told, count = counted(count(None))).to_string());
    }
    let line = |result: &Became| {
        let (kind, word) = match result.good {
            Some(true) => (Kind::Waiting, t_string!(i18n, cycle_nodes.accepted).to_string()),
            Some(false) => (Kind::Broken, t_string!(i18n, several.refused).to_string()),
            None => (Kind::Unknown, t_string!(i18n, several.open).to_string()),
        };
        let said = result.said.clone().map(|said| view! { <span class="batch-said" dir="auto">{said}</span> });
        view! {
            <li class="batch-item">
                <span class="batch-name">{result.name.clone()}</span>
                <code class="batch-id">{result.id.clone()}</code>
                <span class="batch-result"><Mark kind=kind word=word /></span>
                {said}
            </li>
        }
    };
    let entry = request.map(|id| {
        view! { <p><a href=Place::Run(id).href()>{words!(run_again.entry)}</a></p> }
    });
    view! {
        <p role="status" class="number">{parts.join(" · ")}</p>
        <ul class="batch" tabindex="0" aria-label=words!(cycle_nodes.list)>
            {all.iter().take(DRAWN).map(line).collect_view()}
        </ul>
        {more(i18n, all.len())}
        {entry}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_node_has_its_own_result() {
        let meant = |id: &str| Meant { id: id.into(), name: format!("n-{id}"), kept: false };
        let asked = Asked { act: Act::Remove, nodes: ["a", "b", "c"].map(meant).into() };
        let told = json!({"nodes": [
            {"id": "a", "name": "n-a", "status": "OK"},
            {"id": "b", "name": "n-b", "status": "Error", "error": "It runs"},
            {"id": "d", "name": "n-d", "status": "OK"},
        ]});
        let told: NodeManagementResult = serde_json::from_value(told).unwrap();
        let found: Vec<_> = each(&asked, &told.nodes).into_iter().map(|one| (one.id, one.good, one.said)).collect();
        let expected = [
            ("b".to_owned(), Some(false), Some("It runs".to_owned())),
            ("c".to_owned(), None, None),
            ("a".to_owned(), Some(true), None),
            ("d".to_owned(), Some(true), None),
        ];
        assert_eq!(found, expected);
    }
}
