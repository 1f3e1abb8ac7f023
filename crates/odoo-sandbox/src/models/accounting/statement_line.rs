//! Bank transactions (`account.bank.statement.line`): what the bank reports, each with the journal entry that Odoo
//! posts for it, the bank account against the suspense account until somebody says what it was for.
//!
//! Matching with invoices and payments is not part of it: that widget belongs to Odoo Enterprise.

use jiff::civil::Date;
use serde_json::{Value as Json, json};

use crate::engine::{
    cell::Cell,
    env::Env,
    error::{OdooError, Result},
    field::Field,
    method::{Args, Method, Target},
    model::{Model, Rule, Vals},
    record::Record,
    write::vals,
};

use super::journal::of_my_companies;
use super::selections::{MOVE_TYPES, STATES};
use super::{posting, statement, statement_entry};
use crate::models::{given, money};

/// The model's name.
pub(super) const LINE: &str = "account.bank.statement.line";

/// The account a new transaction is booked against instead of the suspense account. It is no field: Odoo takes it out
/// of the values, and here it travels in the context.
pub(super) const COUNTERPART: &str = "counterpart_account_id";

/// What a client writes on a transaction although it is a field of its journal entry.
const OF_THE_ENTRY: [&str; 3] = ["date", "ref", "narration"];

/// Declares the model.
pub(super) fn model(model: Model) -> Model {
    model
        .order("internal_index desc")
        .display_name(|line| line.text("name"))
        .search_names(&["payment_ref"])
        .fields(transaction())
        .fields(entry())
        .rule(Rule::global(of_my_companies))
        .method(Method::model("create", create).required("vals_list"))
        .action("action_undo_reconciliation", undo)
        .before_create(complete)
        .after_create(after_create)
        .before_write(before_write)
        .after_write(after_write)
        .before_unlink(before_unlink)
}

fn transaction() -> Vec<Field> {
    fields! {
        many2one("move_id", "account.move").label("Journal Entry").required().readonly().cascade();
        many2one("journal_id", "account.journal").required();
        many2one("company_id", "res.company").required();
        many2one("statement_id", "account.bank.statement");
        integer("sequence").default(1);
        many2one("partner_id", "res.partner").check_company();
        char("account_number").label("Bank Account Number");
        char("partner_name");
        char("transaction_type");
        char("payment_ref").label("Label");
        many2one("currency_id", "res.currency").label("Journal Currency").readonly();
        monetary("amount", "currency_id");
        monetary("running_balance", "currency_id").label("Running Balance").compute(running_balance);
        many2one("foreign_currency_id", "res.currency").label("Foreign Currency")
            .help("The optional other currency if it is a multi-currency entry.");
        monetary("amount_currency", "foreign_currency_id").label("Amount in Currency")
            .help("The amount expressed in an optional other currency if it is a multi-currency entry.");
        float("amount_residual").label("Residual Amount").readonly();
        boolean("is_reconciled").label("Is Reconciled").readonly();
        char("internal_index").label("Internal Reference").readonly();
        json("transaction_details").readonly();
        boolean("statement_complete").label("Is Complete").related("statement_id.is_complete");
        boolean("statement_valid").label("Is Valid").compute(|line| {
            line.one("statement_id").is_some_and(|statement| statement.bool("is_valid")).into()
        });
        char("statement_name").label("Statement Name").related("statement_id.name");
        monetary("statement_balance_end_real", "currency_id").label("Ending Balance").related("statement_id.balance_end_real");
    }
}

/// What a transaction shows of its journal entry. Odoo inherits all of the entry's fields; these are the useful ones.
fn entry() -> Vec<Field> {
    fields! {
        char("name").label("Number").related("move_id.name").editable();
        char("ref").label("Reference").related("move_id.ref").editable();
        date("date").required().related("move_id.date").editable();
        selection("state", STATES).label("Status").required().related("move_id.state");
        selection("move_type", MOVE_TYPES).label("Type").required().related("move_id.move_type");
        html("narration").label("Terms and Conditions").related("move_id.narration").editable();
        boolean("checked").label("Reviewed").related("move_id.checked").editable();
        many2one("company_currency_id", "res.currency").label("Company Currency").related("move_id.company_currency_id");
        char("country_code").related("company_id.country_id.code");
    }
}

/// `create`, which takes the counterpart out of the values before they are checked.
fn create(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    let list = match args.get("vals_list") {
        Some(Json::Array(list)) => list.clone(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    };
    let mut made = Vec::new();
    for values in list {
        let mut values = vals(values);
        let counterpart = values.remove(COUNTERPART).unwrap_or_default();
        made.push(
            env.with(COUNTERPART, counterpart)
                .create(target.model, values)?,
        );
    }
    Ok(json!(made))
}

/// Before a transaction is created: its journal and currencies are settled, and its journal entry is made.
fn complete(env: &Env, vals: &mut Vals) -> Result<()> {
    let journal = journal_of(env, vals)?;
    let company = journal.one("company_id");
    let own = company.and_then(|company| company.get("currency_id").as_id());
    let currency = journal.get("currency_id").as_id().or(own);
    vals.insert("journal_id".into(), json!(journal.id()));
    vals.insert("company_id".into(), json!(company.as_ref().map(Record::id)));
    vals.insert("currency_id".into(), json!(currency));
    let day = given::text(vals, "date").and_then(|day| day.parse::<Date>().ok());
    let day = day.unwrap_or_else(|| env.today());
    vals.insert("date".into(), json!(day.to_string()));
    given::propose(vals, "amount", json!(0.0));
    if given::id(vals, "foreign_currency_id") == currency {
        vals.remove("foreign_currency_id");
        vals.remove("amount_currency");
    }
    foreign_amount(env, vals, &journal, day)?;
    let counterpart = env.key(COUNTERPART).and_then(Json::as_i64);
    let entry = statement_entry::make(env, vals, &journal, counterpart)?;
    for field in OF_THE_ENTRY {
        vals.remove(field);
    }
    vals.insert("move_id".into(), json!(entry));
    Ok(())
}

/// The journal that is named, else the statement's, else the first bank journal of the company.
fn journal_of<'e>(env: &'e Env, vals: &Vals) -> Result<Record<'e>> {
    let of_statement = || {
        let statement = given::id(vals, "statement_id")?;
        env.record_of("account.bank.statement", statement)
            .get("journal_id")
            .as_id()
    };
    if let Some(id) = given::id(vals, "journal_id").or_else(of_statement) {
        return Ok(env.record_of("account.journal", id));
    }
    let kind = env
        .key("journal_type")
        .and_then(Json::as_str)
        .unwrap_or("bank");
    let domain = json!([["type", "=", kind], ["company_id", "=", env.company()]]);
    match env.sudo().search("account.journal", &domain)?.first() {
        Some(id) => Ok(env.record_of("account.journal", *id)),
        None => Err(OdooError::user(
            "No journal could be found for any of those types: bank, cash, credit",
        )),
    }
}

/// The amount in a foreign currency: converted if it is not given, and never without its currency.
fn foreign_amount(env: &Env, vals: &mut Vals, journal: &Record<'_>, day: Date) -> Result<()> {
    let amount = |name: &str| vals.get(name).and_then(Json::as_f64).unwrap_or_default();
    let foreign = given::id(vals, "foreign_currency_id");
    match (foreign, amount("amount_currency")) {
        (None, 0.0) => Ok(()),
        (None, _) => Err(OdooError::validation(
            "You can't provide an amount in foreign currency without specifying a foreign currency.",
        )),
        (Some(currency), 0.0) => {
            let Some(company) = journal.one("company_id") else {
                return Ok(());
            };
            let converted = amount("amount") * money::rate(env, &company, currency, day)?;
            vals.insert("amount_currency".into(), json!(money::round(converted)));
            if money::is_zero(converted) {
                return Err(OdooError::validation(
                    "You can't provide a foreign currency without specifying an amount in 'Amount in Currency' field.",
                ));
            }
            Ok(())
        }
        (Some(_), _) => Ok(()),
    }
}

/// After a transaction was created, its entry is posted: nobody has to do that for what has happened.
fn after_create(line: &Record<'_>) -> Result<()> {
    let Some(entry) = line.one("move_id") else {
        return Ok(());
    };
    entry.set("statement_line_id", line.id());
    for item in entry.many("line_ids") {
        item.set("statement_line_id", line.id());
    }
    posting::post(&line.env().sudo(), &[entry.id()])?;
    refresh(line)
}

fn before_write(env: &Env, ids: &[i64], vals: &mut Vals) -> Result<()> {
    for line in env.browse(LINE, ids) {
        if let Some(statement) = line
            .one("statement_id")
            .filter(|_| vals.contains_key("statement_id"))
        {
            // Refreshed again when the line has gone: a statement knows only the lines it still has.
            line.set("statement_id", Cell::Empty);
            statement::refresh(&statement);
        }
        let Some(entry) = line.one("move_id") else {
            continue;
        };
        if let Some(day) = given::text(vals, "date").and_then(|day| day.parse::<Date>().ok()) {
            entry.set("date", day);
        }
        for field in ["ref", "narration"] {
            if let Some(text) = vals.get(field) {
                entry.set(field, text.as_str().map_or(Cell::Empty, Cell::from));
            }
        }
    }
    Ok(())
}

fn after_write(env: &Env, ids: &[i64], vals: &Vals) -> Result<()> {
    const POSTED: [&str; 5] = [
        "payment_ref",
        "partner_id",
        "amount",
        "foreign_currency_id",
        "amount_currency",
    ];
    for line in env.browse(LINE, ids) {
        if POSTED.iter().any(|field| vals.contains_key(*field)) {
            statement_entry::rewrite(&line);
        }
        refresh(&line)?;
    }
    Ok(())
}

/// Before a removal: statements that were checked keep their lines; the journal entry goes with the transaction.
fn before_unlink(env: &Env, ids: &[i64]) -> Result<()> {
    for line in env.browse(LINE, ids) {
        let checked = line
            .one("statement_id")
            .is_some_and(|statement| statement.bool("is_valid") && statement.bool("is_complete"));
        if checked {
            return Err(OdooError::user(
                "You can not delete a transaction from a valid statement.\n\
                 If you want to delete it, please remove the statement first.",
            ));
        }
    }
    for line in env.browse(LINE, ids) {
        let statement = line.one("statement_id");
        line.set("statement_id", Cell::Empty);
        if let Some(statement) = statement {
            statement::refresh(&statement);
        }
        if let Some(entry) = line.one("move_id") {
            entry.set("state", "draft");
            // Let go first: the entry would take the transaction along, and that the entry again.
            line.set("move_id", Cell::Empty);
            env.sudo().unlink("account.move", &[entry.id()])?;
        }
    }
    Ok(())
}

/// `action_undo_reconciliation`: the entry is what it was when the transaction came in.
fn undo(env: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    let model = env.model(target.model)?;
    env.check_access(model, crate::engine::model::Operation::Write)?;
    for line in env.browse(target.model, target.ids) {
        statement_entry::reset(&line)?;
        refresh(&line)?;
    }
    Ok(Json::Null)
}

/// Brings what Odoo stores about a transaction in line with its entry, and its statement with it.
fn refresh(line: &Record<'_>) -> Result<()> {
    let (day, sequence) = (line.date("date").unwrap_or_default(), line.int("sequence"));
    let index = format!(
        "{:04}{:02}{:02}{:0>10}{:0>10}",
        day.year(),
        day.month(),
        day.day(),
        2_147_483_647 - sequence,
        line.id()
    );
    line.set("internal_index", index);
    let (open, reconciled) = statement_entry::open(line);
    line.set("amount_residual", money::round(open));
    line.set("is_reconciled", reconciled);
    if let Some(statement) = line.one("statement_id") {
        statement::refresh(&statement);
    }
    Ok(())
}

/// The transactions of a journal, oldest first, with the balance of the account after each: from the last statement's
/// starting balance on.
pub(super) fn balances(env: &Env, journal: i64) -> Vec<(i64, f64)> {
    let sudo = env.sudo();
    let domain = json!([["journal_id", "=", journal]]);
    let mut lines: Vec<(String, Record<'_>)> = sudo
        .search(LINE, &domain)
        .unwrap_or_default()
        .into_iter()
        .map(|id| env.record_of(LINE, id))
        .map(|line| (line.text("internal_index"), line))
        .collect();
    lines.sort_by(|left, right| left.0.cmp(&right.0));
    let mut balance = 0.0;
    let mut balances = Vec::new();
    for (index, line) in lines {
        let start = line
            .one("statement_id")
            .filter(|statement| statement.is("first_line_index", &index));
        if let Some(statement) = start {
            balance = statement.float("balance_start");
        }
        if line.is("state", "posted") {
            balance = money::round(balance + line.float("amount"));
        }
        balances.push((line.id(), balance));
    }
    balances
}

fn running_balance(line: &Record<'_>) -> Cell {
    let journal = line.get("journal_id").as_int();
    balances(line.env(), journal)
        .into_iter()
        .find(|(id, _)| *id == line.id())
        .map_or(Cell::Empty, |(_, balance)| balance.into())
}
