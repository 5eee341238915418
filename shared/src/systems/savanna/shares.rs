//! Shared file systems that nodes mount, as they are asked for.

use super::rules::{self, Fault, Rule};
use crate::systems::writes::writes;

writes! {
    /// A shared file system to mount.
    ShareRequest {
        /// Its id.
        id: String;
        /// Where to mount it.
        path?: String;
        /// `rw` or `ro`.
        access_level?: String;
    }
}

/// What the service refuses of those of a body; `place` is what their member's name stands behind.
pub(super) fn faults_of_shares(shares: &[ShareRequest], place: &str) -> Vec<Fault> {
    let each = shares.iter().enumerate().flat_map(|(at, share)| {
        let of = |member: &str| format!("{place}shares[{at}].{member}");
        let path = share.path.as_ref();
        let taken = path.is_some() && shares[..at].iter().any(|before| before.path.as_ref() == path);
        [
            Rule::Id.of(of("id"), rules::is_uuid(&share.id)),
            Rule::SharePath.of(of("path"), path.is_none_or(|path| path.starts_with('/') && !path.contains('\0'))),
            Rule::SharePathTwice.of(of("path"), !taken),
            Rule::Access.of(of("access_level"), matches!(share.access_level.as_deref(), None | Some("rw" | "ro"))),
        ]
    });
    each.flatten().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::systems::savanna::{ClusterRequest, ClusterTemplateEdit, Dialect, NodeGroupTemplateRequest};

    const ID: &str = "e017fdde-a2f7-41ed-b342-2d63083e7772";

    fn places(faults: Vec<Fault>) -> Vec<(String, Rule)> {
        faults.into_iter().map(|fault| (fault.field, fault.rule)).collect()
    }

    #[test]
    fn a_share_has_an_id_a_path_of_its_own_and_an_access() {
        let shares = json!([
            {"id": ID, "path": "/mnt/data", "access_level": "ro"},
            {"id": ID},
            {"id": "nfs", "path": "/mnt/data"},
            {"id": ID, "path": "data", "access_level": "w"},
            {"id": ID, "path": "/a\u{0}b"},
            {"id": ID, "path": ""}
        ]);
        let shares: Vec<ShareRequest> = serde_json::from_value(shares).unwrap();
        let said = places(faults_of_shares(&shares, ""));
        let meant = [
            ("shares[2].id", Rule::Id),
            ("shares[2].path", Rule::SharePathTwice),
            ("shares[3].path", Rule::SharePath),
            ("shares[3].access_level", Rule::Access),
            ("shares[4].path", Rule::SharePath),
            ("shares[5].path", Rule::SharePath),
        ];
        assert_eq!(said, meant.map(|(place, rule)| (place.to_owned(), rule)));
    }

    #[test]
    fn they_are_looked_at_wherever_they_stand() {
        let shares = json!([{"id": "x"}]);
        let nodes = json!({
            "name": "n", "plugin_name": "p", "hadoop_version": "1", "flavor_id": "1", "node_processes": ["a"],
            "shares": shares
        });
        let nodes: NodeGroupTemplateRequest = serde_json::from_value(nodes).unwrap();
        assert_eq!(places(nodes.faults(Dialect::Today)), [("shares[0].id".to_owned(), Rule::Id)]);
        let group = json!({"name": "g", "count": 1, "flavor_id": "1", "node_processes": ["a"], "shares": shares});
        let edit: ClusterTemplateEdit = serde_json::from_value(json!({"node_groups": [group]})).unwrap();
        assert_eq!(places(edit.faults(Dialect::Today)), [("node_groups[0].shares[0].id".to_owned(), Rule::Id)]);
        let cluster = json!({
            "name": "c", "plugin_name": "p", "hadoop_version": "1", "cluster_template_id": ID, "shares": shares
        });
        let cluster: ClusterRequest = serde_json::from_value(cluster).unwrap();
        assert_eq!(places(cluster.faults(Dialect::Today)), [("shares[0].id".to_owned(), Rule::Id)]);
    }
}
