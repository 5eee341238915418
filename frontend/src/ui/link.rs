//! Addresses that a service or an application tells. Anybody may have written them: only one of the web becomes a link,
//! and it opens beside the console, which tells it nothing of itself.

use leptos::prelude::*;

use super::copyable::Copyable;

/// An address as a link, or as text to copy.
pub(crate) fn link(url: String) -> AnyView {
    match safe(&url) {
        Some(href) => view! {
            <a href=href target="_blank" rel="noopener noreferrer"><code>{url}</code></a>
        }
        .into_any(),
        None => view! { <Copyable text=Signal::stored(url) limit=120 /> }.into_any(),
    }
}

/// An address that may become a link.
pub(crate) fn safe(url: &str) -> Option<String> {
    let url = url.trim();
    let plain = !url.chars().any(|c| c.is_control() || c.is_whitespace());
    let web = ["http://", "https://"].iter().any(|scheme| {
        url.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme)) && url.len() > scheme.len()
    });
    (plain && web).then(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_of_the_web_becomes_a_link() {
        for url in ["http://rm:8088/proxy/application_1_1/", " https://h/ ", "HTTP://h"] {
            assert_eq!(safe(url).as_deref(), Some(url.trim()));
        }
        for url in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//h/x",
            "http://",
            "http://h/\u{a}x",
            "N/A",
            "",
            "가나다라마바사",
        ] {
            assert_eq!(safe(url), None, "{url}");
        }
    }
}
