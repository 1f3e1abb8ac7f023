//! Expenses as everybody sees them: own ones, those of the team, all of them, none.

use serde_json::{Value, json};

use crate::actors::{Actor, Company, as_person};

/// The names of the expenses that a question finds.
async fn names(actor: &Actor, question: Value) -> Vec<String> {
    let page = actor.ask("read_expenses", question).await;
    let records = page["records"].as_array().unwrap().iter();
    records
        .map(|record| record["name"].as_str().unwrap().to_owned())
        .collect()
}

/// The id of the one expense with this name, or else with these words in it.
pub(crate) async fn id_of(actor: &Actor, words: &str) -> Value {
    let page = actor.ask("read_expenses", json!({"text": words})).await;
    let mut records = page["records"].as_array().unwrap().clone();
    if records.len() > 1 {
        records.retain(|record| record["name"] == words);
    }
    assert_eq!(records.len(), 1, "{words}: {page}");
    records[0]["id"].clone()
}

#[tokio::test]
async fn an_employee_sees_their_own() {
    let emil = as_person("emil").await;
    insta::assert_snapshot!(emil.read("read_expenses", json!({"limit": 5})).await, @r"
    total: 8
    returned: 5
    truncated: yes
    next_cursor: …
    link: https://odoo.example/odoo/hr.expense/{id}

    ## records
    |id|name|state|date|employee|category|amount|currency|receipts|approver|
    |-|-|-|-|-|-|-|-|-|-|
    |…|Taxi from the station|draft|2026-11-15|Emil Novak (#)|[TRANS & ACC] Travel & Accommodation (#)|42.5|USD|0||
    |…|Lunch at Hollis Water Board|submitted|2026-11-13|Emil Novak (#)|[FOOD] Meals (#)|31.8|USD|1|Tara Lindqvist (#)|
    |…|Team breakfast|submitted|2026-11-09|Emil Novak (#)|[FOOD] Meals (#)|27.4|USD|1|Tara Lindqvist (#)|
    |…|Breakfast with the calibration team|submitted|2026-11-09|Emil Novak (#)|[FOOD] Meals (#)|27.4|USD|1|Tara Lindqvist (#)|
    |…|Drive to the Hollis pumping station|approved|2026-10-29|Emil Novak (#)|[MIL] Mileage (#)|84|USD|0|Tara Lindqvist (#)|
    ");
    let everybodys = names(&emil, json!({"limit": 50})).await;
    assert_eq!(
        everybodys,
        names(&emil, json!({"employee": "me", "limit": 50})).await
    );
    assert!(names(&emil, json!({"employee": "tara"})).await.is_empty());
}

#[tokio::test]
async fn the_approver_sees_the_team_and_what_waits() {
    let tara = as_person("tara").await;
    insta::assert_snapshot!(
        tara.read("read_expenses", json!({"to_approve": true, "order": "oldest"})).await, @r"
    total: 4
    returned: 4
    link: https://odoo.example/odoo/hr.expense/{id}

    ## records
    |id|name|state|date|employee|category|amount|currency|receipts|approver|
    |-|-|-|-|-|-|-|-|-|-|
    |…|Soldering tips|submitted|2026-10-21|Mara Quist (#)|[EXP_GEN] Expenses (#)|47.25|USD|0|Tara Lindqvist (#)|
    |…|Breakfast with the calibration team|submitted|2026-11-09|Emil Novak (#)|[FOOD] Meals (#)|27.4|USD|1|Tara Lindqvist (#)|
    |…|Team breakfast|submitted|2026-11-09|Emil Novak (#)|[FOOD] Meals (#)|27.4|USD|1|Tara Lindqvist (#)|
    |…|Lunch at Hollis Water Board|submitted|2026-11-13|Emil Novak (#)|[FOOD] Meals (#)|31.8|USD|1|Tara Lindqvist (#)|
    ");
    let waiting = names(&tara, json!({"to_approve": true})).await.len();
    let others = names(&tara, json!({"to_approve": false, "limit": 50})).await;
    let all = names(&tara, json!({"limit": 50})).await;
    assert_eq!(waiting + others.len(), all.len());
}

#[tokio::test]
async fn everybody_sees_what_odoo_shows_them() {
    let company = Company::shared();
    let mut seen = String::new();
    for login in ["alice", "emil", "tara", "hanna", "ada", "rosa"] {
        let actor = company.actor(login).await;
        let page = actor.ask("read_expenses", json!({"limit": 1})).await;
        let waiting = actor
            .ask("read_expenses", json!({"to_approve": true}))
            .await;
        seen += &format!(
            "{login}: {}, {} to approve\n",
            page["total"], waiting["total"]
        );
    }
    insta::assert_snapshot!(seen, @r"
    alice: 31, 0 to approve
    emil: 8, 0 to approve
    tara: 15, 4 to approve
    hanna: 3, 0 to approve
    ada: 31, 2 to approve
    rosa: 0, 0 to approve
    ");
}

#[tokio::test]
async fn filters_narrow_and_states_are_complete() {
    let alice = as_person("alice").await;
    let all = names(&alice, json!({"limit": 200})).await.len();
    let mut counted = 0;
    for state in [
        "draft",
        "submitted",
        "approved",
        "refused",
        "posted",
        "paid",
    ] {
        let found = names(&alice, json!({"state": state, "limit": 200}))
            .await
            .len();
        assert!(found > 0, "none is {state}");
        counted += found;
    }
    assert_eq!(counted, all);
    insta::assert_debug_snapshot!(
        names(&alice, json!({"category": "mil", "department": "sales"})).await, @r#"
    [
        "Customer round in the Finger Lakes",
    ]
    "#);
    insta::assert_debug_snapshot!(
        names(&alice, json!({"text": "lunch", "date_from": "2026-11-01"})).await, @r#"
    [
        "Lunch at Hollis Water Board",
        "Lunch with a candidate",
    ]
    "#);
    let nordic = names(&alice, json!({"company_id": 2, "limit": 50})).await;
    let instruments = names(&alice, json!({"company_id": 1, "limit": 200})).await;
    assert_eq!(nordic.len() + instruments.len(), all);
    assert!(names(&alice, json!({"text": "%"})).await.is_empty());
}

/// The one expense with these words in its name, with everything, as this person reads it.
async fn told(login: &str, words: &str) -> String {
    let actor = as_person(login).await;
    let id = id_of(&actor, words).await;
    actor.read("read_expenses", json!({"id": id})).await
}

#[tokio::test]
async fn another_currency_is_shown_with_files_and_the_journal_entry() {
    insta::assert_snapshot!(told("emil", "Turku").await, @r"
    total: 1
    returned: 1
    link: https://odoo.example/odoo/hr.expense/{id}

    ## records 1
    id: …
    name: Hotel in Turku
    state: paid
    date: 2026-09-04
    employee: Emil Novak (#)
    category: [TRANS & ACC] Travel & Accommodation (#)
    amount: 312
    currency: EUR
    company_amount: 339.13
    company_currency: USD
    receipts: 1
    approver: Tara Lindqvist (#)
    department: Workshop (#)
    account: Expenses (#)
    decided_on: 2026-11-18
    journal_entry: BILL/2026/09/0004 (Hotel in Turku) (#)

    ### files
    |id|name|mimetype|bytes|main|
    |-|-|-|-|-|
    |…|hotel-turku.pdf|application/pdf|589|yes|
    ");
}

#[tokio::test]
async fn a_refusal_is_shown_with_its_reason() {
    insta::assert_snapshot!(told("emil", "Farewell").await, @r"
    total: 1
    returned: 1
    link: https://odoo.example/odoo/hr.expense/{id}

    ## records
    |id|name|state|date|employee|category|amount|currency|receipts|approver|department|account|decided_on|refusal_reason|
    |-|-|-|-|-|-|-|-|-|-|-|-|-|-|
    |…|Farewell present for a customer|refused|2026-10-09|Emil Novak (#)|[GIFT] Gifts (#)|65|USD|0|Tara Lindqvist (#)|Workshop (#)|Expenses (#)|2026-11-18|Presents above 50 dollars need the director's consent|
    ");
}

#[tokio::test]
async fn duplicates_and_equal_receipts_are_shown() {
    insta::assert_snapshot!(told("emil", "Team breakfast").await, @r"
    total: 1
    returned: 1
    link: https://odoo.example/odoo/hr.expense/{id}

    ## records 1
    id: …
    name: Team breakfast
    state: submitted
    date: 2026-11-09
    employee: Emil Novak (#)
    category: [FOOD] Meals (#)
    amount: 27.4
    currency: USD
    receipts: 1
    approver: Tara Lindqvist (#)
    department: Workshop (#)
    account: Expenses (#)
    duplicates: Breakfast with the calibration team (#)
    same_receipt: Breakfast with the calibration team (#)
    you_may: reset

    ### files
    |id|name|mimetype|bytes|main|
    |-|-|-|-|-|
    |…|bakery.pdf|application/pdf|584|yes|
    ");
}

#[tokio::test]
async fn quantities_and_their_price_are_shown() {
    insta::assert_snapshot!(told("emil", "Drive to").await, @r"
    total: 1
    returned: 1
    link: https://odoo.example/odoo/hr.expense/{id}

    ## records
    |id|name|state|date|employee|category|amount|currency|receipts|approver|department|quantity|unit|unit_price|account|decided_on|
    |-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|
    |…|Drive to the Hollis pumping station|approved|2026-10-29|Emil Novak (#)|[MIL] Mileage (#)|84|USD|0|Tara Lindqvist (#)|Workshop (#)|84|km|1|Expenses (#)|2026-11-18|
    ");
}

#[tokio::test]
async fn taxes_are_shown() {
    insta::assert_snapshot!(told("alice", "Licence for the tax tables").await, @r"
    total: 1
    returned: 1
    link: https://odoo.example/odoo/hr.expense/{id}

    ## records 1
    id: …
    name: Licence for the tax tables
    state: approved
    date: 2026-10-14
    employee: Alice Marchetti (#)
    category: [EXP_GEN] Expenses (#)
    amount: 114.99
    currency: USD
    receipts: 1
    approver: Ada Brandt (#)
    company: Larkspur Instruments (#)
    department: Finance (#)
    taxes: 15%
    tax: 15
    untaxed: 99.99
    account: 600000 Expenses (#)
    decided_on: 2026-11-18

    ### files
    |id|name|mimetype|bytes|main|
    |-|-|-|-|-|
    |…|licence.pdf|application/pdf|585|yes|
    ");
}

#[tokio::test]
async fn what_the_company_paid_is_shown() {
    insta::assert_snapshot!(told("alice", "Entry to the metrology fair").await, @r"
    total: 1
    returned: 1
    link: https://odoo.example/odoo/hr.expense/{id}

    ## records 1
    id: …
    name: Entry to the metrology fair
    state: paid
    date: 2026-08-15
    employee: Tara Lindqvist (#)
    category: [EXP_GEN] Expenses (#)
    amount: 180
    currency: USD
    paid_by: company
    receipts: 1
    approver: Ada Brandt (#)
    company: Larkspur Instruments (#)
    department: Workshop (#)
    account: 600000 Expenses (#)
    decided_on: 2026-11-18
    journal_entry: PBNK1/2026/00084 (Entry to the metrology fair) (#)

    ### files
    |id|name|mimetype|bytes|main|
    |-|-|-|-|-|
    |…|fair-ticket.pdf|application/pdf|589|yes|
    ");
}

#[tokio::test]
async fn what_is_still_due_is_shown() {
    insta::assert_snapshot!(told("alice", "Flight to Denver").await, @r"
    total: 1
    returned: 1
    link: https://odoo.example/odoo/hr.expense/{id}

    ## records
    |id|name|state|date|employee|category|amount|currency|receipts|approver|company|department|account|decided_on|journal_entry|due|
    |-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|
    |…|Flight to Denver|posted|2026-08-25|Priya Raman (#)|[TRANS & ACC] Travel & Accommodation (#)|512.4|USD|0|Ada Brandt (#)|Larkspur Instruments (#)|Sales (#)|600000 Expenses (#)|2026-11-18|BILL/2026/08/0004 (Flight to Denver) (#)|512.4|
    ");
}

#[tokio::test]
async fn what_somebody_may_not_see_is_not_there() {
    let company = Company::shared();
    let (ada, emil) = (company.actor("ada").await, company.actor("emil").await);
    let foreign = id_of(&ada, "Lunch with a candidate").await;
    let hidden = emil.read("read_expenses", json!({"id": foreign})).await;
    let missing = emil.read("read_expenses", json!({"id": 99_999_999})).await;
    assert_eq!(hidden, missing);
    insta::assert_snapshot!(hidden, @r"
    error: not_found
    message: there is no expense with this id among those you may see
    next_step: Look for it with read_expenses, without `id`.
    ");
}

#[tokio::test]
async fn somebody_without_employee_has_no_own_expenses() {
    let rosa = as_person("rosa").await;
    insta::assert_snapshot!(rosa.read("read_expenses", json!({"employee": "me"})).await, @r"
    error: no_access
    message: your Odoo user is not linked to an employee, and expenses belong to employees
    next_step: Have HR link the user in the employee's record (Employees, tab HR Settings).
    ");
    let analysis = rosa.ask("expense_analysis", json!({})).await;
    assert_eq!(analysis["companies"][0]["count"], 0);
}
