//! The value of one field of one row, as a database column would hold it.
//!
//! Not for the wire: how a cell reads in an answer depends on its field (`false` for an empty text, `0` for an
//! empty number) and is decided where records are read.

use std::sync::Arc;

use jiff::civil::{Date, DateTime};
use serde_json::Value as Json;

/// One stored or computed value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Cell {
    /// SQL `NULL`: no value. Every type can be empty.
    #[default]
    Empty,
    /// A boolean.
    Bool(bool),
    /// An integer, or the id of a many2one.
    Int(i64),
    /// A float or an amount of money.
    Float(f64),
    /// A text, HTML, a selection key or the base64 of a binary.
    Text(Arc<str>),
    /// A calendar day without a zone.
    Date(Date),
    /// A moment in UTC, without a zone as Odoo stores it.
    DateTime(DateTime),
    /// The ids behind a one2many or many2many, in the order they are shown.
    Ids(Arc<[i64]>),
    /// A JSON document.
    Json(Arc<Json>),
}

impl Cell {
    /// Whether there is no value, or an empty list of ids.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Ids(ids) => ids.is_empty(),
            _ => false,
        }
    }

    /// What Python calls truthy: not empty, not zero, not false, not the empty text.
    pub(crate) fn is_truthy(&self) -> bool {
        match self {
            Self::Empty => false,
            Self::Bool(value) => *value,
            Self::Int(value) => *value != 0,
            Self::Float(value) => *value != 0.0,
            Self::Text(value) => !value.is_empty(),
            Self::Date(_) | Self::DateTime(_) => true,
            Self::Ids(ids) => !ids.is_empty(),
            Self::Json(value) => !value.is_null(),
        }
    }

    /// The number in it; 0 for anything that is none.
    pub(crate) fn as_float(&self) -> f64 {
        match self {
            #[expect(
                clippy::cast_precision_loss,
                reason = "ids and counts stay far below 2^53"
            )]
            Self::Int(value) => *value as f64,
            Self::Float(value) => *value,
            Self::Bool(true) => 1.0,
            _ => 0.0,
        }
    }

    /// The integer in it; 0 for anything that is none.
    pub(crate) fn as_int(&self) -> i64 {
        match self {
            Self::Int(value) => *value,
            #[expect(
                clippy::cast_possible_truncation,
                reason = "saturates, as is wanted here"
            )]
            Self::Float(value) => *value as i64,
            Self::Bool(true) => 1,
            _ => 0,
        }
    }

    /// The id in it, for a many2one.
    pub(crate) fn as_id(&self) -> Option<i64> {
        match self {
            Self::Int(id) => Some(*id),
            _ => None,
        }
    }

    /// The text in it, for texts and selections.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The ids in it: those of an x2many, or the one of a many2one.
    pub(crate) fn ids(&self) -> Vec<i64> {
        match self {
            Self::Ids(ids) => ids.to_vec(),
            Self::Int(id) => vec![*id],
            _ => Vec::new(),
        }
    }
}

impl From<bool> for Cell {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Self::Text(value.into())
    }
}

impl From<String> for Cell {
    fn from(value: String) -> Self {
        Self::Text(value.into())
    }
}

impl From<Date> for Cell {
    fn from(value: Date) -> Self {
        Self::Date(value)
    }
}

impl From<DateTime> for Cell {
    fn from(value: DateTime) -> Self {
        Self::DateTime(value)
    }
}

impl From<Vec<i64>> for Cell {
    fn from(value: Vec<i64>) -> Self {
        Self::Ids(value.into())
    }
}

impl From<Json> for Cell {
    fn from(value: Json) -> Self {
        Self::Json(value.into())
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}
