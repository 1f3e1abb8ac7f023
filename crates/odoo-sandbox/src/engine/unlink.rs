//! Removing records and what points at them, and copying records.

use std::sync::Arc;

use super::{
    cell::Cell,
    convert::still_used,
    env::Env,
    error::Result,
    field::{Field, Kind},
    model::{Model, Operation, Vals},
    present::present,
};

impl Env {
    /// Removes records with the access checks and hooks of a client's `unlink`.
    pub(crate) fn unlink(&self, model: &str, ids: &[i64]) -> Result<()> {
        let model = self.model(model)?;
        self.check_access(model, Operation::Unlink)?;
        self.check_existing(model, ids)?;
        self.check_records(model, ids, Operation::Unlink)?;
        if let Some(hook) = model.hooks.before_unlink {
            hook(self, ids)?;
        }
        let ids = self.existing(model, ids);
        self.release(model, &ids)?;
        let table = self.registry().table_of(model);
        for id in &ids {
            self.database_mut().remove(table, *id);
        }
        if matches!(model.name, "res.users" | "res.groups") {
            self.forget_memberships();
        }
        Ok(())
    }

    /// Copies a record: its columns but those marked otherwise, and what `default` says instead.
    pub(crate) fn copy(&self, model: &str, id: i64, default: &Vals) -> Result<i64> {
        let model = self.model(model)?;
        self.check_access(model, Operation::Create)?;
        self.check_access(model, Operation::Read)?;
        self.check_existing(model, &[id])?;
        self.check_records(model, &[id], Operation::Read)?;
        let record = self.record(model, id);
        let mut vals = Vals::new();
        for field in model
            .all_fields()
            .iter()
            .filter(|field| field.copy && field.has_column())
        {
            if !self.may_use(field) {
                continue;
            }
            let mut value = present(self, field, &record.value(field));
            if (field.name == model.rec_name || field.name == "name")
                && matches!(field.kind, Kind::Char)
                && !record.text(field.name).is_empty()
            {
                value = format!("{} (copy)", record.text(field.name)).into();
            }
            vals.insert(field.name.to_owned(), value);
        }
        vals.extend(default.clone());
        self.create(model.name, vals)
    }

    /// What points at records that go: required references refuse, children go too, others are emptied.
    fn release(&self, model: &Model, ids: &[i64]) -> Result<()> {
        let models: Vec<&Model> = self.registry().models().collect();
        for other in models {
            for field in other.all_fields().iter().filter(|field| field.has_column()) {
                match field.kind {
                    Kind::Many2one(relation) if relation == model.name => {
                        self.release_one(other, field, ids)?;
                    }
                    Kind::Many2many(relation) if relation == model.name => {
                        self.release_many(other, field, ids);
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn release_one(&self, other: &Model, field: &Field, ids: &[i64]) -> Result<()> {
        if other.table != other.name {
            return Ok(());
        }
        let Some(column) = other.position(field.name) else {
            return Ok(());
        };
        let table = Arc::clone(self.database().table(self.registry().table_of(other)));
        let pointing = table.iter().filter(|(_, row)| {
            row[column]
                .as_id()
                .is_some_and(|target| ids.contains(&target))
        });
        let pointing: Vec<i64> = pointing.map(|(id, _)| id).collect();
        drop(table);
        if pointing.is_empty() {
            return Ok(());
        }
        if field.cascade {
            return self.sudo().unlink(other.name, &pointing);
        }
        if field.required {
            return Err(still_used(other, field));
        }
        for id in pointing {
            self.record(other, id).set(field.name, Cell::Empty);
        }
        Ok(())
    }

    fn release_many(&self, other: &Model, field: &Field, ids: &[i64]) {
        if other.table != other.name {
            return;
        }
        let Some(column) = other.position(field.name) else {
            return;
        };
        let table = Arc::clone(self.database().table(self.registry().table_of(other)));
        for (id, row) in table.iter() {
            let Cell::Ids(all) = &row[column] else {
                continue;
            };
            if all.iter().any(|target| ids.contains(target)) {
                let kept: Vec<i64> = all
                    .iter()
                    .filter(|target| !ids.contains(target))
                    .copied()
                    .collect();
                self.record(other, id).set(field.name, kept);
            }
        }
    }
}
