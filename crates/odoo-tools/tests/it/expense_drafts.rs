//! Drafts that are filled in later, and people who are employed by two companies.

use odoo_json2::{Context, Values};
use serde_json::{Value, json};

use crate::actors::{Actor, Company};
use crate::expenses_write::{draft, pdf, person};

/// Somebody in an Odoo of their own, whom Larkspur Nordic employs (too).
async fn employed_by_nordic(login: &str) -> (Company, Actor) {
    let company = Company::open().await;
    let (actor, ada) = (company.actor(login).await, company.actor("ada").await);
    let post = Values::new()
        .set("name", login)
        .set("user_id", actor.user.profile().uid)
        .set("expense_manager_id", ada.user.profile().uid)
        .set("company_id", 2);
    let odoo = company
        .client("ada")
        .with_context(Context::new().companies([2, 1]));
    odoo.create("hr.employee", [post]).await.unwrap();
    (company, actor)
}

/// What identifies the state of an expense in these tests.
fn told(expense: &Value) -> String {
    let fields = [
        "name", "date", "amount", "currency", "paid_by", "state", "quantity",
    ];
    let shown = fields.map(|field| format!("{field} {}", expense[field]));
    shown.join(", ")
}

#[tokio::test]
async fn a_draft_keeps_what_is_not_said() {
    let (_company, emil) = person("emil").await;
    let fair = json!({
        "name": "Fair", "category": "gifts", "amount": 5, "paid_by": "company", "date": "2026-11-02",
    });
    let id = emil.ask("create_expense", fair).await["expense"]["id"].clone();
    let more = json!({"draft_id": id, "name": "Trade fair", "category": "gifts"});
    let filled = emil.ask("create_expense", more).await;
    insta::assert_snapshot!(told(&filled["expense"]), @r#"name "Trade fair", date "2026-11-02", amount 5, currency "USD", paid_by "company", state "draft", quantity null"#);
    let more = json!({"draft_id": id, "name": "Trade fair", "category": "gifts", "paid_by": "employee", "date": "2026-11-03", "amount": 6});
    let filled = emil.ask("create_expense", more).await;
    insta::assert_snapshot!(told(&filled["expense"]), @r#"name "Trade fair", date "2026-11-03", amount 6, currency "USD", paid_by null, state "draft", quantity null"#);
}

#[tokio::test]
async fn a_draft_needs_an_amount_of_its_own() {
    let (_company, emil) = person("emil").await;
    let file = json!({"file_name": "bill.pdf", "content": pdf()});
    let id = emil.ask("upload_receipt", file).await["expense"]["id"].clone();
    let empty = json!({"draft_id": id, "name": "Phone", "category": "comm"});
    let mut said = emil.read("create_expense", empty).await;
    // A draft of a file has a quantity that nobody gave.
    let drive = json!({"draft_id": id, "name": "Drive", "category": "mileage"});
    said += &emil.read("create_expense", drive).await;
    insta::assert_snapshot!(said, @r"
    error: invalid_arguments
    message: `amount` is needed, and more than zero
    next_step: Give what was paid, taxes included.
    error: invalid_arguments
    message: Mileage is paid at 1 per km, so Odoo works the amount out
    next_step: Give `quantity` in km, and neither `amount` nor `currency`.
    ");
    let drive = json!({"draft_id": id, "name": "Drive", "category": "mileage", "quantity": 7});
    emil.ask("create_expense", drive).await;
    let renamed = json!({"draft_id": id, "name": "Drive home", "category": "mileage"});
    let renamed = emil.ask("create_expense", renamed).await;
    assert_eq!(renamed["expense"]["quantity"], 7);
}

#[tokio::test]
async fn somebody_hands_in_drafts_of_both_their_companies() {
    let (_company, alice) = employed_by_nordic("alice").await;
    let mut said = String::new();
    for company in [1, 2] {
        let lunch =
            json!({"name": "Lunch", "category": "meals", "amount": 5, "company_id": company});
        let id = alice.ask("create_expense", lunch).await["expense"]["id"].clone();
        let handed_in = alice.ask("submit_expense", json!({"id": id})).await;
        said += &format!(
            "{}: {}\n",
            handed_in["outcome"],
            told(&handed_in["expense"])
        );
    }
    insta::assert_snapshot!(said, @r#"
    "submitted": name "Lunch", date "2026-11-18", amount 5, currency "USD", paid_by null, state "submitted", quantity null
    "submitted": name "Lunch", date "2026-11-18", amount 5, currency "EUR", paid_by null, state "submitted", quantity null
    "#);
    let own = json!({"employee": "me", "text": "Lunch", "date_from": "2026-11-18"});
    let own = alice.ask("read_expenses", own).await;
    assert_eq!(own["total"], 2, "{own}");
    let spent = json!({"employee": "me", "by": "employee", "date_from": "2026-11-18", "date_to": "2026-11-18"});
    let spent = alice.ask("expense_analysis", spent).await;
    assert_eq!(spent["companies"][1]["total"], 5, "{spent}");
}

#[tokio::test]
async fn a_draft_is_filled_in_for_its_own_company() {
    let (_company, alice) = employed_by_nordic("alice").await;
    let lunch = json!({"name": "Lunch", "category": "meals", "amount": 5, "company_id": 2});
    let id = alice.ask("create_expense", lunch).await["expense"]["id"].clone();
    // The euro is the currency of the draft's company, and the dollar is not.
    let euros = json!({"draft_id": id, "name": "Dinner", "category": "meals", "amount": 8, "currency": "EUR"});
    let filled = alice.ask("create_expense", euros).await["expense"].clone();
    insta::assert_snapshot!(told(&filled), @r#"name "Dinner", date "2026-11-18", amount 8, currency "EUR", paid_by null, state "draft", quantity null"#);
    assert_eq!(filled.get("company_currency"), None);
    let other = json!({"draft_id": id, "name": "Dinner", "category": "meals", "amount": 8, "company_id": 1});
    let said = alice.read("create_expense", other).await;
    insta::assert_snapshot!(said.replace(&id.to_string(), "…"), @r"
    error: invalid_arguments
    message: expense … belongs to company 2 (Larkspur Nordic)
    next_step: Leave `company_id` out; or leave `draft_id` out to make one in the other company.
    ");
}

#[tokio::test]
async fn a_draft_of_somebody_else_is_not_filled_in() {
    let (company, alice) = employed_by_nordic("alice").await;
    let hanna = company.actor("hanna").await;
    let id = draft(&hanna, "Lunch of Hanna's").await;
    let theirs =
        json!({"draft_id": id, "name": "Lunch of Alice's", "category": "meals", "amount": 5});
    let said = alice.read("create_expense", theirs).await;
    insta::assert_snapshot!(said.replace(&id.to_string(), "…"), @r"
    error: no_access
    message: expense … is somebody else's
    next_step: Leave `draft_id` out to make one of your own.
    ");
}

/// The current company of Rosa's is the other one.
#[tokio::test]
async fn the_only_employer_is_found_without_being_named() {
    let (_company, rosa) = employed_by_nordic("rosa").await;
    let lunch = json!({"name": "Lunch", "category": "meals", "amount": 5});
    let lunch = rosa.ask("create_expense", lunch).await;
    let file = json!({"file_name": "bill.pdf", "content": pdf()});
    let bill = rosa.ask("upload_receipt", file).await;
    for made in [&lunch, &bill] {
        assert_eq!(made["expense"]["company"]["name"], "Larkspur Nordic");
        assert_eq!(made["expense"]["currency"], "EUR");
    }
    let own = rosa.ask("read_expenses", json!({"employee": "me"})).await;
    assert_eq!(own["total"], 2);
    let id = &lunch["expense"]["id"];
    let handed_in = rosa.ask("submit_expense", json!({"id": id})).await;
    assert_eq!(handed_in["outcome"], "submitted");
}
