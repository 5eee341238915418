//! The form of a submission: its fields as they are typed, what is wrong with them, and what they come to.

use garde::Validate;
use howdah_shared::sensitive::{Sensitive, Variable};
use howdah_shared::systems::yarn::{
    AccessType, AclEntry, ApplicationAcls, ApplicationCredentials, ApplicationDetails, Commands, ContainerSpec,
    Environment, LocalResource, LocalResourceEntry, LocalResourceKind, LocalResourceVisibility, LocalResources,
    LogAggregationContext, MasterResource, SecretEntry, Secrets, Submission, Tags,
};
use serde::{Deserialize, Serialize};

/// Declares the fields in the order of the form.
macro_rules! parts {
    ($($part:ident $id:literal;)*) => {
        /// A field.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Part { $($part,)* }

        impl Part {
            /// All of them.
            pub(super) const ALL: &[Part] = &[$(Part::$part,)*];

            /// Its id on the page.
            pub(super) fn id(self) -> &'static str {
                match self { $(Part::$part => $id,)* }
            }
        }
    };
}

parts! {
    Name "submit-name";
    Kind "submit-type";
    Queue "submit-queue";
    Priority "submit-priority";
    Tags "submit-tags";
    Command "submit-command";
    Memory "submit-memory";
    Cores "submit-cores";
    Environment "submit-environment";
    Resources "submit-resources";
    Attempts "submit-attempts";
    Validity "submit-validity";
    Label "submit-label";
    MasterLabel "submit-master-label";
    Viewers "submit-viewers";
    Modifiers "submit-modifiers";
    ServiceData "submit-service-data";
    Tokens "submit-tokens";
    Secrets "submit-secrets";
    LogInclude "submit-log-include";
    LogExclude "submit-log-exclude";
    RolledInclude "submit-rolled-include";
    RolledExclude "submit-rolled-exclude";
    LogPolicy "submit-log-policy";
    LogParameters "submit-log-parameters";
    Reservation "submit-reservation";
}

/// How a field is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Typed {
    /// One line.
    Text,
    /// A whole number.
    Number,
    /// Several lines, one for each entry.
    Lines,
    /// The same, and nobody looks on.
    Hidden,
}

impl Part {
    /// How it is typed.
    pub(super) fn typed(self) -> Typed {
        match self {
            Part::Priority | Part::Memory | Part::Cores | Part::Attempts | Part::Validity => Typed::Number,
            Part::Command | Part::Environment | Part::Resources => Typed::Lines,
            Part::ServiceData | Part::Tokens | Part::Secrets => Typed::Hidden,
            _ => Typed::Text,
        }
    }
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It must not be empty.
    Empty,
    /// It is no whole number.
    Number,
    /// A line of it is not as it should be.
    Line(usize),
    /// What the rules of the service say, in English.
    Rule(String),
}

/// Switches of the form; `None` leaves it to the service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Switches {
    /// Its master runs outside of the cluster.
    pub(super) unmanaged: bool,
    /// Containers outlive an attempt.
    pub(super) keep_containers: bool,
    /// Its delegation tokens are not cancelled when it has ended.
    pub(super) keep_tokens: bool,
}

/// What an application that there was tells of how it was submitted.
pub(super) fn of_application(app: &ApplicationDetails) -> Vec<(Part, String)> {
    let text = |text: &Option<String>| text.clone().filter(|text| !matches!(text.as_str(), "null" | "<Not set>"));
    let parts = [
        (Part::Name, app.brief.name.clone()),
        (Part::Kind, app.brief.application_type.clone()),
        (Part::Queue, app.brief.queue.clone()),
        (Part::Priority, app.priority.filter(|priority| *priority >= 0).map(|priority| priority.to_string())),
        (Part::Tags, text(&app.application_tags)),
        (Part::Label, text(&app.app_node_label_expression)),
        (Part::MasterLabel, text(&app.am_node_label_expression)),
    ];
    parts.into_iter().filter_map(|(part, text)| Some((part, text.filter(|text| !text.is_empty())?))).collect()
}

/// What the fields come to under an id, and what is wrong with them.
pub(super) fn read(id: &str, text: impl Fn(Part) -> String, switches: Switches) -> (Submission, Vec<(Part, Fault)>) {
    let mut faults = Vec::new();
    let some = |part: Part| Some(text(part).trim().to_owned()).filter(|text| !text.is_empty());
    let mut number = |part: Part| -> Option<i64> {
        let text = some(part)?;
        text.parse().inspect_err(|_| faults.push((part, Fault::Number))).ok()
    };
    let (priority, memory, cores) = (number(Part::Priority), number(Part::Memory), number(Part::Cores));
    let (attempts, validity) = (number(Part::Attempts), number(Part::Validity));
    let mut small = |part: Part, number: Option<i64>| -> Option<i32> {
        number?.try_into().inspect_err(|_| faults.push((part, Fault::Number))).ok()
    };
    let (priority, cores) = (small(Part::Priority, priority), small(Part::Cores, cores));
    let attempts = small(Part::Attempts, attempts);
    if some(Part::Command).is_none() && !switches.unmanaged {
        faults.push((Part::Command, Fault::Empty));
    }
    let mut lines = |part: Part| -> Vec<(String, String)> {
        let Some(text) = some(part) else { return Vec::new() };
        let pair = |(at, line): (usize, &str)| match line.split_once('=') {
            Some((key, value)) if !key.trim().is_empty() => Some((key.trim().to_owned(), value.trim().to_owned())),
            _ => {
                faults.push((part, Fault::Line(at + 1)));
                None
            }
        };
        text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).filter_map(pair).collect()
    };
    let environment = lines(Part::Environment);
    let (service_data, tokens, secrets) = (lines(Part::ServiceData), lines(Part::Tokens), lines(Part::Secrets));
    let resources = lines(Part::Resources);
    let mut files = Vec::new();
    for (at, (key, value)) in resources.into_iter().enumerate() {
        match file(&value) {
            Some(value) => files.push(LocalResourceEntry { key, value }),
            None => faults.push((Part::Resources, Fault::Line(at + 1))),
        }
    }
    let hidden = |entries: Vec<(String, String)>| {
        let entry: Vec<_> =
            entries.into_iter().map(|(key, value)| SecretEntry { key, value: Sensitive::new(value) }).collect();
        (!entry.is_empty()).then_some(Secrets { entry })
    };
    let acls = [(AccessType::ViewApp, Part::Viewers), (AccessType::ModifyApp, Part::Modifiers)];
    let acls: Vec<_> = acls.into_iter().filter_map(|(key, part)| Some(AclEntry { key, value: some(part)? })).collect();
    let (tokens, secrets) = (hidden(tokens), hidden(secrets));
    let has_secrets = tokens.is_some() || secrets.is_some();
    let environment: Vec<_> = environment.into_iter().map(|(key, value)| Variable { key, value }).collect();
    let spec = ContainerSpec {
        local_resources: (!files.is_empty()).then_some(LocalResources { entry: files }),
        environment: (!environment.is_empty()).then_some(Environment { entry: environment }),
        commands: some(Part::Command).map(|command| Commands { command: vec![command] }),
        service_data: hidden(service_data),
        credentials: has_secrets.then_some(ApplicationCredentials { tokens, secrets }),
        application_acls: (!acls.is_empty()).then_some(ApplicationAcls { entry: acls }),
    };
    let context = LogAggregationContext {
        log_include_pattern: some(Part::LogInclude),
        log_exclude_pattern: some(Part::LogExclude),
        rolled_log_include_pattern: some(Part::RolledInclude),
        rolled_log_exclude_pattern: some(Part::RolledExclude),
        log_aggregation_policy_class_name: some(Part::LogPolicy),
        log_aggregation_policy_parameters: some(Part::LogParameters),
    };
    let tags: Vec<String> = some(Part::Tags)
        .map(|tags| tags.split(',').map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect())
        .unwrap_or_default();
    let submission = Submission {
        application_id: id.to_owned(),
        application_name: some(Part::Name),
        queue: some(Part::Queue),
        priority,
        am_container_spec: (spec != ContainerSpec::default()).then_some(spec),
        unmanaged_am: switches.unmanaged.then_some(true),
        cancel_tokens_when_complete: switches.keep_tokens.then_some(false),
        max_app_attempts: attempts,
        // The service takes both or none.
        resource: (memory.is_some() || cores.is_some())
            .then(|| MasterResource { memory: memory.unwrap_or(1024), v_cores: cores.unwrap_or(1) }),
        application_type: some(Part::Kind),
        keep_containers_across_application_attempts: switches.keep_containers.then_some(true),
        application_tags: (!tags.is_empty()).then_some(Tags { tag: tags }),
        app_node_label_expression: some(Part::Label),
        am_container_node_label_expression: some(Part::MasterLabel),
        log_aggregation_context: (context != LogAggregationContext::default()).then_some(context),
        attempt_failures_validity_interval: validity,
        reservation_id: some(Part::Reservation),
    };
    if let Err(report) = submission.validate() {
        for (path, error) in report.iter() {
            let part = part_at(&path.to_string());
            if !faults.iter().any(|(other, _)| *other == part) {
                faults.push((part, Fault::Rule(error.message().to_owned())));
            }
        }
    }
    (submission, faults)
}

/// A file: its address, its size and when it was changed; then, where they are not `FILE` and `APPLICATION`, what it is
/// and who else may use it, and of an archive which of its files.
fn file(text: &str) -> Option<LocalResource> {
    let mut words = text.split_whitespace();
    let (resource, size, timestamp) =
        (words.next()?.to_owned(), words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    let kind = match words.next().unwrap_or("FILE") {
        "FILE" => LocalResourceKind::File,
        "ARCHIVE" => LocalResourceKind::Archive,
        "PATTERN" => LocalResourceKind::Pattern,
        _ => return None,
    };
    let visibility = match words.next().unwrap_or("APPLICATION") {
        "APPLICATION" => LocalResourceVisibility::Application,
        "PRIVATE" => LocalResourceVisibility::Private,
        "PUBLIC" => LocalResourceVisibility::Public,
        _ => return None,
    };
    let pattern = words.next().map(str::to_owned);
    words.next().is_none().then_some(LocalResource { resource, kind, visibility, size, timestamp, pattern })
}

/// The field that a rule speaks of.
fn part_at(path: &str) -> Part {
    const PLACES: &[(&str, Part)] = &[
        ("local_resources", Part::Resources),
        ("environment", Part::Environment),
        ("service_data", Part::ServiceData),
        ("tokens", Part::Tokens),
        ("secrets", Part::Secrets),
        ("application_acls", Part::Viewers),
        ("max_app_attempts", Part::Attempts),
        ("resource.memory", Part::Memory),
        ("resource.v_cores", Part::Cores),
        ("attempt_failures", Part::Validity),
        ("reservation_id", Part::Reservation),
    ];
    PLACES.iter().find(|(place, _)| path.contains(place)).map_or(Part::Command, |(_, part)| *part)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ID: &str = "application_1700000000000_0001";

    fn come(texts: &[(Part, &str)]) -> (serde_json::Value, Vec<(Part, Fault)>) {
        let text = |part: Part| texts.iter().find(|(other, _)| *other == part).map_or("", |(_, text)| *text).to_owned();
        let (submission, faults) = read(ID, text, Switches::default());
        (serde_json::to_value(submission).unwrap(), faults)
    }

    #[test]
    fn what_is_not_touched_is_not_sent() {
        let (body, faults) = come(&[(Part::Command, "sleep 60")]);
        assert_eq!(faults, []);
        assert_eq!(body, json!({"application-id": ID, "am-container-spec": {"commands": {"command": "sleep 60"}}}));
    }

    #[test]
    fn maps_are_written_in_the_shape_that_counts() {
        let (body, faults) = come(&[
            (Part::Command, "run"),
            (Part::Environment, "CLASSPATH=a=b\n\n LANG = C "),
            (Part::Viewers, "alice,bob ops"),
            (Part::Tags, "nightly, ,etl"),
            (
                Part::Resources,
                "app.jar = hdfs://nn/app.jar 12 1700000000000\nlib = hdfs://nn/lib.zip 1 2 PATTERN PUBLIC *.so",
            ),
            (Part::Secrets, "db=c2VjcmV0"),
            (Part::Memory, "2048"),
        ]);
        assert_eq!(faults, []);
        let spec = &body["am-container-spec"];
        assert_eq!(
            spec["environment"],
            json!({"entry": [{"key": "CLASSPATH", "value": "a=b"}, {"key": "LANG", "value": "C"}]})
        );
        assert_eq!(spec["application-acls"], json!({"entry": [{"key": "VIEW_APP", "value": "alice,bob ops"}]}));
        assert_eq!(body["application-tags"], json!({"tag": ["nightly", "etl"]}));
        assert_eq!(body["resource"], json!({"memory": 2048, "vCores": 1}));
        assert_eq!(spec["local-resources"]["entry"][1]["value"]["pattern"], "*.so");
        assert_eq!(spec["credentials"]["secrets"], json!({"entry": [{"key": "db", "value": "c2VjcmV0"}]}));
    }

    #[test]
    fn what_is_wrong_is_said_where_it_stands() {
        let wrong = |texts: &[(Part, &str)]| come(texts).1;
        assert_eq!(wrong(&[]), [(Part::Command, Fault::Empty)]);
        let of = |part: Part, text: &str| wrong(&[(Part::Command, "run"), (part, text)]);
        assert_eq!(of(Part::Memory, "much"), [(Part::Memory, Fault::Number)]);
        assert_eq!(of(Part::Cores, "3000000000"), [(Part::Cores, Fault::Number)]);
        assert_eq!(of(Part::Environment, "A=1\nB"), [(Part::Environment, Fault::Line(2))]);
        assert_eq!(of(Part::Resources, "a = hdfs://x big 1"), [(Part::Resources, Fault::Line(1))]);
        assert!(matches!(of(Part::Secrets, "a=not base64!")[..], [(Part::Secrets, Fault::Rule(_))]));
        assert!(matches!(of(Part::Reservation, "tomorrow")[..], [(Part::Reservation, Fault::Rule(_))]));
        assert_eq!(of(Part::Reservation, "reservation_1404203615263_0001"), []);
        assert!(matches!(of(Part::Memory, "-1")[..], [(Part::Memory, Fault::Rule(_))]));
        assert!(matches!(of(Part::Environment, "A=1\nA=2")[..], [(Part::Environment, Fault::Rule(_))]));
    }

    #[test]
    fn a_submission_begins_with_what_an_application_tells() {
        let app: ApplicationDetails = serde_json::from_value(json!({
            "name": "nightly", "queue": "root.etl", "applicationType": "YARN", "priority": -1, "applicationTags": "null",
            "appNodeLabelExpression": "<Not set>"
        }))
        .unwrap();
        let parts: Vec<_> = of_application(&app).into_iter().map(|(part, _)| part).collect();
        assert_eq!(parts, [Part::Name, Part::Kind, Part::Queue]);
    }
}
