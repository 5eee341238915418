//! The table of operations: what exists, who may call it, and how it is written on the wire.
//!
//! One row of [`operations!`](crate::operations) is one call of a service's own API (or of Howdah's). From a row come
//! the browser's typed call, the proxy's route with its checks, the simulator's route, and the names in the journal,
//! the metrics and the OpenAPI document. What is not a row does not exist.

mod path;
mod rows;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::delta::Delta;
use crate::follow::{Follow, Search};
use crate::keeping::Keeping;
use crate::problem::Code;
use crate::shape::Shape;

pub use path::{
    BadSegment, Check, PathParameter, SEGMENT_LIMIT, check_segment, check_slashed_segment, encode_segment, fill,
    segment, template_matches,
};
pub use rows::{Chosen, HELD_BACK, Moving, Records, Rows, Tree, Watch};

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

/// How a service gives a long list in pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pages {
    /// The member of the reply that tells where the next page begins: members from the top, with dots. The last has none,
    /// or null.
    pub next: &'static str,
    /// The parameter that asks for what begins there.
    pub parameter: &'static str,
    /// The parameter that says how many rows are wanted: who does so follows the pages as they like.
    pub limit: &'static str,
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
    /// How the list goes on where a reply has not all of it: who watches has all of it.
    pub pages: Option<Pages>,
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
        pages: None,
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
