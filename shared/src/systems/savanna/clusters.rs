//! Clusters: how they are told, started, scaled and checked.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::configs::Configs;
use super::requests::{NodeGroupRequest, faults_of_groups};
use super::rules::{self, Dialect, Fault, Rule, checked};
use super::shares::{ShareRequest, faults_of_shares};
use super::templates::{Markers, NodeGroup, Share};
use crate::operation::Input;
use crate::systems::reads::reads;
use crate::systems::writes::writes;

reads! {
    /// The reply of [`ListClusters`](super::ListClusters).
    ClustersReply {
        /// The clusters.
        clusters "clusters": objects Cluster;
        /// Where other pages begin.
        markers "markers": object Markers;
    }

    /// The reply of the calls about one cluster.
    ClusterReply {
        /// The cluster.
        cluster "cluster": object Cluster;
    }

    /// A cluster.
    Cluster {
        /// Its id.
        id "id": text;
        /// Its name.
        name "name": text;
        /// What it is.
        description "description": text;
        /// Where it is: `Validating`, `Waiting`, `Active`, `Error`, …
        status "status": text;
        /// Why it is there; of newer services.
        status_description "status_description": text;
        /// Its plugin.
        plugin_name "plugin_name": text;
        /// The version of that.
        hadoop_version "hadoop_version": text;
        /// What it tells of its services, by service: addresses of pages, which are never to be trusted.
        info "info": "super::configs::by_name" BTreeMap<String, BTreeMap<String, String>>;
        /// The template that it was made of.
        cluster_template_id "cluster_template_id": text;
        /// What its machines are made of.
        default_image_id "default_image_id": text;
        /// Its options.
        cluster_configs "cluster_configs": "super::configs::configs" Configs;
        /// The key pair of its machines.
        user_keypair_id "user_keypair_id": text;
        /// What does not run twice on one host.
        anti_affinity "anti_affinity": texts;
        /// How many instances there may be for each host; of newer services.
        anti_affinity_ratio "anti_affinity_ratio": float;
        /// The network.
        neutron_management_network "neutron_management_network": text;
        /// The groups of its nodes.
        node_groups "node_groups": objects NodeGroup;
        /// The key by which the service signs in on its machines; of newer services.
        management_public_key "management_public_key": text;
        /// Whether it ends when its work has; of newer services.
        is_transient "is_transient": flag;
        /// Whose it is; of newer services.
        tenant_id "tenant_id": text;
        /// Whether options are chosen for it; of newer services.
        use_autoconfig "use_autoconfig": flag;
        /// What is mounted on its nodes; of newer services.
        shares "shares": objects Share;
        /// The domain of the names of its machines; of newer services.
        domain_name "domain_name": text;
        /// Whether other tenants see it; of newer services.
        is_public "is_public": flag;
        /// Whether it may not be changed; of newer services.
        is_protected "is_protected": flag;
        /// How far it is, a step after the other; of newer services.
        provision_progress "provision_progress": objects Step;
        /// How well it is, where that was looked at; of newer services.
        verification "verification": object Verification;
        /// When it was made, in the reference's word.
        created "created": text;
        /// When it was made, in today's.
        created_at "created_at": text;
        /// When it was changed, in the reference's word.
        updated "updated": text;
        /// When it was changed, in today's.
        updated_at "updated_at": text;
    }

    /// A node.
    Instance {
        /// Its id here; of newer services.
        id "id": text;
        /// The id of its machine.
        instance_id "instance_id": text;
        /// The name of its machine.
        instance_name "instance_name": text;
        /// Its address among the others.
        internal_ip "internal_ip": text;
        /// Its address from outside.
        management_ip "management_ip": text;
        /// Its disks, in the reference's services.
        volumes "volumes": texts;
        /// How many disks it has; of newer services.
        storage_devices_number "storage_devices_number": integer;
        /// Its name in DNS; of newer services.
        dns_hostname "dns_hostname": text;
        /// When it was made; of newer services.
        created_at "created_at": text;
    }

    /// A step of making, scaling or ending a cluster.
    Step {
        /// Its id.
        id "id": text;
        /// What is done.
        step_name "step_name": text;
        /// What it belongs to: `Engine: create cluster`.
        step_type "step_type": text;
        /// How many things it is done to.
        total "total": integer;
        /// Whether it ended well; not told while it is under way.
        successful "successful": flag;
        /// When it began.
        created_at "created_at": text;
        /// When it was changed.
        updated_at "updated_at": text;
        /// What happened, where that was asked for. The service forgets it once the step has ended well.
        events "events": objects Event;
    }

    /// Something that happened within a step.
    Event {
        /// Its id.
        id "id": text;
        /// The group of the node.
        node_group_id "node_group_id": text;
        /// The node.
        instance_id "instance_id": text;
        /// The name of the node's machine.
        instance_name "instance_name": text;
        /// What is to be said of it.
        event_info "event_info": text;
        /// Whether it ended well.
        successful "successful": flag;
        /// When it was.
        created_at "created_at": text;
    }

    /// A look at how well a cluster is.
    Verification {
        /// Its id.
        id "id": text;
        /// `CHECKING`, `GREEN`, `YELLOW` or `RED`.
        status "status": text;
        /// What was looked at.
        checks "checks": objects Check;
        /// When it began.
        created_at "created_at": text;
        /// When it was changed.
        updated_at "updated_at": text;
    }

    /// One of the things that were looked at.
    Check {
        /// Its id.
        id "id": text;
        /// What it is.
        name "name": text;
        /// `CHECKING`, `GREEN`, `YELLOW` or `RED`.
        status "status": text;
        /// What was found.
        description "description": text;
    }
}

/// The statuses of a cluster that is on its way nowhere.
pub const SETTLED: &[&str] = &["Active", "Error"];

/// The query of [`ListClusters`](super::ListClusters). The services of the reference have none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, garde::Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct ClustersQuery {
    /// At most so many.
    #[garde(range(min = 1))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Those after the one of this id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    /// In the order of this member, with a dash before it from the last to the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort_by: Option<String>,
    /// Those of this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Those of this plugin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plugin_name: Option<String>,
    /// Those of this version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hadoop_version: Option<String>,
    /// Those with this status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Those made of this template.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cluster_template_id: Option<String>,
}

impl Input for ClustersQuery {}

/// The query of [`ShowCluster`](super::ShowCluster). The services of the reference have none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, garde::Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct ClusterQuery {
    /// With what happened within the steps that are under way.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "in_any_case")]
    pub show_progress: Option<bool>,
}

/// The service's own clients write `True` and `False`.
fn in_any_case<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    let word = String::deserialize(deserializer)?;
    let read = word.to_ascii_lowercase().parse();
    read.map(Some).map_err(|_| serde::de::Error::custom("is neither true nor false"))
}

impl Input for ClusterQuery {}

writes! {
    /// The body of [`StartCluster`](super::StartCluster): from a template, or with what a template has.
    ClusterRequest {
        /// Its name.
        name: String;
        /// Its plugin.
        plugin_name: String;
        /// The version of that.
        hadoop_version: String;
        /// The template.
        cluster_template_id?: String;
        /// What its machines are made of.
        default_image_id?: String;
        /// The key pair of its machines.
        user_keypair_id?: String;
        /// Its options.
        cluster_configs?: Configs;
        /// The groups of its nodes.
        node_groups?: Vec<NodeGroupRequest>;
        /// What does not run twice on one host.
        anti_affinity?: Vec<String>;
        /// What it is.
        description?: String;
        /// The network.
        neutron_management_network?: String;
        /// Whether it ends when its work has.
        is_transient?: bool;
        /// What is mounted on its nodes.
        shares?: Vec<ShareRequest>;
        /// Whether options are chosen for it.
        use_autoconfig?: bool;
        /// The domain of the names of its machines.
        domain_name?: String;
        /// Whether other tenants see it.
        is_public?: bool;
        /// Whether it may not be changed.
        is_protected?: bool;
    }

    /// The body of [`ScaleCluster`](super::ScaleCluster).
    ClusterScaling {
        /// The groups that get more or less nodes.
        resize_node_groups?: Vec<GroupSize>;
        /// New groups.
        add_node_groups?: Vec<NodeGroupRequest>;
    }

    /// How many nodes a group is to have.
    GroupSize {
        /// The group's name.
        name: String;
        /// The number.
        count: i64;
    }

    /// The body of [`EditCluster`](super::EditCluster): what is left out stays as it is, what is null is taken away.
    ClusterEdit {
        /// Its name.
        name?: String;
        /// What it is.
        description??: String;
        /// Whether other tenants see it.
        is_public??: bool;
        /// Whether it may not be changed.
        is_protected??: bool;
        /// What is mounted on its nodes.
        shares?: Vec<ShareRequest>;
        /// Asks for a look at how well it is; stands alone.
        verification?: VerificationRequest;
    }

    /// Asks for a look at how well a cluster is.
    VerificationRequest {
        /// `START`
        status: String;
    }
}

impl ClusterRequest {
    /// What the service refuses of it. What the template has is not known here.
    pub fn faults(&self, dialect: Dialect) -> Vec<Fault> {
        let is_id = |id: &Option<String>| id.as_ref().is_none_or(|id| rules::is_uuid(id));
        let needed =
            |id: &Option<String>| dialect != Dialect::Today || self.cluster_template_id.is_some() || id.is_some();
        let groups = self.node_groups.as_deref().unwrap_or_default();
        let fits = |group: &NodeGroupRequest| rules::fits_host(&self.name, &group.name, group.count);
        let own = [
            Rule::Name.of("name", dialect.is_name(&self.name)),
            Rule::HostName.of("name", groups.iter().all(fits)),
            Rule::Missing.of("plugin_name", !self.plugin_name.is_empty()),
            Rule::Missing.of("hadoop_version", !self.hadoop_version.is_empty()),
            Rule::Id.of("cluster_template_id", is_id(&self.cluster_template_id)),
            Rule::Id.of("default_image_id", is_id(&self.default_image_id)),
            Rule::Needed.of("default_image_id", needed(&self.default_image_id)),
            Rule::Id.of("neutron_management_network", is_id(&self.neutron_management_network)),
            Rule::Needed.of("neutron_management_network", needed(&self.neutron_management_network)),
            Rule::KeyPair
                .of("user_keypair_id", self.user_keypair_id.as_ref().is_none_or(|name| rules::is_key_pair(name))),
        ];
        let shares = faults_of_shares(self.shares.as_deref().unwrap_or_default(), "");
        own.into_iter().flatten().chain(shares).chain(faults_of_groups(groups, dialect, "node_groups")).collect()
    }
}

impl ClusterScaling {
    /// What the service refuses of it. Which groups there are is not known here.
    pub fn faults(&self, dialect: Dialect) -> Vec<Fault> {
        let sizes = self.resize_node_groups.as_deref().unwrap_or_default();
        let groups = self.add_node_groups.as_deref().unwrap_or_default();
        let resized = sizes.iter().enumerate().flat_map(|(at, size)| {
            let twice = sizes[..at].iter().any(|before| before.name == size.name);
            [
                Rule::Count.of(format!("resize_node_groups[{at}].count"), size.count >= 0),
                Rule::GroupTwice.of(format!("resize_node_groups[{at}].name"), !twice),
            ]
        });
        let nothing = Rule::NothingToScale.of("resize_node_groups", !(sizes.is_empty() && groups.is_empty()));
        let added = faults_of_groups(groups, dialect, "add_node_groups");
        nothing.into_iter().chain(resized.flatten()).chain(added).collect()
    }
}

impl ClusterEdit {
    /// What the service refuses of it.
    pub fn faults(&self, dialect: Dialect) -> Vec<Fault> {
        let others = ClusterEdit { verification: None, ..self.clone() } != ClusterEdit::default();
        let asked = self.verification.as_ref();
        let own = [
            Rule::Name.of("name", self.name.as_ref().is_none_or(|name| dialect.is_name(name))),
            Rule::CheckAlone.of("verification", asked.is_none() || !others),
            Rule::CheckWord.of("verification.status", asked.is_none_or(|asked| asked.status == "START")),
        ];
        own.into_iter().flatten().chain(faults_of_shares(self.shares.as_deref().unwrap_or_default(), "")).collect()
    }
}

checked!(ClusterRequest, ClusterScaling, ClusterEdit);
