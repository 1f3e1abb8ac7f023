//! What each operator of a condition asks of its field.

use std::collections::HashSet;

use serde_json::{Value as Json, json};

use super::{
    cell::Cell,
    condition::Binder,
    domain::{Condition, Domain},
    env::truthy,
    error::{OdooError, Result},
    field::{Field, Kind},
    matcher::{Check, Place, Test},
    moment::Moment,
    number::{bad_integer_sql, float, integer},
    pattern::Pattern,
    python,
};

/// The many2one that makes a tree of a model.
const PARENT: &str = "parent_id";

/// One condition whose field is known.
pub(super) struct Bound<'b, 'e> {
    pub(super) binder: &'b Binder<'e>,
    pub(super) condition: &'b Condition,
    pub(super) field: &'e Field,
}

impl<'e> Bound<'_, 'e> {
    fn test(&self, check: Check, negative: bool) -> Test {
        let place = Test::place(self.binder.env, self.binder.model, self.field);
        let test = Test::Field { place, check };
        if negative {
            Test::Not(Box::new(test))
        } else {
            test
        }
    }

    pub(super) fn any(&self, negative: bool) -> Result<Test> {
        let domain = Domain::parse(&self.condition.value)?;
        if self.field.name == "id" {
            let inner = self.binder.bind(&domain)?;
            return Ok(if negative {
                Test::Not(Box::new(inner))
            } else {
                inner
            });
        }
        let Some(relation) = self.field.relation() else {
            let text = "Cannot use 'any' with non-relational fields";
            return Err(OdooError::value(format!(
                "{text}{}",
                self.condition.shown()
            )));
        };
        let ids = self.binder.linked(self.field, relation, &domain)?;
        Ok(self.test(Check::Ids { ids, empty: false }, negative))
    }

    fn named(&self, relation: &str, operator: &str, value: Json) -> Result<HashSet<i64>> {
        let name = Condition {
            field: "display_name".into(),
            operator: operator.into(),
            value,
        };
        self.binder
            .linked(self.field, relation, &Domain::Leaf(name))
    }

    pub(super) fn like(&self, operator: &str) -> Result<Test> {
        let negative = operator.starts_with("not ");
        let positive = operator.trim_start_matches("not ");
        let whole = operator.contains('=');
        if !truthy(&self.condition.value) {
            return Ok(if self.field.relation().is_some() || whole {
                self.test(
                    Check::In {
                        values: Vec::new(),
                        empty: true,
                    },
                    negative != whole,
                )
            } else {
                Test::Always(!negative)
            });
        }
        let text = match &self.condition.value {
            Json::String(text) => text.clone(),
            _ if whole => {
                let text = "The pattern to match must be a string";
                return Err(OdooError::kind(format!("{text}{}", self.condition.shown())));
            }
            other => python::repr(other),
        };
        if let Some(relation) = self.field.relation() {
            let ids = self.named(relation, positive, text.into())?;
            return Ok(self.test(Check::Ids { ids, empty: false }, negative));
        }
        if matches!(self.field.kind, Kind::Binary) {
            return Ok(Test::Always(true));
        }
        if self.field.name == "display_name" {
            return Ok(self.display_name(positive, &text, negative));
        }
        Ok(self.test(Check::Like(Pattern::new(positive, &text)), negative))
    }

    /// `display_name` also looks into the other fields that name a record.
    fn display_name(&self, operator: &str, text: &str, negative: bool) -> Test {
        let Binder { env, model } = *self.binder;
        let names = model.search_names.iter().filter_map(|name| model.get(name));
        let tests = std::iter::once(self.field)
            .chain(names)
            .map(|field| Test::Field {
                place: Test::place(env, model, field),
                check: Check::Like(Pattern::new(operator, text)),
            });
        let test = Test::Any(tests.collect());
        if negative {
            Test::Not(Box::new(test))
        } else {
            test
        }
    }

    pub(super) fn inequality(&self, operator: &str) -> Result<Test> {
        let value = &self.condition.value;
        if self.field.relation().is_some() && value.is_string() {
            let text = "Inequality not supported for relational field using a string";
            return Err(OdooError::kind(format!("{text}{}", self.condition.shown())));
        }
        let up = operator.starts_with('>');
        let mut or_equal = operator.ends_with('=');
        let mut than = self.scalar(value)?;
        if let (Cell::DateTime(moment), Json::String(text)) = (&than, value)
            && matches!(Moment::parse(text, self.binder.env)?, Moment::Day(_))
            && (up != or_equal)
        {
            // "after the 5th" and "until the 5th" both draw the line at the end of that day.
            let end = moment
                .checked_add(jiff::Span::new().days(1))
                .unwrap_or(*moment);
            than = Cell::DateTime(end);
            or_equal = up;
        }
        if than == Cell::Empty && matches!(self.field.kind, Kind::Date | Kind::DateTime) {
            return Ok(Test::Always(false));
        }
        let check = if up {
            Check::Above { than, or_equal }
        } else {
            Check::Below { than, or_equal }
        };
        Ok(self.test(check, false))
    }

    pub(super) fn equality(&self, operator: &str) -> Result<Test> {
        let negative = matches!(operator, "!=" | "not in");
        let given: Vec<&Json> = match &self.condition.value {
            Json::Array(values) if values.is_empty() && operator.ends_with("in") => {
                return Ok(Test::Always(negative));
            }
            Json::Array(values) if values.is_empty() => vec![&Json::Bool(false)],
            Json::Array(values) => values.iter().collect(),
            value if operator.ends_with("in") && !truthy(value) => {
                return Ok(Test::Always(negative));
            }
            value => vec![value],
        };
        let test = if self.field.relation().is_some() || self.field.name == "id" {
            self.relational(&given)?
        } else if matches!(self.field.kind, Kind::Boolean) {
            self.boolean(&given)
        } else {
            self.plain(&given)?
        };
        Ok(if negative {
            Test::Not(Box::new(test))
        } else {
            test
        })
    }

    fn relational(&self, given: &[&Json]) -> Result<Test> {
        let mut ids = HashSet::new();
        let mut empty = false;
        for value in given {
            match (value, self.field.relation()) {
                (Json::String(_), Some(relation)) => {
                    ids.extend(self.named(relation, "=", (*value).clone())?);
                }
                (Json::Null | Json::Bool(false), _) => empty = true,
                _ => match self.scalar(value)? {
                    Cell::Int(id) => drop(ids.insert(id)),
                    other => drop(ids.insert(other.as_int())),
                },
            }
        }
        Ok(self.test(Check::Ids { ids, empty }, false))
    }

    fn boolean(&self, given: &[&Json]) -> Test {
        let wanted = |value: &&&Json| match value {
            Json::String(text) => matches!(
                text.to_lowercase().as_str(),
                "y" | "yes" | "1" | "true" | "t" | "on"
            ),
            other => truthy(other),
        };
        let yes = given.iter().any(|value| wanted(&value));
        let no = given.iter().any(|value| !wanted(&value));
        let values = if yes {
            vec![Cell::Bool(true)]
        } else {
            Vec::new()
        };
        self.test(Check::In { values, empty: no }, false)
    }

    fn plain(&self, given: &[&Json]) -> Result<Test> {
        let cells = given
            .iter()
            .map(|value| self.scalar(value))
            .collect::<Result<Vec<_>>>()?;
        let empty = cells.iter().any(|cell| !cell.is_truthy());
        let is_text = |cell: &Cell| matches!(cell, Cell::Text(_) | Cell::Empty);
        // Nothing but emptiness says nothing about the type: a date is compared as a date.
        if cells.iter().all(is_text) && cells.iter().any(|cell| *cell != Cell::Empty) {
            let texts = cells
                .iter()
                .filter_map(Cell::as_text)
                .map(ToOwned::to_owned)
                .collect();
            return Ok(self.test(Check::Texts { texts, empty }, false));
        }
        Ok(self.test(
            Check::In {
                values: cells,
                empty,
            },
            false,
        ))
    }

    /// A value of the domain as a cell of the field's type.
    fn scalar(&self, value: &Json) -> Result<Cell> {
        let Binder { env, .. } = self.binder;
        Ok(match (&self.field.kind, value) {
            (_, Json::Null | Json::Bool(false)) => Cell::Empty,
            (Kind::Date, Json::String(text)) => Moment::parse(text, env)?.day().into(),
            (Kind::DateTime, Json::String(text)) => Moment::parse(text, env)?.instant(env).into(),
            (Kind::Date | Kind::DateTime, other) => {
                let name = self.field.type_name();
                let text = format!("Failed to cast {} into a {name}", python::repr(other));
                return Err(OdooError::value(text));
            }
            (Kind::Integer, Json::String(text)) if self.field.name == "id" => {
                return Err(bad_integer_sql(text));
            }
            (Kind::Integer | Kind::Many2one(_) | Kind::One2many(..) | Kind::Many2many(_), _) => {
                integer(value)?.into()
            }
            (Kind::Float | Kind::Monetary(_), _) => float(value)?.into(),
            (_, Json::String(text)) => text.as_str().into(),
            (_, Json::Bool(true)) => "true".into(),
            (_, other) => python::repr(other).into(),
        })
    }

    pub(super) fn hierarchy(&self, down: bool) -> Result<Test> {
        let Binder { env, model } = *self.binder;
        let own_id = self.field.name == "id";
        let relation = if own_id {
            Some(model.name)
        } else {
            self.field.relation()
        };
        let Some(relation) = relation else {
            let operator = &self.condition.operator;
            let (model, name) = (model.name, self.field.name);
            let text = "works only for relational fields";
            let text = format!("Cannot execute {operator} for {model}.{name}, {text}");
            return Err(OdooError::value(format!(
                "{text}{}",
                self.condition.shown()
            )));
        };
        let found = self.starting(relation)?;
        let comodel = env.model(relation)?;
        let same = relation == model.name && !own_id;
        let parent = if same { self.field.name } else { PARENT };
        let ids = env.relatives(comodel, parent, found, down);
        let check = Check::Ids { ids, empty: false };
        if same && matches!(self.field.kind, Kind::Many2one(_)) {
            return Ok(Test::Field {
                place: Place::Id,
                check,
            });
        }
        Ok(self.test(check, false))
    }

    /// Where the walk through a tree begins: the given ids, and the records of the given names.
    fn starting(&self, relation: &str) -> Result<HashSet<i64>> {
        let value = &self.condition.value;
        let given = value
            .as_array()
            .map_or(std::slice::from_ref(value), Vec::as_slice);
        let mut found: HashSet<i64> = given.iter().filter_map(Json::as_i64).collect();
        let env = self.binder.env.with("active_test", false);
        for name in given.iter().filter(|value| value.is_string()) {
            let domain = Domain::parse(&json!([["display_name", "ilike", name]]))?;
            found.extend(env.matching(relation, &domain)?);
        }
        Ok(found)
    }
}
