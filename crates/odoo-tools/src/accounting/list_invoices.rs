//! `list_invoices`: invoices, bills and refunds by what is usually asked about them.

use jiff::civil::Date;
use odoo_json2::{Domain, Record, Ref, field};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::document::{self, Kind, KindFilter, PaymentFilter, StateFilter};
use crate::access::Access;
use crate::answer::{Amount, Named, Page};
use crate::cursor::{Key, Order, Place};
use crate::error::ToolError;
use crate::listing::{Limit, Listing};
use crate::session::UserSession;
use crate::session::companies::Companies;
use crate::tool::Tool;
use crate::words::Words;

const MODEL: &str = "account.move";

/// What has to be known before amounts of a list are added up.
const REFUNDS: &str = "amounts of refunds are positive as well, and count against the others";

/// List invoices, bills, refunds and receipts; cancelled ones only on request.
#[derive(Deserialize, JsonSchema)]
pub(super) struct ListInvoices {
    kind: Option<KindFilter>,
    state: Option<StateFilter>,
    payment: Option<PaymentFilter>,
    overdue: Option<bool>,
    partner: Option<String>,
    /// Number or reference.
    text: Option<String>,
    date_from: Option<Date>,
    date_to: Option<Date>,
    due_from: Option<Date>,
    due_to: Option<Date>,
    amount_min: Option<f64>,
    amount_max: Option<f64>,
    company_id: Option<i64>,
    order: Option<OrderBy>,
    limit: Option<Limit>,
    cursor: Option<String>,
}

// How the list is sorted; the first is the default.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum OrderBy {
    Newest,
    Oldest,
    DueFirst,
    Largest,
}

/// A document in a list.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Invoice {
    id: i64,
    /// None while it is a draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<Kind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partner: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    days_overdue: Option<i64>,
    /// With taxes.
    total: Amount,
    /// What is still to be paid.
    #[serde(skip_serializing_if = "Amount::is_zero")]
    due: Amount,
    currency: String,
    /// The total in the company's currency, where the document has another.
    #[serde(skip_serializing_if = "Option::is_none")]
    company_total: Option<Amount>,
    /// The same of what is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    company_due: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company_currency: Option<String>,
    state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment: Option<String>,
    /// The other side's number, or the customer's reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<Named>,
}

#[derive(Debug, Record)]
#[odoo(model = "account.move")]
struct Row {
    id: i64,
    name: Option<String>,
    move_type: String,
    partner_id: Option<Ref>,
    invoice_date: Option<Date>,
    invoice_date_due: Option<Date>,
    amount_total: f64,
    amount_residual: f64,
    amount_total_signed: f64,
    amount_residual_signed: f64,
    currency_id: Ref,
    company_currency_id: Option<Ref>,
    state: String,
    payment_state: Option<String>,
    #[odoo(rename = "ref")]
    reference: Option<String>,
    company_id: Option<Ref>,
}

impl Tool for ListInvoices {
    const NAME: &'static str = "list_invoices";
    const TITLE: &'static str = "List invoices and bills";
    const ACCESS: Access = Access::Read;
    const NEEDS: &'static [&'static str] = &[MODEL];
    type Answer = Page<Invoice>;

    async fn run(self, user: &UserSession) -> Result<Page<Invoice>, ToolError> {
        let companies = user.companies(self.company_id)?;
        let order = self.order.unwrap_or(OrderBy::Newest);
        let listing = Listing::new(order.order(), self.cursor.as_deref(), self.limit)?;
        let today = user.today();
        let domain = self.domain(today) & companies.filter("company_id");
        let page = listing
            .fetch::<Row, _>(user, domain, companies.context(), |row| {
                (order.place(&row), row.shape(&companies, today))
            })
            .await?;
        let is_refund = |invoice: &Invoice| invoice.kind.is_some_and(Kind::is_refund);
        let refunds = page
            .records()
            .iter()
            .any(is_refund)
            .then(|| REFUNDS.to_owned());
        Ok(page.with_link(user.link(MODEL)).with_note(refunds))
    }
}

impl ListInvoices {
    fn domain(&self, today: Date) -> Domain {
        let words = |text: &String| {
            let fields = ["name", "ref", "payment_reference", "invoice_origin"];
            Words::of(text).within_any(&fields)
        };
        let not_cancelled = || field("state").ne("cancel");
        Domain::all_of(
            [
                Some(self.kind.map_or_else(Kind::any, KindFilter::domain)),
                Some(self.state.map_or_else(not_cancelled, StateFilter::domain)),
                self.payment.map(PaymentFilter::domain),
                self.overdue.map(|wanted| {
                    if wanted {
                        document::overdue(today)
                    } else {
                        document::not_overdue(today)
                    }
                }),
                self.partner
                    .as_ref()
                    .map(|name| Words::of(name).within("invoice_partner_display_name")),
                self.text.as_ref().map(words),
                self.date_from.map(|date| field("invoice_date").gte(date)),
                self.date_to.map(|date| field("invoice_date").lte(date)),
                self.due_from
                    .map(|date| field("invoice_date_due").gte(date)),
                self.due_to.map(|date| field("invoice_date_due").lte(date)),
                self.amount_min
                    .map(|amount| field("amount_total").gte(amount)),
                self.amount_max
                    .map(|amount| field("amount_total").lte(amount)),
            ]
            .into_iter()
            .flatten(),
        )
    }
}

impl OrderBy {
    const fn order(self) -> Order {
        let (name, key, kind, descending) = match self {
            Self::Newest => ("newest", "invoice_date", Key::Time, true),
            Self::Oldest => ("oldest", "invoice_date", Key::Time, false),
            Self::DueFirst => ("due_first", "invoice_date_due", Key::Time, false),
            Self::Largest => ("largest", "amount_total", Key::Number, true),
        };
        Order {
            name,
            key,
            kind,
            descending,
        }
    }

    fn place(self, row: &Row) -> Place {
        match self {
            Self::Newest | Self::Oldest => Place::by(row.invoice_date, row.id),
            Self::DueFirst => Place::by(row.invoice_date_due, row.id),
            Self::Largest => Place::by(Some(row.amount_total), row.id),
        }
    }
}

impl Row {
    fn shape(self, companies: &Companies<'_>, today: Date) -> Invoice {
        let payment = self.payment_state.unwrap_or_default();
        let own = self
            .company_currency_id
            .filter(|own| own.id != self.currency_id.id);
        let sign = document::sign(&self.move_type);
        let company = |amount: f64| own.as_ref().map(|_| Amount::new(sign * amount));
        let late = document::days_overdue(&self.state, &payment, self.invoice_date_due, today);
        Invoice {
            id: self.id,
            number: self.name,
            kind: Kind::of(&self.move_type),
            partner: Named::of(self.partner_id),
            date: self.invoice_date,
            due_date: self.invoice_date_due,
            days_overdue: late,
            total: Amount::new(self.amount_total),
            due: Amount::new(self.amount_residual),
            currency: self.currency_id.name,
            company_total: company(self.amount_total_signed),
            company_due: company(self.amount_residual_signed).filter(|due| !due.is_zero()),
            company_currency: own.map(|currency| currency.name),
            payment: document::payment(&self.state, payment),
            state: document::state(self.state),
            reference: self.reference,
            company: companies.named(self.company_id),
        }
    }
}
