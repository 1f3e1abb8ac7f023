//! Whose an expense is: Odoo has an employee for each company that somebody works for.
//!
//! A session knows the one of the current company. It answers most questions without a call; the
//! others are asked by the user, which all of these employees have in common.

use odoo_json2::{CompanyRef, Domain, Record, Ref, field};

use super::MODEL;
use super::row::FullRow;
use crate::error::{FailureKind, ToolError};
use crate::session::UserSession;

/// An employee that the user is.
#[derive(Debug, Record)]
#[odoo(model = "hr.employee.public")]
struct Post {
    company_id: Option<Ref>,
}

/// The expenses of all employees that the user is.
pub(super) fn domain(user: &UserSession) -> Domain {
    field("employee_id.user_id").eq(user.profile().uid)
}

/// An error for users who are no employee anywhere.
pub(super) async fn check_employed(user: &UserSession) -> Result<(), ToolError> {
    if user.profile().employee.is_none() {
        posts(user).await?;
    }
    Ok(())
}

/// Whether the user spent it, as an employee of whichever company.
pub(super) async fn spent(user: &UserSession, expense: &FullRow) -> Result<bool, ToolError> {
    let known = user.profile().employee.as_ref().map(|employee| employee.id);
    let theirs = expense.employee_id.as_ref().map(|employee| employee.id);
    if known.is_some() && known == theirs {
        return Ok(true);
    }
    let own = field("id").eq(expense.id) & domain(user);
    let found = user.odoo().search_ids(MODEL, own, "", 1).await?;
    Ok(!found.is_empty())
}

/// The company that the user spends for: the one that was named, else the current one, else the
/// first that the user is an employee of.
pub(super) async fn company(
    user: &UserSession,
    named: Option<i64>,
) -> Result<&CompanyRef, ToolError> {
    let profile = user.profile();
    let companies = user.companies(named)?;
    let first = companies.iter().next().unwrap_or(&profile.company);
    if first.id == profile.company.id && profile.employee.is_some() {
        return Ok(first);
    }
    let posts = posts(user).await?;
    let employs = |company: &&CompanyRef| posts.iter().any(|post| post.id == company.id);
    companies.iter().find(employs).ok_or_else(|| {
        let posts: Vec<String> = posts
            .iter()
            .map(|post| format!("{} ({})", post.id, post.name))
            .collect();
        ToolError::of(
            FailureKind::NoAccess,
            "you are no employee of this company, so you cannot spend anything for it",
            format!(
                "As `company_id` name one that you are an employee of: {}.",
                posts.join(", ")
            ),
        )
    })
}

/// The companies that the user is an employee of; an error where there is none.
async fn posts(user: &UserSession) -> Result<Vec<Ref>, ToolError> {
    let own = field("user_id").eq(user.profile().uid);
    let page = user.odoo().search::<Post>(own).order("id").await?;
    let posts: Vec<Ref> = page
        .records
        .into_iter()
        .filter_map(|post| post.company_id)
        .collect();
    if posts.is_empty() {
        return Err(ToolError::of(
            FailureKind::NoAccess,
            "your Odoo user is not linked to an employee, and expenses belong to employees",
            "Have HR link the user in the employee's record (Employees, tab HR Settings).",
        ));
    }
    Ok(posts)
}
