//! Journal items, the lines of journal entries (`account.move.line`): declaration and computed fields.

use serde_json::{Value as Json, json};

use crate::engine::{
    cell::Cell,
    env::Env,
    error::Result,
    field::Field,
    model::{Model, Rule, Vals},
    record::Record,
    registry::Registry,
};

use super::selections::{ACCOUNT_TYPES, DISPLAY_TYPES, INTERNAL_GROUPS, MOVE_TYPES, STATES};
use super::{EXPENSE_APPROVER, INVOICE, MANAGER, READONLY, document};
use crate::models::accounting::{journal::of_my_companies, journal_entry::made_of_expenses};
use crate::models::{given, money};

/// Declares the model.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("account.move.line", "Journal Item")
            .order("date desc, move_name desc, id")
            .search_names(&["move_id", "product_id"])
            .display_name(display_name)
            .fields(posting())
            .fields(labels())
            .fields(balances())
            .fields(matching())
            .fields(pricing())
            .access(INVOICE, "rwcd")
            .access(READONLY, "r")
            .access(MANAGER, "r")
            .access(EXPENSE_APPROVER, "r")
            .access("base.group_portal", "r")
            .rule(Rule::global(of_my_companies))
            .rule(Rule::of(&[INVOICE], |_| json!([])))
            .rule(Rule::of(&[READONLY], |_| json!([])).on("r"))
            .rule(Rule::of(&[EXPENSE_APPROVER], |env| {
                made_of_expenses(env, "account.move.line", "expense_id")
            }))
            .before_create(complete)
            .before_write(|_, _, vals| {
                balance_of(vals);
                Ok(())
            })
            .after_write(after_write),
    );
}

fn posting() -> Vec<Field> {
    fields! {
        many2one("move_id", "account.move").label("Journal Entry").required().readonly();
        char("move_name").label("Number").related("move_id.name").stored();
        selection("move_type", MOVE_TYPES).label("Type").related("move_id.move_type");
        selection("parent_state", STATES).label("Status").related("move_id.state").stored();
        many2one("journal_id", "account.journal").related("move_id.journal_id").stored();
        many2one("company_id", "res.company").related("move_id.company_id").stored();
        many2one("company_currency_id", "res.currency").label("Company Currency").related("move_id.company_id.currency_id").stored();
        date("date").aggregator("min").related("move_id.date").stored();
        date("invoice_date").label("Invoice/Bill Date").aggregator("min").related("move_id.invoice_date").stored();
        char("ref").label("Reference").related("move_id.ref").stored();
        many2one("payment_id", "account.payment").label("Originator Payment").related("move_id.origin_payment_id").stored();
        many2one("partner_id", "res.partner");
        many2one("account_id", "account.account");
        char("account_code").label("Code").related("account_id.code");
        char("account_name").related("account_id.name");
        selection("account_type", ACCOUNT_TYPES).label("Internal Type").related("account_id.account_type");
        selection("account_internal_group", INTERNAL_GROUPS).label("Internal Group")
            .related("account_id.internal_group");
        many2one("account_root_id", "account.root").related("account_id.root_id");
    }
}

fn labels() -> Vec<Field> {
    fields! {
        char("name").label("Label");
        integer("sequence").default(100);
        selection("display_type", DISPLAY_TYPES).required().default("product");
        many2one("parent_id", "account.move.line").label("Parent Section Line").compute(section);
        boolean("is_refund").compute(is_refund);
        boolean("is_storno").label("Company Storno Accounting");
        many2one("statement_line_id", "account.bank.statement.line").label("Originator Statement Line").readonly();
        many2one("statement_id", "account.bank.statement").related("statement_line_id.statement_id").stored();
        json("analytic_distribution");
    }
}

fn balances() -> Vec<Field> {
    fields! {
        many2one("currency_id", "res.currency").required();
        monetary("debit", "company_currency_id");
        monetary("credit", "company_currency_id");
        monetary("balance", "company_currency_id");
        monetary("amount_currency", "currency_id").label("Amount in Currency");
        float("currency_rate").compute(currency_rate);
        boolean("is_same_currency").compute(|item| (item.get("currency_id") == item.get("company_currency_id")).into());
        // Odoo sums it up along a `search_read`, past record rules; that is not to be relied on and stays 0 here.
        monetary("cumulated_balance", "company_currency_id").compute(|_| 0.0.into());
        date("date_maturity").label("Due Date");
        monetary("tax_base_amount", "company_currency_id").label("Base Amount").readonly();
    }
}

fn matching() -> Vec<Field> {
    fields! {
        monetary("amount_residual", "company_currency_id").label("Residual Amount").readonly().no_copy();
        monetary("amount_residual_currency", "currency_id").label("Residual Amount in Currency").readonly().no_copy();
        boolean("reconciled").readonly().no_copy();
        char("matching_number").label("Matching #").no_copy();
        many2one("full_reconcile_id", "account.full.reconcile").label("Matching").readonly().no_copy();
        one2many("matched_debit_ids", "account.partial.reconcile", "credit_move_id").label("Matched Debits").readonly();
        one2many("matched_credit_ids", "account.partial.reconcile", "debit_move_id").label("Matched Credits").readonly();
        boolean("is_account_reconcile").label("Account Reconcile").related("account_id.reconcile");
    }
}

fn pricing() -> Vec<Field> {
    fields! {
        float("quantity").aggregator("sum");
        float("price_unit").label("Unit Price");
        float("discount").label("Discount (%)");
        monetary("price_subtotal", "currency_id").label("Subtotal").readonly();
        monetary("price_total", "currency_id").label("Total").readonly();
        many2one("product_id", "product.product");
        many2one("product_uom_id", "uom.uom").label("Unit");
        many2many("tax_ids", "account.tax").label("Taxes");
        many2one("tax_line_id", "account.tax").label("Originator Tax").readonly();
        many2one("tax_group_id", "account.tax.group").label("Originator tax group").related("tax_line_id.tax_group_id").stored();
        many2one("tax_repartition_line_id", "account.tax.repartition.line").label("Originator Tax Distribution Line").readonly();
    }
}

/// "INV/2026/00001 (PO-4101) Bench spectrometer": number, reference and label, as far as there are any.
fn display_name(item: &Record<'_>) -> String {
    let mut parts = Vec::new();
    let (number, reference, label) = (item.text("move_name"), item.text("ref"), item.text("name"));
    if !number.is_empty() && number != "/" {
        parts.push(number.clone());
    }
    if !reference.is_empty() && reference != "/" {
        parts.push(format!("({reference})"));
    }
    let said = [
        number.as_str(),
        &reference,
        &format!("{reference} - {number}"),
        "/",
    ]
    .contains(&label.as_str());
    if !label.is_empty() && !said {
        parts.push(label);
    }
    if parts.is_empty() {
        "Draft Entry".to_owned()
    } else {
        parts.join(" ")
    }
}

/// The section or subsection a line stands under.
fn section(item: &Record<'_>) -> Cell {
    let Some(entry) = item.one("move_id") else {
        return Cell::Empty;
    };
    let (mut section, mut subsection) = (None, None);
    for line in document::in_order(&entry) {
        let here = match line.text("display_type").as_str() {
            "line_section" => {
                (section, subsection) = (Some(line.id()), None);
                None
            }
            "line_subsection" => {
                subsection = Some(line.id());
                section
            }
            "line_note" | "product" => subsection.or(section),
            _ => None,
        };
        if line.id() == item.id() {
            return here.into();
        }
    }
    Cell::Empty
}

/// Whether the item belongs to a credit note.
fn is_refund(item: &Record<'_>) -> Cell {
    item.text("move_type").ends_with("_refund").into()
}

/// Units of the item's currency for one of the company's, on the day of the entry.
fn currency_rate(item: &Record<'_>) -> Cell {
    let (Some(company), Some(currency)) = (item.one("company_id"), item.get("currency_id").as_id())
    else {
        return 1.0.into();
    };
    let day = item.date("invoice_date").or_else(|| item.date("date"));
    let day = day.unwrap_or_else(|| item.env().today());
    money::rate(item.env(), &company, currency, day).ok().into()
}

/// Fills currency and account from the entry, and debit, credit and balance from each other.
fn complete(env: &Env, vals: &mut Vals) -> Result<()> {
    balance_of(vals);
    let Some(entry) = given::id(vals, "move_id") else {
        return Ok(());
    };
    let entry = env.record_of("account.move", entry);
    given::choose(vals, "currency_id", entry.get("currency_id").as_id());
    let kind = given::text(vals, "display_type")
        .unwrap_or("product")
        .to_owned();
    if matches!(
        kind.as_str(),
        "line_section" | "line_subsection" | "line_note"
    ) {
        return Ok(());
    }
    let journal = entry.one("journal_id");
    let account = journal.and_then(|journal| journal.get("default_account_id").as_id());
    given::choose(vals, "account_id", account);
    if kind == "product" {
        given::propose(vals, "quantity", json!(1.0));
        if document::is_invoice(&entry.text("move_type")) && !vals.contains_key("tax_ids") {
            let account = given::id(vals, "account_id");
            let taxes = default_taxes(env, &entry, account);
            vals.insert("tax_ids".into(), json!([[6, 0, taxes]]));
        }
    }
    Ok(())
}

/// The taxes of a line whose taxes nobody chose: those of its account, as far as they fit the document. The company's
/// default tax is for products.
fn default_taxes(env: &Env, entry: &Record<'_>, account: Option<i64>) -> Vec<i64> {
    let used_on = if document::is_sale(&entry.text("move_type")) {
        "sale"
    } else {
        "purchase"
    };
    let Some(account) = account else {
        return Vec::new();
    };
    let taxes = env.record_of("account.account", account).many("tax_ids");
    taxes
        .into_iter()
        .filter(|tax| tax.is("type_tax_use", used_on))
        .map(|tax| tax.id())
        .collect()
}

/// Debit, credit and balance are three views of one amount; whichever is given decides.
fn balance_of(vals: &mut Vals) {
    let given = |vals: &Vals, name: &str| vals.get(name).and_then(Json::as_f64);
    let balance = match (
        given(vals, "balance"),
        given(vals, "debit"),
        given(vals, "credit"),
    ) {
        (Some(balance), ..) => balance,
        (None, None, None) => return,
        (None, debit, credit) => debit.unwrap_or_default() - credit.unwrap_or_default(),
    };
    let balance = money::round(balance);
    vals.insert("balance".into(), json!(balance));
    vals.insert("debit".into(), json!(balance.max(0.0)));
    vals.insert("credit".into(), json!((-balance).max(0.0)));
}

fn after_write(env: &Env, ids: &[i64], _: &Vals) -> Result<()> {
    for item in env.browse("account.move.line", ids) {
        if let Some(entry) = item.one("move_id") {
            document::compute(&entry)?;
        }
    }
    Ok(())
}
