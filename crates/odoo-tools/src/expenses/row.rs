//! What is asked of Odoo about expenses, and how it becomes an answer.

use odoo_json2::{Context, Date, DateTime, Record, Ref, field};

use super::MODEL;
use super::expense::{Details, Expense, PaidBy, Receipt};
use crate::answer::{Amount, Named};
use crate::characters::clip;
use crate::error::ToolError;
use crate::markup;
use crate::session::UserSession;

/// The longest notes that are shown whole.
const LONGEST_NOTE: usize = 4_000;

/// The longest reason that is shown.
const LONGEST_REASON: usize = 1_000;

/// What Odoo's message on a refusal has around the reason.
const REFUSAL: &str = "o_timeline_tracking_value_list";

/// An expense in a list.
#[derive(Debug, Record)]
#[odoo(model = "hr.expense")]
pub(super) struct Row {
    pub(super) id: i64,
    name: String,
    state: String,
    pub(super) date: Option<Date>,
    employee_id: Option<Ref>,
    product_id: Option<Ref>,
    total_amount_currency: f64,
    currency_id: Ref,
    total_amount: f64,
    company_currency_id: Option<Ref>,
    payment_mode: String,
    nb_attachment: i64,
    manager_id: Option<Ref>,
    company_id: Option<Ref>,
}

/// Everything about an expense.
#[derive(Debug, Record)]
#[odoo(model = "hr.expense")]
pub(super) struct FullRow {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) state: String,
    date: Option<Date>,
    pub(super) employee_id: Option<Ref>,
    pub(super) product_id: Option<Ref>,
    pub(super) product_has_cost: bool,
    pub(super) total_amount_currency: f64,
    currency_id: Ref,
    total_amount: f64,
    company_currency_id: Option<Ref>,
    payment_mode: String,
    nb_attachment: i64,
    pub(super) manager_id: Option<Ref>,
    pub(super) company_id: Option<Ref>,
    department_id: Option<Ref>,
    pub(super) quantity: f64,
    product_uom_id: Option<Ref>,
    price_unit: f64,
    tax_ids: Vec<Ref>,
    tax_amount_currency: f64,
    untaxed_amount_currency: f64,
    vendor_id: Option<Ref>,
    description: Option<String>,
    account_id: Option<Ref>,
    approval_date: Option<DateTime>,
    account_move_id: Option<Ref>,
    amount_residual: f64,
    message_main_attachment_id: Option<Ref>,
    duplicate_expense_ids: Vec<Ref>,
    same_receipt_expense_ids: Vec<Ref>,
    is_editable: bool,
    pub(super) can_approve: bool,
    can_reset: bool,
    #[odoo(limit = 50)]
    pub(super) attachment_ids: Vec<FileRow>,
    #[odoo(limit = 20, order = "id desc")]
    message_ids: Vec<MessageRow>,
}

#[derive(Debug, Record)]
#[odoo(model = "ir.attachment")]
pub(super) struct FileRow {
    id: i64,
    name: String,
    mimetype: Option<String>,
    file_size: i64,
    pub(super) checksum: Option<String>,
}

#[derive(Debug, Record)]
#[odoo(model = "mail.message")]
struct MessageRow {
    body: Option<String>,
    date: Option<DateTime>,
}

impl Row {
    /// The line of a list, which names the company where there are several.
    pub(super) fn shape(self, several: bool) -> Expense {
        let foreign = other_currency(&self.currency_id, self.company_currency_id.as_ref());
        Expense {
            id: self.id,
            name: self.name,
            // Before it is handed in, nobody is asked yet.
            approver: Named::of(self.manager_id).filter(|_| self.state != "draft"),
            state: self.state,
            date: self.date,
            employee: Named::of(self.employee_id),
            category: Named::of(self.product_id),
            amount: Amount::new(self.total_amount_currency),
            company_amount: foreign.as_ref().map(|_| Amount::new(self.total_amount)),
            company_currency: foreign,
            currency: self.currency_id.name,
            paid_by: PaidBy::of(&self.payment_mode),
            receipts: self.nb_attachment,
            company: Named::of(self.company_id.filter(|_| several)),
            details: None,
        }
    }
}

impl FullRow {
    /// Reads one expense; an error where there is none that this user sees.
    pub(super) async fn read(
        user: &UserSession,
        id: i64,
        context: Context,
    ) -> Result<Self, ToolError> {
        let found = user
            .odoo()
            .search::<Self>(field("id").eq(id))
            .limit(1)
            .count_limit(1)
            .context(context)
            .await?;
        let missing = || {
            ToolError::not_found(
                "there is no expense with this id among those you may see",
                "Look for it with read_expenses, without `id`.",
            )
        };
        found.records.into_iter().next().ok_or_else(missing)
    }

    /// The context of all the user's companies with the expense's own first: Odoo takes from the
    /// first which employee the user is, and with it what the user may do.
    pub(super) fn context(&self, user: &UserSession) -> Result<Context, ToolError> {
        let companies = user.companies(None)?;
        let own = self.company_id.as_ref().map(|company| company.id);
        let mut ids: Vec<i64> = companies.iter().map(|company| company.id).collect();
        ids.sort_by_key(|id| Some(*id) != own);
        Ok(companies.context().companies(ids))
    }

    /// The answer made of it.
    pub(super) async fn shape(mut self, user: &UserSession) -> Expense {
        let (reason, refused_on) = self.refusal(user).await;
        let details = self.details(user, reason, refused_on);
        let several = user.profile().companies.len() > 1;
        Expense {
            details: Some(details),
            ..self.line().shape(several)
        }
    }

    /// What a list shows of it.
    fn line(self) -> Row {
        Row {
            id: self.id,
            name: self.name,
            state: self.state,
            date: self.date,
            employee_id: self.employee_id,
            product_id: self.product_id,
            total_amount_currency: self.total_amount_currency,
            currency_id: self.currency_id,
            total_amount: self.total_amount,
            company_currency_id: self.company_currency_id,
            payment_mode: self.payment_mode,
            nb_attachment: self.nb_attachment,
            manager_id: self.manager_id,
            company_id: self.company_id,
        }
    }

    fn details(
        &mut self,
        user: &UserSession,
        refusal_reason: Option<String>,
        refused_on: Option<Date>,
    ) -> Details {
        let own_id = self.id;
        let others = |list: Vec<Ref>| -> Vec<Named> {
            let others = list.into_iter().filter(|other| other.id != own_id);
            others.map(Named::from).collect()
        };
        let by_unit = self.product_has_cost;
        let taxed = self.tax_amount_currency != 0.0;
        let notes = self.description.take();
        Details {
            department: Named::of(self.department_id.take()),
            quantity: by_unit.then(|| Amount::new(self.quantity)),
            unit: self
                .product_uom_id
                .take()
                .filter(|_| by_unit)
                .map(|unit| unit.name),
            unit_price: by_unit.then(|| Amount::new(self.price_unit)),
            taxes: Named::names(std::mem::take(&mut self.tax_ids)),
            tax: taxed.then(|| Amount::new(self.tax_amount_currency)),
            untaxed: taxed.then(|| Amount::new(self.untaxed_amount_currency)),
            vendor: Named::of(self.vendor_id.take()),
            notes: notes.map(|notes| clip(notes.trim(), LONGEST_NOTE).into_owned()),
            account: Named::of(self.account_id.take()),
            decided_on: self
                .approval_date
                .map(|day| user.date_of(day))
                .or(refused_on),
            refusal_reason,
            due: Some(Amount::new(self.amount_residual)).filter(|due| !due.is_zero()),
            journal_entry: Named::of(self.account_move_id.take()),
            duplicates: others(std::mem::take(&mut self.duplicate_expense_ids)),
            same_receipt: others(std::mem::take(&mut self.same_receipt_expense_ids)),
            you_may: self.permissions(),
            files: self.files(),
        }
    }

    fn files(&mut self) -> Vec<Receipt> {
        let main = self.message_main_attachment_id.as_ref().map(|file| file.id);
        let files = std::mem::take(&mut self.attachment_ids).into_iter();
        files
            .map(|file| Receipt {
                id: file.id,
                name: file.name,
                mimetype: file.mimetype,
                bytes: file.file_size.max(0),
                main: Some(file.id) == main,
            })
            .collect()
    }

    /// Only what would do something in the present state.
    fn permissions(&self) -> Vec<&'static str> {
        let decidable = self.state == "submitted";
        let resettable = matches!(self.state.as_str(), "submitted" | "approved" | "refused");
        [
            ("edit", self.is_editable),
            ("approve", self.can_approve && decidable),
            ("reset", self.can_reset && resettable),
        ]
        .into_iter()
        .filter_map(|(name, may)| may.then_some(name))
        .collect()
    }

    /// The reason of a refusal, which Odoo keeps only in its message to the employee, and its day.
    async fn refusal(&mut self, user: &UserSession) -> (Option<String>, Option<Date>) {
        let told = std::mem::take(&mut self.message_ids)
            .into_iter()
            .find(|message| {
                message
                    .body
                    .as_deref()
                    .is_some_and(|body| body.contains(REFUSAL))
            });
        let Some(message) = told.filter(|_| self.state == "refused") else {
            return (None, None);
        };
        let text = markup::markdown(message.body, LONGEST_REASON).await;
        let reason = text.as_deref().and_then(reason_in);
        (reason, message.date.map(|day| user.date_of(day)))
    }
}

/// The text behind the label of the list that ends the message; the label is in Odoo's language.
fn reason_in(message: &str) -> Option<String> {
    let item = message
        .lines()
        .rev()
        .find_map(|line| line.trim_start().strip_prefix(['-', '*']))?;
    let reason = item.split_once(':').map_or(item, |(_, reason)| reason);
    Some(reason.trim().to_owned())
}

/// The company's currency, if it is not the one the expense was paid in.
fn other_currency(paid: &Ref, company: Option<&Ref>) -> Option<String> {
    let company = company.filter(|company| company.id != paid.id)?;
    Some(company.name.clone())
}

/// Where an expense is in Odoo's web client.
pub(super) fn link(user: &UserSession, id: i64) -> String {
    user.link_to(MODEL, id)
}
