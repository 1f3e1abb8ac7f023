//! How many sessions there can be, and what one costs.

use http::StatusCode;
use jiff::SignedDuration;
use mcp_transport::SessionLimits;
use serde_json::json;

use crate::kit::{LEGACY, TestServer};

#[tokio::test]
async fn one_too_many_ends_the_persons_own_least_recently_used() {
    let limits = SessionLimits {
        per_principal: 3,
        ..Default::default()
    };
    let server = TestServer::with(|builder| builder.sessions(limits)).await;
    let alice = server.alice();
    let (_, of_bob) = server.bob().initialize(LEGACY).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(alice.initialize(LEGACY).await.1);
        server.clock.advance(SignedDuration::from_secs(1));
    }
    // The first is used once more, so the second is the one to go.
    alice.legacy(Some(&ids[0]), "ping", json!({})).await;
    server.clock.advance(SignedDuration::from_secs(1));
    ids.push(alice.initialize(LEGACY).await.1);
    let mut lives = Vec::new();
    for id in &ids {
        let reply = alice.legacy(Some(id), "ping", json!({})).await;
        lives.push(reply.status == StatusCode::OK);
    }
    assert_eq!(lives, [true, false, true, true]);
    let bob = server.bob().legacy(Some(&of_bob), "ping", json!({})).await;
    assert_eq!(bob.status, StatusCode::OK);
}

#[tokio::test]
async fn all_together_stay_below_their_cap() {
    let limits = SessionLimits {
        per_principal: 2,
        total: 20,
        ..Default::default()
    };
    let server = TestServer::with(|builder| builder.sessions(limits)).await;
    let mut last = String::new();
    for number in 0..60 {
        let person = format!("person-{number}");
        last = server.person(&person).initialize(LEGACY).await.1;
        server.sessions.sweep().await;
        assert!(
            server.sessions.held() <= 20,
            "{} sessions",
            server.sessions.held()
        );
    }
    // The newcomer is never the one who goes.
    let reply = server
        .person("person-59")
        .legacy(Some(&last), "ping", json!({}))
        .await;
    assert_eq!(reply.status, StatusCode::OK);
}
