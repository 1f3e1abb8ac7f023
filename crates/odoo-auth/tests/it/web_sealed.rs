//! The one state that leaves the server and comes back: the sealed request in the page's form.

use crate::{
    browser::{Browser, Client, Page, as_person},
    site::Site,
    world::{CLAUDE, CLAUDE_CALLBACK},
};

fn claude() -> Client {
    Client::new(CLAUDE, CLAUDE_CALLBACK)
}

/// The page with another text in the place of what was sealed.
fn with_request(page: &Page, request: String) -> Page {
    let mut changed = page.without("request");
    changed.fields.push(("request".to_owned(), request));
    changed
}

#[tokio::test]
async fn a17_no_byte_of_the_sealed_state_can_be_changed() {
    let site = Site::new().await;
    let mut alice = Browser::new();
    let page = alice.page(&site, &claude().link()).await;
    let sealed = page.field("request").unwrap().to_owned();
    let typed = as_person("alice", "alice-demo");
    for at in 0..sealed.len() {
        let mut bytes = sealed.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = with_request(&page, String::from_utf8(bytes).unwrap());
        let answer = alice.submit(&site, &changed, &typed).await;
        assert_eq!(answer.status, 403, "the byte {at}");
    }
    for shorter in [0, 1, sealed.len() / 2, sealed.len() - 1] {
        let changed = with_request(&page, sealed[..shorter].to_owned());
        assert_eq!(alice.submit(&site, &changed, &typed).await.status, 403);
    }
    assert_eq!(site.sign_ins(), 0, "no password reached Odoo");
    assert!(site.grants().await.is_empty());
}

#[tokio::test]
async fn a17_a_sealed_state_serves_one_browser_once_and_for_ten_minutes() {
    let site = Site::new().await;
    let (mut alice, mut emil) = (Browser::new(), Browser::at("198.51.100.9"));
    let of_alice = alice.page(&site, &claude().link()).await;
    emil.page(&site, &claude().link()).await;
    // Another person's browser, with a sign-in of its own under way.
    let other = emil.allow(&site, &of_alice, "emil").await;
    assert_eq!(other.status, 403);

    assert_eq!(alice.allow(&site, &of_alice, "alice").await.status, 303);
    site.pass(31);
    let again = alice.allow(&site, &of_alice, "alice").await;
    assert_ne!(again.status, 303, "a second use");

    let late = alice.page(&site, &claude().link()).await;
    site.pass(11 * 60);
    let refused = alice.allow(&site, &late, "alice").await;
    assert_ne!(refused.status, 303, "after its time");
    assert_eq!(site.sign_ins(), 1);
}
