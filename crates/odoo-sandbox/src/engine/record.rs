//! A handle on one record, for the code of models: reads and sets values without access checks.
//!
//! Not for answering a client; see `read`.

use jiff::civil::{Date, DateTime};

use super::{
    cell::Cell,
    env::Env,
    field::{Field, Kind, Source},
    model::Model,
};

/// One record, which need not exist: then every value is empty.
#[derive(Clone, Copy)]
pub(crate) struct Record<'e> {
    env: &'e Env,
    model: &'e Model,
    id: i64,
}

impl<'e> Record<'e> {
    /// The handle.
    pub(crate) fn new(env: &'e Env, model: &'e Model, id: i64) -> Self {
        Self { env, model, id }
    }

    /// The id.
    pub(crate) fn id(&self) -> i64 {
        self.id
    }

    /// The environment it is read in.
    pub(crate) fn env(&self) -> &'e Env {
        self.env
    }

    /// Its model.
    pub(crate) fn model(&self) -> &'e Model {
        self.model
    }

    /// The value of a field, computed if it is computed. One2many values are the ids by ascending id.
    pub(crate) fn get(&self, field: &str) -> Cell {
        if field == "id" {
            return Cell::Int(self.id);
        }
        let Some(field) = self.model.get(field) else {
            debug_assert!(false, "no field {}.{field}", self.model.name);
            return Cell::Empty;
        };
        self.value(field)
    }

    /// The value of a field of this model.
    pub(crate) fn value(&self, field: &Field) -> Cell {
        match field.source {
            Source::Computed(compute) => compute(self),
            Source::Related(path) => self.follow(path),
            Source::Stored if field.name == "id" => Cell::Int(self.id),
            Source::Stored => match field.kind {
                Kind::One2many(model, inverse) => self.listed(model, inverse),
                _ => self.column(field.name),
            },
        }
    }

    /// The text of a field; empty if there is none.
    pub(crate) fn text(&self, field: &str) -> String {
        self.get(field).as_text().unwrap_or_default().to_owned()
    }

    /// Whether a text or selection field holds this text.
    pub(crate) fn is(&self, field: &str, text: &str) -> bool {
        self.get(field).as_text() == Some(text)
    }

    /// The number of a field; 0 if there is none.
    pub(crate) fn float(&self, field: &str) -> f64 {
        self.get(field).as_float()
    }

    /// The whole number of a field; 0 if there is none.
    pub(crate) fn int(&self, field: &str) -> i64 {
        self.get(field).as_int()
    }

    /// Whether a field is truthy.
    pub(crate) fn bool(&self, field: &str) -> bool {
        self.get(field).is_truthy()
    }

    /// The day of a field; of a datetime, its day in UTC.
    pub(crate) fn date(&self, field: &str) -> Option<Date> {
        match self.get(field) {
            Cell::Date(date) => Some(date),
            Cell::DateTime(moment) => Some(moment.date()),
            _ => None,
        }
    }

    /// The moment of a field, in UTC.
    pub(crate) fn datetime(&self, field: &str) -> Option<DateTime> {
        match self.get(field) {
            Cell::DateTime(moment) => Some(moment),
            _ => None,
        }
    }

    /// The record a many2one points at.
    pub(crate) fn one(&self, field: &str) -> Option<Record<'e>> {
        let id = self.get(field).as_id()?;
        Some(self.env.record_of(self.model.get(field)?.relation()?, id))
    }

    /// The records of an x2many, archived ones included.
    pub(crate) fn many(&self, field: &str) -> Vec<Record<'e>> {
        let relation = self.model.get(field).and_then(Field::relation);
        relation.map_or_else(Vec::new, |model| self.env.browse(model, &self.ids(field)))
    }

    /// The ids behind a relational field, archived ones included.
    pub(crate) fn ids(&self, field: &str) -> Vec<i64> {
        self.get(field).ids()
    }

    /// Sets a column, past access checks, hooks and validation. Nothing happens to fields that are no columns.
    pub(crate) fn set(&self, field: &str, value: impl Into<Cell>) {
        let registry = self.env.registry();
        let column = self.model.get(field).filter(|field| field.has_column());
        let Some(column) = column.and_then(|field| registry.column_of(self.model, field.name))
        else {
            debug_assert!(false, "no column {}.{field}", self.model.name);
            return;
        };
        let table = registry.table_of(self.model);
        self.env
            .database_mut()
            .put(table, self.id, column, value.into());
        if matches!(self.model.name, "res.users" | "res.groups") {
            self.env.forget_memberships();
        }
    }

    /// Whether it is in the database.
    pub(crate) fn exists(&self) -> bool {
        let table = self.env.registry().table_of(self.model);
        self.env.database().table(table).row(self.id).is_some()
    }

    /// What people see instead of the id.
    pub(crate) fn display_name(&self) -> String {
        if let Some(name) = self.model.display_name {
            return name(self);
        }
        match self
            .model
            .get(self.model.rec_name)
            .map(|field| self.value(field))
        {
            Some(Cell::Text(name)) => name.to_string(),
            Some(Cell::Date(date)) => date.to_string(),
            Some(Cell::Int(id)) => {
                let target = self.one(self.model.rec_name);
                target.map_or_else(|| id.to_string(), |target| target.display_name())
            }
            _ => format!("{},{}", self.model.name, self.id),
        }
    }

    fn column(&self, field: &str) -> Cell {
        let registry = self.env.registry();
        let table = registry.table_of(self.model);
        let Some(column) = registry.column_of(self.model, field) else {
            return Cell::Empty;
        };
        let database = self.env.database();
        let row = database.table(table).row(self.id);
        row.map_or(Cell::Empty, |row| row[column].clone())
    }

    /// The value at the end of a path of many2one fields.
    fn follow(&self, path: &str) -> Cell {
        match path.split_once('.') {
            None => self.get(path),
            Some((first, rest)) => match self.one(first) {
                Some(next) => next.follow(rest),
                None => Cell::Empty,
            },
        }
    }

    fn listed(&self, model: &str, inverse: &str) -> Cell {
        let registry = self.env.registry();
        let Some(model) = registry.model(model) else {
            return Cell::Empty;
        };
        let Some(column) = registry.column_of(model, inverse) else {
            return Cell::Empty;
        };
        let database = self.env.database();
        let table = database.table(registry.table_of(model));
        table
            .pointing_at(column, self.id)
            .unwrap_or_default()
            .into()
    }
}
