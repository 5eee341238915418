//! What is done with several applications at once: each is a change of its own, a few at a time, and what becomes of it
//! is shown beside it.

use howdah_shared::operation::Nothing;
use howdah_shared::problem::{Code, Problem};
use howdah_shared::systems::yarn::{
    ApplicationState, ChangeApplicationState, MoveApplication, QueueChange, StateChange, TargetState,
};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::acts::off_role;
use super::batch::{Act, Answer, Batch, Became, Item, forget, keep, kept};
use super::rows::Row;
use crate::api::{At, change};
use crate::components::listing::Several;
use crate::components::problem::sentence;
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
#[derive(Clone, Copy)]
pub(super) struct Run {
    /// The connection's name.
    pub(super) connection: StoredValue<String>,
    /// The change; `None` while there is none.
    pub(super) batch: RwSignal<Option<Batch>>,
    /// How many of those that were ticked have ended, and are left out.
    pub(super) left_out: RwSignal<usize>,
    /// Whether the dialog is open.
    pub(super) open: RwSignal<bool>,
    /// Whether it has been said yes to.
    pub(super) begun: RwSignal<bool>,
    /// How many are under way.
    pub(super) lanes: RwSignal<usize>,
    /// Whether no other is to be begun.
    pub(super) stopping: RwSignal<bool>,
    i18n: I18nContext<Locale>,
}

impl Run {
    /// Nothing, or what an earlier visit of the page has left open.
    pub(super) fn new(connection: &str) -> Run {
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
    fn ask(self, act: Act, rows: &List<Row>) {
        let active: Vec<_> = rows.iter().filter(|row| !row.has_ended()).collect();
        self.left_out.set(rows.len() - active.len());
        let named =
            |row: &&std::sync::Arc<Row>| (row.key().to_owned(), row.application().name.clone().unwrap_or_default());
        self.batch.set(Some(Batch::new(act, active.iter().map(named))));
        self.begun.set(false);
        self.open.set(true);
    }

    /// Whether an earlier one waits to be seen to; reading it subscribes.
    fn is_left(self) -> bool {
        let open = self.batch.with(|batch| batch.as_ref().is_some_and(Batch::is_open));
        open && self.begun.get() && !self.open.get()
    }

    /// How many have become so; reading it subscribes.
    pub(super) fn count(self, became: Became) -> usize {
        self.batch.with(|batch| batch.as_ref().map_or(0, |batch| batch.count(became)))
    }

    /// Goes on with those that wait.
    pub(super) fn go(self) {
        self.begun.set(true);
        self.stopping.set(false);
        for _ in self.lanes.get_untracked()..LANES {
            self.lanes.update(|lanes| *lanes += 1);
            spawn_local(self.lane());
        }
    }

    /// Goes on with those that have become so.
    pub(super) fn again(self, became: Became) {
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
            let answer = send(self.i18n, &connection, &act, &item).await;
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

    fn act(self) -> Option<Act> {
        self.batch.try_with_untracked(|batch| batch.as_ref().map(|batch| batch.act.clone())).flatten()
    }

    /// Changes it and keeps it; `None` when the page is gone.
    fn change<T>(self, change: impl FnOnce(&mut Batch) -> T) -> Option<T> {
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
    pub(super) fn forget(self) {
        self.connection.with_value(|connection| forget(connection));
        self.batch.set(None);
    }
}

/// Sends the change of one.
async fn send(i18n: I18nContext<Locale>, connection: &str, act: &Act, item: &Item) -> Answer {
    let answer = match act {
        Act::Kill => kill(connection, item).await,
        Act::Move(queue) => move_to(connection, item, queue).await,
    };
    match answer {
        Ok((state, request)) => Answer::Taken { state, request },
        Err(problem) => {
            let words = said(i18n, &problem);
            Answer::Problem(Box::new(problem), words)
        }
    }
}

type Taken = Result<(Option<String>, Option<String>), Problem>;

async fn kill(connection: &str, item: &Item) -> Taken {
    let operation = ChangeApplicationState { application_id: item.id.parse().map_err(bad_path)? };
    let body = StateChange { state: TargetState::Killed, diagnostics: None };
    let changed = change(At::Connection(connection), &operation, &Nothing {}, &body, Some(&item.key)).await?;
    let ApplicationState { state, .. } = changed.reply;
    Ok((state, changed.request_id))
}

async fn move_to(connection: &str, item: &Item, queue: &str) -> Taken {
    let operation = MoveApplication { application_id: item.id.parse().map_err(bad_path)? };
    let body = QueueChange { queue: queue.to_owned() };
    let changed = change(At::Connection(connection), &operation, &Nothing {}, &body, Some(&item.key)).await?;
    Ok((None, changed.request_id))
}

fn bad_path(why: howdah_shared::operation::BadSegment) -> Problem {
    Problem::new(Code::BadPath, why.to_string())
}

/// What the service said, or else what Howdah says.
fn said(i18n: I18nContext<Locale>, problem: &Problem) -> String {
    let service = problem.service.as_ref().map(|service| service.message.trim()).filter(|said| !said.is_empty());
    service.map_or_else(|| sentence(i18n, problem), str::to_owned)
}

/// The buttons beside the count of those that are ticked.
pub(super) fn several(run: Run, ticks: Ticks, rows: Memo<Option<List<Row>>>) -> Several {
    Several { ticks, acts: (move || view! { <Acts run=run ticks=ticks rows=rows /> }.into_any()).into() }
}

#[component]
fn Acts(run: Run, ticks: Ticks, rows: Memo<Option<List<Row>>>) -> impl IntoView {
    let i18n = use_i18n();
    let ticked = memo(move || rows.with(|rows| rows.as_ref().map(|rows| ticks.of(rows)).unwrap_or_default()));
    let active = memo(move || ticked.with(|rows| rows.iter().filter(|row| !row.has_ended()).count()));
    let role = off_role(&run.connection.get_value(), words!(run.off_role));
    let off = Signal::derive(move || {
        let why = match active.get() {
            _ if run.is_left() => t_string!(i18n, several.off_left).to_string(),
            0 => t_string!(i18n, several.off_ended).to_string(),
            count if count > MOST => t_string!(i18n, several.off_many, most = format::count(MOST as i64)).to_string(),
            _ => return role.get(),
        };
        Some(role.get().unwrap_or(why))
    });
    let kill = Callback::new(move |()| ticked.with_untracked(|rows| run.ask(Act::Kill, rows)));
    let move_ = Callback::new(move |()| ticked.with_untracked(|rows| run.ask(Act::Move(String::new()), rows)));
    view! {
        <Button press=move_ off=off>{string(move || title(i18n, &Act::Move(String::new()), active.get()))}</Button>
        <Button press=kill off=off>{string(move || title(i18n, &Act::Kill, active.get()))}</Button>
    }
}

/// What is done with so many.
pub(super) fn title(i18n: I18nContext<Locale>, act: &Act, count: usize) -> String {
    let words = format::count(count as i64);
    match (act, count) {
        (Act::Kill, 1) => t_string!(i18n, several.kill_one).to_string(),
        (Act::Kill, _) => t_string!(i18n, several.kill, count = words).to_string(),
        (Act::Move(_), 1) => t_string!(i18n, several.move_one).to_string(),
        (Act::Move(_), _) => t_string!(i18n, several.move_, count = words).to_string(),
    }
}

/// What an earlier visit of the page has left open.
pub(super) fn left_note(run: Run) -> AnyView {
    let i18n = use_i18n();
    let words = string(move || {
        let open = run.count(Became::Left) + run.count(Became::Open);
        let all = run.batch.with(|batch| batch.as_ref().map_or(0, |batch| batch.items.len()));
        let (open, all) = (format::count(open as i64), format::count(all as i64));
        t_string!(i18n, several.left, open = open, all = all).to_string()
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
