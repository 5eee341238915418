//! How connections and clusters stand, from their requests.

use std::collections::HashMap;

use howdah_shared::console::Request;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::{Arguments as _, AssertSqlSafe, Row as _};

use super::{Journal, JournalError, rows};

/// How a connection stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Requests that are on their way: not settled yet, or followed.
    pub running: u64,
    /// Requests whose outcome is unknown or that could not be followed to their end.
    pub unsettled: u64,
    /// The request that failed last and whose target has not had a success since.
    pub failed: Option<Request>,
}

/// How a cluster stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TargetSummary {
    /// The newest request for it.
    pub last: Option<Request>,
    /// The newest request for it that the service accepted and gave an id.
    pub last_accepted: Option<Request>,
    /// The median duration of its latest successful requests, at most ten and at least three, in ms.
    pub usual: Option<u64>,
    /// Requests for it whose outcome is unknown.
    pub unknown: u64,
}

impl Journal {
    /// How a connection stands.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn summary(&self, connection: &str) -> Result<Summary, JournalError> {
        let counts = sqlx::query(
            "SELECT COUNT(CASE WHEN state IN ('intended', 'sent') OR due IS NOT NULL THEN 1 END) AS running,
                 COUNT(CASE WHEN state IN ('unknown', 'unresolved') THEN 1 END) AS unsettled
             FROM requests WHERE connection = $1
                 AND state IN ('intended', 'sent', 'accepted', 'running', 'unknown', 'unresolved')",
        )
        .bind(connection)
        .fetch_one(self.0.store.read())
        .await?;
        let sql = format!(
            "SELECT {} FROM requests f WHERE connection = $1 AND state = 'failed' AND NOT EXISTS (
                 SELECT 1 FROM requests s WHERE s.connection = f.connection AND s.cluster = f.cluster
                     AND s.state = 'succeeded' AND s.id > f.id)
             ORDER BY id DESC LIMIT 1",
            rows::REQUEST
        );
        let failed = sqlx::query(AssertSqlSafe(sql)).bind(connection).fetch_optional(self.0.store.read()).await?;
        Ok(Summary {
            running: count(&counts, "running")?,
            unsettled: count(&counts, "unsettled")?,
            failed: failed.as_ref().map(rows::request).transpose()?,
        })
    }

    /// How each of a connection's targets stands: all that are named are in the answer.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn targets(
        &self,
        connection: &str,
        targets: &[String],
    ) -> Result<HashMap<String, TargetSummary>, JournalError> {
        let mut summaries: HashMap<String, TargetSummary> =
            targets.iter().map(|target| (target.clone(), TargetSummary::default())).collect();
        if targets.is_empty() {
            return Ok(summaries);
        }
        let newest = |condition: &str| {
            format!(
                "SELECT cluster, {} FROM requests WHERE id IN (SELECT (
                     SELECT id FROM requests WHERE connection = $1 AND cluster = target.cluster{condition}
                     ORDER BY id DESC LIMIT 1) FROM target)",
                rows::REQUEST
            )
        };
        for row in self.of_targets(connection, targets, &newest("")).await? {
            if let Some(summary) = summaries.get_mut(row.try_get::<&str, _>("cluster")?) {
                summary.last = Some(rows::request(&row)?);
            }
        }
        let accepted = newest(" AND service_id IS NOT NULL AND state NOT IN ('refused', 'unknown')");
        for row in self.of_targets(connection, targets, &accepted).await? {
            if let Some(summary) = summaries.get_mut(row.try_get::<&str, _>("cluster")?) {
                summary.last_accepted = Some(rows::request(&row)?);
            }
        }
        let unknown = "SELECT cluster, COUNT(*) AS unknown FROM requests
            WHERE connection = $1 AND cluster IN (SELECT cluster FROM target) AND state = 'unknown' GROUP BY cluster";
        for row in self.of_targets(connection, targets, unknown).await? {
            if let Some(summary) = summaries.get_mut(row.try_get::<&str, _>("cluster")?) {
                summary.unknown = count(&row, "unknown")?;
            }
        }
        let durations = "SELECT latest.cluster, ended - COALESCE(sent, created) AS duration
            FROM latest JOIN requests ON requests.id = latest.id";
        let mut by_target: HashMap<String, Vec<i64>> = HashMap::new();
        for row in self.of_targets(connection, targets, durations).await? {
            by_target.entry(row.try_get("cluster")?).or_default().push(row.try_get("duration")?);
        }
        for (target, durations) in by_target {
            if let Some(summary) = summaries.get_mut(&target) {
                summary.usual = usual(durations);
            }
        }
        Ok(summaries)
    }

    /// How long a request for the same target usually took before this one.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub(super) async fn usual_before(&self, id: &str) -> Result<Option<u64>, JournalError> {
        let rows = sqlx::query(
            "SELECT ended - COALESCE(sent, created) AS duration FROM requests
             WHERE (connection, cluster) = (SELECT connection, cluster FROM requests WHERE id = $1) AND id < $1
                 AND state = 'succeeded' AND adopted = 0 AND ended IS NOT NULL
             ORDER BY id DESC LIMIT 10",
        )
        .bind(id)
        .fetch_all(self.0.store.read())
        .await?;
        let durations = rows.iter().map(|row| row.try_get("duration")).collect::<Result<Vec<i64>, _>>()?;
        Ok(usual(durations))
    }

    /// Asks a question about the connection, which is `$1`, and its targets, which are the rows of `target`; in `latest`
    /// are the latest ten that count of each. One row after another is found by its index: what it costs depends on how
    /// many targets there are, not on how often they were run.
    async fn of_targets(
        &self,
        connection: &str,
        targets: &[String],
        question: &str,
    ) -> Result<Vec<AnyRow>, JournalError> {
        let mut values = AnyArguments::default();
        for value in std::iter::once(connection).chain(targets.iter().map(String::as_str)) {
            values.add(value).map_err(sqlx::Error::Encode)?;
        }
        let numbers: Vec<String> = (0..targets.len()).map(|at| format!("(${})", at + 2)).collect();
        // What was started elsewhere was found at some time, not begun then.
        let counting = "SELECT id FROM requests WHERE connection = $1 AND state = 'succeeded' AND adopted = 0
            AND ended IS NOT NULL";
        let sql = format!(
            "WITH RECURSIVE target (cluster) AS (VALUES {}), latest (cluster, place, id) AS (
                 SELECT cluster, 1, ({counting} AND cluster = target.cluster ORDER BY id DESC LIMIT 1) FROM target
                 UNION ALL
                 SELECT cluster, place + 1,
                     ({counting} AND cluster = latest.cluster AND id < latest.id ORDER BY id DESC LIMIT 1)
                 FROM latest WHERE place < 10 AND id IS NOT NULL)
             {question}",
            numbers.join(", ")
        );
        Ok(sqlx::query_with(AssertSqlSafe(sql), values).fetch_all(self.0.store.read()).await?)
    }
}

fn count(row: &AnyRow, column: &str) -> Result<u64, JournalError> {
    Ok(u64::try_from(row.try_get::<i64, _>(column)?).unwrap_or(0))
}

/// Of fewer than this nobody can say what is usual.
const ENOUGH: usize = 3;

/// The median, where there is enough to tell it from.
fn usual(durations: Vec<i64>) -> Option<u64> {
    (durations.len() >= ENOUGH).then(|| median(durations)).flatten()
}

/// The middle one; of an even number the mean of the two in the middle.
fn median(mut durations: Vec<i64>) -> Option<u64> {
    durations.sort_unstable();
    let upper = *durations.get(durations.len() / 2)?;
    let lower = *durations.get((durations.len() - 1) / 2)?;
    u64::try_from(lower.midpoint(upper)).ok()
}

#[cfg(test)]
mod tests {
    use super::{median, usual};

    #[test]
    fn what_is_usual_takes_three_to_tell() {
        assert_eq!(usual(vec![7, 9]), None);
        assert_eq!(usual(vec![7, 9, 8]), Some(8));
    }

    #[test]
    fn the_median_is_the_middle_one() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![7]), Some(7));
        assert_eq!(median(vec![9, 1, 4]), Some(4));
        assert_eq!(median(vec![100, 2, 4, 1]), Some(3));
        assert_eq!(median(vec![-5]), None);
    }
}
