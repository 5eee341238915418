//! What a run would have otherwise than the last one, side by side, and what of it is hardly meant.

use howdah_shared::systems::hadoop_eco::Warning;
use leptos::prelude::*;

use super::again_fields::Masked;
use super::again_form::Part;
use super::again_words::{part_word, warning_words};
use crate::i18n::*;
use crate::ui::live::live;
use crate::ui::mark::{Kind, Mark};

/// The fields that were touched: as it ran last, as it would run now.
#[component]
pub(super) fn Difference(
    /// The fields with the text before and after.
    changes: Memo<Vec<(Part, String, String)>>,
    /// Those of which the last value begins empty although it is not.
    masked: Masked,
    /// Whether anything ran that is known of.
    ran: bool,
    /// Whether it is known what ran last.
    knows: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let before = move |part: Part, text: String| {
        let masked = masked.with_value(|masked| masked.iter().find(|(other, _)| *other == part).cloned());
        match masked {
            Some((_, text)) => text,
            None if !text.is_empty() => with_unit(part, text),
            None if knows && part.takes_empty() => t_string!(i18n, run_again.nothing).to_string(),
            None => "—".to_owned(),
        }
    };
    let after = move |part: Part, text: String| match text.is_empty() {
        true => t_string!(i18n, run_again.nothing).to_string(),
        false => with_unit(part, text),
    };
    live(move || {
        let changes = changes.get();
        if changes.is_empty() {
            let none = if ran { words!(run_again.no_changes) } else { words!(run_again.no_changes_first) };
            return view! { <p>{none}</p> }.into_any();
        }
        let lines = changes.into_iter().map(|(part, from, to)| {
            view! {
                <tr>
                    <th scope="row">{part_word(i18n, part)}</th>
                    <td class="again-before">{before(part, from)}</td>
                    <td>{after(part, to)}</td>
                </tr>
            }
        });
        view! {
            <table class="again-difference">
                <thead>
                    <tr>
                        <th scope="col">{words!(run_again.field)}</th>
                        <th scope="col">{words!(run_again.last_time)}</th>
                        <th scope="col">{words!(run_again.this_time)}</th>
                    </tr>
                </thead>
                <tbody>{lines.collect::<Vec<_>>()}</tbody>
            </table>
        }
        .into_any()
    })
}

fn with_unit(part: Part, text: String) -> String {
    match part.unit() {
        "" => text,
        unit => format!("{text} {unit}"),
    }
}

/// What is possible, but perhaps not meant.
#[component]
pub(super) fn Warnings(
    /// The warnings.
    warned: Memo<Vec<Warning>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let list = live(move || {
        let warned = warned.get();
        if warned.is_empty() {
            return ().into_any();
        }
        let lines = warned.into_iter().map(|warning| {
            let word = Signal::stored(warning_words(i18n, warning));
            view! { <li><Mark kind=Kind::Caution word=word /></li> }
        });
        view! { <ul class="again-warnings">{lines.collect::<Vec<_>>()}</ul> }.into_any()
    });
    view! { <div role="status">{list}</div> }
}
