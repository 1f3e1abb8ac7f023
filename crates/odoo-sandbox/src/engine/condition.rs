//! Binding a domain to a model: fields are looked up and checked, paths and names resolved, values read as the field's type.

use std::collections::HashSet;

use super::{
    domain::{Condition, Domain},
    env::{Env, truthy},
    error::{OdooError, Result},
    field::{Field, Kind},
    matcher::{Check, Place, Test},
    model::Model,
    operator::Bound,
    python,
};

/// Binds domains to one model in one environment.
pub(super) struct Binder<'e> {
    pub(super) env: &'e Env,
    pub(super) model: &'e Model,
}

impl<'e> Binder<'e> {
    /// The domain as a test of rows.
    pub(super) fn bind(&self, domain: &Domain) -> Result<Test> {
        Ok(match domain {
            Domain::Always(answer) => Test::Always(*answer),
            Domain::Not(inner) => Test::Not(Box::new(self.bind(inner)?)),
            Domain::All(parts) => Test::All(
                parts
                    .iter()
                    .map(|part| self.bind(part))
                    .collect::<Result<_>>()?,
            ),
            Domain::Any(parts) => Test::Any(
                parts
                    .iter()
                    .map(|part| self.bind(part))
                    .collect::<Result<_>>()?,
            ),
            Domain::Leaf(condition) => self.leaf(condition)?,
        })
    }

    fn leaf(&self, condition: &Condition) -> Result<Test> {
        if condition.field.is_empty() {
            return Err(OdooError::kind(format!(
                "Empty field name{}",
                condition.shown()
            )));
        }
        let operator = operator_of(condition)?;
        let (name, rest) = match condition.field.split_once('.') {
            Some((name, rest)) => (name, Some(rest)),
            None => (condition.field.as_str(), None),
        };
        let Some(field) = self.model.get(name) else {
            let model = self.model.name;
            let text = format!("Invalid field {model}.{name}{}", condition.shown());
            return Err(OdooError::value(text));
        };
        self.env
            .check_field(self.model, field, super::model::Operation::Read)?;
        if !field.searchable {
            return Err(not_stored(self.model, field));
        }
        if let Some(rest) = rest {
            return self.path(condition, field, rest);
        }
        let bound = Bound {
            binder: self,
            condition,
            field,
        };
        match operator {
            "=?" if !truthy(&condition.value) => Ok(Test::Always(true)),
            "any" | "not any" => bound.any(operator == "not any"),
            "child_of" | "parent_of" => bound.hierarchy(operator == "child_of"),
            "<" | ">" | "<=" | ">=" => bound.inequality(operator),
            _ if operator.ends_with("like") => bound.like(operator),
            _ => bound.equality(operator),
        }
    }

    /// `a.b = v` asks for an `a` whose `b` is `v`.
    fn path(&self, condition: &Condition, field: &'e Field, rest: &str) -> Result<Test> {
        let Some(relation) = field.relation() else {
            let temporal = matches!(field.kind, Kind::Date | Kind::DateTime);
            if temporal && let Some(test) = self.date_part(condition, field, rest) {
                return Ok(test);
            }
            let (rest, model, name) = (python::repr_text(rest), self.model.name, field.name);
            let text = format!("Invalid field property {rest} on {model}.{name}");
            return Err(OdooError::value(text));
        };
        let inner = Condition {
            field: rest.to_owned(),
            ..condition.clone()
        };
        let ids = self.linked(field, relation, &Domain::Leaf(inner))?;
        Ok(Test::Field {
            place: Test::place(self.env, self.model, field),
            check: Check::Ids { ids, empty: false },
        })
    }

    /// `date.month_number = 3`; only the parts that grouped answers put in `__extra_domain`.
    fn date_part(&self, condition: &Condition, field: &'e Field, part: &str) -> Option<Test> {
        let part = super::bucket::Part::parse(part)?;
        let wanted = condition.value.as_f64()?;
        let negative = matches!(condition.operator.as_str(), "!=" | "not in");
        let table = self.env.registry().table_of(self.model);
        let table = std::sync::Arc::clone(self.env.database().table(table));
        let ids = table.iter().map(|(id, _)| id).filter(|id| {
            let value = self.env.record(self.model, *id).value(field);
            part.of(&value, self.env)
                .is_some_and(|number| (number - wanted).abs() < 0.5)
        });
        let check = Check::Ids {
            ids: ids.collect(),
            empty: false,
        };
        let test = Test::Field {
            place: Place::Id,
            check,
        };
        Some(if negative {
            Test::Not(Box::new(test))
        } else {
            test
        })
    }

    /// The ids of the related model that fit, as the caller sees them.
    pub(super) fn linked(
        &self,
        field: &Field,
        relation: &str,
        domain: &Domain,
    ) -> Result<HashSet<i64>> {
        let many2one = matches!(field.kind, Kind::Many2one(_));
        let all = many2one || !field.active_test;
        let env = if all {
            self.env.with("active_test", false)
        } else {
            self.env.clone()
        };
        let relation = self.stand_in(relation);
        Ok(env.matching(relation, domain)?.into_iter().collect())
    }

    /// The view of a model that the caller may search where the model itself is refused: Odoo searches the public
    /// directory for those who may not read `hr.employee`.
    fn stand_in<'a>(&'a self, relation: &'a str) -> &'a str {
        let may = |model: &Model| self.env.may(model, super::model::Operation::Read);
        let models = || self.env.registry().models();
        if models().any(|model| model.name == relation && may(model)) {
            return relation;
        }
        let view = models().find(|model| model.table == relation && may(model));
        view.map_or(relation, |view| view.name)
    }
}

/// Checks the operator, and gives the one that stands for it.
fn operator_of(condition: &Condition) -> Result<&str> {
    const KNOWN: [&str; 20] = [
        "=",
        "!=",
        "<",
        ">",
        "<=",
        ">=",
        "in",
        "not in",
        "like",
        "not like",
        "ilike",
        "not ilike",
        "=like",
        "not =like",
        "=ilike",
        "not =ilike",
        "any",
        "not any",
        "child_of",
        "parent_of",
    ];
    match condition.operator.as_str() {
        "<>" => Ok("!="),
        "==" => Ok("="),
        "=?" => Ok("=?"),
        other if KNOWN.contains(&other) => Ok(other),
        _ => Err(OdooError::value(format!(
            "Invalid operator{}",
            condition.shown()
        ))),
    }
}

/// What Odoo says about a computed field in a domain, an order or a group-by.
pub(super) fn not_stored(model: &Model, field: &Field) -> OdooError {
    let text = "to SQL because it is not stored";
    OdooError::value(format!(
        "Cannot convert {}.{} {text}",
        model.name, field.name
    ))
}
