//! The text of a list's picture as the console is sent it: JSON, with each row in a line of its own. A browser finds the
//! rows of a long list by its line ends, and reads those that it shows.

use std::ops::Range;

/// Writes a list: `head` and `tail` are what stands around its rows, none of which has a line end.
pub fn write<'a>(head: &str, rows: impl IntoIterator<Item = &'a str>, tail: &str) -> String {
    let mut out = head.to_owned();
    out.push('\n');
    for (at, row) in rows.into_iter().enumerate() {
        if at > 0 {
            out.push_str(",\n");
        }
        out.push_str(row);
    }
    out.push('\n');
    out.push_str(tail);
    out
}

/// Where the rows of a list stand in its text; `None` where it is not written so.
pub fn rows(text: &[u8]) -> Option<Vec<Range<usize>>> {
    let mut ends = memchr::memchr_iter(b'\n', text);
    let mut begin = ends.next()? + 1;
    let mut rows = Vec::new();
    for end in ends {
        let comma = usize::from(text.get(begin..end)?.ends_with(b","));
        rows.extend(Some(begin..end - comma).filter(|row| !row.is_empty()));
        begin = end + 1;
    }
    (begin < text.len()).then_some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_where_they_were_written() {
        for list in [&[][..], &["{\"a\":1}"], &["{\"a\":[1,2]}", "{}", "7"]] {
            let text = write("{\"x\":[", list.iter().copied(), "]}");
            let found: Vec<_> = rows(text.as_bytes()).unwrap().into_iter().map(|row| &text[row]).collect();
            assert_eq!(found, list);
            let read: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(read["x"].as_array().unwrap().len(), list.len());
        }
    }

    #[test]
    fn what_is_no_list_in_lines_has_no_rows() {
        for text in ["", "{\"x\":[{}]}", "[\n", "[\n{},\n{}\n"] {
            assert_eq!(rows(text.as_bytes()), None, "{text}");
        }
    }
}
