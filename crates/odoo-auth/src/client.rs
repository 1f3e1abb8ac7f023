//! A client, however we know it, and the registrar's two questions about it.
//!
//! Not for registering clients (`register.rs`) or reading their documents (`cimd.rs`).

use std::borrow::Cow;

use oxide_auth::primitives::{
    registrar::{
        BoundClient, ClientUrl, ExactUrl, PreGrant, RegisteredUrl, Registrar, RegistrarError,
    },
    scope::Scope,
};

use crate::{policy::Policy, redirect, scope};

/// The longest name that is shown, in characters.
const LONGEST_NAME: usize = 64;

/// How we know a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientKind {
    /// It registered itself (RFC 7591).
    Registered,
    /// By a client metadata document that was fetched.
    Document,
    /// By a client metadata document that is built in.
    Pinned,
}

/// A public client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its id.
    pub id: String,
    /// Its name, fit to be shown; what it says of itself, so no proof of anything.
    pub name: String,
    /// Where codes may be sent.
    pub redirect_uris: Vec<String>,
    /// How we know it.
    pub kind: ClientKind,
    /// Its home page.
    pub uri: Option<String>,
}

/// A client under this server's policy, as oxide-auth's registrar.
pub(crate) struct Admission<'a> {
    pub(crate) client: &'a Client,
    pub(crate) policy: &'a Policy,
}

impl Client {
    /// Whether every redirect URI leads to the person's own computer, where any program can pose as
    /// this client.
    pub fn loopback_only(&self) -> bool {
        self.redirect_uris.iter().all(|uri| redirect::is_local(uri))
    }
}

impl Registrar for Admission<'_> {
    /// Refuses another client's id, a redirect URI that is not registered, and one that the
    /// operator no longer allows. None named is the only one registered, if that has a fixed port.
    fn bound_redirect<'a>(&self, bound: ClientUrl<'a>) -> Result<BoundClient<'a>, RegistrarError> {
        self.check(&bound.client_id, None)?;
        let registered = &self.client.redirect_uris;
        let chosen = match (&bound.redirect_uri, registered.as_slice()) {
            (Some(named), _) => named.as_str(),
            (None, [only]) if !redirect::is_loopback(only) => only.as_str(),
            (None, _) => return Err(RegistrarError::Unspecified),
        };
        let known = registered
            .iter()
            .any(|known| redirect::matches(known, chosen));
        if !known || self.policy.redirects.check(chosen).is_err() {
            return Err(RegistrarError::Unspecified);
        }
        let exact = ExactUrl::new(chosen.to_owned()).map_err(|_| RegistrarError::PrimitiveError)?;
        Ok(BoundClient {
            client_id: bound.client_id,
            redirect_uri: Cow::Owned(RegisteredUrl::Exact(exact)),
        })
    }

    /// What was asked for and is on offer; everything on offer when nothing was asked for. Words
    /// that nobody here knows, such as `offline_access`, are left out (RFC 6749 section 3.3).
    fn negotiate(
        &self,
        client: BoundClient<'_>,
        asked: Option<Scope>,
    ) -> Result<PreGrant, RegistrarError> {
        let offered = &self.policy.offered;
        let agreed = asked.map_or_else(
            || offered.clone(),
            |asked| scope::intersect(&asked, offered),
        );
        if scope::is_empty(&agreed) {
            return Err(RegistrarError::Unspecified);
        }
        Ok(PreGrant {
            client_id: client.client_id.into_owned(),
            redirect_uri: client.redirect_uri.into_owned(),
            scope: agreed,
        })
    }

    /// Public clients have nothing to prove.
    fn check(&self, client_id: &str, _passphrase: Option<&[u8]>) -> Result<(), RegistrarError> {
        (client_id == self.client.id)
            .then_some(())
            .ok_or(RegistrarError::Unspecified)
    }
}

/// A client's name, made fit to be shown: one line of at most 64 characters, without characters
/// that are invisible or turn the reading direction.
pub(crate) fn fit_name(name: &str) -> String {
    let visible = name
        .chars()
        .filter(|c| !c.is_control() && !is_deceptive(*c));
    let text: String = visible.take(LONGEST_NAME).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        "Unnamed client".to_owned()
    } else {
        text
    }
}

/// Zero-width, bidirectional, tag and other format characters.
fn is_deceptive(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}
