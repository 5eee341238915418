//! A submission as the service understands it.
//!
//! Seen on real servers: maps count only as `{"entry": [{"key": …, "value": …}]}`; a plain map, a member that is not
//! known, a value of another type and bad base64 are passed over without a word, and the reply is 202 all the same.
//! What the command of the master makes of the application is the simulator's own: `sleep N` runs for N seconds of
//! life, `exit N` fails unless N is 0, and `head -c N` says N characters before that, which nobody should take for markup.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::applications::Id;
use super::dialect::{Dialect, Refused};
use super::replies::{MAXIMUM, MINIMUM};

/// As long as a type may be.
const KIND: usize = 20;
const TAGS: usize = 10;

const ANY_PADDING: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const BASE64: [GeneralPurpose; 2] =
    [GeneralPurpose::new(&alphabet::STANDARD, ANY_PADDING), GeneralPurpose::new(&alphabet::URL_SAFE, ANY_PADDING)];

/// What was submitted, for the simulator's own door.
#[derive(Clone, Debug)]
pub(super) struct Submitted {
    pub(super) id: Id,
    pub(super) user: String,
    /// As it was understood; of credentials only how many.
    pub(super) understood: Value,
}

/// A submission.
#[derive(Debug)]
pub(super) struct Submission {
    pub(super) id: Id,
    pub(super) name: String,
    pub(super) queue: String,
    pub(super) kind: String,
    pub(super) tags: Vec<String>,
    pub(super) priority: u64,
    pub(super) memory: u64,
    pub(super) cores: u64,
    pub(super) attempts: u64,
    pub(super) unmanaged: bool,
    pub(super) command: String,
    pub(super) viewers: Vec<String>,
    pub(super) modifiers: Vec<String>,
    pub(super) understood: Value,
}

/// A body that should be JSON.
///
/// # Errors
/// The refusal.
pub(super) fn json_body(body: &[u8], dialect: Dialect) -> Result<Value, Refused> {
    serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column() + 1);
        let what = if error.is_eof() {
            "Unexpected end-of-input within/between Object entries"
        } else {
            "Unexpected character"
        };
        let message = (dialect != Dialect::V3_5).then(|| {
            format!(
                "javax.xml.bind.UnmarshalException\n - with linked exception:\n[javax.xml.stream.XMLStreamException: \
                 com.fasterxml.jackson.core.io.JsonEOFException: {what}\n \
                 at [Source: (BufferedReader); line: {line}, column: {column}]]"
            )
        });
        Refused::with(StatusCode::BAD_REQUEST, "WebApplicationException", message)
    })
}

impl Submission {
    /// Reads a body.
    ///
    /// # Errors
    /// The refusal.
    pub(super) fn read(body: &[u8], dialect: Dialect) -> Result<Submission, Refused> {
        let body = json_body(body, dialect)?;
        let id = text(&body["application-id"]).unwrap_or_default();
        let id = id.parse().map_err(|_| Refused::bad_request(format!("Could not parse application id {id}")))?;
        let (memory, cores) = (number(&body["resource"]["memory"]), number(&body["resource"]["vCores"]));
        if memory > Some(MAXIMUM.0) {
            return Err(Refused::bad_request("Requested more memory than configured max"));
        }
        if cores > Some(MAXIMUM.1) {
            return Err(Refused::bad_request("Requested more cores than configured max"));
        }
        let tags = list(&body["application-tags"], "tag");
        check_tags(&tags)?;
        let container = &body["am-container-spec"];
        let acls = entries(&container["application-acls"]);
        let users = |kind: &str| acls.get(kind).and_then(text).map(|users| users_of(&users)).unwrap_or_default();
        let mut submission = Submission {
            id,
            name: text(&body["application-name"]).unwrap_or_else(|| "N/A".to_owned()),
            queue: text(&body["queue"]).unwrap_or_else(|| "default".to_owned()),
            kind: text(&body["application-type"]).unwrap_or_else(|| "YARN".to_owned()).chars().take(KIND).collect(),
            tags: tags.iter().map(|tag| tag.to_ascii_lowercase()).collect(),
            priority: number(&body["priority"]).unwrap_or(0),
            memory: memory.unwrap_or(0).max(MINIMUM.0),
            cores: cores.unwrap_or(0).max(MINIMUM.1),
            attempts: number(&body["max-app-attempts"]).unwrap_or(2).max(1),
            unmanaged: truth(&body["unmanaged-AM"]),
            command: list(&container["commands"], "command").join("; "),
            viewers: users("VIEW_APP"),
            modifiers: users("MODIFY_APP"),
            understood: Value::Null,
        };
        submission.understood = submission.tell(&body);
        Ok(submission)
    }

    /// What was understood, in one shape for every way of writing it.
    fn tell(&self, body: &Value) -> Value {
        let container = &body["am-container-spec"];
        let texts = |value: &Value| -> Map<String, Value> {
            entries(value).into_iter().filter_map(|(key, value)| Some((key, json!(text(&value)?)))).collect()
        };
        let base64 = |value: &Value| -> Map<String, Value> {
            let good =
                |value: &Value| text(value).is_some_and(|text| BASE64.iter().any(|one| one.decode(&text).is_ok()));
            entries(value).into_iter().filter(|(_, value)| good(value)).collect()
        };
        let resources: Map<String, Value> =
            entries(&container["local-resources"]).into_iter().filter(|(_, value)| value.is_object()).collect();
        let credentials = &container["credentials"];
        json!({
            "application-id": self.id.to_string(),
            "application-name": self.name,
            "queue": self.queue,
            "priority": self.priority,
            "application-type": self.kind,
            "application-tags": self.tags,
            "unmanaged-AM": self.unmanaged,
            "max-app-attempts": self.attempts,
            "resource": {"memory": self.memory, "vCores": self.cores},
            "keep-containers-across-application-attempts":
                truth(&body["keep-containers-across-application-attempts"]),
            "am-container-spec": {
                "commands": list(&container["commands"], "command"),
                "environment": texts(&container["environment"]),
                "local-resources": resources,
                "service-data": base64(&container["service-data"]),
                "application-acls": texts(&container["application-acls"]),
                "credentials": {
                    "tokens": base64(&credentials["tokens"]).len(),
                    "secrets": base64(&credentials["secrets"]).len(),
                },
            },
        })
    }

    /// How long it runs in seconds of life, if its command says so, and the code with which it ends.
    pub(super) fn course(&self) -> (Option<f64>, u64) {
        let after = |word: &str| {
            let mut words = self.command.split(|c: char| c.is_whitespace() || c == ';').skip_while(|one| *one != word);
            words.nth(1).and_then(|number| number.parse::<u64>().ok())
        };
        (after("sleep").map(|seconds| seconds as f64), after("exit").unwrap_or(0))
    }

    /// How many characters it says.
    pub(super) fn says(&self) -> usize {
        let (_, count) = self.command.split_once("head -c ").unwrap_or_default();
        let digits: String = count.chars().take_while(char::is_ascii_digit).collect();
        // As much as one could send, and not more.
        digits.parse().unwrap_or(0).min(4 << 20)
    }
}

fn check_tags(tags: &[String]) -> Result<(), Refused> {
    let illegal = |message| Err(Refused::with(StatusCode::BAD_REQUEST, "IllegalArgumentException", Some(message)));
    if tags.len() > TAGS {
        return illegal(format!("Too many applicationTags, a maximum of only {TAGS} are allowed!"));
    }
    match tags.iter().find(|tag| tag.len() > 100 || !tag.is_ascii()) {
        Some(tag) if tag.is_ascii() => {
            illegal(format!("Tag {tag} is too long, maximum allowed length of a tag is 100"))
        }
        Some(tag) => illegal(format!("A tag can only have ASCII characters! Invalid tag - {tag}")),
        None => Ok(()),
    }
}

/// The users of an access list: separated by commas, before the groups.
fn users_of(list: &str) -> Vec<String> {
    list.split(' ').next().unwrap_or_default().split(',').map(str::to_owned).filter(|user| !user.is_empty()).collect()
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn number(value: &Value) -> Option<u64> {
    text(value)?.parse().ok()
}

fn truth(value: &Value) -> bool {
    value == &json!(true) || value == &json!("true")
}

/// The texts of a list that may be a single one.
fn list(value: &Value, name: &str) -> Vec<String> {
    match &value[name] {
        Value::Array(items) => items.iter().filter_map(text).collect(),
        one => text(one).into_iter().collect(),
    }
}

/// The entries of a map in the one shape that counts.
fn entries(value: &Value) -> Map<String, Value> {
    let entry = |entry: &Value| Some((text(&entry["key"])?, entry.get("value")?.clone()));
    match &value["entry"] {
        Value::Array(entries) => entries.iter().filter_map(entry).collect(),
        one => entry(one).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &Value) -> Result<Submission, Refused> {
        Submission::read(body.to_string().as_bytes(), Dialect::V3_4)
    }

    #[test]
    fn only_the_exact_shape_counts() {
        let id = "application_7_0001";
        let exact = json!({"application-id": id, "am-container-spec": {
            "commands": {"command": "sleep 5; exit 3"},
            "environment": {"entry": [{"key": "A", "value": "1"}, {"key": "B", "value": 2}]},
            "application-acls": {"entry": {"key": "VIEW_APP", "value": "a,b staff"}},
            "service-data": {"entry": [{"key": "good", "value": "dmFsdWUxMg"}, {"key": "bad", "value": "%%%"}]},
            "credentials": {"secrets": {"entry": [{"key": "s", "value": "c2VjcmV0MQ=="}]}},
        }, "application-tags": {"tag": ["B", "a"]}, "resource": {"memory": "2048", "vCores": 2}});
        let read_well = read(&exact).unwrap();
        assert_eq!(
            (read_well.viewers.as_slice(), read_well.course()),
            (&["a".to_owned(), "b".to_owned()][..], (Some(5.0), 3))
        );
        assert_eq!((read_well.memory, read_well.cores, read_well.tags.join(",")), (2048, 2, "b,a".to_owned()));
        let spec = &read_well.understood["am-container-spec"];
        assert_eq!(spec["environment"], json!({"A": "1", "B": "2"}));
        assert_eq!(spec["service-data"], json!({"good": "dmFsdWUxMg"}));
        assert_eq!(spec["credentials"], json!({"tokens": 0, "secrets": 1}));

        let loose = json!({"application-id": id, "am-container-spec": {
            "commands": "sleep 5",
            "environment": {"A": "1"},
            "application-acls": {"VIEW_APP": "a"},
        }, "application-tags": ["a"], "priority": {}, "zork": 1});
        let dropped = read(&loose).unwrap();
        assert!(dropped.viewers.is_empty() && dropped.tags.is_empty() && dropped.command.is_empty());
        assert_eq!(dropped.understood["am-container-spec"]["environment"], json!({}));
        assert_eq!((dropped.name.as_str(), dropped.kind.as_str(), dropped.memory), ("N/A", "YARN", MINIMUM.0));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let id = "application_7_0001";
        for (body, words) in [
            (json!({}), "Could not parse application id "),
            (json!({"application-id": "zzz"}), "Could not parse application id zzz"),
            (json!({"application-id": id, "resource": {"memory": 999_999}}), "more memory"),
            (json!({"application-id": id, "resource": {"vCores": 999}}), "more cores"),
            (json!({"application-id": id, "application-tags": {"tag": ["한글"]}}), "ASCII"),
        ] {
            let Err(Refused::Remote { status, message: Some(message), .. }) = read(&body) else { panic!("{body}") };
            assert!(status == StatusCode::BAD_REQUEST && message.contains(words), "{message}");
        }
        assert!(Submission::read(b"{\"a\":", Dialect::V3_5).is_err());
    }
}
