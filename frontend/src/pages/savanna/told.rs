//! Templates as the service tells them, whole.

use howdah_shared::operation::Nothing;
use howdah_shared::problem::{Code, Problem};
use howdah_shared::systems::savanna::{ShowClusterTemplate, ShowNodeGroupTemplate, TenantId};
use serde_json::Value;

use super::form::What;
use crate::api::{At, bad_path, text};

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
