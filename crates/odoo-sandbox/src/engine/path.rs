//! Where the value of a field stands, found once for a search instead of anew for each row.
//!
//! Only for values that are columns, in the table itself or behind many2one fields; what is computed is asked of each
//! record.

use std::sync::Arc;

use super::{
    cell::Cell,
    env::Env,
    field::{Field, Source},
    model::Model,
    store::{Row, Table},
};

/// What is found where a many2one leads nowhere.
static NOTHING: Cell = Cell::Empty;

/// The way from a row to a value.
pub(super) struct Path {
    table: Arc<Table>,
    column: usize,
    /// Further tables, each entered by the id found before, and the column to look at there.
    further: Vec<(Arc<Table>, usize)>,
}

impl Path {
    /// The way to a field; `None` if it is computed.
    pub(super) fn to(env: &Env, model: &Model, field: &Field) -> Option<Self> {
        let mut steps = Vec::new();
        walk(env, model, field, &mut steps)?;
        let database = env.database();
        let mut steps = steps
            .into_iter()
            .map(|(table, column)| (Arc::clone(database.table(table)), column));
        let (table, column) = steps.next()?;
        Some(Self {
            table,
            column,
            further: steps.collect(),
        })
    }

    /// The value, from a row of the first table.
    pub(super) fn cell<'p>(&'p self, row: &'p Row) -> &'p Cell {
        let mut cell = &row[self.column];
        for (table, column) in &self.further {
            let Some(row) = cell.as_id().and_then(|id| table.row(id)) else {
                return &NOTHING;
            };
            cell = &row[*column];
        }
        cell
    }

    fn read(&self, id: i64) -> Cell {
        let row = self.table.row(id);
        row.map_or(Cell::Empty, |row| self.cell(row).clone())
    }
}

impl Env {
    /// The value of a field for each of the records.
    pub(super) fn cells(&self, model: &Model, field: &Field, ids: &[i64]) -> Vec<Cell> {
        match Path::to(self, model, field) {
            Some(path) => ids.iter().map(|id| path.read(*id)).collect(),
            None => ids
                .iter()
                .map(|id| self.record(model, *id).value(field))
                .collect(),
        }
    }
}

/// The tables and columns on the way; `None` where it leads over something computed.
fn walk(env: &Env, model: &Model, field: &Field, steps: &mut Vec<(usize, usize)>) -> Option<()> {
    match field.source {
        Source::Computed(_) => None,
        Source::Stored if field.name == "id" || !field.has_column() => None,
        Source::Stored => {
            let registry = env.registry();
            let column = registry.column_of(model, field.name)?;
            steps.push((registry.table_of(model), column));
            Some(())
        }
        Source::Related(path) => {
            let mut at = model;
            let mut names = path.split('.').peekable();
            while let Some(name) = names.next() {
                let step = at.get(name)?;
                walk(env, at, step, steps)?;
                if names.peek().is_some() {
                    at = env.registry().model(step.relation()?)?;
                }
            }
            Some(())
        }
    }
}
