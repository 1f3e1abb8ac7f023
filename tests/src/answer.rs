//! Plain questions of the suite itself, whose answers must be good.

use std::collections::BTreeMap;

use anyhow::Context as _;
use jiff::civil::Date;
use reqwest::Method;
use serde_json::{Value, json};

use crate::target::{Request, Target};

/// Calls `model/method` as one of the people and gives the result.
pub(crate) async fn json2(
    target: &Target,
    login: &str,
    call: &str,
    body: &Value,
) -> anyhow::Result<Value> {
    let request = Request {
        method: Method::POST,
        path: format!("/json/2/{call}"),
        key: Some(target.key(login)?),
        database: Some(target.database().to_owned()),
        body: Some(("application/json".to_owned(), serde_json::to_vec(body)?)),
        cookie: None,
    };
    let response = target.send(request).await?;
    let text = String::from_utf8_lossy(&response.body);
    anyhow::ensure!(
        response.status.is_success(),
        "{call} as {login} answered {}: {}",
        response.status,
        text.chars().take(300).collect::<String>()
    );
    serde_json::from_slice(&response.body).with_context(|| format!("{call} answered no JSON"))
}

/// The name of the database of an Odoo that has only one.
///
/// # Errors
/// When it has several, or does not list them.
pub async fn only_database(url: &str) -> anyhow::Result<String> {
    let body = json!({"jsonrpc": "2.0", "method": "call", "params": {}});
    let request = Request {
        method: Method::POST,
        path: "/web/database/list".to_owned(),
        key: None,
        database: None,
        body: Some(("application/json".to_owned(), serde_json::to_vec(&body)?)),
        cookie: None,
    };
    let response = Target::new(url, "", Date::ZERO, BTreeMap::new())?
        .send(request)
        .await?;
    let answer: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    match answer["result"].as_array().map(Vec::as_slice) {
        Some([only]) => only
            .as_str()
            .map(str::to_owned)
            .context("a database has a name"),
        Some(several) => anyhow::bail!("{url} has {} databases: name one", several.len()),
        None => anyhow::bail!("{url} does not list its databases: name one"),
    }
}
