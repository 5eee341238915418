//! The queries of the list of applications, of their counts and of the nodes, refused as a real ResourceManager
//! refuses them.

use http::StatusCode;
use percent_encoding::percent_decode_str;

use super::applications::{Application, State};
use super::dialect::{Dialect, Refused};
use super::queues::{Tree, last};

const STATES: &[&str] = &["NEW", "NEW_SAVING", "SUBMITTED", "ACCEPTED", "RUNNING", "FINISHED", "FAILED", "KILLED"];
const FINAL: &[&str] = &["UNDEFINED", "SUCCEEDED", "FAILED", "KILLED", "ENDED"];
/// What `deSelects` may name.
const DESELECTS: &[&str] =
    &["resourceRequests", "timeouts", "appNodeLabelExpression", "amNodeLabelExpression", "resourceInfo"];

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
}

fn list(value: &str) -> impl Iterator<Item = String> {
    value.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned)
}

impl Filters {
    /// Reads a query. Parameters that the service does not know are passed over, as it does.
    ///
    /// # Errors
    /// The first value that the service refuses.
    pub(super) fn read(query: &str, dialect: Dialect, tree: &Tree) -> Result<Filters, Refused> {
        let mut filters = Filters::default();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "states" | "state" => filters.states.extend(states(&value)?),
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
                _ => {}
            }
        }
        filters.check(dialect, tree)?;
        Ok(filters)
    }

    fn check(&self, dialect: Dialect, tree: &Tree) -> Result<(), Refused> {
        if let Some(queue) = self.queue.as_deref().filter(|queue| tree.find(queue).is_none()) {
            return Err(Refused::bad_request(format!("Unknown queue: {queue}")));
        }
        for (times, end, begin) in
            [(self.started, "startedTimeEnd", "startTimeBegin"), (self.finished, "finishTimeEnd", "finishTimeBegin")]
        {
            if times.0 > times.1 && times.1.is_some() {
                return Err(Refused::bad_request(format!("{end} must be greater than {begin}")));
            }
        }
        // The old versions know nothing of it, and pass over it.
        let field = self.deselected.iter().find(|field| !DESELECTS.contains(&field.as_str()));
        if let Some(field) = field.filter(|_| dialect != Dialect::V2) {
            let known = DESELECTS.join(", ");
            let message = format!("Invalid deSelects string {field} specified. It should be one of [{known}]");
            return Err(Refused::bad_request(message));
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
            && self.queue.as_deref().is_none_or(|queue| is_queue(&app.queue, queue))
            && (self.kinds.is_empty() || self.kinds.contains(&app.kind.to_lowercase()))
            && (self.tags.is_empty() || app.tags.split(',').any(|tag| self.tags.iter().any(|wanted| wanted == tag)))
            && self.name.as_deref().is_none_or(|name| name == app.name)
            && within(self.started, started)
            && within(self.finished, finished)
    }

    /// Refuses a final status that there is not. The service looks at it only where an application is left to hold to
    /// it.
    ///
    /// # Errors
    /// The refusal.
    pub(super) fn check_final(&self) -> Result<(), Refused> {
        let Some(status) = self.final_status.as_deref().filter(|status| !FINAL.contains(status)) else { return Ok(()) };
        Err(illegal(format!("No enum constant org.apache.hadoop.yarn.api.records.FinalApplicationStatus.{status}")))
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
                "states" => states.extend(self::states(&value)?),
                "applicationTypes" => kinds.extend(list(&value).map(|word| word.to_lowercase())),
                _ => {}
            }
        }
        if kinds.len() > 1 {
            let message = "we temporarily support at most one applicationType";
            return Err(Refused::bad_request(format!("# of applicationTypes = {}, {message}", kinds.len())));
        }
        if states.is_empty() {
            states.extend(STATES.iter().map(|state| (*state).to_owned()));
        }
        Ok(Statistics { states, kind: kinds.pop() })
    }
}

/// The states that the list of nodes is asked for; `None` where that is all of them.
pub(super) fn node_states(query: &str, known: &[&'static str]) -> Result<Option<Vec<&'static str>>, Refused> {
    let Some((_, value)) = pairs(query).find(|(name, _)| name == "states") else { return Ok(None) };
    let state = |word: &str| {
        let word = word.to_uppercase();
        let state = known.iter().find(|state| **state == word);
        let message = || format!("No enum constant org.apache.hadoop.yarn.api.records.NodeState.{word}");
        state.copied().ok_or_else(|| illegal(message()))
    };
    value.split(',').map(state).collect::<Result<_, _>>().map(Some)
}

/// The user that `user.name` names.
pub(super) fn user_name(query: &str) -> Option<String> {
    pairs(query).find(|(name, _)| name == "user.name").map(|(_, value)| value)
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

fn illegal(message: String) -> Refused {
    Refused::with(StatusCode::BAD_REQUEST, "IllegalArgumentException", Some(message))
}

fn states(value: &str) -> Result<Vec<String>, Refused> {
    let known = STATES.join(", ");
    let message = |word| format!("Invalid application-state {word} specified. It should be one of [{known}]");
    let state = |word: String| {
        let state = word.to_uppercase();
        if STATES.contains(&state.as_str()) { Ok(state) } else { Err(Refused::bad_request(message(word))) }
    };
    list(value).map(state).collect()
}

/// Whether a queue is meant by its full path or by its last name.
fn is_queue(path: &str, wanted: &str) -> bool {
    path == wanted || last(path) == wanted
}

fn limit(value: &str) -> Result<usize, Refused> {
    match value.parse::<i64>() {
        Err(_) => Err(Refused::bad_request("limit value must be a number!")),
        Ok(..=0) => Err(Refused::bad_request("limit value must be greater then 0")),
        Ok(limit) => Ok(usize::try_from(limit).unwrap_or(usize::MAX)),
    }
}

fn instant(name: &str, value: &str) -> Result<i64, Refused> {
    match value.parse() {
        Err(_) => {
            let message = format!("For input string: \"{value}\"");
            Err(Refused::with(StatusCode::BAD_REQUEST, "NumberFormatException", Some(message)))
        }
        Ok(..0) => Err(Refused::bad_request(format!("{name} must be greater than 0"))),
        Ok(instant) => Ok(instant),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str, dialect: Dialect) -> Result<Filters, Refused> {
        Filters::read(query, dialect, &Tree::of(0))
    }

    #[test]
    fn bad_values_are_refused() {
        for (query, exception, words) in [
            ("states=RUNNING,zz", "BadRequestException", "application-state zz specified"),
            ("state=zz", "BadRequestException", "application-state zz specified"),
            ("queue=nope", "BadRequestException", "Unknown queue: nope"),
            ("limit=0", "BadRequestException", "greater then 0"),
            ("limit=ten", "BadRequestException", "number"),
            ("startedTimeBegin=-5", "BadRequestException", "startedTimeBegin must be greater than 0"),
            ("finishedTimeEnd=x", "NumberFormatException", "\"x\""),
            ("startedTimeBegin=5&startedTimeEnd=4", "BadRequestException", "startedTimeEnd must be"),
            ("deSelects=name", "BadRequestException", "deSelects string name"),
        ] {
            let refused = read(query, Dialect::V3_4).expect_err(query);
            let Refused::Remote { exception: is, message: Some(message), .. } = refused else { panic!("{refused:?}") };
            assert_eq!(is, exception, "{query}");
            assert!(message.contains(words), "{query}: {message}");
        }
    }

    #[test]
    fn versions_and_what_is_found_decide_what_is_refused() {
        assert!(read("finalStatus=zz", Dialect::V3_4).unwrap().check_final().is_err());
        assert!(read("finalStatus=FAILED", Dialect::V3_4).unwrap().check_final().is_ok());
        assert!(read("deSelects=name", Dialect::V2).is_ok());
        assert_eq!(read("startedTimeBegin=5", Dialect::V3_4), read("startedTimeBegin=5", Dialect::V2));
    }

    #[test]
    fn what_is_unknown_or_empty_is_passed_over() {
        assert_eq!(read("user=&zork=1&", Dialect::V3_4), Ok(Filters::default()));
        assert_eq!(user_name("a=b&user.name=a%20b+c").as_deref(), Some("a b c"));
    }

    #[test]
    fn states_of_nodes_are_read() {
        let known = ["NEW", "RUNNING", "LOST"];
        assert_eq!(node_states("healthy=true", &known), Ok(None));
        assert_eq!(node_states("states=lost,RUNNING", &known), Ok(Some(vec!["LOST", "RUNNING"])));
        assert!(node_states("states=zz", &known).is_err());
    }
}
