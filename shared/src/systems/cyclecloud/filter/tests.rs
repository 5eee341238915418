use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn node(value: Value) -> Node {
    serde_json::from_value(value).unwrap()
}

fn ready() -> Node {
    node(json!({
        "Name": "execute-7", "NodeId": "n-7", "Status": "Ready", "State": "Started", "PrivateIp": "10.0.0.7",
        "CoreCount": 8, "Memory": 31.5, "KeepAlive": false, "PhaseFailed": null, "SessionUpTime": 1800,
        "Configuration": {"slurm": {"partition": "hpc"}}, "Roles": ["execute", "mpi"], "HowdahHeldBack": 3
    }))
}

#[track_caller]
fn selects(text: &str) -> bool {
    let filter = Filter::parse(text).unwrap_or_else(|wrong| panic!("{wrong} in {text}"));
    filter.matches(&ready())
}

#[test]
fn what_an_expression_selects() {
    for text in [
        r#"State === "Started""#,
        r#"state == "STARTED""#,
        r#"PrivateIp in {"10.0.0.1", "10.0.0.7"}"#,
        r#"Name=="execute-7"&&NodeId =!= "x""#,
        r#"Status === "Failed" || State === "Started" && CoreCount >= 8"#,
        "SessionUpTime < `1h` && startswith(\"execute\", Name)",
        r#"!startswith("eastus", Name)"#,
        "CoreCount * 2 + 1 == 17",
        "CoreCount - 4 - 2 == 2",
        "-CoreCount < 0 && 10 / 4 == 2.5",
        "Nothing === undefined",
        "Nothing =!= 1",
        "PhaseFailed === undefined",
        "PhaseFailed === true || !KeepAlive",
        r#"CoreCount > 4 ? Status == "Ready" : false"#,
        r#"ifThenElse(KeepAlive, "a", "b") == "b""#,
        r#"ifUndefined(Nothing, 5) == 5"#,
        r#"regexp("^execute-[0-9]+$", Name)"#,
        r#"size(Roles) == 2 && size("abc") == 3"#,
        r#"strcat("a", 1, true) == "a1true""#,
        r#"strjoin("-", {"a", "b"}) == "a-b" && strjoin("-", "a", "b") == "a-b""#,
        r#"substr(Name, 0, 7) == "execute" && substr(Name, -1) == "7""#,
        r#"trim("  x ") === "x""#,
        r#"configuration.slurm.Partition == "hpc""#,
        r#""mpi" in Roles"#.replace("in Roles", r#"in {"mpi"}"#).as_str(),
        r#""say \"so\"" === "say \"so\"""#,
        "(1 < 2) && !(2 < 1)",
    ] {
        assert!(selects(text), "{text}");
    }
    for text in [
        r#"State === "started""#,
        "Nothing == 1",
        "Nothing != 1",
        "!Nothing",
        "Nothing < 1 || false",
        r#"CoreCount == "8""#,
        r#"CoreCount === "8""#,
        "KeepAlive && Nothing",
        "Nothing in {1}",
        "PrivateIp in {}",
        "1",
        r#""true""#,
        "CoreCount / 0 == 1",
        r#"regexp("(", Name) || false"#,
        "Configuration == 1",
        "error || true",
        "size(CoreCount) == 1",
    ] {
        assert!(!selects(text), "{text}");
    }
}

#[test]
fn what_is_not_defined_decides_nothing_that_is_decided_already() {
    assert!(selects("Nothing || true") && selects("true || Nothing") && selects("!(Nothing && false)"));
    assert!(!selects("Nothing && true") && !selects("!(Nothing && true)"));
}

#[test]
fn what_does_not_parse_tells_where() {
    for (text, at, flaw) in [
        ("", 0, Flaw::NoOperand),
        ("Status ==", 9, Flaw::NoOperand),
        ("Status = 1", 7, Flaw::NoOperator),
        ("'Ready' == Status", 0, Flaw::SingleQuotes),
        (r#"Name == "x"#, 8, Flaw::OpenText),
        ("Name == `x`", 8, Flaw::Time),
        ("(a == 1", 7, Flaw::NoParenthesis),
        ("a in b", 5, Flaw::NoList),
        ("a in {1 2}", 8, Flaw::ListGoesOn),
        ("a ? b", 5, Flaw::NoColon),
        ("f(1", 3, Flaw::CallGoesOn),
        ("a b", 2, Flaw::NoOperator),
        ("1.2.3", 0, Flaw::Number),
        ("a == 1; drop", 6, Flaw::NoOperator),
        ("== 1", 0, Flaw::NoOperand),
        ("in {1}", 0, Flaw::NothingBeforeIn),
        (r#"Name == "야간" Status"#, 13, Flaw::NoOperator),
    ] {
        assert_eq!(Filter::parse(text), Err(Wrong { at, flaw }), "{text}");
    }
    let wrong = Filter::parse(r#"Name == "야간" Status"#).unwrap_err();
    assert_eq!(wrong.to_string(), "an operator is expected at character 14");
    for (long, flaw) in [
        ("가".repeat(30_000), Flaw::TooLong),
        ("(".repeat(60_000), Flaw::TooDeep),
        ("!".repeat(60_000), Flaw::TooDeep),
        ("a?".repeat(30_000), Flaw::TooDeep),
        ("f(".repeat(30_000), Flaw::TooDeep),
        ("1+".repeat(30_000), Flaw::TooManyOperators),
    ] {
        assert_eq!(Filter::parse(&long).map_err(|wrong| wrong.flaw), Err(flaw));
    }
}

#[test]
fn an_attribute_that_was_held_back_is_named() {
    let select = |text: &str, nodes: &[Node]| Filter::parse(text).unwrap().select(nodes);
    let nodes = [ready(), node(json!({"Name": "x", "Status": "Off"}))];
    assert_eq!(select(r#"Status == "Off""#, &nodes), Ok(vec![1]));
    assert_eq!(select("AdminPassword === undefined", &nodes), Err(Unable::HeldBack("AdminPassword".to_owned())));
    assert_eq!(select("UsualIp == 1 && Custom.Thing == 2", &nodes), Err(Unable::HeldBack("Custom".to_owned())));
    // Known, though no node has it; told, though it is not known; and nothing was held back.
    assert_eq!(select("PublicIp === undefined", &nodes), Ok(vec![0, 1]));
    assert_eq!(select("sessionuptime > 5", &nodes), Ok(vec![0]));
    assert_eq!(select("AdminPassword === undefined", &nodes[1..]), Ok(vec![0]));
    assert_eq!(select("time() > 5", &nodes), Err(Unable::Function("time".to_owned())));
}

#[test]
fn patterns() {
    use super::pattern::Pattern;
    let found = |pattern: &str, text: &str| Pattern::read(pattern).and_then(|pattern| pattern.is_found_in(text));
    for (pattern, text, meant) in [
        ("ht[cx]-", "a-htc-1", Some(true)),
        ("^htc-\\d{1,3}$", "htc-1234", Some(false)),
        ("^htc-\\d{1,3}$", "htc-123", Some(true)),
        ("^(a|b.)*c$", "abxac", Some(true)),
        ("^(?:a|b)+?$", "abc", Some(false)),
        ("[^a-c]", "abc", Some(false)),
        ("[\\w.-]+@", "me.you@x", Some(true)),
        ("\\S\\s\\W", "a -", Some(true)),
        ("a\\.b", "axb", Some(false)),
        ("", "", Some(true)),
        ("(a*)*b", &"a".repeat(200), None),
        ("(", "", None),
        ("a)", "", None),
        ("[b-a]", "", None),
        ("\\p{L}", "", None),
        ("(?=a)", "a", None),
        ("*", "", None),
        ("a{2000}", "a", None),
        ("x", &"x".repeat(1000), None),
    ] {
        assert_eq!(found(pattern, text), meant, "{pattern} in {text}");
    }
}

/// Expressions with what they must give for [`ready`].
fn expressions() -> impl Strategy<Value = (String, bool)> {
    let leaf = prop_oneof![
        Just(("true".to_owned(), true)),
        Just(("false".to_owned(), false)),
        Just(("Nothing === undefined".to_owned(), true)),
        (0..20i64).prop_map(|number| (format!("CoreCount < {number}"), 8 < number)),
        (0..20i64, 0..20i64).prop_map(|(a, b)| (format!("{a}+{b} === CoreCount"), a + b == 8)),
        "[a-zA-Z\"\\\\ \u{ac00}-\u{ac1f}]{0,6}".prop_map(|text| {
            let written = text.replace('\\', "\\\\").replace('"', "\\\"");
            (format!("\"{written}\" === \"Ready\""), text == "Ready")
        }),
        prop::collection::vec(0..12i64, 0..4).prop_map(|items| {
            let written = items.iter().map(i64::to_string).collect::<Vec<_>>().join(" , ");
            (format!("CoreCount in {{{written}}}"), items.contains(&8))
        }),
    ];
    leaf.prop_recursive(5, 48, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|(text, truth)| (format!("!({text})"), !truth)),
            (inner.clone(), inner.clone()).prop_map(|((a, x), (b, y))| (format!("({a}) && ({b})"), x && y)),
            (inner.clone(), inner.clone()).prop_map(|((a, x), (b, y))| (format!("({a})||({b})"), x || y)),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|((a, x), (b, y), (c, z))| (format!("({a}) ? {b} : {c}"), if x { y } else { z })),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_expression_gives_what_its_parts_give((text, truth) in expressions()) {
        let filter = Filter::parse(&text).map_err(|wrong| TestCaseError::fail(format!("{wrong} in {text}")))?;
        prop_assert_eq!(filter.matches(&ready()), truth, "{}", text);
    }

    #[test]
    fn any_text_is_read_or_told_where_it_is_wrong(text in ".{0,60}") {
        if let Err(wrong) = Filter::parse(&text) {
            prop_assert!(wrong.at <= text.chars().count());
        }
    }

    #[test]
    fn what_is_made_of_signs_never_breaks(signs in prop::collection::vec(prop::sample::select(vec![
        "(", ")", "{", "}", ",", "\"", "a", "1", " in ", "==", "===", "=!=", "!", "&&", "||", "?", ":", "+", "-", "*", "/",
        "<", ">", "`5m`", "regexp(", "size(", "\"x\"", "undefined", ".", " ",
    ]), 0..24)) {
        if let Ok(filter) = Filter::parse(&signs.concat()) {
            filter.matches(&ready());
            let _ = filter.select(&[ready()]);
        }
    }

    #[test]
    fn any_pattern_is_told_of(pattern in "[a-c.*+?{}()\\[\\]|^$\\\\0-9-]{0,16}", text in "[a-c0-9]{0,24}") {
        let found = super::pattern::Pattern::read(&pattern).and_then(|pattern| pattern.is_found_in(&text));
        let _ = found;
    }
}
