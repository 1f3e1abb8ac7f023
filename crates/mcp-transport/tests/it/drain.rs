//! The end of a server.

use std::time::Duration;

use mcp_transport::Limits;
use serde_json::json;
use tokio::net::TcpStream;

use crate::kit::TestServer;

#[tokio::test]
async fn calls_in_work_are_finished_and_no_new_ones_begun() {
    let mut server = TestServer::start().await;
    let alice = server.alice();
    let rest = async {
        server.seen.until(|seen| &seen.begun, 1).await;
        server.stop.cancel();
        while TcpStream::connect(server.address).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        server.seen.release.add_permits(1);
    };
    let (reply, ()) = tokio::join!(alice.call("wait", json!({})), rest);
    assert_eq!(reply.said(), "waited");
    let ended = tokio::time::timeout(Duration::from_secs(5), &mut server.task).await;
    ended.expect("the server ends").expect("without a panic");
}

#[tokio::test]
async fn idle_connections_do_not_hold_the_end_up() {
    let mut server = TestServer::start().await;
    server.alice().call("whoami", json!({})).await;
    let _silent = TcpStream::connect(server.address)
        .await
        .expect("a connection");
    server.stop.cancel();
    let ended = tokio::time::timeout(Duration::from_secs(5), &mut server.task).await;
    ended.expect("the server ends").expect("without a panic");
}

#[tokio::test]
async fn what_takes_too_long_is_cut_off() {
    let limits = Limits {
        drain: Duration::from_millis(50),
        ..Limits::default()
    };
    let mut server = TestServer::with_limits(limits).await;
    let address = server.address;
    let (_, _) = tokio::join!(
        async {
            server.seen.until(|seen| &seen.begun, 1).await;
            server.stop.cancel();
        },
        crate::calls::call_and_hold(address, "wait"),
    );
    let ended = tokio::time::timeout(Duration::from_secs(5), &mut server.task).await;
    ended.expect("the server ends").expect("without a panic");
}

#[tokio::test]
async fn a_write_whose_client_left_is_waited_for() {
    let mut server = TestServer::start().await;
    crate::calls::call_and_leave(&server, "write").await;
    server.stop.cancel();
    tokio::time::sleep(Duration::from_millis(30)).await;
    assert!(!server.task.is_finished());
    server.seen.release.add_permits(1);
    let ended = tokio::time::timeout(Duration::from_secs(5), &mut server.task).await;
    ended.expect("the server ends").expect("without a panic");
    server.seen.until(|seen| &seen.written, 1).await;
}
