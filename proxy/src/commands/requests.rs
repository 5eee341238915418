//! `howdah requests`: the journal on the command line, also beside a Howdah that runs.

use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::time::{Duration, SystemTime};

use howdah_shared::console::{Request, RequestsQuery};

use crate::config::Config;
use crate::journal::{self, Archive, JournalError};

/// Why printing ended before the end.
enum Stopped {
    Journal(JournalError),
    /// Whoever reads us has had enough.
    Output(std::io::Error),
}

impl From<JournalError> for Stopped {
    fn from(error: JournalError) -> Stopped {
        Stopped::Journal(error)
    }
}

/// How requests are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A line each for people.
    Lines,
    /// A JSON object each, in a line of its own, as `GET /api/requests/ID` shows it.
    Json,
}

/// `howdah requests list`, `howdah requests export`
///
/// # Errors
/// The sentence for whoever started it.
pub async fn print(config: &Path, query: &RequestsQuery, form: Form) -> Result<(), String> {
    let archive = Archive::open(&path(config)?).await.map_err(|error| error.to_string())?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let printed = archive
        .each(query, |request| {
            let line = match form {
                Form::Lines => line(&request),
                Form::Json => serde_json::to_string(&request).map_err(|error| Stopped::Output(error.into()))?,
            };
            writeln!(out, "{line}").map_err(Stopped::Output)
        })
        .await;
    match printed.and_then(|()| out.flush().map_err(Stopped::Output)) {
        Err(Stopped::Output(error)) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.to_string()),
        Err(Stopped::Journal(error)) => Err(error.to_string()),
        _ => Ok(()),
    }
}

/// `howdah requests backup`
///
/// # Errors
/// The sentence for whoever started it.
pub async fn backup(config: &Path, to: &Path) -> Result<(), String> {
    let archive = Archive::open(&path(config)?).await.map_err(|error| error.to_string())?;
    archive.copy(to).await.map_err(|error| error.to_string())
}

/// `howdah requests restore`
///
/// # Errors
/// The sentence for whoever started it; then the journal is as it was.
pub async fn restore(config: &Path, from: &Path) -> Result<(), String> {
    journal::restore(&path(config)?, from).await.map_err(|error| error.to_string())
}

fn path(config: &Path) -> Result<std::path::PathBuf, String> {
    Ok(Config::load(config).map_err(|error| error.to_string())?.journal.path)
}

/// When, what became of it, what was asked of what, by whom, and its id.
fn line(request: &Request) -> String {
    let created = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(request.created).unwrap_or(0));
    let target: Vec<&str> = request.target.values().map(String::as_str).collect();
    let Request { id, connection, operation, principal, state, .. } = request;
    let (created, state) = (httpdate::fmt_http_date(created), state.as_str());
    let line = format!("{created}  {state:10}  {operation} {connection} {}  {principal}  {id}", target.join(" "));
    // A terminal does what control characters say.
    line.replace(char::is_control, "\u{fffd}")
}
