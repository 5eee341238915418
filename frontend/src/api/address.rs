//! Where the proxy is mounted, and the addresses of its operations.

use howdah_shared::operation::Input;

use crate::browser;

/// Whose operation it is: decides what stands before its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At<'a> {
    /// Howdah's own.
    Howdah,
    /// A service's, by the name of the connection.
    Connection(&'a str),
}

/// The path at which the console is mounted, without a slash at its end: the page's `<base href>`.
pub(crate) fn base() -> String {
    base_path(&browser::base_uri())
}

fn base_path(uri: &str) -> String {
    let after_scheme = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let path = after_scheme.find('/').map_or("", |at| &after_scheme[at..]);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.rfind('/').map_or("", |at| &path[..at]).to_owned()
}

/// The address of an operation: base, owner, the operation's own path, query.
pub(crate) fn address<Q: Input>(base: &str, at: At<'_>, path: &str, query: &Q) -> String {
    let mut out = base.to_owned();
    if let At::Connection(name) = at {
        out.push_str("/api/connections/");
        howdah_shared::operation::encode_segment(name, &mut out);
    }
    out.push_str(path);
    if Q::PRESENT {
        // Queries are flat structures of text and numbers, which always can be written.
        let query = serde_html_form::to_string(query).unwrap_or_default();
        if !query.is_empty() {
            out.push('?');
            out.push_str(&query);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use howdah_shared::console::RequestsQuery;
    use howdah_shared::operation::Nothing;

    #[test]
    fn the_base_is_the_folder_of_the_base_uri() {
        assert_eq!(base_path("http://127.0.0.1:8080/"), "");
        assert_eq!(base_path("https://portal.test/data/howdah/"), "/data/howdah");
        assert_eq!(base_path("https://portal.test/data/howdah/index.html?a=/b#/c"), "/data/howdah");
        assert_eq!(base_path("https://portal.test"), "");
        assert_eq!(base_path(""), "");
    }

    #[test]
    fn a_service_stands_under_its_connection() {
        let own = address("/h", At::Howdah, "/api/me", &Nothing {});
        assert_eq!(own, "/h/api/me");
        let service = address("", At::Connection("a b"), "/ws/v1/cluster/info", &Nothing {});
        assert_eq!(service, "/api/connections/a%20b/ws/v1/cluster/info");
    }

    #[test]
    fn only_given_parameters_are_written() {
        let none = address("", At::Howdah, "/api/requests", &RequestsQuery::default());
        assert_eq!(none, "/api/requests");
        let query = RequestsQuery { connection: Some("a&b".into()), limit: Some(5), ..Default::default() };
        assert_eq!(address("", At::Howdah, "/api/requests", &query), "/api/requests?connection=a%26b&limit=5");
    }
}
