//! The provider behind its HTTP door, over a sandbox of Odoo that keeps the same time.

use std::{net::IpAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Method, Request, Response};
use odoo_auth::{
    AuthRoutes, Clock, DocumentFetcher, Entropy, GrantFilter, GrantSummary, KeyRing, OdooCooldown,
    PeerAddress, Policy, Provider, Store, TrustedProxies, WebSettings, scope,
};
use odoo_json2::{ManualClock, Odoo};
use odoo_sandbox::Sandbox;
use serde_json::Value;

use crate::{
    folder::Folder,
    world::{form, open_sqlite, policy, start},
};

/// The secret of hanna's authenticator, which the sandbox shares.
pub(crate) const HANNAS_SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
/// Where people sit unless a test says otherwise.
pub(crate) const OFFICE: &str = "203.0.113.7";

pub(crate) struct Site {
    pub(crate) routes: AuthRoutes,
    pub(crate) provider: Provider,
    pub(crate) hands: ManualClock,
    pub(crate) odoo: Sandbox,
    pub(crate) folder: Folder,
}

/// An answer, read.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: String,
}

pub(crate) fn settings() -> WebSettings {
    WebSettings {
        odoo_label: "Larkspur, odoo.example.com".to_owned(),
        unticked: scope::of([scope::DELETE, scope::APPROVE]),
        trusted_proxies: TrustedProxies::default(),
        cooldown: OdooCooldown::default(),
        key_days: 90,
    }
}

impl Site {
    pub(crate) async fn new() -> Self {
        Self::with(policy(), settings(), None).await
    }

    pub(crate) async fn with(
        policy: Policy,
        settings: WebSettings,
        client: Option<reqwest::Client>,
    ) -> Self {
        let (clock, hands) = Clock::manual(start());
        let sandbox_clock = clock.clone();
        let odoo = Sandbox::builder()
            .totp("hanna", HANNAS_SECRET)
            .clock(move || sandbox_clock.now())
            .start()
            .await
            .unwrap();
        let folder = Folder::new();
        let store: Arc<dyn Store> = Arc::new(open_sqlite(&folder.file("store.db")));
        let entropy = Entropy::predictable(7);
        let keys = KeyRing::generate(&entropy).unwrap();
        let provider = Provider::new(store, keys, policy, clock.clone(), entropy);
        let unsigned = Odoo::builder(odoo.url())
            .database(odoo.database())
            .build()
            .unwrap();
        let fetcher = match client {
            Some(client) => DocumentFetcher::with_client(client, clock),
            None => DocumentFetcher::new(clock),
        };
        let routes = AuthRoutes::new(provider.clone(), unsigned, fetcher, settings);
        Self {
            routes,
            provider,
            hands,
            odoo,
            folder,
        }
    }

    pub(crate) fn pass(&self, seconds: u64) {
        self.hands.advance(Duration::from_secs(seconds));
    }

    /// Sends a request from an address.
    pub(crate) async fn send(&self, mut request: Request<Bytes>, from: &str) -> Answer {
        let peer: IpAddr = from.parse().unwrap();
        request.extensions_mut().insert(PeerAddress(peer));
        Answer::of(self.routes.handle(request).await)
    }

    pub(crate) async fn get(&self, target: &str) -> Answer {
        self.send(request(Method::GET, target, None, ""), OFFICE)
            .await
    }

    /// What a client sends to `/token` or `/revoke`.
    pub(crate) async fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let kind = Some("application/x-www-form-urlencoded");
        self.send(request(Method::POST, path, kind, &form(pairs)), OFFICE)
            .await
    }

    pub(crate) async fn register(&self, metadata: &Value) -> Answer {
        let kind = Some("application/json");
        let body = metadata.to_string();
        self.send(request(Method::POST, "/register", kind, &body), OFFICE)
            .await
    }

    pub(crate) async fn grants(&self) -> Vec<GrantSummary> {
        self.provider
            .grants()
            .list(GrantFilter::all())
            .await
            .unwrap()
    }

    /// How many sign-ins reached Odoo.
    pub(crate) fn sign_ins(&self) -> usize {
        let calls = self.odoo.calls();
        let sign_in = |path: &str| path == "/web/session/authenticate";
        calls.iter().filter(|call| sign_in(&call.path)).count()
    }

    /// The API keys of a person in Odoo, by name.
    pub(crate) async fn keys_of(&self, login: &str) -> Vec<String> {
        let key = self.odoo.mint_key(login);
        let odoo = Odoo::builder(self.odoo.url()).database(self.odoo.database());
        let odoo = odoo.api_key(key.clone()).build().unwrap();
        let keys = odoo.own_keys().await.unwrap();
        self.odoo.revoke_key(&key);
        let names = keys.into_iter().map(|key| key.name);
        names.filter(|name| name != "sandbox").collect()
    }
}

pub(crate) fn request(
    method: Method,
    target: &str,
    kind: Option<&str>,
    body: &str,
) -> Request<Bytes> {
    let mut request = Request::builder().method(method).uri(target);
    if let Some(kind) = kind {
        request = request.header("content-type", kind);
    }
    request
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap()
}

impl Answer {
    fn of(answer: Response<Bytes>) -> Self {
        let (head, body) = answer.into_parts();
        Self {
            status: head.status.as_u16(),
            headers: head.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let mut all = self.headers.get_all(name).iter();
        let first = all.next().map_or("", |value| value.to_str().unwrap());
        assert!(all.next().is_none() || name == "set-cookie", "{name} twice");
        first
    }

    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, 303, "{}", self.body);
        self.header("location")
    }

    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), "application/json");
        serde_json::from_str(&self.body).unwrap()
    }

    /// The code of an OAuth error.
    pub(crate) fn error(&self) -> String {
        let json = self.json();
        json["error"].as_str().unwrap_or_default().to_owned()
    }

    /// What the page complains about, or says to the person.
    pub(crate) fn alert(&self) -> String {
        for role in ["role=\"alert\">", "role=\"status\">"] {
            if let Some((_, rest)) = self.body.split_once(role) {
                return unescape(rest.split('<').next().unwrap());
            }
        }
        String::new()
    }
}

pub(crate) fn unescape(text: &str) -> String {
    text.replace("&#39;", "'")
        .replace("&#34;", "\"")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#38;", "&")
}

/// A clock of its own, for what needs no site.
pub(crate) fn clock() -> Clock {
    Clock::fixed(start())
}
