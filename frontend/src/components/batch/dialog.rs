//! The dialog of a change of several rows: what it is about to do, and what has become of each.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::{Act, Batch, Became, Item, Run};
use crate::i18n::*;
use crate::routes::Place;
use crate::ui::button::{Button, Weight};
use crate::ui::dialog::Dialog;
use crate::ui::format;
use crate::ui::live::{effect, live, memo, string, when};
use crate::ui::mark::{Kind, Mark};
use crate::ui::table::Ticks;

/// The dialog.
#[component]
pub(crate) fn SeveralDialog<A: Act>(
    /// What is asked, or under way.
    run: Run<A>,
    /// The ticked rows: when all is done they are let go.
    ticks: Ticks,
) -> impl IntoView {
    let i18n = use_i18n();
    let busy = Signal::derive(move || run.lanes.get() > 0);
    let title = string(move || {
        let of = |batch: &Batch<A>| batch.act.title(i18n, batch.items.len());
        run.batch.with(|batch| batch.as_ref().map(of).unwrap_or_default())
    });
    // However it was closed.
    effect(move || {
        if !run.open.get() {
            untrack(|| closed(run, ticks));
        }
    });
    view! {
        <Dialog open=run.open title=title busy=busy>
            {live(move || match run.begun.get() {
                false => question(run, title),
                true => view! { <Progress run=run busy=busy /> }.into_any(),
            })}
        </Dialog>
    }
}

fn closed<A: Act>(run: Run<A>, ticks: Ticks) {
    if run.batch.with_untracked(Option::is_none) || (run.begun.get_untracked() && is_open(run)) {
        return;
    }
    let done = run.begun.get_untracked();
    run.forget();
    run.begun.set(false);
    if done {
        ticks.clear();
        // The button that opened the dialog has gone with the ticks.
        let table = document().get_element_by_id(A::TABLE);
        if let Some(table) = table.and_then(|table| table.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = table.focus();
        }
    }
}

fn is_open<A: Act>(run: Run<A>) -> bool {
    run.batch.with_untracked(|batch| batch.as_ref().is_some_and(Batch::is_open))
}

/// What is about to be done.
fn question<A: Act>(run: Run<A>, title: Signal<String>) -> AnyView {
    let i18n = use_i18n();
    let Some(act) = run.batch.with_untracked(|batch| batch.as_ref().map(|batch| batch.act.clone())) else {
        return ().into_any();
    };
    let (text, weight) = (act.text(), act.weight());
    let (view, off, chosen) = match act.choice(run) {
        Some(choice) => (Some(choice.view), choice.off, Some(choice.act)),
        None => (None, Signal::stored(None), None),
    };
    let press = Callback::new(move |()| {
        if let Some(chosen) = chosen {
            let act = chosen.run(());
            run.batch.update(|batch| {
                if let Some(batch) = batch {
                    batch.act = act;
                }
            });
        }
        run.go();
    });
    let left_out = run.left_out.get_untracked();
    let left_out = (left_out > 0).then(|| {
        let count = format::count(left_out as i64);
        let words = A::words().left_out;
        view! { <p>{string(move || words(i18n, count.clone()))}</p> }
    });
    view! {
        <p>{text}</p>
        {left_out}
        {view}
        <Items run=run />
        <div class="dialog-acts">
            <Button press=Callback::new(move |()| run.open.set(false))>{words!(run_again.cancel)}</Button>
            <Button weight=weight press=press off=off>{title}</Button>
        </div>
    }
    .into_any()
}

/// What has become of each, and how to go on.
#[component]
fn Progress<A: Act>(run: Run<A>, busy: Signal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let words = string(move || {
        let all = run.batch.with(|batch| batch.as_ref().map_or(0, |batch| batch.items.len()));
        let done =
            all - [Became::Waiting, Became::Left, Became::Begun].map(|became| run.count(became)).iter().sum::<usize>();
        let (refused, open) = (run.count(Became::Refused), run.count(Became::Open));
        let count = |count: usize| format::count(count as i64);
        let mut parts = vec![t_string!(i18n, several.progress, done = count(done), all = count(all)).to_string()];
        if refused > 0 {
            parts.push(t_string!(i18n, several.progress_refused, count = count(refused)).to_string());
        }
        if open > 0 {
            parts.push(t_string!(i18n, several.progress_open, count = count(open)).to_string());
        }
        parts.join(" · ")
    });
    let stop: NodeRef<html::Span> = NodeRef::new();
    let more = move |became: Became, words: Signal<String>, press: Callback<()>| {
        when(
            move || !busy.get() && run.count(became) > 0,
            move || view! { <Button press=press>{words}</Button> }.into_any(),
        )
    };
    let counted = move |became: Became| format::count(run.count(became) as i64);
    let go_on = string(move || t_string!(i18n, several.go_on, count = counted(Became::Left)).to_string());
    let again = string(move || t_string!(i18n, several.again, count = counted(Became::Refused)).to_string());
    let ask = string(move || t_string!(i18n, several.ask, count = counted(Became::Open)).to_string());
    view! {
        <p role="status" class="number">{words}</p>
        <Items run=run />
        <div class="dialog-acts">
            {more(Became::Open, ask, Callback::new(move |()| run.again(Became::Open)))}
            {more(Became::Refused, again, Callback::new(move |()| run.again(Became::Refused)))}
            {more(Became::Left, go_on, Callback::new(move |()| run.again(Became::Left)))}
            <span node_ref=stop>
                {live(move || match busy.get() {
                    true => {
                        let word = string(move || match run.stopping.get() {
                            true => t_string!(i18n, several.stopping).to_string(),
                            false => t_string!(i18n, several.stop).to_string(),
                        });
                        view! {
                            <Button press=Callback::new(move |()| run.stopping.set(true)) busy=run.stopping>{word}</Button>
                        }
                        .into_any()
                    }
                    false => view! {
                        <Button weight=Weight::Primary press=Callback::new(move |()| run.open.set(false))>
                            {words!(several.close)}
                        </Button>
                    }
                    .into_any(),
                })}
            </span>
        </div>
    }
}

/// The rows, each with what has become of it.
#[component]
fn Items<A: Act>(run: Run<A>) -> impl IntoView {
    let count = memo(move || run.batch.with(|batch| batch.as_ref().map_or(0, |batch| batch.items.len())));
    view! {
        <ul class="batch" tabindex="0" aria-label=A::words().list>
            {live(move || (0..count.get()).map(|at| one(run, at)).collect_view().into_any())}
        </ul>
    }
}

fn one<A: Act>(run: Run<A>, at: usize) -> AnyView {
    let i18n = use_i18n();
    let item = memo(move || run.batch.with(|batch| batch.as_ref().and_then(|batch| batch.items.get(at).cloned())));
    let of =
        move |text: fn(&Item) -> String| string(move || item.with(|item| item.as_ref().map(text).unwrap_or_default()));
    let became = memo(move || item.with(|item| item.as_ref().map(|item| item.became)));
    let said = of(|item| item.said.clone().unwrap_or_default());
    let request = memo(move || item.with(|item| item.as_ref().and_then(|item| item.request.clone())));
    let result = live(move || {
        let Some(became) = became.get().filter(|_| run.begun.get()) else { return ().into_any() };
        let (kind, word) = match became {
            Became::Waiting => (Kind::Waiting, t_string!(i18n, several.waiting).to_string()),
            Became::Left => (Kind::Waiting, t_string!(i18n, several.not_begun).to_string()),
            Became::Begun => (Kind::Moving, t_string!(i18n, several.begun).to_string()),
            Became::Done => (Kind::Good, t_string!(i18n, several.done).to_string()),
            Became::Ended => (Kind::Ended, t_string!(i18n, several.ended).to_string()),
            Became::Refused => (Kind::Broken, t_string!(i18n, several.refused).to_string()),
            Became::Open => (Kind::Unknown, t_string!(i18n, several.open).to_string()),
        };
        let mark = view! { <Mark kind=kind word=word /> };
        match request.get() {
            Some(id) => view! { <a href=Place::Run(id).href()>{mark}</a> }.into_any(),
            None => mark.into_any(),
        }
    });
    view! {
        <li class="batch-item">
            <span class="batch-name">{of(|item| item.name.clone())}</span>
            <code class="batch-id">{of(|item| item.id.clone())}</code>
            <span class="batch-result">{result}</span>
            {when(move || !said.with(String::is_empty), move || view! {
                <span class="batch-said" dir="auto">{said}</span>
            }.into_any())}
        </li>
    }
    .into_any()
}
