//! From a file to a draft, and back where Odoo does not go along.
//!
//! From the moment the file is stored, every failure either takes back what was made, or says what
//! is there now. Only the second kind is remembered, so that a repetition makes no second bill.

use odoo_json2::{ActionOutcome, Error, Odoo, Values};

use super::{BillKind, Frame, MODEL, journal};
use crate::error::{FailureKind, ToolError};
use crate::upload::Upload;

/// What to do where something is there.
const LOOK: &str = "Do not create it again; look at it with read_invoice and complete or delete it \
                    in Odoo.";

/// What to do where nobody knows whether a draft is there.
const SEARCH: &str = "Do not create it again; look with list_invoices whether the draft is there, \
                      and complete or delete it in Odoo.";

/// A file in Odoo that belongs to no record yet, as Odoo wants it for making a bill of it.
pub(super) struct Stored<'a> {
    odoo: &'a Odoo,
    id: i64,
    name: &'a str,
}

/// The draft that Odoo made of a file.
pub(super) struct Draft<'a> {
    pub(super) id: i64,
    file: Stored<'a>,
}

impl<'a> Stored<'a> {
    pub(super) async fn of(odoo: &'a Odoo, upload: &'a Upload) -> Result<Self, ToolError> {
        let id = upload.attach(odoo, MODEL, None).await?;
        let name = upload.name();
        Ok(Self { odoo, id, name })
    }

    /// Has Odoo make the bill. When that fails, the file goes as well.
    pub(super) async fn become_bill(
        self,
        frame: &Frame,
        kind: BillKind,
    ) -> Result<Draft<'a>, ToolError> {
        let outcome = self
            .odoo
            .call(journal::MODEL, "create_document_from_attachment")
            .ids(&[frame.journal()])
            .arg("attachment_ids", [self.id])
            .context(frame.context().with("default_move_type", kind.move_type()))
            .action()
            .await;
        match outcome {
            Ok(ActionOutcome::Window {
                res_id: Some(id), ..
            }) => Ok(Draft { id, file: self }),
            Ok(_) => {
                let cause = "Odoo did not say which bill it made of it";
                Err(self.in_doubt(ToolError::of(FailureKind::Fault, cause, "")))
            }
            // Nobody knows whether there is a bill now; taking its file away would make it worse.
            Err(error) if error.outcome_unknown() => Err(self.in_doubt(error.into())),
            Err(error) => Err(self.remove(error).await),
        }
    }

    fn in_doubt(&self, cause: ToolError) -> ToolError {
        ToolError::partly_done(
            format!("{self} was stored, and a draft bill may be made of it"),
            cause,
            SEARCH,
        )
    }

    async fn remove(self, cause: Error) -> ToolError {
        match self.odoo.unlink("ir.attachment", &[self.id]).await {
            Ok(()) => taken_back(cause, "Nothing was left behind."),
            Err(_) => ToolError::partly_done(
                format!("no bill was made, but {self} stayed in Odoo"),
                cause.into(),
                "An administrator can delete the file. Correct what is named, then call again ten \
                 minutes later.",
            ),
        }
    }
}

impl std::fmt::Display for Stored<'_> {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "the file {} (attachment {})", self.name, self.id)
    }
}

impl Draft<'_> {
    /// Writes vendor, dates and line. When Odoo will not have them, the draft goes again.
    pub(super) async fn fill(&self, values: &Values) -> Result<(), ToolError> {
        if values.is_empty() {
            return Ok(());
        }
        match self.file.odoo.write(MODEL, &[self.id], values).await {
            Ok(()) => Ok(()),
            Err(cause) if cause.outcome_unknown() => Err(self.left("may not be filled in", cause)),
            Err(cause) => Err(self.take_back(cause).await),
        }
    }

    /// It is there, but could not be read again.
    pub(super) fn unread(&self, cause: Error) -> ToolError {
        self.left("could not be read again", cause)
    }

    async fn take_back(&self, cause: Error) -> ToolError {
        match self.file.odoo.unlink(MODEL, &[self.id]).await {
            Ok(()) => {
                let done = "The draft was taken back; nothing was left behind.";
                taken_back(cause, done)
            }
            Err(_) => self.left("is not filled in", cause),
        }
    }

    fn left(&self, how: &str, cause: Error) -> ToolError {
        let (id, file) = (self.id, &self.file);
        ToolError::partly_done(
            format!("a draft bill with the id {id} was made of {file}, but it {how}"),
            cause.into(),
            LOOK,
        )
    }
}

fn taken_back(cause: Error, done: &str) -> ToolError {
    let why = ToolError::Odoo(cause).explain().message;
    ToolError::of(
        FailureKind::RefusedByOdoo,
        format!("no bill was made: {}. {done}", why.trim_end_matches('.')),
        "Correct what is named, then call again.",
    )
}
