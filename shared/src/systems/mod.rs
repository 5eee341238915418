//! The systems that Howdah speaks to, a module each. This is the only place that lists them.

pub mod cyclecloud;
pub mod hadoop_eco;
pub mod savanna;
pub mod yarn;

mod reads;
mod rules;
mod writes;

#[cfg(feature = "door")]
pub use door::*;

#[cfg(feature = "door")]
mod door {
    use crate::door::Row;

    /// A system, as the proxy needs to know it.
    pub struct System {
        /// Its name in the configuration and in addresses: `hadoop-eco-v2`.
        pub id: &'static str,
        /// Its operations.
        pub table: &'static [Row],
        /// Query parameters by which a caller would speak for somebody else, in lower case: dropped and counted.
        pub identity: &'static [&'static str],
        /// Headers that each of its changes carries: name in lower case, and value.
        pub of_changes: &'static [(&'static str, &'static str)],
        /// Where one of several servers is active at a time: how they tell which.
        pub standby: Option<Standby>,
        /// The ways of authenticating that it takes, by their names in the configuration.
        pub credentials: &'static [&'static str],
        /// In which other ways its paths may be written.
        pub spelling: Spelling,
        /// The header in which its own clients bring a token of its own: ours, where they speak to Howdah.
        pub token_header: Option<&'static str>,
        /// Whether its calls are for a tenant, which stands in the configuration: the first path parameter of each
        /// operation that has any.
        pub tenant: bool,
        /// Whether its clusters must stand in the configuration, because it cannot list them.
        pub clusters: Clusters,
        /// Its cheapest read, by which one sees whether it is there and takes our credentials.
        pub probe: Probe,
        /// Whether a complete reply says that the service is sick, rather than that it refuses: decides the breaker.
        pub sick: fn(u16, &[u8]) -> bool,
        /// The sentence in an error body; `None` where there is none that we can find.
        pub words: fn(&[u8]) -> Option<String>,
    }

    /// Where it is known from which clusters a system has.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Clusters {
        /// From its own operations.
        Told,
        /// From the configuration, where each stands with a key of its own. The first path parameter of each operation
        /// is the cluster's id.
        WithKeys,
        /// From the configuration, and from this operation where the configuration allows it. The path parameter
        /// `cluster` of an operation is the cluster's name.
        Named {
            /// The row that lists them.
            list: &'static str,
        },
    }

    /// Ways of writing a path that mean the same.
    pub struct Spelling {
        /// What any path may end with.
        pub ending: &'static str,
        /// First segments that stand for each other.
        pub versions: &'static [&'static str],
    }

    impl Spelling {
        /// Paths are written in one way.
        pub const ONE: Spelling = Spelling { ending: "", versions: &[] };

        /// The path without what it may end with.
        pub fn plain<'a>(&self, path: &'a str) -> &'a str {
            let stripped = path.strip_suffix(self.ending).filter(|rest| !rest.is_empty() && !rest.ends_with('/'));
            stripped.unwrap_or(path)
        }

        /// Whether a fixed segment of a template is written so.
        pub fn is_same(&self, expected: &str, written: &str) -> bool {
            expected == written || [expected, written].iter().all(|version| self.versions.contains(version))
        }
    }

    /// How servers tell which of them is active.
    pub struct Standby {
        /// The row by which each tells of itself, active or not. It has no path parameters.
        pub operation: &'static str,
        /// Whether its reply is that of the active one; `None` where it does not tell.
        pub is_active: fn(&[u8]) -> Option<bool>,
        /// A page of the service's own that clients ask for to see whether a server is active; only its status counts.
        pub page: &'static str,
        /// Whether the reply to any other call says that the server is not active and has done nothing.
        pub turned_away: fn(u16, &[u8]) -> bool,
    }

    /// A cheap read.
    pub struct Probe {
        /// The row's name.
        pub operation: &'static str,
        /// Its path parameters, after the tenant or the id of a cluster with a key where the system has these.
        pub segments: &'static [&'static str],
        /// Its encoded query.
        pub query: &'static str,
        /// The statuses that mean "here, and our credentials are good".
        pub good: &'static [u16],
    }

    /// Every system.
    pub static SYSTEMS: &[System] = &[
        super::hadoop_eco::v2::SYSTEM,
        super::hadoop_eco::v1::SYSTEM,
        super::yarn::SYSTEM,
        super::savanna::SYSTEM,
        super::cyclecloud::SYSTEM,
    ];

    /// The system of that name.
    pub fn by_id(id: &str) -> Option<&'static System> {
        SYSTEMS.iter().find(|system| system.id == id)
    }

    impl System {
        /// Whether a name in its paths may hold a slash.
        pub fn has_slashed_names(&self) -> bool {
            self.table.iter().flat_map(|row| row.spec.checks).any(|check| check("a/b").is_ok())
        }

        /// The kinds of services beside its own that answer some of its rows.
        pub fn beside(&self) -> Vec<&'static str> {
            let mut kinds: Vec<&str> = self.table.iter().filter_map(|row| row.spec.tail.beside).collect();
            kinds.sort_unstable();
            kinds.dedup();
            kinds
        }

        /// The row of that name.
        pub fn row(&self, name: &str) -> Option<&'static Row> {
            self.table.iter().find(|row| row.spec.name == name)
        }
    }
}
