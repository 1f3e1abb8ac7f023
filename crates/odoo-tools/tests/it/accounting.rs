//! Invoices and the books, as the accountant.

use serde_json::{Value, json};

use crate::actors::{Company, as_person};

mod documents;

#[tokio::test]
async fn overdue_customer_invoices_with_the_oldest_debt_first() {
    let alice = as_person("alice").await;
    let question =
        json!({"kind": "customer_invoice", "overdue": true, "order": "due_first", "limit": 3});
    insta::assert_snapshot!(alice.read("list_invoices", question).await, @r"
    total: 12
    returned: 3
    truncated: yes
    next_cursor: …
    link: https://odoo.example/odoo/account.move/{id}

    ## records
    |id|number|kind|partner|date|due_date|days_overdue|total|due|currency|state|payment|reference|company|
    |-|-|-|-|-|-|-|-|-|-|-|-|-|-|
    |…|INV/2025/00005|customer_invoice|Juniper Clinic (#)|2025-12-23|2026-01-22|300|35374|34874|USD|posted|partial|PO-4104|Larkspur Instruments (#)|
    |…|INV/2026/00005|customer_invoice|Kestrel Aviation (#)|2026-01-23|2026-02-22|269|431.2|431.2|USD|posted|not_paid||Larkspur Instruments (#)|
    |…|INV/2026/00010|customer_invoice|Optik Sandvik (#)|2026-02-23|2026-03-25|238|2449.55|1949.55|USD|posted|partial||Larkspur Instruments (#)|
    ");
}

#[tokio::test]
async fn filters_narrow_and_never_add() {
    let alice = as_person("alice").await;
    let total = async |question: Value| {
        alice.ask("list_invoices", question).await["total"]
            .as_u64()
            .unwrap()
    };
    let all = total(json!({})).await;
    let overdue = total(json!({"overdue": true})).await;
    assert_eq!(overdue + total(json!({"overdue": false})).await, all);
    let (customer, vendor) = (
        total(json!({"kind": "customer"})).await,
        total(json!({"kind": "vendor"})).await,
    );
    assert_eq!(customer + vendor, all);
    let (one, two) = (
        total(json!({"company_id": 1})).await,
        total(json!({"company_id": 2})).await,
    );
    assert_eq!((one + two, one > 0, two > 0), (all, true, true));
    assert!(total(json!({"state": "cancelled"})).await > 0);
    let unpaid = total(json!({"payment": "unpaid"})).await;
    assert!(overdue <= unpaid && unpaid < all);
    assert_eq!(total(json!({"text": "%"})).await, 0);
}

#[tokio::test]
async fn an_invoice_is_read_with_lines_taxes_and_payments() {
    let alice = as_person("alice").await;
    let question =
        json!({"kind": "customer_invoice", "payment": "partial", "company_id": 1, "limit": 1});
    let list = alice.ask("list_invoices", question).await;
    let number = list["records"][0]["number"].clone();
    insta::assert_snapshot!(alice.read("read_invoice", json!({"number": number})).await, @r"
    id: …
    number: INV/2026/00051
    kind: customer_invoice
    state: posted
    payment: partial
    partner: Hollis Water Board (#)
    company: Larkspur Instruments (#)
    date: 2026-10-23
    due_date: 2026-11-22
    salesperson: Alice Marchetti (#)
    journal: Sales (#)
    currency: USD
    untaxed: 2449.55
    tax: 0
    total: 2449.55
    due: 1949.55
    link: https://odoo.example/odoo/account.move/…

    ## lines
    |text|quantity|price|untaxed|total|account|
    |-|-|-|-|-|-|
    |Pressure gauge set|3|387.25|1161.75|1161.75|400000 Product Sales|
    |Laser distance meter|2|643.9|1287.8|1287.8|400000 Product Sales|

    ## payments
    |date|amount|journal|method|payment_id|reference|
    |-|-|-|-|-|-|
    |2026-11-12|500|Bank|Manual Payment|113|PBNK1/2026/00075 (INV/2026/00051)|
    ");
    let by_id = alice
        .ask("read_invoice", json!({"id": list["records"][0]["id"]}))
        .await;
    assert_eq!(
        by_id,
        alice.ask("read_invoice", json!({"number": number})).await
    );
}

#[tokio::test]
async fn an_invoice_adds_up() {
    let alice = as_person("alice").await;
    let list = alice.ask("list_invoices", json!({"limit": 60})).await;
    for record in list["records"].as_array().unwrap() {
        let invoice = alice.ask("read_invoice", json!({"id": record["id"]})).await;
        let amount = |value: &Value| value.as_f64().unwrap();
        let sum = |list: &str, field: &str| -> f64 {
            let list = invoice
                .get(list)
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            list.filter_map(|line| line[field].as_f64()).sum()
        };
        let close = |left: f64, right: f64| (left - right).abs() < 0.01;
        assert!(
            close(sum("lines", "untaxed"), amount(&invoice["untaxed"])),
            "{invoice}"
        );
        assert!(
            close(sum("taxes", "amount"), amount(&invoice["tax"])),
            "{invoice}"
        );
        assert!(close(
            amount(&invoice["untaxed"]) + amount(&invoice["tax"]),
            amount(&invoice["total"])
        ));
        if invoice["state"] == "posted" {
            let left = amount(&invoice["total"]) - sum("payments", "amount");
            assert!(close(left, amount(&invoice["due"])), "{invoice}");
        }
    }
}

#[tokio::test]
async fn an_unknown_invoice_is_not_found() {
    let alice = as_person("alice").await;
    insta::assert_snapshot!(alice.read("read_invoice", json!({"number": "INV/1999/1"})).await, @r"
    error: not_found
    message: there is no invoice or bill numbered INV/1999/1 among those you may see
    next_step: Look for it with list_invoices, by `text` or `partner`; drafts have no number yet.
    ");
}

#[tokio::test]
async fn a_number_of_two_companies_is_not_guessed() {
    let alice = as_person("alice").await;
    let number = json!({"number": "INV/2026/00001"});
    insta::assert_snapshot!(alice.read("read_invoice", number).await, @"
    error: ambiguous
    message: several documents have this number or reference: id 21 (customer invoice INV/2026/00001 of 2026-01-05, Aaltola Instruments, Larkspur Nordic); id 20 (customer invoice INV/2026/00001 of 2026-01-03, Calloway Foods, Larkspur Instruments)
    next_step: Call read_invoice again with the `id` of the one that is meant.
    ");
}

#[tokio::test]
async fn profit_and_loss_has_a_section_per_company() {
    let alice = as_person("alice").await;
    let question = json!({"period": "last_quarter", "detail": "totals"});
    insta::assert_snapshot!(alice.read("pl_summary", question).await, @r"
    ## companies 1
    company: Larkspur Instruments (#)
    currency: USD
    from: 2026-07-01
    to: 2026-09-30

    ### totals
    |line|amount|
    |-|-|
    |revenue|236371.09|
    |cost_of_revenue|10187.65|
    |gross_profit|226183.44|
    |operating_expenses|87745.83|
    |depreciation|4500|
    |net_profit|133937.61|

    ## companies 2
    company: Larkspur Nordic (#)
    currency: EUR
    from: 2026-07-01
    to: 2026-09-30

    ### totals
    |line|amount|
    |-|-|
    |revenue|20632.2|
    |gross_profit|20632.2|
    |operating_expenses|10857.7|
    |net_profit|9774.5|
    ");
}

#[tokio::test]
async fn profit_and_loss_lists_accounts_in_the_order_of_the_statement() {
    let alice = as_person("alice").await;
    let question = json!({"period": "last_month", "company_id": 2});
    let one = alice.read("pl_summary", question).await;
    insta::assert_snapshot!(one, @r"
    ## companies 1
    company: Larkspur Nordic (#)
    currency: EUR
    from: 2026-10-01
    to: 2026-10-31

    ### totals
    |line|amount|
    |-|-|
    |revenue|7677|
    |gross_profit|7677|
    |operating_expenses|3582.1|
    |net_profit|4094.9|

    ### accounts
    |account|line|amount|
    |-|-|-|
    |400000 Product Sales (#)|revenue|5997|
    |401000 Calibration Services (#)|revenue|1680|
    |600000 Expenses (#)|operating_expenses|382.1|
    |630000 Salary Expenses (#)|operating_expenses|3200|
    ");
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn assert_close(left: f64, right: f64) {
    assert!((left - right).abs() < 0.01, "{left} is not {right}");
}

/// The amount of a line of the first section.
fn total(report: &Value, line: &str) -> f64 {
    let totals = report["companies"][0]["totals"].as_array().unwrap();
    number(&totals.iter().find(|total| total["line"] == line).unwrap()["amount"])
}

#[tokio::test]
async fn columns_add_up_to_the_period() {
    let alice = as_person("alice").await;
    let question = json!({"columns": "months", "compare": "previous_year", "company_id": 1});
    let report = alice.ask("pl_summary", question).await;
    for total in report["companies"][0]["totals"].as_array().unwrap() {
        let members = total.as_object().unwrap().iter();
        let months: Vec<f64> = members
            .filter(|(key, _)| key.starts_with("20"))
            .map(|(_, value)| number(value))
            .collect();
        assert_eq!(months.len(), 12);
        assert_close(months.iter().sum(), number(&total["amount"]));
        assert!(total.get("previous").is_some());
    }
}

/// Today is 18 November: a part of the year must not pass for a whole one.
#[tokio::test]
async fn a_period_that_is_not_over_is_not_compared_as_if_it_were() {
    let alice = as_person("alice").await;
    let mut question = json!({"compare": "previous_year", "detail": "totals", "company_id": 2});
    let report = alice.ask("pl_summary", question.clone()).await;
    insta::assert_snapshot!(report["companies"][0]["unequal"].as_str().unwrap(), @"2026-01-01 to 2026-12-31 is not over: 322 of its 365 days, until 2026-11-18, stand against a whole period. For the same days of both ask with until_today.");
    question["until_today"] = json!(true);
    let report = alice.ask("pl_summary", question).await;
    let section = &report["companies"][0];
    assert_eq!(section.get("unequal"), None);
    assert_eq!(
        (&section["from"], &section["to"]),
        (&json!("2026-01-01"), &json!("2026-11-18"))
    );
    assert_eq!(
        section["previous"],
        json!({"from": "2025-01-01", "to": "2025-11-18"})
    );
    let days = json!({"date_from": "2025-01-01", "date_to": "2025-11-18", "company_id": 2});
    let before = alice.ask("pl_summary", days).await;
    let net = |report: &Value| {
        report["companies"][0]["totals"]
            .as_array()
            .unwrap()
            .last()
            .cloned()
    };
    assert_eq!(
        net(&report).unwrap()["previous"],
        net(&before).unwrap()["amount"]
    );
    // What is over is compared whole, whatever was asked.
    let question = json!({"period": "last_month", "compare": "previous_year", "until_today": true});
    let report = alice.ask("pl_summary", question).await;
    assert_eq!(report["companies"][0]["to"], "2026-10-31");
    assert_eq!(report["companies"][0].get("unequal"), None);
}

#[tokio::test]
async fn accounts_add_up_to_their_lines_and_lines_to_the_profit() {
    let alice = as_person("alice").await;
    let report = alice.ask("pl_summary", json!({"company_id": 1})).await;
    let accounts = report["companies"][0]["accounts"].as_array().unwrap();
    let sum = |line: &str| -> f64 {
        let own = accounts.iter().filter(|account| account["line"] == line);
        own.map(|account| number(&account["amount"])).sum()
    };
    assert_close(sum("revenue"), total(&report, "revenue"));
    let gross = sum("revenue") - sum("cost_of_revenue");
    assert_close(gross, total(&report, "gross_profit"));
    let costs = sum("operating_expenses") + sum("depreciation") + sum("other_expenses");
    assert_close(
        gross + sum("other_income") - costs,
        total(&report, "net_profit"),
    );
    let totals = alice
        .ask("pl_summary", json!({"detail": "totals", "company_id": 1}))
        .await;
    assert_close(total(&totals, "net_profit"), total(&report, "net_profit"));
    assert!(totals["companies"][0].get("accounts").is_none());
}

#[tokio::test]
async fn contradictory_periods_are_refused() {
    let alice = as_person("alice").await;
    let mut told = String::new();
    for question in [
        json!({"period": "this_month", "date_from": "2026-01-01"}),
        json!({"date_from": "2026-02-01", "date_to": "2026-01-01"}),
        json!({"date_from": "2000-01-01", "columns": "months"}),
    ] {
        told += &format!("{}\n\n", alice.read("pl_summary", question).await);
    }
    insta::assert_snapshot!(told, @r"
    error: invalid_arguments
    message: `period` and dates contradict each other
    next_step: Give either `period`, or `date_from` and `date_to`.


    error: invalid_arguments
    message: the period would begin on 2026-02-01 and end before, on 2026-01-01
    next_step: Give a `date_from` that is not after `date_to`.


    error: invalid_arguments
    message: 323 columns from 2000-01-01 to 2026-11-18 are too many
    next_step: Use quarters, a shorter period, or leave `columns` out.
    ");
}

/// The team lead approves expenses, for which Odoo lets her read entries of expenses only: receipts
/// and bills of employees, and no customer's.
#[tokio::test]
async fn an_approver_sees_no_invoices_of_customers() {
    let company = Company::shared();
    let tara = company.actor("tara").await;
    if tara.tools().contains(&"list_invoices") {
        let customers = tara.ask("list_invoices", json!({"kind": "customer"})).await;
        assert_eq!(customers["total"], 0);
        let hers = tara.ask("list_invoices", json!({})).await["total"].as_u64();
        let alice = company.actor("alice").await;
        assert!(
            hers < alice.ask("list_invoices", json!({"kind": "vendor"})).await["total"].as_u64()
        );
    }
}
