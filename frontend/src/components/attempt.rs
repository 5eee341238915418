//! A change that a form or a dialog sends, once: its idempotency key is kept for as long as it is not certain what became
//! of it, also over a reload, and what became of a try is asked of the journal before another is made.

use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::pin::Pin;

use howdah_shared::console::{RequestState, ShowRequest};
use howdah_shared::operation::Nothing;
use howdah_shared::problem::{Code, Problem};
use leptos::prelude::*;

use super::problem::ProblemView;
use crate::api::{At, bad_path, call, fresh_key, is_definite};
use crate::i18n::*;
use crate::kept;
use crate::routes::Place;
use crate::ui::button::{Button, ButtonLink, Weight};
use crate::ui::live::{live, string};

/// A try whose outcome is open.
struct Try {
    /// Its idempotency key.
    key: String,
    /// The journal's entry of it, where that is known.
    request: Option<String>,
    /// Whether it may have been sent before.
    is_open: bool,
}

impl Try {
    /// The next one: the last one while its outcome is open, else a new one.
    fn take(place: &str) -> Try {
        let kept = kept::kept(place);
        match kept.as_deref().map(|kept| kept.split_once(' ').unwrap_or((kept, ""))) {
            Some((key, request)) => {
                let request = (!request.is_empty()).then(|| request.to_owned());
                Try { key: key.to_owned(), request, is_open: true }
            }
            None => Try::begin(place),
        }
    }

    /// A new one.
    fn begin(place: &str) -> Try {
        let new = Try { key: fresh_key(), request: None, is_open: false };
        new.keep(place);
        new
    }

    fn keep(&self, place: &str) {
        // Where it cannot be kept, a reload begins a new try.
        kept::keep(place, &format!("{} {}", self.key, self.request.as_deref().unwrap_or_default()));
    }
}

/// What a change under a key brings.
pub(crate) type Sent<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

/// Sends a change under the key that is kept at a place of the tab's; what it gives.
///
/// # Errors
/// As of the change.
pub(crate) async fn attempt<T, F: Future<Output = Result<T, Problem>>>(
    place: &str,
    send: impl FnOnce(String) -> F,
) -> Result<T, Problem> {
    let mut open = Try::take(place);
    if let Some(request) = &open.request
        && is_settled(request).await?
    {
        open = Try::begin(place);
    }
    let answer = send(open.key.clone()).await;
    match &answer {
        // What was sent before was something else, and what became of that is as open as it was.
        Err(problem) if open.is_open && problem.code == Code::IdempotencyKeyReused => {}
        Err(problem) if !is_definite(problem) => {
            open.request = problem.request_id.clone().or(open.request);
            open.keep(place);
        }
        _ => kept::forget(place),
    }
    answer
}

/// Whether the journal has come to know what became of a try: its stored answer does not change any more.
async fn is_settled(request: &str) -> Result<bool, Problem> {
    let show = ShowRequest { request: request.parse().map_err(bad_path)? };
    let state = match call(At::Howdah, &show, &Nothing {}, &Nothing {}).await {
        Ok(request) => request.state,
        Err(problem) if problem.code == Code::RequestNotFound => return Ok(true),
        Err(problem) => return Err(problem),
    };
    Ok(!matches!(state, RequestState::Intended | RequestState::Sent | RequestState::Unknown))
}

/// A problem with the way to the journal's entry where there is one, and to a new try where the outcome stays open.
pub(crate) fn refusal(problem: Problem, anew: Callback<()>) -> AnyView {
    let entry = problem.request_id.clone().map(|id| Place::Run(id).href());
    let stuck = matches!(problem.code, Code::OutcomeUnknown | Code::Unreadable | Code::IdempotencyKeyReused);
    view! {
        <ProblemView problem=Signal::stored(problem) />
        {entry.map(|href| view! { <p><a href=href>{words!(run_again.entry)}</a></p> })}
        {stuck.then(|| view! {
            <p>{words!(run_again.anew_text)}</p>
            <div><Button press=anew>{words!(run_again.anew)}</Button></div>
        })}
    }
    .into_any()
}

/// A place for the tries of what is done to a target: the same change has the same one.
pub(crate) fn place_of(kind: &str, connection: &str, target: &str, change: impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    change.hash(&mut hasher);
    format!("howdah.{kind}/{connection}/{target}/{:x}", hasher.finish())
}

/// How the sending of a change stands.
#[derive(Clone, Copy)]
pub(crate) struct Sending {
    /// Whether it is under way.
    pub(crate) busy: RwSignal<bool>,
    /// What kept it from being done.
    pub(crate) refused: RwSignal<Option<Problem>>,
    /// Where its try is kept.
    place: StoredValue<String>,
}

impl Sending {
    /// Nothing was sent yet.
    pub(crate) fn new() -> Sending {
        Sending { busy: RwSignal::new(false), refused: RwSignal::new(None), place: StoredValue::new(String::new()) }
    }

    /// Sends it, its try kept at a place, unless it is under way; what came of it is told unless the page has gone by
    /// then.
    pub(crate) fn go<T: 'static>(
        self,
        place: String,
        send: impl FnOnce(String) -> Sent<T> + 'static,
        then: impl FnOnce(Result<T, &Problem>) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.refused.set(None);
        self.place.set_value(place.clone());
        leptos::task::spawn_local(async move {
            let outcome = attempt(&place, send).await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match outcome {
                Ok(brought) => then(Ok(brought)),
                Err(problem) => {
                    then(Err(&problem));
                    self.refused.set(Some(problem));
                }
            }
        });
    }

    /// What kept it from being done, as of [`refusal`].
    pub(crate) fn refusal(self) -> AnyView {
        let anew = Callback::new(move |()| {
            self.place.with_value(|place| kept::forget(place));
            self.refused.set(None);
        });
        live(move || match self.refused.get() {
            Some(problem) => refusal(problem, anew),
            None => ().into_any(),
        })
    }
}

/// The end of a form that sends a change: what kept it from being done, the button, the way back, and why the button is
/// off.
#[component]
pub(crate) fn SendActs(
    /// How the sending stands.
    sending: Sending,
    /// The button's words: what it does.
    act: Signal<String>,
    /// Why it cannot be done now.
    off: Signal<Option<String>>,
    /// Where the way back leads.
    back: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let busy = sending.busy;
    let said = string(move || match busy.get() {
        true => t_string!(i18n, run_again.sending).to_string(),
        false => off.get().unwrap_or_default(),
    });
    view! {
        {sending.refusal()}
        <div class="again-acts">
            <Button weight=Weight::Primary kind="submit" off=off busy=busy>{act}</Button>
            <ButtonLink href=Signal::stored(back)>{words!(run_again.cancel)}</ButtonLink>
        </div>
        <p class="field-hint" role="status">{said}</p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_try_is_kept_by_what_is_sent() {
        let of = |body: &str| place_of("add", "c", "a / b", body);
        assert_eq!(of("{}"), of("{}"));
        assert_ne!(of("{}"), of("[]"));
    }
}
