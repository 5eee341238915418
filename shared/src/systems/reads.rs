//! Types of what services answer, declared a member a line.

/// Declares types of objects in replies. A member stands with its name in JSON and how it is read, by the
/// functions of [`lenient`](crate::lenient): `text`, `integer`, `float`, `flag`, `texts`, `pairs`, `object T` and
/// `objects T`, or by a function of its own. `all of T` stands for the members of another type. Every one may be missing.
macro_rules! reads {
    ($( $(#[$doc:meta])* $name:ident { $($members:tt)* } )+) => { $(
        reads! { @member {
            $(#[$doc])*
            #[derive(Clone, Debug, Default, PartialEq, serde::Deserialize)]
            #[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
            #[cfg_attr(feature = "door", schemars(transform = crate::shape::lists_may_be_null))]
            #[serde(default)]
            pub struct $name
        } {} $($members)* }
    )+ };
    (@member { $($head:tt)* } { $($done:tt)* }) => { $($head)* { $($done)* } };
    (@member $head:tt $done:tt $(#[$doc:meta])* $field:ident $wire:literal: text; $($rest:tt)*) => {
        reads! { @add $head $done { $(#[$doc])* #[serde(rename = $wire, deserialize_with = "crate::lenient::text")]
            pub $field: Option<String>, } $($rest)* }
    };
    (@member $head:tt $done:tt $(#[$doc:meta])* $field:ident $wire:literal: integer; $($rest:tt)*) => {
        reads! { @add $head $done { $(#[$doc])* #[serde(rename = $wire, deserialize_with = "crate::lenient::integer")]
            pub $field: Option<i64>, } $($rest)* }
    };
    (@member $head:tt $done:tt $(#[$doc:meta])* $field:ident $wire:literal: float; $($rest:tt)*) => {
        reads! { @add $head $done { $(#[$doc])* #[serde(rename = $wire, deserialize_with = "crate::lenient::float")]
            #[cfg_attr(feature = "door", schemars(schema_with = "crate::shape::float"))]
            pub $field: Option<f64>, } $($rest)* }
    };
    (@member $head:tt $done:tt $(#[$doc:meta])* $field:ident $wire:literal: flag; $($rest:tt)*) => {
        reads! { @add $head $done { $(#[$doc])* #[serde(rename = $wire, deserialize_with = "crate::lenient::flag")]
            pub $field: Option<bool>, } $($rest)* }
    };
    (@member $head:tt $done:tt $(#[$doc:meta])* $field:ident $wire:literal: texts; $($rest:tt)*) => {
        reads! { @add $head $done { $(#[$doc])* #[serde(rename = $wire, deserialize_with = "crate::lenient::texts")]
            pub $field: Vec<String>, } $($rest)* }
    };
    (@member $head:tt $done:tt $(#[$doc:meta])* $field:ident $wire:literal: pairs; $($rest:tt)*) => {
        reads! { @add $head $done { $(#[$doc])* #[serde(rename = $wire)]
            #[cfg_attr(feature = "door", schemars(schema_with = "crate::shape::pairs"))]
            pub $field: crate::systems::yarn::Pairs, } $($rest)* }
    };
    (@member $head:tt $done:tt $(#[$doc:meta])* $field:ident $wire:literal: object $kind:ty; $($rest:tt)*) => {
        reads! { @add $head $done { $(#[$doc])* #[serde(rename = $wire, deserialize_with = "crate::lenient::object")]
            pub $field: $kind, } $($rest)* }
    };
    (@member $head:tt $done:tt $(#[$doc:meta])* $field:ident $wire:literal: objects $kind:ty; $($rest:tt)*) => {
        reads! { @add $head $done { $(#[$doc])* #[serde(rename = $wire, deserialize_with = "crate::lenient::objects")]
            pub $field: Vec<$kind>, } $($rest)* }
    };
    (@member $head:tt $done:tt $(#[$doc:meta])* $field:ident: all of $kind:ty; $($rest:tt)*) => {
        reads! { @add $head $done { $(#[$doc])* #[serde(flatten)] pub $field: $kind, } $($rest)* }
    };
    (@member $head:tt $done:tt $(#[$doc:meta])* $field:ident $wire:literal: $with:literal $kind:ty; $($rest:tt)*) => {
        reads! { @add $head $done { $(#[$doc])* #[serde(rename = $wire, deserialize_with = $with)]
            pub $field: $kind, } $($rest)* }
    };
    (@add $head:tt { $($done:tt)* } { $($new:tt)* } $($rest:tt)*) => {
        reads! { @member $head { $($done)* $($new)* } $($rest)* }
    };
}

pub(crate) use reads;
