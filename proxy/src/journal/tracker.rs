//! Follows what was started until it ends, whether or not a browser is open.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use howdah_shared::console::{Instant, RequestState};
use howdah_shared::follow::{End, Follow, Progress};
use howdah_shared::problem::Code;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};

use super::clock::millis;
use super::leases::{Followed, Report};
use super::{Journal, JournalError};

/// How long a look takes at most; the lease outlasts it.
const LOOK: Duration = Duration::from_secs(60);
const LEASE: Duration = Duration::from_secs(90);
/// Looks at one connection at the same time: a sick service holds up no other.
const AT_ONCE: usize = 4;
/// For so many fast intervals the interval stays fast; then it grows with the age.
const FAST_LOOKS: u32 = 120;
/// Answers in a row that the service knows no such thing, after which it is believed.
const MISSES: u32 = 3;
/// The least pause between two searches that nobody woke, and the pause after the journal failed.
const PAUSE: Duration = Duration::from_millis(20);
const AFTER_FAILURE: Duration = Duration::from_secs(2);

/// Asks services how something is going.
pub trait Ask: Send + Sync + 'static {
    /// How what the operation of the connection starts is followed; `None` where the connection is gone.
    fn follow(&self, connection: &str, operation: &str) -> Option<Follow>;

    /// Calls a read of the connection, with its decoded path parameters and its encoded query. Gives the status and the
    /// redacted body; `None` when it could not be asked or did not answer, which later it may.
    fn ask(
        &self,
        connection: &str,
        operation: &str,
        segments: Vec<String>,
        query: &str,
    ) -> impl Future<Output = Option<(u16, Vec<u8>)>> + Send;
}

/// How often the tracker looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrackerSettings {
    /// The interval at first.
    pub fast: Duration,
    /// The interval in the end.
    pub slow: Duration,
    /// For how long something is followed.
    pub give_up: Duration,
}

impl Default for TrackerSettings {
    /// Every 5 seconds for 10 minutes, then slower, every 5 minutes at last, for a week.
    fn default() -> TrackerSettings {
        TrackerSettings {
            fast: Duration::from_secs(5),
            slow: Duration::from_secs(5 * 60),
            give_up: Duration::from_secs(7 * 24 * 60 * 60),
        }
    }
}

/// A tracker at work. Dropping it stops it in the middle of whatever it does; [`Tracker::stop`] lets go of its leases.
pub struct Tracker {
    stop: watch::Sender<bool>,
    work: JoinHandle<()>,
}

impl Tracker {
    /// Begins to follow everything in the journal that is to be followed.
    ///
    /// # Errors
    /// The operating system gives no random bytes for its name.
    pub fn start<A: Ask>(journal: Journal, ask: Arc<A>, settings: TrackerSettings) -> Result<Tracker, JournalError> {
        let (stop, stopped) = watch::channel(false);
        let owner = journal.next_id()?;
        let worker = Worker { journal, ask, settings, owner, connections: HashMap::new() };
        Ok(Tracker { stop, work: tokio::spawn(worker.run(stopped)) })
    }

    /// Stops it; looks that are under way are given up, and somebody else may do them at once.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        // It ends by itself; a panic in it has been told already.
        _ = (&mut self.work).await;
    }
}

impl Drop for Tracker {
    fn drop(&mut self) {
        self.work.abort();
    }
}

struct Worker<A> {
    journal: Journal,
    ask: Arc<A>,
    settings: TrackerSettings,
    owner: String,
    /// The free places for looks, by connection.
    connections: HashMap<String, Arc<Semaphore>>,
}

impl<A: Ask> Worker<A> {
    async fn run(mut self, mut stopped: watch::Receiver<bool>) {
        let mut news = self.journal.0.followed.subscribe();
        let mut looks = JoinSet::new();
        while !*stopped.borrow_and_update() {
            news.borrow_and_update();
            let pause = self.begin_looks(&mut looks).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "the tracker cannot use the journal");
                AFTER_FAILURE
            });
            tokio::select! {
                _ = stopped.changed() => {}
                _ = news.changed() => {}
                Some(_) = looks.join_next() => {}
                () = tokio::time::sleep(pause.max(PAUSE)) => {}
            }
        }
        looks.shutdown().await;
        if let Err(error) = self.journal.give_back(&self.owner).await {
            tracing::warn!(%error, "the tracker cannot give back its leases; they end by themselves");
        }
    }

    /// Begins to look after everything that is due, as far as there are places, and tells when to come again unless
    /// something happens before.
    async fn begin_looks(&mut self, looks: &mut JoinSet<()>) -> Result<Duration, JournalError> {
        let mut left_out = false;
        for due in self.journal.due().await? {
            let places =
                self.connections.entry(due.connection.clone()).or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE)));
            let Ok(place) = Arc::clone(places).try_acquire_owned() else {
                left_out = true;
                continue;
            };
            if let Some(followed) = self.journal.lease(&due, &self.owner, LEASE).await? {
                let journal = self.journal.clone();
                looks.spawn(look(journal, Arc::clone(&self.ask), self.settings, self.owner.clone(), followed, place));
            }
        }
        // Whoever was left out is looked after when a look ends; the pause is for what becomes due meanwhile.
        let next = if left_out { None } else { self.journal.until_due().await? };
        Ok(next.unwrap_or(self.settings.fast))
    }
}

/// Asks once and writes down what was found. The place is free again when it ends, however it ends.
async fn look<A: Ask>(
    journal: Journal,
    ask: Arc<A>,
    settings: TrackerSettings,
    owner: String,
    followed: Followed,
    _place: OwnedSemaphorePermit,
) {
    let sighting = match ask.follow(&followed.connection, &followed.operation) {
        None => Sighting::None,
        Some(follow) => {
            let segments = (follow.segments)(&followed.segments, &followed.service_id);
            let query = (follow.query)(&followed.service_id);
            let asked = ask.ask(&followed.connection, follow.operation, segments, &query);
            match tokio::time::timeout(LOOK, asked).await {
                Ok(Some((200, body))) => match (follow.progress)(&body) {
                    Some(progress) => Sighting::Progress(progress),
                    None => Sighting::Unclear,
                },
                Ok(Some((404, _))) => match follow.missing {
                    Some(end) => Sighting::Progress(Progress { stage: String::new(), end: Some(end), said: None }),
                    None => Sighting::Missing,
                },
                Ok(Some(_)) => Sighting::Unclear,
                Ok(None) | Err(_) => Sighting::None,
            }
        }
    };
    let report = judge(&followed, sighting, &settings, journal.0.clock.now());
    match journal.report(&owner, &followed, &report).await {
        Ok(true) => {}
        Ok(false) => tracing::info!(request = followed.id, "somebody else looks after this now"),
        Err(error) => tracing::warn!(request = followed.id, %error, "what was seen of a request cannot be written"),
    }
}

/// What a look was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Sighting {
    /// How it is going.
    Progress(Progress),
    /// The service knows no such thing.
    Missing,
    /// Something that does not tell.
    Unclear,
    /// Nothing.
    None,
}

/// What follows from a look.
fn judge(followed: &Followed, sighting: Sighting, settings: &TrackerSettings, now: Instant) -> Report {
    let age = Duration::from_millis(u64::try_from(now - followed.since).unwrap_or(0));
    let mut report = Report {
        state: followed.state,
        stage: None,
        code: None,
        words: None,
        said: None,
        misses: followed.misses,
        checked: sighting != Sighting::None,
        due: Some(now.saturating_add(millis(interval(age, settings)))),
    };
    let mut end = |state| {
        report.state = state;
        report.due = None;
    };
    match sighting {
        Sighting::Progress(Progress { stage, end: ended, said }) => {
            match ended {
                Some(End::Succeeded) => end(RequestState::Succeeded),
                Some(End::Failed) => end(RequestState::Failed),
                Some(End::Other) => {
                    end(RequestState::Unresolved);
                    report.code = Some(Code::EndedOtherwise);
                    let words = "The service says that this has ended, in a word that Howdah does not know.";
                    report.words = Some(words.to_owned());
                }
                None => report.state = RequestState::Running,
            }
            report.stage = (!stage.is_empty()).then_some(stage);
            report.said = said;
            report.misses = 0;
        }
        Sighting::Missing => {
            let misses = followed.misses + 1;
            if misses >= MISSES {
                end(RequestState::Unresolved);
                report.code = Some(Code::Forgotten);
                report.words = Some("The service does not know this any more.".to_owned());
            }
            report.misses = misses;
        }
        Sighting::Unclear => report.misses = 0,
        Sighting::None => {}
    }
    if report.due.is_some() && age >= settings.give_up {
        report.state = RequestState::Unresolved;
        report.code = Some(Code::FollowedInVain);
        report.words = Some(format!("Followed for {} without an end.", long(settings.give_up)));
        report.due = None;
    }
    report
}

/// The pause between two looks at something of that age.
fn interval(age: Duration, settings: &TrackerSettings) -> Duration {
    (age / FAST_LOOKS).clamp(settings.fast, settings.slow.max(settings.fast))
}

fn long(duration: Duration) -> String {
    match duration.as_secs() {
        seconds if seconds >= 2 * 24 * 60 * 60 => format!("{} days", seconds / (24 * 60 * 60)),
        seconds if seconds >= 2 * 60 => format!("{} minutes", seconds / 60),
        seconds => format!("{seconds} seconds"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn followed(age: Duration, misses: u32) -> Followed {
        Followed {
            id: "id".to_owned(),
            connection: "eco".to_owned(),
            operation: "StartRework".to_owned(),
            segments: vec!["c-1".to_owned()],
            service_id: "req-1".to_owned(),
            state: RequestState::Running,
            stage: Some("Running".to_owned()),
            misses,
            since: NOW - millis(age),
        }
    }

    const NOW: Instant = 1_700_000_000_000;

    #[test]
    fn it_looks_ever_more_slowly() {
        let settings = TrackerSettings::default();
        let minutes = |minutes: u64| interval(Duration::from_secs(60 * minutes), &settings).as_millis();
        assert_eq!((minutes(0), minutes(10), minutes(20)), (5_000, 5_000, 10_000));
        assert_eq!((minutes(60), minutes(600), minutes(60 * 24 * 6)), (30_000, 300_000, 300_000));
        let odd = TrackerSettings { slow: Duration::ZERO, ..settings };
        assert_eq!(interval(Duration::from_secs(1 << 30), &odd), odd.fast);
    }

    #[test]
    fn the_last_look_decides_before_it_gives_up() {
        let settings = TrackerSettings::default();
        let old = followed(settings.give_up, 0);
        let ended = Progress { stage: "Terminate".to_owned(), end: Some(End::Succeeded), said: None };
        assert_eq!(judge(&old, Sighting::Progress(ended), &settings, NOW).state, RequestState::Succeeded);
        let report = judge(&old, Sighting::None, &settings, NOW);
        assert_eq!((report.state, report.due, report.checked), (RequestState::Unresolved, None, false));
        assert_eq!(report.code, Some(Code::FollowedInVain));
        assert_eq!(report.words.as_deref(), Some("Followed for 7 days without an end."));
    }

    #[test]
    fn an_age_before_the_beginning_is_none() {
        // The clock was set back.
        let young = Followed { since: NOW + 1_000_000, ..followed(Duration::ZERO, 0) };
        assert_eq!(judge(&young, Sighting::None, &TrackerSettings::default(), NOW).due, Some(NOW + 5_000));
    }

    #[test]
    fn only_misses_in_a_row_count() {
        let settings = TrackerSettings::default();
        let after = |misses, sighting| judge(&followed(Duration::ZERO, misses), sighting, &settings, NOW);
        assert_eq!(after(1, Sighting::Missing).misses, 2);
        assert_eq!(after(2, Sighting::Missing).state, RequestState::Unresolved);
        assert_eq!(after(2, Sighting::Unclear).misses, 0);
        // A service that cannot be asked has not said otherwise.
        assert_eq!(after(2, Sighting::None).misses, 2);
        let here = Progress { stage: String::new(), end: None, said: None };
        let report = after(2, Sighting::Progress(here));
        assert_eq!((report.misses, report.state, report.stage), (0, RequestState::Running, None));
    }
}
