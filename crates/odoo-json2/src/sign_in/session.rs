//! The web session: the steps of a browser, with the cookie carried by hand.

use std::fmt;

use bytes::Bytes;
use http::{HeaderValue, Method, Response, header};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::{SignIn, SignInError, page};
use crate::{
    DecodeError, Error, KeyInfo, MintedKey, Odoo, derive_support,
    keys::{self, KeyCall, KeyCalls},
    wire::{self, Intent, MethodCall, OdooError},
};

/// A user who is signed in, for as long as it takes to make or remove keys.
///
/// The session in Odoo ends with [`close`](Self::close), or in the background when this is dropped.
pub struct Session {
    web: WebSession,
    password: SecretString,
    uid: i64,
    login: String,
    name: String,
    internal: bool,
    open: bool,
}

/// A user whose password was right and who has to prove a second factor: a code from an
/// authenticator, or one that Odoo has just sent by e-mail.
pub struct TotpChallenge {
    web: WebSession,
    password: SecretString,
    csrf_token: String,
}

impl Session {
    /// The id of the user.
    pub fn uid(&self) -> i64 {
        self.uid
    }

    /// The name with which the user signed in.
    pub fn login(&self) -> &str {
        &self.login
    }

    /// The name of the person.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether this is an internal user, not one of the portal.
    pub fn is_internal(&self) -> bool {
        self.internal
    }

    /// Makes an API key that lives for so many days, or for the longest time below that Odoo allows
    /// this user (365, 180, 90, 30, 7 or 1).
    ///
    /// # Errors
    /// [`SignInError::NotInternal`] for portal users, [`SignInError::PasskeyOnly`], and those of the
    /// network.
    pub async fn mint_key(&self, name: &str, days: u16) -> Result<MintedKey, SignInError> {
        keys::mint(&self.web, name, days, &self.password).await
    }

    /// The keys of the user, newest first.
    ///
    /// # Errors
    /// Every [`Error`].
    pub async fn own_keys(&self) -> Result<Vec<KeyInfo>, Error> {
        keys::list_keys(&self.web, self.uid).await
    }

    /// Removes a key of the user.
    ///
    /// # Errors
    /// Every [`SignInError`].
    pub async fn remove_key(&self, id: i64) -> Result<(), SignInError> {
        keys::remove(&self.web, id, &self.password).await
    }

    /// Ends the session in Odoo. A failure is not reported: nothing of the session is kept here, and
    /// Odoo ends it by itself after a week.
    pub async fn close(mut self) {
        self.web.clone().destroy().await;
        self.open = false;
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if !self.open {
            return;
        }
        let web = self.web.clone();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            drop(runtime.spawn(async move { web.destroy().await }));
        }
    }
}

impl TotpChallenge {
    /// Proves the second factor. After a wrong code it can be tried again; Odoo takes five an hour.
    ///
    /// # Errors
    /// [`SignInError::WrongCode`], [`SignInError::TooManyCodes`], [`SignInError::Expired`].
    pub async fn verify(&mut self, code: &str) -> Result<Session, SignInError> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        if !(4..=12).contains(&code.len()) || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(SignInError::WrongCode {
                message: "it is a number of six digits".to_owned(),
            });
        }
        // Never `remember`: it would make Odoo trust this program as a device.
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("csrf_token", &self.csrf_token)
            .append_pair("totp_token", &code)
            .finish();
        let answer = self.web.post_form("web/login/totp", form).await?;
        if answer.status().is_redirection() {
            let info = self.web.session_info().await?;
            return Session::of(self.web.clone(), self.password.clone(), &info)?
                .ok_or(SignInError::Expired);
        }
        let text = page_of(&answer)?;
        if let Some(token) = page::csrf_token(&text) {
            self.csrf_token = token;
        }
        let message = page::alert(&text).unwrap_or_default();
        if message.contains("limit") {
            return Err(SignInError::TooManyCodes);
        }
        Err(SignInError::WrongCode { message })
    }
}

impl Session {
    /// The session that Odoo's `session_info` describes; none when nobody is signed in.
    fn of(web: WebSession, password: SecretString, info: &Value) -> Result<Option<Self>, Error> {
        let Some(uid) = info.get("uid").and_then(Value::as_i64) else {
            return Ok(None);
        };
        let login = derive_support::field(info, "username")?;
        let name = derive_support::field(info, "name")?;
        Ok(Some(Self {
            web,
            password,
            uid,
            login,
            name,
            internal: info.get("is_internal_user").and_then(Value::as_bool) != Some(false),
            open: true,
        }))
    }
}

/// A session of the web client, with or without a user.
#[derive(Clone)]
pub(super) struct WebSession {
    odoo: Odoo,
    cookie: Option<SecretString>,
}

impl WebSession {
    /// Opens a session bound to the database. Where Odoo serves several, everything after depends
    /// on it; the header that JSON-2 uses would keep Odoo from storing the session.
    pub(super) async fn open(odoo: &Odoo) -> Result<Self, Error> {
        let mut web = Self {
            odoo: odoo.clone(),
            cookie: None,
        };
        let database: String =
            form_urlencoded::byte_serialize(odoo.database().as_bytes()).collect();
        web.get(&format!("web/login?db={database}")).await?;
        Ok(web)
    }

    pub(super) async fn authenticate(
        mut self,
        login: &str,
        password: SecretString,
    ) -> Result<SignIn, SignInError> {
        let database = self.odoo.database().to_owned();
        let params = json!({"db": database, "login": login, "password": password.expose_secret()});
        let info = match self.rpc("web/session/authenticate", params).await {
            Ok(info) => info,
            Err(Error::AccessDenied { message }) if message.starts_with("Database") => {
                return Err(Error::WrongDatabase { database }.into());
            }
            Err(Error::AccessDenied { message }) if message.contains("Too many") => {
                return Err(SignInError::Cooldown);
            }
            Err(Error::AccessDenied { .. }) => return Err(SignInError::WrongCredentials),
            Err(other) => return Err(other.into()),
        };
        match Session::of(self.clone(), password.clone(), &info)? {
            Some(session) => Ok(SignIn::Complete(session)),
            None => Ok(SignIn::Totp(self.challenge(password).await?)),
        }
    }

    /// Opens the page that asks for the code, which makes Odoo send it where it goes by e-mail.
    async fn challenge(mut self, password: SecretString) -> Result<TotpChallenge, SignInError> {
        let answer = self.get("web/login/totp").await?;
        if answer.status().is_redirection() {
            return Err(SignInError::Expired);
        }
        let token = page::csrf_token(&page_of(&answer)?);
        let strange = || DecodeError::new("Odoo's page for the code", &Value::Null);
        let csrf_token = token.ok_or_else(strange).map_err(Error::from)?;
        Ok(TotpChallenge {
            web: self,
            password,
            csrf_token,
        })
    }

    async fn session_info(&mut self) -> Result<Value, Error> {
        self.rpc("web/session/get_session_info", json!({})).await
    }

    async fn destroy(mut self) {
        if let Err(error) = self.rpc("web/session/destroy", json!({})).await {
            tracing::debug!(%error, "the web session was not ended");
        }
    }

    /// A JSON-RPC call, which is what the web client speaks.
    async fn rpc(&mut self, path: &str, params: Value) -> Result<Value, Error> {
        let body = json!({"jsonrpc": "2.0", "method": "call", "params": params}).to_string();
        let uri = self.odoo.endpoint().uri(path)?;
        let request = self.odoo.endpoint().json_request(uri, body.into_bytes());
        let answer = self.exchange(request).await?;
        let call = MethodCall::new("web", "session", Intent::Write);
        let mut envelope = wire::decode(&call, self.odoo.database(), &answer)?;
        match envelope.get_mut("error").map(Value::take) {
            Some(error) => Err(OdooError::of_rpc(error).classify(answer.status(), &call)),
            None => Ok(envelope
                .get_mut("result")
                .map(Value::take)
                .unwrap_or_default()),
        }
    }

    async fn get(&mut self, path: &str) -> Result<Response<Bytes>, Error> {
        let uri = self.odoo.endpoint().uri(path)?;
        let request = self
            .odoo
            .endpoint()
            .bare_request(Method::GET, uri, Vec::new());
        self.exchange(request).await
    }

    async fn post_form(&mut self, path: &str, form: String) -> Result<Response<Bytes>, Error> {
        let uri = self.odoo.endpoint().uri(path)?;
        let endpoint = self.odoo.endpoint();
        let mut request = endpoint.bare_request(Method::POST, uri, form.into_bytes());
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(header::CONTENT_TYPE, kind);
        self.exchange(request).await
    }

    /// Sends with the cookie, and keeps the one that comes back: Odoo changes it at each step.
    async fn exchange(
        &mut self,
        mut request: http::Request<Bytes>,
    ) -> Result<Response<Bytes>, Error> {
        if let Some(cookie) = &self.cookie {
            let text = format!("session_id={}", cookie.expose_secret());
            if let Ok(mut value) = HeaderValue::from_str(&text) {
                value.set_sensitive(true);
                request.headers_mut().insert(header::COOKIE, value);
            }
        }
        let answer = self.odoo.exchange(request, Intent::Write).await?;
        for cookie in answer.headers().get_all(header::SET_COOKIE) {
            let text = cookie.to_str().unwrap_or_default();
            let value = text
                .strip_prefix("session_id=")
                .and_then(|rest| rest.split(';').next());
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                self.cookie = Some(SecretString::from(value));
            }
        }
        Ok(answer)
    }
}

impl KeyCalls for WebSession {
    async fn carry_out(&self, call: KeyCall<'_>) -> Result<Value, Error> {
        let ids = call.id.map(|id| json!([id]));
        let args: Vec<Value> = ids
            .into_iter()
            .chain(call.args.into_iter().map(|(_, arg)| arg))
            .collect();
        let context = call
            .password
            .map(|password| json!({"password": password.expose_secret()}));
        let kwargs = json!({"context": context.unwrap_or_else(|| json!({}))});
        let path = format!("web/dataset/call_kw/{}/{}", call.model, call.method);
        let params =
            json!({"model": call.model, "method": call.method, "args": args, "kwargs": kwargs});
        self.clone().rpc(&path, params).await
    }
}

/// The text of a web page; anything but a page is an error of the wire.
fn page_of(answer: &Response<Bytes>) -> Result<String, Error> {
    if answer.status().is_success() {
        return Ok(String::from_utf8_lossy(answer.body()).into_owned());
    }
    let call = MethodCall::new("web", "login", Intent::Write);
    wire::decode(&call, "", answer).map(|_| String::new())
}

impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Session")
            .field("uid", &self.uid)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for TotpChallenge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TotpChallenge")
            .finish_non_exhaustive()
    }
}
