//! Templates of groups of nodes and of clusters, as they are made and edited.

use super::configs::Configs;
use super::rules::{self, Dialect, Fault, Rule, checked};
use super::shares::{ShareRequest, faults_of_shares};
use crate::systems::writes::writes;

/// Declares bodies about a group of nodes that is made, by itself or of a template: what it may be given is the same.
macro_rules! new_nodes {
    ($( $(#[$doc:meta])* $name:ident { $($own:tt)* } )+) => { writes! { $(
        $(#[$doc])*
        $name {
            $($own)*
            /// What it is.
            description?: String;
            /// What its machines are made of.
            image_id?: String;
            /// Its options.
            node_configs?: Configs;
            /// How many disks each node has.
            volumes_per_node?: i64;
            /// The size of each, in GiB.
            volumes_size?: i64;
            /// Of what type they are.
            volume_type?: String;
            /// Where they are.
            volumes_availability_zone?: String;
            /// Where they are mounted.
            volume_mount_prefix?: String;
            /// Whether they are on the machine that the node is on.
            volume_local_to_instance?: bool;
            /// From where its machines get addresses that are reached from outside.
            floating_ip_pool?: String;
            /// The security groups of its machines.
            security_groups?: Vec<String>;
            /// Whether it has a security group of its own.
            auto_security_group?: bool;
            /// Where its machines are.
            availability_zone?: String;
            /// Whether others are reached by way of its nodes.
            is_proxy_gateway?: bool;
            /// What is mounted on its nodes.
            shares?: Vec<ShareRequest>;
            /// Whether options are chosen for it.
            use_autoconfig?: bool;
            /// Whether other tenants see it.
            is_public?: bool;
            /// Whether it may not be changed.
            is_protected?: bool;
        }
    )+ } };
}

new_nodes! {
    /// The body of [`CreateNodeGroupTemplate`](super::CreateNodeGroupTemplate).
    NodeGroupTemplateRequest {
        /// Its name.
        name: String;
        /// Its plugin.
        plugin_name: String;
        /// The version of that.
        hadoop_version: String;
        /// What machines of it are like.
        flavor_id: String;
        /// What runs on its nodes.
        node_processes: Vec<String>;
    }

    /// A group of nodes of a new template, a new cluster or one that grows: from a template, or with what a template has.
    NodeGroupRequest {
        /// Its name.
        name: String;
        /// How many nodes it has.
        count: i64;
        /// The template; it needs nothing else.
        node_group_template_id?: String;
        /// What machines of it are like.
        flavor_id?: String;
        /// What runs on its nodes.
        node_processes?: Vec<String>;
    }
}

writes! {
    /// The body of [`EditNodeGroupTemplate`](super::UpdateNodeGroupTemplate): what is left out stays as it is, what is
    /// null is taken away.
    NodeGroupTemplateEdit {
        /// Its name.
        name?: String;
        /// Its plugin.
        plugin_name?: String;
        /// The version of that.
        hadoop_version?: String;
        /// What machines of it are like.
        flavor_id?: String;
        /// What runs on its nodes.
        node_processes?: Vec<String>;
        /// What it is.
        description??: String;
        /// What its machines are made of.
        image_id??: String;
        /// Its options.
        node_configs??: Configs;
        /// How many disks each node has.
        volumes_per_node?: i64;
        /// The size of each, in GiB.
        volumes_size??: i64;
        /// Of what type they are.
        volume_type??: String;
        /// Where they are.
        volumes_availability_zone??: String;
        /// Where they are mounted.
        volume_mount_prefix??: String;
        /// Whether they are on the machine that the node is on.
        volume_local_to_instance??: bool;
        /// From where its machines get addresses that are reached from outside.
        floating_ip_pool??: String;
        /// The security groups of its machines.
        security_groups??: Vec<String>;
        /// Whether it has a security group of its own.
        auto_security_group??: bool;
        /// Where its machines are.
        availability_zone??: String;
        /// Whether others are reached by way of its nodes.
        is_proxy_gateway??: bool;
        /// What is mounted on its nodes.
        shares?: Vec<ShareRequest>;
        /// Whether options are chosen for it.
        use_autoconfig??: bool;
        /// Whether other tenants see it.
        is_public??: bool;
        /// Whether it may not be changed.
        is_protected??: bool;
    }

    /// The body of [`CreateClusterTemplate`](super::CreateClusterTemplate).
    ClusterTemplateRequest {
        /// Its name.
        name: String;
        /// Its plugin.
        plugin_name: String;
        /// The version of that.
        hadoop_version: String;
        /// What it is.
        description?: String;
        /// What machines are made of.
        default_image_id?: String;
        /// Its options.
        cluster_configs?: Configs;
        /// The groups of its nodes.
        node_groups?: Vec<NodeGroupRequest>;
        /// What does not run twice on one host.
        anti_affinity?: Vec<String>;
        /// The network.
        neutron_management_network?: String;
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

    /// The body of [`EditClusterTemplate`](super::UpdateClusterTemplate): what is left out stays as it is, what is null
    /// is taken away.
    ClusterTemplateEdit {
        /// Its name.
        name?: String;
        /// Its plugin.
        plugin_name?: String;
        /// The version of that.
        hadoop_version?: String;
        /// What it is.
        description??: String;
        /// What machines are made of.
        default_image_id??: String;
        /// Its options.
        cluster_configs??: Configs;
        /// The groups of its nodes.
        node_groups??: Vec<NodeGroupRequest>;
        /// What does not run twice on one host.
        anti_affinity??: Vec<String>;
        /// The network.
        neutron_management_network??: String;
        /// What is mounted on its nodes.
        shares?: Vec<ShareRequest>;
        /// Whether options are chosen for it.
        use_autoconfig??: bool;
        /// The domain of the names of its machines.
        domain_name??: String;
        /// Whether other tenants see it.
        is_public??: bool;
        /// Whether it may not be changed.
        is_protected??: bool;
    }
}

/// What bodies about a group of nodes have in common; what is not there breaks no rule.
#[derive(Default)]
struct Nodes<'a> {
    flavor_id: Option<&'a String>,
    node_processes: Option<&'a Vec<String>>,
    image_id: Option<&'a String>,
    volumes_per_node: Option<i64>,
    volumes_size: Option<i64>,
    volume_mount_prefix: Option<&'a String>,
    shares: &'a [ShareRequest],
}

impl Nodes<'_> {
    fn faults(&self, place: &str) -> Vec<Fault> {
        let at = |field: &str| format!("{place}{field}");
        let processes = self.node_processes.map_or(&[][..], Vec::as_slice);
        let twice = processes.iter().enumerate().filter(|(at, process)| processes[..*at].contains(process));
        let twice = twice.map(|(at, _)| Rule::ProcessTwice.of(format!("{place}node_processes[{at}]"), false));
        let none = self.node_processes.is_some_and(Vec::is_empty);
        let more = [
            Rule::Flavor.of(at("flavor_id"), self.flavor_id.is_none_or(|id| rules::is_flavor(id))),
            Rule::Processes.of(at("node_processes"), !none),
            Rule::Id.of(at("image_id"), self.image_id.is_none_or(|id| rules::is_uuid(id))),
            Rule::Volumes.of(at("volumes_per_node"), self.volumes_per_node.is_none_or(|count| count >= 0)),
            Rule::VolumeSize.of(at("volumes_size"), self.volumes_size.is_none_or(|size| size >= 1)),
            Rule::MountPath
                .of(at("volume_mount_prefix"), self.volume_mount_prefix.is_none_or(|path| rules::is_mount_path(path))),
        ];
        more.into_iter().chain(twice).flatten().chain(faults_of_shares(self.shares, place)).collect()
    }
}

impl NodeGroupTemplateRequest {
    /// What the service refuses of it.
    pub fn faults(&self, dialect: Dialect) -> Vec<Fault> {
        let nodes = Nodes {
            flavor_id: Some(&self.flavor_id),
            node_processes: Some(&self.node_processes),
            image_id: self.image_id.as_ref(),
            volumes_per_node: self.volumes_per_node,
            volumes_size: self.volumes_size,
            volume_mount_prefix: self.volume_mount_prefix.as_ref(),
            shares: self.shares.as_deref().unwrap_or_default(),
        };
        let pool = self.floating_ip_pool.as_ref();
        let named = [
            Rule::Name.of("name", dialect.is_name(&self.name)),
            Rule::Missing.of("plugin_name", !self.plugin_name.is_empty()),
            Rule::Missing.of("hadoop_version", !self.hadoop_version.is_empty()),
            Rule::Id.of("floating_ip_pool", is_pool(dialect, pool)),
        ];
        named.into_iter().flatten().chain(nodes.faults("")).collect()
    }
}

/// Today's services take the id of a network where the reference has a name.
fn is_pool(dialect: Dialect, pool: Option<&String>) -> bool {
    dialect != Dialect::Today || pool.is_none_or(|pool| rules::is_uuid(pool))
}

impl NodeGroupTemplateEdit {
    /// What the service refuses of it.
    pub fn faults(&self, dialect: Dialect) -> Vec<Fault> {
        let nodes = Nodes {
            flavor_id: self.flavor_id.as_ref(),
            node_processes: self.node_processes.as_ref(),
            image_id: self.image_id.as_ref().and_then(Option::as_ref),
            volumes_per_node: self.volumes_per_node,
            volumes_size: self.volumes_size.flatten(),
            volume_mount_prefix: self.volume_mount_prefix.as_ref().and_then(Option::as_ref),
            shares: self.shares.as_deref().unwrap_or_default(),
        };
        let name = Rule::Name.of("name", self.name.as_ref().is_none_or(|name| dialect.is_name(name)));
        name.into_iter().chain(nodes.faults("")).collect()
    }
}

impl NodeGroupRequest {
    fn faults(&self, dialect: Dialect, place: &str) -> Vec<Fault> {
        let nodes = Nodes {
            flavor_id: self.flavor_id.as_ref(),
            node_processes: self.node_processes.as_ref(),
            image_id: self.image_id.as_ref(),
            volumes_per_node: self.volumes_per_node,
            volumes_size: self.volumes_size,
            volume_mount_prefix: self.volume_mount_prefix.as_ref(),
            shares: self.shares.as_deref().unwrap_or_default(),
        };
        let of_template = self.node_group_template_id.is_some();
        let at = |field: &str| format!("{place}{field}");
        let own = [
            Rule::Name.of(at("name"), dialect.is_name(&self.name)),
            Rule::Count.of(at("count"), self.count >= 0),
            Rule::Id.of(
                at("node_group_template_id"),
                self.node_group_template_id.as_ref().is_none_or(|id| rules::is_uuid(id)),
            ),
            Rule::Inline.of(at("flavor_id"), of_template || self.flavor_id.is_some()),
            Rule::Inline.of(at("node_processes"), of_template || self.node_processes.is_some()),
            Rule::Id.of(at("floating_ip_pool"), is_pool(dialect, self.floating_ip_pool.as_ref())),
        ];
        own.into_iter().flatten().chain(nodes.faults(place)).collect()
    }
}

/// What the service refuses of groups in one body.
pub(super) fn faults_of_groups(groups: &[NodeGroupRequest], dialect: Dialect, member: &str) -> Vec<Fault> {
    let each = groups.iter().enumerate().flat_map(|(at, group)| {
        let place = format!("{member}[{at}].");
        let before = groups[..at].iter().any(|before| before.name == group.name);
        let twice = Rule::GroupTwice.of(format!("{place}name"), !before);
        group.faults(dialect, &place).into_iter().chain(twice)
    });
    each.collect()
}

impl ClusterTemplateRequest {
    /// What the service refuses of it.
    pub fn faults(&self, dialect: Dialect) -> Vec<Fault> {
        let is_id = |id: &Option<String>| id.as_ref().is_none_or(|id| rules::is_uuid(id));
        let own = [
            Rule::Name.of("name", dialect.is_name(&self.name)),
            Rule::Missing.of("plugin_name", !self.plugin_name.is_empty()),
            Rule::Missing.of("hadoop_version", !self.hadoop_version.is_empty()),
            Rule::Id.of("default_image_id", is_id(&self.default_image_id)),
            Rule::Id.of("neutron_management_network", is_id(&self.neutron_management_network)),
        ];
        let groups = faults_of_groups(self.node_groups.as_deref().unwrap_or_default(), dialect, "node_groups");
        let shares = faults_of_shares(self.shares.as_deref().unwrap_or_default(), "");
        own.into_iter().flatten().chain(shares).chain(groups).collect()
    }
}

impl ClusterTemplateEdit {
    /// What the service refuses of it.
    pub fn faults(&self, dialect: Dialect) -> Vec<Fault> {
        let is_id =
            |id: &Option<Option<String>>| id.as_ref().and_then(Option::as_ref).is_none_or(|id| rules::is_uuid(id));
        let own = [
            Rule::Name.of("name", self.name.as_ref().is_none_or(|name| dialect.is_name(name))),
            Rule::Id.of("default_image_id", is_id(&self.default_image_id)),
            Rule::Id.of("neutron_management_network", is_id(&self.neutron_management_network)),
        ];
        let groups = self.node_groups.as_ref().and_then(Option::as_deref).unwrap_or_default();
        let shares = faults_of_shares(self.shares.as_deref().unwrap_or_default(), "");
        own.into_iter().flatten().chain(shares).chain(faults_of_groups(groups, dialect, "node_groups")).collect()
    }
}

checked!(NodeGroupTemplateRequest, NodeGroupTemplateEdit, ClusterTemplateRequest, ClusterTemplateEdit);
