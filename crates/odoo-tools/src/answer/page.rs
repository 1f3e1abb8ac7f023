//! One page of a list.

use schemars::JsonSchema;
use serde::Serialize;

use super::Answer;
use crate::cursor::{Cursor, Order, Place};

/// Some records of a list, how many there are in all, and how to get the others.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Page<T> {
    /// How many records fit the question, those of earlier pages included.
    total: usize,
    /// There may be more than `total`: nobody counted further.
    #[serde(skip_serializing_if = "is_false")]
    total_is_at_least: bool,
    /// How many of them are in this answer.
    returned: usize,
    /// There are more behind these.
    #[serde(skip_serializing_if = "is_false")]
    truncated: bool,
    /// Passed as `cursor`, with the same other arguments, it gets what follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
    /// Where a record is in Odoo, with its id in the place of `{id}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    /// What holds for all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// The records.
    records: Vec<T>,
    #[serde(skip)]
    course: Course,
}

/// Where the page stands in its list.
#[derive(Clone, Debug, Default)]
struct Course {
    order: &'static str,
    /// How many records came before this page.
    seen: usize,
    /// The place of each record, so that the list can go on behind any of them.
    places: Vec<Place>,
}

impl<T> Page<T> {
    /// The page of `records` behind `seen` others, where `remaining` were counted from here on.
    pub(crate) fn new(
        order: Order,
        seen: usize,
        remaining: (usize, bool),
        records: Vec<(Place, T)>,
    ) -> Self {
        let (places, records): (Vec<Place>, Vec<T>) = records.into_iter().unzip();
        let mut page = Self {
            total: seen + remaining.0,
            total_is_at_least: remaining.1,
            returned: 0,
            truncated: false,
            next_cursor: None,
            link: None,
            note: None,
            records,
            course: Course {
                order: order.name,
                seen,
                places,
            },
        };
        page.count();
        page
    }

    /// With the address of its records.
    pub(crate) fn with_link(mut self, link: String) -> Self {
        self.link = Some(link);
        self
    }

    /// With a word on all of its records.
    pub(crate) fn with_note(mut self, note: Option<String>) -> Self {
        self.note = note;
        self
    }

    /// How many of the records are in this answer.
    #[must_use]
    pub const fn returned(&self) -> usize {
        self.returned
    }

    /// How many records fit the question.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.total
    }

    /// The records.
    #[must_use]
    pub fn records(&self) -> &[T] {
        &self.records
    }

    /// The records, to be completed with what only a second question tells.
    pub(crate) fn records_mut(&mut self) -> &mut [T] {
        &mut self.records
    }

    /// The page with its records turned into something else.
    pub(crate) fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U> {
        Page {
            total: self.total,
            total_is_at_least: self.total_is_at_least,
            returned: self.returned,
            truncated: self.truncated,
            next_cursor: self.next_cursor,
            link: self.link,
            note: self.note,
            records: self.records.into_iter().map(turn).collect(),
            course: self.course,
        }
    }

    /// Brings the counts and the cursor in line with the records that are left.
    fn count(&mut self) {
        let Course {
            order,
            seen,
            places,
        } = &self.course;
        let reached = seen + self.records.len();
        self.returned = self.records.len();
        // Records may have gone between Odoo's counting and reading; never claim less than there is.
        self.total = self.total.max(reached);
        self.truncated = reached < self.total || self.total_is_at_least;
        let last = self
            .records
            .len()
            .checked_sub(1)
            .and_then(|last| places.get(last));
        self.next_cursor = last
            .filter(|_| self.truncated)
            .map(|place| Cursor::new(order, reached, place.clone()).to_string());
    }
}

impl<T: Serialize + JsonSchema + Send> Answer for Page<T> {
    fn entries(&self) -> usize {
        // One must stay, since the cursor goes on behind it.
        self.records.len().saturating_sub(1)
    }

    fn keep(&mut self, entries: usize) {
        self.records.truncate(entries.max(1));
        self.count();
    }
}

/// For `skip_serializing_if`.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
const fn is_false(flag: &bool) -> bool {
    !*flag
}
