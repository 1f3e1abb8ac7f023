//! A session belongs to a person and a client, whatever token they come with, and a call in it
//! can be cancelled.

use std::time::Duration;

use odoo_sandbox::Fault;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::installation::Installation;
use crate::person::{Person, request};
use crate::program::Company;
use crate::visitor::Visitor;

#[tokio::test]
async fn who_signs_in_anew_keeps_the_session() {
    let company = Installation::new().await;
    let server = company.serve().await;
    let claude = Visitor::discover(&server.url).await;
    let first = claude.sign_in("alice").await;
    let alice = claude.connect(&first).await;
    let with = |token: &str| Person::with_token(&server.url, token).with_session(alice.session());

    let second = claude.sign_in("alice").await;
    let again = with(&second.access);
    assert_eq!(again.call("whoami", json!({})).await["isError"], false);
    assert_eq!(alice.call("whoami", json!({})).await["isError"], false);

    // Neither another person with the same client nor the same person with another one has it.
    let emil = claude.sign_in("emil").await;
    let elsewhere = Visitor::register(&server.url, &server.url, "Another").await;
    let elsewhere = elsewhere.sign_in("alice").await;
    for stranger in [with(&emil.access), with(&elsewhere.access)] {
        for answer in [stranger.list_tools().await, stranger.end().await] {
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{answer:?}");
        }
    }
    assert_eq!(again.call("whoami", json!({})).await["isError"], false);
}

#[tokio::test]
async fn a_new_personal_token_goes_on_where_the_old_one_ended() {
    let company = Installation::new().await;
    let server = company.serve().await;
    let alice = Person::connect(&server.url, &company.issue("alice").await).await;
    let with = |token: &str| Person::with_token(&server.url, token).with_session(alice.session());
    let again = with(&company.issue("alice").await);
    assert_eq!(again.list_tools().await.status, StatusCode::OK);
    let emil = with(&company.issue("emil").await);
    assert_eq!(emil.list_tools().await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_session_that_was_ended_stays_ended_after_a_restart() {
    let company = Installation::new().await;
    let server = company.serve().await;
    let claude = Visitor::discover(&server.url).await;
    let tokens = claude.sign_in("alice").await;
    let (ended, living) = (claude.connect(&tokens).await, claude.connect(&tokens).await);
    assert_eq!(ended.end().await.status, StatusCode::NO_CONTENT);
    server.kill().await;

    let _server = company.serve().await;
    assert_eq!(ended.list_tools().await.status, StatusCode::NOT_FOUND);
    assert_eq!(ended.end().await.status, StatusCode::NOT_FOUND);
    assert_eq!(living.list_tools().await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_cancelled_call_lets_go_of_odoo() {
    let company = Company::open().await;
    let alice = company.person("alice").await;
    alice.call("whoami", json!({})).await;
    // Far longer than the test may take: only letting go ends it.
    let hour = Duration::from_secs(3_600);
    company.sandbox.inject(Fault::Slow(hour), 1);
    let call = request(
        "tools/call",
        &json!({ "name": "list_tasks", "arguments": {} }),
    );
    let begun = alice.begin(&call).await;
    assert_eq!(begun.headers()["content-type"], "text/event-stream");
    let cancel = json!({
        "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 1 },
    });
    assert_eq!(alice.post(&cancel).await.status, StatusCode::ACCEPTED);
    let rest = begun.text().await.expect("an end");
    assert!(!rest.contains("data:"), "no answer: {rest}");
    let left = async {
        while company.sandbox.abandoned() == 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    let left = tokio::time::timeout(crate::program::PATIENCE, left);
    left.await.expect("Odoo is not kept at work");
    assert_eq!(alice.call("list_tasks", json!({})).await["isError"], false);
}

#[tokio::test]
async fn four_slow_calls_begin_and_end_together() {
    let company = Company::open().await;
    let alice = company.person("alice").await;
    alice.call("whoami", json!({})).await;
    let second = Duration::from_secs(1);
    company.sandbox.inject(Fault::Slow(second), 4);
    let begun = tokio::time::Instant::now();
    let mut answers = Vec::new();
    // One after the other until the headers are there, as clients with a lock do.
    for _ in 0..4 {
        let call = request(
            "tools/call",
            &json!({ "name": "list_tasks", "arguments": {} }),
        );
        answers.push(alice.begin(&call).await);
    }
    for answer in answers {
        let text = answer.text().await.expect("an answer");
        assert!(text.contains("\"isError\":false"), "{text}");
    }
    // One after the other they would take four seconds, however fast the machine is.
    assert!(begun.elapsed() < 3 * second, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn pages_that_the_operator_named_may_use_the_server() {
    let company = Installation::new().await;
    let mut command = company.command(&["serve"]);
    command.env(
        "ODOO_MCP_ORIGINS",
        "https://chat.example.com, http://localhost:*",
    );
    let server = crate::program::Serving::start(command).await;
    let origin = server.url.trim_end_matches("/mcp").to_owned();
    let http = crate::person::http();
    for path in [
        "/mcp",
        "/token",
        "/register",
        "/.well-known/oauth-protected-resource/mcp",
    ] {
        let ask = http
            .request(Method::OPTIONS, format!("{origin}{path}"))
            .header("origin", "https://chat.example.com")
            .header("access-control-request-method", "POST")
            .header(
                "access-control-request-headers",
                "authorization,mcp-session-id",
            );
        let reply = crate::person::send(ask).await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT, "{path}");
        let shared = reply.header("access-control-allow-origin");
        assert_eq!(shared, "https://chat.example.com", "{path}");
    }
    let post = |page: &'static str| http.post(&server.url).header("origin", page).body("{}");
    let challenged = crate::person::send(post("https://chat.example.com")).await;
    assert_eq!(challenged.status, StatusCode::UNAUTHORIZED);
    let exposed = challenged.header("access-control-expose-headers");
    assert!(exposed.contains("WWW-Authenticate") && exposed.contains("Mcp-Session-Id"));
    let refused = crate::person::send(post("https://other.example.com")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn an_origin_that_is_none_ends_the_start() {
    let company = Installation::new().await;
    let mut command = company.command(&["serve"]);
    command.env("ODOO_MCP_ORIGINS", "https://chat.example.com/app");
    let (code, said) = company.complaint(command).await;
    assert_eq!(code, Some(2));
    insta::assert_snapshot!(said, @r"
    error: the configuration has a mistake:
      - ODOO_MCP_ORIGINS has `https://chat.example.com/app`: write the origin alone, like https://chat.example.com or http://localhost:*
    All settings are described in docs/operators.md.
    ");
}

#[tokio::test]
async fn who_types_a_slash_or_a_query_signs_in_and_works() {
    let company = Installation::new().await;
    let server = company.serve().await;
    for address in [format!("{}/", server.url), format!("{}?x=1", server.url)] {
        let claude = Visitor::register(&address, &server.url, "Journey").await;
        let tokens = claude.sign_in("alice").await;
        let alice = Person::connect(&address, &tokens.access).await;
        assert_eq!(alice.call("whoami", json!({})).await["isError"], false);
    }
}

#[tokio::test]
async fn a_refused_tool_asks_for_what_it_needs_and_what_there_is() {
    let company = Installation::new().await;
    let server = company.serve().await;
    let token = company.issue("alice").await;
    let alice = Person::connect(&server.url, &token).await;
    let arguments = json!({ "name": "Taxi", "amount": 10.0 });
    let refused = alice.refused("create_expense", arguments).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{refused:?}");
    let challenge = refused.header("www-authenticate");
    assert!(
        challenge.contains("scope=\"odoo:read odoo:write\""),
        "{challenge}"
    );
}
