//! JSON-RPC of the web client: signing in with a password, calling methods by session, signing out.

use http::header::{self, HeaderValue};
use serde_json::{Map, Value as Json, json};

use super::{
    json2::{self, Named},
    reply::{self, Answer},
    router::Call,
    session::Session,
};
use crate::{
    base::identity,
    engine::{
        env::{Env, SUPERUSER},
        error::{OdooError, Result},
    },
    sandbox::DATABASE,
    state::{State, lock},
};

/// `/web/session/authenticate`.
pub(super) fn authenticate(state: &State, call: &Call) -> Answer {
    let request = Envelope::read(&call.body);
    if request.text("db") != DATABASE {
        return request.error(&OdooError::access("Database not found."));
    }
    if state.is_cooling(call.address) {
        let text = "Too many login failures, please wait a bit before trying again.";
        return request.error(&OdooError::denied(text));
    }
    let (login, password) = (request.text("login"), request.text("password"));
    let found = state.read(SUPERUSER, |env| sign_in(env, login, password));
    state.signed_in(call.address, found.is_some());
    let Some((uid, owes_code)) = found else {
        return request.error(&OdooError::denied("Access Denied"));
    };
    let mut sessions = lock(&state.sessions);
    if let Some(old) = call.session() {
        sessions.close(old);
    }
    let id = sessions.open(Session {
        uid: Some(uid).filter(|_| !owes_code),
        pre_uid: Some(uid).filter(|_| owes_code),
        ..Session::default()
    });
    drop(sessions);
    let known = || state.read(uid, session_info);
    let result = if owes_code {
        json!({"uid": null})
    } else {
        known()
    };
    with_cookie(request.result(&result), &id)
}

/// `/web/session/get_session_info`.
pub(super) fn info(state: &State, call: &Call) -> Answer {
    let session = call
        .session()
        .and_then(|id| lock(&state.sessions).get(id).cloned());
    match session.and_then(|session| session.uid) {
        Some(uid) => Envelope::read(&call.body).result(&state.read(uid, session_info)),
        None => expired(),
    }
}

/// `/web/session/destroy`.
pub(super) fn destroy(state: &State, call: &Call) -> Answer {
    if let Some(id) = call.session() {
        lock(&state.sessions).close(id);
    }
    Envelope::read(&call.body).result(&Json::Null)
}

/// `/web/dataset/call_kw[/<model>/<method>]`.
pub(super) fn call(state: &State, call: &Call) -> Answer {
    let request = Envelope::read(&call.body);
    let session = call
        .session()
        .and_then(|id| lock(&state.sessions).get(id).cloned());
    let Some((session, uid)) = session.and_then(|session| session.uid.map(|uid| (session, uid)))
    else {
        return expired();
    };
    if !state.read(uid, |env| env.user().bool("active")) {
        return expired();
    }
    let now = state.now();
    let result = request.call(state, uid, session.is_identity_checked(now));
    match result {
        Ok((result, checked)) => {
            if checked
                && let Some(session) = call.session().map(ToOwned::to_owned)
                && let Some(session) = lock(&state.sessions).get_mut(&session)
            {
                session.identity_checked.get_or_insert(now);
            }
            request.result(&result)
        }
        Err(error) => request.error(&error),
    }
}

/// The cookie of a session.
pub(super) fn with_cookie(mut answer: Answer, id: &str) -> Answer {
    let cookie = format!("session_id={id}; Max-Age=604800; HttpOnly; Path=/");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        answer.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    answer
}

/// A JSON-RPC request.
struct Envelope {
    id: Json,
    params: Map<String, Json>,
}

impl Envelope {
    fn read(body: &[u8]) -> Self {
        let mut request: Json = serde_json::from_slice(body).unwrap_or_default();
        let take = |request: &mut Json, key: &str| request.get_mut(key).map(Json::take);
        let id = take(&mut request, "id").unwrap_or_default();
        let params = match take(&mut request, "params") {
            Some(Json::Object(params)) => params,
            _ => Map::new(),
        };
        Self { id, params }
    }

    /// A text among the parameters; empty if there is none.
    fn text(&self, name: &str) -> &str {
        self.params
            .get(name)
            .and_then(Json::as_str)
            .unwrap_or_default()
    }

    /// Calls the method, and says whether the password has been checked in this session.
    fn call(&self, state: &State, uid: i64, checked: bool) -> Result<(Json, bool)> {
        let named = Named {
            model: self.text("model"),
            method: self.text("method"),
        };
        let positional = self.params.get("args").and_then(Json::as_array).cloned();
        let arguments = self.params.get("kwargs").and_then(Json::as_object).cloned();
        let (positional, mut arguments) = (
            positional.unwrap_or_default(),
            arguments.unwrap_or_default(),
        );
        let context = arguments.remove("context").unwrap_or_default();
        json2::call(state, uid, &named, |env| {
            if checked {
                env.set_identity_checked();
            }
            let env = env.with_context(json2::context_of(env, &context)?);
            let result = dispatch(&env, &named, positional, arguments)?;
            Ok((result, env.identity_checked()))
        })
    }

    fn result(&self, result: &Json) -> Answer {
        reply::json(
            200,
            &json!({"jsonrpc": "2.0", "id": self.id, "result": result}),
        )
    }

    fn error(&self, error: &OdooError) -> Answer {
        let data = reply::body(error);
        let error = json!({"code": 0, "message": "Odoo Server Error", "data": data});
        reply::json(
            200,
            &json!({"jsonrpc": "2.0", "id": self.id, "error": error}),
        )
    }
}

/// Calls a method with positional and named arguments; the first is the ids, if it is a method of records.
fn dispatch(
    env: &Env,
    named: &Named<'_>,
    positional: Vec<Json>,
    mut arguments: Map<String, Json>,
) -> Result<Json> {
    let method = env.method(named.model, named.method)?;
    let mut rest = positional.into_iter();
    let mut ids = Vec::new();
    if !method.model_level {
        ids = json2::ids_of(&rest.next().unwrap_or_default())?;
    }
    for (name, value) in method.parameters().zip(rest) {
        arguments.insert(name.to_owned(), value);
    }
    let one = named.method == "create" && arguments.get("vals_list").is_some_and(Json::is_object);
    let result = env.call(named.model, named.method, &ids, arguments)?;
    // The web client gets one id for one dict, where JSON-2 always answers a list.
    Ok(if one {
        result.get(0).cloned().unwrap_or_default()
    } else {
        result
    })
}

fn expired() -> Answer {
    let data = reply::body(&OdooError::other(
        "odoo.http.SessionExpiredException",
        "Session expired",
    ));
    let error = json!({"code": 100, "message": "Odoo Session Expired", "data": data});
    reply::json(200, &json!({"jsonrpc": "2.0", "id": null, "error": error}))
}

/// The user of a login and password, and whether a one-time code is still due.
fn sign_in(env: &Env, login: &str, password: &str) -> Option<(i64, bool)> {
    let found = env
        .search("res.users", &json!([["login", "=", login]]))
        .ok()?;
    let uid = *found.first()?;
    let right = identity::is_password(env, uid, password);
    right.then(|| (uid, env.record_of("res.users", uid).bool("totp_secret")))
}

/// What the web client is told about the user who signed in.
pub(super) fn session_info(env: &Env) -> Json {
    let user = env.user();
    let text = |name: &str| {
        user.get(name)
            .as_text()
            .map_or(json!(false), |text| json!(text))
    };
    let companies = user.many("company_ids").into_iter().map(|company| {
        let currency = company.get("currency_id").as_id();
        let about = json!({"id": company.id(), "name": company.text("name"), "currency_id": currency, "parent_id": false});
        (company.id().to_string(), about)
    });
    let companies: Map<String, Json> = companies.collect();
    json!({
        "uid": env.uid(),
        "is_system": env.in_group(crate::base::SYSTEM),
        "is_admin": env.in_group(crate::base::SYSTEM),
        "is_public": false,
        "is_internal_user": env.in_group(crate::base::USER),
        "user_context": {"lang": text("lang"), "tz": text("tz"), "uid": env.uid()},
        "db": DATABASE,
        "server_version": "19.0",
        "server_version_info": [19, 0, 0, "final", 0, ""],
        "name": text("name"),
        "username": text("login"),
        "partner_id": user.get("partner_id").as_id(),
        "partner_display_name": user.one("partner_id").map(|partner| partner.display_name()),
        "user_companies": {
            "current_company": user.get("company_id").as_id(),
            "allowed_companies": companies,
            "disallowed_ancestor_companies": {},
        },
    })
}
