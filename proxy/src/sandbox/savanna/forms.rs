//! The form of bodies, as the service's schemas have it: every fault is told, a line each, in the schema's words.

use serde_json::{Map, Value};

use super::behaviour::Dialect;
use super::errors::Refused;

/// What a member may be.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Name,
    /// Of a group in a scaling, which exists.
    Text,
    Id,
    Flavor,
    KeyPair,
    Path,
    Flag,
    /// At least so much.
    Number(i64),
    AnyNumber,
    Texts,
    Processes,
    Tags,
    Configs,
    Shares,
    Access,
    Groups,
    Sizes,
    Check,
}

/// A member: its name, what it may be, whether it may be null. Those that the reference does not have begin with a `+`.
type Member = (&'static str, Kind, bool);

const NODES: &[Member] = &[
    ("name", Kind::Name, false),
    ("flavor_id", Kind::Flavor, false),
    ("node_processes", Kind::Processes, false),
    ("image_id", Kind::Id, true),
    ("node_configs", Kind::Configs, true),
    ("volumes_per_node", Kind::Number(0), false),
    ("volumes_size", Kind::Number(1), true),
    ("volume_mount_prefix", Kind::Path, true),
    ("description", Kind::Text, true),
    ("floating_ip_pool", Kind::Text, true),
    ("+volume_type", Kind::Text, true),
    ("+volumes_availability_zone", Kind::Text, true),
    ("+boot_from_volume", Kind::Flag, true),
    ("+boot_volume_type", Kind::Text, true),
    ("+boot_volume_availability_zone", Kind::Text, true),
    ("+boot_volume_local_to_instance", Kind::Flag, true),
    ("+security_groups", Kind::Texts, true),
    ("+auto_security_group", Kind::Flag, true),
    ("+availability_zone", Kind::Text, true),
    ("+is_proxy_gateway", Kind::Flag, true),
    ("+volume_local_to_instance", Kind::Flag, true),
    ("+shares", Kind::Shares, true),
    ("+use_autoconfig", Kind::Flag, true),
];
const SHARED: &[Member] = &[("+is_public", Kind::Flag, true), ("+is_protected", Kind::Flag, true)];
const PLUGIN: &[Member] = &[("plugin_name", Kind::Text, false), ("hadoop_version", Kind::Text, false)];
const GROUP: &[Member] = &[("count", Kind::AnyNumber, false), ("node_group_template_id", Kind::Id, false)];
const TEMPLATE: &[Member] = &[
    ("name", Kind::Name, false),
    ("default_image_id", Kind::Id, true),
    ("cluster_configs", Kind::Configs, true),
    ("node_groups", Kind::Groups, true),
    ("anti_affinity", Kind::Texts, true),
    ("description", Kind::Text, true),
    ("neutron_management_network", Kind::Id, true),
    ("+shares", Kind::Shares, true),
    ("+use_autoconfig", Kind::Flag, true),
    ("+domain_name", Kind::Text, true),
];
const CLUSTER: &[Member] = &[
    ("user_keypair_id", Kind::KeyPair, true),
    ("cluster_template_id", Kind::Id, true),
    ("+is_transient", Kind::Flag, false),
];
const REGISTRATION: &[Member] = &[("username", Kind::Text, false), ("description", Kind::Text, true)];
const TAGS: &[Member] = &[("tags", Kind::Tags, false)];
const SCALING: &[Member] = &[("resize_node_groups", Kind::Sizes, false), ("add_node_groups", Kind::Groups, false)];
const SIZE: &[Member] = &[("name", Kind::Text, false), ("count", Kind::Number(0), false)];
const SHARE: &[Member] = &[("id", Kind::Id, false), ("path", Kind::Text, true), ("access_level", Kind::Access, false)];
const EDIT: &[Member] = &[
    ("name", Kind::Name, false),
    ("description", Kind::Text, true),
    ("verification", Kind::Check, false),
    ("+shares", Kind::Shares, true),
];

/// A body of a kind.
#[derive(Clone, Copy)]
pub(super) enum Form {
    Registration,
    Tags,
    NodeGroupTemplate,
    NodeGroupTemplateEdit,
    ClusterTemplate,
    ClusterTemplateEdit,
    Cluster,
    Scaling,
    ClusterEdit,
}

impl Form {
    fn members(self) -> (&'static [&'static [Member]], &'static [&'static str]) {
        match self {
            Form::Registration => (&[REGISTRATION], &["username"]),
            Form::Tags => (&[TAGS], &["tags"]),
            Form::NodeGroupTemplate => {
                (&[NODES, SHARED, PLUGIN], &["name", "flavor_id", "plugin_name", "hadoop_version", "node_processes"])
            }
            Form::NodeGroupTemplateEdit => (&[NODES, SHARED, PLUGIN], &[]),
            Form::ClusterTemplate => (&[TEMPLATE, SHARED, PLUGIN], &["name", "plugin_name", "hadoop_version"]),
            Form::ClusterTemplateEdit => (&[TEMPLATE, SHARED, PLUGIN], &[]),
            Form::Cluster => (&[TEMPLATE, SHARED, PLUGIN, CLUSTER], &["name", "plugin_name", "hadoop_version"]),
            Form::Scaling => (&[SCALING], &[]),
            Form::ClusterEdit => (&[EDIT, SHARED], &[]),
        }
    }

    /// Reads a body of this form.
    ///
    /// # Errors
    /// The refusal that tells its faults.
    pub(super) fn read(self, dialect: Dialect, kind: &str, body: &[u8]) -> Result<Map<String, Value>, Refused> {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if kind != "application/json" {
            return Err(Refused::data(format!("Content type '{kind}' isn't supported")));
        }
        let garbage = |_| {
            let sentence = "Malformed message body: cannot understand JSON";
            Refused::own(400, "MALFORMED_REQUEST_BODY", sentence)
        };
        let body: Value = serde_json::from_slice(body).map_err(garbage)?;
        let (members, required) = self.members();
        let mut faults = Faults { dialect, told: Vec::new() };
        faults.object("", &body, members, required);
        let Value::Object(read) = body else { return Err(Refused::form(faults.told.join("\n"))) };
        let missing = |name: &str| !read.contains_key(name);
        if matches!(self, Form::Scaling) && missing("resize_node_groups") && missing("add_node_groups") {
            let shown = python(&Value::Object(read));
            return Err(Refused::form(format!("{shown} is not valid under any of the given schemas")));
        }
        if faults.told.is_empty() { Ok(read) } else { Err(Refused::form(faults.told.join("\n"))) }
    }
}

struct Faults {
    dialect: Dialect,
    told: Vec<String>,
}

impl Faults {
    fn add(&mut self, place: &str, sentence: String) {
        self.told.push(if place.is_empty() { sentence } else { format!("{place}: {sentence}") });
    }

    fn object(&mut self, place: &str, value: &Value, members: &[&[Member]], required: &[&str]) {
        let Some(given) = value.as_object() else {
            return self.add(place, format!("{} is not of type 'object'", python(value)));
        };
        let known = |name: &str| {
            members.iter().copied().flatten().find_map(|(member, kind, nullable)| match member.strip_prefix('+') {
                Some(newer) => (newer == name && self.dialect == Dialect::Today).then_some((*kind, *nullable)),
                None => (*member == name).then_some((*kind, *nullable)),
            })
        };
        let found: Vec<_> = given.iter().map(|(name, value)| (name, value, known(name))).collect();
        for (name, value, kind) in &found {
            if let Some((kind, nullable)) = kind {
                let place = if place.is_empty() { (*name).clone() } else { format!("{place}[{name}]") };
                self.member(&place, value, *kind, *nullable);
            }
        }
        let strange: Vec<String> =
            found.iter().filter(|(.., kind)| kind.is_none()).map(|(name, ..)| format!("'{name}'")).collect();
        if !strange.is_empty() {
            let was = if strange.len() == 1 { "was" } else { "were" };
            let strange = strange.join(", ");
            self.add(place, format!("Additional properties are not allowed ({strange} {was} unexpected)"));
        }
        for name in required.iter().filter(|name| !given.contains_key(**name)) {
            self.add(place, format!("'{name}' is a required property"));
        }
    }

    fn member(&mut self, place: &str, value: &Value, kind: Kind, nullable: bool) {
        if nullable && value.is_null() {
            return;
        }
        let is = match kind {
            Kind::Name | Kind::Text | Kind::Id | Kind::KeyPair | Kind::Path | Kind::Access => {
                ("string", value.is_string())
            }
            Kind::Flag => ("boolean", value.is_boolean()),
            Kind::Number(_) | Kind::AnyNumber => ("integer", value.is_i64()),
            Kind::Texts | Kind::Processes | Kind::Tags | Kind::Shares | Kind::Groups | Kind::Sizes => {
                ("array", value.is_array())
            }
            Kind::Flavor => ("flavor", value.is_u64() || value.as_str().is_some_and(is_flavor)),
            Kind::Configs => ("configs", are_configs(value)),
            Kind::Check => ("object", value.is_object()),
        };
        let shown = python(value);
        if let (kind, false) = is {
            let or_null = if nullable { ", 'null'" } else { "" };
            return self.add(place, format!("{shown} is not of type '{kind}'{or_null}"));
        }
        let text = value.as_str().unwrap_or_default();
        let format = match kind {
            Kind::Name if text.is_empty() => return self.add(place, format!("{shown} is too short")),
            Kind::Name if text.chars().count() > 50 => return self.add(place, format!("{shown} is too long")),
            Kind::Name => ("valid_name_hostname", is_name(text, self.dialect)),
            Kind::Id => ("uuid", is_uuid(text)),
            Kind::KeyPair => ("valid_keypair_name", is_key_pair(text)),
            Kind::Path => ("posix_path", is_path(text)),
            _ => ("", true),
        };
        if kind == Kind::Access && !matches!(text, "rw" | "ro") {
            return self.add(place, format!("{shown} is not one of ['rw', 'ro']"));
        }
        if let (format, false) = format {
            return self.add(place, format!("{shown} is not a '{format}'"));
        }
        if let (Kind::Number(least), Some(number)) = (kind, value.as_i64())
            && number < least
        {
            return self.add(place, format!("{number} is less than the minimum of {least}"));
        }
        if kind == Kind::Check && value["status"] != "START" {
            let shown = python(&value["status"]);
            return self.add(&format!("{place}[status]"), format!("{shown} is not one of ['START']"));
        }
        self.items(place, value.as_array().map_or(&[], Vec::as_slice), kind);
    }

    fn items(&mut self, place: &str, items: &[Value], kind: Kind) {
        if kind == Kind::Processes && items.is_empty() {
            return self.add(place, "[] is too short".to_owned());
        }
        for (at, item) in items.iter().enumerate() {
            let place = format!("{place}[{at}]");
            match kind {
                Kind::Shares => self.object(&place, item, &[SHARE], &["id"]),
                Kind::Sizes => self.object(&place, item, &[SIZE], &["name", "count"]),
                Kind::Groups => {
                    let mut one = Faults { dialect: self.dialect, told: Vec::new() };
                    one.object("", item, &[NODES, GROUP], &["name", "count"]);
                    let whole = item.get("node_group_template_id").is_some()
                        || (item.get("flavor_id").is_some() && item.get("node_processes").is_some());
                    if !one.told.is_empty() || !whole {
                        self.add(&place, format!("{} is not valid under any of the given schemas", python(item)));
                    }
                }
                Kind::Texts | Kind::Processes => self.member(&place, item, Kind::Text, false),
                Kind::Tags => match item.as_str() {
                    Some(tag) if is_tag(tag) => {}
                    _ => self.add(&place, format!("{} is not a 'valid_tag'", python(item))),
                },
                _ => {}
            }
        }
    }
}

/// As Python prints it.
pub(super) fn python(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(yes) => if *yes { "True" } else { "False" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) if text.contains('\'') && !text.contains('"') => format!("\"{text}\""),
        Value::String(text) => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        Value::Array(items) => format!("[{}]", items.iter().map(python).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("'{name}': {}", python(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
    }
}

/// Labels between dots, each of these characters and with good ends.
fn labels(text: &str, first: fn(u8) -> bool, inner: &[u8]) -> bool {
    text.split('.').all(|label| {
        let bytes = label.as_bytes();
        bytes.first().is_some_and(|byte| first(*byte))
            && bytes.last().is_some_and(u8::is_ascii_alphanumeric)
            && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || inner.contains(byte))
    })
}

fn is_name(text: &str, dialect: Dialect) -> bool {
    let inner: &[u8] = if dialect == Dialect::Today { b"-" } else { b"-_" };
    labels(text, |byte| byte.is_ascii_alphabetic(), inner)
}

fn is_tag(text: &str) -> bool {
    labels(text, |byte| byte.is_ascii_alphanumeric(), b"-_")
}

fn is_key_pair(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_ ".contains(&byte))
}

fn is_path(text: &str) -> bool {
    let part =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    text.strip_prefix('/').is_some_and(|rest| rest.split('/').all(part))
}

/// A UUID, with or without its dashes.
pub(super) fn is_uuid(text: &str) -> bool {
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b'-').collect();
    matches!(text.len(), 32 | 36) && digits.len() == 32 && digits.iter().all(u8::is_ascii_hexdigit)
}

fn is_flavor(text: &str) -> bool {
    is_uuid(text) || (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Texts, whole numbers and flags, by service and name.
fn are_configs(value: &Value) -> bool {
    let plain = |value: &Value| value.is_string() || value.is_boolean() || value.is_i64();
    value.as_object().is_some_and(|targets| {
        targets.values().all(|target| target.as_object().is_some_and(|options| options.values().all(plain)))
    })
}
