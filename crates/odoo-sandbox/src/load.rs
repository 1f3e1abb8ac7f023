//! Enters the demo company into the tables, as its people would: documents are created, posted and paid through the
//! methods of their models, so that what they compute is computed here too.
//!
//! The data itself stands in `demo`; users, companies and currencies are already there.

use jiff::civil::Date;
use serde_json::{Value as Json, json};

use crate::demo::{self, DemoCompany};
use crate::engine::{
    env::Env,
    error::{OdooError, Result},
    write::vals,
};

mod bank;
mod books;
mod careers;
mod chart;
pub(crate) mod crowd;
mod frame;
mod leave;
mod partners;
mod spending;
mod staff;
mod work;

/// Fills the tables with the demo company as it looks on the day `today`. `env` is the superuser.
pub(crate) fn company(env: &Env, today: Date) -> Result<()> {
    let demo = demo::company(today);
    let load = Load { env, demo: &demo };
    frame::load(&load)?;
    partners::load(&load)?;
    staff::load(&load)?;
    careers::load(&load)?;
    leave::load(&load)?;
    books::load(&load)?;
    bank::load(&load)?;
    spending::load(&load)?;
    work::load(&load)
}

/// The demo company on its way into the tables. Records are found again by kind and key, as their XML ids.
struct Load<'a> {
    env: &'a Env,
    demo: &'a DemoCompany,
}

impl Load<'_> {
    /// Creates a record as superuser and remembers it by kind and key.
    fn create(&self, kind: &str, key: &str, model: &'static str, values: Json) -> Result<i64> {
        self.create_in(self.env, (kind, key), model, values)
    }

    /// The same in an environment of its own.
    fn create_in(
        &self,
        env: &Env,
        name: (&str, &str),
        model: &'static str,
        values: Json,
    ) -> Result<i64> {
        let id = env.create(model, vals(values))?;
        self.env.set_xml_id(&xml_id(name.0, name.1), model, id);
        Ok(id)
    }

    /// The id of a record by kind and key.
    fn id(&self, kind: &str, key: &str) -> Result<i64> {
        let found = self.env.xml_id(&xml_id(kind, key));
        found.ok_or_else(|| OdooError::value(format!("the demo company has no {kind} {key}")))
    }

    /// The id of a record by kind and key, if there is a key.
    fn maybe(&self, kind: &str, key: Option<&str>) -> Result<Option<i64>> {
        key.map(|key| self.id(kind, key)).transpose()
    }

    /// The ids of several records of one kind.
    fn ids(&self, kind: &str, keys: &[&str]) -> Result<Vec<i64>> {
        keys.iter().map(|key| self.id(kind, key)).collect()
    }

    /// The id of what exists once in each company, such as an account.
    fn id_in(&self, kind: &str, company: &str, key: &str) -> Result<i64> {
        self.id(kind, &format!("{company}_{key}"))
    }

    /// The id of a country by its ISO code, as far as the base knows it.
    fn country(&self, code: &str) -> Result<Option<i64>> {
        Ok(self
            .env
            .search("res.country", &json!([["code", "=", code]]))?
            .first()
            .copied())
    }

    /// The id of a currency by its ISO code.
    fn currency(&self, code: &str) -> Result<i64> {
        let found = self
            .env
            .with("active_test", false)
            .search("res.currency", &json!([["name", "=", code]]))?;
        found
            .first()
            .copied()
            .ok_or_else(|| OdooError::value(format!("no currency {code}")))
    }

    /// The superuser at work in one company.
    fn within(&self, company: &str) -> Result<Env> {
        Ok(self
            .env
            .with("allowed_company_ids", json!([self.id("company", company)?])))
    }
}

fn xml_id(kind: &str, key: &str) -> String {
    format!("larkspur.{kind}_{key}")
}
