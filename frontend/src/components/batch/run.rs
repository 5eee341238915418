//! What is done with several rows at once: each is a change of its own, a few at a time, and what becomes of it is shown
//! beside it.

use howdah_shared::problem::Problem;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Act, Answer, Batch, Became, forget, keep, kept};
use crate::components::listing::Several;
use crate::components::problem::sentence;
use crate::components::question::off_role;
use crate::i18n::*;
use crate::list::{Keyed, List};
use crate::ui::button::Button;
use crate::ui::format;
use crate::ui::live::{memo, string, when};
use crate::ui::table::Ticks;

/// So many are under way at once.
const LANES: usize = 4;
/// The most at once: more than that nobody reads before saying yes.
const MOST: usize = 1000;

/// What is asked, under way, or left of it.
pub(crate) struct Run<A: Act> {
    /// The connection's name.
    pub(crate) connection: StoredValue<String>,
    /// The change; `None` while there is none.
    pub(crate) batch: RwSignal<Option<Batch<A>>>,
    /// How many of those that were ticked have ended, and are left out.
    pub(crate) left_out: RwSignal<usize>,
    /// Whether the dialog is open.
    pub(crate) open: RwSignal<bool>,
    /// Whether it has been said yes to.
    pub(crate) begun: RwSignal<bool>,
    /// How many are under way.
    pub(crate) lanes: RwSignal<usize>,
    /// Whether no other is to be begun.
    pub(crate) stopping: RwSignal<bool>,
    i18n: I18nContext<Locale>,
}

impl<A: Act> Clone for Run<A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A: Act> Copy for Run<A> {}

impl<A: Act> Run<A> {
    /// Nothing, or what an earlier visit of the page has left open.
    pub(crate) fn new(connection: &str) -> Run<A> {
        let left = kept(connection);
        Run {
            connection: StoredValue::new(connection.to_owned()),
            begun: RwSignal::new(left.is_some()),
            batch: RwSignal::new(left),
            left_out: RwSignal::new(0),
            open: RwSignal::new(false),
            lanes: RwSignal::new(0),
            stopping: RwSignal::new(false),
            i18n: use_i18n(),
        }
    }

    /// Asks whether to do it.
    fn ask(self, act: A, rows: &List<A::Row>) {
        let takes: Vec<_> = rows.iter().filter(|row| A::takes(row)).collect();
        self.left_out.set(rows.len() - takes.len());
        self.batch.set(Some(Batch::new(act, takes.iter().map(|row| (row.key().to_owned(), A::name(row))))));
        self.begun.set(false);
        self.open.set(true);
    }

    /// Whether an earlier one waits to be seen to; reading it subscribes.
    fn is_left(self) -> bool {
        let open = self.batch.with(|batch| batch.as_ref().is_some_and(Batch::is_open));
        open && self.begun.get() && !self.open.get()
    }

    /// How many have become so; reading it subscribes.
    pub(crate) fn count(self, became: Became) -> usize {
        self.batch.with(|batch| batch.as_ref().map_or(0, |batch| batch.count(became)))
    }

    /// Goes on with those that wait.
    pub(crate) fn go(self) {
        self.begun.set(true);
        self.stopping.set(false);
        for _ in self.lanes.get_untracked()..LANES {
            self.lanes.update(|lanes| *lanes += 1);
            spawn_local(self.lane());
        }
    }

    /// Goes on with those that have become so.
    pub(crate) fn again(self, became: Became) {
        self.batch.update(|batch| {
            if let Some(batch) = batch {
                batch.again(became);
            }
        });
        self.go();
    }

    /// One after the other. Where the page goes meanwhile, what is kept tells the next one.
    async fn lane(self) {
        while self.stopping.try_get_untracked() == Some(false) {
            let next = self.change(Batch::begin).flatten();
            let (Some((at, item)), Some(act)) = (next, self.act()) else { break };
            let Some(connection) = self.connection.try_get_value() else { break };
            let answer = send(self.i18n, act.send(&connection, &item)).await;
            // Where no entry was written the others would fare no better: Howdah is out of reach, or the page is being left.
            if matches!(&answer, Answer::Problem(problem, _) if problem.request_id.is_none()) {
                let _ = self.stopping.try_set(true);
            }
            if self.change(|batch| batch.settle(at, answer)).is_none() {
                return;
            }
        }
        if self.stopping.try_get_untracked() == Some(true) {
            self.change(Batch::stop);
        }
        let _ = self.lanes.try_update(|lanes| *lanes = lanes.saturating_sub(1));
    }

    fn act(self) -> Option<A> {
        self.batch.try_with_untracked(|batch| batch.as_ref().map(|batch| batch.act.clone())).flatten()
    }

    /// Changes it and keeps it; `None` when the page is gone.
    fn change<T>(self, change: impl FnOnce(&mut Batch<A>) -> T) -> Option<T> {
        let connection = self.connection.try_get_value()?;
        let changed = self.batch.try_update(|batch| {
            let batch = batch.as_mut()?;
            let changed = change(batch);
            keep(&connection, batch);
            Some(changed)
        });
        changed.flatten()
    }

    /// There is no more to be seen of it.
    pub(crate) fn forget(self) {
        self.connection.with_value(|connection| forget(connection));
        self.batch.set(None);
    }
}

/// The answer to the change of one.
async fn send(i18n: I18nContext<Locale>, sent: super::Sent) -> Answer {
    match sent.await {
        Ok((ended, request)) => Answer::Taken { ended, request },
        Err(problem) => {
            let words = said(i18n, &problem);
            Answer::Problem(Box::new(problem), words)
        }
    }
}

/// What the service said, or else what Howdah says.
fn said(i18n: I18nContext<Locale>, problem: &Problem) -> String {
    let service = problem.service.as_ref().map(|service| service.message.trim()).filter(|said| !said.is_empty());
    service.map_or_else(|| sentence(i18n, problem), str::to_owned)
}

/// The buttons beside the count of those that are ticked, one for each act.
pub(crate) fn several<A: Act>(run: Run<A>, ticks: Ticks, rows: Memo<Option<List<A::Row>>>, acts: Vec<A>) -> Several {
    let acts = StoredValue::new(acts);
    Several { ticks, acts: (move || buttons(run, ticks, rows, acts)).into() }
}

fn buttons<A: Act>(run: Run<A>, ticks: Ticks, rows: Memo<Option<List<A::Row>>>, acts: StoredValue<Vec<A>>) -> AnyView {
    let i18n = use_i18n();
    let words = A::words();
    let ticked = memo(move || rows.with(|rows| rows.as_ref().map(|rows| ticks.of(rows)).unwrap_or_default()));
    let takes = memo(move || ticked.with(|rows| rows.iter().filter(|row| A::takes(row)).count()));
    let role = off_role(&run.connection.get_value(), words.off_role);
    let off = Signal::derive(move || {
        let why = match takes.get() {
            _ if run.is_left() => t_string!(i18n, several.off_left).to_string(),
            0 => words.off_all.get(),
            count if count > MOST => t_string!(i18n, several.off_many, most = format::count(MOST as i64)).to_string(),
            _ => return role.get(),
        };
        Some(role.get().unwrap_or(why))
    });
    let button = |act: A| {
        let asked = act.clone();
        let ask = Callback::new(move |()| ticked.with_untracked(|rows| run.ask(asked.clone(), rows)));
        view! { <Button press=ask off=off>{string(move || act.title(i18n, takes.get()))}</Button> }
    };
    acts.get_value().into_iter().map(button).collect_view().into_any()
}

/// What an earlier visit of the page has left open.
pub(crate) fn left_note<A: Act>(run: Run<A>) -> AnyView {
    let i18n = use_i18n();
    let left = A::words().left;
    let words = string(move || {
        let open = run.count(Became::Left) + run.count(Became::Open);
        let all = run.batch.with(|batch| batch.as_ref().map_or(0, |batch| batch.items.len()));
        left(i18n, format::count(open as i64), format::count(all as i64))
    });
    when(
        move || run.is_left(),
        move || {
            view! {
                <div class="left-note" role="status">
                    <span>{words}</span>
                    <Button press=Callback::new(move |()| run.open.set(true))>{words!(several.show)}</Button>
                    <Button press=Callback::new(move |()| run.forget())>{words!(several.forget)}</Button>
                </div>
            }
            .into_any()
        },
    )
}
