//! Puts the demo company into a running Odoo, through the methods a person's clicks would call.
//!
//! Each record gets an external id (`ir.model.data`, module `larkspur`) as soon as it exists, so that a second
//! run finds it and goes on where the first one stopped. Nothing is ever changed or deleted that this did
//! not make, but for the few records that Odoo itself brings along in a new database.

mod bank;
mod books;
mod careers;
mod company;
mod frame;
mod keys;
mod leave;
mod partners;
mod payments;
mod spending;
mod staff;
mod work;

use std::collections::{BTreeMap, HashMap};

use anyhow::Context as _;
use jiff::civil::Date;
use odoo_json2::{Context, Domain, Odoo, SecretString, Values, field};
use odoo_sandbox::demo::{self, DemoCompany};
use serde_json::Value;

/// Module name of the external ids.
const MODULE: &str = "larkspur";

/// System parameter that holds the anchor date.
const ANCHOR: &str = "odoo_mcp.demo_anchor";

/// A seeded Odoo: what the suites need to know about it.
pub(crate) struct Seeded {
    /// The day that counts as today in the demo company there.
    pub(crate) anchor: Date,
    /// A fresh key for each of the six people, by login.
    pub(crate) keys: BTreeMap<String, SecretString>,
}

/// Seeds `odoo`, a client with an administrator's key. A database that was never seeded takes `today` as its anchor.
pub(crate) async fn seed(odoo: &Odoo, today: Date) -> anyhow::Result<Seeded> {
    frame::require_modules(odoo).await?;
    let anchor = anchor(odoo, today).await?;
    let demo = demo::company(anchor);
    let mut seeder = Seeder::open(odoo, &demo).await?;
    company::seed(&mut seeder).await?;
    frame::seed(&mut seeder).await?;
    partners::seed(&mut seeder).await?;
    staff::seed(&mut seeder).await?;
    careers::seed(&mut seeder).await?;
    let keys = keys::mint(odoo, &demo).await?;
    seeder.people = keys.clone();
    leave::seed(&mut seeder).await?;
    books::seed(&mut seeder).await?;
    payments::seed(&mut seeder).await?;
    bank::seed(&mut seeder).await?;
    spending::seed(&mut seeder).await?;
    work::seed(&mut seeder).await?;
    Ok(Seeded { anchor, keys })
}

/// The anchor of earlier runs, else `today`, which is stored. Refuses a database with somebody's books in it.
async fn anchor(odoo: &Odoo, today: Date) -> anyhow::Result<Date> {
    let stored: Value = odoo
        .call("ir.config_parameter", "get_param")
        .arg("key", ANCHOR)
        .fetch()
        .await?;
    if let Some(text) = stored.as_str() {
        return text
            .parse()
            .with_context(|| format!("the system parameter {ANCHOR} is `{text}`"));
    }
    let moves = odoo.count("account.move", Domain::all()).await?;
    anyhow::ensure!(
        moves == 0,
        "this database has {moves} journal entries and was not seeded before. \
         Take an empty database: the demo company is not for one with real books."
    );
    let set = odoo
        .call("ir.config_parameter", "set_param")
        .arg("key", ANCHOR);
    set.arg("value", today.to_string()).value().await?;
    Ok(today)
}

/// What seeding needs at each step: the administrator's client, the data and the ids of what exists.
pub(super) struct Seeder<'a> {
    odoo: Odoo,
    demo: &'a DemoCompany,
    people: BTreeMap<String, SecretString>,
    ids: HashMap<String, i64>,
}

impl<'a> Seeder<'a> {
    async fn open(odoo: &Odoo, demo: &'a DemoCompany) -> anyhow::Result<Self> {
        let domain = serde_json::json!([["module", "=", MODULE]]);
        let rows: Vec<HashMap<String, Value>> = odoo
            .call("ir.model.data", "search_read")
            .arg("domain", domain)
            .arg("fields", ["name", "res_id"])
            .read_only()
            .fetch()
            .await
            .context("reading external ids; the key must be an administrator's")?;
        let ids = rows
            .iter()
            .filter_map(|row| {
                Some((
                    row.get("name")?.as_str()?.to_owned(),
                    row.get("res_id")?.as_i64()?,
                ))
            })
            .collect();
        Ok(Self {
            odoo: odoo.clone(),
            demo,
            people: BTreeMap::new(),
            ids,
        })
    }

    /// The id of a record that an earlier step made.
    fn id(&self, kind: &str, key: &str) -> anyhow::Result<i64> {
        self.known(kind, key)
            .with_context(|| format!("{kind} `{key}` has not been seeded"))
    }

    fn known(&self, kind: &str, key: &str) -> Option<i64> {
        self.ids.get(&external(kind, key)).copied()
    }

    /// The id of an account, tax or journal, of which each company has its own.
    fn id_in(&self, kind: &str, company: &str, key: &str) -> anyhow::Result<i64> {
        self.id(kind, &format!("{company}/{key}"))
    }

    /// Creates a record unless it exists, and gives its id.
    async fn ensure(
        &mut self,
        (kind, key): (&str, &str),
        model: &str,
        context: Context,
        values: Values,
    ) -> anyhow::Result<i64> {
        if let Some(id) = self.known(kind, key) {
            return Ok(id);
        }
        let created = self
            .odoo
            .with_context(context)
            .create(model, [values])
            .await;
        let id = *created
            .with_context(|| format!("creating {kind} `{key}`"))?
            .first()
            .with_context(|| format!("Odoo created no {kind} `{key}`"))?;
        self.adopt((kind, key), model, id).await?;
        Ok(id)
    }

    /// Gives an existing record its external id.
    async fn adopt(
        &mut self,
        (kind, key): (&str, &str),
        model: &str,
        id: i64,
    ) -> anyhow::Result<()> {
        self.adopt_all(kind, model, &[(key.to_owned(), id)]).await
    }

    /// Gives existing records their external ids, by key.
    async fn adopt_all(
        &mut self,
        kind: &str,
        model: &str,
        records: &[(String, i64)],
    ) -> anyhow::Result<()> {
        let names: Vec<Values> = records
            .iter()
            .map(|(key, id)| {
                Values::new()
                    .set("module", MODULE)
                    .set("name", external(kind, key))
                    .set("model", model)
                    .set("res_id", *id)
                    .set("noupdate", true)
            })
            .collect();
        self.odoo.create("ir.model.data", names).await?;
        self.ids
            .extend(records.iter().map(|(key, id)| (external(kind, key), *id)));
        Ok(())
    }

    /// The id of what Odoo or its chart of accounts brought along, if it is there.
    async fn find(
        &self,
        model: &str,
        domain: Domain,
        context: Context,
    ) -> anyhow::Result<Option<i64>> {
        let found = search(&self.odoo.with_context(context), model, domain).await?;
        Ok(found.first().copied())
    }

    /// The id behind an external id such as `base.group_user`.
    async fn external_id(&self, name: &str) -> anyhow::Result<i64> {
        let (module, name) = name.split_once('.').context("an external id has a dot")?;
        let domain = serde_json::json!([["module", "=", module], ["name", "=", name]]);
        let rows: Vec<HashMap<String, Value>> = self
            .odoo
            .call("ir.model.data", "search_read")
            .arg("domain", domain)
            .arg("fields", ["res_id"])
            .read_only()
            .fetch()
            .await?;
        rows.first()
            .and_then(|row| row.get("res_id")?.as_i64())
            .with_context(|| format!("this Odoo has no {module}.{name}"))
    }

    /// The id of a country by its ISO code.
    async fn country(&self, code: &str) -> anyhow::Result<i64> {
        self.find("res.country", field("code").eq(code), quiet())
            .await?
            .with_context(|| format!("no country {code}"))
    }

    /// A context in which the company `key` is the only one.
    fn within(&self, key: &str) -> anyhow::Result<Context> {
        Ok(quiet().companies([self.id("company", key)?]))
    }

    /// A client that acts as one of the six people.
    fn acting_as(&self, login: &str) -> anyhow::Result<Odoo> {
        let key = self
            .people
            .get(login)
            .with_context(|| format!("no key for {login}"))?;
        Ok(self.odoo.with_key(key.clone()))
    }
}

/// A context without mails and tracking notes; assignees still become followers.
pub(super) fn quiet() -> Context {
    Context::new()
        .lang("en_US")
        .with("no_reset_password", true)
        .with("mail_create_nolog", true)
        .with("mail_create_nosubscribe", true)
        .with("mail_auto_subscribe_no_notify", true)
        .with("mail_notrack", true)
}

/// The ids that a domain finds.
pub(super) async fn search(odoo: &Odoo, model: &str, domain: Domain) -> anyhow::Result<Vec<i64>> {
    Ok(odoo
        .call(model, "search")
        .arg("domain", domain)
        .read_only()
        .fetch()
        .await?)
}

fn external(kind: &str, key: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    format!("{kind}_{}", key.chars().map(plain).collect::<String>())
}
