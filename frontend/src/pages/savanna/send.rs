//! Sending what a form comes to, and what is kept of it until it is certain what became of it.

use howdah_shared::operation::{Nothing, Operation};
use howdah_shared::problem::{Code, Problem};
use howdah_shared::systems::savanna::{
    CreateClusterTemplate, CreateNodeGroupTemplate, EditClusterTemplate, EditNodeGroupTemplate, StartCluster, TenantId,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::form::{Kept, What};
use crate::api::{At, bad_path, change, fresh_key};
use crate::kept::{forget, keep, kept};

/// What is typed and not made yet, and the idempotency key of the try whose outcome is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Draft {
    /// What is typed.
    pub(super) form: Kept,
    /// The key.
    key: String,
}

impl Draft {
    /// What is to be kept.
    pub(super) fn new(form: Kept, key: String) -> Draft {
        Draft { form, key }
    }

    /// The key to go on with. What is not kept changes what is sent.
    pub(super) fn key(&self) -> String {
        if self.form.lacks { fresh_key() } else { self.key.clone() }
    }

    /// Keeps it at a place.
    pub(super) fn keep(&self, place: &str) {
        match serde_json::to_string(self) {
            Ok(text) => keep(place, &text),
            Err(_) => forget(place),
        }
    }

    /// The one that is kept at a place.
    pub(super) fn kept(place: &str) -> Option<Draft> {
        serde_json::from_str(&kept(place)?).ok()
    }
}

/// What was made.
pub(super) struct Made {
    /// Its id.
    pub(super) id: String,
}

/// Makes something of a body.
///
/// # Errors
/// As of [`change`].
pub(super) async fn make(
    connection: &str,
    tenant_id: TenantId,
    what: What,
    body: &Value,
    key: &str,
) -> Result<Made, Problem> {
    let at = At::Connection(connection);
    let id = match what {
        What::Nodes => {
            let reply = sent(at, &CreateNodeGroupTemplate { tenant_id }, body, key).await?;
            reply.node_group_template.group.id
        }
        What::Template => sent(at, &CreateClusterTemplate { tenant_id }, body, key).await?.cluster_template.id,
        What::Cluster => sent(at, &StartCluster { tenant_id }, body, key).await?.cluster.id,
    };
    Ok(Made { id: id.unwrap_or_default() })
}

/// Edits a template.
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
) -> Result<Made, Problem> {
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
    Ok(Made { id: id.to_owned() })
}

async fn sent<O>(at: At<'_>, operation: &O, body: &Value, key: &str) -> Result<O::Reply, Problem>
where
    O: Operation<Query = Nothing>,
    O::Body: DeserializeOwned,
{
    let body = serde_json::from_value(body.clone()).map_err(|error| Problem::new(Code::BadBody, error.to_string()))?;
    Ok(change(at, operation, &Nothing {}, &body, Some(key)).await?.reply)
}
