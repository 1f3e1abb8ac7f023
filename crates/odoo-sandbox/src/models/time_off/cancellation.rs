//! The wizard that takes back one's own leave (`hr.holidays.cancel.leave`).

use serde_json::{Value as Json, json};

use crate::engine::{
    env::Env,
    error::{OdooError, Result},
    method::{Args, Target},
    model::Model,
    registry::Registry,
};

use super::approval;

/// Declares the model.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("hr.holidays.cancel.leave", "Cancel Time Off Wizard")
            .rec_name("id")
            .transient()
            .fields(fields! {
                many2one("leave_id", "hr.leave").label("Time Off Request").required().cascade();
                text("reason");
            })
            .access("base.group_user", "rwcd")
            .action("action_cancel_leave", cancel),
    );
}

fn cancel(env: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    for wizard in env.browse(target.model, target.ids) {
        let Some(leave) = wizard.one("leave_id") else {
            continue;
        };
        if !approval::reaches(&leave, "cancel") {
            return Err(OdooError::validation("This time off cannot be cancelled."));
        }
        approval::forget_absence(&leave)?;
        leave.set("state", "cancel");
        env.stamp(&leave);
    }
    Ok(json!({
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {
            "type": "success",
            "message": "Your time off has been cancelled.",
            "next": { "type": "ir.actions.act_window_close" },
        },
    }))
}
