//! The methods that every model has, and the dispatch of calls.

use serde_json::{Map, Value as Json};

use super::{
    env::{Env, truthy},
    error::{OdooError, Result},
    grouped,
    method::{Args, Method, Target},
    python, reading,
    registry::Registry,
    search::Query,
    writing,
};

/// Public in Python, but closed to remote calls (`@api.private`).
const PRIVATE: [&str; 24] = [
    "browse",
    "check_access",
    "concat",
    "ensure_one",
    "exists",
    "fetch",
    "filtered",
    "filtered_domain",
    "flush_model",
    "flush_recordset",
    "grouped",
    "init",
    "invalidate_model",
    "invalidate_recordset",
    "mapped",
    "modified",
    "new",
    "recompute",
    "sorted",
    "sudo",
    "union",
    "with_company",
    "with_context",
    "with_user",
];

/// Adds the methods that every model has.
pub(crate) fn register(registry: &mut Registry) {
    for method in reading::methods()
        .into_iter()
        .chain(writing::methods())
        .chain(grouped::methods())
    {
        registry.add_method(method);
    }
}

impl Env {
    /// Calls any method as a client would, standard ones included.
    pub(crate) fn call(
        &self,
        model: &str,
        method: &str,
        ids: &[i64],
        arguments: Map<String, Json>,
    ) -> Result<Json> {
        let found = self.method(model, method)?;
        if found.model_level && !ids.is_empty() {
            let text = format!("cannot call {model}.{method} with ids");
            return Err(OdooError::unprocessable(text));
        }
        let args = found.bind(arguments)?;
        (found.body)(self, &Target { model, ids }, &args)
    }

    /// The method of that name, if clients may call it.
    pub(crate) fn method(&self, model: &str, method: &str) -> Result<&Method> {
        let declared = self.model(model)?;
        if method.starts_with('_') || PRIVATE.contains(&method) {
            return Err(OdooError::access(format!(
                "Private methods (such as '{model}.{method}') cannot be called remotely."
            )));
        }
        let found = declared
            .own_method(method)
            .or_else(|| self.registry().standard(method));
        found.ok_or_else(|| {
            OdooError::not_found(format!("The method '{model}.{method}' does not exist"))
        })
    }
}

/// Offset, limit and order as PostgreSQL takes them.
pub(super) fn query(args: &Args) -> Result<Query<'_>> {
    let order = match args.get("order").filter(|order| truthy(order)) {
        None => None,
        Some(Json::String(order)) => Some(order.as_str()),
        Some(other) => {
            let found = python::class(other);
            let text = format!("expected string or bytes-like object, got '{found}'");
            return Err(OdooError::kind(text));
        }
    };
    let offset = row_count(args.get("offset"), "Offset")?.unwrap_or(0);
    Ok(Query {
        order,
        offset,
        limit: row_count(args.get("limit"), "Limit")?,
    })
}

/// The number of an offset or limit; none if it is zero or empty.
pub(super) fn row_count(value: Option<&Json>, clause: &str) -> Result<Option<usize>> {
    let Some(value) = value.filter(|value| truthy(value)) else {
        return Ok(None);
    };
    let number = match value {
        Json::Number(number) => number.as_i64(),
        Json::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let Some(number) = number else {
        let shown = value
            .as_str()
            .map_or_else(|| value.to_string(), ToOwned::to_owned);
        let text = format!("invalid input syntax for type bigint: \"{shown}\"\n");
        return Err(OdooError::other(
            "psycopg2.errors.InvalidTextRepresentation",
            text,
        ));
    };
    if let Ok(number) = usize::try_from(number) {
        return Ok(Some(number));
    }
    Err(if clause == "Limit" {
        let text = "LIMIT must not be negative\n";
        OdooError::other("psycopg2.errors.InvalidRowCountInLimitClause", text)
    } else {
        let text = "OFFSET must not be negative\n";
        OdooError::other("psycopg2.errors.InvalidRowCountInResultOffsetClause", text)
    })
}

/// The texts of a list argument; a bare text is a list of its letters, as in Python.
pub(super) fn texts(args: &Args, name: &str) -> Vec<String> {
    match args.get(name) {
        Some(Json::Array(items)) => items
            .iter()
            .map(|item| {
                item.as_str()
                    .map_or_else(|| python::repr(item), ToOwned::to_owned)
            })
            .collect(),
        Some(Json::String(text)) => text.chars().map(String::from).collect(),
        _ => Vec::new(),
    }
}
