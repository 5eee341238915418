//! Where in a form stands what a service does not like: it names a member by its place, or says in words what is wrong.

use howdah_shared::problem::{FieldFault, Place, Problem};
use serde_json::Value;

/// What its words begin with or hold, and which member they are about.
const WORDS: &[(&str, &str)] = &[
    ("Requested flavor '", "flavor_id"),
    ("Requested keypair '", "user_keypair_id"),
    ("Requested image '", "default_image_id"),
    ("Tags of requested image '", "default_image_id"),
    ("Floating IP pool ", "floating_ip_pool"),
    ("Network ", "neutron_management_network"),
    ("NodeGroup template with id '", "node_group_template_id"),
    ("Cluster template with id '", "cluster_template_id"),
    ("Requested share id ", "id"),
    ("Multiple shares cannot be mounted", "shares"),
    ("Paths must be absolute", "path"),
    ("Requested plugin '", "plugin_name"),
    ("doesn't contain plugin with name '", "plugin_name"),
    ("' already exists", "name"),
    ("Composite hostname ", "name"),
    ("Duplicates in node group names", "node_groups"),
    ("Duplicates in node processes", "node_processes"),
    ("following node processes", "node_processes"),
    ("doesn't contain config with name '", "node_configs"),
    ("doesn't contain applicable target '", "node_configs"),
    ("Cinder is not supported", "volumes_per_node"),
    ("Quota exceeded", "node_groups"),
    ("component(s). Actual ", "node_groups"),
];

/// The places in a body that a refusal is about, each with what is said of it.
pub(super) fn places(problem: &Problem, body: &Value) -> Vec<(String, String)> {
    let ours = problem.errors.iter().filter(|fault| fault.place == Place::Body);
    let mut found: Vec<_> = ours.map(|FieldFault { field, message, .. }| (field.clone(), message.clone())).collect();
    let said = problem.service.as_ref().map(|service| service.message.as_str()).unwrap_or_default();
    for line in said.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("Error ID:")) {
        for place in of_line(line, body) {
            if !found.iter().any(|(other, _)| *other == place) {
                found.push((place, line.to_owned()));
            }
        }
    }
    found
}

fn of_line(line: &str, body: &Value) -> Vec<String> {
    if let Some(place) = named(line) {
        return vec![place];
    }
    // 'default_image_id' field is not found
    if let Some(name) = line.strip_prefix('\'').and_then(|rest| rest.split_once("' field is not found")) {
        return vec![name.0.to_owned()];
    }
    let Some((words, member)) = WORDS.iter().find(|(words, _)| line.contains(words)) else { return Vec::new() };
    let quoted = line.split_once(words).map(|(_, rest)| rest).unwrap_or_default();
    let value = quoted.split(['\'', ' ']).next().unwrap_or_default();
    let mut exact = Vec::new();
    let mut any = Vec::new();
    visit(body, "", &mut |place, name, told| {
        let is_it = name == *member
            || (*member == "default_image_id" && name == "image_id")
            || (*member == "node_configs" && name == "cluster_configs");
        if is_it {
            any.push(place.to_owned());
            if !value.is_empty() && told.as_str() == Some(value) {
                exact.push(place.to_owned());
            }
        }
    });
    match (exact.is_empty(), any.is_empty()) {
        (false, _) => exact,
        // The first of several, as somebody has to begin somewhere.
        (true, false) => any.into_iter().take(1).collect(),
        (true, true) => vec![(*member).to_owned()],
    }
}

/// The member of a body that a line begins with. The service writes members within lists as `node_groups[0][count]`.
pub(super) fn named(line: &str) -> Option<String> {
    line.split_once(": ").map(|(place, _)| dotted(place)).filter(|place| is_place(place))
}

/// The same place with a dot before each name that stands in brackets.
fn dotted(place: &str) -> String {
    let mut parts = place.split('[');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.strip_suffix(']').filter(|name| !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()))
        {
            Some(name) => {
                out.push('.');
                out.push_str(name);
            }
            None => {
                out.push('[');
                out.push_str(part);
            }
        }
    }
    out
}

/// Whether a text is a place in a body: names with dots, and numbers in brackets.
fn is_place(text: &str) -> bool {
    let name = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let part = |part: &str| match part.split_once('[') {
        Some((first, rest)) => {
            let number = rest.strip_suffix(']').unwrap_or_default();
            name(first) && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        }
        None => name(part),
    };
    text.split('.').all(part)
}

/// Visits each member that is no object and no list of objects, with its place and its name.
fn visit(value: &Value, place: &str, see: &mut dyn FnMut(&str, &str, &Value)) {
    let Some(members) = value.as_object() else { return };
    for (name, member) in members {
        let at = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
        see(&at, name, member);
        for (number, item) in member.as_array().into_iter().flatten().enumerate() {
            visit(item, &format!("{at}[{number}]"), see);
        }
    }
}

/// Whether a sentence of the service speaks of something by its name, as a word of its own or in quotes.
pub(super) fn speaks_of(said: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let ends = |text: &str| text.chars().next_back().is_none_or(|c| !is_part(c));
    let begins = |text: &str| {
        // A full stop that ends the sentence is not of the name.
        let rest = text.strip_prefix('.').filter(|rest| !rest.starts_with(|c: char| is_part(c))).unwrap_or(text);
        rest.chars().next().is_none_or(|c| !is_part(c))
    };
    !name.is_empty() && said.match_indices(name).any(|(at, _)| ends(&said[..at]) && begins(&said[at + name.len()..]))
}

/// Whether a place in a form is the one that a fault is at, or one within it that has no field of its own.
pub(super) fn is_at(fault: &str, place: &str) -> bool {
    fault.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

#[cfg(test)]
mod tests {
    use howdah_shared::problem::{Code, ServiceWords};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn body() -> Value {
        json!({
            "name": "n", "default_image_id": "i", "node_groups": [
                {"name": "a", "flavor_id": "42", "node_processes": ["x"], "shares": [{"id": "s"}, {"id": "t", "path": "x"}]}, {"name": "b", "flavor_id": "77", "node_processes": []}
            ]
        })
    }

    fn said(message: &str) -> Vec<String> {
        let service = Some(ServiceWords { status: 400, message: message.to_owned() });
        let problem = Problem { service, ..Problem::new(Code::ServiceAnswered, "") };
        places(&problem, &body()).into_iter().map(|(place, _)| place).collect()
    }

    #[test]
    fn what_the_service_says_stands_at_the_field_that_it_means() {
        for (message, place) in [
            ("name: 'bad name_1' is not a 'valid_name_hostname'\nError ID: 6f", "name"),
            ("node_groups[0]: {'name': 'worker'} is not valid under any of the given schemas", "node_groups[0]"),
            ("node_groups[1][count]: -1 is less than the minimum of 0", "node_groups[1].count"),
            ("'neutron_management_network' field is not found", "neutron_management_network"),
            ("Requested flavor '77' not found", "node_groups[1].flavor_id"),
            ("Requested flavor '9' not found", "node_groups[0].flavor_id"),
            ("Cluster with name 'n' already exists", "name"),
            ("Tags of requested image 'i' don't contain required tags ['fake', '0.1']", "default_image_id"),
            ("Quota exceeded for RAM: Requested 1626112, but available 1007616", "node_groups"),
            ("Hadoop cluster should contain 1 namenode component(s). Actual namenode count is 0", "node_groups"),
            ("Requested keypair 'x' not found", "user_keypair_id"),
            ("Requested share id t does not exist.", "node_groups[0].shares[1].id"),
            ("Multiple shares cannot be mounted to the same path.", "node_groups[0].shares"),
            ("Paths must be absolute Linux paths starting with \"/\"", "node_groups[0].shares[1].path"),
        ] {
            assert_eq!(said(message), [place], "{message}");
        }
        assert_eq!(said("Internal Server Error"), Vec::<String>::new());
        assert_eq!(said("a: b\nname: c"), ["a", "name"]);
    }

    #[test]
    fn a_fault_is_shown_where_there_is_a_field_for_it() {
        assert!(is_at("node_groups[0].name", "node_groups[0].name"));
        assert!(is_at("node_processes[1]", "node_processes") && is_at("cluster_configs.HDFS.a", "cluster_configs"));
        assert!(!is_at("node_groups[1]", "node_groups[1].name") && !is_at("names", "name"));
    }

    #[test]
    fn the_member_is_found_where_the_service_names_one() {
        let said = "resize_node_groups[0][count]: -1 is less than the minimum of 0";
        assert_eq!(named(said).as_deref(), Some("resize_node_groups[0].count"));
        assert_eq!(named("name: 'a_b' is not a 'valid_name_hostname'").as_deref(), Some("name"));
        for none in ["", "Quota exceeded for RAM: Requested 1, but available 0", "no member here", "Error ID: 1"] {
            assert_eq!(named(none), None, "{none}");
        }
    }

    #[test]
    fn names_are_whole_words() {
        let said = "Can't add new nodegroup. Cluster already has nodegroup with name 'worker'";
        assert!(speaks_of(said, "worker") && !speaks_of(said, "work") && !speaks_of(said, ""));
        assert!(speaks_of("Chosen node group big-worker cannot be scaled", "big-worker"));
        assert!(!speaks_of("Chosen node group big-worker cannot be scaled", "worker"));
        assert!(speaks_of("It is worker.", "worker") && !speaks_of("It is worker.b", "worker"));
    }

    proptest! {
        #[test]
        fn no_words_break_it(message in "(.|\n){0,60}", at in 0..WORDS.len(), more in ".{0,12}") {
            said(&message);
            said(&format!("{message}{}{more}", WORDS[at].0));
        }
    }
}
