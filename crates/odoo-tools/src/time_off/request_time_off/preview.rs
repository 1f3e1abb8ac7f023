//! What a request would come to, without entering it.

use odoo_json2::{DateTime, Values};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Leave;
use super::choice::Choice;
use crate::answer::Amount;
use crate::error::ToolError;
use crate::session::UserSession;
use crate::session::companies::Companies;

/// The answer of Odoo's form.
#[derive(Debug, Deserialize)]
struct Form {
    value: Preview,
}

/// What Odoo works out of a request.
#[derive(Debug, Deserialize)]
pub(super) struct Preview {
    pub(super) number_of_days: f64,
    pub(super) number_of_hours: f64,
    #[serde(deserialize_with = "moment")]
    pub(super) date_from: Option<DateTime>,
    #[serde(deserialize_with = "moment")]
    pub(super) date_to: Option<DateTime>,
    dashboard_warning_message: Value,
}

/// Asks Odoo's form for a new request with these values.
pub(super) async fn read(user: &UserSession, values: &Values) -> Result<Preview, ToolError> {
    let wanted = json!({
        "number_of_days": {}, "number_of_hours": {}, "date_from": {}, "date_to": {},
        "dashboard_warning_message": {},
    });
    let form: Form = user
        .odoo()
        .call("hr.leave", "onchange")
        .arg("values", values.clone())
        .arg("field_names", json!([]))
        .arg("fields_spec", wanted)
        .context(Companies::all(user.profile()).context())
        .read_only()
        .fetch()
        .await?;
    Ok(form.value)
}

impl Preview {
    /// What Odoo says to time off at the same time, where there is some.
    pub(super) fn warning(&self) -> Option<&str> {
        let text = self.dashboard_warning_message.as_str()?.trim();
        (!text.is_empty()).then_some(text)
    }

    /// Whether a request of this kind takes exactly this time.
    pub(super) fn is(&self, leave: &Leave, kind: &Choice) -> bool {
        leave.holiday_status_id.id == kind.id
            && Some(leave.date_from) == self.date_from
            && Some(leave.date_to) == self.date_to
    }

    /// How much it comes to in the unit of its type.
    pub(super) fn amount(&self, request_unit: &str) -> Amount {
        Amount::new(if request_unit == "hour" {
            self.number_of_hours
        } else {
            self.number_of_days
        })
    }
}

/// A moment, or Odoo's `false`.
fn moment<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(value.as_str().and_then(|text| text.parse().ok()))
}
