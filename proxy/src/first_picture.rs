//! The page of a list that is watched already, with a picture of it: whoever opens it sees the list before the console has
//! come. It is drawn for one person, with that person's rights, of what the console would be told anyway.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use howdah_frontend::first_picture::{self, Drawn, Picture, Subject, Visit};
use howdah_shared::console::{ListConnections, ShowMe};
use howdah_shared::operation::Operation;
use http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, HeaderMap, HeaderValue};
use http::{Response, Uri};
use tokio::sync::Semaphore;

use crate::app::{App, Snapshot, now};
use crate::watching::{pictures, sse};
use crate::{access, assets, console, gateway};

/// How many are drawn at once. Each takes a thread and some megabytes for some milliseconds; nobody waits for them.
static DRAWING: Semaphore = Semaphore::const_new(4);

/// Answers a GET with such a page; `None` where there is nothing to draw it of, or nobody to draw it for.
pub async fn answer(
    app: &Arc<App>,
    snapshot: &Snapshot,
    address: IpAddr,
    uri: &Uri,
    headers: &HeaderMap,
) -> Option<Response<Body>> {
    let path = uri.path();
    let base = snapshot.public.base.trim_end_matches('/');
    let subject = first_picture::begins_with(base, path)?;
    let principal = access::authenticate(app, snapshot, headers, None, address).await.ok()?;
    let Subject { connection, path: read, query } = &subject;
    let reading = gateway::watched(snapshot, &principal, connection, read, query).ok()?;
    let _drawing = DRAWING.try_acquire().ok()?;
    let (version, is_complete, rows) = app.watching.picture(&reading)?;
    let picture = Picture { version, is_complete, rows: rows.to_vec() };
    let me = serde_json::to_string(&console::me_of(app, &principal)).ok()?;
    let listing = console::watched(&ListConnections {}.path(), "").ok()?;
    let connections = console::read(app, snapshot, principal, listing.row, listing.call).await.ok()?;
    let visit = Visit {
        base: snapshot.public.base.clone(),
        path: path.to_owned(),
        query: uri.query().map(|query| format!("?{query}")).unwrap_or_default(),
        languages: languages(headers),
        now: now() as f64,
        answers: [(ShowMe {}.path(), me), (ListConnections {}.path(), connections)]
            .map(|(path, answer)| (format!("{base}{path}"), answer))
            .into(),
    };
    let drawn = tokio::task::spawn_blocking(move || first_picture::draw(visit, subject, picture)).await.ok()??;
    let page = app.assets.frame()?.with(&drawn);
    let mut response = pictures::json(page, sse::accepts_gzip(headers)).await;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
    Some(response)
}

/// The page around what is drawn in it. Nothing that is seen has to be loaded, and nothing is loaded ahead of it.
pub struct Frame {
    /// Up to the language of the root, from there to the body, and what follows what is drawn in it.
    parts: [String; 3],
    /// The hashes of the styles within.
    pub(crate) style_hashes: Vec<String>,
}

impl Frame {
    /// The frame that a page is; `None` where it has not what every page of the console has. `text` is that of a file.
    pub(crate) fn of<'a>(page: &str, text: impl Fn(&str) -> Option<Cow<'a, str>>) -> Option<Frame> {
        let (head, end) = page.split_once("<body>")?;
        // The first is that of the root.
        let (root, head) = head.split_once(" lang=")?;
        let head = &head[head.find([' ', '>'])?..];
        let mut links = head.split("<link ");
        let (mut rest, mut style_hashes) = (links.next()?.to_owned(), Vec::new());
        for link in links {
            let (attributes, after) = link.split_once('>')?;
            if attributes.contains("stylesheet") {
                let (_, name) = attributes.split_once("./")?;
                let styles = text(name.split(['"', ' ']).next()?)?;
                style_hashes.push(assets::hash(&styles));
                rest.extend(["<style>", &styles, "</style>"]);
            } else if !attributes.contains("preload") {
                rest.extend(["<link ", attributes, ">"]);
            }
            rest.push_str(after);
        }
        Some(Frame { parts: [root.to_owned(), rest, end.to_owned()], style_hashes })
    }

    /// The page with something in it that cannot be used.
    fn with(&self, Drawn { body, language }: &Drawn) -> String {
        let [root, head, end] = &self.parts;
        format!("{root} lang={language} data-picture=shown{head}<body inert>{body}{end}")
    }
}

/// The languages of `Accept-Language`, in their order; browsers write the best first.
fn languages(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all(ACCEPT_LANGUAGE).iter().filter_map(|line| line.to_str().ok());
    let words = lines.flat_map(|line| line.split(','));
    words.map(|word| word.split(';').next().unwrap_or_default().trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_stands_in_the_page_with_its_styles() {
        let page = "<html lang=\"en\" data-howdah=loading><link rel=preload href=a><link rel=icon href=b><base href=/>\
                    <link href=./s-1.css rel=stylesheet></head><body><p>END</p></body></html>";
        let text = |name: &str| (name == "s-1.css").then_some("p{}".into());
        let frame = Frame::of(page, text).unwrap();
        assert_eq!(frame.style_hashes, [assets::hash("p{}")]);
        assert_eq!(
            frame.with(&Drawn { body: "<i>x</i>".to_owned(), language: "ko" }),
            "<html lang=ko data-picture=shown data-howdah=loading><link rel=icon href=b><base href=/>\
             <style>p{}</style></head><body inert><i>x</i><p>END</p></body></html>"
        );
        for other in [page.replace("s-1", "s-2"), page.replace(" lang", " x"), page.replace("<body>", "<body x>")] {
            assert!(Frame::of(&other, text).is_none(), "{other}");
        }
    }

    #[test]
    fn languages_come_in_their_order() {
        let headers = HeaderMap::from_iter([(ACCEPT_LANGUAGE, HeaderValue::from_static("ko-KR, en;q=0.8,*;q=0.1"))]);
        assert_eq!(languages(&headers), ["ko-KR", "en", "*"]);
        assert!(languages(&HeaderMap::new()).is_empty());
    }
}
