//! The simulators asked over raw sockets, as the references say.

mod agreement;
mod client;
mod cyclecloud;
mod rework;
mod savanna;
mod savanna_agreement;
mod savanna_recorded;
mod savanna_reference;
mod sentinels;
mod yarn;
mod yarn_agreement;
mod yarn_behaviour;
mod yarn_reads;
mod yarn_recorded;
mod yarn_writes;

use super::{Options, start};

#[tokio::test]
async fn a_pace_that_is_no_pace_is_refused() {
    for pace in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(start(Options { pace, ..Options::default() }).await.is_err(), "{pace}");
    }
}

#[tokio::test]
async fn secrets_are_made_anew_and_ids_stay() {
    use secrecy::ExposeSecret;
    let (one, two) = (start(Options::default()).await.unwrap(), start(Options::default()).await.unwrap());
    let secrets = |run: &super::Simulators| {
        let clusters = run.hadoop_eco.clusters.iter().chain(&run.hadoop_eco.sentinels);
        let mut all: Vec<String> =
            clusters.filter_map(|cluster| Some(cluster.key.as_ref()?.expose_secret().to_owned())).collect();
        all.push(run.hadoop_eco.credential_secret.expose_secret().to_owned());
        all
    };
    let mut all = secrets(&one);
    all.extend(secrets(&two));
    assert!(all.iter().all(|secret| secret.len() >= 24));
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count);
    for (a, b) in one.hadoop_eco.clusters.iter().zip(&two.hadoop_eco.clusters) {
        assert_eq!((&a.id, &a.past), (&b.id, &b.past));
    }
    assert!(!format!("{one:?}").contains(one.hadoop_eco.credential_secret.expose_secret()));
}

#[tokio::test]
async fn stopping_ends_listener_and_connections() {
    let run = start(Options::default()).await.unwrap();
    let address = run.yarn.address;
    let mut open = client::Client::connect(address).await;
    open.send("GET /ws/v1/cluster/info HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(open.head().await.starts_with("HTTP/1.1 200"));
    run.stop();
    open.rest().await;
    while tokio::net::TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
}
