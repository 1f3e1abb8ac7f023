//! A person with a browser and an MCP client that signs in: registration, sign-in page, tokens.
//!
//! The client follows only what the server says, beginning with the address of `/mcp`, like a
//! client that never heard of this server.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use crate::person::{Person, Reply, answered, http, send};

/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const REDIRECT: &str = "http://localhost:43117/callback";

/// A client that is registered with a server.
#[derive(Clone)]
pub(crate) struct Visitor {
    http: reqwest::Client,
    mcp: String,
    metadata: Value,
    pub(crate) client_id: String,
}

/// What a client keeps.
#[derive(Clone, Debug)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

/// The sign-in page as a browser has it before it is filled in.
pub(crate) struct Page {
    pub(crate) text: String,
    pub(crate) fields: Vec<(String, String)>,
    cookie: String,
}

impl Visitor {
    /// Finds the authorization server from the challenge of `/mcp`, and registers.
    pub(crate) async fn discover(mcp: &str) -> Self {
        Self::register(mcp, mcp, "Journey").await
    }

    /// The same under another name, or where the address that the person typed is another
    /// spelling of the resource. The same name gets the same registration.
    pub(crate) async fn register(typed: &str, mcp: &str, name: &str) -> Self {
        let http = http();
        let refused = Person::stranger(typed).initialize().await;
        let challenge = refused.header("www-authenticate").to_owned();
        let resource = quoted(&challenge, "resource_metadata");
        let resource = send(http.get(resource)).await.json();
        assert_eq!(resource["resource"], mcp, "{resource}");
        let issuer = resource["authorization_servers"][0]
            .as_str()
            .expect("an issuer");
        let metadata = format!("{issuer}/.well-known/oauth-authorization-server");
        let metadata = send(http.get(metadata)).await.json();
        let about = json!({ "client_name": name, "redirect_uris": [REDIRECT],
            "token_endpoint_auth_method": "none" });
        let registration = http
            .post(endpoint(&metadata, "registration"))
            .header("content-type", "application/json")
            .body(about.to_string());
        let registered = send(registration).await.json();
        let client_id = registered["client_id"].as_str().expect("an id").to_owned();
        Self {
            http,
            mcp: typed.to_owned(),
            metadata,
            client_id,
        }
    }

    /// Opens the sign-in page.
    pub(crate) async fn open(&self) -> Page {
        self.try_open().await.expect("a page")
    }

    /// Sends the page with these fields filled in.
    pub(crate) async fn submit(&self, page: &Page, filled: &[(&str, &str)]) -> Reply {
        self.try_submit(page, filled).await.expect("an answer")
    }

    /// Signs in with a password and allows everything that is ticked.
    pub(crate) async fn sign_in(&self, login: &str) -> Tokens {
        self.try_sign_in(login).await.expect("tokens")
    }

    /// Exchanges a refresh token.
    pub(crate) async fn refresh(&self, refresh: &str) -> Reply {
        self.try_refresh(refresh).await.expect("an answer")
    }

    /// Signs in; nothing when the server dies on the way.
    pub(crate) async fn try_sign_in(&self, login: &str) -> Option<Tokens> {
        let page = self.try_open().await?;
        let password = format!("{login}-demo");
        let filled = [
            ("login", login),
            ("password", &password),
            ("decision", "allow"),
        ];
        let back = self.try_submit(&page, &filled).await?;
        assert_eq!(back.status, 303, "{}", back.text);
        let back = Url::parse(back.header("location")).expect("an address");
        let answer: BTreeMap<_, _> = back.query_pairs().into_owned().collect();
        assert_eq!(answer["state"], "s");
        let code = [
            ("grant_type", "authorization_code"),
            ("code", answer["code"].as_str()),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
            ("client_id", &self.client_id),
            ("resource", &self.mcp),
        ];
        self.token(&code).await.as_ref().map(Tokens::of)
    }

    /// Exchanges a refresh token; nothing when the server dies on the way.
    pub(crate) async fn try_refresh(&self, refresh: &str) -> Option<Reply> {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh),
            ("client_id", &self.client_id),
        ];
        self.token(&fields).await
    }

    /// The person behind these tokens, with a session.
    pub(crate) async fn connect(&self, tokens: &Tokens) -> Person {
        Person::connect(&self.mcp, &tokens.access).await
    }

    async fn try_open(&self) -> Option<Page> {
        let mut url = Url::parse(&endpoint(&self.metadata, "authorization")).expect("an address");
        url.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", &self.client_id),
            ("redirect_uri", REDIRECT),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
            ("resource", &self.mcp),
            ("state", "s"),
        ]);
        let page = answered(self.http.get(url)).await?;
        assert_eq!(page.status, 200, "{}", page.text);
        let cookie = page.header("set-cookie");
        Some(Page {
            fields: fields(&page.text),
            cookie: cookie.split(';').next().unwrap_or_default().to_owned(),
            text: page.text,
        })
    }

    async fn try_submit(&self, page: &Page, filled: &[(&str, &str)]) -> Option<Reply> {
        let url = endpoint(&self.metadata, "authorization");
        let given = page.fields.iter().map(|(name, value)| (&**name, &**value));
        let body = form(given.chain(filled.iter().copied()));
        answered(self.post(&url, body).header("cookie", &page.cookie)).await
    }

    async fn token(&self, fields: &[(&str, &str)]) -> Option<Reply> {
        let url = endpoint(&self.metadata, "token");
        answered(self.post(&url, form(fields.iter().copied()))).await
    }

    fn post(&self, url: &str, body: String) -> reqwest::RequestBuilder {
        let request = self.http.request(Method::POST, url);
        request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
    }
}

impl Tokens {
    /// What a successful answer of the token endpoint holds.
    pub(crate) fn of(reply: &Reply) -> Self {
        assert_eq!(reply.status, 200, "{}", reply.text);
        let answer = reply.json();
        let token = |name: &str| answer[name].as_str().expect("a token").to_owned();
        Self {
            access: token("access_token"),
            refresh: token("refresh_token"),
        }
    }
}

/// A form's body.
pub(crate) fn form<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

/// A parameter of a `WWW-Authenticate` challenge.
pub(crate) fn quoted<'a>(challenge: &'a str, name: &str) -> &'a str {
    let (_, rest) = challenge
        .split_once(&format!("{name}=\""))
        .expect("the parameter");
    rest.split('"').next().expect("its end")
}

fn endpoint(metadata: &Value, name: &str) -> String {
    metadata[format!("{name}_endpoint")]
        .as_str()
        .expect("an endpoint")
        .to_owned()
}

/// The hidden fields and the ticked boxes of a page.
fn fields(html: &str) -> Vec<(String, String)> {
    html.split("<input ")
        .skip(1)
        .map(|rest| rest.split('>').next().unwrap_or_default())
        .filter(|tag| tag.contains("type=\"hidden\"") || tag.contains(" checked"))
        .map(|tag| {
            (
                quoted(tag, "name").to_owned(),
                quoted(tag, "value").to_owned(),
            )
        })
        .collect()
}
