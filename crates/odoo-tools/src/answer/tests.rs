//! Answers of every size fit, and say the truth about what was left out.

use proptest::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::{Amount, Answer, CAP, Page, fit};
use crate::cursor::{Cursor, Key, Order, Place};
use crate::error::ToolError;

const ORDER: Order = Order {
    name: "newest",
    key: "id",
    kind: Key::Id,
    descending: true,
};

#[derive(Debug, Serialize, JsonSchema)]
struct Entry {
    id: i64,
    words: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Amount>,
}

fn page(texts: Vec<String>, seen: usize, behind: usize, capped: bool) -> Page<Entry> {
    let remaining = (texts.len() + behind, capped);
    let entry = |(index, words)| {
        let id = i64::try_from(index).unwrap();
        (
            Place::at(id),
            Entry {
                id,
                words,
                amount: None,
            },
        )
    };
    Page::new(
        ORDER,
        seen,
        remaining,
        texts.into_iter().enumerate().map(entry).collect(),
    )
}

#[test]
fn a_whole_list_is_not_truncated() {
    let outcome = fit(page(vec!["a".into(), "b".into()], 0, 0, false), None).unwrap();
    insta::assert_json_snapshot!(outcome.structured, @r#"
    {
      "total": 2,
      "returned": 2,
      "records": [
        {
          "id": 0,
          "words": "a"
        },
        {
          "id": 1,
          "words": "b"
        }
      ]
    }
    "#);
    insta::assert_snapshot!(outcome.text, @r"
    total: 2
    returned: 2

    ## records
    |id|words|
    |-|-|
    |0|a|
    |1|b|
    ");
}

#[test]
fn an_answer_that_cannot_be_shortened_says_so() {
    #[derive(Serialize, JsonSchema)]
    struct Wall {
        text: String,
    }
    impl Answer for Wall {}
    let wall = Wall {
        text: "x".repeat(CAP),
    };
    let error = fit(wall, None).unwrap_err();
    assert!(matches!(error, ToolError::Failed(failure) if failure.next_step.contains("less")));
}

#[test]
fn amounts_are_written_as_people_write_them() {
    let written = |number| serde_json::to_string(&Amount::new(number)).unwrap();
    assert_eq!(
        [0.1 + 0.2, 31_750.0, -0.0, -12.5, 1e15, 0.333_333].map(written),
        ["0.3", "31750", "0", "-12.5", "1000000000000000", "0.3333"]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    /// Whatever the list, both forms fit, the counts are right, and the cursor goes on exactly
    /// behind the last record shown.
    #[test]
    fn nothing_is_lost_and_nothing_is_too_long(
        sizes in prop::collection::vec((0_usize..2_500, prop::sample::select(vec!["x", "|", "é", "\n", "\"", "\u{202e}"])), 1..120),
        seen in 0_usize..500, behind in 0_usize..500, capped in any::<bool>(),
    ) {
        let texts: Vec<String> = sizes.iter().map(|(length, letter)| letter.repeat(*length)).collect();
        let count = texts.len();
        let outcome = fit(page(texts, seen, behind, capped), None).unwrap();
        prop_assert!(outcome.length() <= CAP);
        prop_assert!(outcome.text.chars().count() <= CAP);
        prop_assert!(outcome.structured.to_string().chars().count() <= CAP);

        let answer = &outcome.structured;
        let records = answer["records"].as_array().unwrap();
        prop_assert_eq!(answer["returned"].as_u64().unwrap() as usize, records.len());
        prop_assert_eq!(answer["total"].as_u64().unwrap() as usize, seen + count + behind);
        let all = records.len() == count && behind == 0 && !capped;
        prop_assert_eq!(answer.get("truncated").is_none(), all);
        let cursor = answer.get("next_cursor").and_then(Value::as_str);
        let expected = (!all).then(|| {
            let last = i64::try_from(records.len()).unwrap() - 1;
            Cursor::new("newest", seen + records.len(), Place::at(last)).to_string()
        });
        prop_assert_eq!(cursor.map(str::to_owned), expected);
    }
}
