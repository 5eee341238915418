//! What the service tells, whole: a template with all that it has, and a list with all its pages.

use howdah_shared::operation::{Nothing, Operation};
use howdah_shared::problem::{Code, Problem};
use howdah_shared::systems::savanna::{
    Cluster, ClusterTemplate, ClustersQuery, ListClusterTemplates, ListClusters, ListNodeGroupTemplates, Markers,
    NodeGroupTemplate, ShowClusterTemplate, ShowNodeGroupTemplate, TemplatesQuery, TenantId,
};
use serde_json::Value;

use super::form::What;
use crate::api::{At, bad_path, call, text};

/// Every template of a group of nodes.
///
/// # Errors
/// As of [`call`].
pub(super) async fn node_group_templates(
    connection: &str,
    tenant_id: TenantId,
) -> Result<Vec<NodeGroupTemplate>, Problem> {
    let query = |marker| TemplatesQuery { marker, ..TemplatesQuery::default() };
    every(connection, &ListNodeGroupTemplates { tenant_id }, query, |reply| (reply.node_group_templates, reply.markers))
        .await
}

/// Every template of a cluster.
///
/// # Errors
/// As of [`call`].
pub(super) async fn cluster_templates(connection: &str, tenant_id: TenantId) -> Result<Vec<ClusterTemplate>, Problem> {
    let query = |marker| TemplatesQuery { marker, ..TemplatesQuery::default() };
    every(connection, &ListClusterTemplates { tenant_id }, query, |reply| (reply.cluster_templates, reply.markers))
        .await
}

/// Every cluster.
///
/// # Errors
/// As of [`call`].
pub(super) async fn clusters(connection: &str, tenant_id: TenantId) -> Result<Vec<Cluster>, Problem> {
    let query = |marker| ClustersQuery { marker, ..ClustersQuery::default() };
    every(connection, &ListClusters { tenant_id }, query, |reply| (reply.clusters, reply.markers)).await
}

/// All of a list, page by page where the service cuts it.
async fn every<O: Operation<Body = Nothing>, T>(
    connection: &str,
    operation: &O,
    query: impl Fn(Option<String>) -> O::Query,
    page: impl Fn(O::Reply) -> (Vec<T>, Markers),
) -> Result<Vec<T>, Problem> {
    let (mut all, mut marker) = (Vec::new(), None);
    loop {
        let reply = call(At::Connection(connection), operation, &query(marker.clone()), &Nothing {}).await?;
        let (items, Markers { next, .. }) = page(reply);
        // Behind a page without items there is none.
        let is_last = next.is_none() || next == marker || items.is_empty();
        all.extend(items);
        if is_last {
            return Ok(all);
        }
        marker = next;
    }
}

/// A template.
///
/// # Errors
/// As of [`text`].
pub(super) async fn template(connection: &str, tenant_id: TenantId, what: What, id: &str) -> Result<Value, Problem> {
    let at = At::Connection(connection);
    let (told, member) = match what {
        What::Nodes => {
            let node_group_template_id = id.parse().map_err(bad_path)?;
            let show = ShowNodeGroupTemplate { tenant_id, node_group_template_id };
            (text(at, &show, &Nothing {}).await?, "node_group_template")
        }
        _ => {
            let cluster_template_id = id.parse().map_err(bad_path)?;
            let show = ShowClusterTemplate { tenant_id, cluster_template_id };
            (text(at, &show, &Nothing {}).await?, "cluster_template")
        }
    };
    let mut whole: Value =
        serde_json::from_str(&told).map_err(|error| Problem::new(Code::Unreadable, error.to_string()))?;
    Ok(whole.get_mut(member).map(Value::take).unwrap_or_default())
}
