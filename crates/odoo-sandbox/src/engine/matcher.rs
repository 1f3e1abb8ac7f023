//! A domain bound to a model, ready to be asked about each row.
//!
//! Not for its checks; those are made once, in `condition`.

use std::collections::HashSet;

use super::{
    cell::Cell, env::Env, field::Field, model::Model, path::Path, pattern::Pattern, store::Row,
};

/// Where a test finds the value in a row.
pub(super) enum Place {
    Id,
    Column(Path),
    /// The position of a field that is computed.
    Computed(usize),
}

/// What a value is asked.
pub(super) enum Check {
    /// One of some values; `empty` says whether an empty one counts as well.
    In {
        values: Vec<Cell>,
        empty: bool,
    },
    /// One of some ids, and one of them for lists; `empty` as above.
    Ids {
        ids: HashSet<i64>,
        empty: bool,
    },
    /// One of some texts.
    Texts {
        texts: HashSet<String>,
        empty: bool,
    },
    /// Below, above or equal to a value.
    Below {
        than: Cell,
        or_equal: bool,
    },
    Above {
        than: Cell,
        or_equal: bool,
    },
    /// Text that fits a pattern.
    Like(Pattern),
}

/// A bound domain.
pub(super) enum Test {
    Always(bool),
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Field { place: Place, check: Check },
}

impl Test {
    /// Where the value of a field of `model` stands.
    pub(super) fn place(env: &Env, model: &Model, field: &Field) -> Place {
        if field.name == "id" {
            return Place::Id;
        }
        Path::to(env, model, field).map_or_else(
            || Place::Computed(model.position(field.name).unwrap_or_default()),
            Place::Column,
        )
    }

    /// Whether the row fits.
    pub(super) fn matches(&self, env: &Env, model: &Model, id: i64, row: &Row) -> bool {
        match self {
            Self::Always(answer) => *answer,
            Self::All(parts) => parts.iter().all(|part| part.matches(env, model, id, row)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(env, model, id, row)),
            Self::Not(inner) => !inner.matches(env, model, id, row),
            Self::Field { place, check } => match place {
                Place::Id => check.passes(&Cell::Int(id)),
                Place::Column(path) => check.passes(path.cell(row)),
                Place::Computed(field) => {
                    check.passes(&env.record(model, id).value(&model.all_fields()[*field]))
                }
            },
        }
    }

    /// The ids that alone can fit, where the domain says so; saves walking through the whole table.
    pub(super) fn candidates(&self) -> Option<Vec<i64>> {
        match self {
            Self::Field {
                place: Place::Id,
                check: Check::Ids { ids, .. },
            } => {
                let mut ids: Vec<i64> = ids.iter().copied().collect();
                ids.sort_unstable();
                Some(ids)
            }
            Self::All(parts) => parts.iter().find_map(Self::candidates),
            _ => None,
        }
    }
}

impl Check {
    fn passes(&self, cell: &Cell) -> bool {
        match self {
            Self::In { values, empty } => {
                if is_falsy(cell) {
                    *empty
                } else {
                    values.iter().any(|value| equal(value, cell))
                }
            }
            Self::Ids { ids, empty } => match cell {
                Cell::Int(id) => ids.contains(id),
                Cell::Ids(all) if !all.is_empty() => all.iter().any(|id| ids.contains(id)),
                _ => *empty,
            },
            Self::Texts { texts, empty } => match cell.as_text() {
                Some(text) if !text.is_empty() => texts.contains(text),
                _ => *empty,
            },
            Self::Below { than, or_equal } => match compare(cell, than) {
                Some(order) => order.is_lt() || (*or_equal && order.is_eq()),
                None => false,
            },
            Self::Above { than, or_equal } => match compare(cell, than) {
                Some(order) => order.is_gt() || (*or_equal && order.is_eq()),
                None => false,
            },
            Self::Like(pattern) => match cell {
                Cell::Text(text) => pattern.matches(text),
                Cell::Int(number) => pattern.matches(&number.to_string()),
                Cell::Float(number) => pattern.matches(&number.to_string()),
                Cell::Date(date) => pattern.matches(&date.to_string()),
                Cell::DateTime(moment) => pattern.matches(&moment.to_string().replace('T', " ")),
                Cell::Json(json) => pattern.matches(&json.to_string()),
                Cell::Empty | Cell::Bool(_) | Cell::Ids(_) => false,
            },
        }
    }
}

/// Empty, or the value that Odoo treats as empty: zero, false, the empty text.
fn is_falsy(cell: &Cell) -> bool {
    !cell.is_truthy()
}

fn equal(left: &Cell, right: &Cell) -> bool {
    match (left, right) {
        (Cell::Float(_) | Cell::Int(_), Cell::Float(_) | Cell::Int(_)) => {
            (left.as_float() - right.as_float()).abs() < f64::EPSILON
        }
        _ => left == right,
    }
}

/// Numbers compare with an empty value as zero and texts as the empty text; days and moments never do.
fn compare(left: &Cell, right: &Cell) -> Option<std::cmp::Ordering> {
    match (left, right) {
        (Cell::Date(left), Cell::Date(right)) => Some(left.cmp(right)),
        (Cell::DateTime(left), Cell::DateTime(right)) => Some(left.cmp(right)),
        (Cell::Text(left), Cell::Text(right)) => Some(left.cmp(right)),
        (Cell::Empty, Cell::Text(right)) => Some("".cmp(right)),
        (
            Cell::Int(_) | Cell::Float(_) | Cell::Bool(_) | Cell::Empty,
            Cell::Int(_) | Cell::Float(_) | Cell::Bool(_),
        ) => left.as_float().partial_cmp(&right.as_float()),
        _ => None,
    }
}
