//! Timeouts, retries and limits: how long, how often, how much. All waiting is cut short.

use std::time::{Duration, Instant};

use odoo_json2::{Domain, Error, Limits, TransportError, Values};
use serde_json::json;

use crate::fake::{Answer, FakeOdoo};

/// Limits in the proportions of the defaults, a thousand times shorter.
fn short() -> Limits {
    Limits {
        read: Duration::from_millis(25),
        write: Duration::from_millis(55),
        queue: Duration::from_millis(2),
        retry_pause: Duration::from_micros(100),
        ..Limits::default()
    }
}

fn refused() -> Answer {
    Answer::Broken(TransportError::Connect("Connection refused".to_owned()))
}

#[tokio::test]
async fn a_read_is_repeated_once_when_that_may_help() {
    let conflict = Answer::exception(
        500,
        "psycopg2.errors.SerializationFailure",
        "could not serialize",
    );
    for trouble in [
        refused(),
        Answer::html(502, ""),
        Answer::html(503, ""),
        Answer::html(504, ""),
        conflict,
    ] {
        let fake = FakeOdoo::answering([trouble, Answer::json(json!(3))]);
        assert_eq!(
            fake.client(short())
                .count("res.partner", Domain::all())
                .await,
            Ok(3)
        );
        assert_eq!(fake.count(), 2);
    }
    let fake = FakeOdoo::answering([Answer::html(503, "")]);
    fake.client(short())
        .count("res.partner", Domain::all())
        .await
        .unwrap_err();
    assert_eq!(fake.count(), 2, "once, not for ever");
}

#[tokio::test]
async fn nothing_else_is_repeated() {
    let business = Answer::exception(422, "odoo.exceptions.UserError", "no");
    for answer in [
        business,
        Answer::html(500, ""),
        Answer::html(429, ""),
        Answer::Never,
    ] {
        let fake = FakeOdoo::answering([answer]);
        fake.client(short())
            .count("res.partner", Domain::all())
            .await
            .unwrap_err();
        assert_eq!(fake.count(), 1);
    }
}

#[tokio::test]
async fn a_write_is_never_repeated() {
    let fake = FakeOdoo::answering([Answer::html(503, "")]);
    let alice = fake.client(short());
    alice
        .create("res.partner", [Values::new()])
        .await
        .unwrap_err();
    alice
        .write("res.partner", &[1], &Values::new())
        .await
        .unwrap_err();
    alice.unlink("res.partner", &[1]).await.unwrap_err();
    alice
        .call("res.partner", "action_archive")
        .ids(&[1])
        .run()
        .await
        .unwrap_err();
    alice
        .attach(
            "res.partner",
            1,
            &odoo_json2::File {
                name: String::new(),
                mimetype: String::new(),
                bytes: Vec::new().into(),
            },
        )
        .await
        .unwrap_err();
    assert_eq!(fake.count(), 5);
    alice
        .call("res.partner", "get_views")
        .read_only()
        .run()
        .await
        .unwrap_err();
    assert_eq!(fake.count(), 7, "unless it is declared to be a read");
}

#[tokio::test]
async fn retries_stay_within_a_fifth_of_the_calls() {
    let fake = FakeOdoo::answering([Answer::html(503, "")]);
    let alice = fake.client(short());
    for _ in 0..1_000 {
        alice.count("res.partner", Domain::all()).await.unwrap_err();
    }
    assert!((1_200..=1_203).contains(&fake.count()), "{}", fake.count());
}

#[tokio::test]
async fn reads_wait_less_than_writes() {
    let alice = FakeOdoo::answering([Answer::Never]).client(short());
    let start = Instant::now();
    let read = alice.count("res.partner", Domain::all()).await;
    assert_eq!(
        read,
        Err(Error::Timeout {
            write_may_have_happened: false
        })
    );
    assert!(start.elapsed() >= short().read && start.elapsed() < short().write);
    let start = Instant::now();
    let write = alice.unlink("res.partner", &[1]).await;
    assert_eq!(
        write,
        Err(Error::Timeout {
            write_may_have_happened: true
        })
    );
    assert!(start.elapsed() >= short().write);
    assert_eq!(
        (
            Limits::default().read.as_secs(),
            Limits::default().write.as_secs()
        ),
        (25, 55)
    );
}

#[tokio::test]
async fn the_calls_in_flight_are_limited() {
    let fake = FakeOdoo::answering([Answer::Never]);
    let limits = Limits {
        max_in_flight: 2,
        read: Duration::from_secs(600),
        ..Limits::default()
    };
    let alice = fake.client(limits);
    for _ in 0..2 {
        let alice = alice.clone();
        tokio::spawn(async move { alice.count("res.partner", Domain::all()).await });
    }
    tokio::task::yield_now().await;
    let start = Instant::now();
    let third = alice
        .with_key("emils-key")
        .count("res.partner", Domain::all())
        .await;
    assert!(matches!(third, Err(Error::Busy { .. })), "{third:?}");
    assert!(start.elapsed() >= limits.queue, "it waited for a place");
    assert_eq!(fake.count(), 2);
}

#[tokio::test]
async fn an_answer_beyond_the_limit_is_not_read() {
    let limits = Limits {
        max_response_bytes: 100,
        ..Limits::default()
    };
    let big = Answer::json(json!("x".repeat(200)));
    let error = FakeOdoo::answering([big])
        .client(limits)
        .count("res.partner", Domain::all())
        .await;
    assert_eq!(error, Err(Error::TooLarge { limit: 100 }));
    let stopped = Answer::Broken(TransportError::TooLarge { limit: 100 });
    let error = FakeOdoo::answering([stopped])
        .client(limits)
        .count("res.partner", Domain::all())
        .await;
    assert_eq!(error, Err(Error::TooLarge { limit: 100 }));
}
