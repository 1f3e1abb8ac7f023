//! The two forms of an answer say the same.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::render;

#[test]
fn an_answer_reads_like_a_page() {
    let answer = json!({
        "total": 2,
        "truncated": true,
        "company": {"id": 1, "name": "Larkspur Instruments"},
        "note": "first line\n# not a heading",
        "invoices": [
            {"id": 4, "partner": {"id": 9, "name": "A | B"}, "tags": ["x", "y"]},
            {"id": 5, "due": "2026-12-01", "by_month": {"2026-01": 1.5}},
        ],
        "companies": [{"currency": "USD", "accounts": [{"id": 1, "amount": 2}]}],
        "nothing": [],
    });
    insta::assert_snapshot!(render(&answer), @r"
    total: 2
    truncated: yes
    company: Larkspur Instruments (#1)
    note:
    > first line
    > # not a heading
    nothing:

    ## invoices
    |id|due|2026-01|partner|tags|
    |-|-|-|-|-|
    |4|||A \| B (#9)|x; y|
    |5|2026-12-01|1.5|||

    ## companies 1
    currency: USD

    ### accounts
    |id|amount|
    |-|-|
    |1|2|
    ");
}

/// Values of the forms that answers have: scalars, references, lists of records, sections.
fn answers() -> impl Strategy<Value = Value> {
    let word = "[a-zé|#*]{1,8}( [a-z]{1,4})?";
    let scalar = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        word.prop_map(Value::from),
        (0_i64..99, word).prop_map(|(id, name)| json!({"id": id, "name": name})),
    ];
    let object = |value: BoxedStrategy<Value>| {
        prop::collection::btree_map("[a-z]{1,6}", value, 0..6)
            .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>()))
    };
    scalar.prop_recursive(4, 60, 6, move |inner| {
        let record = object(inner.clone().boxed());
        prop_oneof![
            prop::collection::vec(inner, 0..5).prop_map(Value::Array),
            record.clone(),
            prop::collection::vec(record, 0..5).prop_map(Value::Array)
        ]
    })
}

/// Every text, number and name in a value.
fn scalars(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| scalars(item, found)),
        Value::Object(members) => members.values().for_each(|member| scalars(member, found)),
        Value::String(text) => found.push(text.trim().replace('|', "\\|")),
        Value::Number(number) => found.push(number.to_string()),
        Value::Bool(_) | Value::Null => {}
    }
}

proptest! {
    /// Nothing that is in the structured answer is missing in the text.
    #[test]
    fn the_text_carries_everything(answer in answers()) {
        let text = render(&answer);
        let mut found = Vec::new();
        scalars(&answer, &mut found);
        for scalar in found {
            let plain = scalar.replace("\\|", "|");
            prop_assert!(text.contains(&scalar) || text.contains(&plain), "{} is not in\n{}", scalar, text);
        }
    }
}
