//! What callers write, and what they are told.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::check;

fn schema() -> Map<String, Value> {
    let schema = json!({
        "type": "object",
        "properties": {
            "kind": {"type": "string", "enum": ["customer_invoice", "vendor_bill"]},
            "limit": {"type": "integer", "minimum": 1, "maximum": 100},
            "amount_min": {"type": "number"},
            "overdue": {"type": "boolean"},
            "date_from": {"type": "string", "format": "date"},
            "partner": {"type": "string"},
            "ids": {"type": "array", "items": {"type": "integer"}, "maxItems": 3},
            "note": {"type": "string", "format": "passage"},
            "content": {"type": "string", "format": "byte", "maxLength": 40_000},
            "company_id": {"type": "integer"},
            "id": {"type": "integer"},
        },
        "required": ["id"],
    });
    schema.as_object().unwrap().clone()
}

fn mistakes(arguments: &Value) -> String {
    match check(&schema(), arguments.as_object().unwrap().clone()) {
        Ok(checked) => format!("accepted: {}", Value::Object(checked)),
        Err(mistakes) => mistakes.join("\n"),
    }
}

#[test]
fn what_is_meant_beyond_doubt_is_understood() {
    let given = json!({
        "kind": "Customer invoice", "limit": "20", "amount_min": "12.5", "overdue": "true",
        "date_from": "2026-01-31", "partner": 2026001, "ids": "7", "id": 5.0,
    });
    insta::assert_snapshot!(mistakes(&given), @r#"accepted: {"kind":"customer_invoice","limit":20,"amount_min":12.5,"overdue":true,"date_from":"2026-01-31","partner":"2026001","ids":[7],"id":5}"#);
    assert_eq!(
        mistakes(&json!({"id": 1, "partner": null, "kind": ""})),
        r#"accepted: {"id":1}"#
    );
}

#[test]
fn every_mistake_is_named_with_what_is_allowed() {
    let given = json!({
        "kind": "invoice", "limit": 1000, "amount_min": "1,200", "overdue": 1,
        "date_from": "31/12/2026", "partner": ["x"], "ids": [1, 2, 3, 4], "due_before": "x",
        "partnr": "x", "id": "007",
    });
    insta::assert_snapshot!(mistakes(&given), @r#"
    `kind`: "invoice" is not one of customer_invoice, vendor_bill
    `limit`: 1000 is outside 1 to 100
    `amount_min`: "1,200" is not a number; write it like 1200.50, without separators or currency
    `overdue`: 1 is neither true nor false
    `date_from`: "31/12/2026" is not a date; write it as YYYY-MM-DD, for example 2026-01-31
    `partner`: a list is not text
    `ids`: 4 entries are more than 3
    `due_before` is unknown; allowed are kind, limit, amount_min, overdue, date_from, partner, ids, note, content, company_id, id
    `partnr` is unknown; did you mean `partner`?
    `id`: "007" is not a whole number
    "#);
    insta::assert_snapshot!(mistakes(&json!({})), @"`id` is missing; this tool cannot work without it");
}

#[test]
fn texts_are_normalised_by_what_they_are() {
    let given = json!({
        "id": "1", "kind": " customer  invoice ", "partner": "\u{feff} Mu\u{308}ller\u{a0}\n & \t Co\u{200b} ",
        "note": "\r\n Two  blanks,\r\n\r\n\tthree lines \n", "content": " JVBE\nRi0x  LjQ=\n",
        "ids": "[1, \"2\", null]",
    });
    insta::assert_snapshot!(mistakes(&given), @r#"accepted: {"id":1,"kind":"customer_invoice","partner":"Müller & Co","note":"Two  blanks,\n\n\tthree lines","content":" JVBE\nRi0x  LjQ=\n","ids":[1,2]}"#);
}

#[test]
fn what_strict_clients_write_for_nothing_is_nothing() {
    for filler in [
        json!(null),
        json!(""),
        json!(" \n"),
        json!("null"),
        json!(" None "),
    ] {
        let all = [
            "kind",
            "limit",
            "amount_min",
            "overdue",
            "date_from",
            "partner",
            "ids",
            "note",
        ];
        let mut given = Map::from_iter(all.map(|name| (name.to_owned(), filler.clone())));
        given.insert("id".to_owned(), json!(1));
        assert_eq!(mistakes(&given.into()), r#"accepted: {"id":1}"#, "{filler}");
    }
    let given = json!({"id": 1, "company_id": 0, "partner": false, "ids": [], "kind": false, "overdue": false});
    assert_eq!(mistakes(&given), r#"accepted: {"id":1,"overdue":false}"#);
    // Somebody may be called that, and amounts may be nothing.
    let given = json!({"id": 1, "partner": "Null", "amount_min": 0});
    assert_eq!(
        mistakes(&given),
        r#"accepted: {"id":1,"partner":"Null","amount_min":0.0}"#
    );
    insta::assert_snapshot!(mistakes(&json!({"id": 0, "limit": "x"})), @r#"
    `id` is missing; this tool cannot work without it
    `limit`: "x" is not a whole number
    "#);
}

#[test]
fn a_list_as_text_is_bounded() {
    let long = format!("[{}]", "[],".repeat(4_000));
    let given = json!({"id": 1, "ids": long});
    assert!(
        mistakes(&given).starts_with("`ids`: \"[[],[],"),
        "{}",
        mistakes(&given)
    );
    let given = json!({"id": 1, "ids": "[1, 2, 3, 4]"});
    assert_eq!(mistakes(&given), "`ids`: 4 entries are more than 3");
}

/// A file among the arguments is handed on, not copied.
#[test]
fn a_file_is_not_copied() {
    let content = "JVBERi0x".repeat(5_000);
    let place = content.as_ptr();
    let given = Map::from_iter([
        ("id".to_owned(), json!(1)),
        ("content".to_owned(), Value::String(content)),
    ]);
    let checked = check(&schema(), given).unwrap();
    assert_eq!(checked["content"].as_str().unwrap().as_ptr(), place);
}

/// Letters and what gets between them: marks, joiners, blanks, things nobody sees.
const PIECES: &str = "[aé\u{301}\u{308}k\u{212a}\u{1100}\u{1161} \u{a0}\u{2000}\n\r\t\u{34f}\u{200b}\u{200d}\u{feff}\u{202e}\u{ad}\u{fe0f}]{0,12}";

proptest! {
    /// Whatever somebody writes: a line has no blanks that do not count, nothing invisible between
    /// ASCII letters, and is the same when it is written again.
    #[test]
    fn a_line_is_what_was_meant(text in prop_oneof![PIECES, ".{0,60}"]) {
        let line = super::text::line(text.clone());
        prop_assert_eq!(super::text::line(line.clone()), line.clone());
        prop_assert_eq!(line.trim(), line.as_str());
        let breaks = |c: char| c != ' ' && (c.is_whitespace() || c.is_control());
        prop_assert!(!line.contains("  ") && !line.contains(breaks), "{line:?}");
        // Blanks around and doubled, and decomposed letters, are the same text.
        let loose: String = unicode_normalization::UnicodeNormalization::nfd(text.replace(' ', " \u{a0}").as_str()).collect();
        prop_assert_eq!(super::text::line(format!(" {loose}\n")), line);
    }

    /// A text of several lines keeps its words, its blanks and its line breaks.
    #[test]
    fn a_passage_keeps_its_lines(text in prop_oneof![PIECES, "[ a-z\n]{0,60}"]) {
        let passage = super::text::passage(text.clone());
        prop_assert_eq!(super::text::passage(passage.clone()), passage.clone());
        prop_assert!(!passage.contains('\r'));
        if text.is_ascii() && !text.contains('\r') {
            prop_assert_eq!(passage.as_str(), text.trim());
        }
    }

    /// Whatever comes in, the outcome is a checked map or a list of mistakes, never a panic, and
    /// what was accepted is accepted unchanged when it is sent again.
    #[test]
    fn checking_is_total_and_stable(name in "[a-z_]{1,12}|limit|amount_min|date_from|ids|kind",
                                    text in ".{0,40}", number in any::<f64>(), whole in any::<i64>()) {
        for value in [json!(text), json!(number), json!(whole), json!([text]), json!({"a": number})] {
            let arguments = Map::from_iter([("id".to_owned(), json!(1)), (name.clone(), value)]);
            if let Ok(checked) = check(&schema(), arguments) {
                prop_assert_eq!(check(&schema(), checked.clone()), Ok(checked));
            }
        }
    }
}
