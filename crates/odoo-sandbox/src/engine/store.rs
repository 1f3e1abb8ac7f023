//! The tables: rows by ascending id, copied on write so that a failing call leaves nothing behind.
//!
//! Not for access or validation; everything here is trusted.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use super::{cell::Cell, registry::Registry};

/// One row: a cell for each field of the model, empty where the field is no column.
pub(crate) type Row = Vec<Cell>;

/// The rows of one model.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    rows: BTreeMap<i64, Arc<Row>>,
    last_id: i64,
    /// For each many2one column that a one2many lists: the rows by the id they point at.
    inverses: HashMap<usize, HashMap<i64, BTreeSet<i64>>>,
}

impl Table {
    /// The row of that id.
    pub(crate) fn row(&self, id: i64) -> Option<&Arc<Row>> {
        self.rows.get(&id)
    }

    /// The id of the row that will be added next.
    pub(super) const fn next_id(&self) -> i64 {
        self.last_id + 1
    }

    /// Every row, by ascending id.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (i64, &Arc<Row>)> {
        self.rows.iter().map(|(id, row)| (*id, row))
    }

    /// The rows whose many2one in `column` is `target`; `None` if that column is not indexed.
    pub(crate) fn pointing_at(&self, column: usize, target: i64) -> Option<Vec<i64>> {
        let index = self.inverses.get(&column)?;
        Some(
            index
                .get(&target)
                .map_or_else(Vec::new, |ids| ids.iter().copied().collect()),
        )
    }

    fn insert(&mut self, row: Row) -> i64 {
        self.last_id += 1;
        let id = self.last_id;
        for (column, index) in &mut self.inverses {
            if let Some(target) = row[*column].as_id() {
                index.entry(target).or_default().insert(id);
            }
        }
        self.rows.insert(id, Arc::new(row));
        id
    }

    fn put(&mut self, id: i64, column: usize, cell: Cell) {
        let Some(row) = self.rows.get_mut(&id) else {
            return;
        };
        if let Some(index) = self.inverses.get_mut(&column) {
            if let Some(before) = row[column]
                .as_id()
                .and_then(|target| index.get_mut(&target))
            {
                before.remove(&id);
            }
            if let Some(target) = cell.as_id() {
                index.entry(target).or_default().insert(id);
            }
        }
        Arc::make_mut(row)[column] = cell;
    }

    fn remove(&mut self, id: i64) {
        let Some(row) = self.rows.remove(&id) else {
            return;
        };
        for (column, index) in &mut self.inverses {
            if let Some(ids) = row[*column]
                .as_id()
                .and_then(|target| index.get_mut(&target))
            {
                ids.remove(&id);
            }
        }
    }
}

/// All tables, the names of well-known records, and the sequences. A clone is cheap and independent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Database {
    tables: Vec<Arc<Table>>,
    names: Arc<HashMap<String, (&'static str, i64)>>,
    sequences: Arc<HashMap<String, i64>>,
}

impl Database {
    /// Empty tables for every model.
    pub(crate) fn new(registry: &Registry) -> Self {
        let mut tables: Vec<Table> = registry.models().map(|_| Table::default()).collect();
        for (table, column) in registry.inverse_columns() {
            tables[table].inverses.insert(column, HashMap::new());
        }
        Self {
            tables: tables.into_iter().map(Arc::new).collect(),
            ..Self::default()
        }
    }

    /// The table at that index.
    pub(crate) fn table(&self, table: usize) -> &Arc<Table> {
        &self.tables[table]
    }

    /// Adds a row and returns its id, one above the highest that ever was.
    pub(crate) fn insert(&mut self, table: usize, row: Row) -> i64 {
        Arc::make_mut(&mut self.tables[table]).insert(row)
    }

    /// Replaces one cell; a missing row is left missing.
    pub(crate) fn put(&mut self, table: usize, id: i64, column: usize, cell: Cell) {
        Arc::make_mut(&mut self.tables[table]).put(id, column, cell);
    }

    /// Removes a row.
    pub(crate) fn remove(&mut self, table: usize, id: i64) {
        Arc::make_mut(&mut self.tables[table]).remove(id);
    }

    /// The record of an XML id.
    pub(crate) fn named(&self, xml_id: &str) -> Option<(&'static str, i64)> {
        self.names.get(xml_id).copied()
    }

    /// Gives a record an XML id.
    pub(crate) fn set_name(&mut self, xml_id: &str, model: &'static str, id: i64) {
        Arc::make_mut(&mut self.names).insert(xml_id.to_owned(), (model, id));
    }

    /// The next number of a sequence, from 1.
    pub(crate) fn next_number(&mut self, sequence: &str) -> i64 {
        let next = Arc::make_mut(&mut self.sequences)
            .entry(sequence.to_owned())
            .or_insert(0);
        *next += 1;
        *next
    }
}
