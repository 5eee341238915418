//! What the service lets in: its three headers, and bodies as the reference's "Request Elements" have them.

use http::{HeaderMap, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use super::super::server::{Answer, Asked};

/// The access key that the service accepts.
pub(super) struct AccessKey {
    pub(super) id: String,
    pub(super) secret: SecretString,
}

impl AccessKey {
    /// Checks `Credential-ID` and `Credential-Secret`.
    pub(super) fn admits(&self, headers: &HeaderMap) -> bool {
        single(headers, "credential-id") == Some(&self.id)
            && single(headers, "credential-secret") == Some(self.secret.expose_secret())
    }
}

/// The value of a header that is there once.
pub(super) fn single<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// 400: "Request information error".
pub(super) fn bad_request(why: &str) -> Answer {
    Answer::json(StatusCode::BAD_REQUEST, &json!({"code": "InvalidRequest", "message": why}))
}

/// 401: "Authentication failed". In the shape of this cloud's other services.
pub(super) fn unauthorized(why: &str) -> Answer {
    let body = json!({"error": {"code": 401, "message": why, "title": "Unauthorized"}});
    Answer::json(StatusCode::UNAUTHORIZED, &body)
}

/// 403: "No permission".
pub(super) fn forbidden(why: &str) -> Answer {
    Answer::json(StatusCode::FORBIDDEN, &json!({"message": why}))
}

/// 404: "Cluster not found".
pub(super) fn not_found(why: &str) -> Answer {
    Answer::json(StatusCode::NOT_FOUND, &json!({"code": "NotFound", "message": why}))
}

/// Checks the content type, which the reference gives for both calls.
pub(super) fn check_type(asked: &Asked) -> Result<(), String> {
    let kind = single(&asked.headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/json") {
        Ok(())
    } else {
        Err("Content-Type must be application/json".to_owned())
    }
}

/// Reads the query of the GET: `verbose`, `true` or `false`.
pub(super) fn verbose(query: Option<&str>) -> Result<bool, String> {
    match query.unwrap_or_default() {
        "" | "verbose=false" => Ok(false),
        "verbose=true" => Ok(true),
        _ => Err("the only query parameter is verbose, true or false".to_owned()),
    }
}

/// What a POST changes; what is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Changes {
    /// Type, nodes and GB of each instance group that is named.
    pub(super) groups: Vec<(Group, Option<u64>, Option<u64>)>,
    pub(super) block_size: Option<u64>,
    pub(super) replication: Option<u64>,
    pub(super) deploy_mode: Option<String>,
    pub(super) exec_opts: Option<String>,
    pub(super) exec_params: Option<String>,
    pub(super) security_groups: Option<Vec<String>>,
}

/// The kind of an instance group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    Master,
    Worker,
    Task,
}

/// Reads the body of the POST.
///
/// # Errors
/// The first thing that is not as the reference has it.
pub(super) fn changes(body: &[u8]) -> Result<Changes, String> {
    let body: Value = serde_json::from_slice(body).map_err(|error| format!("the body is not JSON: {error}"))?;
    let body = object(&body, "the body", &["instanceSpecs", "config", "userTaskInfo", "securityGroupIds"])?;
    let mut changes = Changes::default();
    if let Some(specs) = body.get("instanceSpecs") {
        let specs = specs.as_array().ok_or("instanceSpecs must be an array")?;
        changes.groups = specs.iter().map(group).collect::<Result<_, _>>()?;
    }
    if let Some(config) = body.get("config") {
        let config = object(config, "config", &["hdfsBlockSize", "hdfsReplication"])?;
        changes.block_size = integer(config, "hdfsBlockSize", 1, 1024)?;
        changes.replication = integer(config, "hdfsReplication", 1, 500)?;
    }
    if let Some(task) = body.get("userTaskInfo") {
        let task = object(task, "userTaskInfo", &["deployMode", "execOpts", "execParams"])?;
        changes.deploy_mode = string(task, "deployMode")?;
        if !matches!(changes.deploy_mode.as_deref(), None | Some("client" | "cluster")) {
            return Err("deployMode must be client or cluster".to_owned());
        }
        changes.exec_opts = string(task, "execOpts")?;
        changes.exec_params = string(task, "execParams")?;
    }
    if let Some(groups) = body.get("securityGroupIds") {
        let groups = groups.as_array().ok_or("securityGroupIds must be an array")?;
        let text = |id: &Value| id.as_str().map(str::to_owned).ok_or("securityGroupIds must hold strings".to_owned());
        changes.security_groups = Some(groups.iter().map(text).collect::<Result<_, _>>()?);
    }
    Ok(changes)
}

fn group(spec: &Value) -> Result<(Group, Option<u64>, Option<u64>), String> {
    let spec = object(spec, "an element of instanceSpecs", &["type", "nodeCnt", "volumeSize"])?;
    let kind = match spec.get("type").and_then(Value::as_str) {
        Some("MASTER") => Group::Master,
        Some("WORKER") => Group::Worker,
        Some("TASK") => Group::Task,
        _ => return Err("type must be MASTER, WORKER or TASK".to_owned()),
    };
    Ok((kind, integer(spec, "nodeCnt", 1, 1000)?, integer(spec, "volumeSize", 100, 5120)?))
}

pub(super) fn object<'a>(value: &'a Value, what: &str, known: &[&str]) -> Result<&'a Map<String, Value>, String> {
    let members = value.as_object().ok_or_else(|| format!("{what} must be an object"))?;
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        Some(unknown) => Err(format!("{what} has an unknown member {unknown}")),
        None => Ok(members),
    }
}

pub(super) fn integer(members: &Map<String, Value>, name: &str, least: u64, most: u64) -> Result<Option<u64>, String> {
    let Some(value) = members.get(name) else { return Ok(None) };
    match value.as_u64().filter(|value| (least..=most).contains(value)) {
        Some(value) => Ok(Some(value)),
        None => Err(format!("{name} must be an integer from {least} to {most}")),
    }
}

pub(super) fn string(members: &Map<String, Value>, name: &str) -> Result<Option<String>, String> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(format!("{name} must be a string")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_s_body_is_read_whole() {
        let read = changes(
            br#"{"instanceSpecs":[{"type":"MASTER","volumeSize":100},{"type":"WORKER","nodeCnt":1000,"volumeSize":5120},
                {"type":"TASK","nodeCnt":1}],"config":{"hdfsBlockSize":1024,"hdfsReplication":500},
                "userTaskInfo":{"deployMode":"client","execOpts":"--a","execParams":""},"securityGroupIds":["one"]}"#,
        );
        let expected = Changes {
            groups: vec![
                (Group::Master, None, Some(100)),
                (Group::Worker, Some(1000), Some(5120)),
                (Group::Task, Some(1), None),
            ],
            block_size: Some(1024),
            replication: Some(500),
            deploy_mode: Some("client".to_owned()),
            exec_opts: Some("--a".to_owned()),
            exec_params: Some(String::new()),
            security_groups: Some(vec!["one".to_owned()]),
        };
        assert_eq!(read, Ok(expected));
        assert_eq!(changes(b"{}"), Ok(Changes::default()));
    }

    #[test]
    fn bodies_beyond_the_reference_are_refused() {
        for (body, word) in [
            ("", "not JSON"),
            ("nodes=3", "not JSON"),
            ("[]", "object"),
            (r#"{"workerCnt":3}"#, "unknown member workerCnt"),
            (r#"{"userTask":{}}"#, "unknown member userTask"),
            (r#"{"instanceSpecs":{}}"#, "array"),
            (r#"{"instanceSpecs":[3]}"#, "object"),
            (r#"{"instanceSpecs":[{"nodeCnt":3}]}"#, "type"),
            (r#"{"instanceSpecs":[{"type":"worker"}]}"#, "type"),
            (r#"{"instanceSpecs":[{"type":"WORKER","flavor":"x"}]}"#, "unknown member flavor"),
            (r#"{"instanceSpecs":[{"type":"WORKER","nodeCnt":0}]}"#, "nodeCnt"),
            (r#"{"instanceSpecs":[{"type":"WORKER","nodeCnt":1001}]}"#, "nodeCnt"),
            (r#"{"instanceSpecs":[{"type":"WORKER","nodeCnt":"3"}]}"#, "nodeCnt"),
            (r#"{"instanceSpecs":[{"type":"WORKER","nodeCnt":3.5}]}"#, "nodeCnt"),
            (r#"{"instanceSpecs":[{"type":"WORKER","nodeCnt":null}]}"#, "nodeCnt"),
            (r#"{"instanceSpecs":[{"type":"WORKER","volumeSize":99}]}"#, "volumeSize"),
            (r#"{"instanceSpecs":[{"type":"WORKER","volumeSize":5121}]}"#, "volumeSize"),
            (r#"{"config":{"hdfsBlockSize":0}}"#, "hdfsBlockSize"),
            (r#"{"config":{"hdfsBlockSize":1025}}"#, "hdfsBlockSize"),
            (r#"{"config":{"hdfsReplication":0}}"#, "hdfsReplication"),
            (r#"{"config":{"hdfsReplication":501}}"#, "hdfsReplication"),
            (r#"{"config":{"configText":""}}"#, "unknown member configText"),
            (r#"{"config":null}"#, "object"),
            (r#"{"userTaskInfo":{"deployMode":"Cluster"}}"#, "deployMode"),
            (r#"{"userTaskInfo":{"execOpts":[]}}"#, "execOpts"),
            (r#"{"userTaskInfo":{"exec_params":""}}"#, "unknown member exec_params"),
            (r#"{"securityGroupIds":"one"}"#, "array"),
            (r#"{"securityGroupIds":[1]}"#, "strings"),
        ] {
            let refused = changes(body.as_bytes()).expect_err(body);
            assert!(refused.contains(word), "{body}: {refused}");
        }
    }
}
