//! Public holidays of companies, on the days that they fall on there.
//!
//! Odoo stores moments. Which day a holiday begins and ends on is known on the clock of its company's working hours.

use jiff::ToSpan;
use odoo_json2::{Date, DateTime, Domain, Record, Ref, field};
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::Named;
use crate::error::ToolError;
use crate::session::UserSession;
use crate::session::companies::Companies;

/// More public holidays than this in one period are nobody's question.
const HOLIDAYS: usize = 60;

/// A span of days, the last included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Days {
    pub(super) from: Date,
    pub(super) to: Date,
}

/// A day on which a company does not work.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Holiday {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    pub(super) from: Date,
    to: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<Named>,
}

#[derive(Debug, Record)]
#[odoo(model = "resource.calendar.leaves")]
struct HolidayRow {
    name: Option<String>,
    date_from: DateTime,
    date_to: DateTime,
    company_id: Option<Firm>,
}

/// A company with the time zone of its working hours, in which its holidays begin and end.
#[derive(Debug, Record)]
#[odoo(model = "res.company")]
struct Firm {
    id: i64,
    name: String,
    resource_calendar_id: Option<Hours>,
}

#[derive(Debug, Record)]
#[odoo(model = "resource.calendar")]
struct Hours {
    tz: Option<String>,
}

impl Days {
    /// What may lie within the days somewhere on earth: clocks differ by up to 14 hours from UTC's.
    pub(super) fn around(self, first: &str, last: &str) -> Domain {
        let begin = self.from.at(0, 0, 0, 0).saturating_sub(14.hours());
        let end = self.to.at(23, 59, 59, 0).saturating_add(14.hours());
        let shown =
            |moment: jiff::civil::DateTime| moment.strftime("%Y-%m-%d %H:%M:%S").to_string();
        field(first).lte(shown(end)) & field(last).gte(shown(begin))
    }

    /// Whether another span has a day in common with this one.
    pub(super) fn touch(self, from: Date, to: Date) -> bool {
        from <= self.to && to >= self.from
    }
}

/// A moment on the clock of a zone; on UTC's where nobody knows the zone.
pub(super) fn local(moment: DateTime, zone: Option<&str>) -> jiff::civil::DateTime {
    let zoned = moment.in_tz(zone.unwrap_or("UTC"));
    zoned.or_else(|_| moment.in_tz("UTC")).map_or_else(
        |_| jiff::civil::DateTime::default(),
        |zoned| zoned.datetime(),
    )
}

/// The public holidays of these companies that touch the days.
pub(super) async fn read(
    user: &UserSession,
    days: Days,
    companies: &Companies<'_>,
) -> Result<Vec<Holiday>, ToolError> {
    let domain = days.around("date_from", "date_to")
        & field("resource_id").is_not_set()
        & field("time_type").eq("leave")
        & companies.filter_shared("company_id");
    let found = user
        .odoo()
        .search::<HolidayRow>(domain)
        .order("date_from, id")
        .limit(HOLIDAYS)
        .context(companies.context())
        .await?;
    let rows = found.records.into_iter();
    Ok(rows.filter_map(|row| row.shape(days, companies)).collect())
}

impl HolidayRow {
    fn shape(self, days: Days, companies: &Companies<'_>) -> Option<Holiday> {
        let hours = self
            .company_id
            .as_ref()
            .and_then(|firm| firm.resource_calendar_id.as_ref());
        let zone = hours.and_then(|hours| hours.tz.clone());
        let day = |moment| local(moment, zone.as_deref()).date();
        let (from, to) = (day(self.date_from), day(self.date_to));
        let company = self.company_id.map(|firm| Ref {
            id: firm.id,
            name: firm.name,
        });
        days.touch(from, to).then(|| Holiday {
            name: self.name,
            from,
            to,
            company: companies.named(company),
        })
    }
}
