//! One group-by specification: a field, a path of many2one fields, a length of time or a part of a date.

use std::collections::HashMap;
use std::fmt::Write as _;

use jiff::civil::DateTime;
use serde_json::{Value as Json, json};

use super::{
    bucket::{Granularity, Part, border},
    cell::Cell,
    condition::not_stored,
    env::Env,
    error::{OdooError, Result},
    field::{Field, Kind, Source},
    model::{Model, Operation},
    present::plain,
    python::repr_text,
};

/// How values become groups.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Cut {
    Value,
    Time(Granularity),
    Number(Part),
}

/// A group-by that is checked against its model.
pub(super) struct GroupBy<'e> {
    /// As the client wrote it; the key of the answer.
    pub(super) spec: String,
    steps: Vec<&'e Field>,
    field: &'e Field,
    cut: Cut,
}

/// The value that a group has in common. Ordered by type, then by value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct GroupValue(pub(super) Cell);

impl GroupValue {
    /// Writes a text that tells two values apart, closed by a sign that no value has.
    pub(super) fn write_token(&self, token: &mut String) {
        // Writing to a text cannot fail.
        let _ = match &self.0 {
            Cell::Text(text) => write!(token, "t{text}\u{1f}"),
            Cell::Int(number) => write!(token, "{number}\u{1f}"),
            Cell::Date(day) => write!(token, "d{day}\u{1f}"),
            Cell::DateTime(moment) => write!(token, "m{moment}\u{1f}"),
            other => write!(token, "{other:?}\u{1f}"),
        };
    }
}

impl<'e> GroupBy<'e> {
    /// Reads and checks a specification.
    pub(super) fn parse(env: &'e Env, model: &'e Model, spec: &str) -> Result<Self> {
        let (path, function) = match spec.split_once(':') {
            Some((path, function)) => (path, Some(function)),
            None => (spec, None),
        };
        let mut at = model;
        let mut steps = Vec::new();
        let (before, last) = path.rsplit_once('.').unwrap_or(("", path));
        for name in before.split('.').filter(|name| !name.is_empty()) {
            let step = readable(env, at, name)?;
            let Kind::Many2one(relation) = step.kind else {
                let spec = repr_text(spec);
                let text = format!("Only many2one path is accepted for the {spec} groupby spec");
                return Err(OdooError::value(text));
            };
            steps.push(step);
            at = env.model(relation)?;
        }
        let field = readable(env, at, last)?;
        groupable(at, field)?;
        let cut = cut_of(field, spec, function)?;
        Ok(Self {
            spec: spec.to_owned(),
            steps,
            field,
            cut,
        })
    }

    /// The groups of each record: one, or one for each value of a many2many.
    pub(super) fn values(&self, env: &Env, model: &Model, ids: &[i64]) -> Vec<Vec<GroupValue>> {
        let mut known: HashMap<i64, Vec<GroupValue>> = HashMap::new();
        let Some((first, rest)) = self.steps.split_first() else {
            let cells = env.cells(model, self.field, ids).into_iter();
            return cells.map(|cell| self.cut(env, &cell)).collect();
        };
        let values = env.cells(model, first, ids).into_iter().map(|cell| {
            let Some(target) = cell.as_id() else {
                return vec![GroupValue(Cell::Empty)];
            };
            let found = known
                .entry(target)
                .or_insert_with(|| self.behind(env, first, rest, target));
            found.clone()
        });
        values.collect()
    }

    /// The value in an answer, and the domain that finds the group's records again.
    pub(super) fn shown(&self, env: &Env, value: &GroupValue) -> (Json, Extra) {
        let (shown, mut domain) = self.shown_here(env, value);
        for step in self.steps.iter().rev() {
            let inner = domain.list();
            let any = json!([step.name, "any", inner]);
            domain = if super::env::truthy(&shown) {
                Extra::All(vec![any])
            } else {
                Extra::Any(vec![json!([step.name, "not any", []]), any])
            };
        }
        (shown, domain)
    }

    /// The many2one whose model's order sorts the groups, if this groups by one.
    pub(super) fn ranked(&self) -> Option<&'static str> {
        match self.field.kind {
            Kind::Many2one(relation) if self.steps.is_empty() => Some(relation),
            _ => None,
        }
    }

    fn behind(&self, env: &Env, first: &Field, rest: &[&Field], target: i64) -> Vec<GroupValue> {
        let Some(relation) = first.relation() else {
            return Vec::new();
        };
        let mut record = env.record_of(relation, target);
        for step in rest {
            let Some(next) = record.one(step.name) else {
                return vec![GroupValue(Cell::Empty)];
            };
            record = next;
        }
        self.cut(env, &record.value(self.field))
    }

    fn cut(&self, env: &Env, cell: &Cell) -> Vec<GroupValue> {
        let one = |cell: Cell| vec![GroupValue(cell)];
        match (self.cut, cell) {
            (Cut::Time(granularity), cell) => one(granularity.floor(cell, env).into()),
            (Cut::Number(part), cell) => one(part.of(cell, env).into()),
            (Cut::Value, Cell::Ids(ids)) if ids.is_empty() => one(Cell::Empty),
            (Cut::Value, Cell::Ids(ids)) => {
                ids.iter().map(|id| GroupValue(Cell::Int(*id))).collect()
            }
            (Cut::Value, cell) => one(match self.field.kind {
                Kind::Boolean => cell.is_truthy().into(),
                Kind::Integer => cell.as_int().into(),
                Kind::Float | Kind::Monetary(_) => cell.as_float().into(),
                Kind::Char | Kind::Text if !cell.is_truthy() => Cell::Empty,
                _ => cell.clone(),
            }),
        }
    }

    fn shown_here(&self, env: &Env, value: &GroupValue) -> (Json, Extra) {
        let name = self.field.name;
        let is = |value: &Json| Extra::All(vec![json!([name, "=", value])]);
        match (&value.0, self.cut, self.field.relation()) {
            (Cell::Empty, Cut::Value, Some(_)) if self.field.is_x2many() => {
                (json!(false), Extra::All(vec![json!([name, "not any", []])]))
            }
            (Cell::Int(id), Cut::Value, Some(relation)) => {
                let label = env.record_of(relation, *id).display_name();
                (json!([id, label]), is(&json!(id)))
            }
            (Cell::DateTime(start), Cut::Time(granularity), _) => {
                self.bucket(env, granularity, *start)
            }
            (Cell::Float(number), Cut::Number(_), _) => {
                let function = self
                    .spec
                    .split_once(':')
                    .map_or("", |(_, function)| function);
                let part = format!("{name}.{function}");
                (json!(number), Extra::All(vec![json!([part, "=", number])]))
            }
            (cell, ..) => {
                let shown = plain(cell);
                let domain = is(&shown);
                (shown, domain)
            }
        }
    }

    fn bucket(&self, env: &Env, granularity: Granularity, start: DateTime) -> (Json, Extra) {
        let is_day = matches!(self.field.kind, Kind::Date);
        let (from, to) = (
            border(start, is_day, env),
            border(granularity.end(start), is_day, env),
        );
        let domain = vec![
            json!([self.field.name, ">=", from]),
            json!([self.field.name, "<", to]),
        ];
        (json!([from, granularity.label(start)]), Extra::All(domain))
    }
}

/// The condition of a group.
#[derive(Clone, Debug)]
pub(super) enum Extra {
    All(Vec<Json>),
    Any(Vec<Json>),
}

impl Extra {
    /// The conditions of several group-bys together, as one list in prefix form.
    pub(super) fn join(parts: Vec<Self>) -> Json {
        let mut children: Vec<Vec<Json>> = Vec::new();
        for part in parts {
            match part {
                Self::All(conditions) => {
                    children.extend(conditions.into_iter().map(|one| vec![one]));
                }
                any @ Self::Any(_) => children.push(any.items()),
            }
        }
        if children.is_empty() {
            return json!([[1, "=", 1]]);
        }
        let operators = std::iter::repeat_n(json!("&"), children.len() - 1);
        operators.chain(children.into_iter().flatten()).collect()
    }

    fn list(&self) -> Json {
        self.clone().items().into()
    }

    fn items(self) -> Vec<Json> {
        let (operator, conditions) = match self {
            Self::All(conditions) => ("&", conditions),
            Self::Any(conditions) => ("|", conditions),
        };
        let operators = std::iter::repeat_n(json!(operator), conditions.len().saturating_sub(1));
        operators.chain(conditions).collect()
    }
}

/// The field of that name, if there is one and the caller may read it.
fn readable<'m>(env: &Env, model: &'m Model, name: &str) -> Result<&'m Field> {
    let Some(field) = model.get(name) else {
        let (name, model) = (repr_text(name), repr_text(model.name));
        return Err(OdooError::value(format!(
            "Invalid field {name} on model {model}"
        )));
    };
    env.check_field(model, field, Operation::Read)?;
    Ok(field)
}

fn groupable(model: &Model, field: &Field) -> Result<()> {
    let related = matches!(field.source, Source::Related(_));
    let column = field.column && !matches!(field.kind, Kind::One2many(..));
    if column || related {
        Ok(())
    } else {
        Err(not_stored(model, field))
    }
}

fn cut_of(field: &Field, spec: &str, function: Option<&str>) -> Result<Cut> {
    let temporal = matches!(field.kind, Kind::Date | Kind::DateTime);
    match (temporal, function) {
        (false, None) => Ok(Cut::Value),
        (false, Some(_)) => Err(OdooError::value(format!(
            "Granularity set on a no-datetime field or property: {}",
            repr_text(spec)
        ))),
        (true, None) => Err(OdooError::value(format!(
            "Granularity not set on a date(time) field: {}",
            repr_text(spec)
        ))),
        (true, Some(name)) => {
            let time = Granularity::parse(name).map(Cut::Time);
            time.or_else(|| Part::parse(name).map(Cut::Number))
                .ok_or_else(|| {
                    let name = repr_text(name);
                    OdooError::value(format!("Granularity specification isn't correct: {name}"))
                })
        }
    }
}
