//! OpenStack Savanna, today Sahara: templates, images and clusters.
//!
//! Reference: "Savanna REST API v1.0". The services that it describes are long gone; those of today speak v1.0 too, with
//! more members, and v1.1, which is the same and more. The readers take all of them. What only today's have stands below
//! `/v1.1`.

mod beside;
mod clusters;
mod configs;
mod following;
mod images;
mod plugins;
mod requests;
mod rules;
mod shares;
mod templates;
mod times;
mod versions;

pub use beside::*;
pub use clusters::*;
pub use configs::{ConfigValue, Configs};
pub use images::*;
pub use plugins::*;
pub use requests::*;
pub use rules::{Dialect, Fault, Rule, fits_host};
pub use shares::*;
pub use templates::*;
pub use times::instant;
pub use versions::*;

use crate::operation::{Moving, Nothing, Pages, Passing, Rows, ServiceId, Watch};

crate::path_parameters! {
    /// The id of a tenant, today a project.
    TenantId;
    /// The name of a plugin.
    PluginName;
    /// A version of a plugin.
    PluginVersion;
    /// The id of an image.
    ImageId;
    /// The id of a template of a group of nodes.
    NodeGroupTemplateId;
    /// The id of a template of a cluster.
    ClusterTemplateId;
    /// The name that a converted template gets.
    TemplateName;
    /// The id of a cluster.
    ClusterId;
}

/// A configuration file of a cluster, as its plugin understands it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, garde::Validate)]
#[cfg_attr(feature = "door", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct ConfigurationFile(#[garde(length(min = 1))] pub String);

impl crate::operation::Input for ConfigurationFile {}

crate::operations! {
    /// Lists the plugins.
    View Read Get "/v1.0/{tenant_id}/plugins" ListPlugins { tenant_id: TenantId } (Nothing, Nothing) -> PluginsReply
        [watch: SELDOM];
    /// Shows a plugin.
    View Read Get "/v1.0/{tenant_id}/plugins/{plugin_name}" ShowPlugin { tenant_id: TenantId, plugin_name: PluginName }
        (Nothing, Nothing) -> PluginReply [watch: SELDOM];
    /// Shows what a version of a plugin runs, which tags its images need, and its options, which may be thousands.
    View Read Get "/v1.0/{tenant_id}/plugins/{plugin_name}/{version}"
        ShowPluginVersion { tenant_id: TenantId, plugin_name: PluginName, version: PluginVersion }
        (Nothing, Nothing) -> PluginReply [passing: Passing::Stream, watch: SELDOM];
    /// Makes a template of a cluster of a configuration file.
    Operate Once Post "/v1.0/{tenant_id}/plugins/{plugin_name}/{version}/convert-config"
        ConvertConfig { tenant_id: TenantId, plugin_name: PluginName, version: PluginVersion }
        (Nothing, ConfigurationFile) -> ConvertedReply [options: OPTIONS, text: true];
    /// Lists the registered images, those with all of some tags.
    View Read Get "/v1.0/{tenant_id}/images" ListImages { tenant_id: TenantId } (ImagesQuery, Nothing) -> ImagesReply
        [passing: Passing::Stream, rows: Some(IMAGES)];
    /// Shows a registered image.
    View Read Get "/v1.0/{tenant_id}/images/{image_id}" ShowImage { tenant_id: TenantId, image_id: ImageId }
        (Nothing, Nothing) -> ImageReply [];
    /// Registers an image.
    Operate Once Post "/v1.0/{tenant_id}/images/{image_id}" RegisterImage { tenant_id: TenantId, image_id: ImageId }
        (Nothing, ImageRegistration) -> ImageReply [];
    /// Takes an image out of the registry.
    Operate Once Delete "/v1.0/{tenant_id}/images/{image_id}" UnregisterImage { tenant_id: TenantId, image_id: ImageId }
        (Nothing, Nothing) -> Nothing [passing: Passing::Nothing];
    /// Adds tags to an image.
    Operate Once Post "/v1.0/{tenant_id}/images/{image_id}/tag" TagImage { tenant_id: TenantId, image_id: ImageId }
        (Nothing, ImageTags) -> ImageReply [];
    /// Takes tags from an image.
    Operate Once Post "/v1.0/{tenant_id}/images/{image_id}/untag" UntagImage { tenant_id: TenantId, image_id: ImageId }
        (Nothing, ImageTags) -> ImageReply [];
    /// Lists the templates of groups of nodes.
    View Read Get "/v1.0/{tenant_id}/node-group-templates" ListNodeGroupTemplates { tenant_id: TenantId }
        (TemplatesQuery, Nothing) -> NodeGroupTemplatesReply
        [options: OPTIONS, passing: Passing::Stream, rows: Some(NODE_GROUP_TEMPLATES), pages: PAGES];
    /// Shows a template of a group of nodes.
    View Read Get "/v1.0/{tenant_id}/node-group-templates/{node_group_template_id}"
        ShowNodeGroupTemplate { tenant_id: TenantId, node_group_template_id: NodeGroupTemplateId }
        (Nothing, Nothing) -> NodeGroupTemplateReply [options: OPTIONS];
    /// Makes a template of a group of nodes.
    Operate Once Post "/v1.0/{tenant_id}/node-group-templates" CreateNodeGroupTemplate { tenant_id: TenantId }
        (Nothing, NodeGroupTemplateRequest) -> NodeGroupTemplateReply
        [options: OPTIONS, service_id: Some(ServiceId::Reply("node_group_template.id"))];
    /// Deletes a template of a group of nodes.
    Operate Once Delete "/v1.0/{tenant_id}/node-group-templates/{node_group_template_id}"
        DeleteNodeGroupTemplate { tenant_id: TenantId, node_group_template_id: NodeGroupTemplateId }
        (Nothing, Nothing) -> Nothing [passing: Passing::Nothing];
    /// Lists the templates of clusters.
    View Read Get "/v1.0/{tenant_id}/cluster-templates" ListClusterTemplates { tenant_id: TenantId }
        (TemplatesQuery, Nothing) -> ClusterTemplatesReply
        [options: OPTIONS, passing: Passing::Stream, rows: Some(CLUSTER_TEMPLATES), pages: PAGES];
    /// Shows a template of a cluster.
    View Read Get "/v1.0/{tenant_id}/cluster-templates/{cluster_template_id}"
        ShowClusterTemplate { tenant_id: TenantId, cluster_template_id: ClusterTemplateId }
        (Nothing, Nothing) -> ClusterTemplateReply [options: OPTIONS];
    /// Makes a template of a cluster.
    Operate Once Post "/v1.0/{tenant_id}/cluster-templates" CreateClusterTemplate { tenant_id: TenantId }
        (Nothing, ClusterTemplateRequest) -> ClusterTemplateReply
        [options: OPTIONS, service_id: Some(ServiceId::Reply("cluster_template.id"))];
    /// Deletes a template of a cluster.
    Operate Once Delete "/v1.0/{tenant_id}/cluster-templates/{cluster_template_id}"
        DeleteClusterTemplate { tenant_id: TenantId, cluster_template_id: ClusterTemplateId }
        (Nothing, Nothing) -> Nothing [passing: Passing::Nothing];
    /// Lists the clusters.
    View Read Get "/v1.0/{tenant_id}/clusters" ListClusters { tenant_id: TenantId }
        (ClustersQuery, Nothing) -> ClustersReply
        [options: OPTIONS, deadline: 60, passing: Passing::Stream, rows: Some(CLUSTERS), pages: PAGES,
         watch: WATCH_CLUSTERS];
    /// Shows a cluster.
    View Read Get "/v1.0/{tenant_id}/clusters/{cluster_id}" ShowCluster { tenant_id: TenantId, cluster_id: ClusterId }
        (ClusterQuery, Nothing) -> ClusterReply [options: OPTIONS, passing: Passing::Stream, watch: WATCH_CLUSTER];
    /// Starts a cluster.
    Operate Once Post "/v1.0/{tenant_id}/clusters" StartCluster { tenant_id: TenantId }
        (Nothing, ClusterRequest) -> ClusterReply
        [options: OPTIONS, deadline: 120, service_id: Some(ServiceId::Reply("cluster.id")), follow: Some(following::START)];
    /// Gives groups of a cluster more or less nodes, or gives it more groups.
    Operate Once Put "/v1.0/{tenant_id}/clusters/{cluster_id}" ScaleCluster { tenant_id: TenantId, cluster_id: ClusterId }
        (Nothing, ClusterScaling) -> ClusterReply
        [options: OPTIONS, deadline: 120, service_id: Some(ServiceId::Path(1)), follow: Some(following::SCALING)];
    /// Terminates a cluster. It has ended when it is not there any more.
    Operate Once Delete "/v1.0/{tenant_id}/clusters/{cluster_id}"
        TerminateCluster { tenant_id: TenantId, cluster_id: ClusterId } (Nothing, Nothing) -> Nothing
        [deadline: 60, passing: Passing::Nothing, service_id: Some(ServiceId::Path(1)), follow: Some(following::END)];
    /// Tells which versions of its API it speaks.
    View Read Get "/" ShowVersions {} (Nothing, Nothing) -> VersionsReply
        [deadline: 10, good: &[300], links: true, watch: SELDOM];
    /// Makes a template of a cluster of a configuration file, under a name.
    Operate Once Post "/v1.1/{tenant_id}/plugins/{plugin_name}/{version}/convert-config/{template_name}"
        ConvertConfigAs {
            tenant_id: TenantId, plugin_name: PluginName, version: PluginVersion, template_name: TemplateName
        }
        (Nothing, ConfigurationFile) -> ConvertedReply [options: OPTIONS, text: true];
    /// Edits a template of a group of nodes.
    Operate Once Put "/v1.1/{tenant_id}/node-group-templates/{node_group_template_id}"
        EditNodeGroupTemplate { tenant_id: TenantId, node_group_template_id: NodeGroupTemplateId }
        (Nothing, NodeGroupTemplateEdit) -> NodeGroupTemplateReply [options: OPTIONS, service_id: Some(ServiceId::Path(1))];
    /// Shows a template of a group of nodes as it can be taken elsewhere.
    View Read Get "/v1.1/{tenant_id}/node-group-templates/{node_group_template_id}/export"
        ExportNodeGroupTemplate { tenant_id: TenantId, node_group_template_id: NodeGroupTemplateId }
        (Nothing, Nothing) -> NodeGroupTemplateReply [options: OPTIONS];
    /// Edits a template of a cluster.
    Operate Once Put "/v1.1/{tenant_id}/cluster-templates/{cluster_template_id}"
        EditClusterTemplate { tenant_id: TenantId, cluster_template_id: ClusterTemplateId }
        (Nothing, ClusterTemplateEdit) -> ClusterTemplateReply [options: OPTIONS, service_id: Some(ServiceId::Path(1))];
    /// Shows a template of a cluster as it can be taken elsewhere.
    View Read Get "/v1.1/{tenant_id}/cluster-templates/{cluster_template_id}/export"
        ExportClusterTemplate { tenant_id: TenantId, cluster_template_id: ClusterTemplateId }
        (Nothing, Nothing) -> ClusterTemplateReply [options: OPTIONS];
    /// Edits what is told of a cluster, or has the service look how well it is.
    Operate Once Patch "/v1.1/{tenant_id}/clusters/{cluster_id}"
        EditCluster { tenant_id: TenantId, cluster_id: ClusterId } (Nothing, ClusterEdit) -> ClusterReply
        [options: OPTIONS, service_id: Some(ServiceId::Path(1))];
    /// Lists the flavors that Nova has.
    View Read Get "/v2.1/flavors/detail" ListFlavors {} (PageQuery, Nothing) -> FlavorsReply
        [passing: Passing::Stream, rows: Some(by_id("flavors")), watch: SELDOM, beside: Some(COMPUTE)];
    /// Lists the user's key pairs that Nova has.
    View Read Get "/v2.1/os-keypairs" ListKeyPairs {} (PageQuery, Nothing) -> KeyPairsReply
        [watch: SELDOM, beside: Some(COMPUTE)];
    /// Lists the networks that Neutron has, those from which machines are reached among them.
    View Read Get "/v2.0/networks" ListNetworks {} (PageQuery, Nothing) -> NetworksReply
        [passing: Passing::Stream, rows: Some(by_id("networks")), watch: SELDOM, beside: Some(NETWORK)];
    /// Lists the images that Glance has, registered or not.
    View Read Get "/v2/images" ListStoredImages {} (PageQuery, Nothing) -> StoredImagesReply
        [passing: Passing::Stream, rows: Some(IMAGES), watch: SELDOM, beside: Some(IMAGE)];
}

/// The services beside it, by the names that OpenStack's catalogue has for their kinds.
const COMPUTE: &str = "compute";
const NETWORK: &str = "network";
const IMAGE: &str = "image";

/// What holds options by their names, among which are passwords.
const OPTIONS: &[&str] = &["cluster_configs", "node_configs"];

/// How today's services give long lists; those of the reference give them whole.
const PAGES: Option<Pages> = Some(Pages { next: "markers.next", parameter: "marker", limit: "limit" });

const fn by_id(list: &'static str) -> Rows {
    Rows { list, key: "id", volatile: &[], shown: &[] }
}

const IMAGES: Rows = by_id("images");
const NODE_GROUP_TEMPLATES: Rows = by_id("node_group_templates");
const CLUSTER_TEMPLATES: Rows = by_id("cluster_templates");
const CLUSTERS: Rows = by_id("clusters");

const SELDOM: Watch = Watch { slow: 60, fast: 60, windows: &[], moving: None };
const WATCH_CLUSTERS: Watch =
    Watch { slow: 20, fast: 4, windows: &[], moving: Some(Moving { member: "status", settled: SETTLED }) };
const WATCH_CLUSTER: Watch =
    Watch { slow: 15, fast: 3, windows: &[], moving: Some(Moving { member: "cluster.status", settled: SETTLED }) };

/// The system.
#[cfg(feature = "door")]
pub const SYSTEM: super::System = super::System {
    id: "savanna",
    table: TABLE,
    identity: &[],
    of_changes: &[],
    standby: None,
    credentials: &["keystone-password", "keystone-application-credential", "keystone-token", "none"],
    spelling: super::Spelling { ending: ".json", versions: &["v1.0", "v1.1"] },
    token_header: Some("x-auth-token"),
    tenant: true,
    clusters: super::Clusters::Told,
    probe: super::Probe { operation: "ListPlugins", segments: &[], query: "", good: &[200] },
    // What it answers 500 with may have been done: it says so too where its own services are gone.
    sick: |status, _| status >= 500,
    words: sentence,
};

/// The sentence of any of its errors: its own, its router's, that of the middleware before it, or a page's.
#[cfg(feature = "door")]
fn sentence(body: &[u8]) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(body).ok()?;
    let text =
        |value: &serde_json::Value| value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let own = text(&value["error_message"]).or_else(|| text(&value["error"]["message"]));
    // Nova and Neutron name the error by the one member that they write.
    let wrapped = || {
        let mut members = value.as_object()?.values();
        members.next().filter(|_| members.next().is_none()).and_then(|only| text(&only["message"]))
    };
    own.or_else(wrapped).or_else(|| {
        // After a greeting of the library comes what is meant, between tags.
        let message = value["message"].as_str()?;
        let last = message.rsplit("<br />").find(|part| !part.trim().is_empty())?;
        Some(last.trim().to_owned())
    })
}
