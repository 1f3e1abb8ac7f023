//! One request of a case: building it, sending it, and what of the answer is observed and saved.

use anyhow::Context as _;
use reqwest::Method;
use secrecy::SecretString;
use serde_json::{Map, Value, json};

use crate::case::Step;
use crate::masks::{mask_ids, mask_message};
use crate::media_type;
use crate::observe::Observer;
use crate::person::Person;
use crate::placeholder::Placeholders;
use crate::target::{Request, Response, Target};

/// A case while it runs.
pub(crate) struct Run<'a> {
    /// Who is asked.
    pub(crate) target: &'a Target,
    /// Login of the person who asks, or `nobody`.
    pub(crate) person: &'a str,
    /// The session cookie so far.
    pub(crate) cookie: Option<String>,
    /// Placeholders and what was saved.
    pub(crate) placeholders: Placeholders<'a>,
    /// Names for what comes back.
    pub(crate) observer: Observer<'a>,
}

impl Run<'_> {
    /// Sends one step and observes its answer.
    pub(crate) async fn step(&mut self, step: &Step) -> anyhow::Result<Value> {
        if let Some(tool) = &step.tool {
            return self.tool(step, tool).await;
        }
        let response = self.target.send(self.request(step)?).await?;
        if let Some(cookie) = response.cookie() {
            self.cookie = Some(cookie);
        }
        let body: Option<Value> = serde_json::from_slice(&response.body).ok();
        self.save(step, body.as_ref().unwrap_or(&Value::Null))?;
        let observed = self.observe(step, &response, body.as_ref());
        Ok(with_headers(step, &response, observed))
    }

    /// Calls a tool and observes its outcome.
    async fn tool(&mut self, step: &Step, tool: &str) -> anyhow::Result<Value> {
        let person = Person::open(self.target, self.person_of(step)).await?;
        let arguments = step.body.clone().unwrap_or_default();
        let arguments = self.placeholders.replace(&Value::Object(arguments))?;
        let arguments = arguments.as_object().cloned().unwrap_or_default();
        let outcome = person.call(tool, arguments).await;
        self.save(step, &outcome)?;
        let hidden = person.hide(&outcome);
        if step.pick.is_empty() {
            return Ok(hidden);
        }
        let picked = step.pick.iter().map(|pointer| {
            let part = hidden.pointer(pointer).cloned();
            (pointer.clone(), part.unwrap_or(json!("<absent>")))
        });
        Ok(json!({"picked": picked.collect::<Map<String, Value>>()}))
    }

    fn save(&mut self, step: &Step, body: &Value) -> anyhow::Result<()> {
        for (name, pointer) in &step.save {
            let part = body.pointer(pointer).with_context(|| {
                let body: String = body.to_string().chars().take(300).collect();
                format!("{} has no {pointer}: {body}", step.place())
            })?;
            self.placeholders.saved.insert(name.clone(), part.clone());
        }
        Ok(())
    }

    fn person_of<'a>(&'a self, step: &'a Step) -> &'a str {
        step.person.as_deref().unwrap_or(self.person)
    }

    fn request(&self, step: &Step) -> anyhow::Result<Request> {
        let json = Some("application/json".to_owned());
        let content_type = step.content_type.clone().or(json).unwrap_or_default();
        let body = match (&step.text, &step.body) {
            (Some(text), _) => Some(text.clone().into_bytes()),
            (None, Some(body)) if step.call.is_some() => {
                Some(serde_json::to_vec(&self.placeholders.body(body)?)?)
            }
            (None, Some(body)) => {
                let body = self.placeholders.replace(&Value::Object(body.clone()))?;
                Some(serde_json::to_vec(&body)?)
            }
            (None, None) => None,
        };
        let path = match &step.call {
            Some(call) => format!("/json/2/{call}"),
            None => step.path.clone().context("a step needs `call` or `path`")?,
        };
        let session = step.call.is_none();
        Ok(Request {
            method: step.method.as_deref().unwrap_or("POST").parse::<Method>()?,
            path,
            key: if session { None } else { self.key(step)? },
            // With this header Odoo would not look at the session cookie.
            database: (!session).then(|| {
                step.database
                    .as_deref()
                    .unwrap_or(self.target.database())
                    .to_owned()
            }),
            body: body.map(|body| (content_type, body)),
            cookie: self.cookie.clone().filter(|_| session),
        })
    }

    fn key(&self, step: &Step) -> anyhow::Result<Option<SecretString>> {
        if let Some(key) = &step.key {
            let key = self.placeholders.replace(&json!(key))?;
            return Ok(key.as_str().map(|key| SecretString::from(key.to_owned())));
        }
        let person = self.person_of(step);
        if person == "nobody" {
            return Ok(None);
        }
        self.target.key(person).map(Some)
    }

    fn observe(&mut self, step: &Step, response: &Response, body: Option<&Value>) -> Value {
        let status = response.status.as_u16();
        let Some(body) = body else {
            let kind = media_type::normal(response.header("content-type"));
            return json!({"status": status, "content_type": kind});
        };
        if !step.pick.is_empty() {
            let picked = step.pick.iter().map(|pointer| {
                let part = body.pointer(pointer).map_or(json!("<absent>"), mask_ids);
                (pointer.clone(), part)
            });
            return json!({"status": status, "picked": picked.collect::<Map<String, Value>>()});
        }
        if !response.status.is_success() {
            return error(status, body);
        }
        if !step.present.is_empty() {
            return present(&step.present, body);
        }
        let (model, method) = step
            .call
            .as_deref()
            .and_then(|call| call.split_once('/'))
            .unwrap_or_default();
        if method == "has_access" {
            let operation = step
                .body
                .as_ref()
                .and_then(|body| body.get("operation")?.as_str());
            return json!({format!("{model} {}", operation.unwrap_or_default()): body});
        }
        let mut observed = self.observer.result(model, method, body);
        if let (true, Some(items)) = (step.sorted, observed.as_array_mut()) {
            items.sort_by_key(ToString::to_string);
        }
        observed
    }
}

impl Step {
    fn place(&self) -> &str {
        self.call
            .as_deref()
            .or(self.tool.as_deref())
            .or(self.path.as_deref())
            .unwrap_or_default()
    }
}

/// An error body: its class, its message without ids, and that a traceback came with it, but not which.
fn error(status: u16, body: &Value) -> Value {
    let message = body["message"].as_str().map(mask_message);
    json!({
        "status": status,
        "name": body["name"],
        "message": message,
        "debug": body["debug"].is_string(),
        "context": mask_ids(&body["context"]),
    })
}

fn present(wanted: &[String], body: &Value) -> Value {
    let models: Vec<&str> = body
        .as_array()
        .map(|rows| {
            rows.iter()
                .filter_map(|row| row["model"].as_str())
                .collect()
        })
        .unwrap_or_default();
    wanted
        .iter()
        .map(|name| (name.clone(), json!(models.contains(&name.as_str()))))
        .collect()
}

fn with_headers(step: &Step, response: &Response, observed: Value) -> Value {
    if step.headers.is_empty() {
        return observed;
    }
    let headers: Map<String, Value> = step
        .headers
        .iter()
        .map(|name| {
            let value = response.header(name);
            let value = match name.as_str() {
                "content-type" => media_type::normal(value),
                _ => value.to_owned(),
            };
            (name.clone(), json!(value))
        })
        .collect();
    json!({"headers": headers, "answer": observed})
}
