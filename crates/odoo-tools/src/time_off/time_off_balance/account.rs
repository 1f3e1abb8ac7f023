//! Odoo's own account of one employee's allocations on a day (`get_allocation_data_request`).

use odoo_json2::Date;
use serde::Deserialize;
use serde_json::Value;

use crate::answer::{Amount, Named};
use crate::error::ToolError;
use crate::session::UserSession;
use crate::session::companies::Companies;
use crate::time_off::time_off_balance::ends::Ends;

/// What there is of one type on a day.
#[derive(Debug)]
pub(in crate::time_off) struct Account {
    pub(in crate::time_off) leave_type: Named,
    data: Data,
}

/// The numbers of an account.
#[derive(Clone, Copy, Debug)]
pub(in crate::time_off) struct Figures {
    pub(in crate::time_off) allocated: Amount,
    pub(in crate::time_off) approved: Amount,
    pub(in crate::time_off) requested: Amount,
    pub(in crate::time_off) remaining: Amount,
    pub(in crate::time_off) available: Amount,
}

/// The part of Odoo's answer that is of use.
#[derive(Debug, Deserialize)]
struct Data {
    max_leaves: f64,
    leaves_taken: f64,
    leaves_requested: f64,
    remaining_leaves: f64,
    virtual_remaining_leaves: f64,
    request_unit: String,
    closest_allocation_remaining: f64,
    closest_allocation_expire: Value,
}

/// The accounts of an employee on a day: empty where nothing holds, and for those whom it does not concern.
pub(in crate::time_off) async fn read(
    user: &UserSession,
    employee: i64,
    day: Date,
) -> Result<Vec<Account>, ToolError> {
    let context = Companies::all(user.profile()).context();
    let rows: Vec<(String, Data, bool, i64)> = user
        .odoo()
        .call("hr.leave.type", "get_allocation_data_request")
        .arg("target_date", day.to_string())
        .context(context.with("employee_id", employee))
        .read_only()
        .fetch()
        .await?;
    let account = |(name, data, _, id)| Account {
        leave_type: Named { id, name },
        data,
    };
    Ok(rows.into_iter().map(account).collect())
}

/// What a type is counted in.
pub(in crate::time_off) fn unit(request_unit: Option<&str>) -> &'static str {
    if request_unit == Some("hour") {
        "hours"
    } else {
        "days"
    }
}

impl Account {
    /// `days` or `hours`.
    pub(in crate::time_off) fn unit(&self) -> &'static str {
        unit(Some(&self.data.request_unit))
    }

    /// The numbers.
    pub(in crate::time_off) fn figures(&self) -> Figures {
        Figures {
            allocated: Amount::new(self.data.max_leaves),
            approved: Amount::new(self.data.leaves_taken),
            requested: Amount::new(self.data.leaves_requested),
            remaining: Amount::new(self.data.remaining_leaves),
            available: Amount::new(self.data.virtual_remaining_leaves),
        }
    }

    /// How much expires next.
    pub(in crate::time_off) fn expiring(&self) -> Amount {
        Amount::new(self.data.closest_allocation_remaining)
    }

    /// When it expires: the end that Odoo writes in the format of the user's language.
    pub(in crate::time_off) fn expires(&self, ends: &Ends) -> Option<Date> {
        let text = self.data.closest_allocation_expire.as_str()?;
        ends.meant(self.leave_type.id, text)
    }
}
