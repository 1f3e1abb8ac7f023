//! An Odoo under test: where it is, and a key for each of the six people. Sends requests as they are given.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context as _;
use jiff::civil::Date;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderMap, SET_COOKIE};
use reqwest::{Client, Method, StatusCode};
use rustls_platform_verifier::BuilderVerifierExt as _;
use secrecy::{ExposeSecret as _, SecretString};

/// A real Odoo or a sandbox, with the demo company in it.
#[derive(Clone, Debug)]
pub struct Target {
    client: Client,
    url: String,
    database: String,
    anchor: Date,
    keys: BTreeMap<String, SecretString>,
}

/// One request, before it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// HTTP method.
    pub(crate) method: Method,
    /// Path below the base URL, with a slash in front.
    pub(crate) path: String,
    /// Bearer key; none sends no `Authorization`.
    pub(crate) key: Option<SecretString>,
    /// Database named in `X-Odoo-Database`; none sends no such header.
    pub(crate) database: Option<String>,
    /// Content type and body; none sends no body.
    pub(crate) body: Option<(String, Vec<u8>)>,
    /// Session cookie.
    pub(crate) cookie: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Response {
    /// HTTP status.
    pub(crate) status: StatusCode,
    /// Headers.
    pub(crate) headers: HeaderMap,
    /// Body.
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// The value of a header, empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The session cookie that the answer sets.
    pub(crate) fn cookie(&self) -> Option<String> {
        let cookies = self.headers.get_all(SET_COOKIE);
        let mut values = cookies.iter().filter_map(|value| value.to_str().ok());
        let cookie = values.find(|value| value.starts_with("session_id="))?;
        cookie.split(';').next().map(str::to_owned)
    }
}

impl Target {
    /// An Odoo at `url` with the demo company of `anchor`, and a key for each login.
    ///
    /// # Errors
    /// When the operating system's certificates cannot be read.
    pub fn new(
        url: &str,
        database: &str,
        anchor: Date,
        keys: BTreeMap<String, SecretString>,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            client: client().context("setting up the HTTP client")?,
            url: url.trim_end_matches('/').to_owned(),
            database: database.to_owned(),
            anchor,
            keys,
        })
    }

    /// The day that counts as today in the demo company.
    #[must_use]
    pub fn anchor(&self) -> Date {
        self.anchor
    }

    /// Base URL without a slash at its end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Database name.
    #[must_use]
    pub fn database(&self) -> &str {
        &self.database
    }

    /// The key of one of the six people.
    ///
    /// # Errors
    /// When there is no key for that login.
    pub fn key(&self, login: &str) -> anyhow::Result<SecretString> {
        self.keys
            .get(login)
            .cloned()
            .with_context(|| format!("no key for {login}"))
    }

    /// Sends a request.
    pub(crate) async fn send(&self, request: Request) -> anyhow::Result<Response> {
        let url = format!("{}{}", self.url, request.path);
        let mut sent = self.client.request(request.method, &url);
        if let Some(key) = &request.key {
            sent = sent.header(AUTHORIZATION, format!("bearer {}", key.expose_secret()));
        }
        if let Some(database) = request.database {
            sent = sent.header("X-Odoo-Database", database);
        }
        if let Some(cookie) = request.cookie {
            sent = sent.header(COOKIE, cookie);
        }
        if let Some((content_type, body)) = request.body {
            if !content_type.is_empty() {
                sent = sent.header(CONTENT_TYPE, content_type);
            }
            sent = sent.body(body);
        }
        let answer = sent.send().await.with_context(|| format!("asking {url}"))?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = answer
            .bytes()
            .await
            .with_context(|| format!("reading from {url}"))?
            .to_vec();
        Ok(Response {
            status,
            headers,
            body,
        })
    }
}

fn client() -> anyhow::Result<Client> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    let client = Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()?;
    Ok(client)
}
