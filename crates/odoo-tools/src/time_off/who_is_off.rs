//! `who_is_off`: approved absences of a day or a period, and public holidays.
//!
//! Odoo shows everybody's absences to everybody, without kind and reason (`hr.leave.report.calendar`); requests that
//! wait or were refused stand in the same model and are left out. Which day is today is decided where the user is;
//! the days of an absence are those on the calendar of the one who is away. Odoo keeps two moments, which are other
//! days once that person's time zone was changed: who may read the request itself is told the days that it names,
//! and for others they are worked out (`span.rs`).

use std::collections::HashMap;

use odoo_json2::{Date, DateTime, Domain, Error, Record, Ref, field};
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

mod span;

const ABSENCES: &str = "hr.leave.report.calendar";
const REQUESTS: &str = "hr.leave";

/// Absences counted at most.
const COUNTED: usize = 10_000;

const BY_DAY: Order = Order {
    name: "day",
    key: "start_datetime",
    kind: Key::Time,
    descending: false,
};

/// The same order of the requests, whose ids are those of the absences.
const BY_DAY_OF_REQUEST: Order = Order {
    key: "date_from",
    ..BY_DAY
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

/// A request, of those that the user may read.
#[derive(Debug, Record)]
#[odoo(model = "hr.leave")]
struct Asked {
    id: i64,
    request_date_from: Option<Date>,
    request_date_to: Option<Date>,
}

/// The days that requests name, by their id.
type AskedDays = HashMap<i64, (Date, Date)>;

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
            let here = (days, place.as_ref());
            let (found, asked) = tokio::try_join!(
                self.read(user, here, companies),
                self.asked(user, here, companies),
            )?;
            let more = found.has_more();
            let read = found.records.len();
            let last = found.records.last().map(Row::place);
            let rows = found.records.into_iter();
            let records: Vec<_> = rows
                .filter_map(|row| row.shape(days, &asked, companies))
                .collect();
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
    ) -> Result<odoo_json2::Page<Row>, Error> {
        let around = days.around("start_datetime", "stop_datetime");
        let search = user.odoo().search::<Row>(
            around & self.domain() & behind(BY_DAY, place) & companies.filter_shared("company_id"),
        );
        let search = search.order(BY_DAY.clause()).count_limit(COUNTED);
        let limit = self.limit.unwrap_or_default().count();
        search.limit(limit).context(companies.context()).await
    }

    /// The requests behind them, as far as the user may read those: in the same order, so that none
    /// of the page is missed.
    async fn asked(
        &self,
        user: &UserSession,
        (days, place): (Days, Option<&Place>),
        companies: &Companies<'_>,
    ) -> Result<AskedDays, Error> {
        if !user.reads(REQUESTS) {
            return Ok(AskedDays::new());
        }
        let around = days.around("date_from", "date_to");
        let found = user
            .odoo()
            .search::<Asked>(around & self.domain() & behind(BY_DAY_OF_REQUEST, place))
            .order(BY_DAY_OF_REQUEST.clause())
            .limit(self.limit.unwrap_or_default().count())
            .context(companies.context())
            .await?;
        let days = |row: Asked| Some((row.id, (row.request_date_from?, row.request_date_to?)));
        Ok(found.records.into_iter().filter_map(days).collect())
    }

    fn domain(&self) -> Domain {
        let approved = field("state").eq("validate");
        match &self.department {
            Some(department) => approved & Words::of(department).within("department_id.name"),
            None => approved,
        }
    }
}

/// What comes after a place of the list; without one all of it.
fn behind(order: Order, place: Option<&Place>) -> Domain {
    place.map_or_else(Domain::all, |place| order.behind(place))
}

impl Row {
    fn place(&self) -> Place {
        Place::by(Some(self.start_datetime), self.id)
    }

    fn shape(
        self,
        days: Days,
        asked: &AskedDays,
        companies: &Companies<'_>,
    ) -> Option<(Place, Absence)> {
        let moment = |moment| local(moment, self.tz.as_deref());
        let (begin, end) = (moment(self.start_datetime), moment(self.stop_datetime));
        let known = asked.get(&self.id).copied();
        let (from, to) = known.unwrap_or_else(|| span::days(begin, end));
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
