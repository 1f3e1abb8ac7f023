//! `POST /json/2/<model>/<method>`.

use http::{Method, header};
use http_body::Body as _;
use serde_json::{Map, Value as Json, json};

use super::{
    page,
    reply::{self, Answer},
    router::Call,
};
use crate::{
    base::apikey,
    engine::{
        env::{Env, SUPERUSER, truthy},
        error::{OdooError, Result},
    },
    state::State,
};

/// Answers a call; `rest` is the path behind `/json/2`.
pub(super) fn answer(state: &State, call: &Call, rest: &str) -> Answer {
    let mut parts = rest
        .trim_matches('/')
        .split('/')
        .filter(|part| !part.is_empty());
    let (model, method, more) = (parts.next(), parts.next(), parts.next());
    let post = call.method == Method::POST || call.method == Method::OPTIONS;
    let (Some(model), Some(method), None, true) = (model, method, more, post) else {
        state.record(None, &call.path);
        return reply::error(&OdooError::not_found(
            "Did you mean POST /json/2/<model>/<method>?",
        ));
    };
    if !call.body.is_empty() && !is_json(call) {
        state.record(None, &call.path);
        return reply::html(415, page::UNSUPPORTED_TYPE);
    }
    let uid = match authenticate(state, call) {
        Ok(uid) => uid,
        Err(error) => {
            state.record(None, &call.path);
            return reply::error(&error);
        }
    };
    let result = parse(&call.body).and_then(|body| run(state, uid, &Named { model, method }, body));
    let answer = match result {
        Ok(result) => reply::json(200, &result),
        Err(error) => reply::error(&error),
    };
    let bytes = answer.body().size_hint().exact().unwrap_or_default();
    let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
    state.record_answered(Some(uid), &call.path, bytes);
    answer
}

/// What is called.
pub(super) struct Named<'a> {
    pub(super) model: &'a str,
    pub(super) method: &'a str,
}

fn is_json(call: &Call) -> bool {
    let kind = call
        .header(header::CONTENT_TYPE)
        .and_then(|kind| kind.split(';').next());
    kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// The user of the bearer key.
fn authenticate(state: &State, call: &Call) -> Result<i64> {
    let key = call.header(header::AUTHORIZATION).and_then(|value| {
        let (scheme, key) = value.trim().split_once(' ')?;
        let key = key.trim();
        (scheme.eq_ignore_ascii_case("bearer") && !key.is_empty()).then_some(key)
    });
    let Some(key) = key else {
        return Err(OdooError::unauthorized(
            "User not authenticated, use an API Key with a Bearer Authorization header.",
        ));
    };
    let owner = state.read(SUPERUSER, |env| apikey::owner(env, key));
    owner.ok_or_else(|| OdooError::unauthorized("Invalid apikey"))
}

/// The body as named arguments; what is no object counts as none.
fn parse(body: &[u8]) -> Result<Map<String, Json>> {
    if body.is_empty() {
        return Ok(Map::new());
    }
    let unreadable =
        |text: String| OdooError::bad_request(format!("could not parse the body as json: {text}"));
    let text = std::str::from_utf8(body).map_err(|error| {
        unreadable(format!(
            "'utf-8' codec can't decode byte in position {}",
            error.valid_up_to()
        ))
    })?;
    let value: Json = serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        unreadable(format!(
            "Expecting value: line {line} column {column} (char {})",
            column.saturating_sub(1)
        ))
    })?;
    Ok(match value {
        Json::Object(arguments) => arguments,
        _ => Map::new(),
    })
}

fn run(
    state: &State,
    uid: i64,
    named: &Named<'_>,
    mut arguments: Map<String, Json>,
) -> Result<Json> {
    let ids = arguments.remove("ids").unwrap_or(json!([]));
    let context = arguments.remove("context").unwrap_or(json!({}));
    call(state, uid, named, |env| {
        env.model(named.model)?;
        let env = env.with_context(context_of(env, &context)?);
        let ids = ids_of(&ids)?;
        env.call(named.model, named.method, &ids, arguments)
    })
}

/// Runs a call of a user: on a copy if its method only reads, else as a transaction.
pub(super) fn call<T>(
    state: &State,
    uid: i64,
    named: &Named<'_>,
    work: impl FnOnce(&Env) -> Result<T>,
) -> Result<T> {
    let registry = state.registry();
    let model = registry.model(named.model);
    let own = model.and_then(|model| model.own_method(named.method));
    let method = own.or_else(|| registry.standard(named.method));
    if method.is_none_or(|method| method.readonly) {
        state.read(uid, work)
    } else {
        state.write(uid, work)
    }
}

/// The context of a call, refused if it is none or names a language that is not installed.
pub(super) fn context_of(env: &Env, given: &Json) -> Result<Map<String, Json>> {
    let context = match given {
        Json::Object(context) => context.clone(),
        Json::String(text) if !text.is_empty() => {
            let text = "dictionary update sequence element #0 has length 1; 2 is required";
            return Err(OdooError::value(text));
        }
        other if !truthy(other) => Map::new(),
        other => {
            let found = crate::engine::python::class(other);
            return Err(OdooError::kind(format!("'{found}' object is not iterable")));
        }
    };
    if let Some(lang) = context.get("lang").filter(|lang| truthy(lang)) {
        let code = lang
            .as_str()
            .map_or_else(|| lang.to_string(), ToOwned::to_owned);
        let known = env
            .sudo()
            .search("res.lang", &json!([["code", "=", code]]))?;
        if known.is_empty() {
            return Err(OdooError::user(format!("Invalid language code: {code}")));
        }
    }
    Ok(context)
}

/// The ids of a call. Odoo takes one as a list of one, passes over texts, and lets PostgreSQL refuse the rest.
pub(super) fn ids_of(given: &Json) -> Result<Vec<i64>> {
    let many = match given {
        Json::Array(many) => many.as_slice(),
        Json::Null | Json::Bool(false) => &[],
        Json::Object(map) => {
            return match map.keys().next() {
                None => Ok(Vec::new()),
                Some(key) => Err(bad_id(&format!(
                    "invalid input syntax for type integer: \"{key}\"\n"
                ))),
            };
        }
        one => std::slice::from_ref(one),
    };
    let mut ids = Vec::with_capacity(many.len());
    for id in many {
        match id {
            Json::Number(number) => match number.as_i64() {
                Some(id) => ids.push(id),
                None => return Err(bad_id("integer out of range\n")),
            },
            Json::String(_) | Json::Null | Json::Bool(false) => {}
            _ => {
                return Err(OdooError::other(
                    "psycopg2.errors.UndefinedFunction",
                    "operator does not exist: integer = boolean\n",
                ));
            }
        }
    }
    Ok(ids)
}

fn bad_id(text: &str) -> OdooError {
    OdooError::other("psycopg2.errors.InvalidTextRepresentation", text)
}
