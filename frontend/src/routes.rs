//! Every address of the console, in both directions.

use howdah_shared::operation::encode_segment;

use crate::address::decode;
use crate::api::base;

const GROUPS: &str = "node-group-templates";
const TEMPLATES: &str = "cluster-templates";

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Every connection at a glance.
    Fleet,
    /// Signing in.
    SignIn,
    /// A connection: the first page of its system.
    Connection(String),
    /// The clusters of a connection.
    Clusters(String),
    /// One of them.
    Cluster(String, String),
    /// Running it again.
    RunAgain(String, String),
    /// Giving it more or less nodes.
    Scale(String, String),
    /// A ResourceManager at a glance.
    Overview(String),
    /// The applications of a connection.
    Applications(String),
    /// One of them.
    Application(String, String),
    /// The queues of a connection.
    Queues(String),
    /// Its nodes.
    Nodes(String),
    /// One of them.
    Node(String, String),
    /// Submitting an application.
    Submit(String),
    /// How many applications there are of each kind.
    Statistics(String),
    /// The delegation tokens that the proxy keeps.
    Tokens(String),
    /// The plugins of a Savanna.
    Plugins(String),
    /// One of them in one version.
    PluginVersion(String, String, String),
    /// Its image registry.
    Images(String),
    /// A registered image.
    Image(String, String),
    /// Its templates of groups of nodes.
    NodeGroupTemplates(String),
    /// One of them.
    NodeGroupTemplate(String, String),
    /// Making one.
    NewNodeGroupTemplate(String),
    /// Editing one.
    EditNodeGroupTemplate(String, String),
    /// Its templates of clusters.
    ClusterTemplates(String),
    /// One of them.
    ClusterTemplate(String, String),
    /// Making one.
    NewClusterTemplate(String),
    /// Editing one.
    EditClusterTemplate(String, String),
    /// Starting a cluster.
    Launch(String),
    /// The nodes of a cluster.
    ClusterNodes(String, String),
    /// Adding nodes to it.
    AddNodes(String, String),
    /// What was done with its nodes.
    Operations(String, String),
    /// What it used, and what that costs.
    Usage(String, String),
    /// Every confirmed change.
    Activity,
    /// One of them.
    Run(String),
}

impl Place {
    /// The path below the base, beginning with a slash.
    pub(crate) fn path(&self) -> String {
        match self {
            Place::Fleet => "/".into(),
            Place::SignIn => "/sign-in".into(),
            Place::Connection(connection) => path(&["connections", connection]),
            Place::Clusters(connection) => path(&["connections", connection, "clusters"]),
            Place::Cluster(connection, cluster) => path(&["connections", connection, "clusters", cluster]),
            Place::RunAgain(connection, cluster) => path(&["connections", connection, "clusters", cluster, "run"]),
            Place::Scale(connection, cluster) => path(&["connections", connection, "clusters", cluster, "scale"]),
            Place::Overview(connection) => path(&["connections", connection, "overview"]),
            Place::Applications(connection) => path(&["connections", connection, "applications"]),
            Place::Application(connection, id) => path(&["connections", connection, "applications", id]),
            Place::Queues(connection) => path(&["connections", connection, "queues"]),
            Place::Nodes(connection) => path(&["connections", connection, "nodes"]),
            Place::Node(connection, id) => path(&["connections", connection, "nodes", id]),
            Place::Submit(connection) => path(&["connections", connection, "submit"]),
            Place::Statistics(connection) => path(&["connections", connection, "statistics"]),
            Place::Tokens(connection) => path(&["connections", connection, "tokens"]),
            Place::Plugins(connection) => path(&["connections", connection, "plugins"]),
            Place::PluginVersion(connection, name, version) => {
                path(&["connections", connection, "plugins", name, version])
            }
            Place::Images(connection) => path(&["connections", connection, "images"]),
            Place::Image(connection, id) => path(&["connections", connection, "images", id]),
            Place::NodeGroupTemplates(connection) => path(&["connections", connection, GROUPS]),
            Place::NodeGroupTemplate(connection, id) => path(&["connections", connection, GROUPS, id]),
            Place::NewNodeGroupTemplate(connection) => path(&["connections", connection, GROUPS, "new"]),
            Place::EditNodeGroupTemplate(connection, id) => path(&["connections", connection, GROUPS, id, "edit"]),
            Place::ClusterTemplates(connection) => path(&["connections", connection, TEMPLATES]),
            Place::ClusterTemplate(connection, id) => path(&["connections", connection, TEMPLATES, id]),
            Place::NewClusterTemplate(connection) => path(&["connections", connection, TEMPLATES, "new"]),
            Place::EditClusterTemplate(connection, id) => path(&["connections", connection, TEMPLATES, id, "edit"]),
            Place::Launch(connection) => path(&["connections", connection, "launch"]),
            Place::ClusterNodes(connection, cluster) => {
                path(&["connections", connection, "clusters", cluster, "nodes"])
            }
            Place::AddNodes(connection, cluster) => path(&["connections", connection, "clusters", cluster, "add"]),
            Place::Operations(connection, cluster) => {
                path(&["connections", connection, "clusters", cluster, "operations"])
            }
            Place::Usage(connection, cluster) => path(&["connections", connection, "clusters", cluster, "usage"]),
            Place::Activity => "/requests".into(),
            Place::Run(request) => path(&["requests", request]),
        }
    }

    /// The page at an address, given with its base; `None` where there is none.
    pub(crate) fn at(base: &str, pathname: &str) -> Option<Place> {
        let segments: Vec<String> =
            pathname.strip_prefix(base)?.split('/').filter(|segment| !segment.is_empty()).map(decode).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let own = str::to_owned;
        Some(match segments[..] {
            [] => Place::Fleet,
            ["sign-in"] => Place::SignIn,
            ["requests"] => Place::Activity,
            ["requests", request] => Place::Run(own(request)),
            ["connections", connection] => Place::Connection(own(connection)),
            ["connections", connection, "clusters"] => Place::Clusters(own(connection)),
            ["connections", connection, "clusters", cluster] => Place::Cluster(own(connection), own(cluster)),
            ["connections", connection, "clusters", cluster, "run"] => Place::RunAgain(own(connection), own(cluster)),
            ["connections", connection, "clusters", cluster, "scale"] => Place::Scale(own(connection), own(cluster)),
            ["connections", connection, "clusters", cluster, "nodes"] => {
                Place::ClusterNodes(own(connection), own(cluster))
            }
            ["connections", connection, "clusters", cluster, "add"] => Place::AddNodes(own(connection), own(cluster)),
            ["connections", connection, "clusters", cluster, "operations"] => {
                Place::Operations(own(connection), own(cluster))
            }
            ["connections", connection, "clusters", cluster, "usage"] => Place::Usage(own(connection), own(cluster)),
            ["connections", connection, "overview"] => Place::Overview(own(connection)),
            ["connections", connection, "applications"] => Place::Applications(own(connection)),
            ["connections", connection, "applications", id] => Place::Application(own(connection), own(id)),
            ["connections", connection, "queues"] => Place::Queues(own(connection)),
            ["connections", connection, "nodes"] => Place::Nodes(own(connection)),
            ["connections", connection, "nodes", id] => Place::Node(own(connection), own(id)),
            ["connections", connection, "submit"] => Place::Submit(own(connection)),
            ["connections", connection, "statistics"] => Place::Statistics(own(connection)),
            ["connections", connection, "tokens"] => Place::Tokens(own(connection)),
            ["connections", connection, "plugins"] => Place::Plugins(own(connection)),
            ["connections", connection, "plugins", name, version] => {
                Place::PluginVersion(own(connection), own(name), own(version))
            }
            ["connections", connection, "images"] => Place::Images(own(connection)),
            ["connections", connection, "images", id] => Place::Image(own(connection), own(id)),
            ["connections", connection, GROUPS] => Place::NodeGroupTemplates(own(connection)),
            ["connections", connection, GROUPS, "new"] => Place::NewNodeGroupTemplate(own(connection)),
            ["connections", connection, GROUPS, id] => Place::NodeGroupTemplate(own(connection), own(id)),
            ["connections", connection, GROUPS, id, "edit"] => Place::EditNodeGroupTemplate(own(connection), own(id)),
            ["connections", connection, TEMPLATES] => Place::ClusterTemplates(own(connection)),
            ["connections", connection, TEMPLATES, "new"] => Place::NewClusterTemplate(own(connection)),
            ["connections", connection, TEMPLATES, id] => Place::ClusterTemplate(own(connection), own(id)),
            ["connections", connection, TEMPLATES, id, "edit"] => Place::EditClusterTemplate(own(connection), own(id)),
            ["connections", connection, "launch"] => Place::Launch(own(connection)),
            _ => return None,
        })
    }

    /// The connection that the page is about.
    pub(crate) fn connection(&self) -> Option<&str> {
        match self {
            Place::Connection(connection)
            | Place::Clusters(connection)
            | Place::Cluster(connection, _)
            | Place::RunAgain(connection, _)
            | Place::Scale(connection, _)
            | Place::Overview(connection)
            | Place::Applications(connection)
            | Place::Application(connection, _)
            | Place::Queues(connection)
            | Place::Nodes(connection)
            | Place::Node(connection, _)
            | Place::Submit(connection)
            | Place::Statistics(connection)
            | Place::Tokens(connection)
            | Place::Plugins(connection)
            | Place::PluginVersion(connection, ..)
            | Place::Images(connection)
            | Place::Image(connection, _)
            | Place::NodeGroupTemplates(connection)
            | Place::NodeGroupTemplate(connection, _)
            | Place::NewNodeGroupTemplate(connection)
            | Place::EditNodeGroupTemplate(connection, _)
            | Place::ClusterTemplates(connection)
            | Place::ClusterTemplate(connection, _)
            | Place::NewClusterTemplate(connection)
            | Place::EditClusterTemplate(connection, _)
            | Place::Launch(connection)
            | Place::ClusterNodes(connection, _)
            | Place::AddNodes(connection, _)
            | Place::Operations(connection, _)
            | Place::Usage(connection, _) => Some(connection),
            Place::Fleet | Place::SignIn | Place::Activity | Place::Run(_) => None,
        }
    }

    /// The address for a link.
    pub(crate) fn href(&self) -> String {
        base() + &self.path()
    }

    /// The address for a link with a query, `state=failed&connection=a`.
    pub(crate) fn href_with(&self, query: &[(&str, &str)]) -> String {
        self.href() + &query_string(query)
    }
}

/// A query string with its question mark; empty without parameters.
pub(crate) fn query_string(parameters: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (name, value) in parameters {
        out.push(if out.is_empty() { '?' } else { '&' });
        encode_segment(name, &mut out);
        out.push('=');
        encode_segment(value, &mut out);
    }
    out
}

fn path(segments: &[&str]) -> String {
    let mut out = String::new();
    for segment in segments {
        out.push('/');
        encode_segment(segment, &mut out);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_back_to_its_page() {
        let (connection, cluster) = (|| "야간 a%b".to_owned(), || "c/1".to_owned());
        for place in [
            Place::Fleet,
            Place::SignIn,
            Place::Activity,
            Place::Run("01J".into()),
            Place::Connection(connection()),
            Place::Clusters(connection()),
            Place::Cluster(connection(), cluster()),
            Place::RunAgain(connection(), cluster()),
            Place::Scale(connection(), cluster()),
            Place::Overview(connection()),
            Place::Applications(connection()),
            Place::Application(connection(), cluster()),
            Place::Queues(connection()),
            Place::Nodes(connection()),
            Place::Node(connection(), "host-1.b:45454".into()),
            Place::Submit(connection()),
            Place::Statistics(connection()),
            Place::Tokens(connection()),
            Place::Plugins(connection()),
            Place::PluginVersion(connection(), "vanilla".into(), "1.2.1".into()),
            Place::Images(connection()),
            Place::Image(connection(), cluster()),
            Place::NodeGroupTemplates(connection()),
            Place::NodeGroupTemplate(connection(), cluster()),
            Place::NewNodeGroupTemplate(connection()),
            Place::EditNodeGroupTemplate(connection(), cluster()),
            Place::ClusterTemplates(connection()),
            Place::ClusterTemplate(connection(), cluster()),
            Place::NewClusterTemplate(connection()),
            Place::EditClusterTemplate(connection(), cluster()),
            Place::Launch(connection()),
            Place::ClusterNodes(connection(), cluster()),
            Place::AddNodes(connection(), cluster()),
            Place::Operations(connection(), cluster()),
            Place::Usage(connection(), cluster()),
        ] {
            let address = format!("/h{}", place.path());
            assert_eq!(Place::at("/h", &address), Some(place), "{address}");
        }
    }

    #[test]
    fn what_is_no_address_of_ours_leads_nowhere() {
        assert_eq!(Place::at("", "/nope"), None);
        assert_eq!(Place::at("", "/connections"), None);
        assert_eq!(Place::at("/h", "/requests"), None);
        assert_eq!(Place::at("", "/requests/%zz"), Some(Place::Run("%zz".into())));
        assert_eq!(Place::at("", "/requests/"), Some(Place::Activity));
    }

    #[test]
    fn names_are_encoded() {
        let place = Place::Cluster("a b".into(), "클".into());
        assert_eq!(place.path(), "/connections/a%20b/clusters/%ED%81%B4");
    }

    #[test]
    fn queries_are_encoded() {
        assert_eq!(query_string(&[]), "");
        assert_eq!(query_string(&[("state", "failed"), ("connection", "a&b")]), "?state=failed&connection=a%26b");
    }
}
