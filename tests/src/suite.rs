//! Runs all cases on one Odoo.

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::case::Case;
use crate::labels::Labels;
use crate::metadata::Metadata;
use crate::observe::Observer;
use crate::placeholder::Placeholders;
use crate::step::Run;
use crate::target::Target;
use crate::typed;

/// Observations by case, by theme.
pub type Observations = BTreeMap<String, BTreeMap<String, Value>>;

/// The cases, by theme.
const THEMES: [(&str, &str); 14] = [
    ("protocol", include_str!("../cases/protocol.json")),
    ("identity", include_str!("../cases/identity.json")),
    ("accounting", include_str!("../cases/accounting.json")),
    ("grouping", include_str!("../cases/grouping.json")),
    ("people", include_str!("../cases/people.json")),
    ("projects", include_str!("../cases/projects.json")),
    ("rights", include_str!("../cases/rights.json")),
    ("writing", include_str!("../cases/writing.json")),
    ("bank", include_str!("../cases/bank.json")),
    ("files", include_str!("../cases/files.json")),
    ("reports", include_str!("../cases/reports.json")),
    ("staff_records", include_str!("../cases/staff_records.json")),
    ("time_off", include_str!("../cases/time_off.json")),
    ("expenses", include_str!("../cases/expenses.json")),
];

/// Runs the contract suite, or of it the cases whose `theme/name` contains `only`.
///
/// # Errors
/// When Odoo cannot be reached or lacks the demo company. A case that fails is an observation, not an error.
pub async fn observe_contract(target: &Target, only: Option<&str>) -> anyhow::Result<Observations> {
    let labels = Labels::read(target)
        .await
        .context("reading the names of the demo company")?;
    let metadata = Metadata::read(target)
        .await
        .context("reading the fields of the models")?;
    let wanted =
        |theme: &str, name: &str| only.is_none_or(|only| format!("{theme}/{name}").contains(only));
    let mut observations = Observations::new();
    for (theme, text) in THEMES {
        let cases: Vec<Case> =
            serde_json::from_str(text).with_context(|| format!("cases/{theme}.json"))?;
        let mut observed = BTreeMap::new();
        for case in cases.iter().filter(|case| wanted(theme, &case.name)) {
            let value = run(target, case, &labels, &metadata).await;
            let again = observed.insert(case.name.clone(), value);
            anyhow::ensure!(again.is_none(), "{theme} has two cases `{}`", case.name);
        }
        observations.insert(theme.to_owned(), observed);
    }
    if wanted("typed", "") {
        observations.insert("typed".to_owned(), typed::observe(target).await?);
    }
    observations.retain(|_, cases| !cases.is_empty());
    Ok(observations)
}

async fn run(target: &Target, case: &Case, labels: &Labels, metadata: &Metadata) -> Value {
    let saved = BTreeMap::from([("database".to_owned(), json!(target.database()))]);
    let placeholders = Placeholders {
        labels,
        anchor: target.anchor(),
        saved,
    };
    let observer = Observer::new(labels, metadata);
    let mut run = Run {
        target,
        person: &case.person,
        cookie: None,
        placeholders,
        observer,
    };
    let mut observed = Vec::new();
    for step in &case.steps {
        match run.step(step).await {
            Ok(_) if step.silent => {}
            Ok(value) => observed.push(value),
            Err(error) => {
                observed.push(json!({"broken": format!("{error:#}")}));
                break;
            }
        }
    }
    for step in &case.finally {
        // What could not be tidied up shows in the next run; the observation stands either way.
        let _: anyhow::Result<Value> = run.step(step).await;
    }
    if observed.len() == 1 {
        observed.remove(0)
    } else {
        Value::Array(observed)
    }
}
