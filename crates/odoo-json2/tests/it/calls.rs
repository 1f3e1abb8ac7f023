//! Calls of methods, and what behind a button answers.

use odoo_json2::{ActionOutcome, Context};
use serde_json::{Value, json};

use crate::fake::{Answer, FakeOdoo};

async fn outcome(answer: Value) -> ActionOutcome {
    let alice = FakeOdoo::answering([Answer::json(answer)]).alice();
    alice
        .call("hr.expense", "action_approve")
        .ids(&[3])
        .action()
        .await
        .unwrap()
}

#[tokio::test]
async fn plain_answers_mean_done() {
    for answer in [
        json!(null),
        json!(true),
        json!(false),
        json!([61]),
        json!({"a": 1}),
    ] {
        assert_eq!(outcome(answer).await, ActionOutcome::Done);
    }
}

#[tokio::test]
async fn a_wizard_means_that_nothing_happened_yet() {
    let raw = json!({"type": "ir.actions.act_window", "res_model": "hr.expense.approve.duplicate",
        "res_id": false, "target": "new", "context": {"default_expense_ids": [3]}});
    let ActionOutcome::Wizard {
        res_model,
        res_id,
        context,
        ..
    } = outcome(raw).await
    else {
        panic!("a wizard");
    };
    assert_eq!(
        (res_model.as_str(), res_id),
        ("hr.expense.approve.duplicate", None)
    );
    assert_eq!(context["default_expense_ids"], json!([3]));
}

#[tokio::test]
async fn other_actions_are_told_apart() {
    assert_eq!(
        outcome(json!({"type": "ir.actions.act_window_close"})).await,
        ActionOutcome::Closed
    );
    let window =
        json!({"type": "ir.actions.act_window", "res_model": "account.move", "res_id": 61});
    let window = outcome(window).await;
    assert!(
        matches!(
            &window,
            ActionOutcome::Window {
                res_id: Some(61),
                ..
            }
        ),
        "{window:?}"
    );
    let note = json!({"type": "ir.actions.client", "tag": "display_notification", "params": {"message": "x"}});
    let ActionOutcome::Client { tag, params, .. } = outcome(note).await else {
        panic!("a client action")
    };
    assert_eq!(
        (tag.as_str(), &params["message"]),
        ("display_notification", &json!("x"))
    );
    let report = outcome(json!({"type": "ir.actions.report"})).await;
    assert!(matches!(report, ActionOutcome::Other { kind, .. } if kind == "ir.actions.report"));
}

#[tokio::test]
async fn arguments_ids_and_context_go_out_as_given() {
    let fake = FakeOdoo::answering([Answer::json(json!([1180]))]);
    let call = fake
        .alice()
        .call("account.journal", "create_document_from_attachment");
    let call = call
        .ids(&[2])
        .arg("attachment_ids", [1180])
        .arg_some("note", None::<&str>);
    let context = Context::new()
        .companies([1])
        .with("default_move_type", "in_invoice");
    let ids: Vec<i64> = call.context(context).write().fetch().await.unwrap();
    assert_eq!(ids, [1180]);
    assert_eq!(
        fake.only_call(),
        json!({
            "path": "/json/2/account.journal/create_document_from_attachment",
            "body": {
                "ids": [2],
                "context": {"allowed_company_ids": [1], "default_move_type": "in_invoice"},
                "attachment_ids": [1180],
            },
        })
    );
}
