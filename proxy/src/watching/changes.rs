//! Asking a service for what can have changed, where a row of the table says how.
//!
//! The active rows are asked for beside all, so that they are seen first. From then on it is the active ones
//! and those that have ended since, by the service's own clock; without its clock all are asked for each time. All are
//! asked for again when another run of the service begins, and when its counts say again and again that it keeps
//! others than we do.

use std::collections::BTreeMap;
use std::time::Duration;

use howdah_shared::console::Instant as Millis;
use howdah_shared::delta::Delta;
use howdah_shared::problem::Problem;
use tokio::time::Instant;

use super::poller::Poller;
use super::rows::Row;
use super::source::Source;

/// How long it may take from a row's end to where it shows, in ms.
const SHOWS_AFTER: Millis = 2_000;
/// The same of a service that is in trouble: so far back it is asked for what is no longer active.
const SHOWS_AT_LAST: Millis = 60_000;
/// A clock that is behind by more than this was set back: services tell the time in whole seconds.
const SET_BACK: Millis = 1_000;
/// So many counts in a row that are not ours say that what we hold has drifted.
const DRIFTED: u32 = 3;
/// The least time between two loads of everything for that reason.
const LOAD_AGAIN_AFTER: Duration = Duration::from_secs(600);

/// What a poller knows besides its picture.
#[derive(Default)]
pub(super) struct Course {
    /// The run of the service.
    run: Option<String>,
    /// When it was last asked for what had ended; `None` where all must be asked for.
    since: Option<Moment>,
    /// How many counts in a row were not ours.
    odd: u32,
    /// When all was last asked for.
    loaded: Option<Instant>,
    /// How much of the last look was for asking for all, where the next look need not.
    pub(super) loading: Duration,
}

/// An instant by a service's clock and by ours.
#[derive(Clone, Copy)]
struct Moment {
    theirs: Millis,
    ours: Instant,
}

impl Moment {
    /// The instant by the service's clock as it is set now.
    fn by(self, now: Moment) -> Millis {
        let passed = now.ours.saturating_duration_since(self.ours).as_millis();
        let expected = self.theirs.saturating_add(Millis::try_from(passed).unwrap_or(Millis::MAX));
        let behind = expected.saturating_sub(now.theirs);
        if behind > SET_BACK { self.theirs.saturating_sub(behind) } else { self.theirs }
    }
}

impl Poller {
    /// Looks once; gives whether something has changed.
    pub(super) async fn look_for_changes(
        &self,
        delta: &Delta,
        source: &impl Source,
        course: &mut Course,
    ) -> Result<bool, Box<Problem>> {
        course.loading = Duration::ZERO;
        let run = (delta.run.read)(&source.ask_for(delta.run.operation).await?);
        if course.loaded.is_some() && run != course.run {
            self.begin_anew();
            *course = Course::default();
        }
        course.run = run;
        let complete = self.book().is_complete();
        let (mut changed, drifted) = match course.since {
            Some(since) if complete => self.follow(delta, source, course, since).await?,
            _ => (false, true),
        };
        if drifted {
            let begun = Instant::now();
            course.loaded = Some(begun);
            let active = async {
                if complete {
                    return Ok(false);
                }
                self.begin(source.ask(&chosen(delta), self.shape).await?.read.rows)
            };
            // Where all come it is no matter that the active ones did not.
            changed |= tokio::join!(active, self.load(source, course)).1?;
            course.loading = course.since.map_or(Duration::ZERO, |_| begun.elapsed());
        }
        Ok(changed)
    }

    /// Asks for what can have changed since; gives whether something has, and whether everything is to be asked for.
    async fn follow(
        &self,
        delta: &Delta,
        source: &impl Source,
        course: &mut Course,
        since: Moment,
    ) -> Result<(bool, bool), Box<Problem>> {
        let ours = Instant::now();
        let active = source.ask(&chosen(delta), self.shape).await?;
        let now = active.asked.map(|theirs| Moment { theirs, ours });
        let since = now.map_or(since.theirs, |now| since.by(now));
        let ended = |before| format!("{}={}", delta.ended_since, since.saturating_sub(before).max(1));
        let mut rows = active.read.rows;
        rows.extend(source.ask(&ended(SHOWS_AFTER), self.shape).await?.read.rows);
        if !self.missing(&rows).is_empty() {
            rows.extend(source.ask(&ended(SHOWS_AT_LAST), self.shape).await?.read.rows);
        }
        let gone = self.missing(&rows);
        // Asked for after the rows: what ends in between does not make us forget another.
        let kept = source.ask_for(delta.kept.operation).await.ok();
        let kept = kept.and_then(|told| (delta.kept.read)(&told));
        let (changed, agreed) = self.update(rows, gone, kept)?;
        // Not when the ended ones were asked for: a clock that was set ahead in between would hide what ended before.
        course.since = now;
        course.odd = if agreed { 0 } else { course.odd + 1 };
        let again = course.loaded.is_none_or(|loaded| loaded.elapsed() >= LOAD_AGAIN_AFTER);
        Ok((changed, course.odd >= DRIFTED && again))
    }

    /// The active rows that are in the picture and not among these.
    fn missing(&self, rows: &BTreeMap<String, Row>) -> Vec<String> {
        let book = self.book();
        book.active().filter(|key| !rows.contains_key(*key)).map(str::to_owned).collect()
    }

    /// Asks for everything.
    async fn load(&self, source: &impl Source, course: &mut Course) -> Result<bool, Box<Problem>> {
        let ours = Instant::now();
        let whole = source.ask("", self.shape).await?;
        let changed = self.replace(whole.read.rows)?;
        (course.since, course.odd) = (whole.asked.map(|theirs| Moment { theirs, ours }), 0);
        Ok(changed)
    }
}

fn chosen(delta: &Delta) -> String {
    format!("{}={}", delta.choose, delta.active.join(","))
}
