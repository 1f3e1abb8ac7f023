//! Reading records: `read` with its pairs, and the nested specifications of `web_read`.

use std::collections::HashMap;

use serde_json::{Map, Value as Json, json};

use super::{
    cell::Cell,
    env::{Env, truthy},
    error::{OdooError, Result},
    field::{Field, Kind, Source},
    model::{Model, Operation},
    order,
    present::present,
    python,
};

/// How deep specifications may nest.
const MAX_DEPTH: usize = 16;

impl Env {
    /// `read`: the fields of the records, those that are missing left out. With `pairs`, a many2one reads as `[id, name]`.
    pub(crate) fn read(
        &self,
        model: &Model,
        ids: &[i64],
        names: &[&str],
        pairs: bool,
    ) -> Result<Vec<Map<String, Json>>> {
        let fields = self.fields_to_read(model, names)?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        self.check_access(model, Operation::Read)?;
        self.check_records(model, ids, Operation::Read)?;
        let mut known = HashMap::new();
        let mut rows = Vec::with_capacity(ids.len());
        for id in self.existing(model, ids) {
            let mut row = Map::new();
            row.insert("id".to_owned(), id.into());
            for field in &fields {
                let cell = self.record(model, id).value(field);
                let value = match (&field.kind, cell) {
                    (Kind::Many2one(relation), Cell::Int(target)) if pairs && target != 0 => {
                        let name = known
                            .entry((*relation, target))
                            .or_insert_with(|| self.record_of(relation, target).display_name());
                        json!([target, name])
                    }
                    (_, cell) if field.is_x2many() => json!(self.listed(model, field, &cell)?),
                    (_, cell) => present(self, field, &cell),
                };
                if field.name != "id" {
                    row.insert(field.name.to_owned(), value);
                }
            }
            rows.push(row);
        }
        Ok(rows)
    }

    /// The readable fields of those names; all readable ones if there are none.
    pub(super) fn fields_to_read<'m>(
        &self,
        model: &'m Model,
        names: &[&str],
    ) -> Result<Vec<&'m Field>> {
        if names.is_empty() {
            let fields = model
                .all_fields()
                .iter()
                .filter(|field| self.may_use(field));
            return Ok(fields.collect());
        }
        let fields = names.iter().map(|name| {
            let Some(field) = model.get(name) else {
                let (name, model) = (python::repr_text(name), python::repr_text(model.name));
                return Err(OdooError::value(format!("Invalid field {name} on {model}")));
            };
            Ok(field)
        });
        let fields = fields.collect::<Result<Vec<_>>>()?;
        for field in &fields {
            if !self.may_use(field) {
                self.check_access(model, Operation::Read)?;
                self.check_field(model, field, Operation::Read)?;
            }
        }
        Ok(fields)
    }

    /// The ids of an x2many as the caller sees them: rules applied, archived ones hidden, in the order of their model.
    pub(super) fn listed(&self, model: &Model, field: &Field, cell: &Cell) -> Result<Vec<i64>> {
        let Some(relation) = field.relation() else {
            return Ok(Vec::new());
        };
        let mut ids = cell.ids();
        let comodel = self.model(relation)?;
        if matches!(field.source, Source::Stored) {
            self.check_access(comodel, Operation::Read)
                .map_err(|error| OdooError {
                    message: format!(
                        "Failed to read field {}.{}\n{}",
                        model.name, field.name, error.message
                    ),
                    ..error
                })?;
            ids = self.passing(comodel, &ids, Operation::Read)?;
            order::sort(self, comodel, None, &mut ids)?;
        }
        if field.active_test && self.active_test() && comodel.get("active").is_some() {
            ids.retain(|id| self.record(comodel, *id).bool("active"));
        }
        Ok(ids)
    }

    /// `web_read`: records with what hangs on them, as the specification says.
    pub(crate) fn web_read(
        &self,
        model: &Model,
        ids: &[i64],
        specification: &Json,
    ) -> Result<Vec<Map<String, Json>>> {
        Nested {
            env: self,
            depth: 0,
        }
        .read(model, ids, specification)
    }
}

/// One level of a specification.
struct Nested<'e> {
    env: &'e Env,
    depth: usize,
}

impl Nested<'_> {
    fn read(
        &self,
        model: &Model,
        ids: &[i64],
        specification: &Json,
    ) -> Result<Vec<Map<String, Json>>> {
        let Some(specification) = specification.as_object() else {
            let text = format!(
                "'{}' object has no attribute 'items'",
                python::class(specification)
            );
            return Err(OdooError::other("builtins.AttributeError", text));
        };
        if self.depth > MAX_DEPTH {
            let text = "maximum recursion depth exceeded";
            return Err(OdooError::other("builtins.RecursionError", text));
        }
        let names: Vec<&str> = specification.keys().map(String::as_str).collect();
        if names.iter().all(|name| *name == "id") {
            return Ok(ids.iter().map(|id| only_id(*id)).collect());
        }
        let mut rows = self.env.read(model, ids, &names, false)?;
        for (name, inner) in specification {
            let field = model.get(name);
            let Some((field, relation)) = field.and_then(|field| Some((field, field.relation()?)))
            else {
                continue;
            };
            if inner.get("fields").is_some() && !rows.is_empty() && rows.len() < ids.len() {
                self.env.check_existing(model, ids)?;
            }
            let nested = Level {
                name,
                inner,
                comodel: self.env.model(relation)?,
            };
            if field.is_x2many() {
                self.many(&nested, &mut rows)?;
            } else {
                self.one(&nested, &mut rows)?;
            }
        }
        Ok(rows)
    }

    fn one(&self, level: &Level<'_>, rows: &mut [Map<String, Json>]) -> Result<()> {
        let Some(fields) = level.inner.get("fields") else {
            return Ok(());
        };
        let env = level.environment(self.env);
        let mut targets: Vec<i64> = rows
            .iter()
            .filter_map(|row| row.get(level.name).and_then(Json::as_i64))
            .collect();
        targets.sort_unstable();
        targets.dedup();
        let mut others = fields.clone();
        let named = others
            .as_object_mut()
            .is_some_and(|map| map.remove("display_name").is_some());
        let deeper = Nested {
            env: &env,
            depth: self.depth + 1,
        };
        let mut found = by_id(deeper.read(level.comodel, &targets, &others)?);
        if named {
            for (id, row) in &mut found {
                let name = env.record(level.comodel, *id).display_name();
                row.insert("display_name".to_owned(), name.into());
            }
        }
        for row in rows {
            if let Some(value) = row.get_mut(level.name)
                && let Some(id) = value.as_i64()
            {
                *value = found
                    .get(&id)
                    .map_or(json!(false), |row| row.clone().into());
            }
        }
        Ok(())
    }

    fn many(&self, level: &Level<'_>, rows: &mut [Map<String, Json>]) -> Result<()> {
        let env = level.environment(self.env);
        level.reorder(&env, rows)?;
        let Some(fields) = level.inner.get("fields") else {
            return Ok(());
        };
        let limit = level.inner.get("limit").and_then(Json::as_u64);
        let limit = limit.map_or(usize::MAX, |limit| {
            usize::try_from(limit).unwrap_or(usize::MAX)
        });
        let mut wanted: Vec<i64> = Vec::new();
        for row in rows.iter() {
            wanted.extend(ids_of(row, level.name).into_iter().take(limit));
        }
        wanted.sort_unstable();
        wanted.dedup();
        let deeper = Nested {
            env: &env,
            depth: self.depth + 1,
        };
        let found = by_id(deeper.read(level.comodel, &wanted, fields)?);
        for row in rows {
            let ids = ids_of(row, level.name);
            let records = ids.into_iter().map(|id| match found.get(&id) {
                Some(record) => Json::Object(record.clone()),
                // Odoo lists what lies beyond the limit as well, without its fields.
                None => Json::Object(only_id(id)),
            });
            row.insert(level.name.to_owned(), records.collect());
        }
        Ok(())
    }
}

/// A relational field of a specification.
struct Level<'a> {
    name: &'a str,
    inner: &'a Json,
    comodel: &'a Model,
}

impl Level<'_> {
    /// Sorts the ids of each row as the specification says.
    fn reorder(&self, env: &Env, rows: &mut [Map<String, Json>]) -> Result<()> {
        let Some(order) = self.inner.get("order").filter(|order| truthy(order)) else {
            return Ok(());
        };
        let Some(order) = order.as_str() else {
            let found = python::class(order);
            let text = format!("expected string or bytes-like object, got '{found}'");
            return Err(OdooError::kind(text));
        };
        for row in rows {
            let mut ids = ids_of(row, self.name);
            order::sort(env, self.comodel, Some(order), &mut ids)?;
            row.insert(self.name.to_owned(), json!(ids));
        }
        Ok(())
    }

    /// The environment of the records behind the field: with the context the specification adds.
    fn environment(&self, env: &Env) -> Env {
        let Some(more) = self.inner.get("context").and_then(Json::as_object) else {
            return env.clone();
        };
        let mut context = env.context().clone();
        context.extend(more.clone());
        env.with_context(context)
    }
}

fn by_id(rows: Vec<Map<String, Json>>) -> HashMap<i64, Map<String, Json>> {
    let keyed = rows
        .into_iter()
        .map(|row| (row.get("id").and_then(Json::as_i64).unwrap_or(0), row));
    keyed.collect()
}

fn only_id(id: i64) -> Map<String, Json> {
    Map::from_iter([("id".to_owned(), id.into())])
}

fn ids_of(row: &Map<String, Json>, name: &str) -> Vec<i64> {
    let list = row.get(name).and_then(Json::as_array);
    list.map_or_else(Vec::new, |list| {
        list.iter().filter_map(Json::as_i64).collect()
    })
}
