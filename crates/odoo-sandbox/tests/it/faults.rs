//! Failures on request, and nothing left of them afterwards.

use std::time::Duration;

use odoo_sandbox::Fault;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::actor::{Actor, sandbox, send};

#[tokio::test]
async fn each_fault_happens_as_often_as_asked() {
    let odoo = sandbox().start().await.unwrap();
    let emil = Actor::of(&odoo, "emil");
    for (fault, status, html) in [
        (Fault::Html, 200, true),
        (Fault::Status(502), 502, true),
        (Fault::WrongDatabase, 404, true),
        (Fault::Slow(Duration::from_millis(5)), 200, false),
    ] {
        odoo.inject(fault, 2);
        for _ in 0..2 {
            let reply = emil.post("res.users/context_get", &json!({})).await;
            assert_eq!(reply.status, status, "{fault:?}");
            assert_eq!(
                reply.header("content-type") == Some("text/html; charset=utf-8"),
                html
            );
        }
        emil.call("res.users/context_get", json!({})).await;
    }
    odoo.inject(Fault::InvalidUtf8, 1);
    let reply = emil.post("res.users/context_get", &json!({})).await;
    assert!(std::str::from_utf8(&reply.body).is_err());
}

#[tokio::test]
async fn connections_break_before_and_in_the_middle_of_an_answer() {
    let odoo = sandbox().start().await.unwrap();
    let emil = Actor::of(&odoo, "emil");
    for fault in [Fault::Down, Fault::ResetMidBody] {
        odoo.inject(fault, 1);
        let head = "POST /json/2/res.users/context_get";
        assert!(
            send(odoo.url(), head, &[], b"").await.is_none(),
            "{fault:?}"
        );
        emil.call("res.users/context_get", json!({})).await;
    }
}

#[tokio::test]
async fn an_endless_answer_goes_on_until_the_client_leaves() {
    let odoo = sandbox().start().await.unwrap();
    odoo.inject(Fault::TooLarge, 1);
    let mut stream = TcpStream::connect(odoo.address()).await.unwrap();
    let request =
        b"POST /json/2/res.users/context_get HTTP/1.1\r\nHost: odoo\r\nContent-Length: 0\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut read = 0;
    let mut buffer = vec![0; 65_536];
    while read < 4_000_000 {
        read += stream.read(&mut buffer).await.unwrap();
    }
    drop(stream);
    Actor::of(&odoo, "emil")
        .call("res.users/context_get", json!({}))
        .await;
}

#[tokio::test]
async fn a_stopped_sandbox_answers_nobody() {
    let odoo = sandbox().start().await.unwrap();
    let url = odoo.url().to_owned();
    odoo.stop().await;
    assert!(send(&url, "GET /web/health", &[], b"").await.is_none());
}
