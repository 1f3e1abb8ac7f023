//! Working hours and the resources that keep them (`resource.calendar`, `resource.resource`).

use serde_json::json;

use crate::engine::{
    field::Field,
    model::{Model, Rule, own_companies},
    registry::Registry,
};

use super::{MANAGER, OFFICER};
use crate::models::time_zones::TIME_ZONES;

/// Declares the models.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("resource.calendar", "Resource Working Time")
            .archivable()
            .fields(calendar())
            .access("base.group_user", "r")
            .access("base.group_system", "rwcd")
            .access(OFFICER, "rwcd"),
    );
    registry.add(
        Model::new("resource.resource", "Resources")
            .order("name")
            .archivable()
            .fields(resource())
            .access("base.group_user", "r")
            .access("base.group_system", "r")
            .access(OFFICER, "rwcd")
            .access(MANAGER, "rwcd")
            .rule(Rule::global(own_companies)),
    );
    registry.extend("res.company", |company| {
        company.fields(fields! {
            many2one("resource_calendar_id", "resource.calendar").label("Default Working Hours");
            one2many("resource_calendar_ids", "resource.calendar", "company_id").label("Working Hours");
        })
    });
}

fn calendar() -> Vec<Field> {
    fields! {
        char("name").required();
        many2one("company_id", "res.company");
        float("hours_per_day").label("Average Hour per Day").default(8.0);
        float("hours_per_week").label("Hours per Week").default(40.0);
        float("full_time_required_hours").label("Full Time Equivalent").default(40.0);
        boolean("is_fulltime").label("Is Full Time").compute(|calendar| {
            (calendar.float("hours_per_week") >= calendar.float("full_time_required_hours")).into()
        });
        boolean("flexible_hours");
        selection("tz", TIME_ZONES).label("Timezone").required().default("UTC");
        boolean("two_weeks_calendar").label("Calendar in 2 weeks mode");
        selection("schedule_type", &[("flexible", "Flexible"), ("fully_fixed", "Fully Fixed")]).required().default("fully_fixed");
    }
}

fn resource() -> Vec<Field> {
    fields! {
        char("name").required();
        many2one("company_id", "res.company").default_fn(|env| env.company().into());
        selection("resource_type", &[("user", "Human"), ("material", "Material")]).label("Type").required().default("user");
        many2one("user_id", "res.users");
        many2one("calendar_id", "resource.calendar").label("Working Time");
        selection("tz", TIME_ZONES).label("Timezone").required().default(json!("UTC"));
        float("time_efficiency").label("Efficiency Factor").required().default(100.0);
    }
}
