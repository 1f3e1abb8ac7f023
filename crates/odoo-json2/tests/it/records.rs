//! Structs that are queries: what the derives write.

use odoo_json2::{
    Date, DateTime, FieldValue, Nested, ReadableFields, Record, Ref, Selection, ToValue, field,
};
use serde_json::{Value, json};

#[derive(Debug, PartialEq, Record)]
#[odoo(model = "account.move")]
struct Invoice {
    id: i64,
    name: Option<String>,
    #[odoo(rename = "partner_id")]
    customer: Option<Ref>,
    invoice_date: Option<Date>,
    create_date: DateTime,
    amount_total: f64,
    posted: bool,
    checked: Option<bool>,
    state: State,
    line_ids: Vec<Line>,
    tag_ids: Vec<i64>,
    journal_id: Option<Journal>,
    r#type: Option<Value>,
    #[odoo(optional)]
    narration: Option<String>,
    #[odoo(optional)]
    is_sent: Option<bool>,
}

#[derive(Debug, PartialEq, Record)]
#[odoo(model = "account.move.line")]
struct Line {
    quantity: u32,
    #[odoo(optional)]
    margin: Option<f64>,
}

#[derive(Debug, PartialEq, Record)]
#[odoo(model = "account.journal")]
struct Journal {
    code: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Selection)]
enum State {
    Draft,
    Posted,
    #[odoo(value = "cancel")]
    Cancelled,
    NotPaid,
    Other(String),
}

fn answer() -> Value {
    json!({
        "id": 7, "name": false, "partner_id": {"id": 9, "display_name": "Larkspur"},
        "invoice_date": "2026-11-07", "create_date": "2026-11-07 08:00:00", "amount_total": 100,
        "posted": true, "checked": false, "state": "cancel", "line_ids": [{"id": 1, "quantity": 3.0}],
        "tag_ids": [4, 5], "journal_id": false, "type": {"any": ["thing"]}, "is_sent": false,
    })
}

#[test]
fn a_record_reads_odoos_values() {
    let invoice = Invoice::decode(&answer()).unwrap();
    assert_eq!(invoice.name, None, "false is empty");
    assert_eq!(
        invoice.customer,
        Some(Ref {
            id: 9,
            name: "Larkspur".to_owned()
        })
    );
    assert_eq!(invoice.create_date.to_string(), "2026-11-07 08:00:00");
    assert_eq!(
        invoice.checked,
        Some(false),
        "false is a value of a boolean"
    );
    assert_eq!(invoice.is_sent, Some(false));
    assert_eq!(invoice.state, State::Cancelled);
    assert_eq!(
        invoice.line_ids,
        [Line {
            quantity: 3,
            margin: None
        }]
    );
    assert_eq!((invoice.journal_id, invoice.narration), (None, None));
    assert_eq!(invoice.r#type.unwrap()["any"][0], "thing");
}

#[test]
fn a_misfit_names_its_place() {
    let with = |path: &str, value: Value| {
        let mut answer = answer();
        *answer.pointer_mut(path).unwrap() = value;
        Invoice::decode(&answer).unwrap_err().to_string()
    };
    let errors = [
        with("/line_ids/0/quantity", json!(-1)),
        with("/create_date", json!(false)),
        with("/tag_ids", json!([1, "x"])),
        with("/partner_id", json!(9)),
        with("/invoice_date", json!("07/11/2026")),
        with("/amount_total", json!("100")),
        with("/journal_id", json!({"id": 1})),
    ];
    insta::assert_snapshot!(errors.join("\n"), @r"
    line_ids[0].quantity: expected u32, found a number
    create_date: expected a datetime (YYYY-MM-DD HH:MM:SS), found false, which is Odoo's empty value (make the field an `Option`)
    tag_ids[1]: expected an integer, found text
    partner_id: expected a named record, found a number
    invoice_date: expected a date (YYYY-MM-DD), found text
    amount_total: expected a number, found text
    journal_id.code: expected a value, found nothing (the field was not asked for)
    ");
}

#[test]
fn optional_fields_are_left_out_where_they_cannot_be_read() {
    let whole = Invoice::specification();
    let optional = [
        ("account.move.line", "margin"),
        ("account.move", "narration"),
        ("account.move", "is_sent"),
    ];
    assert_eq!(whole.optional_fields(), optional);
    assert!(whole.to_json()["narration"].is_object());
    let readable = ReadableFields::of("account.move", ["is_sent", "name"]);
    let some = whole.readable(&readable).to_json();
    assert!(some.get("narration").is_none() && some["is_sent"].is_object());
    assert!(some["name"].is_object() && some["type"].is_object());
    assert_eq!(some["line_ids"], json!({"fields": {"quantity": {}}}));
    let both = readable.merge(&ReadableFields::of("account.move.line", ["margin"]));
    assert!(both.has("account.move.line", "margin") && both.has("account.move", "is_sent"));
    assert!(!both.has("res.partner", "name"));
    assert!(whole.readable(&both).to_json()["line_ids"]["fields"]["margin"].is_object());
}

#[test]
fn a_selection_keeps_what_it_does_not_know() {
    let decoded = |value| State::from_value(&json!(value)).unwrap();
    assert_eq!(decoded("not_paid"), State::NotPaid);
    assert_eq!(decoded("blocked"), State::Other("blocked".to_owned()));
    assert!(State::from_value(&json!(3)).is_err());
    assert_eq!(Option::<State>::from_value(&json!(false)).unwrap(), None);
    for text in ["draft", "posted", "cancel", "not_paid", "blocked"] {
        let state = State::from(text);
        assert_eq!((state.as_str(), state.to_string()), (text, text.to_owned()));
        assert_eq!(State::from(String::from(state.clone())), state);
        assert_eq!((&state).to_value(), json!(text));
    }
    let domain = field("state").in_([State::Draft, State::Cancelled]);
    assert_eq!(
        domain.to_json(),
        json!([["state", "in", ["draft", "cancel"]]])
    );
}

#[test]
fn a_type_of_ones_own_can_be_a_field() {
    #[derive(Debug, PartialEq)]
    struct Cents(i64);
    impl FieldValue for Cents {
        fn from_value(value: &Value) -> Result<Self, odoo_json2::DecodeError> {
            f64::from_value(value).map(|amount| Self((amount * 100.0).round() as i64))
        }
    }
    #[derive(Debug, PartialEq, Record)]
    #[odoo(model = "account.move")]
    struct Total {
        amount_total: Option<Cents>,
    }
    assert!(matches!(Cents::nested(), Nested::Nothing));
    let total = Total::decode(&json!({"amount_total": 19.99})).unwrap();
    assert_eq!(
        total,
        Total {
            amount_total: Some(Cents(1_999))
        }
    );
}

#[test]
fn numbers_are_read_as_what_they_are() {
    assert_eq!(i64::from_value(&json!(2026.0)), Ok(2026));
    assert!(i64::from_value(&json!(1.5)).is_err() && i64::from_value(&json!(1e300)).is_err());
    assert!(
        usize::from_value(&json!(-1)).is_err()
            && i32::from_value(&json!(5_000_000_000_i64)).is_err()
    );
    assert_eq!(f64::from_value(&json!(3)), Ok(3.0));
    assert_eq!(
        Ref::from_value(&json!([3, "x"])),
        Ref::from_value(&json!({"id": 3, "display_name": "x"}))
    );
}

#[derive(Debug, Record)]
#[odoo(model = "account.move")]
struct Short {
    #[odoo(limit = 2)]
    line_ids: Vec<Line>,
    #[odoo(limit = 1, optional)]
    tag_ids: Option<Vec<Line>>,
}

/// Odoo lists what lies beyond the limit of a list as well, with nothing but its id.
#[test]
fn what_lies_beyond_a_limit_is_left_out() {
    let line = |id: i64| json!({"id": id, "quantity": id});
    let answer = json!({"line_ids": [line(1), line(2), {"id": 3}, {"id": 4}], "tag_ids": [line(5), {"id": 6}]});
    let short = Short::decode(&answer).unwrap();
    let quantities: Vec<u32> = short.line_ids.iter().map(|line| line.quantity).collect();
    assert_eq!(quantities, [1, 2]);
    assert_eq!(short.tag_ids.unwrap().len(), 1);
    let whole = json!({"line_ids": [line(1)]});
    assert!(Short::decode(&whole).unwrap().tag_ids.is_none());
}
