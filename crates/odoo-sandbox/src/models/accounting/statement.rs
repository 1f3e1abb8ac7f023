//! Bank statements (`account.bank.statement`): some transactions of a journal between two balances.

use serde_json::{Value as Json, json};

use crate::engine::{
    cell::Cell,
    env::Env,
    error::Result,
    field::Field,
    model::{Model, Rule, Vals, own_companies},
    record::Record,
};

use super::statement_line::LINE;
use crate::models::money;

/// The model's name.
pub(super) const STATEMENT: &str = "account.bank.statement";

/// Declares the model.
pub(super) fn model(model: Model) -> Model {
    model
        .order("first_line_index desc")
        .fields(fields())
        .rule(Rule::global(own_companies))
        .after_create(after_create)
        .after_write(after_write)
}

fn fields() -> Vec<Field> {
    fields! {
        char("name").label("Reference").no_copy();
        char("reference").label("External Reference").no_copy();
        date("date");
        char("first_line_index").readonly();
        monetary("balance_start", "currency_id").label("Starting Balance");
        monetary("balance_end", "currency_id").label("Computed Balance").readonly();
        monetary("balance_end_real", "currency_id").label("Ending Balance");
        many2one("company_id", "res.company").related("journal_id.company_id").stored();
        many2one("currency_id", "res.currency").readonly();
        many2one("journal_id", "account.journal").readonly();
        one2many("line_ids", LINE, "statement_id").label("Statement lines");
        boolean("is_complete").readonly();
        boolean("is_valid").compute(is_valid).searchable();
        boolean("journal_has_invalid_statements").label("Has Invalid Statements").related("journal_id.has_invalid_statements");
        text("problem_description").compute(problem);
        many2many("attachment_ids", "ir.attachment").label("Attachments");
    }
}

fn after_create(statement: &Record<'_>) -> Result<()> {
    // What was given is kept; what was not, is worked out once.
    let (start, end) = (
        statement.get("balance_start"),
        statement.get("balance_end_real"),
    );
    refresh(statement);
    if start.is_empty() || start.as_float() == 0.0 {
        statement.set("balance_start", balance_before(statement));
        refresh(statement);
    }
    if end.is_empty() || end.as_float() == 0.0 {
        statement.set("balance_end_real", statement.float("balance_end"));
    }
    if statement.text("name").is_empty() {
        let journal = statement
            .one("journal_id")
            .map(|journal| journal.text("code") + " ");
        let day = statement
            .date("date")
            .unwrap_or_else(|| statement.env().today());
        let name = format!("{}Statement {day}", journal.unwrap_or_default());
        statement.set("name", name);
    }
    refresh(statement);
    Ok(())
}

fn after_write(env: &Env, ids: &[i64], _: &Vals) -> Result<()> {
    for statement in env.browse(STATEMENT, ids) {
        refresh(&statement);
    }
    Ok(())
}

/// Brings what Odoo stores about a statement in line with its transactions.
pub(super) fn refresh(statement: &Record<'_>) {
    let mut lines = statement.many("line_ids");
    lines.sort_by_key(|line| line.text("internal_index"));
    let posted: Vec<&Record<'_>> = lines
        .iter()
        .filter(|line| line.is("state", "posted"))
        .collect();
    statement.set(
        "first_line_index",
        lines
            .first()
            .map_or(Cell::Empty, |line| line.get("internal_index")),
    );
    statement.set(
        "date",
        posted.last().map_or(Cell::Empty, |line| line.get("date")),
    );
    statement.set(
        "journal_id",
        lines
            .first()
            .map_or(Cell::Empty, |line| line.get("journal_id")),
    );
    statement.set(
        "currency_id",
        lines
            .first()
            .map_or(Cell::Empty, |line| line.get("currency_id")),
    );
    let moved = money::sum(posted.iter().map(|line| line.float("amount")));
    let end = money::round(statement.float("balance_start") + moved);
    statement.set("balance_end", end);
    let complete = !posted.is_empty() && money::is_zero(end - statement.float("balance_end_real"));
    statement.set("is_complete", complete);
}

/// The balance before the first transaction: the last statement's end, and what came since.
fn balance_before(statement: &Record<'_>) -> f64 {
    let lines = |operator: &str, index: &str| {
        let domain = json!([
            ["journal_id", "=", statement.get("journal_id").as_id()],
            ["internal_index", operator, index],
            ["state", "=", "posted"],
            ["statement_id", "!=", statement.id()],
        ]);
        let found = statement
            .env()
            .sudo()
            .search(LINE, &domain)
            .unwrap_or_default();
        statement.env().browse(LINE, &found)
    };
    let first = statement.text("first_line_index");
    let before = lines("<", &first);
    let anchor = before
        .iter()
        .find(|line| !line.get("statement_id").is_empty());
    let since = anchor
        .map(|line| line.text("internal_index"))
        .unwrap_or_default();
    let start = anchor
        .and_then(|line| line.one("statement_id"))
        .map_or(0.0, |previous| previous.float("balance_end_real"));
    let between = before
        .iter()
        .filter(|line| line.text("internal_index") > since);
    money::round(start + money::sum(between.map(|line| line.float("amount"))))
}

/// Whether a statement begins where the one before it ended; the first one always does.
fn is_valid(statement: &Record<'_>) -> Cell {
    let domain = json!([
        ["journal_id", "=", statement.get("journal_id").as_id()],
        ["first_line_index", "<", statement.text("first_line_index")],
        ["first_line_index", "!=", false],
    ]);
    let before = statement
        .env()
        .sudo()
        .search(STATEMENT, &domain)
        .unwrap_or_default();
    let previous = before
        .first()
        .map(|id| statement.env().record_of(STATEMENT, *id));
    let end = previous.map(|previous| previous.float("balance_end_real"));
    end.is_none_or(|end| money::is_zero(end - statement.float("balance_start")))
        .into()
}

fn problem(statement: &Record<'_>) -> Cell {
    if !statement.bool("is_valid") {
        return "The starting balance doesn't match the ending balance of the previous statement, or an earlier \
                statement is missing."
            .into();
    }
    if statement.bool("is_complete") {
        return Cell::Empty;
    }
    let shown = money::sum(std::iter::once(statement.float("balance_end")));
    let shown = statement
        .one("currency_id")
        .map_or_else(String::new, |currency| money::formatted(&currency, shown));
    format!("The running balance ({shown}) doesn't match the specified ending balance.").into()
}

/// What a journal's dashboard says about its statements: whether there is anything, and the balance they lead to.
pub(super) fn dashboard(journal: &Record<'_>) -> (bool, f64) {
    let env = journal.env();
    let of_journal: Json = json!([["journal_id", "=", journal.id()]]);
    let last = last(journal);
    let first = last
        .as_ref()
        .map(|last| last.text("first_line_index"))
        .unwrap_or_default();
    let lines = env.sudo().search(LINE, &of_journal).unwrap_or_default();
    let loose: Vec<f64> = env
        .browse(LINE, &lines)
        .iter()
        .filter(|line| line.get("statement_id").is_empty() && !line.is("state", "cancel"))
        .filter(|line| line.text("internal_index") >= first)
        .map(|line| line.float("amount"))
        .collect();
    let end = last
        .as_ref()
        .map_or(0.0, |last| last.float("balance_end_real"));
    let balance = money::round(end + money::sum(loose.iter().copied()));
    (last.is_some() || !loose.is_empty(), balance)
}

/// The last statement of a journal.
pub(super) fn last<'e>(journal: &Record<'e>) -> Option<Record<'e>> {
    let domain = json!([
        ["journal_id", "=", journal.id()],
        ["first_line_index", "!=", false]
    ]);
    let found = journal
        .env()
        .sudo()
        .search(STATEMENT, &domain)
        .unwrap_or_default();
    found
        .first()
        .map(|id| journal.env().record_of(STATEMENT, *id))
}

/// Whether a journal has a statement that does not add up.
pub(super) fn has_invalid(journal: &Record<'_>) -> Cell {
    let domain = json!([["journal_id", "=", journal.id()]]);
    let found = journal
        .env()
        .sudo()
        .search(STATEMENT, &domain)
        .unwrap_or_default();
    journal
        .env()
        .browse(STATEMENT, &found)
        .iter()
        .any(|statement| !statement.bool("is_complete") || !statement.bool("is_valid"))
        .into()
}
