//! A person at the server's sign-in page, with a browser that runs no scripts. Knows nothing of clients.

use anyhow::{Context as _, ensure};
use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use reqwest::{Client, StatusCode};
use url::Url;
use url::form_urlencoded::Serializer;

/// Opens the page at `url`, fills in login and password, allows what is ticked, and gives the address that the
/// browser is sent to. `browser` follows no redirects.
pub(crate) async fn sign_in(
    browser: &Client,
    url: &str,
    login: &str,
    password: &str,
) -> anyhow::Result<String> {
    let page = browser.get(url).send().await?;
    let (status, cookie) = (page.status(), cookies(page.headers()));
    let html = page.text().await?;
    ensure!(
        status == StatusCode::OK,
        "the sign-in page: {status} {html}"
    );
    let mut form = Serializer::new(String::new());
    for (name, value) in given_fields(&html) {
        form.append_pair(&name, &value);
    }
    form.append_pair("login", login)
        .append_pair("password", password)
        .append_pair("decision", "allow");
    let done = browser
        .post(Url::parse(url)?.join("/authorize")?)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(COOKIE, cookie)
        .body(form.finish())
        .send()
        .await?;
    let (status, headers) = (done.status(), done.headers().clone());
    let text = done.text().await?;
    ensure!(
        status == StatusCode::SEE_OTHER,
        "signing in: {status} {text}"
    );
    let location = headers.get(LOCATION).context("a redirect to nowhere")?;
    Ok(location.to_str()?.to_owned())
}

/// The cookies that the page sets, as they are sent back.
fn cookies(headers: &HeaderMap) -> String {
    let lines = headers.get_all(SET_COOKIE).iter();
    let pairs = lines.filter_map(|line| line.to_str().ok()?.split(';').next());
    pairs.collect::<Vec<_>>().join("; ")
}

/// Hidden fields and ticked boxes.
fn given_fields(html: &str) -> Vec<(String, String)> {
    let tags = html.split("<input").skip(1);
    let tags = tags.filter_map(|rest| rest.split('>').next());
    tags.filter_map(|tag| {
        let given = match attribute(tag, "type")?.as_str() {
            "hidden" => true,
            "checkbox" => tag.split_whitespace().any(|word| word == "checked"),
            _ => false,
        };
        let value = attribute(tag, "value").unwrap_or_default();
        given.then_some((attribute(tag, "name")?, value))
    })
    .collect()
}

/// The value of an attribute, with the entities that the page's templates write resolved.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = format!(" {name}=\"");
    let value = tag.split_once(&start)?.1.split('"').next()?;
    let entities = [
        ("&#34;", "\""),
        ("&#38;", "&"),
        ("&#39;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
    ];
    let resolve = |text: String, (entity, letter): &(&str, &str)| text.replace(entity, letter);
    Some(entities.iter().fold(value.to_owned(), resolve))
}
