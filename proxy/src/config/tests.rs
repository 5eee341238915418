//! What is taken and what is refused.

use super::*;

const SMALL: &str = "version = 1\n[journal]\npath = \"j.db\"\n";

fn error(text: &str) -> String {
    Config::parse(text, Path::new("/folder")).unwrap_err().to_string()
}

#[test]
fn a_small_file_is_enough() {
    let config = Config::parse(SMALL, Path::new("/folder")).unwrap();
    assert_eq!(config.journal.path, Path::new("/folder/j.db"));
    assert_eq!(config.public().unwrap().origin, "http://127.0.0.1:8700");
}

#[test]
fn what_is_wrong_is_said_with_its_line_and_without_values() {
    assert!(error("version = 1\nlisten = \"x\"\n[journal]\npath = \"j\"\n").starts_with("line 2: "));
    assert!(error(&format!("{SMALL}wrong_key = 1\n")).starts_with("line 4: unknown field `wrong_key`"));
    assert!(error("version = 2\n[journal]\npath = \"j\"\n").contains("version = 2"));
    let leaked = error(&format!("{SMALL}[[tokens]]\nprincipal = \"a\"\nroles = {{}}\ntoken = \"hunter22hunter22\"\n"));
    assert!(leaked.contains("line 7") && leaked.contains("by reference") && !leaked.contains("hunter22"), "{leaked}");
}

#[test]
fn with_tls_browsers_come_by_https() {
    let with = |first: &str| {
        let tls = "[tls]\ncertificate_file = \"c.pem\"\nkey_file = \"k.pem\"\n";
        Config::parse(&format!("{first}\n{SMALL}{tls}"), Path::new("/folder"))
    };
    let config = with("").unwrap();
    assert_eq!(config.public().unwrap().origin, "https://127.0.0.1:8700");
    assert_eq!(config.tls.unwrap().key_file, Path::new("/folder/k.pem"));
    assert!(with("public_url = \"https://howdah.example/\"").is_ok());
    let error = with("public_url = \"http://howdah.example/\"").unwrap_err().to_string();
    assert!(error.contains("https://"), "{error}");
}

#[test]
fn portals_are_origins_as_browsers_write_them() {
    let with = |portal: &str| Config::parse(&format!("portals = [\"{portal}\"]\n{SMALL}"), Path::new("/folder"));
    for good in ["https://portal.example", "http://localhost:3000", "https://[::1]:8443"] {
        assert!(with(good).is_ok(), "{good}");
    }
    for bad in [
        "https://portal.example/",
        "https://portal.example/a",
        "https://Portal.example",
        "https://portal.example:443",
        "https://*.example",
        "https://a;script-src",
        "https://u@portal.example",
        "portal.example",
        "file://x",
        "*",
        "null",
        "",
    ] {
        let error = with(bad).unwrap_err().to_string();
        assert!(error.contains("is not an origin"), "{bad}: {error}");
    }
}

#[test]
fn traces_go_to_an_address_of_http() {
    let with = |lines: &str| format!("{SMALL}[traces]\n{lines}\n");
    let good = with("endpoint = \"https://c.example/v1/traces\"\nratio = 0.1\nheaders = { x-key = { file = \"k\" } }");
    let traces = Config::parse(&good, Path::new("/folder")).unwrap().traces.unwrap();
    assert_eq!(traces.headers["x-key"].to_string(), "the file /folder/k");
    for endpoint in ["c.example", "ftp://c.example", "http://u:p@c.example", "http://c.example/?token=t", ""] {
        assert!(error(&with(&format!("endpoint = \"{endpoint}\""))).contains("traces.endpoint must be"), "{endpoint}");
    }
    for ratio in ["-0.1", "1.5", "nan"] {
        let says = error(&with(&format!("endpoint = \"http://c.example\"\nratio = {ratio}")));
        assert_eq!(says, "traces.ratio must be from 0 to 1");
    }
    let odd = "endpoint = \"http://c.example\"\nheaders = { \"a b\" = { file = \"k\" } }";
    assert!(error(&with(odd)).contains("\"a b\" is no name of a header"));
}

#[test]
fn a_number_that_would_stop_everything_is_refused() {
    for (table, key) in [("limits", "connections"), ("sessions", "idle_minutes"), ("limits", "reply_seconds")] {
        let says = error(&format!("{SMALL}[{table}]\n{key} = 0\n"));
        assert_eq!(says, format!("{table}.{key} must be at least 1"));
    }
    assert_eq!(error(&format!("{SMALL}follow_seconds = 0\n")), "journal.follow_seconds must be at least 1");
}

#[test]
fn a_trusted_proxy_is_checked() {
    let with = |addresses: &str, header: &str, roles: &str| {
        let text = format!(
            "{SMALL}[trusted_proxy]\naddresses = {addresses}\nsecret = {{ env = \"X\" }}\n\
             user_header = \"{header}\"\nroles = {{ {roles} }}\n"
        );
        Config::parse(&text, Path::new("/folder")).map_err(|error| error.to_string())
    };
    let (addresses, header) = ("[\"10.0.0.1\"]", "X-Remote-User");
    assert!(with(addresses, header, "\"*\" = { \"*\" = \"view\" }, minji = {}").is_ok());
    assert!(with("[]", header, "").unwrap_err().contains("at least one"));
    assert!(with("[\"portal\"]", header, "").unwrap_err().starts_with("line 5: \"portal\" is neither"));
    for bad in ["", "X Remote", "X_Remote_User", "Howdah-Proxy-Secret"] {
        assert!(with(addresses, bad, "").unwrap_err().contains("a header of its own"), "{bad}");
    }
    assert!(with(addresses, header, "minji = { rm = \"view\" }").unwrap_err().contains("is no connection"));
    assert!(with(addresses, header, "\" minji\" = {}").unwrap_err().contains("is no name"));
}

#[test]
fn connections_are_checked() {
    let with = |lines: &str| error(&format!("{SMALL}[connections.c]\n{lines}"));
    assert!(with("system = \"hdfs\"\nurl = \"http://h\"").contains("is not known"));
    assert!(with("system = \"yarn\"\nurl = \"ftp://h\"").contains("must be http"));
    assert!(with("system = \"yarn\"\nurl = \"http://u:p@h\"").contains("must not hold a user"));
    let pair = |others: &str| with(&format!("system = \"yarn\"\nurl = \"https://a:1\"\nstandby_urls = [{others}]"));
    assert!(pair("\"https://b:1/?x\"").contains("standby_urls must be http:// or https:// with a host"));
    assert!(pair("\"http://b:1\"").contains("as url is"));
    assert!(pair("\"https://b:1\", \"https://A:1\"").contains("stands twice"));
    let one = "system = \"hadoop-eco-v2\"\nurl = \"http://h\"\nstandby_urls = [\"http://i\"]";
    assert!(with(one).contains("standby_urls are not for hadoop-eco-v2"));
    let own = |listen: &str| with(&format!("system = \"yarn\"\nurl = \"http://a\"\nlisten = {{ {listen} }}"));
    assert!(own("address = \"0.0.0.0:8088\"").contains("listen.hosts must name"));
    assert!(own("address = \"127.0.0.1:1\", hosts = [\"u@h\"]").contains("is not a host"));
    let nobody = "system = \"yarn\"\nurl = \"http://h\"\ncredentials = { kind = \"user-name\", user = \" \" }";
    assert!(with(nobody).contains("credentials.user needs a name"));
    let basic = |user: &str| {
        let credentials = format!("{{ kind = \"basic\", user = \"{user}\", password = {{ env = \"X\" }} }}");
        with(&format!("system = \"yarn\"\nurl = \"http://h\"\ncredentials = {credentials}"))
    };
    assert!(basic("").contains("credentials.user needs a name"));
    assert!(basic("a:b").contains("no colon"));
    let savanna = |lines: &str| with(&format!("system = \"savanna\"\nurl = \"http://h\"\n{lines}"));
    assert!(savanna("").contains("tenant must name the tenant"));
    assert!(savanna("tenant = \"..\"").contains("tenant is a dot segment"));
    assert!(with("system = \"yarn\"\nurl = \"http://h\"\ntenant = \"t\"").contains("yarn has no tenants"));
    let beside = |lines: &str| savanna(&format!("tenant = \"t\"\n{lines}"));
    assert!(beside("services = { volume = \"http://v\" }").contains("there is compute, image, network"));
    assert!(beside("services = { image = \"glance:9292\" }").contains("services.image must be http:// or https://"));
    assert!(
        with("system = \"yarn\"\nurl = \"http://h\"\nservices = { image = \"http://g\" }").contains("there is none")
    );
    let keystone = |url: &str, user: &str, more: &str| {
        let credentials = format!("kind = \"keystone-password\", user = \"{user}\", password = {{ env = \"X\" }}");
        savanna(&format!("tenant = \"t\"\n{more}\ncredentials = {{ {credentials}, url = \"{url}\" }}"))
    };
    assert!(keystone("keystone:5000", "a", "").contains("credentials.url must be http:// or https://"));
    assert!(keystone("http://u:p@k", "a", "").contains("credentials.url must not hold a user"));
    assert!(keystone("http://k", " ", "").contains("credentials.user needs a name"));
    assert!(keystone("http://k", "a", "ca_file = \"ca.pem\"").contains("ca_file is of no use"));
    let cycle = |url: &str, more: &str| {
        let credentials = "credentials = { kind = \"basic\", user = \"a\", password = { env = \"X\" } }";
        with(&format!("system = \"cyclecloud\"\nurl = \"{url}\"\n{credentials}\n{more}"))
    };
    let pin = |digits: &str| format!("certificate_sha256 = \"{}\"", digits.repeat(32));
    assert!(cycle("http://cycle.example", "").contains("url must be https:// for cyclecloud"));
    assert!(cycle("http://127.0.0.1:1", &pin("ab")).contains("certificate_sha256 is of no use with http://"));
    assert!(cycle("https://h", &pin("xy")).contains("64 hexadecimal digits"));
    assert!(cycle("https://h", &format!("ca_file = \"ca.pem\"\n{}", pin("ab"))).contains("exclude each other"));
    let cluster = |id: &str, more: &str| {
        cycle("https://h", &format!("[[connections.c.clusters]]\nid = \"{id}\"\nname = \"a\"\n{more}"))
    };
    assert!(cluster("a/../b", "").contains("is a dot segment"));
    assert!(cluster("a/b", "key = { env = \"X\" }").contains("has no key"));
    let yarn = |more: &str| with(&format!("system = \"yarn\"\nurl = \"http://h\"\n{more}"));
    assert!(yarn("list_clusters = true").contains("list_clusters is not for yarn"));
    assert!(yarn("node_attributes = [\"a\"]").contains("node_attributes are not for yarn"));
    assert!(with("system = \"hadoop-eco-v2\"\nurl = \"http://h\"").contains("credentials of kind \"none\""));
    assert!(
        with("system = \"yarn\"\nurl = \"http://h\"\n[[connections.c.clusters]]\nid=\"a\"\nname=\"b\"")
            .contains("lists its clusters")
    );
}

#[test]
fn the_hosts_of_an_address_of_its_own() {
    let hosts = |hosts: Option<&[&str]>| {
        let hosts = hosts.map(|hosts| hosts.iter().map(|host| (*host).to_owned()).collect());
        EntranceConfig { address: "127.0.0.2:8088".parse().unwrap(), hosts }.hosts()
    };
    assert_eq!(hosts(None), ["localhost:8088", "127.0.0.1:8088", "[::1]:8088", "127.0.0.2:8088"]);
    assert_eq!(hosts(Some(&["rm", "rm.example:80", "[::1]"])), ["rm:8088", "rm.example:80", "[::1]:8088"]);
}

#[test]
fn kerberos_is_configured_as_the_readme_shows() {
    let readme = include_str!("../../../README.md");
    let (_, rest) = readme.split_once("### Kerberos").unwrap();
    let (example, _) = rest.split_once("```toml\n").unwrap().1.split_once("```").unwrap();
    let text = format!("{SMALL}{example}");
    let nobody = error(&text.replace("howdah@EXAMPLE.COM", ""));
    assert!(nobody.contains("credentials.principal needs a name without blanks"), "{nobody}");
    if cfg!(feature = "kerberos") {
        let config = Config::parse(&text, Path::new("/etc/howdah")).unwrap();
        let CredentialsConfig::Kerberos { principal, keytab } = &config.connections["kerberized"].credentials else {
            panic!("{config:?}");
        };
        assert_eq!(
            (principal.as_str(), keytab.as_path()),
            ("howdah@EXAMPLE.COM", Path::new("/etc/howdah/secrets/howdah.keytab"))
        );
    } else {
        assert!(error(&text).contains("built with --features kerberos"));
    }
}

#[test]
fn the_public_address_gives_origin_base_and_hosts() {
    let url = PublicUrl::parse("https://Howdah.example:443/tools/howdah").unwrap();
    assert_eq!((url.origin.as_str(), url.base.as_str()), ("https://howdah.example", "/tools/howdah/"));
    assert_eq!(url.hosts, ["howdah.example", "howdah.example:443"]);
    for bad in ["howdah.example", "ftp://h/", "http://h/a b", "http://h/?x", "http://h/../x", "http://h//x"] {
        assert!(PublicUrl::parse(bad).is_err(), "{bad}");
    }
}
