//! Aggregates over the records of a group: `balance:sum`, `date:max`, `__count`.

use std::collections::HashSet;

use serde_json::{Value as Json, json};

use super::{
    cell::Cell,
    condition::not_stored,
    env::Env,
    error::{OdooError, Result},
    field::{Field, Kind, Source},
    model::{Model, Operation},
    order::compare_cells,
    present::plain,
    python::repr_text,
};

/// An aggregate that is checked against its model.
pub(super) struct Aggregate<'e> {
    /// As the client wrote it; the key of the answer.
    pub(super) spec: String,
    over: Option<(&'e Field, Function)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Function {
    Sum,
    SumCurrency,
    Avg,
    Min,
    Max,
    Count,
    CountDistinct,
    ArrayAgg,
    ArrayAggDistinct,
    BoolAnd,
    BoolOr,
}

impl<'e> Aggregate<'e> {
    /// Reads and checks a specification.
    pub(super) fn parse(env: &Env, model: &'e Model, spec: &str) -> Result<Self> {
        if spec == "__count" {
            return Ok(Self {
                spec: spec.to_owned(),
                over: None,
            });
        }
        let (name, function) = match spec.split_once(':') {
            Some((name, function)) => (name, Some(function)),
            None => (spec, None),
        };
        let Some(field) = model.get(name) else {
            let (name, model, spec) = (repr_text(name), repr_text(model.name), repr_text(spec));
            let text = format!("Invalid field {name} on model {model} for {spec}.");
            return Err(OdooError::value(text));
        };
        let Some(function) = function else {
            let text = format!("Aggregate method is mandatory for {}", repr_text(name));
            return Err(OdooError::value(text));
        };
        env.check_field(model, field, Operation::Read)?;
        let Some(parsed) = Function::parse(function) else {
            let (function, spec) = (repr_text(function), repr_text(spec));
            let text = format!("Invalid aggregate method {function} for {spec}.");
            return Err(OdooError::value(text));
        };
        if field.is_x2many() || (!field.column && !matches!(field.source, Source::Related(_))) {
            return Err(not_stored(model, field));
        }
        parsed.check(field)?;
        Ok(Self {
            spec: spec.to_owned(),
            over: Some((field, parsed)),
        })
    }

    /// The value over the records.
    pub(super) fn of(&self, env: &Env, model: &Model, ids: &[i64]) -> Json {
        let Some((field, function)) = self.over else {
            return ids.len().into();
        };
        let cells = env.cells(model, field, ids).into_iter();
        match function {
            Function::Count => cells.filter(|cell| !cell.is_empty()).count().into(),
            Function::CountDistinct => distinct(cells.filter(|cell| !cell.is_empty()))
                .count()
                .into(),
            Function::ArrayAgg => cells.map(|cell| shown(field, &cell)).collect(),
            Function::ArrayAggDistinct => distinct(cells).map(|cell| shown(field, &cell)).collect(),
            _ if ids.is_empty() => json!(false),
            Function::Sum => total(field, cells),
            Function::SumCurrency => {
                let Kind::Monetary(currency) = field.kind else {
                    return json!(false);
                };
                let sum: f64 = ids
                    .iter()
                    .map(|id| in_company_currency(env, model, *id, field, currency))
                    .sum();
                json!(rounded(sum))
            }
            #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
            Function::Avg => {
                let sum: f64 = cells.map(|cell| cell.as_float()).sum();
                json!(sum / ids.len() as f64)
            }
            Function::Min => extreme(field, cells, false),
            Function::Max => extreme(field, cells, true),
            Function::BoolAnd => cells.into_iter().all(|cell| cell.is_truthy()).into(),
            Function::BoolOr => cells.into_iter().any(|cell| cell.is_truthy()).into(),
        }
    }
}

impl Function {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "sum" => Self::Sum,
            "sum_currency" => Self::SumCurrency,
            "avg" => Self::Avg,
            "min" => Self::Min,
            "max" => Self::Max,
            "count" => Self::Count,
            "count_distinct" => Self::CountDistinct,
            "array_agg" | "recordset" => Self::ArrayAgg,
            "array_agg_distinct" => Self::ArrayAggDistinct,
            "bool_and" => Self::BoolAnd,
            "bool_or" => Self::BoolOr,
            _ => return None,
        })
    }

    /// PostgreSQL has no sum of texts and no truth of numbers.
    fn check(self, field: &Field) -> Result<()> {
        let number = matches!(
            field.kind,
            Kind::Integer | Kind::Float | Kind::Monetary(_) | Kind::Many2one(_)
        );
        let boolean = matches!(field.kind, Kind::Boolean);
        let (name, fits) = match self {
            Self::Sum => ("sum", number),
            Self::Avg => ("avg", number),
            Self::Min => ("min", !boolean),
            Self::Max => ("max", !boolean),
            Self::BoolAnd => ("bool_and", boolean),
            Self::BoolOr => ("bool_or", boolean),
            Self::SumCurrency if !matches!(field.kind, Kind::Monetary(_)) => {
                let text = format!(
                    "Aggregator \"sum_currency\" only works on currency field for {}",
                    repr_text(field.name)
                );
                return Err(OdooError::value(text));
            }
            _ => return Ok(()),
        };
        if fits {
            return Ok(());
        }
        let column = match field.kind {
            Kind::Boolean => "boolean",
            Kind::Integer | Kind::Many2one(_) => "integer",
            Kind::Float => "double precision",
            Kind::Monetary(_) => "numeric",
            Kind::Date => "date",
            Kind::DateTime => "timestamp without time zone",
            Kind::Json => "jsonb",
            Kind::Text | Kind::Html => "text",
            _ => "character varying",
        };
        let text = format!("function {name}({column}) does not exist\n");
        Err(OdooError::other("psycopg2.errors.UndefinedFunction", text))
    }
}

/// Each value once.
fn distinct(cells: impl Iterator<Item = Cell>) -> impl Iterator<Item = Cell> {
    let mut seen = HashSet::new();
    cells.filter(move |cell| seen.insert(format!("{cell:?}")))
}

fn total(field: &Field, cells: impl Iterator<Item = Cell>) -> Json {
    if matches!(field.kind, Kind::Integer | Kind::Many2one(_)) {
        return cells.map(|cell| cell.as_int()).sum::<i64>().into();
    }
    json!(rounded(cells.map(|cell| cell.as_float()).sum()))
}

/// Amounts are exact decimals in PostgreSQL; six places undo what binary fractions add.
fn rounded(sum: f64) -> f64 {
    let rounded = (sum * 1e6).round() / 1e6;
    if rounded == 0.0 { 0.0 } else { rounded }
}

fn extreme(field: &Field, cells: impl Iterator<Item = Cell>, highest: bool) -> Json {
    let number = matches!(field.kind, Kind::Integer | Kind::Float | Kind::Monetary(_));
    let cells = cells.filter(|cell| number || !cell.is_empty());
    let found = if highest {
        cells.max_by(compare_cells)
    } else {
        cells.min_by(compare_cells)
    };
    found.map_or(json!(false), |cell| shown(field, &cell))
}

fn shown(field: &Field, cell: &Cell) -> Json {
    match field.kind {
        Kind::Integer => cell.as_int().into(),
        Kind::Float | Kind::Monetary(_) => cell.as_float().into(),
        Kind::Boolean => cell.is_truthy().into(),
        _ => plain(cell),
    }
}

fn in_company_currency(env: &Env, model: &Model, id: i64, field: &Field, currency: &str) -> f64 {
    let record = env.record(model, id);
    let rate = record
        .one(currency)
        .map_or(1.0, |currency| currency.float("rate"));
    record.value(field).as_float() / if rate == 0.0 { 1.0 } else { rate }
}
