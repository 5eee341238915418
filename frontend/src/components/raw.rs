//! What the service says of something, as it says it: on demand.

use howdah_shared::operation::Operation;
use howdah_shared::problem::Problem;
use leptos::prelude::*;

use crate::api::{At, text};
use crate::components::problem::ProblemLine;
use crate::ui::copyable::Copyable;
use crate::ui::live::live;

/// The reply to a read, asked for when somebody unfolds it.
#[component]
pub(crate) fn Raw<O>(
    /// The connection's name.
    connection: String,
    /// The read.
    operation: O,
) -> impl IntoView
where
    O: Operation + Clone + Send + Sync + 'static,
    O::Query: Default,
{
    let told: RwSignal<Option<Result<String, Problem>>> = RwSignal::new(None);
    let open = move |event: web_sys::Event| {
        let details: web_sys::Element = event_target(&event);
        if !details.has_attribute("open") {
            return;
        }
        let (connection, operation) = (connection.clone(), operation.clone());
        leptos::task::spawn_local(async move {
            let answer = text(At::Connection(&connection), &operation, &O::Query::default()).await;
            // The page may be gone by now.
            told.try_set(Some(answer.map(|text| indented(&text))));
        });
    };
    view! {
        <details class="folded" on:toggle=open>
            <summary>{words!(raw.title)}</summary>
            {live(move || match told.get() {
                Some(Ok(text)) => view! { <Copyable text=Signal::stored(text) block=Some(words!(raw.title)) /> }.into_any(),
                Some(Err(problem)) => view! { <ProblemLine problem=Signal::stored(problem) /> }.into_any(),
                None => view! { <p role="status">{words!(raw.loading)}</p> }.into_any(),
            })}
        </details>
    }
}

/// JSON with a line for each member. Of what is within strings nothing is changed, nor are numbers.
fn indented(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    let mut left = text.trim().chars().peekable();
    while let Some(c) = left.next() {
        if quoted {
            out.push(c);
            quoted = escaped || c != '"';
            escaped = c == '\\' && !escaped;
            continue;
        }
        match c {
            '"' => {
                quoted = true;
                out.push(c);
            }
            '{' | '[' => {
                out.push(c);
                while left.next_if(|c| c.is_ascii_whitespace()).is_some() {}
                if let Some(end) = left.next_if(|c| matches!(c, '}' | ']')) {
                    out.push(end);
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c if c.is_ascii_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stays_as_it_was_written() {
        let text = r#"{"a":9223372036854775807,"b":[1.0,{ }],"c":"x, \"{y}\\", "d":[]}"#;
        let out = indented(text);
        assert_eq!(
            out,
            "{\n  \"a\": 9223372036854775807,\n  \"b\": [\n    1.0,\n    {}\n  ],\n  \"c\": \"x, \\\"{y}\\\\\",\n  \"d\": []\n}"
        );
        let (one, other): (serde_json::Value, serde_json::Value) =
            (serde_json::from_str(text).unwrap(), serde_json::from_str(&out).unwrap());
        assert_eq!(one, other);
    }

    #[test]
    fn what_is_no_json_does_not_break_it() {
        for text in ["", "]", "\"", "{", "\\"] {
            indented(text);
        }
    }
}
