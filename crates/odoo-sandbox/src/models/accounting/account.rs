//! The chart of accounts (`account.account`, `account.root`).

use serde_json::{Value as Json, json};

use crate::engine::{
    cell::Cell,
    env::Env,
    error::Result,
    field::Field,
    model::{Model, Rule, Vals},
    record::Record,
    registry::Registry,
    search::Query,
};

use super::selections::{ACCOUNT_TYPES, INTERNAL_GROUPS};
use super::{INVOICE, MANAGER, READONLY};

/// Declares the models.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("account.root", "Account codes first 2 digits")
            .fields(fields! { char("name").readonly(); })
            .access(READONLY, "r")
            .access(MANAGER, "r"),
    );
    registry.add(
        Model::new("account.account", "Account")
            .order("code, placeholder_code")
            .archivable()
            .fields(table())
            .display_name(display_name)
            .search_names(&["code"])
            .access("base.group_user", "r")
            .access(READONLY, "r")
            .access(INVOICE, "r")
            .access("base.group_partner_manager", "r")
            .access(MANAGER, "rwcd")
            .rule(Rule::global(of_my_companies))
            .before_create(complete)
            .before_write(recode),
    );
}

/// A company's account for what partners owe or are owed: of several the first that was made, which is the chart's own.
pub(super) fn of_partners(env: &Env, company: i64, account_type: &str) -> Option<i64> {
    let domain = json!([
        ["account_type", "=", account_type],
        ["company_ids", "in", [company]]
    ]);
    let oldest = Query {
        order: Some("id"),
        limit: Some(1),
        ..Query::default()
    };
    env.sudo()
        .search_with("account.account", &domain, &oldest)
        .ok()?
        .first()
        .copied()
}

fn table() -> Vec<Field> {
    fields! {
        char("name").label("Account Name").required();
        char("code").compute(code).stored().editable();
        char("code_store").compute(code);
        text("code_by_company");
        char("placeholder_code").label("Display code").compute(placeholder_code).stored();
        selection("account_type", ACCOUNT_TYPES).label("Type").required();
        selection("internal_group", INTERNAL_GROUPS).compute(internal_group).stored();
        boolean("include_initial_balance").label("Bring Accounts Balance Forward").compute(brought_forward).searchable();
        boolean("reconcile").label("Allow Reconciliation");
        boolean("non_trade");
        many2many("company_ids", "res.company").label("Companies").required()
            .default_fn(|env| vec![env.company()].into());
        many2one("currency_id", "res.currency").label("Account Currency");
        many2one("company_currency_id", "res.currency").compute(company_currency);
        many2one("root_id", "account.root").compute(root).stored();
        many2many("tax_ids", "account.tax").label("Default Taxes");
        text("note").label("Internal Notes");
        text("description");
        float("current_balance").compute(current_balance);
        boolean("used").compute(used);
    }
}

/// The rule on the chart: each company has its own accounts.
fn of_my_companies(env: &Env) -> Json {
    json!([["company_ids", "in", env.companies()]])
}

/// The code is kept per company; from another company's point of view the account has none.
fn code(account: &Record<'_>) -> Cell {
    code_in(account, account.env().company()).into()
}

/// The code in one company.
fn code_in(account: &Record<'_>, company: i64) -> Option<String> {
    let mut company = account.env().record_of("res.company", company);
    // A branch has the codes of the company at the root.
    while let Some(parent) = company.get("parent_id").as_id() {
        company = account.env().record_of("res.company", parent);
    }
    let code = codes(account).remove(&company.id().to_string())?;
    Some(code.as_str()?.to_owned())
}

/// All codes, by the ids of companies.
fn codes(account: &Record<'_>) -> serde_json::Map<String, Json> {
    serde_json::from_str(&account.text("code_by_company")).unwrap_or_default()
}

/// The code, with the company's name behind it where it is another company's.
fn placeholder_code(account: &Record<'_>) -> Cell {
    let env = account.env();
    let mut companies = account.ids("company_ids");
    if let Some(own) = code_in(account, env.company()) {
        return own.into();
    }
    let mine = env.user().ids("company_ids");
    companies.retain(|id| mine.contains(id));
    companies.sort_unstable();
    let Some(company) = companies.first() else {
        return Cell::Empty;
    };
    let name = env.record_of("res.company", *company).text("name");
    match code_in(account, *company) {
        Some(code) => format!("{code} ({name})").into(),
        None => Cell::Empty,
    }
}

/// Odoo shows the code only to those who may read the books.
fn display_name(account: &Record<'_>) -> String {
    let name = account.text("name");
    match account.get("code").as_text() {
        Some(code) if account.env().in_group(READONLY) => format!("{code} {name}"),
        _ => name,
    }
}

fn internal_group(account: &Record<'_>) -> Cell {
    account
        .text("account_type")
        .split('_')
        .next()
        .map(ToOwned::to_owned)
        .into()
}

/// Balance sheet accounts carry their balance into the next year.
fn brought_forward(account: &Record<'_>) -> Cell {
    let group = account.text("internal_group");
    let carried =
        group != "income" && group != "expense" && !account.is("account_type", "equity_unaffected");
    carried.into()
}

fn company_currency(account: &Record<'_>) -> Cell {
    account
        .env()
        .record_of("res.company", account.env().company())
        .get("currency_id")
}

/// The row of `account.root` for the first two characters of the code.
fn root(account: &Record<'_>) -> Cell {
    let code = account.text("placeholder_code");
    let prefix: String = code.chars().take(2).collect();
    account.env().xml_id(&root_name(&prefix)).into()
}

fn root_name(prefix: &str) -> String {
    format!("account.root_{prefix}")
}

fn current_balance(account: &Record<'_>) -> Cell {
    let domain = json!([
        ["account_id", "=", account.id()],
        ["parent_state", "=", "posted"]
    ]);
    let items = account
        .env()
        .sudo()
        .search("account.move.line", &domain)
        .unwrap_or_default();
    let items = account.env().browse("account.move.line", &items);
    crate::models::money::round(items.iter().map(|item| item.float("balance")).sum()).into()
}

fn used(account: &Record<'_>) -> Cell {
    let domain = json!([["account_id", "=", account.id()]]);
    let items = account
        .env()
        .sudo()
        .search("account.move.line", &domain)
        .unwrap_or_default();
    (!items.is_empty()).into()
}

/// Keeps the code, sees to it that its root exists and that receivables and payables can be matched.
fn complete(env: &Env, vals: &mut Vals) -> Result<()> {
    if let Some(code) = vals.remove("code").as_ref().and_then(Json::as_str) {
        let mut companies = commanded(vals.get("company_ids"));
        if companies.is_empty() {
            companies.push(env.company());
        }
        let codes: serde_json::Map<String, Json> = companies
            .iter()
            .map(|company| (company.to_string(), json!(code)))
            .collect();
        vals.insert(
            "code_by_company".into(),
            json!(Json::from(codes).to_string()),
        );
        let prefix: String = code.chars().take(2).collect();
        if env.xml_id(&root_name(&prefix)).is_none() {
            let root = json!({ "name": prefix });
            let id = env
                .sudo()
                .create("account.root", crate::engine::write::vals(root))?;
            env.set_xml_id(&root_name(&prefix), "account.root", id);
        }
    }
    let kind = vals
        .get("account_type")
        .and_then(Json::as_str)
        .unwrap_or_default();
    if matches!(kind, "asset_receivable" | "liability_payable") {
        vals.insert("reconcile".into(), json!(true));
    }
    Ok(())
}

/// The ids that commands of a many2many set or add.
fn commanded(commands: Option<&Json>) -> Vec<i64> {
    let commands = commands.and_then(Json::as_array).into_iter().flatten();
    let ids = commands.flat_map(|command| match command[2].as_array() {
        Some(several) => several.iter().filter_map(Json::as_i64).collect(),
        None => Vec::from_iter(command[1].as_i64()),
    });
    ids.collect()
}

/// A code that is written is that of the current company.
fn recode(env: &Env, ids: &[i64], vals: &mut Vals) -> Result<()> {
    let Some(code) = vals.remove("code") else {
        return Ok(());
    };
    for account in env.browse("account.account", ids) {
        let mut codes = codes(&account);
        codes.insert(env.company().to_string(), code.clone());
        account.set("code_by_company", Json::from(codes).to_string());
    }
    Ok(())
}
