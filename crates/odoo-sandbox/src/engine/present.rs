//! How values read in an answer: `false` for what is empty, zero for empty numbers, texts for days and moments.

use jiff::civil::DateTime;
use serde_json::{Value as Json, json};

use super::{
    cell::Cell,
    env::{Env, truthy},
    field::{Field, Kind},
};

/// The value of a field, many2one as the bare id.
pub(super) fn present(env: &Env, field: &Field, cell: &Cell) -> Json {
    match (&field.kind, cell) {
        (Kind::Boolean, cell) => cell.is_truthy().into(),
        (Kind::Integer, Cell::Empty) => json!(0),
        (Kind::Integer, Cell::Float(_)) => cell.as_int().into(),
        (Kind::Float | Kind::Monetary(_), cell) => cell.as_float().into(),
        (Kind::One2many(..) | Kind::Many2many(_), Cell::Empty) => json!([]),
        (Kind::Many2one(_), Cell::Int(0)) => json!(false),
        (Kind::Binary, Cell::Text(text)) if env.key("bin_size").is_some_and(truthy) => {
            human_size(text.len() / 4 * 3).into()
        }
        (_, cell) => plain(cell),
    }
}

/// A value without a field: what its own type says.
pub(super) fn plain(cell: &Cell) -> Json {
    match cell {
        Cell::Empty => json!(false),
        Cell::Bool(value) => (*value).into(),
        Cell::Int(value) => (*value).into(),
        Cell::Float(value) => (*value).into(),
        Cell::Text(text) => (**text).into(),
        Cell::Date(date) => date.to_string().into(),
        Cell::DateTime(moment) => shown(*moment).into(),
        Cell::Ids(ids) => ids.to_vec().into(),
        Cell::Json(json) => (**json).clone(),
    }
}

/// `2026-11-22 14:30:00`.
pub(crate) fn shown(moment: DateTime) -> String {
    let (date, time) = (moment.date(), moment.time());
    format!(
        "{date} {:02}:{:02}:{:02}",
        time.hour(),
        time.minute(),
        time.second()
    )
}

/// `192.00 bytes`, `4.50 Kb`: what Odoo shows in place of a binary.
pub(crate) fn human_size(bytes: usize) -> String {
    let mut units = ["bytes", "Kb", "Mb", "Gb"].into_iter().peekable();
    #[expect(
        clippy::cast_precision_loss,
        reason = "files stay far below 2^53 bytes"
    )]
    let mut size = bytes as f64;
    while size >= 1024.0 && units.len() > 1 {
        size /= 1024.0;
        units.next();
    }
    format!("{size:.2} {}", units.peek().copied().unwrap_or("bytes"))
}
