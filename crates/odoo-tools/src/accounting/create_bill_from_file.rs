//! `create_bill_from_file`: a draft bill with the vendor's own document beside it.

use odoo_json2::{ActionOutcome, Command, Context, Date, Odoo, Values};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::access::Access;
use crate::error::{FailureKind, ToolError};
use crate::session::UserSession;
use crate::tool::Tool;
use crate::upload::{Base64, Upload};
use bill::{Bill, Made};
use frame::Frame;

mod bill;
mod frame;

const MODEL: &str = "account.move";

/// Make a draft vendor bill or refund from a file, which becomes its main document. Nothing is
/// posted.
#[derive(Deserialize, JsonSchema)]
pub(super) struct CreateBillFromFile {
    file_name: String,
    content: Base64,
    kind: Option<BillKind>,
    vendor: Option<String>,
    vendor_id: Option<i64>,
    /// The vendor's number.
    reference: Option<String>,
    bill_date: Option<Date>,
    due_date: Option<Date>,
    /// Makes one line.
    untaxed: Option<f64>,
    description: Option<String>,
    expected_total: Option<f64>,
    journal: Option<String>,
    company_id: Option<i64>,
}

// What is made. No doc comment: the argument's name says it in the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum BillKind {
    VendorBill,
    VendorRefund,
}

impl BillKind {
    const fn move_type(self) -> &'static str {
        match self {
            Self::VendorBill => "in_invoice",
            Self::VendorRefund => "in_refund",
        }
    }
}

impl Tool for CreateBillFromFile {
    const NAME: &'static str = "create_bill_from_file";
    const TITLE: &'static str = "Create a bill from a file";
    const ACCESS: Access = Access::Write;
    const NEEDS: &'static [&'static str] = &[MODEL, frame::JOURNALS];
    type Answer = Made;

    async fn run(self, user: &UserSession) -> Result<Made, ToolError> {
        let upload = Upload::read(&self.file_name, &self.content)?;
        self.check()?;
        let frame = Frame::find(&self, user).await?;
        let odoo = user.odoo().with_context(frame.context());
        let file = Orphan::store(&odoo, &upload).await?;
        let id = file.become_bill(&frame, self.kind()).await?;
        let values = self.values(&frame);
        if !values.is_empty()
            && let Err(error) = odoo.write(MODEL, &[id], &values).await
        {
            return Err(undo(&odoo, id, error.into()).await);
        }
        let read = Bill::read(&odoo, id).await;
        let bill = read.map_err(|error| left(id, &error.explain().message))?;
        Ok(bill.made(&self, frame, user))
    }
}

impl CreateBillFromFile {
    fn kind(&self) -> BillKind {
        self.kind.unwrap_or(BillKind::VendorBill)
    }

    /// What cannot be right whatever is in Odoo.
    fn check(&self) -> Result<(), ToolError> {
        if let (Some(date), Some(due)) = (self.bill_date, self.due_date)
            && due < date
        {
            return Err(wrong(format!(
                "the bill of {date} would be due before, on {due}"
            )));
        }
        if self.untaxed.is_some_and(|amount| amount <= 0.0) {
            let message = "`untaxed` has to be more than nothing; a refund is a `kind`";
            return Err(wrong(message.to_owned()));
        }
        if self.description.is_some() && self.untaxed.is_none() {
            let message = "`description` is that of the line which `untaxed` makes";
            return Err(wrong(message.to_owned()));
        }
        Ok(())
    }

    /// What is written on the draft that Odoo made.
    fn values(&self, frame: &Frame) -> Values {
        let values = Values::new()
            .set_some("partner_id", frame.vendor())
            .set_some("ref", self.reference.as_deref().map(str::trim))
            .set_some("invoice_date", self.bill_date)
            .set_some("invoice_date_due", self.due_date);
        let Some(untaxed) = self.untaxed else {
            return values;
        };
        let text = self.description.as_deref().or(self.reference.as_deref());
        let line = Values::new()
            .set("name", text.unwrap_or(&self.file_name))
            .set("quantity", 1.0)
            .set("price_unit", untaxed);
        values.set("invoice_line_ids", vec![Command::Create(line)])
    }
}

fn wrong(message: String) -> ToolError {
    ToolError::argument(message, "Nothing was stored. Correct it and call again.")
}

/// A file in Odoo that belongs to no record yet, as Odoo wants it for making a bill of it.
struct Orphan<'a> {
    odoo: &'a Odoo,
    id: i64,
}

impl<'a> Orphan<'a> {
    async fn store(odoo: &'a Odoo, upload: &Upload) -> Result<Self, ToolError> {
        let ids = odoo
            .create("ir.attachment", &[upload.file().to_values()])
            .await?;
        let id = ids.first().copied().ok_or_else(|| {
            ToolError::of(
                FailureKind::Fault,
                "Odoo did not say where it stored the file",
                "Look in Odoo before anything is repeated.",
            )
        })?;
        Ok(Self { odoo, id })
    }

    /// Has Odoo make the bill. When that fails, the file goes as well.
    async fn become_bill(self, frame: &Frame, kind: BillKind) -> Result<i64, ToolError> {
        let context: Context = frame.context().with("default_move_type", kind.move_type());
        let outcome = self
            .odoo
            .call(frame::JOURNALS, "create_document_from_attachment")
            .ids(&[frame.journal()])
            .arg("attachment_ids", [self.id])
            .context(context)
            .action()
            .await;
        match outcome {
            Ok(ActionOutcome::Window {
                res_id: Some(id), ..
            }) => Ok(id),
            Ok(_) => Err(self.remove("Odoo did not make a bill of the file").await),
            // Nobody knows whether there is a bill now; taking its file away would make it worse.
            Err(error) if error.outcome_unknown() => Err(error.into()),
            Err(error) => Err(self.remove(&ToolError::Odoo(error).explain().message).await),
        }
    }

    async fn remove(self, why: &str) -> ToolError {
        let (left, next) = match self.odoo.unlink("ir.attachment", &[self.id]).await {
            Ok(()) => ("Nothing was left behind.".to_owned(), ""),
            Err(_) => (
                format!("The file stayed in Odoo as attachment {}.", self.id),
                " An administrator can delete it.",
            ),
        };
        ToolError::of(
            FailureKind::RefusedByOdoo,
            format!("no bill was made: {}. {left}", why.trim_end_matches('.')),
            format!("Correct what is named, then call again.{next}"),
        )
    }
}

/// Takes the draft back, whose vendor or dates Odoo would not have.
async fn undo(odoo: &Odoo, id: i64, error: ToolError) -> ToolError {
    if let ToolError::Odoo(cause) = &error
        && cause.outcome_unknown()
    {
        return left(id, "the connection broke before its details were confirmed");
    }
    let why = error.explain().message;
    let why = why.trim_end_matches('.');
    match odoo.unlink(MODEL, &[id]).await {
        Ok(()) => ToolError::of(
            FailureKind::RefusedByOdoo,
            format!("no bill was made: {why}. The draft was taken back; nothing was left behind."),
            "Correct what is named, then call again.",
        ),
        Err(_) => left(id, why),
    }
}

fn left(id: i64, why: &str) -> ToolError {
    ToolError::of(
        FailureKind::RefusedByOdoo,
        format!(
            "a draft bill with the id {id} and the file was made, but it is not complete: {why}"
        ),
        "Do not create it again; look at it with read_invoice and complete or delete it in Odoo.",
    )
}
