//! The page where people with two-factor authentication give their one-time code.

use std::collections::HashMap;

use super::{
    page,
    reply::{self, Answer},
    router::Call,
    rpc::with_cookie,
    session::Session,
};
use crate::{
    base::secret,
    engine::env::SUPERUSER,
    state::{State, lock},
};

/// `GET /web/login/totp`: the form, with the token that its answer must carry.
pub(super) fn show(state: &State, call: &Call) -> Answer {
    match waiting(state, call) {
        Ok((_, session, _)) => reply::html(200, page::totp(&session.token, None)),
        Err(answer) => *answer,
    }
}

/// `POST /web/login/totp`: a right code signs the user in under a new session id.
pub(super) fn submit(state: &State, call: &Call) -> Answer {
    let (id, session, uid) = match waiting(state, call) {
        Ok(waiting) => waiting,
        Err(answer) => return *answer,
    };
    let form = form(&call.body);
    if form.get("csrf_token") != Some(&session.token) {
        return reply::html(400, page::BAD_TOKEN);
    }
    let again = |error| reply::html(200, page::totp(&session.token, Some(error)));
    let code: String = form
        .get("totp_token")
        .into_iter()
        .flat_map(|code| code.chars())
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let Ok(code) = code.parse::<u32>() else {
        return again("Invalid authentication code format.");
    };
    if !lock(&state.sessions).may_try_code(uid, state.now()) {
        return again(
            "You reached the limit of code verifications for your account, please try again later.",
        );
    }
    if !accept(state, uid, code) {
        return again("Verification failed, please double-check the 6-digit code");
    }
    let mut sessions = lock(&state.sessions);
    sessions.forget_codes(uid);
    sessions.close(&id);
    let id = sessions.open(Session {
        uid: Some(uid),
        ..Session::default()
    });
    drop(sessions);
    with_cookie(reply::see_other("/odoo"), &id)
}

/// The session that owes a code, or the page that is shown without one.
fn waiting(state: &State, call: &Call) -> Result<(String, Session, i64), Box<Answer>> {
    let id = call.session().unwrap_or_default().to_owned();
    let session = lock(&state.sessions).get(&id).cloned().unwrap_or_default();
    match (session.uid, session.pre_uid) {
        (Some(_), _) => Err(Box::new(reply::see_other("/odoo"))),
        (None, Some(uid)) => Ok((id, session, uid)),
        (None, None) => Err(Box::new(reply::see_other("/web/login"))),
    }
}

/// Takes a code once: neither it nor an older one is taken again.
fn accept(state: &State, uid: i64, code: u32) -> bool {
    let now = state.now().as_second();
    let taken = state.write(SUPERUSER, |env| {
        let user = env.record_of("res.users", uid);
        let step = secret::totp_step(&user.text("totp_secret"), code, now);
        let fresh = step.filter(|step| *step > user.int("totp_last_step"));
        if let Some(step) = fresh {
            user.set("totp_last_step", step);
        }
        Ok(fresh.is_some())
    });
    taken.unwrap_or(false)
}

/// The fields of a URL-encoded form.
fn form(body: &[u8]) -> HashMap<String, String> {
    let text = String::from_utf8_lossy(body);
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits: Vec<u8> = rest.by_ref().take(2).collect();
                let digits = String::from_utf8_lossy(&digits).into_owned();
                u8::from_str_radix(&digits, 16).unwrap_or(b'?')
            }
            byte => byte,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
