//! A simulated node through its states, computed from the time that has passed.

use serde_json::{Map, Value, json};

use super::super::made_up;
use super::super::times::time;
use super::catalogue::{Machine, REGION};

/// Seconds of life at which a node that starts reaches each of its states, with what people call it there.
const UP: &[(f64, &str, &str)] = &[
    (0.0, "Validation", "Acquiring"),
    (5.0, "Allocation", "Acquiring"),
    (60.0, "Initialization", "Preparing"),
    (100.0, "Configuration", "Preparing"),
    (190.0, "Installation", "Preparing"),
    (240.0, "Started", "Ready"),
];
/// How much later than that it may be.
const LATER: f64 = 90.0;
/// How long a node takes to be terminated or deallocated.
const DOWN: f64 = 75.0;
/// When it is known that there is no capacity for a node, and when it is taken away after that.
const NO_CAPACITY: f64 = 45.0;
const TAKEN_AWAY: f64 = 240.0;

/// What a node is on its way to, since when in seconds of life.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Way {
    /// To work.
    Up(f64),
    /// To work, for which there is no capacity.
    Failing(f64),
    /// To end: an array's vanishes.
    Terminated(f64),
    /// To rest with its disks.
    Deallocated(f64),
    /// It never began.
    Off,
}

/// A node.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) id: String,
    pub(super) name: String,
    /// The node array; a head node's own name.
    pub(super) template: String,
    pub(super) fixed: bool,
    pub(super) spot: bool,
    pub(super) machine: &'static Machine,
    pub(super) shutdown: &'static str,
    pub(super) group: Option<String>,
    pub(super) number: u64,
    pub(super) way: Way,
    pub(super) request: Option<String>,
    /// What it was given.
    pub(super) attributes: Map<String, Value>,
}

/// How a node stands.
pub(super) struct Stand {
    pub(super) state: &'static str,
    pub(super) status: &'static str,
    target: &'static str,
    pub(super) failed: bool,
}

impl Node {
    pub(super) fn stand(&self, now: f64) -> Stand {
        let stand = |state, status, target| Stand { state, status, target, failed: false };
        match self.way {
            Way::Off => stand("Terminated", "Off", "Terminated"),
            Way::Up(since) => {
                let slow = 1.0 + made_up::fraction(self.number, 7) * LATER / 240.0;
                let passed = (now - since) / slow;
                let reached = UP.iter().rev().find(|(at, ..)| passed >= *at).unwrap_or(&UP[0]);
                stand(reached.1, reached.2, "Started")
            }
            Way::Failing(since) if now - since < NO_CAPACITY => stand("Allocation", "Acquiring", "Started"),
            Way::Failing(_) => Stand { failed: true, ..stand("Failed", "Failed", "Started") },
            Way::Terminated(since) if now - since < DOWN => stand("Terminating", "Terminating", "Terminated"),
            Way::Terminated(_) => stand("Terminated", "Off", "Terminated"),
            Way::Deallocated(since) if now - since < DOWN => stand("Deallocating", "Deallocating", "Deallocated"),
            Way::Deallocated(_) => stand("Deallocated", "Deallocated", "Deallocated"),
        }
    }

    /// Whether it is not there any more.
    pub(super) fn is_gone(&self, now: f64) -> bool {
        match self.way {
            Way::Terminated(since) => !self.fixed && now - since >= DOWN,
            Way::Failing(since) => now - since >= NO_CAPACITY + TAKEN_AWAY,
            _ => false,
        }
    }

    /// When it was found that there is no capacity for it.
    pub(super) fn no_capacity_at(&self, now: f64) -> Option<f64> {
        match self.way {
            Way::Failing(since) if now - since >= NO_CAPACITY => Some(since + NO_CAPACITY),
            _ => None,
        }
    }

    /// Whether it takes of quotas: it has a machine, or is about to get one.
    pub(super) fn is_active(&self, now: f64) -> bool {
        match self.way {
            Way::Up(_) | Way::Failing(_) => true,
            Way::Terminated(since) | Way::Deallocated(since) => now - since < DOWN,
            Way::Off => false,
        }
    }

    /// Whether its machine runs and is to go on running.
    pub(super) fn is_up(&self) -> bool {
        matches!(self.way, Way::Up(_) | Way::Failing(_))
    }

    pub(super) fn hostname(&self) -> String {
        format!("ip-{:08x}", 0x0a01_0000 + self.number)
    }

    pub(super) fn address(&self) -> String {
        format!("10.{}.{}.{}", 1 + self.number / 65_536, self.number / 256 % 256, self.number % 256)
    }

    fn is(&self, name: &str) -> bool {
        self.attributes.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    pub(super) fn keeps_alive(&self) -> bool {
        self.is("KeepAlive")
    }

    /// Its record: many attributes, some of which are nobody's business.
    pub(super) fn record(&self, cluster: &str, now: f64, now_ms: i64) -> Value {
        let stand = self.stand(now);
        let has_machine = !matches!(stand.status, "Off" | "Acquiring");
        let machine = |value: Value| if has_machine && !stand.failed { value } else { Value::Null };
        let message = stand.failed.then(|| {
            format!("AllocationFailed: there is no capacity for {} in {REGION} at the moment", self.machine.name)
        });
        let phase = |done: bool| json!({"Status": if done { "Completed" } else { "Waiting" }, "Message": null});
        let mut record = json!({
            "AdType": "Cloud.Node",
            "ClusterName": cluster,
            "Name": self.name,
            "NodeId": self.id,
            "Template": self.template,
            "MachineType": self.machine.name,
            "CoreCount": self.machine.cores,
            "Memory": self.machine.memory,
            "Infiniband": self.machine.infiniband,
            "State": stand.state,
            "Status": stand.status,
            "TargetState": stand.target,
            "StatusMessage": message,
            "PhaseFailed": stand.failed.then_some(true),
            "PhaseMap": {
                "Azure.CreateVirtualMachines": phase(has_machine),
                "Cloud.AwaitBootup": phase(stand.status == "Ready"),
            },
            "Hostname": machine(json!(self.hostname())),
            "PrivateIp": machine(json!(self.address())),
            "InstanceId": machine(json!(made_up::uuid_of(&self.id))),
            "Region": REGION,
            "SubnetId": "hpc-network/compute/default",
            "PlacementGroupId": self.group,
            "Interruptible": self.spot,
            "KeepAlive": false,
            "Fixed": self.fixed,
            "ShutdownPolicy": self.shutdown,
            "IsArray": false,
            "Abstract": false,
            "RequestId": self.request,
            "RetryCount": 0,
            "Configuration": {"cyclecloud": {"mounts": {"sched": {"disabled": false}}, "maintenance_converge": {"enabled": false}}},
            "Tags": {"ClusterName": cluster, "Name": self.name},
            "Credentials": "cloud",
            "KeyPairLocation": "~/.ssh/cyclecloud.pem",
            "Password": "not-to-be-shown",
            "CloudInit": "#cloud-config\npassword: not-to-be-shown",
            "UpdatedAt": {"$date": format!("{}Z", time(now_ms))},
        });
        if let Value::Object(members) = &mut record {
            for (name, value) in &self.attributes {
                match (members.get_mut(name), value) {
                    (Some(Value::Object(held)), Value::Object(given)) => held.extend(given.clone()),
                    _ => _ = members.insert(name.clone(), value.clone()),
                }
            }
            // One that is off has told of no target at times.
            if stand.status == "Off" && self.number.is_multiple_of(2) {
                members.remove("TargetState");
            }
        }
        record
    }
}
