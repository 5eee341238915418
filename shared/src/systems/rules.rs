//! Rules of services for what they are sent, each with a sentence for whoever breaks it.

/// Declares the rules of a service, and what a breach of one is: some tell more of it.
macro_rules! rules {
    ($( $(#[$doc:meta])* $name:ident $(($more:ty))? $sentence:literal; )*) => {
        /// A rule of the service.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Rule {
            $( $(#[$doc])* $name $(($more))?, )*
        }

        impl Rule {
            /// What is wrong with what breaks it.
            pub const fn sentence(self) -> &'static str {
                match self { $(Rule::$name { .. } => $sentence,)* }
            }

            /// The fault of a member that breaks it.
            pub(super) fn of(self, field: impl Into<String>, good: bool) -> Option<Fault> {
                (!good).then(|| Fault { field: field.into(), rule: self })
            }
        }

        impl std::fmt::Display for Rule {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $( $(
                    if let Rule::$name(more) = self {
                        let more: &$more = more;
                        return write!(f, "{}: {more}", self.sentence());
                    }
                )? )*
                f.write_str(self.sentence())
            }
        }

        /// A rule that something breaks, and where.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Fault {
            /// The member, with its place: `node_groups[0].name`.
            pub field: String,
            /// The rule.
            pub rule: Rule,
        }
    };
}

/// Has types checked by what their `faults` tell, wherever they are.
macro_rules! checked {
    (@one $name:ident ($($whose:expr)?)) => {
        impl garde::Validate for $name {
            type Context = ();

            fn validate_into(
                &self,
                (): &(),
                parent: &mut dyn FnMut() -> garde::Path,
                report: &mut garde::Report,
            ) {
                for fault in self.faults($($whose)?) {
                    report.append(parent().join(fault.field), garde::Error::new(fault.rule.to_string()));
                }
            }
        }

        impl $crate::operation::Input for $name {
            const NAMED_AS_WRITTEN: bool = true;
        }
    };
    ($($name:ident),+) => { $($crate::systems::rules::checked!(@one $name ());)+ };
    ($($name:ident),+; $whose:expr) => { $($crate::systems::rules::checked!(@one $name ($whose));)+ };
}

pub(crate) use {checked, rules};
