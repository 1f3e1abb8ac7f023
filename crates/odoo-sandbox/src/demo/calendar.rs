//! The twelve months of the demo company's books. Not a general calendar: only what the books need.

use jiff::ToSpan;
use jiff::civil::Date;

/// How many months of bookkeeping the demo company has, the current one included.
pub(crate) const MONTHS: i32 = 12;

/// The window of months that ends with the anchor's month.
#[derive(Clone, Debug)]
pub(crate) struct Months {
    anchor: Date,
}

impl Months {
    /// The window whose last month is the one of `anchor`.
    #[must_use]
    pub(crate) fn ending_at(anchor: Date) -> Self {
        Self { anchor }
    }

    /// The day that counts as today.
    #[must_use]
    pub(crate) fn anchor(&self) -> Date {
        self.anchor
    }

    /// First day of month `index`, where 0 is the oldest month and 11 the current one.
    #[must_use]
    pub(crate) fn first_day(&self, index: i32) -> Date {
        self.anchor
            .first_of_month()
            .saturating_sub((MONTHS - 1 - index).months())
    }

    /// Last day of month `index`.
    #[must_use]
    pub(crate) fn last_day(&self, index: i32) -> Date {
        self.first_day(index).last_of_month()
    }

    /// Day `day` (1 to 28) of month `index`, or none when it lies after the anchor.
    #[must_use]
    pub(crate) fn day(&self, index: i32, day: i32) -> Option<Date> {
        self.past(self.first_day(index).saturating_add((day - 1).days()))
    }

    /// The date itself, unless it lies after the anchor.
    #[must_use]
    pub(crate) fn past(&self, date: Date) -> Option<Date> {
        (date <= self.anchor).then_some(date)
    }
}
