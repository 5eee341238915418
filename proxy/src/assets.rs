//! The console's files: in the binary, or in a folder. They are few and small, so they are held in memory, where
//! `ServeDir` serves them. Hashed files are immutable, the page is not; a path that is no file is a page of the
//! console unless it looks like a file.

use std::collections::HashMap;
use std::future::{Ready, ready};
use std::io::{self, Cursor};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::SystemTime;

use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use howdah_shared::problem::{Code, Problem};
use http::header::{CACHE_CONTROL, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, Method, Request, Response, Uri};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncSeek, ReadBuf};
use tower::ServiceExt;
use tower_http::services::ServeDir;
use tower_http::services::fs::{Backend, File, Metadata};

#[cfg(feature = "first-picture")]
use crate::first_picture::Frame;
use crate::gateway::reply;
use crate::gateway::route::other_methods;

/// The console's files.
#[derive(Clone)]
pub struct Assets {
    memory: Memory,
    script_hashes: Arc<[String]>,
    #[cfg(feature = "first-picture")]
    frame: Option<Arc<Frame>>,
}

#[cfg(feature = "embed")]
static EMBEDDED: include_dir::Dir<'_> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/../frontend/dist");

impl Assets {
    /// Reads the files from a folder; without one, those within the binary. The page is written for this base path.
    ///
    /// # Errors
    /// A sentence when the folder cannot be read or holds no page.
    pub fn open(folder: Option<&Path>, base: &str) -> Result<Assets, String> {
        match folder {
            Some(folder) => {
                let mut files = HashMap::new();
                read_folder(folder, Path::new(""), &mut files)
                    .map_err(|error| format!("{}: {error}", folder.display()))?;
                if !files.contains_key(Path::new(PAGE)) {
                    return Err(format!("{} holds no {PAGE}; build the console first", folder.display()));
                }
                Assets::of(files, base).map_err(|problem| format!("{}: {problem}", folder.display()))
            }
            #[cfg(feature = "embed")]
            None => Assets::of(embedded(&EMBEDDED, built()), base),
            #[cfg(not(feature = "embed"))]
            None => Assets::of(HashMap::new(), base),
        }
    }

    fn of(mut files: HashMap<PathBuf, Stored>, base: &str) -> Result<Assets, String> {
        let mut script_hashes = Vec::new();
        if let Some(page) = files.get_mut(Path::new(PAGE)) {
            let built = String::from_utf8_lossy(&page.bytes).into_owned();
            let written = with_base(&built, base).ok_or_else(|| format!("{PAGE} names no base"))?;
            script_hashes = inline_scripts(&written);
            if written != built {
                page.bytes = Bytes::from(written);
                // They hold the page as it was built.
                files.remove(Path::new("index.html.br"));
                files.remove(Path::new("index.html.gz"));
            }
        }
        #[cfg(feature = "first-picture")]
        let frame = {
            let text = |name: &str| files.get(Path::new(name)).map(|file| String::from_utf8_lossy(&file.bytes));
            text(PAGE).and_then(|page| Frame::of(&page, text)).map(Arc::new)
        };
        Ok(Assets {
            memory: Memory(Arc::new(files)),
            script_hashes: script_hashes.into(),
            #[cfg(feature = "first-picture")]
            frame,
        })
    }

    /// The hashes of styles that may stand in the page itself, for `style-src`.
    pub fn style_hashes(&self) -> &[String] {
        #[cfg(feature = "first-picture")]
        if let Some(frame) = &self.frame {
            return &frame.style_hashes;
        }
        &[]
    }

    /// The hashes of the page's inline scripts, for `script-src`.
    pub fn script_hashes(&self) -> &[String] {
        &self.script_hashes
    }

    /// The page as something is drawn in it; `None` where there is no console.
    #[cfg(feature = "first-picture")]
    pub fn frame(&self) -> Option<&Frame> {
        self.frame.as_deref()
    }

    /// Answers a path below the base path, without its leading slash.
    pub async fn answer(&self, method: Method, path: &str, headers: HeaderMap) -> Response<Body> {
        if !matches!(method, Method::GET | Method::HEAD) {
            return reply::problem(other_methods(&["GET", "HEAD"]));
        }
        let name = if self.memory.0.contains_key(Path::new(path)) { path } else { PAGE };
        if !is_page(path) && name == PAGE {
            return reply::problem(Problem::new(Code::NotFound, "There is no such file."));
        }
        if !self.memory.0.contains_key(Path::new(name)) {
            let detail = "This Howdah has no console: neither in the binary nor in a folder named by `console`.";
            return reply::problem(Problem::new(Code::NotFound, detail));
        }
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method;
        *request.uri_mut() = format!("/{name}").parse().unwrap_or(Uri::from_static("/index.html"));
        *request.headers_mut() = headers;
        let files = ServeDir::with_backend("", self.memory.clone()).precompressed_br().precompressed_gzip();
        let Ok(response) = files.oneshot(request).await;
        let mut response = response.map(Body::new);
        let cache = if is_hashed(name) { "public, max-age=31536000, immutable" } else { "no-cache" };
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(cache));
        response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        response
    }
}

const PAGE: &str = "index.html";

/// Whether a path that is no file is one of the console's pages. Its files all stand at the top, where a page has no
/// ending; further down what looks like one belongs to a name, such as that of a node.
fn is_page(path: &str) -> bool {
    let goes_up = path.split('/').any(|segment| segment == "..");
    path == PAGE || !path.contains('.') || (path.contains('/') && !goes_up)
}

/// Whether a name holds the hash of its content: eight hexadecimal digits or more between `-`, `_` or `.`.
fn is_hashed(name: &str) -> bool {
    name.split(['-', '_', '.']).any(|part| part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The page with another base than the root, for which it is built.
fn with_base(page: &str, base: &str) -> Option<String> {
    let (before, rest) = page.split_once("<base ")?;
    let (_, after) = rest.split_once('>')?;
    Some(if base == "/" { page.to_owned() } else { format!("{before}<base href=\"{base}\">{after}") })
}

fn read_folder(folder: &Path, below: &Path, files: &mut HashMap<PathBuf, Stored>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = below.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            read_folder(&entry.path(), &name, files)?;
        } else {
            let modified = entry.metadata()?.modified()?;
            files.insert(name, Stored { bytes: Bytes::from(std::fs::read(entry.path())?), modified });
        }
    }
    Ok(())
}

#[cfg(feature = "embed")]
fn embedded(dir: &'static include_dir::Dir<'static>, modified: SystemTime) -> HashMap<PathBuf, Stored> {
    let own = dir
        .files()
        .map(|file| (file.path().to_owned(), Stored { bytes: Bytes::from_static(file.contents()), modified }));
    own.chain(dir.dirs().flat_map(|dir| embedded(dir, modified))).collect()
}

/// When this binary was built, as far as its file tells.
#[cfg(feature = "embed")]
fn built() -> SystemTime {
    let file = std::env::current_exe().and_then(std::fs::metadata);
    file.and_then(|file| file.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
}

/// The CSP hashes of scripts that stand in the page itself.
fn inline_scripts(page: &str) -> Vec<String> {
    let mut hashes = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find("<script") {
        let Some(open) = rest[at..].find('>').map(|n| at + n) else { break };
        let Some(close) = rest[open..].find("</script>").map(|n| open + n) else { break };
        let text = &rest[open + 1..close];
        if !rest[at..open].contains("src=") && !text.is_empty() {
            hashes.push(hash(text));
        }
        rest = &rest[close..];
    }
    hashes
}

/// By which a policy lets a text of the page count.
pub(crate) fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

/// Files in memory, as `ServeDir` wants to have them.
#[derive(Clone)]
struct Memory(Arc<HashMap<PathBuf, Stored>>);

#[derive(Clone)]
struct Stored {
    bytes: Bytes,
    modified: SystemTime,
}

struct Opened {
    stored: Stored,
    cursor: Cursor<Bytes>,
}

impl Memory {
    fn find(&self, path: &Path) -> io::Result<Stored> {
        // `ServeDir` writes every path below ".".
        let path = path.strip_prefix(".").unwrap_or(path);
        self.0.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl Backend for Memory {
    type File = Opened;
    type Metadata = Stored;
    type OpenFuture = Ready<io::Result<Opened>>;
    type MetadataFuture = Ready<io::Result<Stored>>;

    fn open(&self, path: PathBuf) -> Self::OpenFuture {
        ready(self.find(&path).map(|stored| Opened { cursor: Cursor::new(stored.bytes.clone()), stored }))
    }

    fn metadata(&self, path: PathBuf) -> Self::MetadataFuture {
        ready(self.find(&path))
    }
}

impl Metadata for Stored {
    fn is_dir(&self) -> bool {
        false
    }

    fn modified(&self) -> io::Result<SystemTime> {
        Ok(self.modified)
    }

    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }
}

impl File for Opened {
    type Metadata = Stored;
    type MetadataFuture<'a> = Ready<io::Result<Stored>>;

    fn metadata(&self) -> Self::MetadataFuture<'_> {
        ready(Ok(self.stored.clone()))
    }
}

impl AsyncRead for Opened {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.cursor).poll_read(cx, buf)
    }
}

impl AsyncSeek for Opened {
    fn start_seek(mut self: Pin<&mut Self>, position: io::SeekFrom) -> io::Result<()> {
        Pin::new(&mut self.cursor).start_seek(position)
    }

    fn poll_complete(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        Pin::new(&mut self.cursor).poll_complete(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH};

    const HTML: &str = "<html><head><base href=\"/\"><script type=\"module\">go()</script><script src=\"x.js\"></script></head></html>";

    fn assets(base: &str) -> Assets {
        let file = |name: &str, text: &'static str| {
            let bytes = Bytes::from_static(text.as_bytes());
            (PathBuf::from(name), Stored { bytes, modified: SystemTime::UNIX_EPOCH })
        };
        let files = [
            file("index.html", HTML),
            file("index.html.br", "BR"),
            file("a-0123456789abcdef.wasm", "wasm"),
            file("a-0123456789abcdef.wasm.br", "BR"),
        ];
        Assets::of(files.into(), base).unwrap()
    }

    async fn get(assets: &Assets, path: &str, headers: HeaderMap) -> Response<Body> {
        assets.answer(Method::GET, path, headers).await
    }

    fn accepting(encoding: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(encoding))])
    }

    #[tokio::test]
    async fn pages_are_the_page_and_missing_files_are_missing() {
        let assets = assets("/");
        for page in ["", "requests/abc", "connections/eco", "connections/a.b/nodes/host-1.c:45454", "index.html"] {
            let response = get(&assets, page, HeaderMap::new()).await;
            assert_eq!(
                (response.status().as_u16(), response.headers()[CONTENT_TYPE] == "text/html"),
                (200, true),
                "{page}"
            );
        }
        for missing in ["a-ffffffffffffffff.js", "x.png", "../index.html.gz"] {
            assert_eq!(get(&assets, missing, HeaderMap::new()).await.status(), 404, "{missing}");
        }
    }

    #[tokio::test]
    async fn files_come_compressed_and_for_ever() {
        let assets = assets("/");
        let name = "a-0123456789abcdef.wasm";
        let response = get(&assets, name, accepting("gzip, br;q=0.9")).await;
        assert_eq!(response.headers()[CONTENT_ENCODING], "br");
        assert_eq!(response.headers()[CONTENT_TYPE], "application/wasm");
        assert!(response.headers()[CACHE_CONTROL].to_str().unwrap().contains("immutable"));
        let known = HeaderMap::from_iter([(IF_NONE_MATCH, response.headers()[ETAG].clone())]);
        let mut again = known;
        again.extend(accepting("br"));
        assert_eq!(get(&assets, name, again).await.status(), 304);
        assert!(get(&assets, name, accepting("identity")).await.headers().get(CONTENT_ENCODING).is_none());
        assert_eq!(get(&assets, "", HeaderMap::new()).await.headers()[CACHE_CONTROL], "no-cache");
    }

    #[tokio::test]
    async fn the_page_is_written_for_its_base_and_its_script_is_hashed() {
        let rooted = assets("/");
        assert_eq!(get(&rooted, "", accepting("br")).await.headers()[CONTENT_ENCODING], "br");
        assert_eq!(rooted.script_hashes().len(), 1);
        let moved = assets("/tools/");
        assert!(get(&moved, "", accepting("br")).await.headers().get(CONTENT_ENCODING).is_none());
        let page = &moved.memory.0[Path::new(PAGE)].bytes;
        assert!(String::from_utf8_lossy(page).contains("<base href=\"/tools/\">"));
    }

    #[test]
    fn the_base_is_found_however_small_the_page_was_made() {
        for page in ["<base href=/><p>", "<base href=\"/\" /><p>"] {
            assert_eq!(with_base(page, "/tools/").as_deref(), Some("<base href=\"/tools/\"><p>"));
        }
        assert_eq!(with_base("<p>", "/"), None);
    }
}
