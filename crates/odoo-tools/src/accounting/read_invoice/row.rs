//! What `read_invoice` asks of Odoo: one nested specification.

use odoo_json2::{Date, Record, Ref};
use serde_json::Value;

use crate::accounting::document::Kind;
use crate::answer::Named;
use crate::cursor::Place;

/// The most lines that are shown; one more is asked for, to know whether there are others.
pub(super) const MOST_LINES: usize = 200;

#[derive(Debug, Record)]
#[odoo(model = "account.move")]
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) name: Option<String>,
    pub(super) move_type: String,
    pub(super) state: String,
    pub(super) payment_state: Option<String>,
    pub(super) partner_id: Option<Ref>,
    pub(super) company_id: Option<Ref>,
    pub(super) invoice_date: Option<Date>,
    pub(super) invoice_date_due: Option<Date>,
    pub(super) date: Option<Date>,
    #[odoo(rename = "ref")]
    pub(super) reference: Option<String>,
    pub(super) payment_reference: Option<String>,
    pub(super) invoice_origin: Option<String>,
    pub(super) invoice_user_id: Option<Ref>,
    pub(super) journal_id: Option<Ref>,
    pub(super) currency_id: Ref,
    pub(super) amount_untaxed: f64,
    pub(super) amount_tax: f64,
    pub(super) amount_total: f64,
    pub(super) amount_residual: f64,
    pub(super) company_currency_id: Option<Ref>,
    /// In the company's currency, with the sign that they have in the books.
    pub(super) amount_untaxed_signed: f64,
    pub(super) amount_tax_signed: f64,
    pub(super) amount_total_signed: f64,
    pub(super) amount_residual_signed: f64,
    pub(super) narration: Option<String>,
    #[odoo(limit = 201, order = "sequence, id")]
    pub(super) invoice_line_ids: Vec<LineRow>,
    /// Journal items, those of taxes first: their type sorts last by name.
    #[odoo(limit = 20, order = "display_type desc, id")]
    pub(super) line_ids: Vec<TaxRow>,
    /// Only for those who invoice or read the books.
    #[odoo(optional)]
    pub(super) invoice_payments_widget: Option<Value>,
    #[odoo(limit = 50)]
    pub(super) attachment_ids: Vec<AttachmentRow>,
}

#[derive(Debug, Record)]
#[odoo(model = "account.move.line")]
pub(super) struct LineRow {
    pub(super) id: i64,
    /// What a person sorts lines by; several may share it.
    pub(super) sequence: i64,
    pub(super) display_type: Option<String>,
    pub(super) name: Option<String>,
    pub(super) product_id: Option<Ref>,
    pub(super) quantity: f64,
    pub(super) price_unit: f64,
    pub(super) discount: f64,
    pub(super) tax_ids: Vec<Ref>,
    pub(super) price_subtotal: f64,
    pub(super) price_total: f64,
    pub(super) account_id: Option<Ref>,
}

#[derive(Debug, Record)]
#[odoo(model = "account.move.line")]
pub(super) struct TaxRow {
    pub(super) tax_line_id: Option<Ref>,
    /// In the document's currency, negative for what a customer owes in tax.
    pub(super) amount_currency: f64,
}

#[derive(Debug, Record)]
#[odoo(model = "ir.attachment")]
pub(super) struct AttachmentRow {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) mimetype: Option<String>,
    pub(super) file_size: i64,
}

/// One entry of `invoice_payments_widget`, which is a value of its own form and no record.
#[derive(Debug)]
pub(super) struct WidgetEntry {
    pub(super) date: Option<Date>,
    pub(super) amount: f64,
    pub(super) currency_id: Option<i64>,
    pub(super) journal_name: Option<String>,
    pub(super) payment_method_name: Option<String>,
    pub(super) account_payment_id: Option<i64>,
    pub(super) move_id: Option<i64>,
    pub(super) reference: Option<String>,
    pub(super) is_exchange: bool,
    pub(super) is_refund: bool,
}

impl LineRow {
    /// Where the line stands in its document.
    pub(super) fn place(&self) -> Place {
        Place::by(Some(self.sequence), self.id)
    }
}

impl Row {
    /// The document in a list to choose from.
    pub(super) fn choice(&self) -> String {
        let kind =
            Kind::of(&self.move_type).map_or_else(String::new, |kind| format!("{} ", kind.words()));
        let name = |record: &Option<Ref>| {
            Named::of(record.clone())
                .map(|named| format!(", {}", named.name))
                .unwrap_or_default()
        };
        // Two companies number their documents alike.
        let (partner, company) = (name(&self.partner_id), name(&self.company_id));
        let date = self
            .invoice_date
            .map(|date| format!(" of {date}"))
            .unwrap_or_default();
        format!(
            "id {} ({kind}{}{date}{partner}{company})",
            self.id,
            self.name.as_deref().unwrap_or("draft")
        )
    }

    /// The entries of the payments widget, which is `false` where nothing was paid.
    pub(super) fn widget(&self) -> Vec<WidgetEntry> {
        let content = self
            .invoice_payments_widget
            .as_ref()
            .and_then(|widget| widget["content"].as_array());
        content.into_iter().flatten().map(WidgetEntry::of).collect()
    }
}

impl WidgetEntry {
    fn of(entry: &Value) -> Self {
        let text = |key: &str| {
            entry[key]
                .as_str()
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
        };
        Self {
            date: entry["date"].as_str().and_then(|date| date.parse().ok()),
            amount: entry["amount"].as_f64().unwrap_or_default(),
            currency_id: entry["currency_id"].as_i64(),
            journal_name: text("journal_name"),
            payment_method_name: text("payment_method_name"),
            account_payment_id: entry["account_payment_id"].as_i64(),
            move_id: entry["move_id"].as_i64(),
            reference: text("ref"),
            is_exchange: entry["is_exchange"].as_bool().unwrap_or_default(),
            is_refund: entry["is_refund"].as_bool().unwrap_or_default(),
        }
    }
}
