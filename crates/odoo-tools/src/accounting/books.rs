//! What all reports on the books share: which entries count, and who sees all of them. The reports
//! themselves are beside it.

use std::collections::BTreeMap;

use odoo_json2::{Domain, Record, Ref, field};

use crate::error::ToolError;
use crate::session::UserSession;
use crate::session::companies::Companies;
use crate::words::Words;

/// Journal items.
pub(super) const ITEMS: &str = "account.move.line";

/// The chart of accounts, which every employee may read.
pub(super) const ACCOUNTS: &str = "account.account";

/// More accounts than this have no text in common that anybody would ask for.
const MOST_ACCOUNTS: usize = 10_000;

/// Matches of journal items with each other.
///
/// Odoo lets exactly those read them whom no record rule of its own keeps from any entry: who sends
/// invoices and who reads the books. Approvers of expenses read journal items too, but only those
/// that were made of expenses, and not the matches. So this tells whether a report can be complete.
pub(super) const MATCHES: &str = "account.partial.reconcile";

/// Entries that count.
pub(super) fn posted() -> Domain {
    field("parent_state").eq("posted")
}

/// Items of income and expenses, which begin anew with each fiscal year.
pub(super) fn of_result() -> Domain {
    field("account_id.internal_group").in_(["income", "expense"])
}

/// Items of all accounts that are carried forward.
pub(super) fn of_balance() -> Domain {
    field("account_id.internal_group").in_(["asset", "liability", "equity"])
}

/// Accounts, at the end of this path, that a text means: the start of a code, a part of a name, or
/// code and name together, as answers and Odoo write them.
fn account(path: &str, text: &str) -> Domain {
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let name = |part: &str| Words::of(part).within(&format!("{path}name"));
    // Other characters are in no code, and two of them would be wildcards.
    let may_be_code = first
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
    if !may_be_code {
        return name(text);
    }
    // The plain code is empty for accounts of companies other than the current one.
    let code = field(format!("{path}placeholder_code")).ilike_pattern(&format!("{first}%"));
    if rest.is_empty() {
        name(text) | code
    } else {
        name(text) | (code & name(rest))
    }
}

/// Items of the accounts that a text means, in each company by the codes that it has there: Odoo
/// itself looks for the codes of the current company only, which is the first.
pub(super) async fn of_account(
    user: &UserSession,
    companies: &Companies<'_>,
    text: &str,
) -> Result<Domain, ToolError> {
    let mut wanted = account("account_id.", text);
    for company in companies.iter().skip(1) {
        let context = companies.context().companies([company.id]);
        let odoo = user.odoo().with_context(context.with("active_test", false));
        let found = odoo
            .search_ids(ACCOUNTS, account("", text), "id", MOST_ACCOUNTS)
            .await?;
        let company = field("company_id").eq(company.id);
        wanted = (!company.clone() & wanted) | (company & field("account_id").in_(found));
    }
    Ok(wanted)
}

/// Code and name of an account as Odoo told them in a row of a company.
///
/// An account may belong to several companies and have another code in each. Odoo tells that of the
/// current company for all of them, also before the name, or with a company's name in brackets that
/// of the first it finds.
#[derive(Debug)]
pub(super) struct Coded<'a> {
    pub(super) company: i64,
    pub(super) account: i64,
    pub(super) name: &'a mut String,
    pub(super) code: &'a mut Option<String>,
}

impl<'a> Coded<'a> {
    /// Those of a group of items that is of a company and an account.
    pub(super) fn of_group(
        company: Option<&Ref>,
        account: Option<&'a mut Ref>,
        code: &'a mut Option<String>,
    ) -> Option<Self> {
        let account = account?;
        Some(Self {
            company: company?.id,
            account: account.id,
            name: &mut account.name,
            code,
        })
    }
}

/// An account from the point of view of one company.
#[derive(Debug, Record)]
#[odoo(model = "account.account")]
struct CodeRow {
    id: i64,
    name: String,
    code: Option<String>,
}

/// Puts the code that an account has in the row's own company where Odoo told another company's.
///
/// That takes a question for each such company, and none where no account is shared.
pub(super) async fn own_codes(
    user: &UserSession,
    companies: &Companies<'_>,
    mut codes: Vec<Coded<'_>>,
) -> Result<(), ToolError> {
    // Of the first company, which is the current one, Odoo tells the right code.
    for company in companies.iter().skip(1) {
        let mark = format!(" ({})", company.name);
        let told_another = |coded: &&mut Coded<'_>| {
            let is_marked = coded
                .code
                .as_ref()
                .is_some_and(|code| code.ends_with(&mark));
            coded.company == company.id && !is_marked
        };
        let wrong: Vec<&mut Coded<'_>> = codes.iter_mut().filter(told_another).collect();
        if wrong.is_empty() {
            continue;
        }
        let accounts: Vec<i64> = wrong.iter().map(|coded| coded.account).collect();
        let context = companies.context().companies([company.id]);
        let found = user
            .odoo()
            .search::<CodeRow>(field("id").in_(accounts))
            .context(context.with("active_test", false))
            .await?;
        let own: BTreeMap<i64, CodeRow> =
            found.records.into_iter().map(|row| (row.id, row)).collect();
        for coded in wrong {
            if let Some(row) = own.get(&coded.account) {
                coded.code.clone_from(&row.code);
                coded.name.clone_from(&row.name);
            }
        }
    }
    Ok(())
}

/// Records of which the partner at this path has the text in the name. The bare relation would be
/// searched by e-mail address, reference and tax number, too.
pub(super) fn partner(path: &str, text: &str) -> Domain {
    Words::of(text).within(&format!("{path}.name"))
}

/// What a report has to say to those whose rights show them only some entries.
pub(super) fn partly(user: &UserSession) -> Option<&'static str> {
    (!user.reads(MATCHES)).then_some(
        "your rights in Odoo show you only some of the entries: these are not the company's figures",
    )
}

/// Code and name of an account. Odoo's display name has the code only for accountants, and the code
/// of another company than the current one comes with that company's name in brackets.
pub(super) fn account_name(code: Option<&str>, account: &Ref) -> String {
    let code = code
        .and_then(|code| code.split(' ').next())
        .unwrap_or_default();
    if code.is_empty() || account.name.starts_with(code) {
        account.name.clone()
    } else {
        format!("{code} {}", account.name)
    }
}
