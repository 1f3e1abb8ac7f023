//! Expenses (`hr.expense`): declaration, who sees which, and what is filled in when one is entered.

use serde_json::{Value as Json, json};

use crate::engine::{
    cell::Cell,
    env::Env,
    error::{OdooError, Result},
    field::Field,
    method::Method,
    model::{Model, Rule, Vals},
    record::Record,
    registry::Registry,
};

use super::{ALL_APPROVER, MODEL, TEAM_APPROVER, amounts, approval, posting, receipt, rights};
use crate::models::{accounting::INVOICE, given};

const STATES: &[(&str, &str)] = &[
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("approved", "Approved"),
    ("posted", "Posted"),
    ("in_payment", "In Payment"),
    ("paid", "Paid"),
    ("refused", "Refused"),
];

const DECISIONS: &[(&str, &str)] = &[
    ("submitted", "Submitted"),
    ("approved", "Approved"),
    ("refused", "Refused"),
];

const PAYERS: &[(&str, &str)] = &[
    ("own_account", "Employee (to reimburse)"),
    ("company_account", "Company"),
];

/// Declares the model, and its side of journal entries and items.
pub(super) fn register(registry: &mut Registry) {
    registry.add(rules(methods(
        Model::new(MODEL, "Expense")
            .order("date desc, id desc")
            .fields(identity())
            .fields(money())
            .fields(books())
            .fields(decision())
            .fields(files())
            .before_create(before_create)
            .after_create(after_create)
            .before_write(before_write)
            .after_write(after_write)
            .before_unlink(before_unlink),
    )));
    registry.extend("account.move", |entry| {
        entry.fields(fields! {
            one2many("expense_ids", "hr.expense", "account_move_id").label("Expense");
            integer("nb_expenses").label("Number of Expenses")
                .compute(|entry| i64::try_from(entry.ids("expense_ids").len()).unwrap_or_default().into());
        })
    });
    registry.extend("account.move.line", |item| {
        item.field(Field::many2one("expense_id", MODEL).label("Expense"))
    });
}

fn methods(model: Model) -> Model {
    model
        .action("action_submit", approval::action_submit)
        .action("action_approve", approval::action_approve)
        .action("action_refuse", approval::action_refuse)
        .action("action_reset", approval::action_reset)
        .action("action_post", posting::action_post)
        .method(Method::record("attach_document", receipt::attach_document).any_arguments())
        .method(
            Method::model(
                "create_expense_from_attachments",
                receipt::create_from_attachments,
            )
            .optional("attachment_ids")
            .optional("view_type"),
        )
}

fn rules(model: Model) -> Model {
    model
        .access("base.group_user", "rwcd")
        .access(TEAM_APPROVER, "rwcd")
        .access(super::MANAGER, "rwcd")
        .access(INVOICE, "rwc")
        .rule(Rule::global(|env| {
            json!([["company_id", "in", env.companies()]])
        }))
        .rule(Rule::of(
            &["account.group_account_user", ALL_APPROVER],
            |_| json!([]),
        ))
        .rule(Rule::of(&[TEAM_APPROVER], of_the_team))
        .rule(Rule::of(&["base.group_user"], own_drafts))
        .rule(Rule::of(&["base.group_user"], own_submitted).on("r"))
}

fn of_the_team(env: &Env) -> Json {
    let uid = env.uid();
    let employees = env.sudo();
    let own = employees
        .search("hr.employee", &json!([["user_id", "=", uid]]))
        .unwrap_or_default();
    json!([
        "|",
        "|",
        "|",
        "|",
        ["employee_id.user_id", "=", uid],
        ["employee_id.department_id.manager_id.user_id", "=", uid],
        ["employee_id", "child_of", own],
        ["employee_id.expense_manager_id", "=", uid],
        ["manager_id", "=", uid],
    ])
}

fn own_drafts(env: &Env) -> Json {
    let before_payment = ["draft", "submitted", "approved", "refused"];
    json!([
        "|",
        "&",
        ["employee_id.expense_manager_id", "=", env.uid()],
        ["state", "in", before_payment],
        "&",
        ["employee_id.user_id", "=", env.uid()],
        ["state", "=", "draft"],
    ])
}

/// What employees keep seeing, but no longer change.
fn own_submitted(env: &Env) -> Json {
    json!([
        "|",
        "&",
        ["employee_id.user_id", "=", env.uid()],
        ["state", "!=", "draft"],
        "&",
        ["employee_id.expense_manager_id", "=", env.uid()],
        ["state", "in", ["submitted", "approved", "refused"]],
    ])
}

fn identity() -> Vec<Field> {
    fields! {
        char("name").label("Description").required();
        date("date").label("Expense Date").default_fn(|env| env.today().into());
        many2one("employee_id", "hr.employee").required().check_company();
        many2one("department_id", "hr.department").readonly().no_copy();
        many2one("manager_id", "res.users").label("Manager").readonly().no_copy();
        many2one("company_id", "res.company").required().readonly().default_fn(|env| env.company().into());
        many2one("product_id", "product.product").label("Category").check_company();
        html("product_description").compute(|expense| through(expense, "product_id", "description"));
        many2one("product_uom_id", "uom.uom").label("Unit").readonly();
        boolean("product_has_cost").compute(|expense| amounts::has_cost(expense).into());
        boolean("product_has_tax").label("Whether tax is defined on a selected product")
            .compute(|expense| (!amounts::taxes_of_category(expense).is_empty()).into());
        float("quantity").required().default(1.0);
        text("description").label("Internal Notes");
        many2one("vendor_id", "res.partner").label("Vendor");
        selection("payment_mode", PAYERS).label("Paid By").required().default("own_account");
        many2one("split_expense_origin_id", "hr.expense").label("Origin Split Expense")
            .help("Original expense from a split.");
        integer("former_sheet_id").label("Former Report");
    }
}

fn money() -> Vec<Field> {
    fields! {
        monetary("total_amount_currency", "currency_id").label("Total In Currency");
        monetary("total_amount", "company_currency_id").label("Total");
        monetary("tax_amount_currency", "currency_id").label("Tax amount in Currency").readonly();
        monetary("tax_amount", "company_currency_id").label("Tax amount").readonly();
        monetary("untaxed_amount_currency", "currency_id").label("Total Untaxed Amount In Currency").readonly();
        monetary("untaxed_amount", "currency_id").label("Total Untaxed Amount").readonly();
        monetary("amount_residual", "company_currency_id").label("Amount Due").related("account_move_id.amount_residual");
        float("price_unit").label("Unit Price").required().readonly().default(0.0);
        many2one("currency_id", "res.currency").required().default_fn(|env| own_currency(env, env.company()));
        many2one("company_currency_id", "res.currency").label("Report Company Currency").related("company_id.currency_id");
        boolean("is_multiple_currency").label("Is currency_id different from the company_currency_id")
            .compute(|expense| amounts::is_foreign(expense).into());
        float("currency_rate").without_aggregator().compute(|expense| amounts::rate(expense).into());
        char("label_currency_rate").compute(amounts::rate_in_words);
        many2many("tax_ids", "account.tax").label("Included taxes").check_company();
    }
}

fn books() -> Vec<Field> {
    fields! {
        many2one("account_id", "account.account").check_company();
        json("analytic_distribution");
        many2one("account_move_id", "account.move").label("Journal Entry").readonly().no_copy();
        many2one("payment_method_line_id", "account.payment.method.line").label("Payment Method");
        many2many("selectable_payment_method_line_ids", "account.payment.method.line")
            .compute(|expense| amounts::ways_to_pay(expense).into());
        many2one("journal_id", "account.journal").related("payment_method_line_id.journal_id");
    }
}

fn decision() -> Vec<Field> {
    fields! {
        selection("state", STATES).label("Status").compute(state).stored().no_copy();
        selection("approval_state", DECISIONS).readonly().no_copy();
        datetime("approval_date").readonly();
        boolean("is_editable").label("Is Editable By Current User").compute(|expense| rights::may_edit(expense).into());
        boolean("can_reset").compute(|expense| rights::may_reset(expense).into());
        boolean("can_approve").compute(|expense| rights::why_not_approve(expense).is_none().into());
    }
}

fn files() -> Vec<Field> {
    fields! {
        one2many("attachment_ids", "ir.attachment", "res_id").label("Attachments")
            .compute(|expense| receipt::of(expense).into()).stored().editable();
        integer("nb_attachment").label("Number of Attachments").without_aggregator()
            .compute(|expense| i64::try_from(receipt::of(expense).len()).unwrap_or_default().into());
        many2one("message_main_attachment_id", "ir.attachment").label("Main Attachment").no_copy();
        char("message_main_attachment_checksum").label("Checksum/SHA1").related("message_main_attachment_id.checksum");
        many2many("duplicate_expense_ids", "hr.expense").compute(|expense| receipt::duplicates(expense).into());
        many2many("same_receipt_expense_ids", "hr.expense").compute(|expense| receipt::with_the_same(expense).into());
        one2many("message_ids", "mail.message", "res_id").label("Messages")
            .compute(|expense| receipt::messages(expense).into()).stored().editable();
    }
}

/// Where an expense stands: what was decided, and once it is booked, what became of the entry.
fn state(expense: &Record<'_>) -> Cell {
    let Some(entry) = expense.one("account_move_id") else {
        let decided = expense.text("approval_state");
        return if decided.is_empty() {
            "draft".into()
        } else {
            decided.into()
        };
    };
    if entry.is("state", "cancel") || expense.is("payment_mode", "company_account") {
        return "paid".into();
    }
    let payment = entry.text("payment_state");
    // A partly paid entry counts as paid in Community, which knows no state between.
    let unpaid = entry.is("state", "draft") || payment == "not_paid";
    if unpaid { "posted" } else { "paid" }.into()
}

fn through(expense: &Record<'_>, link: &str, field: &str) -> Cell {
    expense
        .one(link)
        .map_or(Cell::Empty, |linked| linked.get(field))
}

fn own_currency(env: &Env, company: i64) -> Cell {
    env.record_of("res.company", company).get("currency_id")
}

/// The employee is the caller, unless another is named; the category names an expense without a name.
fn before_create(env: &Env, vals: &mut Vals) -> Result<()> {
    let company = given::id(vals, "company_id").unwrap_or_else(|| env.company());
    if given::id(vals, "employee_id").is_none() {
        let of_company = env.with("allowed_company_ids", json!([company]));
        let own = own_employee(&of_company, company);
        if own.is_none() && !env.is_sudo() && !env.in_group(TEAM_APPROVER) {
            return Err(OdooError::validation(
                "The current user has no related employee. Please, create one.",
            ));
        }
        vals.insert("employee_id".into(), json!(own));
    }
    given::choose(vals, "currency_id", own_currency(env, company).as_id());
    if given::text(vals, "name").is_none_or(str::is_empty)
        && let Some(category) = given::id(vals, "product_id")
    {
        let name = env.record_of("product.product", category).display_name();
        vals.insert("name".into(), json!(name));
    }
    Ok(())
}

/// The employee that the caller is in this company; being one of another company is not enough.
fn own_employee(env: &Env, company: i64) -> Option<i64> {
    let own = env.user().many("employee_ids");
    let own = own
        .iter()
        .find(|employee| employee.int("company_id") == company);
    own.map(Record::id)
}

fn after_create(expense: &Record<'_>) -> Result<()> {
    rights::assign(expense, false);
    amounts::complete(expense)?;
    check_total(expense)
}

fn before_write(env: &Env, ids: &[i64], vals: &mut Vals) -> Result<()> {
    let any = |fields: &[&str]| fields.iter().any(|field| vals.contains_key(*field));
    if any(&["is_editable", "can_approve", "can_refuse"]) {
        return Err(OdooError::user(
            "You cannot edit the security fields of an expense manually",
        ));
    }
    let guarded = any(&[
        "tax_ids",
        "analytic_distribution",
        "account_id",
        "manager_id",
    ]);
    if guarded && !env.is_sudo() && !env.browse(MODEL, ids).iter().all(rights::may_edit) {
        return Err(OdooError::user(
            "Uh-oh! You can’t edit this expense.\n\nReach out to the administrators, flash your best smile, and see if \
             they'll grant you the magical access you seek.",
        ));
    }
    Ok(())
}

fn after_write(env: &Env, ids: &[i64], vals: &Vals) -> Result<()> {
    let expenses = env.browse(MODEL, ids);
    for expense in &expenses {
        if vals.contains_key("employee_id") {
            rights::assign(expense, true);
        }
        amounts::update(expense, vals)?;
        check_total(expense)?;
    }
    match given::text(vals, "approval_state") {
        Some("approved") => rights::check_approval(&expenses),
        Some("refused") => rights::check_refusal(&expenses),
        _ => Ok(()),
    }
}

fn check_total(expense: &Record<'_>) -> Result<()> {
    let nothing = ["total_amount", "total_amount_currency"]
        .iter()
        .any(|field| crate::models::money::is_zero(expense.float(field)));
    if nothing && !expense.get("approval_state").is_empty() {
        return Err(OdooError::validation(
            "Only draft expenses can have a total of 0.",
        ));
    }
    Ok(())
}

fn before_unlink(env: &Env, ids: &[i64]) -> Result<()> {
    let kept = |expense: &Record<'_>| {
        matches!(
            expense.text("state").as_str(),
            "approved" | "posted" | "in_payment" | "paid"
        )
    };
    if env.browse(MODEL, ids).iter().any(kept) {
        return Err(OdooError::user(
            "You cannot delete a posted or approved expense.",
        ));
    }
    receipt::remove(env, ids)
}
