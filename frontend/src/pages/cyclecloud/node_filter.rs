//! Nodes by an expression of the service's filter language: it is tried here, and what is sent then is which nodes match.

use howdah_shared::systems::cyclecloud::filter::{Filter, Flaw, Unable, Wrong};
use leptos::prelude::*;

use super::node_rows::Row;
use crate::i18n::*;
use crate::list::List;
use crate::ui::button::Button;
use crate::ui::field::Field;
use crate::ui::format;
use crate::ui::live::{effect, memo, string, when};
use crate::ui::table::Ticks;

/// What an expression makes of the nodes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Picked {
    /// There is none: all of them.
    All,
    /// Those that match.
    Some(List<Row>),
    /// It does not parse.
    Wrong(Wrong),
    /// It cannot be told which match.
    Unable(Unable),
}

/// The nodes that an expression picks.
pub(super) fn picked(text: &str, all: Option<&List<Row>>) -> Picked {
    if text.trim().is_empty() {
        return Picked::All;
    }
    let filter = match Filter::parse(text) {
        Ok(filter) => filter,
        Err(wrong) => return Picked::Wrong(wrong),
    };
    let Some(all) = all else { return Picked::All };
    match filter.select(all.iter().map(|row| &row.node)) {
        Ok(places) => Picked::Some(places.into_iter().filter_map(|at| all.get(at).cloned()).collect()),
        Err(unable) => Picked::Unable(unable),
    }
}

/// What is wrong with an expression, in words.
fn fault(i18n: I18nContext<Locale>, picked: &Picked) -> Option<String> {
    match picked {
        Picked::All | Picked::Some(_) => None,
        Picked::Wrong(wrong) => {
            let (at, what) = (format::count(wrong.at as i64 + 1), flaw_word(i18n.get_locale(), wrong.flaw));
            Some(t_string!(i18n, cycle_nodes.wrong, at = at, what = what).to_string())
        }
        Picked::Unable(Unable::HeldBack(name)) => {
            Some(t_string!(i18n, cycle_nodes.unable_held_back, name = name.clone()).to_string())
        }
        Picked::Unable(Unable::Function(name)) => {
            Some(t_string!(i18n, cycle_nodes.unable_function, name = name.clone()).to_string())
        }
    }
}

/// What is wrong at a place.
fn flaw_word(language: Locale, flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::TooLong => td_string!(language, cycle_filter.too_long),
        Flaw::TooDeep => td_string!(language, cycle_filter.too_deep),
        Flaw::TooManyOperators => td_string!(language, cycle_filter.too_many),
        Flaw::NoOperator => td_string!(language, cycle_filter.no_operator),
        Flaw::NoOperand => td_string!(language, cycle_filter.no_operand),
        Flaw::NothingBeforeIn => td_string!(language, cycle_filter.before_in),
        Flaw::NoColon => td_string!(language, cycle_filter.no_colon),
        Flaw::NoParenthesis => td_string!(language, cycle_filter.no_parenthesis),
        Flaw::NoList => td_string!(language, cycle_filter.no_list),
        Flaw::ListGoesOn => td_string!(language, cycle_filter.list_goes_on),
        Flaw::CallGoesOn => td_string!(language, cycle_filter.call_goes_on),
        Flaw::SingleQuotes => td_string!(language, cycle_filter.single_quotes),
        Flaw::OpenText => td_string!(language, cycle_filter.open_text),
        Flaw::Time => td_string!(language, cycle_filter.time),
        Flaw::Number => td_string!(language, cycle_filter.number),
    }
}

/// The field, and what it finds. What is typed is tried at once, and shown when somebody says so.
#[component]
pub(super) fn Expression(
    /// The expression that is shown by, as it stands in the address.
    expression: RwSignal<String>,
    /// What it picks.
    picked: Memo<Picked>,
    /// Every node.
    all: Signal<Option<List<Row>>>,
    /// The rows that are ticked.
    ticks: Ticks,
) -> impl IntoView {
    let i18n = use_i18n();
    let typed = RwSignal::new(expression.get_untracked());
    // The address may change, or be cleared, apart from the field.
    effect(move || typed.set(expression.get()));
    let tried = memo(move || typed.with(|text| all.with(|all| self::picked(text, all.as_ref()))));
    let wrong = memo(move || tried.with(|tried| fault(i18n, tried)));
    let found = memo(move || match picked.get() {
        Picked::Some(found) => Some(found),
        _ => None,
    });
    let hint = string(move || match tried.get() {
        Picked::Some(found) => {
            let count = format::count(found.len() as i64);
            t_string!(i18n, cycle_nodes.matches, count = count).to_string()
        }
        _ => t_string!(i18n, cycle_nodes.expression_hint).to_string(),
    });
    let off = Signal::derive(move || match typed.with(|text| text.trim().is_empty()) {
        true => Some(t_string!(i18n, cycle_nodes.off_empty).to_string()),
        false => wrong.get(),
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if off.with_untracked(Option::is_none) {
            expression.set(typed.get_untracked());
        }
    };
    let select = Callback::new(move |()| {
        if let Some(found) = found.get_untracked() {
            ticks.only(&found);
        }
    });
    let clear = Callback::new(move |()| {
        typed.set(String::new());
        expression.set(String::new());
    });
    let select_word = string(move || {
        let count = found.with(|found| found.as_ref().map_or(0, |found| found.len()));
        t_string!(i18n, cycle_nodes.select, count = format::count(count as i64)).to_string()
    });
    view! {
        <details class="folded" open=expression.with_untracked(|text| !text.is_empty())>
            <summary>{words!(cycle_nodes.by_expression)}</summary>
            <form class="expression" novalidate=true on:submit=submit>
                <Field id="expression" label=words!(cycle_nodes.expression) value=typed fault=wrong hint=hint />
                <div class="expression-acts">
                    <Button kind="submit" off=off>{words!(cycle_nodes.show)}</Button>
                    {when(move || found.with(Option::is_some), move || view! {
                        <Button press=select>{select_word}</Button>
                        <Button press=clear>{words!(cycle_nodes.clear)}</Button>
                    }.into_any())}
                </div>
            </form>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::super::node_rows::tests::row;
    use super::*;

    fn nodes() -> List<Row> {
        [
            json!({"NodeId": "a", "Status": "Ready", "HowdahHeldBack": 2}),
            json!({"NodeId": "b", "Status": "Failed", "HowdahHeldBack": 2}),
        ]
        .map(|record| Arc::new(row(record)))
        .into_iter()
        .collect()
    }

    #[test]
    fn an_expression_picks_the_nodes_that_match() {
        let Picked::Some(found) = picked(r#"Status == "failed""#, Some(&nodes())) else { panic!("it picks none") };
        assert_eq!(found.iter().map(|row| row.node.id().unwrap()).collect::<Vec<_>>(), ["b"]);
        assert_eq!(picked("  ", Some(&nodes())), Picked::All);
        assert_eq!(picked("Status", None), Picked::All);
    }

    #[test]
    fn what_cannot_be_told_picks_nothing() {
        assert!(matches!(picked("Status ==", Some(&nodes())), Picked::Wrong(_)));
        let held_back = picked("Secret === undefined", Some(&nodes()));
        assert_eq!(held_back, Picked::Unable(Unable::HeldBack("Secret".into())));
    }

    #[test]
    fn what_is_wrong_has_words_of_its_own_in_every_language() {
        use std::collections::BTreeSet;
        let words: BTreeSet<&str> = Flaw::ALL
            .iter()
            .flat_map(|flaw| [Locale::en, Locale::ko].map(|language| flaw_word(language, *flaw)))
            .collect();
        assert_eq!(words.len(), Flaw::ALL.len() * 2, "{words:?}");
    }
}
