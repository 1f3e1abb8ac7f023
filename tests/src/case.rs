//! The form of the cases in `cases/*.json`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// A question to an Odoo: one or several requests of one person.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// Name, unique within its file.
    pub(crate) name: String,
    /// Login of the person who asks; `nobody` sends no key.
    #[serde(rename = "as")]
    pub(crate) person: String,
    /// The requests, in order; later ones may use what earlier ones saved.
    pub(crate) steps: Vec<Step>,
    /// Requests that tidy up, sent even when a step fails, and not observed.
    #[serde(default)]
    pub(crate) finally: Vec<Step>,
}

/// One request and what of its answer counts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    /// `model/method` of a JSON-2 call.
    pub(crate) call: Option<String>,
    /// A tool to call instead, with `body` as its arguments.
    pub(crate) tool: Option<String>,
    /// Somebody else than the one of the case.
    #[serde(rename = "as")]
    pub(crate) person: Option<String>,
    /// Any other path, instead of `call`.
    pub(crate) path: Option<String>,
    /// The body; strings with a mark in front are replaced (see `placeholder`).
    pub(crate) body: Option<Map<String, Value>>,
    /// A body sent as it stands, instead of `body`.
    pub(crate) text: Option<String>,
    /// HTTP method, `POST` unless given.
    pub(crate) method: Option<String>,
    /// Content type, `application/json` unless given; empty sends none.
    pub(crate) content_type: Option<String>,
    /// Another bearer key than the person's; may be a saved one.
    pub(crate) key: Option<String>,
    /// Another database than the one under test.
    pub(crate) database: Option<String>,
    /// Names under which parts of the answer are kept, by JSON pointer.
    #[serde(default)]
    pub(crate) save: BTreeMap<String, String>,
    /// Observe only these parts of the answer, by JSON pointer.
    #[serde(default)]
    pub(crate) pick: Vec<String>,
    /// Of a list of models, observe only whether these are in it.
    #[serde(default)]
    pub(crate) present: Vec<String>,
    /// Response headers to observe.
    #[serde(default)]
    pub(crate) headers: Vec<String>,
    /// Sort the answer, where Odoo promises no order.
    #[serde(default)]
    pub(crate) sorted: bool,
    /// Do not observe this step: it only prepares the next.
    #[serde(default)]
    pub(crate) silent: bool,
}
