//! A write never runs twice: what a repeated call is answered with.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use odoo_json2::{Clock, Error};
use odoo_tools::{Access, Answer, Outcome, Registry, Tool, ToolError, UserSession};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio::task::JoinSet;

use crate::actors::Company;

/// How often the tool has run, over all tests: each counts calls with a note of its own.
static RUNS: AtomicUsize = AtomicUsize::new(0);

/// Write a note.
#[derive(Deserialize, JsonSchema)]
struct WriteNote {
    note: String,
    /// What goes wrong.
    mishap: Option<Mishap>,
    copies: Option<i64>,
}

#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Mishap {
    Refusal,
    BrokenConnection,
    /// The note was written, and could not be read afterwards.
    HalfWay,
}

#[derive(Serialize, JsonSchema)]
struct Written {
    note: String,
    copies: Option<i64>,
    run: usize,
}

impl Answer for Written {}

impl Tool for WriteNote {
    const NAME: &'static str = "write_note";
    const TITLE: &'static str = "Write a note";
    const ACCESS: Access = Access::Write;
    const NEEDS: &'static [&'static str] = &[];
    type Answer = Written;

    async fn run(self, _: &UserSession) -> Result<Written, ToolError> {
        let run = RUNS.fetch_add(1, Ordering::SeqCst);
        // Long enough for others to arrive meanwhile.
        tokio::time::sleep(Duration::from_millis(5)).await;
        match self.mishap {
            Some(Mishap::Refusal) => Err(ToolError::argument(format!("no, {run}"), "Wait.")),
            Some(Mishap::BrokenConnection) => Err(ToolError::Odoo(Error::Timeout {
                write_may_have_happened: true,
            })),
            Some(Mishap::HalfWay) => Err(ToolError::partly_done(
                format!("note {run} was written"),
                ToolError::Odoo(Error::Timeout {
                    write_may_have_happened: false,
                }),
                "Read it.",
            )),
            None => Ok(Written {
                note: self.note,
                copies: self.copies,
                run,
            }),
        }
    }
}

fn registry() -> Registry {
    Registry::builder().tool::<WriteNote>().build()
}

async fn write(registry: &Registry, user: &UserSession, arguments: Value) -> Outcome {
    let arguments: Map<String, Value> = serde_json::from_value(arguments).unwrap();
    registry
        .call(user, &[Access::Write], "write_note", arguments)
        .await
        .unwrap()
}

async fn alice() -> UserSession {
    Company::shared().actor("alice").await.user
}

#[tokio::test]
async fn the_same_call_again_gets_the_first_outcome() {
    let (registry, alice) = (registry(), alice().await);
    let first = write(&registry, &alice, json!({"note": "a", "copies": 2})).await;
    let again = write(&registry, &alice, json!({"copies": "2", "note": "a"})).await;
    assert_eq!(again.structured["run"], first.structured["run"]);
    assert_eq!(first.structured.get("repeated"), None);
    let note = again.structured["repeated"].as_str().unwrap();
    assert!(again.text.contains(note), "{}", again.text);
}

#[tokio::test]
async fn other_arguments_and_other_connections_are_other_writes() {
    let (registry, alice) = (registry(), alice().await);
    let mut runs = Vec::new();
    for arguments in [
        json!({"note": "b"}),
        json!({"note": "b", "copies": 1}),
        json!({"note": "b\",\"copies\":1"}),
    ] {
        runs.push(write(&registry, &alice, arguments).await);
    }
    let phone = self::alice().await.for_grant("the phone");
    let laptop = self::alice().await.for_grant("the laptop");
    let emil = Company::shared().actor("emil").await.user;
    for user in [phone, laptop, emil] {
        runs.push(write(&registry, &user, json!({"note": "b"})).await);
    }
    for outcome in &runs {
        assert_eq!(outcome.structured.get("repeated"), None, "{}", outcome.text);
    }
    runs.sort_by_key(|outcome| outcome.structured["run"].as_u64());
    runs.dedup_by_key(|outcome| outcome.structured["run"].as_u64());
    assert_eq!(runs.len(), 6);
}

#[tokio::test]
async fn those_who_come_meanwhile_wait_for_the_first() {
    let (registry, alice) = (registry(), alice().await);
    let mut calls = JoinSet::new();
    for _ in 0..50 {
        let (registry, alice) = (registry.clone(), alice.clone());
        calls.spawn(async move { write(&registry, &alice, json!({"note": "c"})).await });
    }
    let outcomes = calls.join_all().await;
    let first = &outcomes[0].structured["run"];
    assert!(
        outcomes
            .iter()
            .all(|other| other.structured["run"] == *first)
    );
    let done = outcomes
        .iter()
        .filter(|outcome| outcome.structured.get("repeated").is_none());
    assert_eq!(done.count(), 1);
}

#[tokio::test]
async fn a_refusal_is_not_remembered() {
    let (registry, alice) = (registry(), alice().await);
    let refused = json!({"note": "d", "mishap": "refusal"});
    let first = write(&registry, &alice, refused.clone()).await;
    let again = write(&registry, &alice, refused).await;
    assert!(first.is_error && again.is_error);
    assert_ne!(first.text, again.text, "it ran again");
}

#[tokio::test]
async fn what_may_have_happened_is_not_done_again() {
    let (registry, alice) = (registry(), alice().await);
    let broken = json!({"note": "e", "mishap": "broken_connection"});
    let first = write(&registry, &alice, broken.clone()).await;
    assert!(first.is_error);
    let again = write(&registry, &alice, broken).await;
    insta::assert_snapshot!(again.text, @r"
    error: unavailable
    message: the connection to Odoo broke before its answer came; the change may have been made
    next_step: Read the record again before anything is repeated.
    repeated: The same call came a moment ago and this is its outcome; nothing was done twice. To do it once more on purpose, change an argument or wait ten minutes.
    ");
}

#[tokio::test]
async fn what_was_half_done_is_not_begun_again() {
    let (registry, alice) = (registry(), alice().await);
    let half = json!({"note": "g", "mishap": "half_way"});
    let first = write(&registry, &alice, half.clone()).await;
    assert_eq!(first.structured["error"], "partly_done");
    let told = first.structured["message"].as_str().unwrap();
    assert!(
        told.ends_with("was written; then: Odoo did not answer in time"),
        "{told}"
    );
    let again = write(&registry, &alice, half).await;
    assert_eq!(again.structured["message"], first.structured["message"]);
    assert!(again.structured["repeated"].is_string());
}

#[tokio::test]
async fn the_memory_ends() {
    let registry = registry();
    let (clock, hands) = Clock::manual("2026-11-18T12:00:00Z".parse().unwrap());
    let client = Company::shared().client("alice");
    let alice = UserSession::open(client, clock).await.unwrap();
    let first = write(&registry, &alice, json!({"note": "f"})).await;
    hands.advance(Duration::from_secs(599));
    let again = write(&registry, &alice, json!({"note": "f"})).await;
    assert_eq!(first.structured["run"], again.structured["run"]);
    hands.advance(Duration::from_secs(1));
    let later = write(&registry, &alice, json!({"note": "f"})).await;
    assert_ne!(first.structured["run"], later.structured["run"]);
}

/// Emil writes as fast as he can: at some point he is refused, and what Alice was promised holds.
#[tokio::test]
async fn nobody_flushes_what_was_promised_to_others() {
    let (registry, alice) = (registry(), alice().await);
    let emil = Company::shared().actor("emil").await.user;
    let first = write(&registry, &alice, json!({"note": "hers"})).await;
    let (mut written, mut refused) = (0, Vec::new());
    while refused.is_empty() {
        let mut calls = JoinSet::new();
        for number in written..written + 100 {
            let (registry, emil) = (registry.clone(), emil.clone());
            let note = json!({"note": format!("{number}{}", "x".repeat(900))});
            calls.spawn(async move { write(&registry, &emil, note).await });
        }
        written += 100;
        let outcomes = calls.join_all().await;
        refused = outcomes.into_iter().filter(|one| one.is_error).collect();
    }
    assert!((1_000..2_000).contains(&written), "{written}");
    insta::assert_snapshot!(refused[0].text, @r"
    error: unavailable
    message: you have changed so much through this server within ten minutes that it could not remember one more change, and a repeated call would do it twice
    next_step: Nothing was done. Go on with this call in a few minutes.
    ");
    let again = write(&registry, &alice, json!({"note": "hers"})).await;
    assert_eq!(again.structured["run"], first.structured["run"]);
    assert!(again.structured["repeated"].is_string());
}
