//! A6: no answer reaches anyone but the one who asked.

use std::sync::Arc;

use serde_json::json;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::kit::{LEGACY, TestServer};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a6_200_people_with_50_calls_each_all_with_id_1() {
    let server = Arc::new(TestServer::start().await);
    // As many connections at once as a server has in practice.
    let places = Arc::new(Semaphore::new(300));
    let mut calls = JoinSet::new();
    for person in 0..200 {
        let name = format!("person-{person}");
        let (_, session) = server.person(&name).initialize(LEGACY).await;
        for call in 0..50 {
            let (server, places) = (Arc::clone(&server), Arc::clone(&places));
            let (name, session) = (name.clone(), session.clone());
            calls.spawn(async move {
                let _place = places.acquire().await.expect("open");
                let person = server.person(&name);
                let reply = if call % 2 == 0 {
                    person.call("whoami", json!({})).await
                } else {
                    let params = json!({ "name": "whoami" });
                    person.legacy(Some(&session), "tools/call", params).await
                };
                assert_eq!(reply.json()["id"], 1);
                assert_eq!(reply.said(), format!("canary-{name}"));
            });
        }
    }
    let mut answers = 0;
    while let Some(answer) = calls.join_next().await {
        answer.expect("an answer of one's own");
        answers += 1;
    }
    assert_eq!(answers, 200 * 50);
    assert_eq!(server.stats.in_flight(), 0);
}
