//! What a request would come to, without entering it.

use odoo_json2::{Date, DateTime, Record, Values, field};
use serde::Deserialize;
use serde_json::{Value, json};

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

#[derive(Debug, Record)]
#[odoo(model = "resource.calendar.leaves")]
struct Holiday {
    name: Option<String>,
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

/// The public holidays in a span of days.
pub(super) async fn holidays(
    user: &UserSession,
    (from, to): (Date, Date),
) -> Result<Vec<String>, ToolError> {
    let domain = field("resource_id").is_not_set()
        & field("date_from").lte(format!("{to} 23:59:59"))
        & field("date_to").gte(format!("{from} 00:00:00"));
    let found = user
        .odoo()
        .search::<Holiday>(domain)
        .order("date_from")
        .limit(10);
    let names = found
        .await?
        .records
        .into_iter()
        .filter_map(|holiday| holiday.name);
    Ok(names.collect())
}

impl Preview {
    /// Whether there is time off at the same time already.
    pub(super) fn overlaps(&self) -> bool {
        self.dashboard_warning_message
            .as_str()
            .is_some_and(|text| !text.is_empty())
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
