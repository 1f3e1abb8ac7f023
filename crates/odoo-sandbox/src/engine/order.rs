//! Ordering records as `ORDER BY` would: many2one by the order of the records they point at, empty values last.

use std::{cmp::Ordering, collections::HashMap};

use super::{
    cell::Cell,
    condition::not_stored,
    env::Env,
    error::{OdooError, Result},
    field::{Field, Kind},
    model::{Model, Operation},
    python,
};

/// How deep orders follow many2one fields into the orders of other models.
const MAX_DEPTH: usize = 4;

/// One term of an order.
#[derive(Clone, Debug)]
pub(super) struct Term<'a> {
    /// The field, group or aggregate.
    pub(super) name: &'a str,
    pub(super) descending: bool,
    pub(super) empty_first: bool,
}

impl<'a> Term<'a> {
    /// Smallest first, empty last.
    pub(super) fn ascending(name: &'a str) -> Self {
        Self {
            name,
            descending: false,
            empty_first: false,
        }
    }
}

/// Sorts ids by `order`, or by the model's own; equal ones stay by ascending id.
pub(super) fn sort(
    env: &Env,
    model: &Model,
    order: Option<&str>,
    ids: &mut Vec<i64>,
) -> Result<()> {
    let text = order
        .filter(|order| !order.trim().is_empty())
        .unwrap_or(model.order);
    let terms = parse(text)?;
    let mut keys: Vec<(Vec<Key>, bool, bool)> = Vec::new();
    for term in &terms {
        keys.push((
            column(env, model, term, ids, 0)?,
            term.descending,
            term.empty_first,
        ));
    }
    let mut positions: Vec<usize> = (0..ids.len()).collect();
    positions.sort_by(|left, right| {
        let each = keys.iter().map(|(keys, descending, empty_first)| {
            compare(&keys[*left], &keys[*right], *descending, *empty_first)
        });
        each.into_iter()
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    });
    *ids = positions
        .into_iter()
        .map(|position| ids[position])
        .collect();
    Ok(())
}

/// Reads an order; bad text is refused as Odoo does.
pub(super) fn parse(text: &str) -> Result<Vec<Term<'_>>> {
    let invalid = || {
        OdooError::user(format!(
            "Invalid \"order\" specified ({text}). A valid \"order\" specification is a \
             comma-separated list of valid field names (optionally followed by asc/desc for the \
             direction)"
        ))
    };
    text.split(',')
        .map(|part| term(part).ok_or_else(invalid))
        .collect()
}

/// Reads one term of an order.
pub(super) fn term(part: &str) -> Option<Term<'_>> {
    let mut words = part.split_whitespace();
    let name = words.next()?;
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | ':');
    if !name.chars().all(plain) {
        return None;
    }
    let rest: Vec<String> = words.map(str::to_lowercase).collect();
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    let (direction, nulls) = match rest.as_slice() {
        [] => ("asc", None),
        [direction @ ("asc" | "desc")] => (*direction, None),
        ["nulls", place @ ("first" | "last")] => ("asc", Some(*place)),
        [
            direction @ ("asc" | "desc"),
            "nulls",
            place @ ("first" | "last"),
        ] => (*direction, Some(*place)),
        _ => return None,
    };
    let descending = direction == "desc";
    let empty_first = nulls.map_or(descending, |place| place == "first");
    Some(Term {
        name,
        descending,
        empty_first,
    })
}

/// What a row is sorted by.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Key {
    Cell(Cell),
    /// The position of the record that a many2one points at, in that model's order.
    Rank(usize),
}

/// Compares two keys.
pub(super) fn compare(left: &Key, right: &Key, descending: bool, empty_first: bool) -> Ordering {
    let empty = |key: &Key| *key == Key::Cell(Cell::Empty);
    match (empty(left), empty(right)) {
        (true, true) => return Ordering::Equal,
        (true, false) => {
            return if empty_first {
                Ordering::Less
            } else {
                Ordering::Greater
            };
        }
        (false, true) => {
            return if empty_first {
                Ordering::Greater
            } else {
                Ordering::Less
            };
        }
        (false, false) => {}
    }
    let order = match (left, right) {
        (Key::Rank(left), Key::Rank(right)) => left.cmp(right),
        (Key::Cell(left), Key::Cell(right)) => compare_cells(left, right),
        _ => Ordering::Equal,
    };
    if descending { order.reverse() } else { order }
}

/// Compares two values that are not empty; texts by bytes, as PostgreSQL does under the locale `C`.
pub(super) fn compare_cells(left: &Cell, right: &Cell) -> Ordering {
    match (left, right) {
        (Cell::Text(left), Cell::Text(right)) => left.cmp(right),
        (Cell::Date(left), Cell::Date(right)) => left.cmp(right),
        (Cell::DateTime(left), Cell::DateTime(right)) => left.cmp(right),
        _ => left
            .as_float()
            .partial_cmp(&right.as_float())
            .unwrap_or(Ordering::Equal),
    }
}

/// The keys of `ids` for one value each, many2one by the order of their model.
pub(super) fn ranks(
    env: &Env,
    model: &Model,
    ids: &[i64],
    depth: usize,
) -> Result<HashMap<i64, usize>> {
    let mut sorted: Vec<i64> = ids.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    if model.order != "id" && depth < MAX_DEPTH {
        let terms = parse(model.order)?;
        let mut keys = Vec::new();
        for term in &terms {
            keys.push((
                column(env, model, term, &sorted, depth + 1)?,
                term.descending,
                term.empty_first,
            ));
        }
        let mut positions: Vec<usize> = (0..sorted.len()).collect();
        positions.sort_by(|left, right| {
            let each = keys.iter().map(|(keys, descending, empty_first)| {
                compare(&keys[*left], &keys[*right], *descending, *empty_first)
            });
            each.into_iter()
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
        });
        sorted = positions
            .into_iter()
            .map(|position| sorted[position])
            .collect();
    }
    Ok(sorted
        .into_iter()
        .enumerate()
        .map(|(rank, id)| (id, rank))
        .collect())
}

fn column(
    env: &Env,
    model: &Model,
    term: &Term<'_>,
    ids: &[i64],
    depth: usize,
) -> Result<Vec<Key>> {
    let (name, property) = match term.name.split_once('.') {
        Some((name, property)) => (name, Some(property)),
        None => (term.name, None),
    };
    let Some(field) = model.get(name) else {
        let (name, model) = (python::repr_text(name), python::repr_text(model.name));
        return Err(OdooError::value(format!(
            "Invalid field {name} on model {model}"
        )));
    };
    if depth == 0 {
        env.check_field(model, field, Operation::Read)?;
    }
    if let Some(property) = property.filter(|property| *property != "id") {
        let property = python::repr_text(property);
        let text = format!("Invalid field property {property} on {}.{name}", model.name);
        return Err(OdooError::value(text));
    }
    if !sortable(field) {
        return Err(not_stored(model, field));
    }
    let cells = env.cells(model, field, ids).into_iter();
    match field.kind {
        Kind::Many2one(relation) if property.is_none() => {
            let cells: Vec<Option<i64>> = cells.map(|cell| cell.as_id()).collect();
            let targets: Vec<i64> = cells.iter().flatten().copied().collect();
            let ranks = ranks(env, env.model(relation)?, &targets, depth)?;
            let key = |id: Option<i64>| match id.and_then(|id| ranks.get(&id)) {
                Some(rank) => Key::Rank(*rank),
                None => Key::Cell(Cell::Empty),
            };
            Ok(cells.into_iter().map(key).collect())
        }
        Kind::Boolean => Ok(cells
            .map(|cell| Key::Cell(cell.is_truthy().into()))
            .collect()),
        _ => Ok(cells.map(Key::Cell).collect()),
    }
}

fn sortable(field: &Field) -> bool {
    use super::field::Source;
    !field.is_x2many() && (field.column || matches!(field.source, Source::Related(_)))
}
