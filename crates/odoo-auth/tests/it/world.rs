//! A provider with a clock to move, and the people and clients who meet there.

use std::{path::Path, sync::Arc, time::Duration};

use jiff::Timestamp;
use odoo_auth::{
    Account, AuthorizeError, AuthorizeRequest, Client, ClientLookup, Clock, Consent, Entropy,
    GrantId, Issued, KeyRing, LiveGrant, OAuthError, OdooKey, Pending, Policy, Provider,
    ResolveError, RevokeRequest, SqliteOptions, SqliteStore, Store, TokenRequest, scope,
};
use odoo_json2::ManualClock;
use secrecy::{ExposeSecret, SecretString};
use url::{Url, form_urlencoded::Serializer};

use crate::folder::Folder;

pub(crate) const ISSUER: &str = "https://odoo-mcp.example.com";
pub(crate) const RESOURCE: &str = "https://odoo-mcp.example.com/mcp";
pub(crate) const CLAUDE: &str = "https://claude.ai/oauth/mcp-oauth-client-metadata";
pub(crate) const CLAUDE_CALLBACK: &str = "https://claude.ai/api/mcp/auth_callback";
pub(crate) const CLAUDE_CODE: &str = "https://claude.ai/oauth/claude-code-client-metadata";
/// The example of RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub(crate) const WRONG_VERIFIER: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

pub(crate) struct World {
    pub(crate) provider: Provider,
    pub(crate) hands: ManualClock,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) folder: Option<Folder>,
}

/// Somebody with an Odoo account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Person {
    pub(crate) login: &'static str,
    pub(crate) uid: i64,
}

pub(crate) const ALICE: Person = Person {
    login: "alice",
    uid: 7,
};
pub(crate) const EMIL: Person = Person {
    login: "emil",
    uid: 8,
};
pub(crate) const TARA: Person = Person {
    login: "tara",
    uid: 9,
};

#[derive(Clone, Debug)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) expires_in: i64,
    pub(crate) grant: Arc<LiveGrant>,
}

impl Person {
    pub(crate) fn account(self) -> Account {
        Account {
            base_url: "https://odoo.example.com".to_owned(),
            database: "larkspur".to_owned(),
            uid: self.uid,
            login: self.login.to_owned(),
            name: format!("{} of Larkspur", self.login),
        }
    }

    /// Her API key; it expires after 90 days, as for every internal user of Odoo.
    pub(crate) fn key(self) -> OdooKey {
        OdooKey {
            secret: SecretString::from(format!("odoo-key-of-{}", self.login)),
            name: "Odoo MCP".to_owned(),
            expires_at: Some(start() + Duration::from_secs(90 * 24 * 3600)),
        }
    }
}

pub(crate) fn start() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

pub(crate) fn policy() -> Policy {
    Policy::new(&Url::parse(ISSUER).unwrap()).unwrap()
}

pub(crate) fn open_sqlite(path: &Path) -> SqliteStore {
    let options = SqliteOptions {
        busy_timeout: Duration::from_millis(50),
        integrity_check: true,
    };
    SqliteStore::open(path, &options).unwrap()
}

pub(crate) fn form(pairs: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

impl World {
    pub(crate) fn new() -> Self {
        Self::under(policy())
    }

    pub(crate) fn under(policy: Policy) -> Self {
        let folder = Folder::new();
        let store = Arc::new(open_sqlite(&folder.file("store.db")));
        let mut world = Self::over(store, policy, 1);
        world.folder = Some(folder);
        world
    }

    pub(crate) fn over(store: Arc<dyn Store>, policy: Policy, seed: u64) -> Self {
        let (clock, hands) = Clock::manual(start());
        let entropy = Entropy::predictable(seed);
        let keys = KeyRing::generate(&entropy).unwrap();
        let provider = Provider::new(Arc::clone(&store), keys, policy, clock, entropy);
        Self {
            provider,
            hands,
            store,
            folder: None,
        }
    }

    pub(crate) fn pass(&self, seconds: u64) {
        self.hands.advance(Duration::from_secs(seconds));
    }

    pub(crate) async fn client(&self, id: &str) -> Client {
        match self.provider.find_client(id).await.unwrap() {
            ClientLookup::Known(client) => client,
            other => panic!("{id} is {other:?}"),
        }
    }

    /// Opens the sign-in page with these parameters.
    pub(crate) async fn open(
        &self,
        client_id: &str,
        more: &[(&str, &str)],
    ) -> Result<Pending, AuthorizeError> {
        let client = self.client(client_id).await;
        let mut pairs = vec![("client_id", client_id)];
        pairs.extend(more);
        let request = AuthorizeRequest::parse(&form(&pairs)).map_err(AuthorizeError::from)?;
        self.provider.authorize(&request, &client)
    }

    /// Opens the sign-in page as the client would.
    pub(crate) async fn pending(&self, client_id: &str, redirect_uri: &str) -> Pending {
        let more = [
            ("redirect_uri", redirect_uri),
            ("response_type", "code"),
            ("state", "st&te"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
            ("resource", RESOURCE),
        ];
        self.open(client_id, &more).await.unwrap()
    }

    /// Signs in, allows `words`, and gives the code.
    pub(crate) async fn code(&self, pending: &Pending, person: Person, words: &[&str]) -> String {
        let consent = Consent {
            scope: scope::of(words.iter().copied()),
            account: person.account(),
            key: person.key(),
        };
        let location = self.provider.consent(pending, consent).await.unwrap();
        parameter(&location, "code").unwrap()
    }

    pub(crate) async fn sign_in(&self, person: Person, client_id: &str) -> Tokens {
        let redirect_uri = self.client(client_id).await.redirect_uris[0].clone();
        let pending = self.pending(client_id, &redirect_uri).await;
        let code = self.code(&pending, person, &scope::KNOWN).await;
        self.exchange(client_id, &code, VERIFIER).await.unwrap()
    }

    pub(crate) async fn exchange(
        &self,
        client_id: &str,
        code: &str,
        verifier: &str,
    ) -> Result<Tokens, OAuthError> {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("client_id", client_id),
            ("code", code),
            ("code_verifier", verifier),
        ])
        .await
    }

    pub(crate) async fn refresh(
        &self,
        client_id: &str,
        refresh: &str,
    ) -> Result<Tokens, OAuthError> {
        self.token(&[
            ("grant_type", "refresh_token"),
            ("client_id", client_id),
            ("refresh_token", refresh),
        ])
        .await
    }

    pub(crate) async fn token(&self, pairs: &[(&str, &str)]) -> Result<Tokens, OAuthError> {
        let request = TokenRequest::parse(form(pairs).as_bytes())?;
        self.provider
            .token(&request)
            .await
            .map(|issued| Tokens::of(&issued))
    }

    pub(crate) async fn give_back(&self, token: &str, client_id: &str) {
        let body = form(&[("token", token), ("client_id", client_id)]);
        let request = RevokeRequest::parse(body.as_bytes()).unwrap();
        self.provider.revoke(&request).await.unwrap();
    }

    pub(crate) async fn resolve(&self, access: &str) -> Result<Arc<LiveGrant>, ResolveError> {
        self.provider.grants().resolve(access).await
    }

    pub(crate) async fn works(&self, access: &str) -> bool {
        match self.resolve(access).await {
            Ok(_) => true,
            Err(ResolveError::Invalid) => false,
            Err(error) => panic!("{error:?}"),
        }
    }

    pub(crate) async fn register(
        &self,
        metadata: &serde_json::Value,
    ) -> Result<String, OAuthError> {
        let answer = self
            .provider
            .register(metadata.to_string().as_bytes())
            .await?;
        Ok(answer["client_id"].as_str().unwrap().to_owned())
    }

    pub(crate) async fn is_alive(&self, id: GrantId) -> bool {
        self.store
            .lookup_grant(id)
            .await
            .unwrap()
            .is_some_and(|grant| grant.is_active())
    }
}

impl Tokens {
    pub(crate) fn of(issued: &Issued) -> Self {
        let answer = issued.answer.to_json();
        let text = |name: &str| answer[name].as_str().unwrap().to_owned();
        Self {
            access: text("access_token"),
            refresh: text("refresh_token"),
            expires_in: answer["expires_in"].as_i64().unwrap(),
            grant: Arc::clone(&issued.grant),
        }
    }

    pub(crate) fn odoo_key(&self) -> String {
        self.grant.key.expose_secret().to_owned()
    }
}

pub(crate) fn parameter(location: &str, name: &str) -> Option<String> {
    let url = Url::parse(location).unwrap();
    let found = url.query_pairs().find(|(known, _)| known == name);
    found.map(|(_, value)| value.into_owned())
}
