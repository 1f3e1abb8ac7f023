//! What the tools that change an expense answer: what was done, and the expense as it is now.

use schemars::JsonSchema;
use serde::Serialize;

use super::expense::Expense;
use super::row::{self, FullRow};
use crate::answer::Answer;
use crate::error::ToolError;
use crate::session::UserSession;

/// What became of an expense.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Changed {
    /// What was done.
    pub(super) outcome: Outcome,
    /// The expense in Odoo.
    pub(super) link: String,
    /// What is worth knowing, and what can be done next.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) hints: Vec<String>,
    /// As it is in Odoo after the change.
    pub(super) expense: Expense,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    /// A new draft.
    Created,
    /// A draft was filled in.
    Completed,
    /// Waits for the approver now.
    Submitted,
    /// Nobody had to be asked.
    Approved,
    /// It was handed in before; nothing was changed.
    AlreadySubmitted,
    /// The file hangs on the expense.
    Attached,
    /// The file came with a message, because the expense itself can no longer be changed.
    AttachedByMessage,
    /// The same file hung on it before; nothing was changed.
    AlreadyAttached,
}

impl Answer for Changed {}

impl Changed {
    /// Reads the expense again, and says what became of it. When only the reading fails, what was
    /// done is told all the same, lest it be done again.
    pub(super) async fn read(
        user: &UserSession,
        id: i64,
        outcome: Outcome,
        hints: Vec<String>,
    ) -> Result<Self, ToolError> {
        let row = match user.companies(None) {
            Ok(companies) => FullRow::read(user, id, companies.context()).await,
            Err(error) => Err(error),
        };
        let row = row.map_err(|cause| {
            let done = outcome.done_to(id);
            ToolError::partly_done(done, cause, "Look at it with read_expenses and its `id`.")
        })?;
        Ok(Self::of(user, row, outcome, hints).await)
    }

    /// Says what became of an expense as it was just read.
    pub(super) async fn of(
        user: &UserSession,
        row: FullRow,
        outcome: Outcome,
        mut hints: Vec<String>,
    ) -> Self {
        let expense = row.shape(user).await;
        hints.extend(warnings(&expense));
        Self {
            outcome,
            link: row::link(user, expense.id),
            hints,
            expense,
        }
    }
}

impl Outcome {
    /// The same in words, for when the expense cannot be shown.
    fn done_to(self, id: i64) -> String {
        match self {
            Self::Created => format!("draft {id} was made"),
            Self::Completed => format!("draft {id} was filled in"),
            Self::Submitted | Self::Approved => format!("expense {id} was handed in"),
            Self::Attached | Self::AttachedByMessage => {
                format!("the file was added to expense {id}")
            }
            Self::AlreadySubmitted | Self::AlreadyAttached => {
                format!("nothing had to be done to expense {id}")
            }
        }
    }
}

/// What an approver would stumble over.
fn warnings(expense: &Expense) -> Vec<String> {
    let mut hints = Vec::new();
    let Some(details) = &expense.details else {
        return hints;
    };
    if !details.duplicates.is_empty() {
        hints.push(
            "There are expenses of the same employee, category, day and amount: see `duplicates`. \
             Make sure that it is not the same one twice."
                .to_owned(),
        );
    }
    if !details.same_receipt.is_empty() {
        hints.push("The same file hangs on other expenses: see `same_receipt`.".to_owned());
    }
    hints
}
