//! Searching: the records that fit a domain, in order and cut.

use std::{collections::HashSet, sync::Arc};

use serde_json::Value as Json;

use super::{
    condition::Binder,
    domain::Domain,
    env::Env,
    error::Result,
    matcher::Test,
    model::{Model, Operation},
    order,
};

/// How to order and cut the result of a search.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query<'a> {
    /// The order; the model's own if `None`.
    pub(crate) order: Option<&'a str>,
    /// How many records to skip.
    pub(crate) offset: usize,
    /// How many records at most; all if `None`.
    pub(crate) limit: Option<usize>,
}

impl Query<'_> {
    /// Cuts a complete result.
    pub(crate) fn cut(&self, ids: &[i64]) -> Vec<i64> {
        let rest = ids.iter().skip(self.offset);
        rest.take(self.limit.unwrap_or(usize::MAX))
            .copied()
            .collect()
    }
}

impl Env {
    /// The records of a model that match a domain (JSON form), in the model's order: as the caller sees them, all
    /// under `sudo`.
    pub(crate) fn search(&self, model: &str, domain: &Json) -> Result<Vec<i64>> {
        self.search_with(model, domain, &Query::default())
    }

    /// The same with an order and limits.
    pub(crate) fn search_with(
        &self,
        model: &str,
        domain: &Json,
        query: &Query<'_>,
    ) -> Result<Vec<i64>> {
        let mut ids = self.matching(model, &Domain::parse(domain)?)?;
        let model = self.model(model)?;
        order::sort(self, model, query.order, &mut ids)?;
        Ok(query.cut(&ids))
    }

    /// How many records match.
    pub(crate) fn count(&self, model: &str, domain: &Json) -> Result<usize> {
        Ok(self.matching(model, &Domain::parse(domain)?)?.len())
    }

    /// The records that match, by ascending id.
    pub(super) fn matching(&self, model: &str, domain: &Domain) -> Result<Vec<i64>> {
        let model = self.model(model)?;
        self.check_access(model, Operation::Read)?;
        let test = Binder { env: self, model }.bind(domain)?;
        let rules = self.rules(model, Operation::Read)?;
        let active = self.hides_archived(model, domain);
        let test = Test::All(vec![active, test, rules]);
        let table = Arc::clone(self.database().table(self.registry().table_of(model)));
        let fits = |id: i64| {
            table
                .row(id)
                .is_some_and(|row| test.matches(self, model, id, row))
        };
        Ok(match test.candidates() {
            Some(ids) => ids.into_iter().filter(|id| fits(*id)).collect(),
            None => table
                .iter()
                .filter(|(id, row)| test.matches(self, model, *id, row))
                .map(|(id, _)| id)
                .collect(),
        })
    }

    /// All records below (or above) the given ones in the tree that the many2one `parent` makes, those included.
    pub(super) fn relatives(
        &self,
        model: &Model,
        parent: &str,
        start: HashSet<i64>,
        down: bool,
    ) -> HashSet<i64> {
        let Some(field) = model.get(parent) else {
            return start;
        };
        let mut found = start;
        if down {
            let table = Arc::clone(self.database().table(self.registry().table_of(model)));
            loop {
                let before = found.len();
                let below = table.iter().map(|(id, _)| id).filter(|id| {
                    let above = self.record(model, *id).value(field).as_id();
                    above.is_some_and(|above| found.contains(&above))
                });
                let below: Vec<i64> = below.collect();
                found.extend(below);
                if found.len() == before {
                    return found;
                }
            }
        }
        let mut open: Vec<i64> = found.iter().copied().collect();
        while let Some(id) = open.pop() {
            if let Some(above) = self.record(model, id).value(field).as_id()
                && found.insert(above)
            {
                open.push(above);
            }
        }
        found
    }

    /// Archived records are hidden unless the domain asks about `active` or the context shows them.
    fn hides_archived(&self, model: &Model, domain: &Domain) -> Test {
        let Some(active) = model.get("active") else {
            return Test::Always(true);
        };
        if !self.active_test() || domain.names("active") {
            return Test::Always(true);
        }
        let check = super::matcher::Check::In {
            values: vec![true.into()],
            empty: false,
        };
        Test::Field {
            place: Test::place(self, model, active),
            check,
        }
    }
}
