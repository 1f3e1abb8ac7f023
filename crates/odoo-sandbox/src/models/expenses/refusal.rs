//! Refusing expenses with a reason (`hr.expense.refuse.wizard`).

use serde_json::{Value as Json, json};

use crate::engine::{
    env::Env,
    error::{OdooError, Result},
    method::{Args, Target},
    model::Model,
    record::Record,
    registry::Registry,
    write::vals,
};

use super::{MODEL, TEAM_APPROVER};

/// Declares the wizard.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("hr.expense.refuse.wizard", "Expense Refuse Reason Wizard")
            .transient()
            .fields(fields! {
                char("reason").required();
                many2many("expense_ids", "hr.expense").default_fn(active);
            })
            .access(TEAM_APPROVER, "rwc")
            .action("action_refuse", action_refuse),
    );
}

/// The expenses that the context names.
fn active(env: &Env) -> crate::engine::cell::Cell {
    let ids = env.key("active_ids").and_then(Json::as_array);
    let ids = ids.into_iter().flatten().filter_map(Json::as_i64);
    ids.collect::<Vec<_>>().into()
}

fn action_refuse(env: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    for wizard in env.browse(target.model, target.ids) {
        refuse(env, &wizard.many("expense_ids"), &wizard.text("reason"))?;
    }
    Ok(json!({ "type": "ir.actions.act_window_close" }))
}

/// Refuses expenses and tells the employees why. What is booked cannot be refused any more.
pub(super) fn refuse(env: &Env, expenses: &[Record<'_>], reason: &str) -> Result<()> {
    let entries: Vec<Record<'_>> = expenses
        .iter()
        .filter_map(|expense| expense.one("account_move_id"))
        .collect();
    if entries.iter().any(|entry| !entry.is("state", "draft")) {
        return Err(OdooError::user(
            "You cannot cancel an expense linked to a posted journal entry",
        ));
    }
    for expense in expenses {
        let refused = json!({ "approval_state": "refused" });
        env.write(MODEL, &[expense.id()], vals(refused))?;
        tell(env, expense, reason)?;
    }
    let entries: Vec<i64> = entries.iter().map(Record::id).collect();
    env.sudo().unlink("account.move", &entries)
}

/// The message that Odoo's template makes of the reason.
fn tell(env: &Env, expense: &Record<'_>, reason: &str) -> Result<()> {
    let name = expense.text("name");
    let text = |text: &str| {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    };
    let body = format!(
        "<p>Your Expense {} has been refused</p>\n            <ul class=\"o_timeline_tracking_value_list\">\n                \
         <li>Reason: {}</li>\n            </ul>",
        text(&name),
        text(reason)
    );
    let user = env.user();
    let message = json!({
        "body": body,
        "subject": name,
        "model": MODEL,
        "res_id": expense.id(),
        "record_name": name,
        "message_type": "notification",
        "subtype_id": env.xml_id("mail.mt_comment"),
        "author_id": user.get("partner_id").as_id(),
        "email_from": user.get("email").as_text(),
    });
    env.sudo().create("mail.message", vals(message)).map(drop)
}
