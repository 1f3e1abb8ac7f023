//! `GET /odoo/<model>/<id>`: what stands in the place of a record's page in Odoo's web client.
//!
//! A real Odoo asks for a sign-in here and then shows the record. The sandbox has no web client, so that this is the
//! one page where it differs on purpose: a link in an answer leads to the name of what it would show. No more than the
//! name, which is no secret in a company whose passwords are printed at its start.

use http::header::{CONTENT_SECURITY_POLICY, HeaderValue, X_CONTENT_TYPE_OPTIONS};

use super::reply::{self, Answer};
use crate::{engine::env::SUPERUSER, state::State};

/// Nothing but the page's own style.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE: &str = ":root{color-scheme:light dark}body{margin:0;font:16px/1.5 system-ui,sans-serif;\
    background:light-dark(#f6f5f4,#1d1c1f);color:light-dark(#222,#e8e6e3)}main{max-width:36rem;margin:12vh auto;\
    padding:0 1.5rem;overflow-wrap:anywhere}h1{font-size:1.5rem;margin:.25rem 0 1rem}\
    .where{color:light-dark(#6b5b75,#b9a5c6);margin:0}code{font-size:.9em}";

/// What a link says.
struct Link<'a> {
    model: &'a str,
    id: i64,
}

/// What it would lead to.
struct Target {
    /// The model's label, "Journal Entry".
    label: &'static str,
    name: String,
}

/// The page for the path behind `/odoo/`.
pub(super) fn answer(state: &State, path: &str) -> Answer {
    let link = Link::parse(path);
    let target = link.as_ref().and_then(|link| link.target(state));
    let (status, page) = match (link, target) {
        (Some(link), Some(target)) => (200, shown(&link, &target)),
        _ => (404, missing()),
    };
    let mut answer = reply::html(status, page);
    let headers = answer.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer
}

impl<'a> Link<'a> {
    fn parse(path: &'a str) -> Option<Self> {
        let (model, id) = path.split_once('/')?;
        let id = id.trim_end_matches('/').parse().ok()?;
        Some(Self { model, id })
    }

    fn target(&self, state: &State) -> Option<Target> {
        state.read(SUPERUSER, |env| {
            let model = env.model(self.model).ok()?;
            let record = env.record(model, self.id);
            record.exists().then(|| Target {
                label: model.label,
                name: record.display_name(),
            })
        })
    }
}

fn shown(link: &Link<'_>, target: &Target) -> String {
    let (label, name) = (escaped(target.label), escaped(&target.name));
    let text = format!(
        "<p>In a real Odoo this address opens the {label} <strong>{name}</strong> in Odoo\u{2019}s web client, for \
         whoever is signed in there and may see it.</p>\n<p>This demo has an Odoo\u{2019}s data but no web client: ask \
         your assistant for what you would look up here.</p>\n<p class=\"where\"><code>{}</code>, id {}</p>",
        escaped(link.model),
        link.id
    );
    page(&label, &name, &text)
}

fn missing() -> String {
    let text = "<p>In a real Odoo, links of this kind lead to a record. This one names none that is in the demo: it \
                may have been deleted, or the id may be missing at the end of the address.</p>";
    page("Odoo", "No such record", text)
}

fn page(where_from: &str, title: &str, text: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width,initial-scale=1\">\n<title>{title} | Odoo demo</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<p class=\"where\">{where_from}</p>\n<h1>{title}</h1>\n\
         {text}\n</main>\n</body>\n</html>\n"
    )
}

/// Text as HTML shows it, in elements and attributes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
