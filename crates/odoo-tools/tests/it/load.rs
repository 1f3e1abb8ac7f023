//! What happens with more than fits: ten thousand invoices beside the demo company's.

use std::collections::BTreeSet;

use odoo_tools::{CAP, Registry};
use serde_json::{Value, json};

use crate::actors::{Actor, Company};
use crate::cost::all;
use crate::examples::{self, Example};

/// How many invoices there are beside those of the demo company.
const FURTHER: usize = 10_000;

/// Enough for several pages of invoices, journal items and partners.
const SOME: usize = 1_000;

/// The orders of each list: the member of a record that decides, and whether the largest comes first.
const SORTED: [(&str, &str, &str, bool); 11] = [
    ("aged_balances", "largest", "total", true),
    ("aged_balances", "oldest", "oldest_due", false),
    ("list_invoices", "newest", "date", true),
    ("list_invoices", "oldest", "date", false),
    ("list_invoices", "due_first", "due_date", false),
    ("list_invoices", "largest", "total", true),
    ("list_tasks", "deadline", "deadline", false),
    ("list_tasks", "newest", "id", true),
    ("list_tasks", "priority", "priority", true),
    ("read_expenses", "newest", "date", true),
    ("read_expenses", "oldest", "date", false),
];

/// The most that a tool may ask Odoo to send, in bytes: what it keeps in memory for a moment.
const MOST_FROM_ODOO: usize = 2 * 1024 * 1024;

/// How many pages a list may have before it counts as endless.
const MOST_PAGES: usize = 2_000;

/// Asked for as much as there is, by Alice where she is shown the tool.
#[tokio::test]
async fn no_answer_is_longer_than_what_fits() {
    let company = Company::with_invoices(FURTHER).await;
    let alice = company.actor("alice").await;
    for example in all().iter().filter(|example| example.most.is_some()) {
        let tool = example.tool.as_str();
        let person = if alice.tools().contains(&tool) {
            "alice"
        } else {
            &example.person
        };
        let actor = company.actor(person).await;
        let question = question(&company, example).await;
        company.sandbox.reset_calls();
        let outcome = actor.call(tool, question).await;
        assert!(!outcome.is_error, "{tool}: {}", outcome.text);
        let length = outcome.length();
        assert!(length <= CAP, "{tool}: {length} characters");
        let calls = company.sandbox.calls();
        let bytes: usize = calls.iter().map(|call| call.bytes).sum();
        assert!(bytes <= MOST_FROM_ODOO, "{tool}: {bytes} bytes from Odoo");
    }
}

#[tokio::test]
async fn ten_thousand_invoices_are_each_handed_out_once() {
    let company = Company::with_invoices(FURTHER).await;
    let alice = company.actor("alice").await;
    let invoices = walk(&alice, "list_invoices", json!({"limit": 200})).await;
    assert!(invoices.len() > FURTHER, "{}", invoices.len());
    in_order(&invoices, "list_invoices", "newest");
}

/// Every list that goes on, in each of its orders, where many records have the same place.
#[tokio::test]
async fn every_list_goes_on_to_its_end() {
    let company = Company::with_invoices(SOME).await;
    for (example, orders) in lists() {
        let actor = company.actor(&example.person).await;
        let mut question = question(&company, &example).await;
        if orders.is_empty() {
            walk(&actor, &example.tool, question.clone()).await;
        }
        for order in orders {
            question["order"] = json!(order);
            let records = walk(&actor, &example.tool, question.clone()).await;
            in_order(&records, &example.tool, &order);
        }
    }
}

/// Each record stands behind the one before it.
fn in_order(records: &[Value], tool: &str, order: &str) {
    let known = SORTED
        .iter()
        .find(|known| (known.0, known.1) == (tool, order));
    let (.., key, descending) =
        known.unwrap_or_else(|| panic!("add the order {order} of {tool} to SORTED"));
    let places: Vec<_> = records.iter().map(|one| Place::of(one, key)).collect();
    let pairs = places.windows(2);
    for pair in pairs.filter(|pair| pair[0].section == pair[1].section) {
        let kept = if *descending {
            pair[0] >= pair[1]
        } else {
            pair[0] <= pair[1]
        };
        assert!(kept, "{tool} {order}: {pair:?}");
    }
}

/// The question that asks a tool for most.
async fn question(company: &Company, example: &Example) -> Value {
    let client = company.client(&example.person);
    let most = example.most.clone().unwrap_or_default();
    examples::fill(&client, &most).await.unwrap().into()
}

/// The examples of the tools that take a cursor, with the orders they know.
fn lists() -> Vec<(Example, Vec<String>)> {
    let registry = Registry::standard();
    let mut lists = Vec::new();
    for example in all() {
        let specs = registry.catalogue();
        let spec = specs.iter().find(|spec| spec.name == example.tool).unwrap();
        let schema = Value::Object((*spec.input_schema).clone());
        if schema["properties"]["cursor"].is_object() {
            let orders = schema["properties"]["order"]["enum"].as_array();
            let orders = orders.into_iter().flatten();
            let orders = orders.map(|order| order.as_str().unwrap().to_owned());
            lists.push((example, orders.collect()));
        }
    }
    lists
}

/// Words that sort by what they mean; the first is that of records without one.
const RANKED: [&str; 4] = ["", "medium", "high", "urgent"];

/// Where a record stands in its list: those without a value come last, and among equals the id decides.
#[derive(Debug, PartialEq, PartialOrd)]
struct Place {
    section: String,
    is_empty: bool,
    text: String,
    number: f64,
    id: i64,
}

impl Place {
    fn of(record: &Value, key: &str) -> Self {
        let value = &record[key];
        let text = value.as_str().unwrap_or_default();
        let rank = RANKED.iter().position(|word| *word == text);
        let rank = rank.filter(|_| key == "priority");
        Self {
            section: record["section"].to_string(),
            is_empty: value.is_null() && rank.is_none(),
            text: text.to_owned(),
            number: value.as_f64().unwrap_or_default(),
            // Sums have no id; how equal ones stand is their tool's business.
            id: record["id"].as_i64().unwrap_or_default(),
        }
        .ranked(rank)
    }

    /// By the meaning of the word in the place of the word.
    fn ranked(self, rank: Option<usize>) -> Self {
        match rank {
            None => self,
            Some(rank) => Self {
                text: rank.to_string(),
                ..self
            },
        }
    }
}

/// All records of a list, page by page; each is there once, and the total is right at the end.
async fn walk(actor: &Actor, tool: &str, mut question: Value) -> Vec<Value> {
    let mut records: Vec<Value> = Vec::new();
    let mut seen = BTreeSet::new();
    for _ in 0..MOST_PAGES {
        let page = actor.ask(tool, question.clone()).await;
        let found = rows(&page);
        let counted = page.get("returned").map(|_| page["total"].clone());
        if counted.is_some() {
            assert_eq!(page["returned"], found.len(), "{tool} {question}");
        }
        for record in &found {
            let place = match &record["id"] {
                Value::Null => record.to_string(),
                id => id.to_string(),
            };
            assert!(seen.insert(place), "{tool} {question}: {record} again");
        }
        records.extend(found);
        match page.get("next_cursor") {
            Some(cursor) => question["cursor"] = cursor.clone(),
            None => {
                let total = counted.unwrap_or_else(|| json!(records.len()));
                assert_eq!(total, records.len(), "{tool} {question}");
                assert_ne!(page["truncated"], json!(true), "{tool} {question}");
                return records;
            }
        }
    }
    panic!("{tool} {question} has no last page");
}

/// The long list of an answer: records, the lines of a document, or rows by company.
fn rows(page: &Value) -> Vec<Value> {
    if let Some(rows) = page["records"].as_array().or(page["lines"].as_array()) {
        return rows.clone();
    }
    let companies = page["companies"].as_array().into_iter().flatten();
    let rows = companies.flat_map(|company| {
        let rows = company["rows"].as_array().into_iter().flatten();
        rows.map(|row| {
            let mut row = row.clone();
            row["section"] = company["company"].clone();
            row
        })
    });
    rows.collect()
}
