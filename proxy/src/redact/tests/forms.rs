//! The forms in which a secret may come.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};

use super::*;

#[test]
fn plain_in_values_and_names() {
    assert_json(
        &["hunter2-hunter2"],
        r#"{"a":"x hunter2-hunter2 y","hunter2-hunter2":1}"#,
        r#"{"a":"x *** y","***":1}"#,
    );
}

#[test]
fn every_json_escape() {
    let secret = "pa\"s\\s/w\u{1F418}rd\té";
    let ways = [
        r#""pa\"s\\s/w🐘rd\té""#,
        r#""pa\"s\\s\/w\ud83d\udc18rd\t\u00e9""#,
        r#""\u0070\u0061\u0022\u0073\u005c\u0073\u002f\u0077\uD83D\uDC18\u0072\u0064\u0009\u00E9""#,
    ];
    for way in ways {
        assert_json(&[secret], &format!(r#"{{"k":{way},"n":17}}"#), r#"{"k":"***","n":17}"#);
    }
}

#[test]
fn json_within_a_json_string() {
    let inner = serde_json::json!({"key": "quo\"ted\\secret\u{1F418}"}).to_string();
    let outer = serde_json::json!({"message": inner, "n": 1}).to_string();
    assert_json(&["quo\"ted\\secret\u{1F418}"], &outer, r#"{"message":"{\"key\":\"***\"}","n":1}"#);
    let outermost = serde_json::json!([outer]).to_string();
    let expected = serde_json::json!([r#"{"message":"{\"key\":\"***\"}","n":1}"#]).to_string();
    assert_json(&["quo\"ted\\secret\u{1F418}"], &outermost, &expected);
    let text = format!("It said {outer}.");
    assert_eq!(
        redactor(&["quo\"ted\\secret\u{1F418}"]).text(&text),
        r#"It said {"message":"{\"key\":\"***\"}","n":1}."#
    );
}

#[test]
fn a_run_of_backslashes_is_read_in_one_way_wherever_it_is_cut() {
    let secret = "\nline\nsecret";
    for before in 0..80 {
        let text = format!("{}{}", r"\\".repeat(before * 3), r"\nline\nsecret");
        let document = serde_json::json!([text]).to_string();
        let expected = serde_json::json!([text.replace(r"\nline\nsecret", "***")]).to_string();
        assert_json(&[secret], &document, &expected);
    }
}

#[test]
fn an_escape_that_is_cut_in_two_stays_whole() {
    assert_json(&[r"abcdefg\u00"], r#"["abcdefg\u0041"]"#, r#"["***"]"#);
    assert_json(&["abcdefgA"], r#"["abcdefg\u0041"]"#, r#"["***"]"#);
}

#[test]
fn percent_encoded_in_whole_or_in_part() {
    let secret = "s3cret/with+é";
    for way in ["s3cret%2Fwith%2B%C3%A9", "s3cret%2fwith+%c3%a9", "%73%33%63%72%65%74%2f%77%69%74%68%2B%C3%A9"] {
        assert_json(&[secret], &format!(r#"["?k={way}&x"]"#), r#"["?k=***&x"]"#);
        assert_eq!(redactor(&[secret]).text(&format!("?k={way}&x")), "?k=***&x");
    }
    assert_json(&["pass phrase one"], r#"["pass+phrase+one","pass%20phrase%20one"]"#, r#"["***","***"]"#);
}

#[test]
fn character_references_in_a_page() {
    let secret = "s3cret/\"w\"+é&<'>";
    for way in [
        "s3cret/&quot;w&quot;+é&amp;&lt;&apos;&gt;",
        "s3cret&#x2F;&#34;w&#x22;&#43;&#xe9;&#38;&#60;&#39;&#62;",
        "&#115;&#X33;cret/&#0034;w&quot;+é&amp;<&#x27;>",
    ] {
        let page = format!("<p title=\"{way}\">&copy; {way}; &amp; so on &");
        assert_eq!(redactor(&[secret]).text(&page), "<p title=\"***\">&copy; ***; &amp; so on &");
    }
    // JSON and an address within a page.
    let page = "<pre>{&quot;key&quot;:&quot;a\\/b&#92;u0063defgh&quot;}</pre>";
    assert_eq!(redactor(&["a/bcdefgh"]).text(page), "<pre>{&quot;key&quot;:&quot;***&quot;}</pre>");
    assert_eq!(redactor(&["a&b/cdefgh"]).text("?a=1&amp;k=a&amp;b%2Fcdefgh"), "?a=1&amp;k=***");
    for other in ["&;", "&#;", "&#x;", "&#xd800;", "&#99999999999;", "&nothing;", "&#x", "&amp"] {
        assert_eq!(redactor(&["hunter2!"]).text(other), other);
    }
}

#[test]
fn hexadecimal_in_either_case() {
    assert_json(
        &["hunter2!"],
        r#"["68756E74657232 21","0x68756e7465723221","68756E74657232216"]"#,
        r#"["68756E74657232 21","0x***","***6"]"#,
    );
    assert_json(&["jjkkllmm"], r#"["6a6A6b6B6C6c6D6d"]"#, r#"["***"]"#);
}

#[test]
fn base64_at_each_alignment_and_within_basic() {
    let secret = "opens?sesame>~~";
    for user in ["", "u", "us", "use", "user"] {
        for after in ["", "!", "!!", "!!!"] {
            let plain = format!("{user}:{secret}{after}");
            for (engine, mark) in [(&STANDARD, "+/"), (&STANDARD_NO_PAD, "+/")]
                .map(|(e, m)| (e.encode(&plain), m))
                .into_iter()
                .chain([&URL_SAFE, &URL_SAFE_NO_PAD].map(|e| (e.encode(&plain), "-_")))
            {
                let out = redactor(&[secret]).text(&format!("Basic {engine}"));
                assert!(out.starts_with("Basic ") && out.contains("***") && out.len() < 24, "{out} {mark}");
            }
        }
    }
}

#[test]
fn overlapping_secrets_and_one_within_another() {
    let secrets = ["abcdefgh", "abcdefghij", "efghijkl"];
    assert_json(&secrets, r#"["abcdefghijkl","abcdefgh-","abcdefghi","xefghijkl"]"#, r#"["***","***-","***i","x***"]"#);
    assert_json(&["aaaaaaaa"], &format!(r#"["{}","b"]"#, "a".repeat(500)), r#"["***","b"]"#);
    assert_json(&["abcdefgh"], r#"["abcdefghabcdefgh"]"#, r#"["***"]"#);
    assert_json(&["0123abcdefgh4567", "abcdefgh"], r#"["0123abcdefgh4567"]"#, r#"["***"]"#);
}

#[test]
fn short_ones_only_as_a_whole_string() {
    let document =
        r#"{"pin":"1234","x":"12345","1234":1234,"u":"\u0031234","h":"31323334","b":"MTIzNA==","p":"%31234"}"#;
    let expected = r#"{"pin":"***","x":"12345","***":1234,"u":"***","h":"***","b":"***","p":"***"}"#;
    assert_json(&["1234"], document, expected);
    assert_eq!(redactor(&["1234"]).text("1234"), "***");
    assert_eq!(redactor(&["1234"]).text("id 1234"), "id 1234");
    let marked = Redactor::new([Secret { value: "elephants".into(), short: true }]);
    assert_eq!(marked.json(br#"["elephants","elephants!"]"#), br#"["***","elephants!"]"#);
    assert_eq!(redactor(&[""]).json(br#"["",1]"#), br#"["",1]"#);
}
