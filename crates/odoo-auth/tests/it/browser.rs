//! A person's browser: keeps cookies, fills the forms that it is shown. And a client that sends it
//! there.

use bytes::Bytes;
use http::{Method, Request};
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use crate::{
    site::{Answer, OFFICE, Site, request, unescape},
    world::{CHALLENGE, ISSUER, RESOURCE, VERIFIER, parameter},
};

#[derive(Clone, Debug)]
pub(crate) struct Browser {
    pub(crate) address: String,
    cookies: Vec<(String, String)>,
}

/// A page that is open in a browser.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) action: String,
    /// The hidden and ticked fields.
    pub(crate) fields: Vec<(String, String)>,
}

impl Browser {
    pub(crate) fn new() -> Self {
        Self::at(OFFICE)
    }

    pub(crate) fn at(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            cookies: Vec::new(),
        }
    }

    pub(crate) async fn open(&mut self, site: &Site, target: &str) -> Answer {
        let mut asked = request(Method::GET, target, None, "");
        self.with_cookies(&mut asked);
        let answer = site.send(asked, &self.address).await;
        self.keep(&answer);
        answer
    }

    /// Opens a page that has a form.
    pub(crate) async fn page(&mut self, site: &Site, target: &str) -> Page {
        let answer = self.open(site, target).await;
        assert_eq!(answer.status, 200, "{}", answer.alert());
        Page::of(&answer)
    }

    /// Fills in the form and sends it.
    pub(crate) async fn submit(
        &mut self,
        site: &Site,
        page: &Page,
        typed: &[(&str, &str)],
    ) -> Answer {
        let answer = site.send(self.filled(page, typed), &self.address).await;
        self.keep(&answer);
        answer
    }

    /// The request that submitting makes.
    pub(crate) fn filled(&self, page: &Page, typed: &[(&str, &str)]) -> Request<Bytes> {
        let body = Serializer::new(String::new())
            .extend_pairs(page.fields.iter())
            .extend_pairs(typed)
            .finish();
        let kind = Some("application/x-www-form-urlencoded");
        let mut sent = request(Method::POST, &page.action, kind, &body);
        sent.headers_mut().insert("origin", ISSUER.parse().unwrap());
        let site = "same-origin".parse().unwrap();
        sent.headers_mut().insert("sec-fetch-site", site);
        self.with_cookies(&mut sent);
        sent
    }

    /// Signs in with a password and allows what is ticked.
    pub(crate) async fn allow(&mut self, site: &Site, page: &Page, login: &str) -> Answer {
        let password = format!("{login}-demo");
        self.submit(site, page, &as_person(login, &password)).await
    }

    /// From the client's link to the code.
    pub(crate) async fn code(&mut self, site: &Site, client: &Client, login: &str) -> String {
        let page = self.page(site, &client.link()).await;
        let answer = self.allow(site, &page, login).await;
        parameter(answer.location(), "code").unwrap()
    }

    pub(crate) fn cookies(&self) -> &[(String, String)] {
        &self.cookies
    }

    fn with_cookies(&self, request: &mut Request<Bytes>) {
        let all = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let all = all.collect::<Vec<_>>().join("; ");
        if !all.is_empty() {
            request.headers_mut().insert("cookie", all.parse().unwrap());
        }
    }

    fn keep(&mut self, answer: &Answer) {
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let (name, rest) = cookie.split_once('=').unwrap();
            let (value, attributes) = rest.split_once(';').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !attributes.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
    }
}

pub(crate) fn as_person<'a>(login: &'a str, password: &'a str) -> [(&'a str, &'a str); 3] {
    [
        ("login", login),
        ("password", password),
        ("decision", "allow"),
    ]
}

impl Page {
    pub(crate) fn of(answer: &Answer) -> Self {
        let form = answer
            .body
            .split("<form")
            .nth(1)
            .expect("a form")
            .to_owned();
        let form = form.split("</form").next().unwrap();
        let mut fields = Vec::new();
        for tag in form.split("<input").skip(1) {
            let tag = tag.split('>').next().unwrap();
            let hidden = attribute(tag, "type").as_deref() == Some("hidden");
            if hidden || tag.contains(" checked") {
                let (name, value) = (attribute(tag, "name"), attribute(tag, "value"));
                fields.push((name.unwrap(), value.unwrap()));
            }
        }
        Self {
            action: attribute(form, "action").unwrap(),
            fields,
        }
    }

    pub(crate) fn without(&self, name: &str) -> Self {
        let mut page = self.clone();
        page.fields.retain(|(known, _)| known != name);
        page
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescape(rest.split('"').next()?))
}

/// A program that wants to connect.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) redirect_uri: String,
}

impl Client {
    pub(crate) fn new(id: &str, redirect_uri: &str) -> Self {
        Self {
            id: id.to_owned(),
            redirect_uri: redirect_uri.to_owned(),
        }
    }

    /// Registers itself.
    pub(crate) async fn registered(site: &Site, name: &str, redirect_uri: &str) -> Self {
        let metadata = json!({"client_name": name, "redirect_uris": [redirect_uri]});
        let answer = site.register(&metadata).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        Self::new(answer.json()["client_id"].as_str().unwrap(), redirect_uri)
    }

    /// Where it sends the browser.
    pub(crate) fn link(&self) -> String {
        self.link_with(&[])
    }

    /// The same, with parameters changed; an empty value leaves one out.
    pub(crate) fn link_with(&self, changed: &[(&str, &str)]) -> String {
        let usual = [
            ("client_id", self.id.as_str()),
            ("redirect_uri", &self.redirect_uri),
            ("response_type", "code"),
            ("state", "st&te"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
            ("resource", RESOURCE),
        ];
        let mut query = Serializer::new(String::new());
        for (name, value) in usual {
            let given = changed.iter().find(|(known, _)| *known == name);
            let value = given.map_or(value, |(_, value)| value);
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let more = |name: &str| usual.iter().all(|(known, _)| *known != name);
        query.extend_pairs(changed.iter().filter(|(name, _)| more(name)));
        format!("/authorize?{}", query.finish())
    }

    pub(crate) async fn exchange(&self, site: &Site, code: &str) -> Answer {
        let pairs = [
            ("grant_type", "authorization_code"),
            ("client_id", self.id.as_str()),
            ("code", code),
            ("code_verifier", VERIFIER),
            ("redirect_uri", &self.redirect_uri),
            ("resource", RESOURCE),
        ];
        site.post("/token", &pairs).await
    }

    pub(crate) async fn refresh(&self, site: &Site, refresh: &str) -> Answer {
        let pairs = [
            ("grant_type", "refresh_token"),
            ("client_id", self.id.as_str()),
            ("refresh_token", refresh),
        ];
        site.post("/token", &pairs).await
    }

    /// Connects as this person: the token answer.
    pub(crate) async fn connect(&self, site: &Site, login: &str) -> Value {
        let code = Browser::new().code(site, self, login).await;
        let answer = self.exchange(site, &code).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()
    }
}

pub(crate) fn text(json: &Value, name: &str) -> String {
    json[name].as_str().unwrap().to_owned()
}
