//! Currencies by their codes, as people write them.

use odoo_json2::{CompanyRef, field};

use crate::characters::clip;
use crate::error::ToolError;
use crate::session::UserSession;

/// The id of the currency that was named; none where none was, and the company's holds.
pub(crate) async fn named(
    user: &UserSession,
    company: &CompanyRef,
    code: Option<&str>,
) -> Result<Option<i64>, ToolError> {
    let Some(code) = code.map(str::trim) else {
        return Ok(None);
    };
    let own = company.currency.as_ref();
    if let Some(own) = own.filter(|own| own.name.eq_ignore_ascii_case(code)) {
        return Ok(Some(own.id));
    }
    let code = code.to_uppercase();
    let named = field("name").eq(&code);
    let found = user.odoo().search_ids("res.currency", named, "", 1).await?;
    let unknown = || {
        ToolError::not_found(
            format!("no currency {} is in use in this Odoo", clip(&code, 20)),
            "Nothing was stored. Give the three letters of its code, or the amount in the company's \
             currency; an administrator can activate further currencies.",
        )
    };
    found.first().copied().map(Some).ok_or_else(unknown)
}
