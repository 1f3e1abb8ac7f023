//! Paging that does not slip when records come and go between two calls.
//!
//! A cursor holds the sort value and id of the last record that was handed out, and the next page
//! is whatever sorts behind it. An offset would skip or repeat records when one is created in
//! between, and grows slower the deeper it goes. Lists whose order Odoo decides by collation use
//! [`Cursor::seen`] as an offset instead. That a cursor comes back with the question that it was
//! given out for is seen to by [`Question`], for every list alike.

use std::fmt;

use odoo_json2::{Domain, field};
use serde_json::Value;

use crate::error::ToolError;

pub(crate) use question::Question;

mod question;

/// How a list is sorted, which is also how it is continued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    /// The name that callers know it by; a cursor only continues the order it came from.
    pub(crate) name: &'static str,
    /// The stored field that is sorted on; ties are broken by id in the same direction.
    pub(crate) key: &'static str,
    /// The kind of value in that field.
    pub(crate) kind: Key,
    /// From the largest to the smallest.
    pub(crate) descending: bool,
}

/// What a sort key is, for writing it into a domain again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// A date or datetime, which may be empty.
    Time,
    /// A number, never empty.
    Number,
    /// One of a few words that sort as they are written, never empty.
    Choice,
    /// The id itself.
    Id,
    /// Text, in a collation that only the database knows; continued by offset.
    Text,
}

/// Where a list goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    order: String,
    seen: usize,
    place: Place,
}

/// The sort value and id of one record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// As Odoo writes it; `None` where the field is empty.
    pub(crate) value: Option<String>,
    /// Its id.
    pub(crate) id: i64,
}

impl Place {
    /// The place of a record in an order that its id alone decides.
    pub(crate) const fn at(id: i64) -> Self {
        Self { value: None, id }
    }

    /// The place of a record by its sort value.
    pub(crate) fn by(value: Option<impl ToString>, id: i64) -> Self {
        Self {
            value: value.map(|value| value.to_string()),
            id,
        }
    }
}

impl Order {
    /// The order in Odoo's words.
    pub(crate) fn clause(self) -> String {
        let direction = if self.descending { " desc" } else { "" };
        match self.kind {
            Key::Id => format!("id{direction}"),
            _ => format!("{}{direction}, id{direction}", self.key),
        }
    }

    /// What sorts behind this place. PostgreSQL sorts empty values last, so first when descending.
    pub(crate) fn behind(self, place: &Place) -> Domain {
        let same_key = if self.descending {
            field("id").lt(place.id)
        } else {
            field("id").gt(place.id)
        };
        let key = || field(self.key);
        let value = match self.kind {
            Key::Id | Key::Text => return same_key,
            Key::Time | Key::Choice => place.value.clone().map(Value::String),
            Key::Number => place
                .value
                .as_deref()
                .and_then(|text| text.parse().ok())
                .map(Value::Number),
        };
        match (value, self.descending) {
            (Some(value), true) => key().lt(value.clone()) | (key().eq(value) & same_key),
            (Some(value), false) => {
                let behind = key().gt(value.clone()) | (key().eq(value) & same_key);
                if self.kind == Key::Time {
                    behind | key().is_not_set()
                } else {
                    behind
                }
            }
            (None, true) => key().is_set() | (key().is_not_set() & same_key),
            (None, false) => key().is_not_set() & same_key,
        }
    }

    /// Reads a cursor of this order.
    pub(crate) fn resume(self, cursor: Option<&str>) -> Result<Option<Cursor>, ToolError> {
        let Some(text) = cursor else { return Ok(None) };
        let cursor = Cursor::parse(text).filter(|cursor| self.accepts(cursor)).ok_or_else(|| {
            ToolError::argument(
                format!("`cursor` does not continue a list in the order `{}`", self.name),
                "Pass `next_cursor` of the previous answer unchanged, with the same arguments as \
                 before; or leave `cursor` out to begin at the top.",
            )
        })?;
        Ok(Some(cursor))
    }

    /// A cursor comes from outside: what goes into a domain must have the form of its field.
    fn accepts(self, cursor: &Cursor) -> bool {
        let value = cursor.place.value.as_deref();
        cursor.order == self.name
            && match self.kind {
                Key::Id | Key::Text => value.is_none(),
                Key::Number => value.is_some_and(|text| text.parse::<serde_json::Number>().is_ok()),
                Key::Choice => value.is_some_and(|text| text.len() <= 40),
                Key::Time => value.is_none_or(is_time),
            }
    }
}

impl Cursor {
    /// The place behind `seen` records.
    pub(crate) fn new(order: &str, seen: usize, place: Place) -> Self {
        Self {
            order: order.to_owned(),
            seen,
            place,
        }
    }

    /// How many records were handed out before.
    pub(crate) const fn seen(&self) -> usize {
        self.seen
    }

    /// The last record that was handed out.
    pub(crate) const fn place(&self) -> &Place {
        &self.place
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(4, ':');
        let (order, seen, id) = (parts.next()?, parts.next()?, parts.next()?);
        let value = parts
            .next()
            .filter(|value| !value.is_empty())
            .map(str::to_owned);
        let place = Place {
            value,
            id: id.parse().ok()?,
        };
        Some(Self::new(
            order,
            seen.parse().ok().filter(|seen| *seen <= 1_000_000)?,
            place,
        ))
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{}", self.order, self.seen, self.place.id)?;
        match &self.place.value {
            Some(value) => write!(formatter, ":{value}"),
            None => Ok(()),
        }
    }
}

/// A date or datetime as Odoo writes it.
fn is_time(text: &str) -> bool {
    match text.len() {
        10 => text.parse::<jiff::civil::Date>().is_ok(),
        19 => text
            .replacen(' ', "T", 1)
            .parse::<jiff::civil::DateTime>()
            .is_ok(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NEWEST: Order = Order {
        name: "newest",
        key: "invoice_date",
        kind: Key::Time,
        descending: true,
    };

    fn place(value: Option<&str>) -> Place {
        Place {
            value: value.map(str::to_owned),
            id: 7,
        }
    }

    #[test]
    fn the_next_page_is_what_sorts_behind() {
        let domain = |order: Order, value| order.behind(&place(value)).to_json().to_string();
        insta::assert_snapshot!(domain(NEWEST, Some("2026-11-07")), @r#"["|",["invoice_date","<","2026-11-07"],"&",["invoice_date","=","2026-11-07"],["id","<",7]]"#);
        insta::assert_snapshot!(domain(NEWEST, None), @r#"["|",["invoice_date","!=",false],"&",["invoice_date","=",false],["id","<",7]]"#);
        let oldest = Order {
            descending: false,
            ..NEWEST
        };
        insta::assert_snapshot!(domain(oldest, Some("2026-11-07")), @r#"["|","|",["invoice_date",">","2026-11-07"],"&",["invoice_date","=","2026-11-07"],["id",">",7],["invoice_date","=",false]]"#);
        insta::assert_snapshot!(domain(oldest, None), @r#"[["invoice_date","=",false],["id",">",7]]"#);
    }

    #[test]
    fn a_cursor_of_another_order_or_form_is_refused() {
        for text in [
            "",
            "oldest:1:2",
            "newest:x:2",
            "newest:1:2:1 or 1=1",
            "newest:99999999999:1",
        ] {
            assert!(NEWEST.resume(Some(text)).is_err(), "{text}");
        }
        let cursor = Cursor::new("newest", 20, place(Some("2026-11-07 10:00:00")));
        assert_eq!(
            NEWEST.resume(Some(&cursor.to_string())).unwrap(),
            Some(cursor)
        );
    }

    proptest! {
        #[test]
        fn reading_a_cursor_never_fails_badly(text in ".{0,60}|newest:[0-9]{1,25}:-?[0-9]{1,25}:.{0,20}") {
            if let Ok(Some(cursor)) = NEWEST.resume(Some(&text)) {
                NEWEST.behind(cursor.place());
            }
        }
    }
}
