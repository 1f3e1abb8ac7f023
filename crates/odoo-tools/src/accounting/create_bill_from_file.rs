//! `create_bill_from_file`: a draft bill with the vendor's own document beside it.

use std::mem;

use odoo_json2::{Command, Date, Values};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::access::Access;
use crate::arguments::Passage;
use crate::error::ToolError;
use crate::session::UserSession;
use crate::tool::Tool;
use crate::upload::{Base64, Upload};
use bill::{Bill, Made};
use draft::Stored;
use frame::Frame;

mod bill;
mod choice;
mod draft;
mod frame;
mod journal;
mod vendor;

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
    /// Code; default the company's.
    currency: Option<String>,
    description: Option<Passage>,
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
    const NEEDS: &'static [&'static str] = &[MODEL, journal::MODEL];
    const TAKES_FILE: bool = true;
    type Answer = Made;

    async fn run(mut self, user: &UserSession) -> Result<Made, ToolError> {
        let content = mem::take(&mut self.content);
        let upload = Upload::read(user, &self.file_name, content).await?;
        self.check()?;
        let frame = Frame::find(&self, user).await?;
        let odoo = user.odoo().with_context(frame.context());
        let file = Stored::of(&odoo, &upload).await?;
        let draft = file.become_bill(&frame, self.kind()).await?;
        draft.fill(&self.values(&frame)).await?;
        let read = Bill::read(&odoo, draft.id).await;
        let bill = read.map_err(|error| draft.unread(error))?;
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
        if self.vendor.is_some() && self.vendor_id.is_some() {
            let message = "`vendor` and `vendor_id` are two ways to say one thing";
            return Err(wrong(message.to_owned()));
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
            .set_some("currency_id", frame.currency())
            .set_some("ref", self.reference.as_deref())
            .set_some("invoice_date", self.bill_date)
            .set_some("invoice_date_due", self.due_date);
        let Some(untaxed) = self.untaxed else {
            return values;
        };
        let text = self.description.as_ref().map(Passage::as_str);
        let text = text.or(self.reference.as_deref());
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
