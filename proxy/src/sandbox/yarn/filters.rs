//! The queries of the list of applications and of their counts, refused as a ResourceManager of version 3.4 refuses it.

use percent_encoding::percent_decode_str;

use super::applications::{Application, QUEUES, State};

const STATES: &[&str] = &["NEW", "NEW_SAVING", "SUBMITTED", "ACCEPTED", "RUNNING", "FINISHED", "FAILED", "KILLED"];
const FINAL: &[&str] = &["UNDEFINED", "SUCCEEDED", "FAILED", "KILLED", "ENDED"];
/// What `deSelects` may name.
const DESELECTS: &[&str] =
    &["resourceRequests", "timeouts", "appNodeLabelExpression", "amNodeLabelExpression", "resourceInfo"];

/// Why a query is refused.
#[derive(Debug, PartialEq)]
pub(super) struct Refused {
    /// The exception's short name.
    pub(super) exception: &'static str,
    pub(super) message: String,
}

/// The filters of a query; empty lists let everything pass. Times are ms since the epoch.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Filters {
    states: Vec<String>,
    final_status: Option<String>,
    user: Option<String>,
    queue: Option<String>,
    kinds: Vec<String>,
    tags: Vec<String>,
    name: Option<String>,
    started: (Option<i64>, Option<i64>),
    finished: (Option<i64>, Option<i64>),
    limit: Option<usize>,
    deselected: Vec<String>,
    /// Who asks, by `user.name`.
    pub(super) caller: Option<String>,
}

fn bad_request(message: impl Into<String>) -> Refused {
    // The versions before 3.5 put the class of the cause before the sentence.
    Refused { exception: "BadRequestException", message: format!("java.lang.Exception: {}", message.into()) }
}

fn list(value: &str) -> impl Iterator<Item = String> {
    value.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned)
}

impl Filters {
    /// Reads a query. Parameters that the service does not know are passed over, as it does.
    ///
    /// # Errors
    /// The first value that the service refuses.
    pub(super) fn read(query: &str) -> Result<Filters, Refused> {
        let mut filters = Filters::default();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "states" | "state" => filters.states.extend(list(&value).map(|word| word.to_uppercase())),
                "finalStatus" => filters.final_status = Some(value),
                "user" => filters.user = Some(value),
                "queue" => filters.queue = Some(value),
                "limit" => filters.limit = Some(limit(&value)?),
                "startedTimeBegin" => filters.started.0 = Some(instant(&name, &value)?),
                "startedTimeEnd" => filters.started.1 = Some(instant(&name, &value)?),
                "finishedTimeBegin" => filters.finished.0 = Some(instant(&name, &value)?),
                "finishedTimeEnd" => filters.finished.1 = Some(instant(&name, &value)?),
                "applicationTypes" => filters.kinds.extend(list(&value).map(|word| word.to_lowercase())),
                "applicationTags" => filters.tags.extend(list(&value).map(|word| word.to_lowercase())),
                "name" => filters.name = Some(value),
                "deSelects" => filters.deselected.extend(list(&value)),
                "user.name" => filters.caller = Some(value),
                _ => {}
            }
        }
        filters.check()?;
        Ok(filters)
    }

    fn check(&self) -> Result<(), Refused> {
        check_states(&self.states)?;
        if let Some(status) = self.final_status.as_deref().filter(|status| !FINAL.contains(status)) {
            let message = format!("FinalApplicationStatus has no constant {status}");
            return Err(Refused { exception: "IllegalArgumentException", message });
        }
        if let Some(queue) = self.queue.as_deref().filter(|queue| !QUEUES.iter().any(|(path, _)| is_queue(path, queue)))
        {
            return Err(bad_request(format!("there is no queue {queue}")));
        }
        for (name, times) in [("startedTime", self.started), ("finishedTime", self.finished)] {
            if let (Some(begin), Some(end)) = times
                && begin > end
            {
                return Err(bad_request(format!("{name}End must not be before {name}Begin")));
            }
        }
        if let Some(field) = self.deselected.iter().find(|field| !DESELECTS.contains(&field.as_str())) {
            return Err(bad_request(format!("deSelects cannot name {field}")));
        }
        Ok(())
    }

    /// Whether an application passes all filters but `finalStatus`, given when it started and ended (0: not yet).
    pub(super) fn pass(&self, app: &Application, state: State, started: i64, finished: i64) -> bool {
        let word = state.words().0;
        let within = |(begin, end): (Option<i64>, Option<i64>), at: i64| {
            begin.is_none_or(|begin| at >= begin) && end.is_none_or(|end| at <= end)
        };
        (self.states.is_empty() || self.states.iter().any(|state| state == word))
            && self.user.as_deref().is_none_or(|user| user == app.user)
            && self.queue.as_deref().is_none_or(|queue| is_queue(app.queue, queue))
            && (self.kinds.is_empty() || self.kinds.contains(&app.kind.to_lowercase()))
            && (self.tags.is_empty() || app.tags.split(',').any(|tag| self.tags.iter().any(|wanted| wanted == tag)))
            && self.name.as_deref().is_none_or(|name| name == app.name)
            && within(self.started, started)
            && within(self.finished, finished)
    }

    /// Whether it passes `finalStatus`, which the service applies only after `limit`.
    pub(super) fn pass_final(&self, state: State) -> bool {
        self.final_status.as_deref().is_none_or(|status| status == state.words().1)
    }

    /// The most applications of the list, before `finalStatus`.
    pub(super) fn limit(&self) -> usize {
        self.limit.unwrap_or(usize::MAX)
    }

    /// Whether a member is wanted.
    pub(super) fn selects(&self, member: &str) -> bool {
        !self.deselected.iter().any(|deselected| deselected == member)
    }
}

/// The query of the counts of applications.
#[derive(Debug, PartialEq)]
pub(super) struct Statistics {
    /// The states to count, all of them where none is named.
    pub(super) states: Vec<String>,
    /// The type to count, in lower case; any without it.
    pub(super) kind: Option<String>,
}

impl Statistics {
    /// Reads a query.
    ///
    /// # Errors
    /// The first value that the service refuses.
    pub(super) fn read(query: &str) -> Result<Statistics, Refused> {
        let (mut states, mut kinds) = (Vec::new(), Vec::new());
        for (name, value) in pairs(query) {
            match name.as_str() {
                "states" => states.extend(list(&value).map(|word| word.to_uppercase())),
                "applicationTypes" => kinds.extend(list(&value).map(|word| word.to_lowercase())),
                _ => {}
            }
        }
        check_states(&states)?;
        if kinds.len() > 1 {
            return Err(bad_request(format!("{} types; at most one can be counted", kinds.len())));
        }
        if states.is_empty() {
            states.extend(STATES.iter().map(|state| (*state).to_owned()));
        }
        Ok(Statistics { states, kind: kinds.pop() })
    }
}

/// The parameters of a query that say something, decoded.
fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let pairs = query.split('&').map(move |pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    });
    pairs.filter(|(_, value)| !value.is_empty())
}

fn check_states(states: &[String]) -> Result<(), Refused> {
    let Some(state) = states.iter().find(|state| !STATES.contains(&state.as_str())) else { return Ok(()) };
    Err(bad_request(format!("application state {state} does not exist; there are {}", STATES.join(", "))))
}

/// Whether a queue is meant by its full path or by its last name.
fn is_queue(path: &str, wanted: &str) -> bool {
    path == wanted || path.rsplit('.').next() == Some(wanted)
}

fn limit(value: &str) -> Result<usize, Refused> {
    match value.parse::<i64>() {
        Err(_) => Err(bad_request("limit is not a number")),
        Ok(..=0) => Err(bad_request("limit must be above 0")),
        Ok(limit) => Ok(usize::try_from(limit).unwrap_or(usize::MAX)),
    }
}

fn instant(name: &str, value: &str) -> Result<i64, Refused> {
    match value.parse() {
        Err(_) => Err(bad_request(format!("{name} is not a number"))),
        Ok(..0) => Err(bad_request(format!("{name} must not be below 0"))),
        Ok(instant) => Ok(instant),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_values_are_refused() {
        for (query, exception, word) in [
            ("states=RUNNING,zz", "BadRequestException", "ZZ"),
            ("state=zz", "BadRequestException", "ZZ"),
            ("finalStatus=zz", "IllegalArgumentException", "zz"),
            ("queue=nope", "BadRequestException", "nope"),
            ("limit=0", "BadRequestException", "above 0"),
            ("limit=ten", "BadRequestException", "number"),
            ("startedTimeBegin=-5", "BadRequestException", "below 0"),
            ("finishedTimeEnd=x", "BadRequestException", "number"),
            ("startedTimeBegin=5&startedTimeEnd=4", "BadRequestException", "before"),
            ("deSelects=name", "BadRequestException", "name"),
        ] {
            let refused = Filters::read(query).expect_err(query);
            assert_eq!(refused.exception, exception, "{query}");
            assert!(refused.message.contains(word), "{query}: {}", refused.message);
        }
    }

    #[test]
    fn what_is_unknown_or_empty_is_passed_over() {
        assert_eq!(Filters::read("user=&zork=1&"), Ok(Filters::default()));
        assert_eq!(Filters::read("user.name=a%20b+c").map(|filters| filters.caller), Ok(Some("a b c".to_owned())));
    }
}
