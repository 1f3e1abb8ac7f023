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
    `due_before` is unknown; allowed are kind, limit, amount_min, overdue, date_from, partner, ids, id
    `partnr` is unknown; did you mean `partner`?
    `id`: "007" is not a whole number
    "#);
    insta::assert_snapshot!(mistakes(&json!({})), @"`id` is missing; this tool cannot work without it");
}

proptest! {
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
