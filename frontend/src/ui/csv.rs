//! Comma-separated values for spreadsheets (RFC 4180), and how a browser saves them.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// Adds a line.
pub(crate) fn line<'a>(out: &mut String, cells: impl IntoIterator<Item = &'a str>) {
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        add(out, cell);
    }
    out.push_str("\r\n");
}

fn add(out: &mut String, cell: &str) {
    // A spreadsheet would run what begins so; behind an apostrophe it is text.
    let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    if !runs && !cell.contains(['"', ',', '\n', '\r']) {
        out.push_str(cell);
        return;
    }
    out.push('"');
    if runs {
        out.push('\'');
    }
    out.push_str(&cell.replace('"', "\"\""));
    out.push('"');
}

/// Saves them as a file.
///
/// # Errors
/// What the browser throws.
pub(crate) fn save(name: &str, text: &str) -> Result<(), JsValue> {
    // The mark by which spreadsheets know UTF-8.
    save_as(name, "text/csv;charset=utf-8", &format!("\u{feff}{text}"))
}

/// Saves a text as a file of a media type.
///
/// # Errors
/// What the browser throws.
pub(crate) fn save_as(name: &str, media_type: &str, text: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = Array::of1(&text.into());
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let document = web_sys::window().and_then(|window| window.document()).ok_or("no document")?;
    let link: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    link.set_href(&address);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[&str]) -> String {
        let mut out = String::new();
        line(&mut out, cells.iter().copied());
        out
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(written(&["a", "", "3.5", "b c", "한글"]), "a,,3.5,b c,한글\r\n");
        assert_eq!(written(&["a,b", "say \"x\"", "two\nlines"]), "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\"\r\n");
    }

    #[test]
    fn what_a_spreadsheet_would_run_is_made_harmless() {
        for bad in ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\tx", "=HYPERLINK(\"http://x\",\"y\")"] {
            assert!(written(&[bad]).starts_with("\"'"), "{bad}");
        }
        assert_eq!(written(&["-5", "+2.5"]), "-5,+2.5\r\n");
    }
}
