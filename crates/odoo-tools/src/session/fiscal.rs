//! When a company's books begin their year.

use std::collections::HashMap;
use std::fmt;

use odoo_json2::{Date, Domain, Error, Odoo, Record};

/// The last day of a fiscal year, 31 December where Odoo says nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FiscalYear {
    last_month: i8,
    last_day: i8,
}

impl fmt::Display for FiscalYear {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:02}-{:02}", self.last_month, self.last_day)
    }
}

impl Default for FiscalYear {
    fn default() -> Self {
        Self {
            last_month: 12,
            last_day: 31,
        }
    }
}

impl FiscalYear {
    /// A year that ends on this day; what cannot be a date counts as 31 December.
    pub(crate) fn ending(month: i8, day: i8) -> Self {
        if (1..=12).contains(&month) && (1..=31).contains(&day) {
            Self {
                last_month: month,
                last_day: day,
            }
        } else {
            Self::default()
        }
    }

    /// What the two fields of `res.company` say; nothing where the user has neither.
    pub(crate) fn from_odoo(month: Option<&str>, day: Option<i64>) -> Option<Self> {
        let month = month?.parse().ok()?;
        Some(Self::ending(month, i8::try_from(day?).ok()?))
    }

    /// First and last day of the fiscal year that a day lies in.
    pub(crate) fn around(self, day: Date) -> (Date, Date) {
        let end = self.end_in(day.year());
        let last = if day <= end {
            end
        } else {
            self.end_in(day.year().saturating_add(1))
        };
        let before = self.end_in(last.year().saturating_sub(1));
        (before.tomorrow().unwrap_or(before), last)
    }

    /// A year that ends on the 31st of a short month, or on 29 February, ends on that month's last day.
    fn end_in(self, year: i16) -> Date {
        let month = Date::new(year, self.last_month, 1).unwrap_or(Date::MAX);
        let last = month.last_of_month();
        // Odoo treats 28 and 29 February alike: the month's end.
        let is_month_end =
            self.last_day >= last.day() || (self.last_month == 2 && self.last_day >= 28);
        let day = if is_month_end {
            last.day()
        } else {
            self.last_day
        };
        Date::new(year, self.last_month, day).unwrap_or(last)
    }
}

/// `res.company` as far as its calendar goes. Both fields come with the accounting app.
#[derive(Debug, Record)]
#[odoo(model = "res.company")]
struct Company {
    id: i64,
    #[odoo(optional)]
    fiscalyear_last_day: Option<i64>,
    /// A selection of "1" to "12".
    #[odoo(optional)]
    fiscalyear_last_month: Option<String>,
}

/// The fiscal years of all companies that the user belongs to.
pub(super) async fn read(odoo: &Odoo) -> Result<HashMap<i64, FiscalYear>, Error> {
    let readable = odoo.readable::<Company>().await?;
    let page = odoo
        .search::<Company>(Domain::all())
        .readable(&readable)
        .await?;
    let year = |company: Company| {
        let month = company.fiscalyear_last_month.as_deref();
        Some((
            company.id,
            FiscalYear::from_odoo(month, company.fiscalyear_last_day)?,
        ))
    };
    Ok(page.records.into_iter().filter_map(year).collect())
}
