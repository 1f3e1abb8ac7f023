//! `upload_receipt`: a file to an expense, or a new draft from a file.

use std::mem;

use odoo_json2::{Error, Operation, Values};
use schemars::JsonSchema;
use serde::Deserialize;

use super::MODEL;
use super::outcome::{Changed, Outcome};
use super::own;
use super::row::{FileRow, FullRow};
use crate::access::Access;
use crate::error::{FailureKind, ToolError};
use crate::session::UserSession;
use crate::tool::Tool;
use crate::upload::{Base64, Upload};

/// Where files are that come with a message that is not posted yet.
const COMPOSER: &str = "mail.compose.message";

/// Attach a receipt to an expense, as the file Odoo shows beside it; without `id` a new draft is
/// made from it.
#[derive(Deserialize, JsonSchema)]
pub(super) struct UploadReceipt {
    /// The expense.
    id: Option<i64>,
    file_name: String,
    content: Base64,
}

impl Tool for UploadReceipt {
    const NAME: &'static str = "upload_receipt";
    const TITLE: &'static str = "Upload a receipt";
    const ACCESS: Access = Access::Write;
    const NEEDS: &'static [&'static str] = &[MODEL];
    const TAKES_FILE: bool = true;
    type Answer = Changed;

    async fn run(mut self, user: &UserSession) -> Result<Changed, ToolError> {
        let content = mem::take(&mut self.content);
        let upload = Upload::read(user, &self.file_name, content).await?;
        match self.id {
            Some(id) => attach(user, id, &upload).await,
            None => begin(user, &upload).await,
        }
    }
}

/// Hangs the file on an expense; behind a message where the expense is no longer the user's to change.
async fn attach(user: &UserSession, id: i64, upload: &Upload) -> Result<Changed, ToolError> {
    let context = user.companies(None)?.context();
    let ids = [id];
    let may_change = async {
        let access = user.odoo().has_access_to(MODEL, Operation::Write, &ids);
        match access.await {
            // The other question tells about it.
            Err(Error::Missing { .. }) => Ok(false),
            other => other.map_err(ToolError::from),
        }
    };
    let (before, may_change) =
        tokio::try_join!(FullRow::read(user, id, context.clone()), may_change)?;
    let checksum = Some(upload.checksum());
    let known = |file: &FileRow| file.checksum == checksum;
    if before.attachment_ids.iter().any(known) {
        let hints = vec!["The same file hung on it before.".to_owned()];
        return Ok(Changed::of(user, before, Outcome::AlreadyAttached, hints).await);
    }
    let (outcome, hint) = if may_change {
        hang(user, id, upload).await?;
        let next = match before.state.as_str() {
            "draft" => "It is still a draft: hand it in with submit_expense.".to_owned(),
            state => format!("The expense is {state} already."),
        };
        (Outcome::Attached, next)
    } else {
        post(user, id, upload).await?;
        let hint = format!(
            "The expense is {}, so you can no longer change it; the file was added with a message, \
             which the approver sees.",
            before.state
        );
        (Outcome::AttachedByMessage, hint)
    };
    Changed::read(user, id, outcome, vec![hint]).await
}

/// Attaches the file as the one that Odoo shows beside the expense.
async fn hang(user: &UserSession, id: i64, upload: &Upload) -> Result<(), ToolError> {
    let file = upload.attach(user.odoo(), MODEL, Some(id)).await?;
    let main = user.odoo().set_main_attachment(file).await;
    main.map_err(|cause| {
        ToolError::partly_done(
            format!("the file hangs on expense {id} as attachment {file}"),
            cause.into(),
            "Only that it is shown beside the expense is not certain; look at it in Odoo.",
        )
    })
}

/// Adds the file by a message, for which reading the expense is enough.
async fn post(user: &UserSession, id: i64, upload: &Upload) -> Result<(), ToolError> {
    let file = upload.attach(user.odoo(), COMPOSER, Some(0)).await?;
    let posted = user
        .odoo()
        .call(MODEL, "message_post")
        .ids(&[id])
        .arg("body", format!("Receipt added: {}", upload.name()))
        .arg("attachment_ids", [file])
        .run()
        .await;
    settle(user, file, posted).await
}

/// A draft from the file, which Odoo gives a name and the general category.
async fn begin(user: &UserSession, upload: &Upload) -> Result<Changed, ToolError> {
    let company = own::company(user, None).await?;
    let odoo = user
        .odoo()
        .with_context(user.companies(Some(company.id))?.context());
    let file = upload.attach(&odoo, MODEL, None).await?;
    let made = odoo
        .call(MODEL, "create_expense_from_attachments")
        .arg("attachment_ids", [file])
        .fetch::<Vec<i64>>()
        .await;
    let made = settle(user, file, made).await?;
    let Some(id) = made.first().copied() else {
        return Err(nothing_made(file));
    };
    // Odoo dates it by its own clock, which may be a day off where the user is.
    let today = Values::new().set("date", user.today());
    let dated = odoo.write(MODEL, &[id], &today).await;
    dated.map_err(|cause| {
        ToolError::partly_done(
            format!("draft {id} was made of the file"),
            cause.into(),
            format!("Fill it in with create_expense and `draft_id` {id}, its date included."),
        )
    })?;
    let hint = format!(
        "It is a draft without an amount: fill it in with create_expense and `draft_id` {id}, then \
         hand it in with submit_expense."
    );
    Changed::read(user, id, Outcome::Created, vec![hint]).await
}

/// Takes a file back that nothing came of, unless nobody knows what came of it.
async fn settle<T>(
    user: &UserSession,
    file: i64,
    result: Result<T, Error>,
) -> Result<T, ToolError> {
    let error = match result {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    if !error.outcome_unknown() {
        match user.odoo().unlink("ir.attachment", &[file]).await {
            Ok(()) => return Err(error.into()),
            Err(left) => {
                tracing::warn!(error = %left, "a file that was not attached stays in Odoo");
            }
        }
    }
    Err(ToolError::partly_done(
        format!("the file is in Odoo as attachment {file}, and may hang on no expense"),
        error.into(),
        "Look with read_expenses, employee me, before anything is repeated.",
    ))
}

fn nothing_made(file: i64) -> ToolError {
    ToolError::of(
        FailureKind::PartlyDone,
        format!(
            "the file is in Odoo as attachment {file}; then Odoo did not say what it made of it"
        ),
        "Look with read_expenses, employee me, before anything is repeated.",
    )
}
