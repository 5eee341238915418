//! The parameters of a path: what they may be, and how they are written.

use std::fmt::Display;
use std::str::FromStr;

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
