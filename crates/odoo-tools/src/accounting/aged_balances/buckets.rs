//! Amounts by how long they have been due.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::Amount;

/// What is open, by days since it was due. All of them are told, so that tables have one shape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub(in super::super) struct Buckets {
    pub(super) total: Amount,
    /// Falls due on that day or later.
    not_due: Amount,
    #[serde(rename = "1-30")]
    days_30: Amount,
    #[serde(rename = "31-60")]
    days_60: Amount,
    #[serde(rename = "61-90")]
    days_90: Amount,
    #[serde(rename = "91-120")]
    days_120: Amount,
    older: Amount,
}

impl Buckets {
    /// Adds an amount that was due on one day and is looked at on another.
    pub(super) fn add(&mut self, amount: Amount, due: Date, day: Date) {
        let bucket = match (day - due).get_days() {
            ..=0 => &mut self.not_due,
            1..=30 => &mut self.days_30,
            31..=60 => &mut self.days_60,
            61..=90 => &mut self.days_90,
            91..=120 => &mut self.days_120,
            _ => &mut self.older,
        };
        *bucket += amount;
        self.total += amount;
    }

    /// Adds all amounts of another.
    pub(super) fn join(&mut self, other: &Self) {
        self.total += other.total;
        self.not_due += other.not_due;
        self.days_30 += other.days_30;
        self.days_60 += other.days_60;
        self.days_90 += other.days_90;
        self.days_120 += other.days_120;
        self.older += other.older;
    }
}
