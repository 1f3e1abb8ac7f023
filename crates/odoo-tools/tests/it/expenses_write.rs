//! Expenses in the making: drafts and handing in, each in an Odoo of its own.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::actors::{Actor, Company};

/// Short files of the types that are taken, by name.
pub(crate) const FILES: [(&str, &[u8]); 5] = [
    (
        "bill.pdf",
        b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n",
    ),
    ("photo.png", include_bytes!("../files/photo.png")),
    ("photo.jpg", include_bytes!("../files/photo.jpg")),
    ("photo.webp", include_bytes!("../files/photo.webp")),
    ("photo.heic", include_bytes!("../files/photo.heic")),
];

/// As it travels.
pub(crate) fn encoded(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The first of them.
pub(crate) fn pdf() -> String {
    encoded(FILES[0].1)
}

/// Somebody in an Odoo of their own.
pub(crate) async fn person(login: &str) -> (Company, Actor) {
    let company = Company::open().await;
    let actor = company.actor(login).await;
    (company, actor)
}

/// A new draft on meals.
pub(crate) async fn draft(actor: &Actor, name: &str) -> Value {
    let lunch = json!({"name": name, "category": "meals", "amount": 12.5});
    let made = actor.ask("create_expense", lunch).await;
    made["expense"]["id"].clone()
}

/// How many expenses this person sees.
async fn count(actor: &Actor) -> Value {
    actor.ask("read_expenses", json!({"limit": 1})).await["total"].clone()
}

/// A lunch of Emil's.
fn lunch() -> Value {
    json!({
        "name": "Lunch with Hollis", "category": "food", "amount": 31.8, "date": "2026-11-17",
        "notes": "Two people",
    })
}

/// Its draft, and the receipt to it.
async fn lunch_and_receipt(actor: &Actor) -> (Value, Value) {
    let id = actor.ask("create_expense", lunch()).await["expense"]["id"].clone();
    let receipt = json!({"id": id, "file_name": "lunch.pdf", "content": pdf()});
    (id, receipt)
}

#[tokio::test]
async fn a_draft_is_made() {
    let (_company, emil) = person("emil").await;
    insta::assert_snapshot!(emil.read("create_expense", lunch()).await, @r"
    outcome: created
    link: https://odoo.example/odoo/hr.expense/…
    hints: It is a draft: add the receipt with upload_receipt, then hand it in with submit_expense.

    ## expense
    id: …
    name: Lunch with Hollis
    state: draft
    date: 2026-11-17
    employee: Emil Novak (#)
    category: [FOOD] Meals (#)
    amount: 31.8
    currency: USD
    receipts: 0
    department: Workshop (#)
    notes: Two people
    account: Expenses (#)
    you_may: edit
    ");
}

#[tokio::test]
async fn a_draft_gets_its_receipt() {
    let (_company, emil) = person("emil").await;
    let (_, receipt) = lunch_and_receipt(&emil).await;
    insta::assert_snapshot!(emil.read("upload_receipt", receipt).await, @r"
    outcome: attached
    link: https://odoo.example/odoo/hr.expense/…
    hints: It is still a draft: hand it in with submit_expense.

    ## expense
    id: …
    name: Lunch with Hollis
    state: draft
    date: 2026-11-17
    employee: Emil Novak (#)
    category: [FOOD] Meals (#)
    amount: 31.8
    currency: USD
    receipts: 1
    department: Workshop (#)
    notes: Two people
    account: Expenses (#)
    you_may: edit

    ### files
    |id|name|mimetype|bytes|main|
    |-|-|-|-|-|
    |…|lunch.pdf|application/pdf|48|yes|
    ");
}

#[tokio::test]
async fn a_draft_is_handed_in_with_its_receipt() {
    let (_company, emil) = person("emil").await;
    let (id, receipt) = lunch_and_receipt(&emil).await;
    emil.ask("upload_receipt", receipt).await;
    insta::assert_snapshot!(emil.read("submit_expense", json!({"id": id})).await, @r"
    outcome: submitted
    link: https://odoo.example/odoo/hr.expense/…
    hints: Tara Lindqvist has to approve it now.

    ## expense
    id: …
    name: Lunch with Hollis
    state: submitted
    date: 2026-11-17
    employee: Emil Novak (#)
    category: [FOOD] Meals (#)
    amount: 31.8
    currency: USD
    receipts: 1
    approver: Tara Lindqvist (#)
    department: Workshop (#)
    notes: Two people
    account: Expenses (#)
    you_may: reset

    ### files
    |id|name|mimetype|bytes|main|
    |-|-|-|-|-|
    |…|lunch.pdf|application/pdf|48|yes|
    ");
}

#[tokio::test]
async fn the_same_call_twice_makes_one_expense() {
    let (_company, emil) = person("emil").await;
    let before = count(&emil).await.as_i64().unwrap();
    let taxi = json!({"name": "Taxi", "category": "TRANS & ACC", "amount": 9});
    let first = emil.ask("create_expense", taxi.clone()).await;
    let second = emil.ask("create_expense", taxi).await;
    assert_eq!(first["expense"]["id"], second["expense"]["id"]);
    assert_eq!(count(&emil).await, before + 1);
}

#[tokio::test]
async fn kilometres_and_other_currencies_are_worked_out_by_odoo() {
    let (_company, emil) = person("emil").await;
    let drive = json!({"name": "Drive", "category": "mileage", "quantity": 84});
    let drive = emil.ask("create_expense", drive).await["expense"].clone();
    assert_eq!(
        (&drive["amount"], &drive["unit"]),
        (&json!(84), &json!("km"))
    );
    let hotel =
        json!({"name": "Hotel", "category": "trans & acc", "amount": 92, "currency": "eur"});
    let hotel = emil.ask("create_expense", hotel).await["expense"].clone();
    assert_eq!(hotel["currency"], "EUR");
    assert_eq!(
        (&hotel["company_amount"], &hotel["company_currency"]),
        (&json!(100), &json!("USD"))
    );
    let card = json!({"name": "Fair", "category": "gifts", "amount": 5, "paid_by": "company"});
    assert_eq!(
        emil.ask("create_expense", card).await["expense"]["paid_by"],
        "company"
    );
}

/// What is said of drafts that cannot be, and that none of them was made.
async fn refused(actor: &Actor, drafts: &[Value]) -> String {
    let before = count(actor).await;
    let mut told = String::new();
    for draft in drafts {
        told += &actor.read("create_expense", draft.clone()).await;
        told += "\n\n";
    }
    assert_eq!(count(actor).await, before);
    told
}

#[tokio::test]
async fn drafts_need_one_category() {
    let (_company, emil) = person("emil").await;
    let drafts = [
        json!({"name": "No", "category": "yachts", "amount": 5}),
        json!({"name": "No", "category": "e", "amount": 5}),
    ];
    insta::assert_snapshot!(refused(&emil, &drafts).await, @r"
    error: not_found
    message: there is no such category
    next_step: Use one of: Communication (code COMM); Expenses (code EXP_GEN); Meals (code FOOD); Gifts (code GIFT); Mileage (code MIL, 1 per km); Travel & Accommodation (code TRANS & ACC).


    error: ambiguous
    message: several categories fit: Expenses (code EXP_GEN); Meals (code FOOD); Mileage (code MIL, 1 per km); Travel & Accommodation (code TRANS & ACC)
    next_step: Give the code or the id of the one that is meant.
    ");
}

#[tokio::test]
async fn drafts_need_the_amount_or_quantity_of_their_category() {
    let (_company, emil) = person("emil").await;
    let drafts = [
        json!({"name": "No", "category": "mileage", "amount": 5}),
        json!({"name": "No", "category": "meals", "quantity": 5}),
        json!({"name": "No", "category": "meals"}),
        json!({"name": "No", "category": "meals", "amount": -5}),
    ];
    insta::assert_snapshot!(refused(&emil, &drafts).await, @r"
    error: invalid_arguments
    message: Mileage is paid at 1 per km, so Odoo works the amount out
    next_step: Give `quantity` in km, and neither `amount` nor `currency`.


    error: invalid_arguments
    message: Meals has no price for a unit, so `quantity` says nothing
    next_step: Give the whole `amount` instead.


    error: invalid_arguments
    message: `amount` is needed, and more than zero
    next_step: Give what was paid, taxes included.


    error: invalid_arguments
    message: `amount` is needed, and more than zero
    next_step: Give what was paid, taxes included.
    ");
}

#[tokio::test]
async fn drafts_need_a_known_currency_and_company() {
    let (_company, emil) = person("emil").await;
    let drafts = [
        json!({"name": "No", "category": "meals", "amount": 5, "currency": "XYZ"}),
        json!({"name": "No", "category": "meals", "amount": 5, "company_id": 2}),
    ];
    insta::assert_snapshot!(refused(&emil, &drafts).await, @r"
    error: not_found
    message: no currency XYZ is in use in this Odoo
    next_step: Nothing was stored. Give the three letters of its code, or the amount in the company's currency; an administrator can activate further currencies.


    error: invalid_arguments
    message: `company_id` 2 is none of your companies in Odoo
    next_step: Use one of 1 (Larkspur Instruments), or leave it out for all of them.
    ");
}

#[tokio::test]
async fn only_employees_spend_and_only_for_their_company() {
    let company = Company::open().await;
    let (rosa, alice) = (company.actor("rosa").await, company.actor("alice").await);
    let lunch = json!({"name": "Lunch", "category": "meals", "amount": 5});
    let mut told = rosa.read("create_expense", lunch).await;
    let file = json!({"file_name": "a.pdf", "content": pdf()});
    told += &rosa.read("upload_receipt", file).await;
    let nordic = json!({"name": "Lunch", "category": "meals", "amount": 5, "company_id": 2});
    told += &alice.read("create_expense", nordic).await;
    insta::assert_snapshot!(told, @r"
    error: no_access
    message: your Odoo user is not linked to an employee, and expenses belong to employees
    next_step: Have HR link the user in the employee's record (Employees, tab HR Settings).
    error: no_access
    message: your Odoo user is not linked to an employee, and expenses belong to employees
    next_step: Have HR link the user in the employee's record (Employees, tab HR Settings).
    error: no_access
    message: you are no employee of this company, so you cannot spend anything for it
    next_step: As `company_id` name one that you are an employee of: 1 (Larkspur Instruments).
    ");
}

#[tokio::test]
async fn handing_in_twice_changes_nothing() {
    let (company, emil) = person("emil").await;
    let id = draft(&emil, "Lunch").await;
    // In Odoo itself, so that the tool does not just remember its first call.
    let odoo = company.client("emil");
    let submit = odoo.call("hr.expense", "action_submit");
    submit.ids(&[id.as_i64().unwrap()]).run().await.unwrap();
    let answer = emil.ask("submit_expense", json!({"id": id})).await;
    assert_eq!(answer["outcome"], "already_submitted");
    let refused = crate::expenses::id_of(&emil, "Farewell").await;
    insta::assert_snapshot!(emil.read("submit_expense", json!({"id": refused})).await, @r"
    error: refused_by_odoo
    message: the expense was refused: Presents above 50 dollars need the director's consent
    next_step: Whoever refused it can reset it to draft in Odoo; or make a new one with create_expense.
    ");
}

#[tokio::test]
async fn only_ones_own_are_handed_in() {
    let company = Company::open().await;
    let (emil, alice) = (company.actor("emil").await, company.actor("alice").await);
    let hanna = company.actor("hanna").await;
    let id = draft(&emil, "Lunch").await;
    let mut told = alice.read("submit_expense", json!({"id": id})).await;
    told += &hanna.read("submit_expense", json!({"id": id})).await;
    insta::assert_snapshot!(told, @r"
    error: no_access
    message: this expense is not yours to hand in
    next_step: The employee who spent it can, or who approves for that employee.
    error: not_found
    message: there is no expense with this id among those you may see
    next_step: Look for it with read_expenses, without `id`.
    ");
    let receipt = json!({"id": id, "file_name": "a.pdf", "content": pdf()});
    assert!(hanna.call("upload_receipt", receipt).await.is_error);
    let state = emil.ask("read_expenses", json!({"id": id})).await["records"][0]["state"].clone();
    assert_eq!(state, "draft");
}

#[tokio::test]
async fn without_an_approver_odoo_approves_or_says_why_not() {
    let company = Company::open().await;
    let (ada, hanna) = (company.actor("ada").await, company.actor("hanna").await);
    let alone = odoo_json2::Values::new()
        .set("parent_id", false)
        .set("expense_manager_id", false);
    let employees: Vec<i64> = [&ada, &hanna]
        .iter()
        .filter_map(|actor| actor.user.profile().employee.as_ref())
        .map(|employee| employee.id)
        .collect();
    let admin = company.client("ada");
    admin
        .write("hr.employee", &employees, &alone)
        .await
        .unwrap();
    let id = draft(&hanna, "Lunch").await;
    insta::assert_snapshot!(hanna.read("submit_expense", json!({"id": id})).await, @r"
    error: refused_by_odoo
    message:
    > nobody is set to approve the expenses of this employee, and you may not approve them yourself; nothing was changed. Odoo says: You cannot approve:
    >  Lunch: You are neither a Manager nor a HR Officer
    next_step: Have HR set an expense approver in the employee's record, then submit again.
    ");
    let id = draft(&ada, "Lunch").await;
    let approved = ada.ask("submit_expense", json!({"id": id})).await;
    assert_eq!(
        (&approved["outcome"], &approved["expense"]["state"]),
        (&json!("approved"), &json!("approved"))
    );
}
