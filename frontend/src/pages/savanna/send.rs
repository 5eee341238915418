//! Sending what a form comes to.

use howdah_shared::operation::{Nothing, Operation};
use howdah_shared::problem::{Code, Problem};
use howdah_shared::systems::savanna::{
    CreateClusterTemplate, CreateNodeGroupTemplate, EditClusterTemplate, EditNodeGroupTemplate, StartCluster, TenantId,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::form::What;
use crate::api::{At, bad_path, change};

/// Makes something of a body; its id.
///
/// # Errors
/// As of [`change`].
pub(super) async fn make(
    connection: &str,
    tenant_id: TenantId,
    what: What,
    body: &Value,
    key: &str,
) -> Result<String, Problem> {
    let at = At::Connection(connection);
    let id = match what {
        What::Nodes => {
            let reply = sent(at, &CreateNodeGroupTemplate { tenant_id }, body, key).await?;
            reply.node_group_template.group.id
        }
        What::Template => sent(at, &CreateClusterTemplate { tenant_id }, body, key).await?.cluster_template.id,
        What::Cluster => sent(at, &StartCluster { tenant_id }, body, key).await?.cluster.id,
    };
    Ok(id.unwrap_or_default())
}

/// Edits a template; its id.
///
/// # Errors
/// As of [`change`].
pub(super) async fn edit(
    connection: &str,
    tenant_id: TenantId,
    what: What,
    id: &str,
    body: &Value,
    key: &str,
) -> Result<String, Problem> {
    let at = At::Connection(connection);
    match what {
        What::Nodes => {
            let node_group_template_id = id.parse().map_err(bad_path)?;
            sent(at, &EditNodeGroupTemplate { tenant_id, node_group_template_id }, body, key).await.map(drop)?;
        }
        _ => {
            let cluster_template_id = id.parse().map_err(bad_path)?;
            sent(at, &EditClusterTemplate { tenant_id, cluster_template_id }, body, key).await.map(drop)?;
        }
    }
    Ok(id.to_owned())
}

async fn sent<O>(at: At<'_>, operation: &O, body: &Value, key: &str) -> Result<O::Reply, Problem>
where
    O: Operation<Query = Nothing>,
    O::Body: DeserializeOwned,
{
    let body = serde_json::from_value(body.clone()).map_err(|error| Problem::new(Code::BadBody, error.to_string()))?;
    Ok(change(at, operation, &Nothing {}, &body, Some(key)).await?.reply)
}
