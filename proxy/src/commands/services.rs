//! The sandbox's services as Howdah is configured for them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use secrecy::ExposeSecret;

use crate::config::{
    ClusterConfig, Config, ConnectionConfig, CredentialsConfig, JournalConfig, LimitsConfig, SessionsConfig,
};
use crate::journal::Adopted;
use crate::private;
use crate::sandbox::{CycleCloud, HadoopEco, Savanna, SimCluster, Simulators, Yarn};
use crate::secrets::SecretRef;

/// A connection to simulated Hadoop Eco.
struct Eco<'a> {
    name: &'static str,
    system: &'static str,
    title: &'static str,
    service: &'a HadoopEco,
    clusters: &'a [SimCluster],
}

fn ecos(simulators: &Simulators) -> [Eco<'_>; 3] {
    let (v2, v1) = (&simulators.hadoop_eco, &simulators.hadoop_eco_v1);
    let eco = |name, system, title, service, clusters| Eco { name, system, title, service, clusters };
    [
        eco("hadoop-eco", "hadoop-eco-v2", "Hadoop Eco", v2, &v2.clusters),
        eco("hadoop-eco-v1", "hadoop-eco-v1", "Hadoop Eco, legacy", v1, &v1.clusters),
        eco("failing", "hadoop-eco-v2", "Services that fail", v2, &v2.sentinels),
    ]
}

fn connections(simulators: &Simulators) -> BTreeMap<String, ConnectionConfig> {
    let mut connections = BTreeMap::new();
    for Eco { name, system, title, service, clusters } in ecos(simulators) {
        let cluster = |cluster: &SimCluster| ClusterConfig {
            id: cluster.id.clone(),
            name: cluster.name.clone(),
            key: cluster.key.clone().map(SecretRef::made),
        };
        let connection = ConnectionConfig {
            title: Some(title.to_owned()),
            credentials: CredentialsConfig::HadoopEco {
                id: SecretRef::made(service.credential_id.clone().into()),
                secret: SecretRef::made(service.credential_secret.clone()),
            },
            clusters: clusters.iter().map(cluster).collect(),
            ..ConnectionConfig::new(system, format!("http://{}", service.address))
        };
        connections.insert(name.to_owned(), connection);
    }
    let yarn = ConnectionConfig {
        title: Some("Analytics ResourceManager".to_owned()),
        standby_urls: vec![format!("http://{}", simulators.yarn.standby)],
        credentials: CredentialsConfig::UserName { user: simulators.yarn.user.clone() },
        ..ConnectionConfig::new("yarn", format!("http://{}", simulators.yarn.address))
    };
    connections.insert("yarn".to_owned(), yarn);
    let savanna = &simulators.savanna;
    let connection = ConnectionConfig {
        title: Some("OpenStack Savanna".to_owned()),
        tenant: Some(savanna.tenant.clone()),
        services: savanna.services.iter().map(|(kind, at)| (kind.clone(), format!("http://{at}"))).collect(),
        credentials: CredentialsConfig::KeystonePassword {
            url: format!("http://{}/v3", savanna.keystone),
            user: savanna.user.clone(),
            domain: "Default".to_owned(),
            password: SecretRef::made(savanna.password.clone()),
        },
        ..ConnectionConfig::new("savanna", format!("http://{}", savanna.address))
    };
    connections.insert("savanna".to_owned(), connection);
    let service = &simulators.cyclecloud;
    let named = |name: &String| ClusterConfig { id: name.clone(), name: name.clone(), key: None };
    let connection = ConnectionConfig {
        title: Some("Azure CycleCloud".to_owned()),
        certificate_sha256: Some(service.fingerprint),
        credentials: CredentialsConfig::Basic {
            user: service.user.clone(),
            password: SecretRef::made(service.password.clone()),
        },
        clusters: service.clusters.iter().map(named).collect(),
        list_clusters: true,
        ..ConnectionConfig::new("cyclecloud", format!("https://{}", service.address))
    };
    connections.insert("cyclecloud".to_owned(), connection);
    connections
}

/// The whole configuration of a sandbox that keeps its files in `folder`.
pub(super) fn configuration(
    simulators: &Simulators,
    folder: &Path,
    listen: SocketAddr,
    console: Option<PathBuf>,
) -> Config {
    Config {
        version: 1,
        listen,
        public_url: None,
        console,
        tls: None,
        portals: Vec::new(),
        journal: JournalConfig { path: folder.join("howdah.db"), keep_days: 400, follow_days: 7, follow_seconds: 1 },
        sessions: SessionsConfig::default(),
        // Whoever tests with it may do so from many pages at once.
        limits: LimitsConfig { calls_per_second: 10_000, ..LimitsConfig::default() },
        metrics: None,
        traces: None,
        tokens: Vec::new(),
        trusted_proxy: None,
        connections: connections(simulators),
    }
}

/// The runs that were started before the sandbox was.
pub(super) fn past_runs(simulators: &Simulators) -> Vec<Adopted> {
    let adopted = |connection: &str, cluster: &SimCluster, run: &String| Adopted {
        connection: connection.to_owned(),
        operation: "StartRework".to_owned(),
        target: BTreeMap::from([("cluster_id".to_owned(), cluster.id.clone())]),
        segments: vec![cluster.id.clone()],
        principal: "sandbox".to_owned(),
        service_id: run.clone(),
        request: None,
        follow: true,
        answer: None,
    };
    // What fails on command has no past that could be taken in.
    let [v2, v1, _] = ecos(simulators);
    let mut runs = Vec::new();
    for Eco { name, clusters, .. } in [v2, v1] {
        for cluster in clusters {
            runs.extend(cluster.past.iter().map(|run| adopted(name, cluster, run)));
        }
    }
    runs
}

/// Writes what `howdah serve` needs to use these services: the file, and each secret in a file of its own.
pub(super) fn write_configuration(simulators: &Simulators, folder: &Path) -> std::io::Result<()> {
    private::make_folder(folder)?;
    let secret = |name: &str, value: &str| private::write(&folder.join(name), value.as_bytes());
    let quoted = |value: &str| toml::Value::from(value).to_string();
    let token = crate::random::word().map_err(std::io::Error::other)?;
    secret("token", &token)?;
    let mut text = String::from(
        "version = 1\nlisten = \"127.0.0.1:0\"\n\n[journal]\npath = \"howdah.db\"\nfollow_seconds = 1\n\n\
         [[tokens]]\nprincipal = \"tester\"\ntoken = { file = \"token\" }\nroles = { \"*\" = \"administer\" }\n",
    );
    for Eco { name, system, title, service, clusters } in ecos(simulators) {
        let (id, key) = (format!("{name}-credential-id"), format!("{name}-credential-secret"));
        secret(&id, &service.credential_id)?;
        secret(&key, service.credential_secret.expose_secret())?;
        text.push_str(&format!(
            "\n[connections.{name}]\nsystem = {}\ntitle = {}\nurl = \"http://{}\"\n\
             credentials = {{ kind = \"hadoop-eco\", id = {{ file = {} }}, secret = {{ file = {} }} }}\n",
            quoted(system),
            quoted(title),
            service.address,
            quoted(&id),
            quoted(&key)
        ));
        for cluster in clusters {
            let (id, called) = (quoted(&cluster.id), quoted(&cluster.name));
            text.push_str(&format!("\n[[connections.{name}.clusters]]\nid = {id}\nname = {called}\n"));
            if let Some(key) = &cluster.key {
                let file = format!("key-{}", cluster.id);
                secret(&file, key.expose_secret())?;
                text.push_str(&format!("key = {{ file = {} }}\n", quoted(&file)));
            }
        }
    }
    let Yarn { address, standby, user } = &simulators.yarn;
    let user = quoted(user);
    text.push_str(&format!(
        "\n[connections.yarn]\nsystem = \"yarn\"\ntitle = \"Analytics ResourceManager\"\nurl = \"http://{address}\"\n\
         standby_urls = [\"http://{standby}\"]\ncredentials = {{ kind = \"user-name\", user = {user} }}\n"
    ));
    let Savanna { address, keystone, services, tenant, user, password, .. } = &simulators.savanna;
    secret("savanna-password", password.expose_secret())?;
    let (tenant, user) = (quoted(tenant), quoted(user));
    let services: Vec<String> = services.iter().map(|(kind, at)| format!("{kind} = \"http://{at}\"")).collect();
    let services = services.join(", ");
    text.push_str(&format!(
        "\n[connections.savanna]\nsystem = \"savanna\"\ntitle = \"OpenStack Savanna\"\nurl = \"http://{address}\"\n\
         tenant = {tenant}\nservices = {{ {services} }}\ncredentials = {{ kind = \"keystone-password\", url = \"http://{keystone}/v3\", user = {user}, \
         password = {{ file = \"savanna-password\" }} }}\n"
    ));
    let CycleCloud { address, fingerprint, user, password, clusters, .. } = &simulators.cyclecloud;
    secret("cyclecloud-password", password.expose_secret())?;
    text.push_str(&format!(
        "\n[connections.cyclecloud]\nsystem = \"cyclecloud\"\ntitle = \"Azure CycleCloud\"\nurl = \"https://{address}\"\n\
         certificate_sha256 = \"{fingerprint}\"\nlist_clusters = true\n\
         credentials = {{ kind = \"basic\", user = {}, password = {{ file = \"cyclecloud-password\" }} }}\n",
        quoted(user)
    ));
    for name in clusters.iter().map(|name| quoted(name)) {
        text.push_str(&format!("\n[[connections.cyclecloud.clusters]]\nid = {name}\nname = {name}\n"));
    }
    private::write(&folder.join("howdah.toml"), text.as_bytes())
}

#[cfg(test)]
mod tests {
    use howdah_shared::operation::Role;

    use super::*;
    use crate::app::Snapshot;
    use crate::sandbox;

    #[tokio::test]
    async fn the_written_configuration_is_one() {
        let simulators = sandbox::start(sandbox::Options::default()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        write_configuration(&simulators, folder.path()).unwrap();
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let file = file.unwrap();
            let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions());
            assert_eq!(mode & 0o777, 0o600, "{:?}", file.file_name());
        }
        let config = Config::load(&folder.path().join("howdah.toml")).unwrap();
        assert_eq!(config.tokens[0].roles["*"], Role::Administer);
        let snapshot = Snapshot::open(&config, false, &crate::metrics::Metrics::new()).unwrap();
        assert_eq!(snapshot.connections.len(), connections(&simulators).len());
    }
}
