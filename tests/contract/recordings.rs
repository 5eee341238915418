//! What real servers said: the recordings that stand here, and any folder of captures by hand
//! (`HOWDAH_CAPTURES=DIR`).

use std::fs;
use std::path::{Path, PathBuf};

use howdah_shared::systems::yarn::{
    ApplicationsReply, ClusterInfoReply, ClusterMetricsReply, StatisticsItem, StatisticsReply,
};
use serde_json::Value;

use crate::read;

#[test]
fn recordings_are_read() {
    let read = read_all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/contract/recordings"));
    for reply in ["apps", "clusterInfo", "clusterMetrics", "appStatInfo"] {
        assert!(read.contains(&reply), "{reply}: {read:?}");
    }
}

#[test]
fn captures_are_read() {
    let Some(folder) = std::env::var_os("HOWDAH_CAPTURES") else {
        println!("skipped: HOWDAH_CAPTURES names no folder of captures");
        return;
    };
    let read = read_all(Path::new(&folder));
    assert!(!read.is_empty(), "nothing to read in {}", folder.display());
    println!("{} captured replies were read", read.len());
}

/// Reads every reply below a folder that we have a reader for; gives their outermost names.
fn read_all(folder: &Path) -> Vec<&'static str> {
    let mut files = Vec::new();
    collect(folder, &mut files);
    let mut read = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let Ok(document) = serde_json::from_str::<Value>(&text) else { continue };
        // A recording holds the reply as text beside what was asked.
        let body = document.get("body").and_then(Value::as_str).map_or(text.clone(), str::to_owned);
        read.extend(read_one(&file, &body));
    }
    read
}

fn read_one(file: &Path, body: &str) -> Option<&'static str> {
    let document: Value = serde_json::from_str(body).ok()?;
    if let Some(apps) = document.get("apps") {
        let expected = match &apps["app"] {
            Value::Array(apps) => apps.len(),
            Value::Object(app) => usize::from(!app.is_empty()),
            _ => 0,
        };
        let reply: ApplicationsReply = read(body);
        assert_eq!(reply.apps.app.len(), expected, "{}", file.display());
        assert!(reply.apps.app.iter().all(|app| app.id.is_some() && app.state.is_some()), "{}", file.display());
        Some("apps")
    } else if let Some(app) = document.get("app").filter(|app| app.is_object()) {
        let reply: ApplicationsReply = read(&serde_json::json!({"apps": {"app": app}}).to_string());
        assert!(reply.apps.app[0].id.is_some(), "{}", file.display());
        Some("app")
    } else if document.get("clusterInfo").is_some() {
        let reply: ClusterInfoReply = read(body);
        assert!(reply.cluster_info.started_on.is_some(), "{}", file.display());
        Some("clusterInfo")
    } else if document.get("clusterMetrics").is_some() {
        let reply: ClusterMetricsReply = read(body);
        assert!(reply.cluster_metrics.apps_submitted.is_some(), "{}", file.display());
        Some("clusterMetrics")
    } else if document.get("appStatInfo").is_some() {
        let items = read::<StatisticsReply>(body).app_stat_info.stat_item;
        let told = |item: &StatisticsItem| item.state.is_some() && item.kind.is_some() && item.count.is_some();
        assert!(!items.is_empty() && items.iter().all(told), "{}", file.display());
        Some("appStatInfo")
    } else {
        None
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|kind| kind == "json") {
            files.push(path);
        }
    }
}
