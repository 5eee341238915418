//! Lists as today's service gives them: filtered, sorted and in pages. Those of the reference know nothing of this.

use serde_json::{Value, json};

use super::behaviour::Dialect;
use super::errors::Refused;

/// What a query says, in order.
pub(super) fn parameters(query: &str) -> Vec<(String, String)> {
    serde_html_form::from_str(query).unwrap_or_default()
}

/// The list with what the query wants of it, and at most so many of it where the service has a most.
///
/// # Errors
/// The refusal of a query that makes no sense.
pub(super) fn list(
    (dialect, most): (Dialect, Option<usize>),
    name: &str,
    query: &str,
    mut items: Vec<Value>,
) -> Result<Value, Refused> {
    if dialect == Dialect::Reference {
        return Ok(json!({name: items}));
    }
    let (mut limit, mut marker, mut sort) = (None, None, "id".to_owned());
    for (parameter, value) in parameters(query) {
        match parameter.as_str() {
            "limit" => {
                let refused = || Refused::Own {
                    status: 400,
                    name: json!(400),
                    message: "'limit' must be positive integer".to_owned(),
                };
                limit = Some(value.parse::<usize>().ok().filter(|limit| *limit > 0).ok_or_else(refused)?);
            }
            "marker" => marker = Some(value),
            "sort_by" => sort = value,
            "show_progress" => {}
            "name"
            | "description"
            | "plugin_name"
            | "hadoop_version"
            | "status"
            | "id"
            | "tenant_id"
            | "cluster_template_id" => {
                items.retain(|item| item[&parameter] == value.as_str());
            }
            // The service does not look at what its database cannot know.
            _ => return Err(Refused::failed()),
        }
    }
    let (field, down) = sort.strip_prefix('-').map_or((sort.as_str(), false), |field| (field, true));
    items.sort_by_key(|item| item[field].as_str().unwrap_or_default().to_owned());
    if down {
        items.reverse();
    }
    let id = |item: &Value| item["id"].as_str().map(str::to_owned);
    let mut begin = 0;
    if let Some(marker) = marker {
        let at = items.iter().position(|item| item["id"] == marker.as_str());
        begin = at.ok_or_else(|| Refused::missing(&marker))? + 1;
    }
    let limit = limit.into_iter().chain(most).min();
    let Some(limit) = limit else { return Ok(json!({name: items.split_off(begin)})) };
    let end = (begin + limit).min(items.len());
    if begin == 0 && end == items.len() {
        return Ok(json!({name: items}));
    }
    // No id stands for the first page, which needs none, and for what there is not.
    let prev = begin.checked_sub(limit + 1).and_then(|at| id(&items[at]));
    let next = if end < items.len() { id(&items[end - 1]) } else { None };
    Ok(json!({name: items[begin..end], "markers": {"prev": prev, "next": next}}))
}
