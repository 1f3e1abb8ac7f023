//! Open items by company, partner and age.

use std::collections::BTreeMap;

use jiff::civil::Date;
use odoo_json2::{Bucket, Ref};
use schemars::JsonSchema;
use serde::Serialize;

use super::super::sections;
use super::OrderBy;
use super::buckets::Buckets;
use super::row::{Item, Match};
use crate::answer::{Amount, Named};

/// What is open at the end of a day: by company, and there by partner and due date.
#[derive(Debug)]
pub(super) struct Debts {
    day: Date,
    sign: f64,
    open: BTreeMap<i64, BTreeMap<(i64, Date), Amount>>,
    partners: BTreeMap<i64, Named>,
}

/// The day of a company's list, and the sum of all its rows.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct Head {
    as_of: Date,
    /// Why there are no rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
    totals: Buckets,
}

/// What is open with one partner.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct Aged {
    /// None where nobody was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    partner: Option<Named>,
    /// The first day on which any debt was due; none where there are only credits.
    #[serde(skip_serializing_if = "Option::is_none")]
    oldest_due: Option<Date>,
    #[serde(flatten)]
    buckets: Buckets,
}

impl Debts {
    /// Nothing yet. With the sign -1 what we owe is positive.
    pub(super) const fn new(day: Date, sign: f64) -> Self {
        Self {
            day,
            sign,
            open: BTreeMap::new(),
            partners: BTreeMap::new(),
        }
    }

    /// Adds what is open now.
    pub(super) fn add(&mut self, item: &Item) {
        self.put(
            (&item.company_id, &item.partner_id),
            item.due.as_ref().or(item.date.as_ref()),
            item.rest,
        );
    }

    /// Takes a match back.
    pub(super) fn undo(&mut self, one: &Match) {
        self.put(
            (&one.company_id, &one.partner_id),
            one.due.as_ref().or(one.date.as_ref()),
            one.rest,
        );
    }

    /// The part of one company: its sums, and its partners by name.
    pub(super) fn take(&mut self, company: i64) -> (Head, Vec<Aged>) {
        let mut rows: BTreeMap<i64, Aged> = BTreeMap::new();
        for ((partner, due), amount) in self.open.remove(&company).unwrap_or_default() {
            if amount.is_zero() {
                continue;
            }
            let row = rows.entry(partner).or_insert_with(|| Aged {
                partner: self.partners.get(&partner).cloned(),
                oldest_due: None,
                buckets: Buckets::default(),
            });
            // They come in the order of their due dates.
            if amount.get() > 0.0 {
                row.oldest_due.get_or_insert(due);
            }
            row.buckets.add(amount, due, self.day);
        }
        let mut totals = Buckets::default();
        rows.values().for_each(|row| totals.join(&row.buckets));
        let head = Head {
            as_of: self.day,
            note: rows.is_empty().then_some("nothing is open here"),
            totals,
        };
        (head, rows.into_values().collect())
    }

    fn put(
        &mut self,
        (company, partner): (&Option<Ref>, &Option<Ref>),
        due: Option<&Bucket>,
        rest: f64,
    ) {
        let company = company.as_ref().map_or(0, |company| company.id);
        // Opening entries and what a bank paid without an invoice have no due date: they have been
        // due since they were booked, as in Odoo's own report.
        let due = due.map_or(self.day, |due| due.start);
        let id = partner.as_ref().map_or(0, |partner| partner.id);
        if let Some(partner) = Named::of(partner.clone()) {
            self.partners.entry(id).or_insert(partner);
        }
        let own = self.open.entry(company).or_default();
        *own.entry((id, due)).or_default() += Amount::new(self.sign * rest);
    }
}

impl OrderBy {
    /// What rows are sorted by: the amount or the age, and partners that agree in it by name.
    pub(super) fn rank(self, row: &Aged) -> (i64, String, i64) {
        let (name, id) = row.partner.as_ref().map_or((String::new(), 0), |partner| {
            (partner.name.to_lowercase(), partner.id)
        });
        let first = match self {
            // In hundredths, which have an order; the largest is the first.
            Self::Largest => (row.buckets.total.get() * -100.0).round() as i64,
            Self::Oldest => i64::from((row.oldest_due.unwrap_or(Date::MAX) - Date::MIN).get_days()),
        };
        (first, name, id)
    }
}

impl sections::Row for Aged {
    fn key(&self) -> (&'static str, i64) {
        ("", self.partner.as_ref().map_or(0, |partner| partner.id))
    }
}
