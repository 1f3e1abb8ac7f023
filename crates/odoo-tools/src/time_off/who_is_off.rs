//! `who_is_off`: approved absences of a day or a period, and public holidays.
//!
//! Odoo shows everybody's absences to everybody, without kind and reason (`hr.leave.report.calendar`); requests that
//! wait or were refused stand in the same model and are left out. Which day is today is decided where the user is;
//! the days of an absence are those on the calendar of the one who is away.

use odoo_json2::{Date, DateTime, Record, Ref, field};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::holidays::{self, Days, Holiday, local};
use crate::access::Access;
use crate::answer::{Answer, Named, Page};
use crate::cursor::{Cursor, Key, Order, Place};
use crate::error::ToolError;
use crate::listing::Limit;
use crate::session::UserSession;
use crate::session::companies::Companies;
use crate::tool::Tool;
use crate::words::Words;

const ABSENCES: &str = "hr.leave.report.calendar";

/// Absences counted at most.
const COUNTED: usize = 10_000;

const BY_DAY: Order = Order {
    name: "day",
    key: "start_datetime",
    kind: Key::Time,
    descending: false,
};

/// Who is away (approved time off), today unless a day or period is given, with public holidays.
/// Kinds and reasons are not shown.
#[derive(Deserialize, JsonSchema)]
pub(super) struct WhoIsOff {
    date_from: Option<Date>,
    /// Included; the same day unless given.
    date_to: Option<Date>,
    /// Part of the department's name.
    department: Option<String>,
    company_id: Option<i64>,
    limit: Option<Limit>,
    cursor: Option<String>,
}

/// Absences within a period.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Away {
    from: Date,
    to: Date,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    public_holidays: Vec<Holiday>,
    #[serde(flatten)]
    page: Page<Absence>,
}

/// Somebody's absence.
#[derive(Debug, Serialize, JsonSchema)]
struct Absence {
    employee: Named,
    #[serde(skip_serializing_if = "Option::is_none")]
    department: Option<String>,
    from: Date,
    /// The last day, included.
    to: Date,
    /// Working days or hours, as Odoo counts them.
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<String>,
    /// From and to on that person's clock, when it is less than a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<Named>,
}

#[derive(Debug, Record)]
#[odoo(model = "hr.leave.report.calendar")]
struct Row {
    id: i64,
    employee_id: Ref,
    department_id: Option<Ref>,
    start_datetime: DateTime,
    stop_datetime: DateTime,
    tz: Option<String>,
    duration: f64,
    duration_display: Option<String>,
    company_id: Option<Ref>,
}

impl Tool for WhoIsOff {
    const NAME: &'static str = "who_is_off";
    const TITLE: &'static str = "Who is off";
    const ACCESS: Access = Access::Read;
    const NEEDS: &'static [&'static str] = &[ABSENCES];
    type Answer = Away;

    async fn run(self, user: &UserSession) -> Result<Away, ToolError> {
        let companies = user.companies(self.company_id)?;
        let days = self.days(user)?;
        let (page, public_holidays) = tokio::try_join!(
            self.absences(user, days, &companies),
            holidays::read(user, days, &companies),
        )?;
        Ok(Away {
            from: days.from,
            to: days.to,
            public_holidays,
            page,
        })
    }
}

impl Answer for Away {
    fn entries(&self) -> usize {
        self.page.entries()
    }

    fn keep(&mut self, entries: usize) {
        self.page.keep(entries);
    }
}

impl WhoIsOff {
    fn days(&self, user: &UserSession) -> Result<Days, ToolError> {
        let from = self
            .date_from
            .or(self.date_to)
            .unwrap_or_else(|| user.today());
        let to = self.date_to.unwrap_or(from);
        if to < from {
            return Err(ToolError::argument(
                format!("`date_to` ({to}) lies before `date_from` ({from})"),
                "Swap the two days.",
            ));
        }
        Ok(Days { from, to })
    }

    async fn absences(
        &self,
        user: &UserSession,
        days: Days,
        companies: &Companies<'_>,
    ) -> Result<Page<Absence>, ToolError> {
        let cursor = BY_DAY.resume(self.cursor.as_deref())?;
        let seen = cursor.as_ref().map_or(0, Cursor::seen);
        let mut place = cursor.map(|cursor| cursor.place().clone());
        loop {
            let found = self.read(user, (days, place.as_ref()), companies).await?;
            let more = found.has_more();
            let read = found.records.len();
            let last = found.records.last().map(Row::place);
            let rows = found.records.into_iter();
            let records: Vec<_> = rows.filter_map(|row| row.shape(days, companies)).collect();
            if records.is_empty() && more && last.is_some() {
                // All of them lie beside the days on their own calendars: go on behind them, where Odoo counts afresh.
                place = last;
                continue;
            }
            let beside = read - records.len();
            let counted = found.total.saturating_sub(beside);
            let remaining = (counted, found.total_is_capped);
            return Ok(Page::new(BY_DAY, seen, remaining, records));
        }
    }

    /// Absences that may lie within the days, behind a place of the list.
    async fn read(
        &self,
        user: &UserSession,
        (days, place): (Days, Option<&Place>),
        companies: &Companies<'_>,
    ) -> Result<odoo_json2::Page<Row>, ToolError> {
        let mut domain =
            days.around("start_datetime", "stop_datetime") & field("state").eq("validate");
        if let Some(department) = &self.department {
            domain = domain & Words::of(department).within("department_id.name");
        }
        if let Some(place) = place {
            domain = domain & BY_DAY.behind(place);
        }
        let search = user.odoo().search::<Row>(domain);
        let search = search.order(BY_DAY.clause()).count_limit(COUNTED);
        let limit = self.limit.unwrap_or_default().count();
        Ok(search.limit(limit).context(companies.context()).await?)
    }
}

impl Row {
    fn place(&self) -> Place {
        Place::by(Some(self.start_datetime), self.id)
    }

    fn shape(self, days: Days, companies: &Companies<'_>) -> Option<(Place, Absence)> {
        let moment = |moment| local(moment, self.tz.as_deref());
        let (begin, end) = (moment(self.start_datetime), moment(self.stop_datetime));
        let (from, to) = (begin.date(), end.date());
        let place = self.place();
        let part = self.duration < 1.0 && from == to;
        let clock = || format!("{}-{}", begin.strftime("%H:%M"), end.strftime("%H:%M"));
        days.touch(from, to).then(|| {
            let absence = Absence {
                employee: self.employee_id.into(),
                department: self.department_id.map(|department| department.name),
                from,
                to,
                duration: self.duration_display,
                time: part.then(clock),
                company: companies.named(self.company_id),
            };
            (place, absence)
        })
    }
}
