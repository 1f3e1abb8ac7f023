//! The example questions in `docs/tools/*.json`: one for each tool. The tool reference shows them, and the tests of
//! what answers cost and how long they get ask them, so that no tool can be added without.
//!
//! Values that differ from Odoo to Odoo are placeholders: `{"$id": {"account.move": [domain]}}` is the id of the first
//! record that fits, `{"$file": "pdf"}` the content of a file.

use std::error::Error;
use std::path::Path;

use odoo_json2::{Domain, Odoo};
use serde::Deserialize;
use serde_json::{Map, Value};

/// What can go wrong with the files themselves.
pub(crate) type Mistake = Box<dyn Error + Send + Sync>;

/// The files, in the order of the reference: one for each domain, with its title.
pub(crate) const DOMAINS: [(&str, &str); 6] = [
    ("general", "General"),
    ("accounting", "Accounting"),
    ("people", "People"),
    ("time_off", "Time off"),
    ("expenses", "Expenses"),
    ("projects", "Projects"),
];

/// The smallest file that passes for a PDF, in Base64.
const PDF: &str = "JVBERi0xLjQKMSAwIG9iaiA8PCAvVHlwZSAvQ2F0YWxvZyA+PiBlbmRvYmoKdHJhaWxlciA8PCAvUm9vdCAxIDAgUiA+PgolJUVPRgo=";

/// A question as somebody would ask it, and the call that answers it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Example {
    /// The tool.
    pub(crate) tool: String,
    /// Login of the person who asks.
    #[serde(rename = "as")]
    pub(crate) person: String,
    /// The question in plain words.
    pub(crate) question: String,
    /// The arguments that answer it.
    #[serde(default)]
    pub(crate) arguments: Map<String, Value>,
    /// The arguments that ask for as much as there is; tools that write have none.
    pub(crate) most: Option<Map<String, Value>>,
}

/// The examples of one domain; `root` is the folder of the repository.
pub(crate) fn read(root: &Path, domain: &str) -> Result<Vec<Example>, Mistake> {
    let path = root.join(format!("docs/tools/{domain}.json"));
    let text =
        std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// Arguments with their placeholders filled in, with the rights of the client's user.
pub(crate) async fn fill(
    odoo: &Odoo,
    arguments: &Map<String, Value>,
) -> Result<Map<String, Value>, Mistake> {
    let mut filled = Map::new();
    for (name, value) in arguments {
        let value = match value.as_object().and_then(|object| object.iter().next()) {
            Some((mark, wanted)) if mark == "$id" => id(odoo, wanted).await?.into(),
            Some((mark, _)) if mark == "$file" => PDF.into(),
            _ => value.clone(),
        };
        filled.insert(name.clone(), value);
    }
    Ok(filled)
}

async fn id(odoo: &Odoo, wanted: &Value) -> Result<i64, Mistake> {
    let (model, domain) = wanted
        .as_object()
        .and_then(|object| object.iter().next())
        .ok_or("`$id` needs a model and a domain")?;
    let domain = Domain::raw(domain.clone())?;
    let found = odoo.search_ids(model, domain, "id", 1).await?;
    let first = found.first().copied();
    first.ok_or_else(|| format!("nothing in {model} fits {wanted}").into())
}
