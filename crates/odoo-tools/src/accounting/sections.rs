//! The form of reports that list rows by company: each company has a section with its currency and
//! totals, and the rows of all sections are paged through as one list.

use odoo_json2::CompanyRef;
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::{Answer, Named};
use crate::cursor::{Cursor, Order, Place};
use crate::listing::Limit;

/// A report with rows for several companies, whose amounts may be in several currencies.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Sections<H, R> {
    /// How many rows there are, those of earlier pages included.
    total: usize,
    returned: usize,
    /// There are more behind these.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    truncated: bool,
    /// Passed as `cursor`, with the same other arguments, it gets what follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    /// Why these are not all entries.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
    /// Amounts of two sections are not added up: they may be in two currencies.
    companies: Vec<Section<H, R>>,
    #[serde(skip)]
    order: &'static str,
    /// How many rows came before this page.
    #[serde(skip)]
    seen: usize,
}

/// The part of one company, in its own currency.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Section<H, R> {
    company: Named,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    /// Days and totals; the latter are those of all rows, not of the page.
    #[serde(flatten)]
    head: H,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rows: Vec<R>,
}

/// A row of a section.
pub(super) trait Row: Serialize + JsonSchema + Send {
    /// What tells it from the other rows of its section.
    fn key(&self) -> (&'static str, i64);
}

/// How a report goes on: its order, the cursor that was passed and how many rows a page has.
#[derive(Debug)]
pub(super) struct Course {
    pub(super) order: Order,
    pub(super) cursor: Option<Cursor>,
    pub(super) limit: Limit,
}

impl<H, R: Row> Section<H, R> {
    pub(super) fn new(company: &CompanyRef, head: H, rows: Vec<R>) -> Self {
        Self {
            company: Named {
                id: company.id,
                name: company.name.clone(),
            },
            currency: company
                .currency
                .as_ref()
                .map(|currency| currency.name.clone()),
            head,
            rows,
        }
    }

    fn place(&self, row: &R) -> Place {
        let (kind, id) = row.key();
        Place::by(Some(format!("{}.{kind}", self.company.id)), id)
    }
}

impl<H, R: Row> Sections<H, R> {
    /// The page that the cursor asks for. A row that is gone meanwhile is skipped by its number.
    pub(super) fn page(course: &Course, companies: Vec<Section<H, R>>) -> Self {
        let mut page = Self {
            total: companies.iter().map(|section| section.rows.len()).sum(),
            returned: 0,
            truncated: false,
            next_cursor: None,
            note: None,
            companies,
            order: course.order.name,
            seen: 0,
        };
        page.seen = course
            .cursor
            .as_ref()
            .map_or(0, |cursor| page.reached(cursor));
        page.skip(page.seen);
        page.cut(course.limit.count());
        page
    }

    /// With a word on whose entries these are.
    pub(super) fn with_note(mut self, note: Option<&'static str>) -> Self {
        self.note = note;
        self
    }

    /// How many rows are before the place of a cursor, its own included.
    fn reached(&self, cursor: &Cursor) -> usize {
        let places = self.companies.iter().flat_map(|section| {
            let place = |row| section.place(row);
            section.rows.iter().map(place)
        });
        let found = places
            .into_iter()
            .position(|place| place == *cursor.place());
        found.map_or(cursor.seen().min(self.total), |index| index + 1)
    }

    /// Leaves out what earlier pages had; sections that are over, and those without rows, with it.
    fn skip(&mut self, mut count: usize) {
        if count == 0 {
            return;
        }
        for section in &mut self.companies {
            let gone = section.rows.len().min(count);
            section.rows.drain(..gone);
            count -= gone;
        }
        self.companies.retain(|section| !section.rows.is_empty());
    }

    /// Leaves out what comes after so many rows, with the sections that none is left of.
    fn cut(&mut self, count: usize) {
        let mut left = count;
        self.companies.retain_mut(|section| {
            let had = section.rows.len();
            section.rows.truncate(left);
            left -= section.rows.len();
            had == 0 || !section.rows.is_empty()
        });
        self.returned = count - left;
        let reached = self.seen + self.returned;
        self.truncated = reached < self.total;
        let last = self
            .companies
            .iter()
            .rev()
            .find_map(|section| Some(section.place(section.rows.last()?)));
        self.next_cursor = last
            .filter(|_| self.truncated)
            .map(|place| Cursor::new(self.order, reached, place).to_string());
    }
}

impl<H, R> Answer for Sections<H, R>
where
    H: Serialize + JsonSchema + Send,
    R: Row,
{
    fn entries(&self) -> usize {
        // One must stay, since the cursor goes on behind it.
        self.returned.saturating_sub(1)
    }

    fn keep(&mut self, entries: usize) {
        self.cut(entries.max(1));
    }
}
