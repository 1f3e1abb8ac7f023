//! `read_invoice`: everything on one document, in one call.

use odoo_json2::{Context, Date, Domain, Ref, field};
use schemars::JsonSchema;
use serde::Deserialize;

use super::document::{self, Kind};
use crate::access::Access;
use crate::answer::{Amount, Named};
use crate::error::{FailureKind, ToolError};
use crate::listing::{Limit, Listing};
use crate::session::UserSession;
use crate::tool::Tool;
use crate::{characters, markup};
use invoice::{
    Amounts, Attachment, Converted, Head, Invoice, LINES, Line, LineKind, Payment, Reading, Tax,
};
use row::{AttachmentRow, LineRow, Row, WidgetEntry};

mod invoice;
mod row;

const MODEL: &str = "account.move";

/// So many documents of one number are listed for a choice.
const CHOICES: usize = 5;

/// The longest terms and notes that are shown whole.
const LONGEST_NOTE: usize = 4_000;

/// The longest text of a line.
const LONGEST_LINE: usize = 1_000;

/// Read one invoice, bill, refund or receipt with lines, taxes, payments, credit notes, attachments
/// and terms. Give its id or its number.
#[derive(Deserialize, JsonSchema)]
pub(super) struct ReadInvoice {
    id: Option<i64>,
    /// Number, or the vendor's reference.
    number: Option<String>,
    company_id: Option<i64>,
    /// Goes on with the lines.
    cursor: Option<String>,
}

impl Tool for ReadInvoice {
    const NAME: &'static str = "read_invoice";
    const TITLE: &'static str = "Read an invoice or bill";
    const ACCESS: Access = Access::Read;
    const NEEDS: &'static [&'static str] = &[MODEL];
    type Answer = Reading;

    async fn run(self, user: &UserSession) -> Result<Reading, ToolError> {
        let companies = user.companies(self.company_id)?;
        let context = companies.context();
        match (&self.cursor, self.id) {
            (None, _) => {
                let row = self.find(user, context).await?;
                Ok(Reading::Document(Box::new(shape(row, user).await)))
            }
            (Some(_), Some(id)) => self.lines(user, id, context).await,
            // Which document has the number is known only when it was found.
            (Some(_), None) => {
                let id = self.find(user, context.clone()).await?.id;
                self.lines(user, id, context).await
            }
        }
    }
}

impl ReadInvoice {
    /// The document itself.
    async fn find(&self, user: &UserSession, context: Context) -> Result<Row, ToolError> {
        let readable = user.readable::<Row>().await?;
        let page = user
            .odoo()
            .search::<Row>(self.domain()?)
            .order("invoice_date desc, id desc")
            .limit(CHOICES)
            .count_limit(CHOICES)
            .readable(&readable)
            .context(context)
            .await?;
        self.choose(page.records)
    }

    fn domain(&self) -> Result<Domain, ToolError> {
        let one = match (self.id, self.number.as_deref().map(str::trim)) {
            (Some(id), None) => field("id").eq(id),
            (None, Some(number)) => Domain::any_of(
                ["name", "ref", "payment_reference"].map(|name| field(name).eq(number)),
            ),
            _ => {
                return Err(ToolError::argument(
                    "one of `id` and `number` is needed, and not both",
                    "Take the id from list_invoices, or give the number on the document.",
                ));
            }
        };
        Ok(Kind::any() & one)
    }

    /// The lines behind those that were read with the document.
    async fn lines(
        &self,
        user: &UserSession,
        id: i64,
        context: Context,
    ) -> Result<Reading, ToolError> {
        let entered = ["product", "line_section", "line_subsection", "line_note"];
        let domain = field("move_id").eq(id)
            & Kind::any_of("move_id.move_type")
            & field("display_type").in_(entered);
        let listing = Listing::new(LINES, self.cursor.as_deref(), Some(Limit::MOST))?;
        let page =
            listing.fetch::<LineRow, _>(user, domain, context, |row| (row.place(), Line::of(row)));
        Ok(Reading::Lines(page.await?))
    }

    /// The one document that was meant.
    fn choose(&self, mut found: Vec<Row>) -> Result<Row, ToolError> {
        // A number that is exactly the document's own counts more than another's reference.
        let own = |row: &Row| row.name.as_deref() == self.number.as_deref().map(str::trim);
        if found.len() > 1 && found.iter().filter(|row| own(row)).count() == 1 {
            found.retain(own);
        }
        match found.len() {
            0 => Err(self.not_found()),
            1 => Ok(found.swap_remove(0)),
            _ => {
                let choices: Vec<String> = found.iter().map(Row::choice).collect();
                Err(ToolError::of(
                    FailureKind::Ambiguous,
                    format!(
                        "several documents have this number or reference: {}",
                        choices.join("; ")
                    ),
                    "Call read_invoice again with the `id` of the one that is meant.",
                ))
            }
        }
    }

    fn not_found(&self) -> ToolError {
        let what = match (self.id, &self.number) {
            (Some(id), _) => format!("with the id {id}"),
            (None, Some(number)) => format!("numbered {}", characters::clip(number, 60)),
            (None, None) => String::new(),
        };
        ToolError::not_found(
            format!("there is no invoice or bill {what} among those you may see"),
            "Look for it with list_invoices, by `text` or `partner`; drafts have no number yet.",
        )
    }
}

/// The answer made of what Odoo said.
async fn shape(mut row: Row, user: &UserSession) -> Invoice {
    let lines = std::mem::take(&mut row.invoice_line_ids);
    let taxes = std::mem::take(&mut row.line_ids);
    let attachments = std::mem::take(&mut row.attachment_ids);
    // The books have a tax as credit where it is owed by us.
    let sign = -document::sign(&row.move_type);
    let mut invoice = Invoice {
        amounts: Amounts {
            untaxed: Amount::new(row.amount_untaxed),
            tax: Amount::new(row.amount_tax),
            total: Amount::new(row.amount_total),
            due: Amount::new(row.amount_residual),
        },
        in_company_currency: Converted::of(&row),
        link: user.link_to(MODEL, row.id),
        truncated: false,
        next_cursor: None,
        places: lines.iter().map(LineRow::place).collect(),
        lines: lines.into_iter().map(Line::of).collect(),
        taxes: taxes
            .into_iter()
            .filter_map(|line| Tax::of(line, sign))
            .collect(),
        payments: payments(&row, user),
        attachments: attachments.into_iter().map(Attachment::of).collect(),
        terms: markup::markdown(row.narration.take(), LONGEST_NOTE).await,
        currency: row.currency_id.name.clone(),
        head: Head::of(row, user.today()),
    };
    invoice.cut(row::MOST_LINES);
    invoice
}

impl Converted {
    /// Nothing for a document in the company's own currency.
    fn of(row: &Row) -> Option<Self> {
        let own = row.company_currency_id.as_ref()?;
        let sign = document::sign(&row.move_type);
        (own.id != row.currency_id.id).then(|| Self {
            currency: own.name.clone(),
            amounts: Amounts {
                untaxed: Amount::new(sign * row.amount_untaxed_signed),
                tax: Amount::new(sign * row.amount_tax_signed),
                total: Amount::new(sign * row.amount_total_signed),
                due: Amount::new(sign * row.amount_residual_signed),
            },
        })
    }
}

impl Head {
    fn of(row: Row, today: Date) -> Self {
        let payment = row.payment_state.unwrap_or_default();
        let due = row.invoice_date_due;
        Self {
            id: row.id,
            kind: Kind::of(&row.move_type),
            days_overdue: document::days_overdue(&row.state, &payment, due, today),
            payment: document::payment(&row.state, payment),
            state: document::state(row.state),
            partner: Named::of(row.partner_id),
            company: Named::of(row.company_id),
            date: row.invoice_date,
            due_date: due,
            // Said only where they add something.
            accounting_date: row.date.filter(|date| Some(*date) != row.invoice_date),
            payment_reference: row
                .payment_reference
                .filter(|text| Some(text) != row.name.as_ref()),
            number: row.name,
            reference: row.reference,
            origin: row.invoice_origin,
            salesperson: Named::of(row.invoice_user_id),
            journal: Named::of(row.journal_id),
        }
    }
}

/// The payments of the document, as Odoo shows them below it.
fn payments(row: &Row, user: &UserSession) -> Vec<Payment> {
    let company_id = row.company_id.as_ref().map(|company| company.id);
    let own = user
        .profile()
        .companies
        .iter()
        .find(|company| Some(company.id) == company_id);
    let company_currency = own.and_then(|company| company.currency.as_ref());
    let currency = |id: Option<i64>| -> Option<String> {
        let other = company_currency.filter(|currency| Some(currency.id) == id)?;
        (other.id != row.currency_id.id).then(|| other.name.clone())
    };
    let shape = |entry: WidgetEntry| Payment {
        date: entry.date,
        amount: Amount::new(entry.amount),
        currency: currency(entry.currency_id),
        journal: entry.journal_name,
        method: entry.payment_method_name,
        document_id: entry.move_id.filter(|_| entry.account_payment_id.is_none()),
        payment_id: entry.account_payment_id,
        credit_note: entry.is_refund.then_some(true),
        reference: entry.reference,
        exchange_difference: entry.is_exchange.then_some(true),
    };
    row.widget().into_iter().map(shape).collect()
}

impl Line {
    fn of(row: LineRow) -> Self {
        let kind = LineKind::of(row.display_type.as_deref());
        let name = row
            .name
            .map(|name| characters::clip(name.trim(), LONGEST_LINE).into_owned());
        if kind != LineKind::Product {
            return Self {
                kind: Some(kind),
                text: name,
                ..Self::default()
            };
        }
        let product = row.product_id.map(|product| product.name);
        Self {
            kind: None,
            // Odoo begins the text of a line with the product's name.
            product: product
                .filter(|product| !name.as_ref().is_some_and(|text| text.starts_with(product))),
            text: name,
            quantity: Some(Amount::new(row.quantity)),
            price: Some(Amount::new(row.price_unit)),
            discount_percent: Some(Amount::new(row.discount))
                .filter(|discount| !discount.is_zero()),
            taxes: Named::names(row.tax_ids),
            untaxed: Some(Amount::new(row.price_subtotal)),
            total: Some(Amount::new(row.price_total)),
            account: row.account_id.map(|account| account.name),
        }
    }
}

impl Attachment {
    fn of(row: AttachmentRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            mimetype: row.mimetype,
            bytes: row.file_size.max(0),
        }
    }
}

impl Tax {
    fn of(row: row::TaxRow, sign: f64) -> Option<Self> {
        let tax: Ref = row.tax_line_id?;
        Some(Self {
            tax: tax.name,
            amount: Amount::new(sign * row.amount_currency),
        })
    }
}
