//! API keys: listing, making, renewing and removing one's own.
//!
//! Odoo makes and removes a key only for someone who types the password again (`@check_identity`):
//! the method answers with a wizard, and running the wizard with the password runs the method. That
//! works alike in a web session and over JSON-2, hence the small trait [`KeyCalls`].

use std::future::Future;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::{
    Context, DateTime, DecodeError, Error, FieldValue, Odoo, Record, SignInError, ToValue, Values,
    derive_support, field,
    wire::{Intent, MethodCall},
};

/// How long keys can live, in days, longest first: the choices of Odoo's own dialog.
const DURATIONS: [u16; 6] = [365, 180, 90, 30, 7, 1];

/// The wizard that asks for the password.
const IDENTITY_CHECK: &str = "res.users.identitycheck";

/// What Odoo tells about an API key: everything but the key.
#[derive(Clone, Debug, PartialEq, Eq, Record)]
#[odoo(model = "res.users.apikeys")]
pub struct KeyInfo {
    /// The id, with which it is removed.
    pub id: i64,
    /// The name that was given to it.
    pub name: String,
    /// What it is limited to; `None` is everything, JSON-2 also takes `rpc`.
    pub scope: Option<String>,
    /// When it was made.
    pub create_date: Option<DateTime>,
    /// When it stops working; `None` is never.
    pub expiration_date: Option<DateTime>,
}

/// A key that was just made. Odoo shows it this once.
#[derive(Clone, Debug)]
pub struct MintedKey {
    /// The key.
    pub key: SecretString,
    /// The days it was made for, counted from today in UTC: fewer than asked for, where Odoo allows
    /// no more.
    pub days: u16,
}

impl Odoo {
    /// The keys of the user, newest first. Odoo does not tell which one is in use, so give each a
    /// name of its own. Two calls.
    ///
    /// # Errors
    /// Every [`Error`].
    pub async fn own_keys(&self) -> Result<Vec<KeyInfo>, Error> {
        let uid = self.context_get().await?.uid;
        list_keys(&Json2(self), uid).await
    }

    /// Makes a new key with the present one and the password. The present one stays valid.
    ///
    /// # Errors
    /// [`SignInError::WrongCredentials`] when the password is wrong. Odoo does not slow down
    /// guessing here: limit the attempts yourself.
    pub async fn renew_key(
        &self,
        name: &str,
        days: u16,
        password: &SecretString,
    ) -> Result<MintedKey, SignInError> {
        mint(&Json2(self), name, days, password).await
    }

    /// Removes a key of the user, even the present one. Needs the password.
    ///
    /// # Errors
    /// [`SignInError::WrongCredentials`] when the password is wrong.
    pub async fn remove_key(&self, id: i64, password: &SecretString) -> Result<(), SignInError> {
        remove(&Json2(self), id, password).await
    }
}

/// A call in whichever way the user is known to Odoo.
pub(crate) struct KeyCall<'a> {
    pub(crate) model: &'static str,
    pub(crate) method: &'static str,
    pub(crate) id: Option<i64>,
    /// In the order of the method's parameters.
    pub(crate) args: Vec<(&'static str, Value)>,
    pub(crate) password: Option<&'a SecretString>,
}

/// Who carries out a [`KeyCall`]: a client with a key, or a web session.
pub(crate) trait KeyCalls: Sync {
    fn carry_out(&self, call: KeyCall<'_>) -> impl Future<Output = Result<Value, Error>> + Send;
}

struct Json2<'a>(&'a Odoo);

impl KeyCalls for Json2<'_> {
    async fn carry_out(&self, call: KeyCall<'_>) -> Result<Value, Error> {
        let mut request = MethodCall::new(call.model, call.method, Intent::Write);
        if let Some(id) = call.id {
            request = request.ids(&[id]);
        }
        for (name, value) in call.args {
            request = request.arg(name, value);
        }
        if let Some(password) = call.password {
            request = request.context(Context::new().with("password", password.expose_secret()));
        }
        self.0.perform(&request).await
    }
}

impl KeyCall<'static> {
    pub(crate) fn new(model: &'static str, method: &'static str, id: Option<i64>) -> Self {
        Self {
            model,
            method,
            id,
            args: Vec::new(),
            password: None,
        }
    }
}

pub(crate) async fn list_keys(calls: &impl KeyCalls, uid: i64) -> Result<Vec<KeyInfo>, Error> {
    let mut call = KeyCall::new(KeyInfo::MODEL, "search_read", None);
    let fields = ["name", "scope", "create_date", "expiration_date"];
    let domain = field("user_id").eq(uid).to_json();
    call.args = vec![("domain", domain), ("fields", fields.to_value())];
    let mut keys = Vec::<KeyInfo>::from_value(&calls.carry_out(call).await?)?;
    keys.sort_by_key(|key| std::cmp::Reverse(key.id));
    Ok(keys)
}

/// Makes a key that lives as long as wanted, or the longest shorter time that Odoo allows.
pub(crate) async fn mint(
    calls: &impl KeyCalls,
    name: &str,
    days: u16,
    password: &SecretString,
) -> Result<MintedKey, SignInError> {
    let mut refusal = SignInError::Refused {
        message: "Odoo allows no duration".to_owned(),
    };
    for candidate in DURATIONS
        .into_iter()
        .filter(|choice| *choice <= days.max(1))
    {
        match describe(calls, name, candidate).await {
            Ok(description) => {
                let call = KeyCall::new(
                    "res.users.apikeys.description",
                    "make_key",
                    Some(description),
                );
                let shown = with_identity(calls, call, password).await?;
                return Ok(MintedKey {
                    key: shown_key(&shown)?,
                    days: candidate,
                });
            }
            // Too long: a constraint says so, or the choice is not offered to this user.
            Err(error @ (Error::Validation { .. } | Error::UserError { .. })) => {
                refusal = SignInError::of_wizard(error);
            }
            Err(error @ Error::BadArguments { .. }) => refusal = SignInError::Odoo(error),
            Err(error) => return Err(SignInError::of_wizard(error)),
        }
    }
    Err(refusal)
}

pub(crate) async fn remove(
    calls: &impl KeyCalls,
    id: i64,
    password: &SecretString,
) -> Result<(), SignInError> {
    let call = KeyCall::new(KeyInfo::MODEL, "remove", Some(id));
    with_identity(calls, call, password).await.map(drop)
}

async fn describe(calls: &impl KeyCalls, name: &str, days: u16) -> Result<i64, Error> {
    let values = Values::new()
        .set("name", name)
        .set("duration", days.to_string());
    let mut call = KeyCall::new("res.users.apikeys.description", "create", None);
    call.args = vec![("vals_list", json!([values]))];
    let created = calls.carry_out(call).await?;
    let id = created
        .as_i64()
        .or_else(|| created.get(0).and_then(Value::as_i64));
    Ok(id.ok_or_else(|| DecodeError::new("the id of a wizard", &created))?)
}

/// Calls a method that wants the password, and gives it.
async fn with_identity(
    calls: &impl KeyCalls,
    call: KeyCall<'static>,
    password: &SecretString,
) -> Result<Value, SignInError> {
    let action = calls
        .carry_out(call)
        .await
        .map_err(SignInError::of_wizard)?;
    if action.get("res_model").and_then(Value::as_str) != Some(IDENTITY_CHECK) {
        return Ok(action);
    }
    let check: i64 = derive_support::field(&action, "res_id").map_err(Error::from)?;
    let passkey = expects_passkey(calls, check).await;
    if passkey {
        let call = KeyCall::new(IDENTITY_CHECK, "action_use_password", Some(check));
        calls
            .carry_out(call)
            .await
            .map_err(SignInError::of_wizard)?;
    }
    let run = KeyCall {
        password: Some(password),
        ..KeyCall::new(IDENTITY_CHECK, "run_check", Some(check))
    };
    calls.carry_out(run).await.map_err(|error| match error {
        Error::UserError { .. } if passkey => SignInError::PasskeyOnly,
        Error::UserError { .. } => SignInError::WrongCredentials,
        other => SignInError::of_wizard(other),
    })
}

/// Whether the check would take a passkey: the default for users who have one. Where it cannot be
/// told, the password is tried.
async fn expects_passkey(calls: &impl KeyCalls, check: i64) -> bool {
    let mut call = KeyCall::new(IDENTITY_CHECK, "read", Some(check));
    call.args = vec![("fields", json!(["auth_method"]))];
    let answer = calls.carry_out(call).await.unwrap_or_default();
    answer.pointer("/0/auth_method").and_then(Value::as_str) == Some("webauthn")
}

fn shown_key(action: &Value) -> Result<SecretString, SignInError> {
    let key = action
        .pointer("/context/default_key")
        .and_then(Value::as_str);
    let nothing = || Error::from(DecodeError::new("the new key", &Value::Null));
    Ok(SecretString::from(key.ok_or_else(nothing)?))
}
