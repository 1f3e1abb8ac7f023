//! Records that a test changes past the tools, with a person's own key.

use odoo_json2::{Domain, Odoo, Values};
use serde_json::Value;

/// The ids of what a person finds.
pub(crate) async fn found(odoo: &Odoo, model: &str, domain: Value) -> Vec<i64> {
    let domain = Domain::raw(domain).unwrap();
    odoo.search_ids(model, domain, "id", 100).await.unwrap()
}

/// Makes a record.
pub(crate) async fn create(odoo: &Odoo, model: &str, given: Value) -> i64 {
    odoo.create(model, [values(given)]).await.unwrap()[0]
}

/// Changes records.
pub(crate) async fn write(odoo: &Odoo, model: &str, ids: &[i64], given: Value) {
    odoo.write(model, ids, &values(given)).await.unwrap();
}

fn values(given: Value) -> Values {
    serde_json::from_value::<serde_json::Map<String, Value>>(given)
        .unwrap()
        .into()
}
