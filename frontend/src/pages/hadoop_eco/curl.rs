//! A run as a line for a shell, with variables in place of the keys.

use super::version::Settings;

/// The line. It speaks to the service itself: what it starts is not in Howdah's journal.
pub(super) fn curl(service: &str, cluster: &str, settings: &Settings) -> String {
    let address = format!("{}{}", service.trim_end_matches('/'), settings.path(cluster));
    [
        format!("curl -X POST {}", quoted(&address)),
        "-H \"Hadoop-Eco-Api-Key: $HADOOP_ECO_API_KEY\"".to_owned(),
        "-H \"Credential-ID: $CREDENTIAL_ID\"".to_owned(),
        "-H \"Credential-Secret: $CREDENTIAL_SECRET\"".to_owned(),
        "-H 'Content-Type: application/json'".to_owned(),
        format!("-d {}", quoted(&settings.text())),
    ]
    .join(" \\\n  ")
}

/// As one word of a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use howdah_shared::systems::hadoop_eco::v1;

    use super::*;

    #[test]
    fn whatever_is_typed_stays_one_word() {
        let request = v1::ReworkRequest {
            worker_cnt: Some(6),
            user_task_exec_params: Some("--note 'a $HOME `b`'".to_owned()),
            ..v1::ReworkRequest::default()
        };
        let line = curl("https://h/base/", "c 1", &Settings::V1(request));
        assert!(line.starts_with("curl -X POST 'https://h/base/hadoop-eco/v1/cluster/c%201' \\\n"), "{line}");
        let body = r#"'{"workerCnt":6,"userTaskExecParams":"--note '\''a $HOME `b`'\''"}'"#;
        assert!(line.ends_with(&format!("-d {body}")), "{line}");
    }
}
