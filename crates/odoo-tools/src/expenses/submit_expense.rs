//! `submit_expense`: hands a draft in to whoever approves it.

use odoo_json2::Error;
use schemars::JsonSchema;
use serde::Deserialize;

use super::MODEL;
use super::outcome::{Changed, Outcome};
use super::own;
use super::row::FullRow;
use crate::access::Access;
use crate::characters::clip;
use crate::error::{FailureKind, ToolError};
use crate::session::UserSession;
use crate::tool::Tool;

/// The longest text of Odoo's that is passed on.
const LONGEST_MESSAGE: usize = 1_000;

/// Hand in a draft expense for approval; says who approves it.
#[derive(Deserialize, JsonSchema)]
pub(super) struct SubmitExpense {
    id: i64,
}

impl Tool for SubmitExpense {
    const NAME: &'static str = "submit_expense";
    const TITLE: &'static str = "Submit an expense";
    const ACCESS: Access = Access::Write;
    const NEEDS: &'static [&'static str] = &[MODEL];
    type Answer = Changed;

    async fn run(self, user: &UserSession) -> Result<Changed, ToolError> {
        let context = user.companies(None)?.context();
        let before = FullRow::read(user, self.id, context.clone()).await?;
        match before.state.as_str() {
            "draft" => check(&before, user).await?,
            "refused" => return Err(refused(before, user).await),
            _ => {
                let hints = vec!["It was handed in before; nothing was changed.".to_owned()];
                return Ok(Changed::of(user, before, Outcome::AlreadySubmitted, hints).await);
            }
        }
        user.odoo()
            .call(MODEL, "action_submit")
            .ids(&[self.id])
            .context(before.context(user)?)
            .run()
            .await
            .map_err(|error| unattended(error, &before))?;
        let after = FullRow::read(user, self.id, context).await;
        let after = after.map_err(|cause| unread(self.id, cause))?;
        let outcome = match after.state.as_str() {
            "submitted" => Outcome::Submitted,
            "draft" => return Err(unchanged()),
            _ => Outcome::Approved,
        };
        let hints = told(&after, outcome);
        Ok(Changed::of(user, after, outcome, hints).await)
    }
}

/// What Odoo would refuse with fewer words.
async fn check(expense: &FullRow, user: &UserSession) -> Result<(), ToolError> {
    if !expense.can_approve && !own::spent(user, expense).await? {
        return Err(ToolError::of(
            FailureKind::NoAccess,
            "this expense is not yours to hand in",
            "The employee who spent it can, or who approves for that employee.",
        ));
    }
    if expense.product_id.is_none() {
        return Err(incomplete("has no category"));
    }
    if expense.total_amount_currency == 0.0 {
        return Err(incomplete("comes to nothing yet"));
    }
    Ok(())
}

fn incomplete(what: &str) -> ToolError {
    ToolError::argument(
        format!("the expense {what}, so it cannot be handed in"),
        "Fill it in with create_expense and its id as `draft_id`, then submit it.",
    )
}

async fn refused(expense: FullRow, user: &UserSession) -> ToolError {
    let shaped = expense.shape(user).await;
    let reason = shaped.details.and_then(|details| details.refusal_reason);
    let reason = reason.map_or_else(String::new, |reason| format!(": {reason}"));
    ToolError::of(
        FailureKind::RefusedByOdoo,
        format!("the expense was refused{reason}"),
        "Whoever refused it can reset it to draft in Odoo; or make a new one with create_expense.",
    )
}

/// Without an approver Odoo approves at once, and then finds that this user may not approve.
fn unattended(error: Error, expense: &FullRow) -> ToolError {
    match error {
        // Odoo may have stopped at something else as well, so its own words come along.
        Error::UserError { message } if expense.manager_id.is_none() => ToolError::of(
            FailureKind::RefusedByOdoo,
            format!(
                "nobody is set to approve the expenses of this employee, and you may not approve \
                 them yourself; nothing was changed. Odoo says: {}",
                clip(message.trim(), LONGEST_MESSAGE)
            ),
            "Have HR set an expense approver in the employee's record, then submit again.",
        ),
        error => ToolError::Odoo(error),
    }
}

fn unread(id: i64, cause: ToolError) -> ToolError {
    ToolError::partly_done(
        format!("Odoo took expense {id} in"),
        cause,
        "Look with read_expenses and its `id` where it stands now.",
    )
}

fn unchanged() -> ToolError {
    ToolError::of(
        FailureKind::RefusedByOdoo,
        "Odoo accepted the call, but the expense is still a draft",
        "Open it in Odoo; something there keeps it from being handed in.",
    )
}

fn told(expense: &FullRow, outcome: Outcome) -> Vec<String> {
    let mut hints = vec![match (&expense.manager_id, outcome) {
        (_, Outcome::Approved) => {
            "It is approved already: nobody else has to. The accountant books it next.".to_owned()
        }
        (Some(approver), _) => format!("{} has to approve it now.", approver.name),
        (None, _) => "No approver is set; whoever approves for everybody can.".to_owned(),
    }];
    if expense.attachment_ids.is_empty() && !expense.product_has_cost {
        hints.push(
            "It has no receipt. upload_receipt can still add one, as a message to the approver."
                .to_owned(),
        );
    }
    hints
}
