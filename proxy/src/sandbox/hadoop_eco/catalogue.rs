//! Which clusters there are when a sandbox starts: one of each kind and history that the console must show.

use std::io;

use super::super::made_up;
use super::clusters::{Cluster, InstanceGroup, Settings, Style, Task};
use super::lifecycle::{Ending, Policy};
use super::sentinels::Sentinel;

const HOUR: f64 = 3600.0;
const DAY: f64 = 24.0 * HOUR;

/// The secrets of other people that stand in the texts of the clusters. Nobody may see them.
pub const PLANTED: &[&str] =
    &["sandbox-partner-s3-secret", "sandbox-jdbc-secret", "sandbox-swift-secret", "sandbox-script-token"];

/// A name of more than 120 characters in two scripts, with a bidirectional override and markup.
const LONG_NAME: &str = "quarterly-정산-데이터-검증-and-reconciliation-of-every-ledger-in-every-region-before-the-books-are-closed-<b>do\u{202e}not\u{202c}rename</b>-v2";

/// The clusters in their order: those that work first, of which there are at least the catalogue's, then the sentinels
/// if wanted.
///
/// # Errors
/// If no random bytes can be had.
pub(super) fn clusters(count: usize, sentinels: bool) -> io::Result<Vec<Cluster>> {
    let mut all = vec![nightly_etl()?, hive_report()?, clickstream()?, sessions()?, features()?, billing()?];
    all.extend([broken()?, archive()?, partner()?, long_name()?, legacy()?, backfill()?]);
    while all.len() < count {
        all.push(ordinary(all.len())?);
    }
    if sentinels {
        for sentinel in Sentinel::ALL {
            let mut cluster = spark(sentinel.name())?.past(DAY);
            cluster.sentinel = Some(*sentinel);
            cluster.task.ending = sentinel.ending();
            all.push(cluster);
        }
    }
    Ok(all)
}

/// The clusters of the legacy service: a Hive one as its reference has it, one of Spark with a run under way, one
/// without a key, and one whose texts hold other people's secrets.
///
/// # Errors
/// If no random bytes can be had.
pub(super) fn legacy_clusters() -> io::Result<Vec<Cluster>> {
    let legacy = |mut cluster: Cluster| {
        cluster.version = "hde-1.1.0";
        cluster.settings.masters = group("a1-4-std", 1, 50);
        cluster.settings.workers = group("a1-4-std", 2, 50);
        cluster
    };
    let mut tables = legacy(hive("daily-tables", "show databases;")?);
    tables.settings.exec_opts = String::new();
    tables.settings.replication = 1;
    let mut unkeyed = legacy(spark("retired-report")?);
    unkeyed.key = None;
    let mut billing = legacy(hive("partner-billing", "CALL billing.close_month(add_months(current_date, -1));")?);
    billing.settings.exec_opts =
        "javax.jdo.option.ConnectionPassword=sandbox-jdbc-secret;hive.exec.parallel=true".into();
    billing.task.ending = Ending::FailsInTurn;
    let scores = legacy(spark("credit-scores")?);
    Ok(vec![tables.past(3.0 * DAY).past(DAY), scores.past(300.0), billing.past(30.0 * DAY), unkeyed])
}

fn group(flavor: &'static str, nodes: u64, volume: u64) -> InstanceGroup {
    InstanceGroup { flavor, nodes, volume }
}

/// A Spark cluster as most are: one master, three workers, ended whatever comes.
fn spark(name: &str) -> io::Result<Cluster> {
    Ok(Cluster {
        id: made_up::uuid_of(name),
        name: name.to_owned(),
        key: Some(made_up::secret()?),
        version: "Hadoop Eco 2.1.0",
        style: Style::Reference,
        sentinel: None,
        settings: Settings {
            // Masters have less than the 100 GB that a request may ask for.
            masters: group("m2a.xlarge", 1, 50),
            workers: group("m2a.xlarge", 3, 100),
            tasks: None,
            block_size: 128,
            replication: 2,
            deploy_mode: Some("cluster".to_owned()),
            exec_opts: "--driver-memory 2g --executor-cores 2 --num-executors 6 --executor-memory 4g".to_owned(),
            exec_params: "--date yesterday --mode full".to_owned(),
            security_groups: vec![made_up::uuid_of("open api security group")],
        },
        task: Task {
            kind: "Spark",
            policy: Policy::Always,
            ending: Ending::Succeeds,
            takes: 540.0,
            file_url: Some("s3a://jobs/etl/daily.py"),
            hive_query: None,
            config_text: "",
            user_script: "",
            components: &["Hadoop 3.3.4", "Hive 3.1.3", "Spark 3.4.1", "Tez 0.10.2"],
            owner: "data-platform",
        },
        runs: Vec::new(),
    })
}

/// A Hive cluster.
fn hive(name: &str, query: &'static str) -> io::Result<Cluster> {
    let mut cluster = spark(name)?;
    cluster.task.kind = "hive";
    cluster.task.file_url = None;
    cluster.task.hive_query = Some(query);
    cluster.settings.deploy_mode = None;
    cluster.settings.exec_opts = "hive.exec.parallel=true;hive.exec.dynamic.partition.mode=nonstrict".to_owned();
    cluster.settings.exec_params = String::new();
    Ok(cluster)
}

/// One of many that differ in little: by far the most have a past, some never ran, some failed.
fn ordinary(number: usize) -> io::Result<Cluster> {
    const SUBJECTS: [&str; 9] = ["sales", "search", "billing", "ads", "fraud", "stock", "delivery", "정산", "reviews"];
    const JOBS: [&str; 7] = ["hourly", "daily-etl", "features", "report", "compaction", "export", "scoring"];
    let (subject, job) = (SUBJECTS[number % SUBJECTS.len()], JOBS[number % JOBS.len()]);
    let mut cluster = spark(&format!("{subject}-{job}-{number}"))?;
    cluster.settings.workers.nodes = 2 + (number % 9) as u64;
    cluster.task.takes = 120.0 + 40.0 * (number % 13) as f64;
    if number.is_multiple_of(11) {
        return Ok(cluster);
    }
    if number.is_multiple_of(7) {
        cluster.task.ending = Ending::Fails;
    }
    Ok(cluster.past(HOUR * (1 + number % 50) as f64))
}

fn nightly_etl() -> io::Result<Cluster> {
    Ok(spark("nightly-etl")?.past(2.0 * DAY).past(DAY))
}

fn hive_report() -> io::Result<Cluster> {
    let query = "INSERT OVERWRITE TABLE report.daily_sales SELECT region, SUM(amount) FROM sales GROUP BY region;";
    let mut cluster = hive("hive-report", query)?;
    cluster.task.ending = Ending::FailsInTurn;
    let mut cluster = cluster.past(3.0 * DAY).past(6.0 * HOUR);
    cluster.task.ending = Ending::Succeeds;
    Ok(cluster)
}

fn clickstream() -> io::Result<Cluster> {
    let mut cluster = spark("clickstream-ha")?;
    cluster.settings.masters = group("m2a.2xlarge", 3, 100);
    cluster.settings.workers = group("m2a.4xlarge", 8, 500);
    cluster.settings.tasks = Some(group("c2a.2xlarge", 4, 100));
    cluster.settings.replication = 3;
    cluster.task.takes = 900.0;
    Ok(cluster.past(DAY))
}

/// A run of it is under way when the sandbox starts.
fn sessions() -> io::Result<Cluster> {
    Ok(spark("hourly-sessions")?.past(HOUR).past(300.0))
}

fn features() -> io::Result<Cluster> {
    let mut cluster = spark("feature-store-stays-running")?;
    cluster.task.policy = Policy::Never;
    Ok(cluster.past(5.0 * DAY))
}

/// The next run fails and leaves the cluster running, the one after that succeeds.
fn billing() -> io::Result<Cluster> {
    let mut cluster = hive("billing-close", "CALL billing.close_month(add_months(current_date, -1));")?;
    cluster.task.policy = Policy::OnSuccess;
    cluster.task.ending = Ending::FailsInTurn;
    Ok(cluster.past(60.0 * DAY).past(30.0 * DAY))
}

fn broken() -> io::Result<Cluster> {
    let mut cluster = spark("geo-index-always-fails")?;
    cluster.task.ending = Ending::Fails;
    cluster.task.takes = 120.0;
    Ok(cluster.past(2.0 * DAY).past(DAY))
}

/// No Open API key was ever issued for it.
fn archive() -> io::Result<Cluster> {
    let mut cluster = spark("archive-compaction")?;
    cluster.key = None;
    Ok(cluster)
}

/// Its texts hold other people's secrets, which nobody may see.
fn partner() -> io::Result<Cluster> {
    let mut cluster = spark("partner-feed")?;
    cluster.settings.exec_opts =
        "--conf spark.hadoop.fs.s3a.secret.key=sandbox-partner-s3-secret --num-executors 2".to_owned();
    cluster.settings.exec_params = "--url jdbc:postgresql://loader:sandbox-jdbc-secret@db.internal/feed".to_owned();
    cluster.task.config_text = concat!(
        r#"{"configurations":[{"classification":"core-site","properties":{"#,
        r#""fs.swifta.service.kic.credential.id":"sandbox-swift-id","#,
        r#""fs.swifta.service.kic.credential.secret":"sandbox-swift-secret","io.file.buffer.size":"131072"}}]}"#
    );
    cluster.task.user_script = "#!/bin/bash\nexport PARTNER_API_TOKEN='sandbox-script-token'\ncurl -s -u loader:x https://partner.internal/ping\n";
    Ok(cluster.past(4.0 * HOUR))
}

fn long_name() -> io::Result<Cluster> {
    let mut cluster = spark(LONG_NAME)?;
    cluster.settings.exec_params = "--부서 '재무 회계' --기간 지난분기 --메모 \"검증 후 마감 ✅\"".to_owned();
    Ok(cluster.past(20.0 * DAY))
}

/// Its replies are written in another way than the reference's example.
fn legacy() -> io::Result<Cluster> {
    let mut cluster = hive("legacy-ingest", "MSCK REPAIR TABLE raw.ingest;")?;
    cluster.style = Style::Odd;
    cluster.version = "hde-1.1.0";
    cluster.task.takes = 240.0;
    Ok(cluster.past(9.0 * DAY))
}

/// It has a key and has never been run again.
fn backfill() -> io::Result<Cluster> {
    spark("ad-hoc-backfill")
}
