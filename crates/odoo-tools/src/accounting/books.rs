//! What all reports on the books share: which entries count, and who sees all of them. The reports
//! themselves are beside it.

use odoo_json2::{Domain, Ref, field};

use crate::session::UserSession;
use crate::words::Words;

/// Journal items.
pub(super) const ITEMS: &str = "account.move.line";

/// The chart of accounts, which every employee may read.
pub(super) const ACCOUNTS: &str = "account.account";

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

/// Items of the accounts that a text means: the start of a code, a part of a name, or code and name
/// together, as answers and Odoo write them.
pub(super) fn account(text: &str) -> Domain {
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let name = |part: &str| Words::of(part).within("account_id.name");
    // Other characters are in no code, and two of them would be wildcards.
    let may_be_code = first
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
    if !may_be_code {
        return name(text);
    }
    // The plain code is empty for accounts of companies other than the current one.
    let code = field("account_id.placeholder_code").ilike_pattern(&format!("{first}%"));
    if rest.is_empty() {
        name(text) | code
    } else {
        name(text) | (code & name(rest))
    }
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
