//! Grouping records: `formatted_read_group` and what is made of it.

use std::{cmp::Ordering, collections::HashMap};

use serde_json::{Map, Value as Json, json};

use super::{
    aggregate::Aggregate,
    cell::Cell,
    domain::{Condition, Domain},
    env::Env,
    error::{OdooError, Result},
    group_by::{Extra, GroupBy, GroupValue},
    model::{Model, Operation},
    order::{self, Key, Term},
    python,
    search::Query,
};

/// A request for groups.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grouping<'a> {
    pub(crate) domain: Option<&'a Json>,
    pub(crate) group_by: Vec<&'a str>,
    pub(crate) aggregates: Vec<&'a str>,
    pub(crate) having: Option<&'a Json>,
    pub(crate) query: Query<'a>,
}

/// One group: its values, and its aggregates by specification.
#[derive(Clone)]
struct Group {
    values: Vec<GroupValue>,
    aggregates: Map<String, Json>,
}

impl Env {
    /// The groups as `formatted_read_group` answers them, and how many there are without offset and limit.
    pub(crate) fn groups(
        &self,
        model: &str,
        grouping: &Grouping<'_>,
    ) -> Result<(Vec<Json>, usize)> {
        let empty = json!([]);
        let domain = Domain::parse(grouping.domain.unwrap_or(&empty))?;
        let having = Domain::parse(grouping.having.unwrap_or(&empty))?;
        let plan = Plan::new(self, model, grouping, &having)?;
        let ids = self.matching(model, &domain)?;
        let mut groups = Vec::new();
        for (values, ids) in plan.collect(&ids) {
            let aggregates = plan.aggregate(&ids);
            if holds(&having, &aggregates)? {
                groups.push(Group { values, aggregates });
            }
        }
        plan.sort(&mut groups)?;
        let limit = grouping.query.limit.unwrap_or(usize::MAX);
        let shown = groups.iter().skip(grouping.query.offset).take(limit);
        let shown = shown.map(|group| shown_group(self, &plan.specs, &grouping.aggregates, group));
        Ok((shown.collect(), groups.len()))
    }
}

/// A request for groups that is checked against its model.
struct Plan<'a, 'e> {
    env: &'e Env,
    model: &'e Model,
    specs: Vec<GroupBy<'e>>,
    /// The aggregates that are asked for, and those that only order or `having` need.
    aggregates: Vec<Aggregate<'e>>,
    terms: Vec<Term<'a>>,
}

impl<'a, 'e> Plan<'a, 'e> {
    fn new(env: &'e Env, model: &str, grouping: &Grouping<'a>, having: &Domain) -> Result<Self> {
        let model = env.model(model)?;
        env.check_access(model, Operation::Read)?;
        let specs = grouping
            .group_by
            .iter()
            .map(|spec| GroupBy::parse(env, model, spec));
        let specs = specs.collect::<Result<Vec<_>>>()?;
        let names = grouping.aggregates.iter().copied();
        let aggregates = names.map(|spec| Aggregate::parse(env, model, spec));
        let aggregates = aggregates.collect::<Result<Vec<_>>>()?;
        let mut plan = Self {
            env,
            model,
            specs,
            aggregates,
            terms: Vec::new(),
        };
        plan.order(grouping.query.order.unwrap_or_default())?;
        for name in having.fields() {
            plan.aggregates.push(Aggregate::parse(env, model, name)?);
        }
        Ok(plan)
    }

    fn order(&mut self, text: &'a str) -> Result<()> {
        for part in text.split(',').filter(|_| !text.trim().is_empty()) {
            let Some(term) = order::term(part) else {
                let text = python::repr_text(text);
                let text = format!("Invalid order {text} for _read_group()");
                return Err(OdooError::value(text));
            };
            if !self.specs.iter().any(|spec| spec.spec == term.name) {
                let aggregate = Aggregate::parse(self.env, self.model, term.name);
                self.aggregates.push(aggregate.map_err(|_| {
                    let part = python::repr_text(part);
                    let text = "is not a valid aggregate nor valid groupby";
                    OdooError::value(format!("Order term {part} {text}"))
                })?);
            }
            self.terms.push(term);
        }
        Ok(())
    }

    fn aggregate(&self, ids: &[i64]) -> Map<String, Json> {
        let each = self.aggregates.iter().map(|aggregate| {
            (
                aggregate.spec.clone(),
                aggregate.of(self.env, self.model, ids),
            )
        });
        each.collect()
    }

    /// One group for each combination of values, with its records.
    fn collect(&self, ids: &[i64]) -> Vec<(Vec<GroupValue>, Vec<i64>)> {
        if self.specs.is_empty() {
            return vec![(Vec::new(), ids.to_vec())];
        }
        let columns = self
            .specs
            .iter()
            .map(|spec| spec.values(self.env, self.model, ids));
        let columns: Vec<_> = columns.collect();
        let mut positions: HashMap<String, usize> = HashMap::new();
        let mut groups: Vec<(Vec<GroupValue>, Vec<i64>)> = Vec::new();
        // One text for all rows: most belong to a group that is known already.
        let mut token = String::new();
        for (row, id) in ids.iter().enumerate() {
            for values in combinations(columns.iter().map(|column| column[row].as_slice())) {
                token.clear();
                values
                    .iter()
                    .for_each(|value| value.write_token(&mut token));
                let position = positions.get(&token).copied().unwrap_or_else(|| {
                    positions.insert(token.clone(), groups.len());
                    groups.push((values.into_iter().cloned().collect(), Vec::new()));
                    groups.len() - 1
                });
                groups[position].1.push(*id);
            }
        }
        groups
    }

    fn sort(&self, groups: &mut [Group]) -> Result<()> {
        let default = self.specs.iter().map(|spec| Term::ascending(&spec.spec));
        let default: Vec<Term<'_>> = default.collect();
        let terms = if self.terms.is_empty() {
            &default
        } else {
            &self.terms
        };
        let mut keyed = Vec::with_capacity(terms.len());
        for term in terms {
            keyed.push((self.keys(term, groups)?, term));
        }
        let mut positions: Vec<usize> = (0..groups.len()).collect();
        positions.sort_by(|left, right| {
            let each = keyed.iter().map(|(keys, term)| {
                order::compare(
                    &keys[*left],
                    &keys[*right],
                    term.descending,
                    term.empty_first,
                )
            });
            each.into_iter()
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
        });
        let sorted: Vec<Group> = positions.iter().map(|at| groups[*at].clone()).collect();
        groups.clone_from_slice(&sorted);
        Ok(())
    }

    /// What each group is sorted by for one term.
    fn keys(&self, term: &Term<'_>, groups: &[Group]) -> Result<Vec<Key>> {
        let Some(position) = self.specs.iter().position(|spec| spec.spec == term.name) else {
            let keys = groups
                .iter()
                .map(|group| number(group.aggregates.get(term.name)));
            return Ok(keys.map(Key::Cell).collect());
        };
        let cells = groups.iter().map(|group| &group.values[position].0);
        let Some(relation) = self.specs[position].ranked() else {
            return Ok(cells.cloned().map(Key::Cell).collect());
        };
        let ids: Vec<i64> = cells.clone().filter_map(Cell::as_id).collect();
        let ranks = order::ranks(self.env, self.env.model(relation)?, &ids, 0)?;
        let key = |cell: &Cell| match cell.as_id().and_then(|id| ranks.get(&id)) {
            Some(rank) => Key::Rank(*rank),
            None => Key::Cell(Cell::Empty),
        };
        Ok(cells.map(key).collect())
    }
}

/// Every way to take one value of each list.
fn combinations<'v>(lists: impl Iterator<Item = &'v [GroupValue]>) -> Vec<Vec<&'v GroupValue>> {
    let mut found = vec![Vec::new()];
    for list in lists {
        if let [value] = list {
            found.iter_mut().for_each(|values| values.push(value));
            continue;
        }
        let longer = found.iter().flat_map(|values| {
            list.iter()
                .map(move |value| values.iter().copied().chain([value]).collect())
        });
        found = longer.collect();
    }
    found
}

fn shown_group(env: &Env, specs: &[GroupBy<'_>], aggregates: &[&str], group: &Group) -> Json {
    let mut row = Map::new();
    let mut domains = Vec::new();
    for (spec, value) in specs.iter().zip(&group.values) {
        let (value, domain) = spec.shown(env, value);
        row.insert(spec.spec.clone(), value);
        domains.push(domain);
    }
    row.insert("__extra_domain".to_owned(), Extra::join(domains));
    for name in aggregates {
        row.insert(
            (*name).to_owned(),
            group.aggregates.get(*name).cloned().unwrap_or_default(),
        );
    }
    row.into()
}

/// An aggregate as a value to sort by.
fn number(value: Option<&Json>) -> Cell {
    match value {
        Some(Json::Number(number)) => number.as_f64().into(),
        Some(Json::String(text)) => text.as_str().into(),
        Some(Json::Bool(true)) => true.into(),
        _ => Cell::Empty,
    }
}

/// Whether the aggregates of a group fit the `having` domain.
fn holds(having: &Domain, aggregates: &Map<String, Json>) -> Result<bool> {
    Ok(match having {
        Domain::Always(answer) => *answer,
        Domain::Not(inner) => !holds(inner, aggregates)?,
        Domain::All(parts) => {
            for part in parts {
                if !holds(part, aggregates)? {
                    return Ok(false);
                }
            }
            true
        }
        Domain::Any(parts) => {
            for part in parts {
                if holds(part, aggregates)? {
                    return Ok(true);
                }
            }
            false
        }
        Domain::Leaf(condition) => fits(condition, aggregates)?,
    })
}

fn fits(condition: &Condition, aggregates: &Map<String, Json>) -> Result<bool> {
    let value = aggregates.get(&condition.field).and_then(Json::as_f64);
    let value = value.unwrap_or(0.0);
    let wanted = condition.value.as_f64().unwrap_or_default();
    let order = value.partial_cmp(&wanted).unwrap_or(Ordering::Equal);
    Ok(match condition.operator.as_str() {
        "=" => order.is_eq(),
        "!=" => order.is_ne(),
        "in" => one_of(&condition.value, value),
        "not in" => !one_of(&condition.value, value),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        ">=" => order.is_ge(),
        _ => {
            let clause = python::repr(&json!([
                condition.field,
                condition.operator,
                condition.value
            ]));
            let known = "('in', 'not in', '<', '>', '<=', '>=', '=', '!=')";
            return Err(OdooError::value(format!(
                "Invalid having clause {clause}: supported comparators are {known}"
            )));
        }
    })
}

fn one_of(values: &Json, wanted: f64) -> bool {
    let values = values.as_array().map_or(&[][..], Vec::as_slice);
    values
        .iter()
        .filter_map(Json::as_f64)
        .any(|value| (value - wanted).abs() < f64::EPSILON)
}
