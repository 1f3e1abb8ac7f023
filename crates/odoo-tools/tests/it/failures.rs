//! What an assistant is told when something goes wrong, and what it is not told.

use odoo_tools::{Access, Outcome, Refusal, Registry};
use serde_json::{Map, Value, json};

use crate::scripted::{Reply, ScriptedOdoo, odoo_error};

const READ: &[Access] = &[Access::Read];

fn arguments(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// Calls `list_invoices` on an Odoo that answers its search with this.
async fn told(reply: Reply) -> Result<Outcome, Refusal> {
    let odoo = ScriptedOdoo::new(move |call, _| {
        (call == "account.move/web_search_read").then(|| reply.clone())
    });
    Registry::standard()
        .call(&odoo.session().await, READ, "list_invoices", Map::new())
        .await
}

/// One of each kind, with texts that must not come through.
fn failures() -> Vec<Reply> {
    let access = |message| odoo_error(403, "odoo.exceptions.AccessError", message);
    let error = odoo_error;
    vec![
        access("You are not allowed to access 'Journal Entry' (account.move) records."),
        access("Uh-oh! You have stumbled upon some top-secret records.\n- Salary of Bob"),
        access("Access to unauthorized or invalid companies."),
        error(
            404,
            "werkzeug.exceptions.NotFound",
            "the model 'account.move' does not exist",
        ),
        error(
            404,
            "odoo.exceptions.MissingError",
            "Record does not exist or has been deleted.",
        ),
        error(
            422,
            "odoo.exceptions.UserError",
            "Invalid language code: fr_FR",
        ),
        error(409, "odoo.exceptions.LockError", "could not lock"),
        error(
            500,
            "builtins.ValueError",
            "Invalid field account.move.nofield",
        ),
        error(
            500,
            "psycopg2.errors.UndefinedColumn",
            "SELECT secret FROM account_move",
        ),
        error(500, "builtins.ZeroDivisionError", "division by zero"),
        (502, json!({"oops": 1})),
        (200, json!({"length": "many"})),
    ]
}

#[tokio::test]
async fn each_failure_says_what_happened_and_what_to_do() {
    let mut lines = String::new();
    for case in failures() {
        let outcome = told(case).await.unwrap();
        assert!(outcome.is_error);
        for secret in ["Traceback", "secret", "Salary", "SELECT", "nofield"] {
            assert!(!outcome.text.contains(secret), "{}", outcome.text);
        }
        let line = |key: &str| outcome.structured[key].as_str().unwrap().to_owned();
        lines += &format!(
            "{}: {}. {}\n",
            line("error"),
            line("message"),
            line("next_step")
        );
    }
    insta::assert_snapshot!(lines, @r"
    no_access: your rights in Odoo do not allow this, or not for these records. Nothing was changed. If it belongs to your work, ask an Odoo administrator for the right.
    no_access: your rights in Odoo do not allow this, or not for these records. Nothing was changed. If it belongs to your work, ask an Odoo administrator for the right.
    no_access: your Odoo user no longer belongs to one of the companies asked for. Call list_companies, and name one of them as `company_id`.
    not_installed: the app that brings `account.move` is not installed in this Odoo. An Odoo administrator can install it under Apps.
    not_found: the record does not exist or was deleted meanwhile. Search for it again.
    refused_by_odoo: Odoo refuses: Invalid language code: fr_FR. Correct what Odoo names, in the arguments here or in Odoo itself.
    conflict: somebody else is changing the same thing in Odoo; nothing was changed. Try again in a moment.
    fault: this server and Odoo did not understand each other, or Odoo failed internally. Try once with simpler arguments; if it happens again, report it to the person who operates this server, whose log names the cause.
    fault: this server and Odoo did not understand each other, or Odoo failed internally. Try once with simpler arguments; if it happens again, report it to the person who operates this server, whose log names the cause.
    fault: this server and Odoo did not understand each other, or Odoo failed internally. Try once with simpler arguments; if it happens again, report it to the person who operates this server, whose log names the cause.
    unavailable: Odoo cannot be reached at the moment. Try again in a minute; if it lasts, tell the person who operates Odoo.
    fault: this server and Odoo did not understand each other, or Odoo failed internally. Try once with simpler arguments; if it happens again, report it to the person who operates this server, whose log names the cause.
    ");
}

#[tokio::test]
async fn a_key_refused_twice_ends_the_connection() {
    let invalid = || odoo_error(401, "werkzeug.exceptions.Unauthorized", "Invalid apikey");
    assert_eq!(
        told_by_key(move |_| Some(invalid())).await,
        Err(Refusal::KeyRejected)
    );
    // Accepted again at once: no reason to send the person away.
    let once = told_by_key(move |call| (call != "res.users/context_get").then(invalid))
        .await
        .unwrap();
    assert_eq!(
        (once.is_error, &once.structured["error"]),
        (true, &json!("unavailable"))
    );
}

/// Opens a session, then lets the key be refused as the closure says.
async fn told_by_key(
    refuse: impl Fn(&str) -> Option<Reply> + Send + Sync + 'static,
) -> Result<Outcome, Refusal> {
    use std::sync::atomic::{AtomicBool, Ordering};
    static OPENED: AtomicBool = AtomicBool::new(false);
    OPENED.store(false, Ordering::SeqCst);
    let odoo =
        ScriptedOdoo::new(move |call, _| OPENED.load(Ordering::SeqCst).then(|| refuse(call))?);
    let user = odoo.session().await;
    OPENED.store(true, Ordering::SeqCst);
    Registry::standard()
        .call(&user, READ, "list_invoices", Map::new())
        .await
}

#[tokio::test]
async fn what_is_not_granted_or_unknown_is_refused_before_odoo_is_asked() {
    let odoo = ScriptedOdoo::new(|_, _| None);
    let user = odoo.session().await;
    odoo.take_calls();
    let registry = Registry::standard();
    let call = async |granted: &'static [Access], name: &'static str, given: Value| {
        registry.call(&user, granted, name, arguments(&given)).await
    };
    assert_eq!(
        call(&[], "whoami", json!({})).await,
        Err(Refusal::MissingScope(Access::Read))
    );
    assert_eq!(
        call(READ, "drop_database", json!({})).await,
        Err(Refusal::UnknownTool)
    );
    let outcome = call(
        READ,
        "list_invoices",
        json!({"partnr": "x", "limit": "many"}),
    )
    .await
    .unwrap();
    insta::assert_snapshot!(outcome.text, @r#"
    error: invalid_arguments
    message: `partnr` is unknown; did you mean `partner`?; `limit`: "many" is not a whole number
    next_step: Correct this and call list_invoices again.
    "#);
    assert_eq!(odoo.take_calls(), Vec::<String>::new());
    assert!(registry.visible_to(&user, &[]).is_empty());
}

#[tokio::test]
async fn a_missing_app_is_not_a_missing_right() {
    let not_there = odoo_error(
        404,
        "werkzeug.exceptions.NotFound",
        "the model 'hr.employee.public' does not exist",
    );
    let answers = [(200, json!(false)), not_there];
    let mut told = String::new();
    for answer in answers {
        let odoo =
            ScriptedOdoo::new(move |call, _| call.ends_with("has_access").then(|| answer.clone()));
        let user = odoo.session().await;
        let registry = Registry::standard();
        assert!(
            registry
                .visible_to(&user, READ)
                .iter()
                .all(|spec| spec.name != "search_employees")
        );
        let outcome = registry
            .call(&user, READ, "search_employees", Map::new())
            .await
            .unwrap();
        told += &format!("{}\n\n", outcome.text);
    }
    insta::assert_snapshot!(told, @r"
    error: no_access
    message: search_employees needs to read `hr.employee.public` in Odoo, and the rights of Alice Marchetti do not include it
    next_step: If it belongs to this person's work, an Odoo administrator can grant it.

    error: not_installed
    message: the app that brings `hr.employee.public` is not installed in this Odoo
    next_step: An Odoo administrator can install it under Apps.
    ");
}

/// Rights that change while a session lasts: the next call asks anew which fields are readable.
#[tokio::test]
async fn a_forbidden_field_is_forgotten() {
    let odoo = ScriptedOdoo::new(|call, body| match call {
        "account.move/fields_get" => {
            Some((200, json!({"invoice_payments_widget": {"type": "binary"}})))
        }
        "account.move/web_search_read"
            if body["specification"]
                .get("invoice_payments_widget")
                .is_some() =>
        {
            Some(odoo_error(
                403,
                "odoo.exceptions.AccessError",
                "You do not have enough rights to access the field \"invoice_payments_widget\" on Journal Entry (account.move).",
            ))
        }
        _ => None,
    });
    let user = odoo.session().await;
    let read = async || {
        odoo.take_calls();
        let given = arguments(&json!({"id": 5}));
        let outcome = Registry::standard()
            .call(&user, READ, "read_invoice", given)
            .await
            .unwrap();
        assert_eq!(outcome.structured["error"], "no_access");
        odoo.take_calls().len()
    };
    assert_eq!((read().await, read().await), (2, 2));
}
