//! The pages: what goes into the templates.
//!
//! Not for deciding what to show. askama escapes every value; the templates hold no script.

use askama::Template;
use http::StatusCode;

use super::{Answer, answer, credentials::Trouble};
use crate::scope;

/// The style sheet of all pages.
pub(super) const STYLE: &str = include_str!("../../templates/style.css");

/// The sign-in and consent page.
#[derive(Template)]
#[template(path = "authorize.html")]
pub(super) struct AuthorizePage<'a> {
    pub(super) client: &'a str,
    pub(super) redirect_host: String,
    pub(super) loopback: bool,
    pub(super) odoo: &'a str,
    pub(super) request: &'a str,
    pub(super) scopes: Vec<ScopeBox>,
    pub(super) step: Step<'a>,
    pub(super) trouble: Option<&'a str>,
    pub(super) key_open: bool,
}

/// The page on which people see and end their connections.
#[derive(Template)]
#[template(path = "account.html")]
pub(super) struct AccountPage<'a> {
    pub(super) odoo: &'a str,
    pub(super) request: &'a str,
    pub(super) step: AccountStep<'a>,
    pub(super) trouble: Option<&'a str>,
    pub(super) notice: Option<&'a str>,
    pub(super) key_open: bool,
}

/// A page with one thing to say.
#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage<'a> {
    title: &'a str,
    text: &'a str,
    good: bool,
}

/// Which part of the sign-in is on the page.
#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    Credentials { login: &'a str },
    Code,
}

/// Which part of the account page is shown.
pub(super) enum AccountStep<'a> {
    Credentials {
        login: &'a str,
    },
    Code,
    Connections {
        name: &'a str,
        connections: Vec<Connection>,
    },
}

/// A box to tick.
pub(super) struct ScopeBox {
    pub(super) word: &'static str,
    pub(super) title: &'static str,
    pub(super) text: &'static str,
    pub(super) ticked: bool,
}

/// A line of the account page.
pub(super) struct Connection {
    pub(super) grant: String,
    pub(super) client: String,
    pub(super) since: String,
    pub(super) last_used: String,
    pub(super) key: String,
    pub(super) scopes: String,
}

const SCOPES: [ScopeBox; 4] = [
    ScopeBox {
        word: scope::READ,
        title: "Read",
        text: "See the invoices, people, projects and other records that you can see in Odoo.",
        ticked: false,
    },
    ScopeBox {
        word: scope::WRITE,
        title: "Create and change",
        text: "Make tasks, expenses, time off requests and articles, and upload files.",
        ticked: false,
    },
    ScopeBox {
        word: scope::DELETE,
        title: "Archive and delete",
        text: "Put articles, tasks and projects away.",
        ticked: false,
    },
    ScopeBox {
        word: scope::APPROVE,
        title: "Approve and refuse",
        text: "Decide on expenses, time off, decisions and payments that are yours to decide.",
        ticked: false,
    },
];

/// The boxes for the scopes that may be granted.
pub(super) fn boxes(offered: &crate::Scope, ticked: &[&str]) -> Vec<ScopeBox> {
    let offered: Vec<&str> = offered.iter().collect();
    let known = SCOPES
        .into_iter()
        .filter(|scope| offered.contains(&scope.word));
    known
        .map(|scope| ScopeBox {
            ticked: ticked.contains(&scope.word),
            ..scope
        })
        .collect()
}

/// What a grant may do, in words.
pub(super) fn in_words(granted: &crate::Scope) -> String {
    let titles = boxes(granted, &[]);
    let titles: Vec<_> = titles.into_iter().map(|scope| scope.title).collect();
    titles.join("; ")
}

/// A page as an answer, with the status that its trouble has; `form_action` as [`answer::page`]
/// takes it.
pub(super) fn render(trouble: Option<&Trouble>, page: &impl Template, form_action: &str) -> Answer {
    let status = trouble.map_or(200, |trouble| trouble.status);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let mut answer = render_as(status, page, form_action);
    if let Some(wait) = trouble.and_then(|trouble| trouble.wait) {
        answer::retry_after(&mut answer, wait);
    }
    answer
}

/// A page that says what is wrong.
pub(super) fn message(status: StatusCode, title: &str, text: &str) -> Answer {
    let good = false;
    render_as(status, &MessagePage { title, text, good }, "")
}

/// A page that says what has been done.
pub(super) fn notice(title: &str, text: &str) -> Answer {
    let good = true;
    render_as(StatusCode::OK, &MessagePage { title, text, good }, "")
}

fn render_as(status: StatusCode, page: &impl Template, form_action: &str) -> Answer {
    match page.render() {
        Ok(html) => answer::page(status, html, form_action),
        Err(error) => {
            tracing::error!(%error, "page not rendered");
            answer::broken()
        }
    }
}
