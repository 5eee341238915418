//! Types of what services are sent, declared a member a line.

/// Declares types of objects in request bodies: what must be there as `name: T;`, what may be left out as `name?: T;`,
/// and what may also be null, which takes away what is there, as `name??: T;`. Members that a type does not have are
/// refused. The rules are the type's own: it implements `garde::Validate` itself.
macro_rules! writes {
    ($( $(#[$doc:meta])* $name:ident { $($members:tt)* } )+) => { $(
        writes! { @member {
            $(#[$doc])*
            #[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
            #[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
            #[serde(deny_unknown_fields)]
            pub struct $name
        } {} $($members)* }
    )+ };
    (@member { $($head:tt)* } { $($done:tt)* }) => { $($head)* { $($done)* } };
    (@member $head:tt { $($done:tt)* } $(#[$doc:meta])* $field:ident: $kind:ty; $($rest:tt)*) => {
        writes! { @member $head { $($done)* $(#[$doc])* pub $field: $kind, } $($rest)* }
    };
    (@member $head:tt { $($done:tt)* } $(#[$doc:meta])* $field:ident?: $kind:ty; $($rest:tt)*) => {
        writes! { @member $head { $($done)*
            $(#[$doc])* #[serde(default, skip_serializing_if = "Option::is_none")]
            pub $field: Option<$kind>,
        } $($rest)* }
    };
    (@member $head:tt { $($done:tt)* } $(#[$doc:meta])* $field:ident??: $kind:ty; $($rest:tt)*) => {
        writes! { @member $head { $($done)*
            $(#[$doc])*
            #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::systems::writes::given")]
            pub $field: Option<Option<$kind>>,
        } $($rest)* }
    };
}

pub(crate) use writes;

/// A member that is there, if only as null.
pub(crate) fn given<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::Deserialize<'de>,
{
    serde::Deserialize::deserialize(deserializer).map(Some)
}
