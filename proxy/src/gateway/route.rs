//! From a caller's raw path to a row of the table. What matches no row does not exist.

use howdah_shared::door::Row;
use howdah_shared::operation::Spec;
use howdah_shared::problem::{Code, Problem};
use howdah_shared::systems::Spelling;
use percent_encoding::percent_decode_str;

/// What a path below a connection stands for.
pub enum Routed {
    /// This operation, with its decoded path parameters.
    Found(&'static Row, Vec<String>),
    /// The path is that of operations with these other methods.
    OtherMethods(Vec<&'static str>),
    /// Nothing.
    Nowhere,
}

/// Finds the row of a method and a raw path, which begins with a slash. Each segment is decoded once; one that
/// cannot be a single segment afterwards matches no hole, so a row never sees it.
pub fn route(table: &'static [Row], spelling: &Spelling, method: &str, path: &str) -> Routed {
    let mut others = Vec::new();
    let path = spelling.plain(path);
    for row in table {
        let Some(segments) = matches(&row.spec, path, spelling) else { continue };
        if row.spec.method.as_str() == method {
            return Routed::Found(row, segments);
        }
        others.push(row.spec.method.as_str());
    }
    if others.is_empty() { Routed::Nowhere } else { Routed::OtherMethods(others) }
}

/// The problem of an address that has other methods.
pub fn other_methods(methods: &[&str]) -> Problem {
    let detail = format!("This address exists with {}.", methods.join(", "));
    let mut problem = Problem::new(Code::MethodNotAllowed, detail);
    problem.allow = methods.iter().map(|method| (*method).to_owned()).collect();
    problem
}

fn matches(spec: &Spec, path: &str, spelling: &Spelling) -> Option<Vec<String>> {
    let (mut parts, mut found) = (path.split('/'), Vec::new());
    for expected in spec.path.split('/') {
        let part = parts.next()?;
        if expected.starts_with('{') {
            let decoded = percent_decode_str(part).decode_utf8().ok()?;
            spec.checks.get(found.len())?(&decoded).ok()?;
            found.push(decoded.into_owned());
        } else if !spelling.is_same(expected, part) {
            return None;
        }
    }
    parts.next().is_none().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use howdah_shared::systems::hadoop_eco::v2::TABLE;
    use howdah_shared::systems::savanna;

    fn named(method: &str, path: &str) -> Option<(&'static str, Vec<String>)> {
        match route(TABLE, &Spelling::ONE, method, path) {
            Routed::Found(row, segments) => Some((row.spec.name, segments)),
            _ => None,
        }
    }

    #[test]
    fn other_spellings_are_those_of_the_system() {
        let named = |method: &str, path: &str| match route(savanna::TABLE, &savanna::SYSTEM.spelling, method, path) {
            Routed::Found(row, segments) => Some((row.spec.name, segments.last().cloned().unwrap_or_default())),
            _ => None,
        };
        for (method, path, name, last) in [
            ("GET", "/", "ShowVersions", ""),
            ("GET", "/v1.0/t/clusters", "ListClusters", "t"),
            ("GET", "/v1.0/t/clusters.json", "ListClusters", "t"),
            ("GET", "/v1.1/t/clusters/c.json", "ShowCluster", "c"),
            ("POST", "/v1.0/t/images/i/tag.json", "TagImage", "i"),
            ("PUT", "/v1.0/t/cluster-templates/c", "EditClusterTemplate", "c"),
            ("PATCH", "/v1.1/t/clusters/c", "EditCluster", "c"),
        ] {
            assert_eq!(named(method, path), Some((name, last.to_owned())), "{path}");
        }
        for path in ["/.json", "/v1.2/t/clusters", "/v1.0/v1.1/t/plugins", "/v1.0/t/clusters.xml"] {
            assert_eq!(named("GET", path), None, "{path}");
        }
        let json = route(TABLE, &Spelling::ONE, "POST", "/v2/hadoop-eco/clusters/a.json");
        assert!(matches!(json, Routed::Found(_, segments) if segments == ["a.json"]));
    }

    #[test]
    fn only_rows_exist() {
        assert_eq!(named("POST", "/v2/hadoop-eco/clusters/a%20b"), Some(("StartRework", vec!["a b".to_owned()])));
        let show = named("GET", "/v2/hadoop-eco/clusters/a/requests/r");
        assert_eq!(show, Some(("ShowRework", vec!["a".to_owned(), "r".to_owned()])));
        assert!(
            matches!(route(TABLE, &Spelling::ONE, "DELETE", "/v2/hadoop-eco/clusters/a"), Routed::OtherMethods(m) if m == ["POST"])
        );
        for path in [
            "",
            "/",
            "/v2/hadoop-eco/clusters",
            "/v2/hadoop-eco/clusters/",
            "/v2/hadoop-eco/clusters/a/",
            "//v2/hadoop-eco/clusters/a",
            "/v2/hadoop-eco/clusters/..",
            "/v2/hadoop-eco/clusters/%2e%2e",
            "/v2/hadoop-eco/clusters/a%2Fb",
            "/v2/hadoop-eco/clusters/%00",
            "/v2/hadoop-eco/clusters/%ff",
            "/V2/hadoop-eco/clusters/a",
            "/v2/hadoop-eco/../hadoop-eco/clusters/a",
            "/v2/hadoop%2deco/clusters/a",
        ] {
            assert!(named("POST", path).is_none(), "{path}");
        }
    }
}
