//! Creating, changing and removing records, with the checks and hooks a client's call goes through.

use serde_json::{Map, Value as Json};

use super::{
    cell::Cell,
    command,
    convert::{convert, missing_value},
    env::Env,
    error::{OdooError, Result},
    field::{Field, Kind, Source},
    model::{Model, Operation, Vals},
    python,
    record::Record,
};

/// Fields that a client's values never change.
const MAGIC: [&str; 6] = [
    "id",
    "display_name",
    "create_date",
    "create_uid",
    "write_date",
    "write_uid",
];

impl Env {
    /// Creates one record with the access checks, defaults and hooks of a client's `create`.
    pub(crate) fn create(&self, model: &str, mut vals: Vals) -> Result<i64> {
        let model = self.model(model)?;
        self.check_access(model, Operation::Create)?;
        self.check_fields(model, &vals)?;
        if let Some(hook) = model.hooks.before_create {
            hook(self, &mut vals)?;
        }
        let given = self.check_values(model, &vals)?;
        let mut row = model.blank();
        let mut lists: Vec<(&Field, Json)> = Vec::new();
        for field in model.all_fields().iter().filter(|field| writable(field)) {
            let value = given.iter().find(|(name, _)| name.name == field.name);
            let value = match value {
                Some((_, value)) => Some((*value).clone()),
                None => self.context_default(field),
            };
            let position = model.position(field.name).unwrap_or_default();
            match value {
                Some(value) if field.is_x2many() => lists.push((field, value)),
                Some(value) => row[position] = convert(self, model, field, &value)?,
                None => match self.default(model, field)? {
                    Default::None => {}
                    Default::Cell(cell) => row[position] = cell,
                    Default::List(value) => lists.push((field, value)),
                },
            }
        }
        let id = self.insert(model, row);
        let record = self.record(model, id);
        for (field, value) in lists {
            command::apply(&record, field, &value)?;
        }
        self.check_written(&record)?;
        self.check_records(model, &[id], Operation::Create)?;
        if let Some(hook) = model.hooks.after_create {
            hook(&record)?;
        }
        Ok(id)
    }

    /// Changes records with the access checks and hooks of a client's `write`.
    pub(crate) fn write(&self, model: &str, ids: &[i64], mut vals: Vals) -> Result<()> {
        let model = self.model(model)?;
        self.check_access(model, Operation::Write)?;
        self.check_existing(model, ids)?;
        self.check_records(model, ids, Operation::Write)?;
        if ids.is_empty() {
            return Ok(());
        }
        self.check_fields(model, &vals)?;
        if let Some(hook) = model.hooks.before_write {
            hook(self, ids, &mut vals)?;
        }
        let given = self.check_values(model, &vals)?;
        for id in ids {
            let record = self.record(model, *id);
            for (field, value) in given.iter().filter(|(field, _)| writable(field)) {
                if field.is_x2many() {
                    command::apply(&record, field, value)?;
                } else {
                    record.set(field.name, convert(self, model, field, value)?);
                }
            }
            self.stamp(&record);
            self.check_written(&record)?;
        }
        if let Some(hook) = model.hooks.after_write {
            hook(self, ids, &vals)?;
        }
        Ok(())
    }

    /// Marks a record as changed now by the caller.
    pub(crate) fn stamp(&self, record: &Record<'_>) {
        record.set("write_date", self.now());
        record.set("write_uid", self.uid());
    }

    /// A key of the context `default_<field>`.
    fn context_default(&self, field: &Field) -> Option<Json> {
        self.context()
            .get(&format!("default_{}", field.name))
            .cloned()
    }

    /// The declared default of a field.
    pub(super) fn default(&self, model: &Model, field: &Field) -> Result<Default> {
        if let Some(value) = &field.default {
            if field.is_x2many() {
                return Ok(Default::List(value.clone()));
            }
            return Ok(Default::Cell(convert(self, model, field, value)?));
        }
        Ok(match field.default_fn.map(|default| default(self)) {
            None => Default::None,
            Some(Cell::Ids(ids)) => Default::List(ids.to_vec().into()),
            Some(cell) => Default::Cell(cell),
        })
    }

    /// Refuses unknown fields and those that are not the caller's to write. What hooks add afterwards is trusted.
    fn check_fields(&self, model: &Model, vals: &Vals) -> Result<()> {
        for name in vals.keys() {
            let field = model.get(name).ok_or_else(|| unknown_field(model, name))?;
            self.check_field(model, field, Operation::Write)?;
        }
        Ok(())
    }

    /// The fields of the values, refused if unknown; magic ones are passed over.
    fn check_values<'a>(
        &self,
        model: &'a Model,
        vals: &'a Vals,
    ) -> Result<Vec<(&'a Field, &'a Json)>> {
        let mut given = Vec::new();
        for (name, value) in vals {
            let field = model.get(name).ok_or_else(|| unknown_field(model, name))?;
            if !MAGIC.contains(&field.name) {
                given.push((field, value));
            }
        }
        Ok(given)
    }

    fn insert(&self, model: &Model, mut row: Vec<Cell>) -> i64 {
        let stamps: [(&str, Cell); 4] = [
            ("create_date", self.now().into()),
            ("create_uid", self.uid().into()),
            ("write_date", self.now().into()),
            ("write_uid", self.uid().into()),
        ];
        for (name, cell) in stamps {
            if let Some(position) = model.position(name) {
                row[position] = cell;
            }
        }
        let table = self.registry().table_of(model);
        self.database_mut().insert(table, row)
    }

    /// Required fields and the companies of what is linked.
    fn check_written(&self, record: &Record<'_>) -> Result<()> {
        let model = record.model();
        for field in model.all_fields().iter().filter(|field| field.has_column()) {
            if field.required && record.value(field).is_empty() {
                return Err(missing_value(model, field));
            }
            if field.check_company {
                self.check_company(record, field)?;
            }
        }
        Ok(())
    }

    fn check_company(&self, record: &Record<'_>, field: &Field) -> Result<()> {
        let company = match record.model().get("company_id") {
            Some(_) => record.one("company_id"),
            None => None,
        };
        let Some(company) = company else {
            return Ok(());
        };
        let other = |target: &Record<'_>| {
            let target_model = target.model();
            if target_model.get("company_id").is_some() {
                let theirs = target.get("company_id").as_id();
                theirs.is_some_and(|theirs| theirs != company.id())
            } else if target_model.get("company_ids").is_some() {
                let theirs = target.ids("company_ids");
                !theirs.is_empty() && !theirs.contains(&company.id())
            } else {
                false
            }
        };
        let targets: Vec<Record<'_>> = if field.is_x2many() {
            record.many(field.name)
        } else {
            record.one(field.name).into_iter().collect()
        };
        if !targets.iter().any(other) {
            return Ok(());
        }
        let names = targets
            .iter()
            .map(|target| python::repr_text(&target.display_name()));
        Err(OdooError::user(format!(
            "Uh-oh! You’ve got some company inconsistencies here:\n- “{}” belongs to company “{}” \
             while “{}” ({}: {}) belongs to another company.\n\
             To avoid a mess, no company crossover is allowed!",
            record.display_name(),
            company.display_name(),
            field.label,
            field.name,
            names.collect::<Vec<_>>().join(", ")
        )))
    }
}

fn unknown_field(model: &Model, name: &str) -> OdooError {
    let (name, model) = (python::repr_text(name), python::repr_text(model.name));
    OdooError::value(format!("Invalid field {name} in {model}"))
}

/// What a field gets when a new record has no value for it.
pub(super) enum Default {
    None,
    Cell(Cell),
    /// Commands or ids of an x2many.
    List(Json),
}

/// The values of a JSON object; anything else gives none.
pub(crate) fn vals(json: Json) -> Vals {
    match json {
        Json::Object(vals) => vals,
        _ => Map::new(),
    }
}

/// Whether a written value goes anywhere: into a column, or through a one2many.
fn writable(field: &Field) -> bool {
    matches!(field.source, Source::Stored)
        && (field.has_column() || matches!(field.kind, Kind::One2many(..)))
        && !MAGIC.contains(&field.name)
}
