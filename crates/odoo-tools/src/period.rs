//! Periods of bookkeeping: what "last quarter" means for a company, and what comes before it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use odoo_json2::{Domain, field};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::ToolError;
use crate::session::fiscal::FiscalYear;

// A period relative to today; quarters and years are those of the company's fiscal year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Relative {
    ThisMonth,
    LastMonth,
    ThisQuarter,
    LastQuarter,
    ThisYear,
    LastYear,
}

// What a period is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Earlier {
    PreviousPeriod,
    PreviousYear,
}

/// From one day to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Period {
    /// The first day.
    pub(crate) from: Date,
    /// The last day.
    pub(crate) to: Date,
}

impl Relative {
    /// The days of the period that `today` lies in, or of the one before.
    pub(crate) fn resolve(self, today: Date, year: FiscalYear) -> Period {
        let this = match self {
            Self::ThisMonth | Self::LastMonth => Period {
                from: today.first_of_month(),
                to: today.last_of_month(),
            },
            Self::ThisQuarter | Self::LastQuarter => quarter(today, year),
            Self::ThisYear | Self::LastYear => Period::year(today, year),
        };
        let day_before = this.from.yesterday().unwrap_or(this.from);
        match self {
            Self::ThisMonth | Self::ThisQuarter | Self::ThisYear => this,
            Self::LastMonth => Period {
                from: day_before.first_of_month(),
                to: day_before.last_of_month(),
            },
            Self::LastQuarter => quarter(day_before, year),
            Self::LastYear => Period::year(day_before, year),
        }
    }
}

impl Period {
    /// What three optional arguments of a tool mean together: a relative period, or days of which
    /// one may be left out. Without any it is the fiscal year of today.
    pub(crate) fn asked(
        relative: Option<Relative>,
        (from, to): (Option<Date>, Option<Date>),
        today: Date,
        year: FiscalYear,
    ) -> Result<Self, ToolError> {
        let period = match (relative, from, to) {
            (relative, None, None) => relative.unwrap_or(Relative::ThisYear).resolve(today, year),
            (Some(_), _, _) => {
                return Err(ToolError::argument(
                    "`period` and dates contradict each other",
                    "Give either `period`, or `date_from` and `date_to`.",
                ));
            }
            (None, Some(from), to) => Self {
                from,
                to: to.unwrap_or(today),
            },
            (None, None, Some(to)) => Self {
                from: Self::year(to, year).from,
                to,
            },
        };
        if period.from > period.to {
            return Err(ToolError::argument(
                format!(
                    "the period would begin on {} and end before, on {}",
                    period.from, period.to
                ),
                "Give a `date_from` that is not after `date_to`.",
            ));
        }
        Ok(period)
    }

    /// The fiscal year that a day lies in.
    pub(crate) fn year(day: Date, year: FiscalYear) -> Self {
        let (from, to) = year.around(day);
        Self { from, to }
    }

    /// The period that this one is compared with.
    pub(crate) fn earlier(self, earlier: Earlier) -> Self {
        self.back(self.distance(earlier))
    }

    /// The part of the earlier period that lies as far back as this one's until a day of it.
    pub(crate) fn earlier_until(self, earlier: Earlier, day: Date) -> Self {
        let whole = self.earlier(earlier);
        let last = day.checked_sub(self.distance(earlier));
        Self {
            from: whole.from,
            // The last days of a month may have no counterpart in a shorter one.
            to: last.unwrap_or(whole.to).clamp(whole.from, whole.to),
        }
    }

    /// Whether it has begun and is not over on a day.
    pub(crate) fn is_running(self, today: Date) -> bool {
        self.from <= today && today < self.to
    }

    /// How far back the period lies that this one is compared with.
    fn distance(self, earlier: Earlier) -> Span {
        match (earlier, self.whole_months()) {
            (Earlier::PreviousYear, _) => 1.year(),
            (Earlier::PreviousPeriod, Some(months)) => months.months(),
            (Earlier::PreviousPeriod, None) => ((self.to - self.from).get_days() + 1).days(),
        }
    }

    /// The months or quarters that the period consists of; the first and last may be cut by it.
    pub(crate) fn split(self, months: i32, start: Date) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut index = 0;
        while let Ok(begin) = start.checked_add((index * months).months()) {
            let next = start
                .checked_add(((index + 1) * months).months())
                .unwrap_or(Date::MAX);
            let end = next.yesterday().unwrap_or(next);
            if begin > self.to {
                break;
            }
            if end >= self.from {
                parts.push(Self {
                    from: begin.max(self.from),
                    to: end.min(self.to),
                });
            }
            index += 1;
        }
        parts
    }

    /// Whether a day lies in it.
    pub(crate) fn contains(self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }

    /// How many months it is long, if it ends on the eve of the day of the month it began on.
    fn whole_months(self) -> Option<i32> {
        let next = self.to.tomorrow().ok()?;
        let months = (i32::from(next.year()) - i32::from(self.from.year())) * 12
            + i32::from(next.month())
            - i32::from(self.from.month());
        (next.day() == self.from.day() && months > 0).then_some(months)
    }

    /// The same period earlier. Its end is shifted with the day behind it, so that the end of a
    /// month stays one.
    fn back(self, span: Span) -> Self {
        let shift = |day: Date| day.checked_sub(span).unwrap_or(Date::MIN);
        let end = self
            .to
            .tomorrow()
            .map_or(self.to, |next| shift(next).yesterday().unwrap_or(next));
        Self {
            from: shift(self.from),
            to: end,
        }
    }
}

/// The records of these days (`date`) by company; companies whose days agree share a condition.
pub(crate) fn days(periods: impl IntoIterator<Item = (i64, Period)>) -> Domain {
    let mut companies: BTreeMap<(Date, Date), Vec<i64>> = BTreeMap::new();
    for (company, period) in periods {
        let days = (period.from, period.to);
        companies.entry(days).or_default().push(company);
    }
    Domain::any_of(companies.into_iter().map(|((from, to), companies)| {
        field("company_id").in_(companies) & field("date").gte(from) & field("date").lte(to)
    }))
}

/// The quarter of the fiscal year that a day lies in.
fn quarter(day: Date, year: FiscalYear) -> Period {
    let whole = Period::year(day, year);
    let quarters = whole.split(3, whole.from);
    quarters
        .into_iter()
        .find(|quarter| quarter.contains(day))
        .unwrap_or(whole)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn shown(period: Period) -> String {
        format!("{}..{}", period.from, period.to)
    }

    #[test]
    fn periods_follow_the_fiscal_year() {
        let today = date(2026, 2, 10);
        let march = FiscalYear::ending(3, 31);
        let february = FiscalYear::ending(2, 28);
        let calendar = FiscalYear::default();
        assert_eq!(
            shown(Relative::ThisYear.resolve(today, calendar)),
            "2026-01-01..2026-12-31"
        );
        assert_eq!(
            shown(Relative::ThisYear.resolve(today, march)),
            "2025-04-01..2026-03-31"
        );
        assert_eq!(
            shown(Relative::LastYear.resolve(today, march)),
            "2024-04-01..2025-03-31"
        );
        assert_eq!(
            shown(Relative::ThisQuarter.resolve(today, march)),
            "2026-01-01..2026-03-31"
        );
        assert_eq!(
            shown(Relative::LastQuarter.resolve(today, february)),
            "2025-09-01..2025-11-30"
        );
        assert_eq!(
            shown(Relative::LastMonth.resolve(date(2026, 1, 5), march)),
            "2025-12-01..2025-12-31"
        );
        assert_eq!(
            shown(Relative::LastYear.resolve(date(2025, 3, 1), february)),
            "2024-03-01..2025-02-28"
        );
    }

    #[test]
    fn comparisons_keep_the_shape_of_the_period() {
        let of = |from, to, earlier| shown(Period { from, to }.earlier(earlier));
        let (previous, year) = (Earlier::PreviousPeriod, Earlier::PreviousYear);
        assert_eq!(
            of(date(2026, 3, 1), date(2026, 3, 31), previous),
            "2026-02-01..2026-02-28"
        );
        assert_eq!(
            of(date(2026, 1, 1), date(2026, 6, 30), previous),
            "2025-07-01..2025-12-31"
        );
        assert_eq!(
            of(date(2026, 1, 10), date(2026, 1, 19), previous),
            "2025-12-31..2026-01-09"
        );
        assert_eq!(
            of(date(2025, 2, 1), date(2025, 2, 28), year),
            "2024-02-01..2024-02-29"
        );
    }

    #[test]
    fn a_running_period_is_compared_with_as_many_days() {
        let of =
            |from, to, earlier, today| shown(Period { from, to }.earlier_until(earlier, today));
        let (previous, year) = (Earlier::PreviousPeriod, Earlier::PreviousYear);
        let march = (date(2026, 3, 1), date(2026, 3, 31));
        assert_eq!(
            of(march.0, march.1, previous, date(2026, 3, 18)),
            "2026-02-01..2026-02-18"
        );
        assert_eq!(
            of(march.0, march.1, previous, date(2026, 3, 30)),
            "2026-02-01..2026-02-28"
        );
        assert_eq!(
            of(
                date(2026, 1, 1),
                date(2026, 12, 31),
                year,
                date(2026, 11, 18)
            ),
            "2025-01-01..2025-11-18"
        );
        assert_eq!(
            of(
                date(2026, 10, 1),
                date(2026, 12, 31),
                previous,
                date(2026, 11, 18)
            ),
            "2026-07-01..2026-08-18"
        );
    }

    proptest! {
        /// Months and quarters cover the period without gap or overlap.
        #[test]
        fn parts_make_the_whole(start in 0_i32..3000, length in 1_i32..800, quarters in any::<bool>()) {
            let from = date(2020, 1, 1).checked_add(start.days()).unwrap();
            let to = from.checked_add(length.days()).unwrap();
            let period = Period { from, to };
            let parts = period.split(if quarters { 3 } else { 1 }, date(from.year(), 1, 1));
            prop_assert_eq!(parts.first().unwrap().from, from);
            prop_assert_eq!(parts.last().unwrap().to, to);
            for pair in parts.windows(2) {
                prop_assert_eq!(pair[0].to.tomorrow().unwrap(), pair[1].from);
            }
        }
    }
}
