//! Floods of registrations, of client documents and of made-up codes, with the real limits: honest
//! clients go on registering, being fetched and signing in.

use http::Method;
use odoo_auth::ErrorCode;
use serde_json::{Value, json};

use crate::{
    browser::{Browser, Client, text},
    document_host::{DocumentHost, Manner},
    site::{Answer, OFFICE, Site, request, settings},
    world::{ALICE, World, policy},
};

/// The network of somebody who means ill.
const FLOOD: &str = "198.51.100.66";
/// As many clients as a server keeps.
const ROOM: usize = 1000;
const HOST: &str = "apps.example";

/// A client that nobody has seen before.
fn client(name: &str) -> Value {
    json!({"client_name": name, "redirect_uris": ["http://localhost:4000/cb"]})
}

async fn register(site: &Site, metadata: &Value, from: &str) -> Answer {
    let body = metadata.to_string();
    let kind = Some("application/json");
    site.send(request(Method::POST, "/register", kind, &body), from)
        .await
}

/// An address in one of 250 networks of their own.
fn home(number: usize) -> String {
    format!("203.0.{number}.7")
}

/// Registers from there, signs in at the office, and uses the tokens.
async fn registers_and_signs_in(site: &Site, name: &str, from: &str) {
    let answer = register(site, &client(name), from).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let id = text(&answer.json(), "client_id");
    let app = Client::new(&id, "http://localhost:4000/cb");
    let tokens = app.connect(site, "alice").await;
    let again = app.refresh(site, &text(&tokens, "refresh_token")).await;
    assert_eq!(again.status, 200, "{}", again.body);
}

#[tokio::test]
async fn made_up_codes_do_not_close_registration() {
    let world = World::new();
    for number in 0..ROOM {
        let id = world.register(&client(&format!("made up {number}"))).await;
        let (code, verifier) = (format!("made-up-{number}"), "v".repeat(43));
        let refused = world.exchange(&id.unwrap(), &code, &verifier).await;
        assert_eq!(refused.unwrap_err().code, ErrorCode::InvalidGrant);
    }
    let honest = world.register(&client("Inspector")).await.unwrap();
    let tokens = world.sign_in(ALICE, &honest).await;
    assert!(world.works(&tokens.access).await);
    // Whoever was accepted stays, however many come after.
    for number in 0..ROOM {
        world
            .register(&client(&format!("later {number}")))
            .await
            .unwrap();
    }
    let renewed = world.refresh(&honest, &tokens.refresh).await;
    assert!(world.works(&renewed.unwrap().access).await);
}

#[tokio::test]
async fn after_ten_thousand_registrations_an_honest_client_registers_and_signs_in() {
    let site = Site::new().await;
    let mut registered = 0;
    for number in 0..10_000 {
        let answer = register(&site, &client(&format!("flood {number}")), FLOOD).await;
        registered += usize::from(answer.status == 201);
        if number % 5 == 4 {
            site.pass(1);
        }
        if number % 2500 == 1200 {
            let name = format!("In the middle, {number}");
            registers_and_signs_in(&site, &name, &home(number / 2500)).await;
        }
    }
    assert!(registered < 300, "{registered} of the flood got through");
    registers_and_signs_in(&site, "Inspector", OFFICE).await;
}

#[tokio::test]
async fn a_flood_of_registrations_refuses_no_honest_one() {
    let site = Site::new().await;
    let known = register(&site, &client("Known"), OFFICE).await;
    assert_eq!(known.status, 201);
    for second in 0..40 {
        for number in 0..5 {
            let name = format!("flood {second} {number}");
            register(&site, &client(&name), FLOOD).await;
        }
        let honest = register(&site, &client(&format!("App {second}")), &home(second)).await;
        assert_eq!(honest.status, 201, "{second}: {}", honest.body);
        // Who is known costs nothing, even in the network that floods.
        let again = register(&site, &client("Known"), FLOOD).await;
        assert_eq!(again.status, 201, "{second}: {}", again.body);
        site.pass(1);
    }
}

#[tokio::test]
async fn behind_a_proxy_that_nobody_named_most_honest_ones_get_through() {
    let site = Site::new().await;
    let proxy = "127.0.0.1";
    let mut honest = 0;
    for second in 0..40 {
        for number in 0..5 {
            let name = format!("flood {second} {number}");
            register(&site, &client(&name), proxy).await;
        }
        let answer = register(&site, &client(&format!("App {second}")), proxy).await;
        honest += usize::from(answer.status == 201);
        site.pass(1);
    }
    assert!(honest > 30, "{honest} of 40");
}

#[tokio::test]
async fn what_is_malformed_is_counted_apart() {
    let site = Site::new().await;
    let mut statuses = Vec::new();
    for _ in 0..200 {
        let bad = json!({"redirect_uris": ["https://evil.example/cb"]});
        statuses.push(register(&site, &bad, OFFICE).await.status);
    }
    assert_eq!(statuses[0], 400);
    assert_eq!(statuses[199], 429, "it has a limit of its own");
    let answer = register(&site, &client("Inspector"), OFFICE).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
}

/// The sign-in page of a client that is known by its document.
async fn page_of(site: &Site, path: &str, from: &str) -> u16 {
    let id = format!("https://{HOST}/{path}");
    let link = Client::new(&id, "http://localhost:4000/cb").link();
    Browser::at(from).open(site, &link).await.status
}

#[tokio::test]
async fn a_flood_of_client_documents_refuses_no_honest_one() {
    let host = DocumentHost::start(HOST, Manner::Introduces(HOST)).await;
    let mut policy = policy();
    policy.cimd_hosts.push(HOST.to_owned());
    let site = Site::with(policy, settings(), Some(host.client.clone())).await;
    let known = format!("https://{HOST}/known");
    Client::new(&known, "http://localhost:4000/cb")
        .connect(&site, "alice")
        .await;
    // Long enough for its document to be no longer fresh.
    site.pass(3600);
    let mut refused = 0;
    for second in 0..40 {
        for number in 0..5 {
            let path = format!("flood-{second}-{number}");
            refused += usize::from(page_of(&site, &path, FLOOD).await == 503);
        }
        let honest = page_of(&site, &format!("app-{second}"), &home(second)).await;
        assert_eq!(honest, 200, "{second}");
        assert_eq!(page_of(&site, "known", FLOOD).await, 200, "{second}");
        site.pass(1);
    }
    assert!(refused > 150, "{refused} of 200");
}
