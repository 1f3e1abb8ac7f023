//! What holds for any domain and any body.

use std::sync::LazyLock;

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

use crate::actor::{changing, shared};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

/// Any condition on countries that Odoo takes.
fn condition() -> impl Strategy<Value = Value> {
    let texts = prop_oneof![
        "[a-z%_]{0,3}",
        Just("DK".to_owned()),
        Just("United".to_owned())
    ];
    let equality = prop_oneof![Just("="), Just("!=")];
    let inequality = prop_oneof![Just("<"), Just(">"), Just("<="), Just(">=")];
    let like = prop_oneof![
        Just("like"),
        Just("ilike"),
        Just("not like"),
        Just("not ilike"),
        Just("=like"),
        Just("=ilike"),
    ];
    prop_oneof![
        (like, texts.clone()).prop_map(|(operator, text)| json!(["name", operator, text])),
        (equality.clone(), texts.clone())
            .prop_map(|(operator, text)| json!(["code", operator, text])),
        (inequality, 0..400_i64).prop_map(|(operator, number)| json!([
            "phone_code",
            operator,
            number
        ])),
        (equality, 0..5_i64).prop_map(|(operator, id)| json!(["currency_id", operator, id])),
        vec(0..14_i64, 0..4).prop_map(|ids| json!(["id", "in", ids])),
        texts.prop_map(|text| json!(["currency_id.name", "ilike", text])),
    ]
}

/// Any domain over them, in prefix form.
fn domain() -> impl Strategy<Value = Vec<Value>> {
    condition()
        .prop_map(|one| vec![one])
        .prop_recursive(4, 16, 2, |inner| {
            prop_oneof![
                inner
                    .clone()
                    .prop_map(|one| [vec![json!("!")], one].concat()),
                (prop_oneof![Just("&"), Just("|")], inner.clone(), inner).prop_map(
                    |(operator, left, right)| [vec![json!(operator)], left, right].concat()
                ),
            ]
        })
}

fn found(domain: &[Value]) -> Vec<i64> {
    let body = json!({"domain": domain, "order": "id"});
    let ids = RUNTIME.block_on(shared("emil").call("res.country/search", body));
    serde_json::from_value(ids).expect("ids")
}

/// Texts that mean something somewhere in a call.
const WORDS: [&str; 13] = [
    "=",
    "in",
    "name",
    "id",
    "partner_id",
    "&",
    "!",
    "any",
    "display_name",
    "child_of",
    "create_date:month",
    "company_ids",
    "=monday",
];

const MODELS: [&str; 5] = [
    "res.users",
    "res.partner",
    "res.company",
    "ir.attachment",
    "mail.message",
];

/// Methods that every model has, each with an argument that it needs.
const METHODS: [(&str, &str, &str); 20] = [
    ("search", "domain", "[]"),
    ("search_read", "domain", "[]"),
    ("search_count", "domain", "[]"),
    ("read", "fields", "[]"),
    ("web_read", "specification", "{}"),
    ("web_search_read", "specification", "{}"),
    ("create", "vals_list", "{}"),
    ("write", "vals", "{}"),
    ("unlink", "ids", "[3]"),
    ("copy", "ids", "[3]"),
    ("name_search", "name", "\"a\""),
    ("fields_get", "allfields", "[]"),
    ("default_get", "fields", "[]"),
    ("formatted_read_group", "domain", "[]"),
    ("web_read_group", "groupby", "[]"),
    ("formatted_read_grouping_sets", "grouping_sets", "[]"),
    ("read_group", "groupby", "[]"),
    ("has_access", "operation", "\"read\""),
    ("message_post", "body", "\"x\""),
    ("action_archive", "ids", "[3]"),
];

const ARGUMENTS: [&str; 18] = [
    "ids",
    "context",
    "domain",
    "fields",
    "specification",
    "vals",
    "vals_list",
    "order",
    "limit",
    "offset",
    "groupby",
    "aggregates",
    "having",
    "grouping_sets",
    "operation",
    "name",
    "default",
    "body",
];

/// Any JSON up to a depth.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,6}".prop_map(Value::from),
        select(&WORDS[..]).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let key = prop_oneof![Just("name".to_owned()), Just("fields".to_owned()), ".{0,4}"];
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((key, inner), 0..3).prop_map(Value::from_iter),
        ]
    })
}

/// A call of any standard method with any arguments, their names mostly right.
fn call() -> impl Strategy<Value = (String, Value)> {
    let arguments = vec((select(&ARGUMENTS[..]), any_json()), 0..5);
    let parts = (select(&MODELS[..]), select(&METHODS[..]), arguments);
    parts.prop_map(|(model, (method, needed, value), arguments)| {
        let arguments = arguments
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        let mut body: Map<String, Value> = arguments.collect();
        // Without what they need, most methods would only ever say so.
        for (name, value) in [(needed, value), ("domain", "[]")] {
            let takes_domain = method.contains("search") || method.contains("group");
            if name != "domain" || takes_domain {
                let value = serde_json::from_str(value).expect("JSON");
                body.entry(name).or_insert(value);
            }
        }
        (format!("{model}/{method}"), body.into())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn domains_are_boolean_algebra(left in domain(), right in domain()) {
        let everything = found(&[]);
        let (in_left, in_right) = (found(&left), found(&right));
        let not_left = found(&[vec![json!("!")], left.clone()].concat());
        let outside: Vec<i64> = everything.iter().filter(|id| !in_left.contains(id)).copied().collect();
        prop_assert_eq!(not_left, outside);
        let both = found(&[vec![json!("&")], left.clone(), right.clone()].concat());
        let meet: Vec<i64> = in_left.iter().filter(|id| in_right.contains(id)).copied().collect();
        prop_assert_eq!(&both, &meet);
        prop_assert_eq!(found(&[left.clone(), right.clone()].concat()), meet);
        let either = found(&[vec![json!("|")], left, right].concat());
        let join: Vec<i64> =
            everything.into_iter().filter(|id| in_left.contains(id) || in_right.contains(id)).collect();
        prop_assert_eq!(either, join);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_body_makes_it_panic((path, body) in call()) {
        // A panic would close the connection without an answer, and then `post` fails.
        let reply = RUNTIME.block_on(changing("emil").post(&path, &body));
        prop_assert!([200, 403, 404, 422, 500].contains(&reply.status), "{} {}", reply.status, reply.text());
        let json: Result<Value, _> = serde_json::from_slice(&reply.body);
        let html = reply.header("content-type") == Some("text/html; charset=utf-8");
        prop_assert!(json.is_ok() || html);
    }
}
