//! What answers cost: calls to Odoo, and bytes against what Odoo itself sent.
//!
//! Every tool that reads is asked the questions of `docs/tools/*.json`; a tool without one fails here.

use std::fmt::Write as _;
use std::path::Path;

use odoo_sandbox::RecordedCall;
use odoo_tools::{Outcome, Registry};
use serde_json::{Map, Value, json};

use crate::actors::Company;
use crate::examples::{self, Example};

/// Both forms of an answer together may be so many times as large as what Odoo sent.
const FACTOR: f64 = 1.2;

/// Tools that cannot keep to [`FACTOR`]: what they keep to, and why.
const LARGER: [(&str, f64, &str); 1] = [(
    "whoami",
    5.0,
    "the profile comes from the session; its only call asks when keys expire",
)];

/// How many calls a tool may make, where each answers a question of its own.
const MOST_CALLS: usize = 2;

/// Tools that ask more than [`MOST_CALLS`] questions: how many, and which.
const ASKING_MORE: [(&str, usize, &str); 5] = [
    (
        "bank_sync_status",
        3,
        "journals, what waits in them to be matched, and the bank connections, all at the same time",
    ),
    (
        "ledger_summary",
        4,
        "opening, movement and earlier years' earnings at the same time; which accounts a code means in another company comes first",
    ),
    (
        "aged_balances",
        3,
        "items with a due date, those without, and matches, all at the same time",
    ),
    (
        "time_off_balance",
        4,
        "Odoo's account of one or two days, single requests and the ends of allocations at the same time",
    ),
    (
        "who_is_off",
        3,
        "absences, the requests behind them as far as they are readable, and public holidays, all at the same time",
    ),
];

/// The examples of all domains.
pub(crate) fn all() -> Vec<Example> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let domains = examples::DOMAINS.iter();
    let read = domains.map(|(domain, _)| examples::read(&root, domain).unwrap());
    read.flatten().collect()
}

/// A tool that reads, asked a second time, when its metadata are known.
async fn second_run(
    company: &Company,
    example: &Example,
    arguments: &Map<String, Value>,
) -> (Outcome, Vec<RecordedCall>) {
    let actor = company.actor(&example.person).await;
    let client = company.client(&example.person);
    let arguments = examples::fill(&client, arguments).await.unwrap();
    actor.call(&example.tool, arguments.clone().into()).await;
    company.sandbox.reset_calls();
    let outcome = actor.call(&example.tool, arguments.into()).await;
    assert!(!outcome.is_error, "{}: {}", example.tool, outcome.text);
    (outcome, company.sandbox.calls())
}

/// `account.move/web_search_read`, by name: of calls at the same time any may come first.
fn called(calls: &[RecordedCall]) -> String {
    let path = |call: &RecordedCall| call.path.trim_start_matches("/json/2/").to_owned();
    let mut paths: Vec<_> = calls.iter().map(path).collect();
    paths.sort();
    paths.join(" ")
}

#[test]
fn every_tool_has_an_example() {
    let examples = all();
    let registry = Registry::standard();
    for spec in registry.catalogue() {
        let own: Vec<_> = examples
            .iter()
            .filter(|one| one.tool == spec.name)
            .collect();
        let [example] = own.as_slice() else {
            panic!(
                "{} has {} examples: give it one in docs/tools/*.json",
                spec.name,
                own.len()
            );
        };
        assert!(example.question.ends_with(['.', '?']), "{}", spec.name);
        assert_eq!(
            example.most.is_some(),
            spec.access.is_read_only(),
            "{}: tools that read, and only they, say what the most is that they can be asked for",
            spec.name
        );
    }
    let known: Vec<_> = registry.catalogue().iter().map(|spec| spec.name).collect();
    for example in &examples {
        assert!(
            known.contains(&example.tool.as_str()),
            "docs/tools/*.json has an example of {}, which is no tool",
            example.tool
        );
    }
}

#[tokio::test]
async fn every_read_tool_makes_one_call() {
    let company = Company::open().await;
    let mut made = String::new();
    for example in all() {
        let Some(most) = &example.most else { continue };
        let (_, calls) = second_run(&company, &example, &example.arguments).await;
        let _ = writeln!(made, "{}: {}", example.tool, called(&calls));
        let (_, calls) = second_run(&company, &example, most).await;
        let more = ASKING_MORE.iter().find(|(tool, ..)| *tool == example.tool);
        let most = more.map_or(MOST_CALLS, |(_, most, _)| *most);
        assert!(calls.len() <= most, "{}: {}", example.tool, called(&calls));
    }
    // A second call answers a second question, asked at the same time.
    insta::assert_snapshot!(made, @r"
    whoami: res.users.apikeys/web_search_read
    list_companies: res.company/web_search_read
    list_invoices: account.move/web_search_read
    read_invoice: account.move/web_search_read
    read_transactions: account.bank.statement.line/web_search_read
    bank_sync_status: account.journal/web_search_read account.move.line/formatted_read_group account.online.link/web_search_read
    pl_summary: account.move.line/formatted_read_group account.move.line/formatted_read_group
    balance_sheet: account.move.line/formatted_read_grouping_sets
    ledger_summary: account.move.line/formatted_read_group account.move.line/formatted_read_group
    aged_balances: account.move.line/formatted_read_group account.move.line/formatted_read_group account.partial.reconcile/formatted_read_grouping_sets
    search_employees: hr.employee.public/web_search_read
    read_employee: hr.employee/web_search_read hr.employee/web_search_read
    read_employee_history: hr.employee/web_search_read
    read_payslips: hr.payslip/web_search_read
    read_time_off: hr.leave/web_search_read
    time_off_balance: hr.leave.allocation/web_search_read hr.leave.type/get_allocation_data_request hr.leave.type/get_allocation_data_request
    who_is_off: hr.leave.report.calendar/web_search_read hr.leave/web_search_read resource.calendar.leaves/web_search_read
    read_expenses: hr.expense/web_search_read
    expense_analysis: hr.expense/formatted_read_grouping_sets
    list_tasks: project.task/web_search_read
    ");
}

/// The bytes of both forms of an answer with twenty rows, where there are as many, and of the calls made for it.
async fn bytes(
    company: &Company,
    example: &Example,
    mut most: Map<String, Value>,
) -> (usize, usize) {
    if let Some(limit) = most.get_mut("limit") {
        *limit = json!(20);
    }
    let (outcome, calls) = second_run(company, example, &most).await;
    // The text travels as a JSON string, with its line breaks escaped.
    let ours =
        outcome.structured.to_string().len() + Value::from(outcome.text.as_str()).to_string().len();
    (ours, calls.iter().map(|call| call.bytes).sum())
}

/// Of every tool that reads, in both forms, against the bytes of the calls that were made for it.
#[tokio::test]
async fn answers_are_little_more_than_odoo_sent() {
    let company = Company::open().await;
    let (mut table, mut heavy) = (String::new(), Vec::new());
    for example in all() {
        let Some(most) = example.most.clone() else {
            continue;
        };
        let (ours, odoo) = bytes(&company, &example, most).await;
        let factor = ratio(ours, odoo);
        let _ = writeln!(table, "{}: {factor:.1}", example.tool);
        let larger = LARGER.iter().find(|(tool, ..)| *tool == example.tool);
        if factor > larger.map_or(FACTOR, |(_, factor, _)| *factor) {
            heavy.push(format!("{}: {ours} bytes against {odoo}", example.tool));
        }
    }
    insta::assert_snapshot!(table, @r"
    whoami: 3.8
    list_companies: 1.0
    list_invoices: 0.8
    read_invoice: 0.7
    read_transactions: 0.7
    bank_sync_status: 0.5
    pl_summary: 0.1
    balance_sheet: 0.2
    ledger_summary: 0.4
    aged_balances: 0.6
    search_employees: 0.8
    read_employee: 0.8
    read_employee_history: 0.9
    read_payslips: 0.9
    read_time_off: 0.5
    time_off_balance: 0.5
    who_is_off: 0.6
    read_expenses: 0.7
    expense_analysis: 0.6
    list_tasks: 0.8
    ");
    assert_eq!(heavy, Vec::<String>::new(), "\n{table}");
}

#[expect(
    clippy::cast_precision_loss,
    reason = "answers have less than 2^52 bytes"
)]
fn ratio(ours: usize, odoo: usize) -> f64 {
    ours as f64 / odoo as f64
}
