//! The table of operations: what exists, who may call it, and how it is written on the wire.
//!
//! One row of [`operations!`](crate::operations) is one call of a service's own API (or of Howdah's). From a row come
//! the browser's typed call, the proxy's route with its checks, the simulator's route, and the names in the journal,
//! the metrics and the OpenAPI document. What is not a row does not exist.

use std::fmt::Display;
use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::delta::Delta;
use crate::follow::{Follow, Search};
use crate::keeping::Keeping;
use crate::problem::Code;
use crate::shape::Shape;

/// The HTTP methods that a row may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

impl Method {
    /// The method as it is written on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

/// What a principal may do on a connection. Each role includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Look.
    View,
    /// Start, stop, move and scale.
    Operate,
    /// Everything, including what others' work depends on.
    Administer,
}

/// What calling an operation does. It does not follow from the HTTP method: some services have a `GET` that changes
/// things. It decides retry, journal, confirmation and the check against cross-site requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Changes nothing; may be sent again.
    Read,
    /// Changes something; is never sent again after its first byte.
    Once,
    /// Changes something under an id that we chose; may be sent again under the same id while its task lives.
    Repeatable,
}

/// How a reply of the service is passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passing {
    /// Byte by byte, redacted on the fly. For lists, which may be large.
    Stream,
    /// Read whole, up to this many bytes, then redacted and passed on.
    Read(usize),
    /// A good reply has no body; one that has is passed on as by `Read` with the limit of a row that says nothing.
    Nothing,
}

impl Passing {
    /// The most bytes of a reply that is read whole.
    pub const fn limit(self) -> usize {
        match self {
            Passing::Read(limit) => limit,
            Passing::Stream | Passing::Nothing => 1 << 20,
        }
    }
}

/// Where the rows of a list stand in its reply. Who watches it gets them alone, in the order of their keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Members from the top of the reply to the list, with dots: `apps.app`; empty where the reply itself is the list.
    pub list: &'static str,
    /// The member of a row that names it: `id`.
    pub key: &'static str,
    /// Members of a row that move by themselves, such as the time that it has taken: who watches the list is not told
    /// of each of their steps.
    pub volatile: &'static [&'static str],
    /// The members of a row that the console reads, of which it is sent no others, in the order in which they are
    /// written: first those that it reads of every row at once. Empty where it reads all.
    pub shown: &'static [&'static str],
}

/// Where the rows of a tree stand in its reply, each with others below it. Scripts that watch it get the reply whole; the
/// console gets its rows, each under its path from the top, with dots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tree {
    /// Members from the top of the reply to the row at the top, with dots.
    pub top: &'static str,
    /// The member of a row that tells its path, where the service tells it.
    pub path: &'static str,
    /// The member of a row that names it among its siblings.
    pub name: &'static str,
    /// Where the rows below one stand in it: a member, and the one within that some services wrap them in.
    pub below: &'static [(&'static str, &'static str)],
    /// The members, at any depth of a row, of which the console is told.
    pub shown: &'static [&'static str],
    /// Those of which it is told of the row at the top besides.
    pub at_top: &'static [&'static str],
}

/// Records of the service that may have any member: only those that are known leave the proxy, and those that the
/// configuration of a connection names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Records {
    /// Where a reply has them: members from the top, with dots; a list stands for each of its items.
    pub places: &'static [&'static str],
    /// The members that leave.
    pub known: &'static [&'static str],
}

/// The member of a record that tells how many of its own were held back.
pub const HELD_BACK: &str = "HowdahHeldBack";

/// A query parameter that chooses among the rows of a list here, because the service does not.
#[derive(Clone, Copy, Debug)]
pub struct Chosen {
    /// Its name. It is not sent.
    pub parameter: &'static str,
    /// Whether a row, as JSON, is one of those that a value of it takes.
    pub keeps: fn(&[u8], &str) -> bool,
}

/// How a read is asked again and again for those who watch it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watch {
    /// Seconds between two looks while nothing changes.
    pub slow: u32,
    /// Seconds between two looks while something does.
    pub fast: u32,
    /// Query parameters with which it cannot be watched: windows of time, which are another list at each look.
    pub windows: &'static [&'static str],
    /// How something in it tells that it is on its way.
    pub moving: Option<Moving>,
}

/// How a row of a list, or a reply that is none, tells that it is on its way: as long as one is, there are as many looks
/// as while something changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moving {
    /// The member that tells where it is: of a row its name, of a reply the members from the top, with dots.
    pub member: &'static str,
    /// Its values where there is nothing to wait for.
    pub settled: &'static [&'static str],
}

/// Where the service's own id of what a change starts stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceId {
    /// At this place of its reply: members from the top, with dots.
    Reply(&'static str),
    /// In this member of its body, because it was chosen before: the journal has it before anything is sent.
    Body(&'static str),
    /// It is the path parameter of this place: what is changed has a name already.
    Path(usize),
}

/// The rare columns of a row. A row names those that differ from [`Tail::DEFAULT`].
#[derive(Clone, Copy, Debug)]
pub struct Tail {
    /// How long the caller waits, in seconds, before it gets a 504. A change is read on for beyond that.
    pub deadline: u32,
    /// How the reply is passed on.
    pub passing: Passing,
    /// Where the rows of a list are.
    pub rows: Option<Rows>,
    /// Where the rows of a tree are.
    pub tree: Option<Tree>,
    /// What chooses among the rows of a list beside what the service understands.
    pub chosen: Option<Chosen>,
    /// How it is watched, if it is a read.
    pub watch: Watch,
    /// How those who watch the list are spared the whole of it.
    pub delta: Option<Delta>,
    /// The most bytes that a request body may have.
    pub body_limit: usize,
    /// Whether the request body is text rather than JSON.
    pub text: bool,
    /// Statuses of a good reply beside those from 200 to 299.
    pub good: &'static [u16],
    /// Whether the reply holds links to the service's own address, which are made relative to it: those of the service
    /// lead past Howdah.
    pub links: bool,
    /// Which records in the reply may have any member.
    pub records: Option<Records>,
    /// Members, by name and at any depth of body or reply, that hold free text in which people leave secrets:
    /// masked before a reply leaves the proxy and before a body is journalled.
    pub free_text: &'static [&'static str],
    /// Members, by name and at any depth of body or reply, that hold options by their names: of those whose names call
    /// them secrets the values are masked before a reply leaves the proxy, and a body with such a mask is refused.
    pub options: &'static [&'static str],
    /// Where the service's own id of what a change starts stands.
    pub service_id: Option<ServiceId>,
    /// Whether a body without that id is given one: that of the journal's entry.
    pub fills_id: bool,
    /// How it is found out what became of a change that had no answer.
    pub search: Option<Search>,
    /// How what was started is followed to its end.
    pub follow: Option<Follow>,
    /// What the change does with a credential that the proxy keeps for the caller.
    pub keeping: Option<Keeping>,
    /// The service that answers it where that is not the system's own: one that stands beside it, for the same
    /// credentials, where the configuration of a connection names its address under this key.
    pub beside: Option<&'static str>,
    /// The codes of its problems beside those that any operation of its kind may have.
    pub codes: &'static [Code],
}

impl Tail {
    /// What holds for a row that says nothing else.
    pub const DEFAULT: Tail = Tail {
        deadline: 30,
        passing: Passing::Read(1 << 20),
        rows: None,
        tree: None,
        chosen: None,
        watch: Watch { slow: 15, fast: 5, windows: &[], moving: None },
        delta: None,
        body_limit: 1 << 20,
        text: false,
        good: &[],
        links: false,
        records: None,
        free_text: &[],
        options: &[],
        service_id: None,
        fills_id: false,
        search: None,
        follow: None,
        keeping: None,
        beside: None,
        codes: &[],
    };
}

/// One row of the table without its types.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// The operation's name, unique within its system.
    pub name: &'static str,
    /// The row's documentation.
    pub doc: &'static str,
    /// The least role that may call it.
    pub role: Role,
    /// What calling it does.
    pub effect: Effect,
    /// The HTTP method.
    pub method: Method,
    /// The service's own path, with `{holes}` for the path parameters.
    pub path: &'static str,
    /// The names of the path parameters, in the order of the path.
    pub holes: &'static [&'static str],
    /// What each of them may be, in the same order.
    pub checks: &'static [Check],
    /// The rare columns.
    pub tail: Tail,
}

/// One row of the table with its types.
pub trait Operation: Sized {
    /// The row without its types.
    const SPEC: Spec;
    /// The query parameters.
    type Query: Input;
    /// The request body; [`Nothing`] where there is none.
    type Body: Input;
    /// The reply, as a lenient reader.
    type Reply: DeserializeOwned + Shape;

    /// The path with its parameters filled in and percent-encoded, beginning with a slash.
    fn path(&self) -> String;

    /// Makes the operation of its decoded path parameters, in the order of the template.
    ///
    /// # Errors
    /// The name of the first parameter that is not acceptable, and why.
    fn from_segments(segments: &[String]) -> Result<Self, (&'static str, BadSegment)>;

    /// The schemas of the path parameters, in the order of the template.
    #[cfg(feature = "door")]
    fn path_schemas(generator: &mut schemars::SchemaGenerator) -> Vec<schemars::Schema>;
}

/// What a caller may send as query or body: written exactly, read strictly, checked by the rules of its fields.
pub trait Input: Serialize + DeserializeOwned + garde::Validate<Context = ()> + Shape {
    /// Whether there is anything to send at all.
    const PRESENT: bool = true;
    /// Whether its rules name fields as they are written, rather than as they are called in Rust.
    const NAMED_AS_WRITTEN: bool = false;
}

/// No query, no body, or an empty reply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, garde::Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

impl Input for Nothing {
    const PRESENT: bool = false;
}

/// Why a value cannot be one segment of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadSegment {
    /// It has no characters.
    Empty,
    /// It is longer than [`SEGMENT_LIMIT`] bytes.
    Long,
    /// It is `.` or `..`: readers of URLs fold these away, also when they are percent-encoded.
    Dots,
    /// It holds a slash, a backslash or a control character.
    Character,
}

/// The most bytes that one path parameter may have.
pub const SEGMENT_LIMIT: usize = 255;

impl Display for BadSegment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            BadSegment::Empty => "is empty",
            BadSegment::Long => "is longer than 255 bytes",
            BadSegment::Dots => "is a dot segment",
            BadSegment::Character => "holds a slash, a backslash or a control character",
        })
    }
}

impl std::error::Error for BadSegment {}

/// Checks that `value` can be one segment of a path.
///
/// # Errors
/// The rule that it breaks.
pub fn check_segment(value: &str) -> Result<(), BadSegment> {
    match value {
        "" => Err(BadSegment::Empty),
        "." | ".." => Err(BadSegment::Dots),
        _ if value.len() > SEGMENT_LIMIT => Err(BadSegment::Long),
        _ if value.chars().any(|c| c.is_control() || matches!(c, '/' | '\\')) => Err(BadSegment::Character),
        _ => Ok(()),
    }
}

/// Checks that `value` can be one segment of a path in which slashes, percent-encoded, are part of a name. Whoever decodes
/// them too soon must not be led elsewhere by what stands between them.
///
/// # Errors
/// The rule that it breaks.
pub fn check_slashed_segment(value: &str) -> Result<(), BadSegment> {
    if value.len() > SEGMENT_LIMIT {
        return Err(BadSegment::Long);
    }
    value.split('/').try_for_each(|part| check_segment(part.trim()).and_then(|()| check_segment(part)))
}

/// Checks that a value can be a path parameter.
pub type Check = fn(&str) -> Result<(), BadSegment>;

/// A type of path parameters.
pub trait PathParameter: FromStr<Err = BadSegment> {
    /// Checks that a value can be one.
    ///
    /// # Errors
    /// The rule that it breaks.
    fn check(value: &str) -> Result<(), BadSegment>;
}

/// Percent-encodes all but RFC 3986's unreserved characters.
pub fn encode_segment(value: &str, out: &mut String) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(byte as char);
        } else {
            const HEX: &[u8; 16] = b"0123456789ABCDEF";
            out.push('%');
            out.push(HEX[usize::from(byte >> 4)] as char);
            out.push(HEX[usize::from(byte & 15)] as char);
        }
    }
}

/// Fills the holes of a template with encoded values.
pub fn fill(template: &str, values: &[&str]) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut values = values.iter();
    for segment in template.split('/').skip(1) {
        out.push('/');
        match (segment.starts_with('{'), values.as_slice().first()) {
            (true, Some(value)) => {
                encode_segment(value, &mut out);
                values.next();
            }
            _ => out.push_str(segment),
        }
    }
    out
}

/// Declares types of path parameters: text that [`check_segment`] accepts, or the function that is named `by` it.
#[macro_export]
macro_rules! path_parameters {
    (@check $value:ident) => { $crate::operation::check_segment($value) };
    (@check $value:ident $check:path) => { $check($value) };
    ($( $(#[$doc:meta])* $name:ident $(by $check:path)?; )*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
        #[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
        pub struct $name(
            #[cfg_attr(feature = "door", schemars(length(min = 1, max = $crate::operation::SEGMENT_LIMIT)))] String,
        );

        impl $name {
            /// The value, not encoded.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::operation::BadSegment;
            fn from_str(value: &str) -> Result<Self, Self::Err> {
                <$name as $crate::operation::PathParameter>::check(value).map(|()| $name(value.to_owned()))
            }
        }

        impl $crate::operation::PathParameter for $name {
            fn check(value: &str) -> Result<(), $crate::operation::BadSegment> {
                $crate::path_parameters!(@check value $($check)?)
            }
        }
    )* };
}

/// Reads one path parameter; used by the table's macro.
///
/// # Errors
/// The parameter's name and the rule that its value breaks. A value that is missing counts as empty.
pub fn segment<T: FromStr<Err = BadSegment>>(
    name: &'static str,
    value: Option<&String>,
) -> Result<T, (&'static str, BadSegment)> {
    value.map_or("", String::as_str).parse().map_err(|why| (name, why))
}

/// Whether the holes of a template are these names, in this order; runs while compiling.
pub const fn template_matches(template: &str, names: &[&str]) -> bool {
    let bytes = template.as_bytes();
    let (mut at, mut hole) = (0, 0);
    while at < bytes.len() {
        if bytes[at] == b'{' {
            if hole == names.len() {
                return false;
            }
            let name = names[hole].as_bytes();
            let mut i = 0;
            while i < name.len() {
                if at + 1 + i >= bytes.len() || bytes[at + 1 + i] != name[i] {
                    return false;
                }
                i += 1;
            }
            if at + 1 + i >= bytes.len() || bytes[at + 1 + i] != b'}' {
                return false;
            }
            hole += 1;
        }
        at += 1;
    }
    hole == names.len()
}

/// Declares the operations of a system, a row each:
///
/// ```text
/// /// What it does, in a line.
/// Operate Once Post "/v2/clusters/{cluster_id}" StartRework { cluster_id: ClusterId }
///     (Nothing, ReworkRequest) -> ReworkAccepted [deadline: 60];
/// ```
///
/// that is: role, effect, method, template, name with its path parameters, types of query, body and reply, and in
/// brackets whatever differs from [`Tail::DEFAULT`].
#[macro_export]
macro_rules! operations {
    ($(
        #[doc = $doc:literal]
        $role:ident $effect:ident $method:ident $path:literal
        $name:ident { $($field:ident: $kind:ty),* } ($query:ty, $body:ty) -> $reply:ty
        $([ $($key:ident: $value:expr),* $(,)? ])? ;
    )*) => {
        $(
            #[doc = $doc]
            #[derive(Clone, Debug, PartialEq, Eq)]
            pub struct $name {
                $(
                    #[doc = concat!("The path parameter `", stringify!($field), "`.")]
                    pub $field: $kind,
                )*
            }

            impl $crate::operation::Operation for $name {
                const SPEC: $crate::operation::Spec = $crate::operation::Spec {
                    name: stringify!($name),
                    doc: $doc.trim_ascii(),
                    role: $crate::operation::Role::$role,
                    effect: $crate::operation::Effect::$effect,
                    method: $crate::operation::Method::$method,
                    path: $path,
                    holes: &[$(stringify!($field)),*],
                    checks: &[$(<$kind as $crate::operation::PathParameter>::check),*],
                    tail: $crate::operation::Tail {
                        $($($key: $value,)*)?
                        ..$crate::operation::Tail::DEFAULT
                    },
                };
                type Query = $query;
                type Body = $body;
                type Reply = $reply;

                fn path(&self) -> String {
                    $crate::operation::fill($path, &[$(self.$field.as_str()),*])
                }

                fn from_segments(segments: &[String]) -> Result<Self, (&'static str, $crate::operation::BadSegment)> {
                    let mut segments = segments.iter();
                    let operation = Self {
                        $($field: $crate::operation::segment(stringify!($field), segments.next())?,)*
                    };
                    debug_assert!(segments.next().is_none());
                    Ok(operation)
                }

                #[cfg(feature = "door")]
                fn path_schemas(generator: &mut schemars::SchemaGenerator) -> Vec<schemars::Schema> {
                    // An operation without path parameters has no use for it.
                    let _ = &generator;
                    vec![$(<$kind as schemars::JsonSchema>::json_schema(generator)),*]
                }
            }

            const _: () = assert!(
                $crate::operation::template_matches($path, &[$(stringify!($field)),*]),
                "the template's holes and the operation's fields differ",
            );
        )*

        /// Every operation of the system, in the order of its reference.
        #[cfg(feature = "door")]
        pub static TABLE: &[$crate::door::Row] = &[$($crate::door::Row::of::<$name>()),*];
    };
}
