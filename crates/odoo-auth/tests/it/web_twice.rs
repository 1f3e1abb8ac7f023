//! A form that is sent twice: what a double click shows, and to whom.

use odoo_auth::GrantState;

use crate::{
    browser::{Browser, Client},
    site::Site,
    world::{CLAUDE, CLAUDE_CALLBACK, parameter},
};

fn claude() -> Client {
    Client::new(CLAUDE, CLAUDE_CALLBACK)
}

#[tokio::test]
async fn a_double_click_on_allow_leads_to_the_client_with_the_same_code() {
    let site = Site::new().await;
    let mut alice = Browser::new();
    let page = alice.page(&site, &claude().link()).await;
    // The browser gives up the first answer when it is clicked again.
    let sent = alice.filled(&page, &crate::browser::as_person("alice", "alice-demo"));
    let routes = site.routes.clone();
    let first = tokio::spawn(async move { routes.handle(sent).await });
    while site.sign_ins() == 0 {
        tokio::task::yield_now().await;
    }
    first.abort();
    let second = alice.allow(&site, &page, "alice").await;
    let third = alice.allow(&site, &page, "alice").await;
    assert_eq!(second.location(), third.location());
    let code = parameter(third.location(), "code").unwrap();
    assert_eq!(claude().exchange(&site, &code).await.status, 200);
    assert_eq!((site.sign_ins(), site.grants().await.len()), (1, 1));

    // With the tokens fetched a second code would only do harm.
    let late = alice.allow(&site, &page, "alice").await;
    assert_eq!(late.status, 200);
    insta::assert_snapshot!(late.alert(), @"Claude is connected to Odoo. You can close this page.");
    assert_eq!(site.grants().await[0].state, GrantState::Active);
    assert_eq!(site.keys_of("alice").await.len(), 1);
}

#[tokio::test]
async fn no_other_browser_gets_the_code_and_none_after_a_while() {
    let site = Site::new().await;
    let mut alice = Browser::new();
    let page = alice.page(&site, &claude().link()).await;
    alice.allow(&site, &page, "alice").await.location();
    let other = Browser::new().allow(&site, &page, "alice").await;
    assert_eq!((other.status, other.header("location")), (400, ""));
    insta::assert_snapshot!(other.alert(), @"This sign-in page was used already, and its answer was sent to the application. If it is not connected, connect again from there.");
    site.pass(31);
    let late = alice.allow(&site, &page, "alice").await;
    assert_eq!((late.status, late.header("location")), (400, ""));
    insta::assert_snapshot!(late.alert(), @"This sign-in page was used already. If the application is not connected, connect again from there.");
}

#[tokio::test]
async fn cancel_after_allow_takes_it_back() {
    let site = Site::new().await;
    let mut alice = Browser::new();
    let page = alice.page(&site, &claude().link()).await;
    let allowed = alice.allow(&site, &page, "alice").await;
    let code = parameter(allowed.location(), "code").unwrap();
    let denied = alice.submit(&site, &page, &[("decision", "deny")]).await;
    let error = parameter(denied.location(), "error").unwrap();
    assert_eq!(error, "access_denied");
    let refused = claude().exchange(&site, &code).await;
    assert_eq!(refused.error(), "invalid_grant");
}
