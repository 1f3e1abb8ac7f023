//! The commands that change an x2many: create, update, delete, unlink, link, clear and set.

use serde_json::Value as Json;

use super::{
    cell::Cell,
    convert::wrong,
    env::Env,
    error::{OdooError, Result},
    field::{Field, Kind},
    model::Vals,
    record::Record,
};

/// One command.
#[derive(Clone, Debug, PartialEq)]
enum Command {
    Create(Vals),
    Update(i64, Vals),
    Delete(i64),
    Unlink(i64),
    Link(i64),
    Clear,
    Set(Vec<i64>),
}

/// Applies the commands of `value` to an x2many of `record`, with the caller's access.
pub(super) fn apply(record: &Record<'_>, field: &Field, value: &Json) -> Result<()> {
    for command in parse(record, field, value)? {
        match field.kind {
            Kind::Many2many(relation) => Set {
                record,
                field,
                relation,
            }
            .apply(command)?,
            Kind::One2many(relation, inverse) => {
                Lines {
                    record,
                    field,
                    relation,
                    inverse,
                }
                .apply(command)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn parse(record: &Record<'_>, field: &Field, value: &Json) -> Result<Vec<Command>> {
    let invalid = || {
        let text = value
            .as_str()
            .map_or_else(|| super::python::repr(value), ToOwned::to_owned);
        let (model, field) = (record.model().name, field.name);
        OdooError::value(format!("Wrong value for {model}.{field}: {text}"))
    };
    let list = match value {
        Json::Null | Json::Bool(false) => return Ok(vec![Command::Clear]),
        Json::Array(list) => list,
        _ => return Err(invalid()),
    };
    if !list.is_empty() && list.iter().all(Json::is_i64) {
        return Ok(vec![Command::Set(
            list.iter().filter_map(Json::as_i64).collect(),
        )]);
    }
    let commands = list.iter().map(|item| match item {
        Json::Object(vals) => Ok(Some(Command::Create(vals.clone()))),
        Json::Array(parts) => command(parts).ok_or_else(|| wrong(record.model(), field, value)),
        _ => Err(invalid()),
    });
    Ok(commands
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect())
}

/// The command of its parts; an unknown one is passed over as Odoo does, one without its arguments refused.
fn command(parts: &[Json]) -> Option<Option<Command>> {
    let code = parts.first()?.as_i64()?;
    let id = || parts.get(1).and_then(Json::as_i64);
    let vals = || parts.get(2).and_then(Json::as_object).cloned();
    Some(Some(match code {
        0 => Command::Create(vals()?),
        1 => Command::Update(id()?, vals()?),
        2 => Command::Delete(id()?),
        3 => Command::Unlink(id()?),
        4 => Command::Link(id()?),
        5 => Command::Clear,
        6 => {
            let ids = parts.get(2)?.as_array()?;
            Command::Set(ids.iter().filter_map(Json::as_i64).collect())
        }
        _ => return Some(None),
    }))
}

/// A many2many and its commands.
struct Set<'a> {
    record: &'a Record<'a>,
    field: &'a Field,
    relation: &'static str,
}

impl Set<'_> {
    fn apply(&self, command: Command) -> Result<()> {
        let env = self.record.env();
        let mut ids = self.record.value(self.field).ids();
        match command {
            Command::Create(vals) => ids.push(env.create(self.relation, vals)?),
            Command::Update(id, vals) => env.write(self.relation, &[id], vals)?,
            Command::Delete(id) => {
                env.unlink(self.relation, &[id])?;
                ids.retain(|other| *other != id);
            }
            Command::Unlink(id) => ids.retain(|other| *other != id),
            Command::Link(id) => {
                env.check_existing(env.model(self.relation)?, &[id])?;
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
            Command::Clear => ids.clear(),
            Command::Set(new) => {
                env.check_existing(env.model(self.relation)?, &new)?;
                ids = new;
                let mut seen = std::collections::HashSet::new();
                ids.retain(|id| seen.insert(*id));
            }
        }
        self.record.set(self.field.name, ids);
        Ok(())
    }
}

/// A one2many and its commands.
struct Lines<'a> {
    record: &'a Record<'a>,
    field: &'a Field,
    relation: &'static str,
    inverse: &'static str,
}

impl Lines<'_> {
    fn apply(&self, command: Command) -> Result<()> {
        let env = self.record.env();
        let before = self.record.value(self.field).ids();
        match command {
            Command::Create(mut vals) => {
                vals.insert(self.inverse.to_owned(), self.record.id().into());
                env.create(self.relation, vals)?;
            }
            Command::Update(id, vals) => env.write(self.relation, &[id], vals)?,
            Command::Delete(id) => env.unlink(self.relation, &[id])?,
            Command::Unlink(id) => self.detach(env, &[id])?,
            Command::Link(id) => self.attach(env, &[id])?,
            Command::Clear => self.detach(env, &before)?,
            Command::Set(ids) => {
                let gone: Vec<i64> = before
                    .iter()
                    .filter(|id| !ids.contains(id))
                    .copied()
                    .collect();
                self.detach(env, &gone)?;
                let new: Vec<i64> = ids.into_iter().filter(|id| !before.contains(id)).collect();
                self.attach(env, &new)?;
            }
        }
        Ok(())
    }

    fn attach(&self, env: &Env, ids: &[i64]) -> Result<()> {
        let vals = Vals::from_iter([(self.inverse.to_owned(), self.record.id().into())]);
        env.write(self.relation, ids, vals)
    }

    /// A line that cannot stand alone is removed.
    fn detach(&self, env: &Env, ids: &[i64]) -> Result<()> {
        let inverse = env.model(self.relation)?.get(self.inverse);
        if inverse.is_some_and(|inverse| inverse.required || inverse.cascade) {
            return env.unlink(self.relation, ids);
        }
        for line in env.browse(self.relation, ids) {
            line.set(self.inverse, Cell::Empty);
        }
        Ok(())
    }
}
