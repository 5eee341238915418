//! What the simulated CycleCloud begins with: kinds of machines, quotas, clusters.

/// A kind of machine.
#[derive(Debug)]
pub(super) struct Machine {
    pub(super) name: &'static str,
    pub(super) family: &'static str,
    pub(super) cores: i64,
    pub(super) physical: i64,
    pub(super) gpus: i64,
    /// In GB.
    pub(super) memory: f64,
    pub(super) infiniband: bool,
    /// Of a core and an hour, in US dollars.
    pub(super) price: f64,
}

const fn machine(name: &'static str, family: &'static str, cores: i64, memory: f64, price: f64) -> Machine {
    Machine { name, family, cores, physical: cores / 2, gpus: 0, memory, infiniband: false, price }
}

pub(super) static D4S: Machine = machine("Standard_D4s_v5", "standardDSv5Family", 4, 16.0, 0.048);
pub(super) static D16S: Machine = machine("Standard_D16s_v5", "standardDSv5Family", 16, 64.0, 0.048);
pub(super) static F32S: Machine = machine("Standard_F32s_v2", "standardFSv2Family", 32, 64.0, 0.042);
pub(super) static HB120: Machine = Machine {
    physical: 120,
    infiniband: true,
    ..machine("Standard_HB120rs_v3", "standardHBrsv3Family", 120, 448.0, 0.03)
};
pub(super) static NC24: Machine =
    Machine { gpus: 1, ..machine("Standard_NC24ads_A100_v4", "StandardNCADSA100v4Family", 24, 220.0, 0.153) };
pub(super) static OLD: Machine = machine("Standard_D3", "standardDFamily", 4, 14.0, 0.07);

/// A kind of machine that an array may be made of.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) machine: &'static Machine,
    /// Why no new node may be made of it; empty where one may.
    pub(super) invalid: &'static str,
    /// How many nodes of it there is capacity for; what is beyond that fails.
    pub(super) capacity: Option<usize>,
    /// How long ago, in seconds of life, there was none before the sandbox began.
    pub(super) failed_ago: Option<f64>,
}

const fn of(machine: &'static Machine) -> Kind {
    Kind { machine, invalid: "", capacity: None, failed_ago: None }
}

/// A node array.
#[derive(Debug)]
pub(super) struct Array {
    pub(super) name: &'static str,
    pub(super) kinds: &'static [Kind],
    pub(super) spot: bool,
    /// What it may have at the most: nodes and cores.
    pub(super) most: (i64, i64),
    /// The most nodes of a placement group.
    pub(super) group: i64,
    pub(super) shutdown: &'static str,
    /// How many nodes work in it from the beginning, or more where the sandbox is told so.
    pub(super) nodes: usize,
}

const PLAIN: Array =
    Array { name: "", kinds: &[], spot: false, most: (500, 8000), group: 100, shutdown: "Terminate", nodes: 0 };

/// A cluster.
#[derive(Debug)]
pub(super) struct Cluster {
    pub(super) name: &'static str,
    /// Whether it was started.
    pub(super) started: bool,
    /// Its nodes that are of no array.
    pub(super) heads: &'static [&'static str],
    pub(super) arrays: &'static [Array],
    /// What it may have at the most: nodes and cores.
    pub(super) most: (i64, i64),
}

/// Cores of a family, or of all of them, that the account may have in the region, and how many others use.
pub(super) struct Quota {
    pub(super) family: &'static str,
    pub(super) cores: i64,
    pub(super) others: i64,
}

pub(super) const REGION: &str = "koreacentral";
/// Of all families together.
pub(super) const REGIONAL: Quota = Quota { family: "", cores: 40_000, others: 220 };
/// Of spot machines of all families.
pub(super) const SPOT: Quota = Quota { family: "", cores: 2000, others: 96 };

pub(super) const QUOTAS: &[Quota] = &[
    Quota { family: "standardDSv5Family", cores: 400, others: 32 },
    Quota { family: "standardFSv2Family", cores: 30_000, others: 0 },
    Quota { family: "standardHBrsv3Family", cores: 1440, others: 120 },
    Quota { family: "StandardNCADSA100v4Family", cores: 96, others: 48 },
    Quota { family: "standardDFamily", cores: 10, others: 0 },
];

/// The cluster that has as many nodes as the sandbox is told.
pub(super) const LARGE: &str = "genomics-large";

pub(super) static CLUSTERS: &[Cluster] = &[
    Cluster {
        name: "genomics",
        started: true,
        heads: &["scheduler", "login"],
        arrays: &[
            Array { name: "execute", kinds: &[of(&D16S), of(&F32S)], nodes: 5, ..PLAIN },
            Array {
                name: "htc",
                kinds: &[of(&F32S), Kind { failed_ago: Some(1260.0), capacity: Some(12), ..of(&D4S) }],
                spot: true,
                most: (60, 960),
                nodes: 8,
                ..PLAIN
            },
            Array {
                name: "hpc",
                kinds: &[of(&HB120)],
                group: 8,
                most: (40, 4800),
                shutdown: "Deallocate",
                nodes: 2,
                ..PLAIN
            },
            Array {
                name: "gpu",
                kinds: &[Kind { capacity: Some(1), ..of(&NC24) }, Kind { invalid: "DisabledMachineType", ..of(&OLD) }],
                most: (4, 96),
                ..PLAIN
            },
        ],
        most: (200, 6000),
    },
    Cluster {
        name: "render / night",
        started: true,
        heads: &["scheduler"],
        arrays: &[Array { name: "frames", kinds: &[of(&F32S)], most: (10, 320), nodes: 3, ..PLAIN }],
        most: (12, 400),
    },
    Cluster {
        name: "trial",
        started: false,
        heads: &["scheduler"],
        arrays: &[Array { name: "execute", kinds: &[of(&D4S)], most: (8, 32), ..PLAIN }],
        most: (8, 32),
    },
];

/// The array of the large cluster.
pub(super) static MANY: Array = Array { name: "execute", kinds: &[of(&D4S)], most: (20_000, 80_000), ..PLAIN };
