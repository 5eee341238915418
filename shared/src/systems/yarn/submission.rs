//! The submission of an application, in the shape that counts: what a ResourceManager does not understand of it, it drops
//! without a word.

use std::fmt;
use std::marker::PhantomData;

use garde::Validate;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Resource, reads};
use crate::operation::Input;
use crate::sensitive::{Sensitive, Variable};

reads! {
    /// The reply of [`NewApplication`](super::NewApplication) ("Cluster New Application API").
    NewApplicationReply {
        /// The id to submit an application with.
        application_id "application-id": text;
        /// The most that a container is given. The reference's table calls it `maximum-resource-capabilities`; no server
        /// does.
        maximum_resource_capability "maximum-resource-capability": object Resource;
    }
}

/// The body of [`SubmitApplication`](super::SubmitApplication) ("Cluster Applications API (Submit Application)").
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Submission {
    /// The id, as a new application's call gave it.
    #[garde(custom(is_id_of("application")))]
    pub application_id: String,
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_name: Option<String>,
    /// The queue; `default`, unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// The priority; the cluster caps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<i32>,
    /// How the application's master is started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub am_container_spec: Option<ContainerSpec>,
    /// Whether its master runs outside of the cluster.
    #[serde(default, rename = "unmanaged-AM", skip_serializing_if = "Option::is_none")]
    pub unmanaged_am: Option<bool>,
    /// Whether its delegation tokens are cancelled when it has ended; yes, unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_tokens_when_complete: Option<bool>,
    /// How often it is tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(range(min = 0))]
    pub max_app_attempts: Option<i32>,
    /// What its master needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub resource: Option<MasterResource>,
    /// Its type: MAPREDUCE, SPARK, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_type: Option<String>,
    /// Whether its containers outlive an attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_containers_across_application_attempts: Option<bool>,
    /// Tags of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_tags: Option<Tags>,
    /// The label of the nodes for its containers; from 2.6 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_node_label_expression: Option<String>,
    /// The label of the node for its master; from 2.6 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub am_container_node_label_expression: Option<String>,
    /// Which of its logs are collected; from 2.7 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_aggregation_context: Option<LogAggregationContext>,
    /// Failures longer ago than so many ms do not count; from 2.7 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt_failures_validity_interval: Option<i64>,
    /// The reservation that it belongs to; from 2.7 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(inner(custom(is_id_of("reservation"))))]
    pub reservation_id: Option<String>,
}

impl Input for Submission {}

/// How an application's master is started.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct ContainerSpec {
    /// Files that are brought to it, by the names that they have there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub local_resources: Option<LocalResources>,
    /// Its environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub environment: Option<Environment>,
    /// The command that starts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commands: Option<Commands>,
    /// Data for services of the node, by their names, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub service_data: Option<Secrets>,
    /// What it signs in elsewhere with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub credentials: Option<ApplicationCredentials>,
    /// Who may look at it and who may change it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub application_acls: Option<ApplicationAcls>,
}

/// Declares maps, each a list of entries below `entry`: a plain map is what servers drop.
macro_rules! maps {
    ($( $(#[$doc:meta])* $name:ident of $entry:ty; )*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
        #[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// The entries. One may stand for a list of one.
            #[serde(deserialize_with = "one_or_many")]
            #[garde(custom(|entries: &Vec<$entry>, (): &()| each_once(entries.iter().map(|entry| &entry.key))), dive)]
            pub entry: Vec<$entry>,
        }
    )* };
}

maps! {
    /// Files that are brought to an application's master.
    LocalResources of LocalResourceEntry;
    /// The environment of an application's master. What a name calls a secret is one.
    Environment of Variable;
    /// Names, and a secret in base64 for each.
    Secrets of SecretEntry;
    /// Who may look at an application and who may change it.
    ApplicationAcls of AclEntry;
}

/// An entry of [`LocalResources`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LocalResourceEntry {
    /// The name that it has where it is brought to.
    #[garde(length(min = 1))]
    pub key: String,
    /// What is brought.
    #[garde(dive)]
    pub value: LocalResource,
}

/// A file that is brought to an application's master.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct LocalResource {
    /// Where it lies: `hdfs://…`
    #[garde(length(min = 1))]
    pub resource: String,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: LocalResourceKind,
    /// Who else may use the copy.
    pub visibility: LocalResourceVisibility,
    /// Its size in bytes, which must be right.
    #[garde(range(min = 0))]
    pub size: i64,
    /// When it was changed, in ms since the epoch, which must be right.
    #[garde(range(min = 0))]
    pub timestamp: i64,
    /// Which of an archive's files are unpacked, of a `PATTERN`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
}

/// What a [`LocalResource`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum LocalResourceKind {
    /// Unpacked.
    Archive,
    /// Taken as it is.
    File,
    /// Unpacked in part.
    Pattern,
}

/// Who else may use the copy of a [`LocalResource`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum LocalResourceVisibility {
    /// Everybody on the node.
    Public,
    /// Every application of its user.
    Private,
    /// Nobody else.
    Application,
}

/// The command of an application's master.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Commands {
    /// The command; as a list, its parts.
    #[serde(serialize_with = "single", deserialize_with = "one_or_many")]
    pub command: Vec<String>,
}

/// An entry of [`Secrets`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SecretEntry {
    /// The name of the secret.
    #[garde(length(min = 1))]
    pub key: String,
    /// The secret, in base64.
    #[garde(custom(is_base64))]
    pub value: Sensitive,
}

/// What an application signs in elsewhere with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ApplicationCredentials {
    /// Delegation tokens, as the services gave them, which is a kind of base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub tokens: Option<Secrets>,
    /// Any other secrets, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(dive)]
    pub secrets: Option<Secrets>,
}

/// An entry of [`ApplicationAcls`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct AclEntry {
    /// What may be done.
    pub key: AccessType,
    /// By whom: users with commas between them, a blank, groups with commas between them; `*` for everybody.
    pub value: String,
}

/// What somebody may do with an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AccessType {
    /// Look at it.
    ViewApp,
    /// Change it.
    ModifyApp,
}

/// What an application's master needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MasterResource {
    /// Memory, in MiB.
    #[garde(range(min = 0))]
    pub memory: i64,
    /// Virtual cores.
    #[serde(rename = "vCores")]
    #[garde(range(min = 0))]
    pub v_cores: i32,
}

/// Tags of an application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Tags {
    /// The tags.
    #[serde(deserialize_with = "one_or_many")]
    pub tag: Vec<String>,
}

/// Which logs of an application are collected, as patterns of their names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct LogAggregationContext {
    /// These, when it has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_include_pattern: Option<String>,
    /// But not these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_exclude_pattern: Option<String>,
    /// These, while it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rolled_log_include_pattern: Option<String>,
    /// But not these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rolled_log_exclude_pattern: Option<String>,
    /// The class that decides of which containers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_aggregation_policy_class_name: Option<String>,
    /// What it is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_aggregation_policy_parameters: Option<String>,
}

/// Whether a text is the id of such a thing, as the cluster gives it.
fn is_id_of(what: &'static str) -> impl Fn(&str, &()) -> garde::Result {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    move |id, ()| {
        let parts = id.strip_prefix(what).and_then(|rest| rest.strip_prefix('_')?.split_once('_'));
        match parts.is_some_and(|(start, number)| digits(start) && digits(number)) {
            true => Ok(()),
            false => Err(garde::Error::new(format!("is not {what}_, the cluster's start, _ and a number"))),
        }
    }
}

/// Servers take what they can of anything else, and do not say so.
fn is_base64(secret: &Sensitive, (): &()) -> garde::Result {
    let text = secret.expose();
    let digits = text.trim_end_matches('=');
    let padded = text.len() - digits.len();
    let written = digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte));
    match written && digits.len() % 4 != 1 && (padded == 0 || padded < 3 && text.len().is_multiple_of(4)) {
        true => Ok(()),
        false => Err(garde::Error::new("is not base64")),
    }
}

/// Of two entries for one name, servers keep any.
fn each_once<'a, K: PartialEq + 'a>(keys: impl Iterator<Item = &'a K> + Clone) -> garde::Result {
    let twice = keys.clone().enumerate().find(|(at, key)| keys.clone().take(*at).any(|before| before == *key));
    match twice {
        Some((at, _)) => Err(garde::Error::new(format!("names entry {at} a second time"))),
        None => Ok(()),
    }
}

fn single<S: Serializer>(texts: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    match texts {
        [only] => only.serialize(serializer),
        several => several.serialize(serializer),
    }
}

fn one_or_many<'de, D: Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Vec<T>, D::Error> {
    d.deserialize_any(OneOrMany(PhantomData))
}

struct OneOrMany<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrMany<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one or a list")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Vec<T>, E> {
        T::deserialize(text.into_deserializer()).map(|one| vec![one])
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Vec<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(|one| vec![one])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Vec<T>, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(seq))
    }
}
