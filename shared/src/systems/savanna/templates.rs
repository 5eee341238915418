//! Templates of groups of nodes and of clusters, as they are told.

use serde::{Deserialize, Serialize};

use super::clusters::Instance;
use super::configs::Configs;
use crate::operation::Input;
use crate::systems::reads::reads;

reads! {
    /// Where the pages before and after one of a list begin.
    Markers {
        /// The one before; the first page has none.
        prev "prev": text;
        /// The one after: the id of the last of this page.
        next "next": text;
    }

    /// A shared file system.
    Share {
        /// Its id.
        id "id": text;
        /// Where it is mounted.
        path "path": text;
        /// `rw` or `ro`.
        access_level "access_level": text;
    }

    /// A group of nodes of a template or of a cluster.
    NodeGroup {
        /// Its id; of newer services, but of templates always.
        id "id": text;
        /// Its name.
        name "name": text;
        /// How many nodes it has. 0 for a while where a cluster is on its way.
        count "count": integer;
        /// What its machines are like.
        flavor_id "flavor_id": text;
        /// What its machines are made of, where that is not the cluster's.
        image_id "image_id": text;
        /// What runs on its nodes.
        node_processes "node_processes": texts;
        /// Its options.
        node_configs "node_configs": "super::configs::configs" Configs;
        /// How many disks each node has.
        volumes_per_node "volumes_per_node": integer;
        /// The size of each, in GiB.
        volumes_size "volumes_size": integer;
        /// Where they are mounted.
        volume_mount_prefix "volume_mount_prefix": text;
        /// Of what type they are.
        volume_type "volume_type": text;
        /// Where they are.
        volumes_availability_zone "volumes_availability_zone": text;
        /// Whether they are on the machine that the node is on.
        volume_local_to_instance "volume_local_to_instance": flag;
        /// Whether its machines start from a disk; of newer services.
        boot_from_volume "boot_from_volume": flag;
        /// From where its machines get addresses that are reached from outside.
        floating_ip_pool "floating_ip_pool": text;
        /// The security groups of its machines.
        security_groups "security_groups": texts;
        /// Whether it has a security group of its own.
        auto_security_group "auto_security_group": flag;
        /// Where its machines are.
        availability_zone "availability_zone": text;
        /// Whether others are reached by way of its nodes.
        is_proxy_gateway "is_proxy_gateway": flag;
        /// Whether options are chosen for it.
        use_autoconfig "use_autoconfig": flag;
        /// What is mounted on its nodes.
        shares "shares": objects Share;
        /// The template that it was made of.
        node_group_template_id "node_group_template_id": text;
        /// Its nodes.
        instances "instances": objects Instance;
        /// When it was made, in the reference's word.
        created "created": text;
        /// When it was made, in today's.
        created_at "created_at": text;
        /// When it was changed, in the reference's word.
        updated "updated": text;
        /// When it was changed, in today's.
        updated_at "updated_at": text;
    }

    /// A template of a group of nodes.
    NodeGroupTemplate {
        /// What a group of it has.
        group: all of NodeGroup;
        /// What it is.
        description "description": text;
        /// Its plugin.
        plugin_name "plugin_name": text;
        /// The version of that.
        hadoop_version "hadoop_version": text;
        /// Whose it is; of newer services.
        tenant_id "tenant_id": text;
        /// Whether the service itself brought it; of newer services.
        is_default "is_default": flag;
        /// Whether other tenants see it; of newer services.
        is_public "is_public": flag;
        /// Whether it may not be changed; of newer services.
        is_protected "is_protected": flag;
    }

    /// The reply of [`ListNodeGroupTemplates`](super::ListNodeGroupTemplates).
    NodeGroupTemplatesReply {
        /// The templates.
        node_group_templates "node_group_templates": objects NodeGroupTemplate;
        /// Where other pages begin.
        markers "markers": object Markers;
    }

    /// The reply of the calls about one template of a group of nodes.
    NodeGroupTemplateReply {
        /// The template.
        node_group_template "node_group_template": object NodeGroupTemplate;
    }

    /// A template of a cluster.
    ClusterTemplate {
        /// Its id.
        id "id": text;
        /// Its name.
        name "name": text;
        /// What it is.
        description "description": text;
        /// Its plugin.
        plugin_name "plugin_name": text;
        /// The version of that.
        hadoop_version "hadoop_version": text;
        /// What machines are made of.
        default_image_id "default_image_id": text;
        /// Its options.
        cluster_configs "cluster_configs": "super::configs::configs" Configs;
        /// What does not run twice on one host.
        anti_affinity "anti_affinity": texts;
        /// The network.
        neutron_management_network "neutron_management_network": text;
        /// The groups of its nodes.
        node_groups "node_groups": objects NodeGroup;
        /// Whose it is; of newer services.
        tenant_id "tenant_id": text;
        /// Whether options are chosen for it; of newer services.
        use_autoconfig "use_autoconfig": flag;
        /// What is mounted on its nodes; of newer services.
        shares "shares": objects Share;
        /// The domain of the names of its machines; of newer services.
        domain_name "domain_name": text;
        /// Whether the service itself brought it; of newer services.
        is_default "is_default": flag;
        /// Whether other tenants see it; of newer services.
        is_public "is_public": flag;
        /// Whether it may not be changed; of newer services.
        is_protected "is_protected": flag;
        /// When it was made, in the reference's word.
        created "created": text;
        /// When it was made, in today's.
        created_at "created_at": text;
        /// When it was changed, in the reference's word.
        updated "updated": text;
        /// When it was changed, in today's.
        updated_at "updated_at": text;
    }

    /// The reply of [`ListClusterTemplates`](super::ListClusterTemplates).
    ClusterTemplatesReply {
        /// The templates.
        cluster_templates "cluster_templates": objects ClusterTemplate;
        /// Where other pages begin.
        markers "markers": object Markers;
    }

    /// The reply of the calls about one template of a cluster.
    ClusterTemplateReply {
        /// The template.
        cluster_template "cluster_template": object ClusterTemplate;
    }
}

/// The query of the lists of templates. The services of the reference have none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, garde::Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[garde(allow_unvalidated)]
pub struct TemplatesQuery {
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
}

impl Input for TemplatesQuery {}
