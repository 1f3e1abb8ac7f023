//! `upload_invoice_attachment`: a file for an invoice or bill that is already in Odoo.

use std::mem;

use odoo_json2::{Operation, Ref};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::document::Kind;
use crate::access::Access;
use crate::answer::{Answer, Named};
use crate::characters::clip;
use crate::error::{FailureKind, ToolError};
use crate::session::UserSession;
use crate::tool::Tool;
use crate::upload::{Base64, Upload};
use crate::words::{Fit, Words};
use target::Document;

mod target;

const MODEL: &str = "account.move";

/// The longest expectation that is repeated in a message.
const LONGEST: usize = 60;

/// Attach a file to an invoice, bill or refund, draft or posted, as the main document that Odoo
/// shows beside it. Earlier files stay.
#[derive(Deserialize, JsonSchema)]
pub(super) struct UploadInvoiceAttachment {
    id: i64,
    file_name: String,
    content: Base64,
    /// Refused if the document has another number.
    expected_number: Option<String>,
    /// Refused if it is another's.
    expected_partner: Option<String>,
    company_id: Option<i64>,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Done {
    /// The file is attached and is the main document.
    Attached,
    /// The file was attached before and is the main document now.
    MadeMain,
    /// The file was attached before and is the main document already.
    AlreadyAttached,
    /// The file is attached, but another is the main document.
    AttachedBesideMain,
}

/// The document after the upload.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Attached {
    outcome: Done,
    /// The invoice or bill.
    document: Named,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<Kind>,
    state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    partner: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<Named>,
    /// The file as it is stored.
    attachment: Named,
    mimetype: String,
    bytes: usize,
    /// What Odoo showed beside the document before; it is still attached.
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_main: Option<Named>,
    /// How many files the document has now.
    files: usize,
    link: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl Answer for Attached {}

impl Tool for UploadInvoiceAttachment {
    const NAME: &'static str = "upload_invoice_attachment";
    const TITLE: &'static str = "Attach a file to an invoice";
    const ACCESS: Access = Access::Write;
    const NEEDS: &'static [&'static str] = &[MODEL];
    const TAKES_FILE: bool = true;
    type Answer = Attached;

    async fn run(mut self, user: &UserSession) -> Result<Attached, ToolError> {
        let content = mem::take(&mut self.content);
        let upload = Upload::read(user, &self.file_name, content).await?;
        let companies = user.companies(self.company_id)?;
        let odoo = user.odoo().with_context(companies.context());
        let before = target::read(&odoo, self.id).await?;
        self.check(&before)?;
        let ids = [self.id];
        if !odoo.has_access_to(MODEL, Operation::Write, &ids).await? {
            return Err(may_not(&before));
        }
        let known = before.same_file(&upload);
        let is_main = |id: i64| before.main().is_some_and(|main| main.id == id);
        let (attachment, done) = match known {
            Some(id) if is_main(id) => (id, Done::AlreadyAttached),
            Some(id) => (id, Done::MadeMain),
            None => (
                upload.attach(&odoo, MODEL, Some(self.id)).await?,
                Done::Attached,
            ),
        };
        let trouble = match done {
            Done::AlreadyAttached => None,
            // Nothing was done before, so that a failure here is one of the whole call.
            Done::MadeMain => odoo.set_main_attachment(attachment).await.map(|()| None)?,
            _ => odoo.set_main_attachment(attachment).await.err(),
        };
        let after = target::read(&odoo, self.id).await.map_err(|cause| {
            let file = before.named(attachment, upload.name());
            unread(&before, &file, done, cause)
        })?;
        let stored = Stored {
            attachment,
            done,
            trouble,
        };
        Ok(stored.shape(&before, &after, &upload, user))
    }
}

/// What became of the file.
struct Stored {
    attachment: i64,
    done: Done,
    trouble: Option<odoo_json2::Error>,
}

impl Stored {
    fn shape(
        self,
        before: &Document,
        after: &Document,
        upload: &Upload,
        user: &UserSession,
    ) -> Attached {
        let attachment = self.attachment;
        let done = match after.main() {
            Some(main) if main.id == attachment => self.done,
            _ => Done::AttachedBesideMain,
        };
        let several = user.profile().companies.len() > 1;
        Attached {
            outcome: done,
            previous_main: before
                .main()
                .filter(|main| main.id != attachment)
                .map(|main| Named::from(main.clone())),
            attachment: after.named(attachment, upload.name()),
            mimetype: upload.mimetype().to_owned(),
            bytes: upload.size(),
            files: after.files(),
            note: (done == Done::AttachedBesideMain).then(|| beside(self.trouble)),
            link: user.link_to(MODEL, after.id()),
            document: after.document(),
            kind: after.kind(),
            state: after.state(),
            company: Named::of(after.company().filter(|_| several)),
            partner: after.partner(),
        }
    }
}

impl UploadInvoiceAttachment {
    /// Whether it is the document that the caller believes it is.
    fn check(&self, found: &Document) -> Result<(), ToolError> {
        let number = found.number();
        if let Some(expected) = &self.expected_number
            && !number.is_some_and(|number| number.eq_ignore_ascii_case(expected))
        {
            let actual = number.unwrap_or("no number, because it is a draft");
            return Err(another(
                self.id,
                &format!("has {actual}, not {}", clip(expected, LONGEST)),
            ));
        }
        let partner = found.partner();
        let name = partner.as_ref().map_or("nobody", |partner| &partner.name);
        if let Some(expected) = &self.expected_partner
            && Words::of(expected).fit(name) == Fit::None
        {
            return Err(another(
                self.id,
                &format!("is of {name}, not of {}", clip(expected, LONGEST)),
            ));
        }
        Ok(())
    }
}

fn another(id: i64, what: &str) -> ToolError {
    ToolError::of(
        FailureKind::InvalidArguments,
        format!("the document with the id {id} {what}"),
        "Nothing was stored. Find the right one with list_invoices, and pass its id.",
    )
}

fn may_not(document: &Document) -> ToolError {
    ToolError::of(
        FailureKind::NoAccess,
        format!(
            "your rights in Odoo let you read {} but not change it, so no file can be attached",
            document.document().name
        ),
        "Nothing was stored. Somebody with the right to enter invoices can attach the file.",
    )
}

/// The file is there, and that is all that is known.
fn unread(document: &Document, file: &Named, done: Done, cause: ToolError) -> ToolError {
    let name = document.document().name;
    let how = match done {
        // Nothing was changed, so that nothing has to be told or remembered.
        Done::AlreadyAttached => return cause,
        Done::MadeMain => "was there before and is to be the main document now",
        Done::Attached | Done::AttachedBesideMain => "was stored",
    };
    ToolError::partly_done(
        format!(
            "the file {} (attachment {}) {how} on {name}",
            file.name, file.id
        ),
        cause,
        "Do not upload it again; look with read_invoice whether it is there.",
    )
}

fn beside(trouble: Option<odoo_json2::Error>) -> String {
    let why = trouble.map_or_else(String::new, |error| {
        format!(" ({})", ToolError::Odoo(error).explain().message)
    });
    format!(
        "The file is attached, but Odoo did not make it the main document{why}; that can be done in \
         Odoo, on the document itself."
    )
}

/// The name of a document: its number, or what Odoo calls a draft.
fn name_of(number: Option<&str>, shown: &str, id: i64) -> Ref {
    Ref {
        id,
        name: number.unwrap_or(shown).to_owned(),
    }
}
