//! What is told: nodes, status, operations, the list of clusters.

use serde_json::{Value, json};

use super::super::made_up;
use super::catalogue::{Kind, REGION};
use super::errors::Refused;
use super::world::{Array, Cluster, World};

/// The value of a query's parameter, decoded.
pub(super) fn parameter(query: &str, name: &str) -> Option<String> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let found = pairs.filter(|(known, _)| *known == name).map(|(_, value)| value.replace('+', " ")).next()?;
    Some(percent_encoding::percent_decode_str(&found).decode_utf8_lossy().into_owned())
}

impl World {
    pub(super) fn list_nodes(&self, cluster: &str, query: &str) -> Result<Value, Refused> {
        let cluster = &self.clusters[self.at(cluster)?];
        let operation = match (parameter(query, "operation"), parameter(query, "request_id")) {
            (Some(_), Some(_)) => return Err(Refused::bad("Only one of operation and request_id may be specified")),
            (Some(id), None) => Some(self.operation(&id)?),
            (None, Some(request)) => {
                let missing = || Refused::missing(format!("No operation found for request id {request}"));
                Some(self.requested(&request).ok_or_else(missing)?)
            }
            (None, None) => None,
        };
        let (now, now_ms) = (self.clock.life(), self.clock.now_ms());
        let of_operation = |id: &String| {
            operation.is_none_or(|operation| operation.cluster == cluster.name && operation.nodes.contains(id))
        };
        let nodes = cluster.nodes.iter().filter(|node| of_operation(&node.id));
        let nodes: Vec<Value> = nodes.map(|node| node.record(&cluster.name, now, now_ms)).collect();
        Ok(match operation {
            Some(operation) => json!({"nodes": nodes, "operation": operation.told()}),
            None => json!({"nodes": nodes}),
        })
    }

    pub(super) fn list_operations(&self, query: &str) -> Value {
        match parameter(query, "request_id") {
            Some(request) => self.requested(&request).map(|operation| operation.told()).into_iter().collect(),
            None => self.operations.iter().map(|operation| operation.told()).collect(),
        }
    }

    pub(super) fn list_clusters(&self) -> Value {
        let now = self.clock.life();
        let told = self.clusters.iter().map(|cluster| {
            let array = |array: &Array| {
                let nodes = cluster.nodes.iter().filter(|node| node.template == array.spec.name);
                let cores: i64 = nodes.clone().map(|node| node.machine.cores).sum();
                json!({"Template": array.spec.name, "Count": nodes.count(), "CoreCount": cores})
            };
            let heads = cluster.nodes.iter().filter(|node| node.fixed).map(|node| {
                let stand = node.stand(now);
                json!({"Name": node.name, "NodeId": node.id, "Template": node.template, "State": stand.state})
            });
            let mut told = json!({
                "ClusterName": cluster.name,
                "TargetState": if cluster.started { "Started" } else { "Terminated" },
                "Nodes": heads.collect::<Vec<_>>(),
                "NodeArrays": cluster.arrays.iter().map(array).collect::<Vec<_>>(),
                "Parameters": {"DatabasePassword": "not-to-be-shown"},
            });
            if cluster.started {
                told["State"] = "Started".into();
            }
            told
        });
        told.collect()
    }

    pub(super) fn status(&self, cluster: &str, query: &str, older: bool) -> Result<Value, Refused> {
        let cluster = &self.clusters[self.at(cluster)?];
        let with_nodes = parameter(query, "nodes").as_deref() == Some("true");
        let (now, now_ms) = (self.clock.life(), self.clock.now_ms());
        let arrays = cluster.arrays.iter().map(|array| {
            let kinds = array.spec.kinds.iter().zip(&array.failures);
            let buckets = kinds.map(|(kind, failed)| {
                let failed = failed.map_or(-1.0, |at| (now - at).max(0.0));
                self.bucket(cluster, array, kind, with_nodes, older, failed)
            });
            let first = array.spec.kinds[0].machine;
            json!({
                "name": array.spec.name,
                "maxCount": array.spec.most.0,
                "maxCoreCount": array.spec.most.1,
                "nodearray": {
                    "AdType": "Cloud.Node",
                    "Name": array.spec.name,
                    "Template": array.spec.name,
                    "ClusterName": cluster.name,
                    "IsArray": true,
                    "Abstract": true,
                    "MachineType": first.name,
                    "CoreCount": first.cores,
                    "Region": REGION,
                    "SubnetId": "hpc-network/compute/default",
                    "Interruptible": array.spec.spot,
                    "ShutdownPolicy": array.spec.shutdown,
                    "Configuration": {"slurm": {"autoscale": true, "munge_key": "x", "password": "not-to-be-shown"}},
                    "Credentials": "cloud",
                    "CloudInit": "password: not-to-be-shown",
                },
                "buckets": buckets.collect::<Vec<_>>(),
            })
        });
        let mut told = json!({
            "maxCount": cluster.most.0,
            "maxCoreCount": cluster.most.1,
            "nodearrays": arrays.collect::<Vec<_>>(),
        });
        if cluster.started {
            told["state"] = "Started".into();
            told["targetState"] = "Started".into();
        }
        if with_nodes {
            told["nodes"] = cluster.nodes.iter().map(|node| node.record(&cluster.name, now, now_ms)).collect();
        }
        Ok(told)
    }

    fn bucket(
        &self,
        cluster: &Cluster,
        array: &Array,
        kind: &Kind,
        with_nodes: bool,
        older: bool,
        failed: f64,
    ) -> Value {
        let now = self.clock.life();
        let (machine, spot) = (kind.machine, array.spec.spot);
        let limits = self.limits(cluster, array, kind, now);
        let in_bucket = |node: &&super::nodes::Node| {
            node.template == array.spec.name && node.machine.name == machine.name && node.is_active(now)
        };
        let nodes: Vec<_> = cluster.nodes.iter().filter(in_bucket).collect();
        let mut groups: Vec<&str> = nodes.iter().filter_map(|node| node.group.as_deref()).collect();
        groups.sort_unstable();
        let groups: Vec<Value> = groups
            .chunk_by(|a, b| a == b)
            .map(|group| {
                let count = group.len() as i64;
                json!({"name": group[0], "activeCount": count, "activeCoreCount": count * machine.cores})
            })
            .collect();
        let (cores, quota) = (machine.cores, limits.quota(spot));
        let most = limits.active + limits.available;
        let mut told = json!({
            "bucketId": made_up::uuid_of(&format!("{} {} {}", cluster.name, array.spec.name, machine.name)),
            "definition": {"machineType": machine.name},
            "virtualMachine": {"vcpuCount": cores, "memory": machine.memory, "infiniband": machine.infiniband},
            "activeCount": limits.active,
            "activeCoreCount": limits.active * cores,
            "availableCount": limits.available,
            "availableCoreCount": limits.available * cores,
            "maxCount": most,
            "maxCoreCount": most * cores,
            "maxPlacementGroupSize": array.spec.group,
            "maxPlacementGroupCoreSize": array.spec.group * cores,
            "placementGroups": groups,
            "consumedCoreCount": if spot { limits.regional.1 } else { limits.family.1 },
            "quotaCoreCount": quota,
            "quotaCount": quota / cores,
            "valid": kind.invalid.is_empty(),
        });
        if with_nodes {
            told["activeNodes"] = nodes.iter().map(|node| node.name.as_str()).collect();
        }
        if !older {
            let machine_more = json!({
                "gpuCount": machine.gpus, "pcpuCount": machine.physical, "vcpuQuotaCount": cores,
            });
            if let (Value::Object(held), Value::Object(more)) = (&mut told["virtualMachine"], machine_more) {
                held.extend(more);
            }
            let more = json!({
                "familyConsumedCoreCount": limits.family.1,
                "familyQuotaCoreCount": limits.family.0,
                "familyQuotaCount": limits.family.0 / cores,
                "regionalConsumedCoreCount": limits.regional.1,
                "regionalQuotaCoreCount": limits.regional.0,
                "regionalQuotaCount": limits.regional.0 / cores,
                "invalidReason": kind.invalid,
                "lastCapacityFailure": failed,
                "spotPlacementScore": if spot { "Medium" } else { "" },
            });
            if let (Value::Object(held), Value::Object(more)) = (&mut told, more) {
                held.extend(more);
            }
        }
        told
    }
}
