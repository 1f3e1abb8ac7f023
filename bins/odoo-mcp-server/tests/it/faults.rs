//! Odoo's bad days, through the whole stack: what Claude is told, and that all is well after.

use std::time::Duration;

use insta::assert_snapshot;
use odoo_sandbox::Fault;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::person::Person;
use crate::program::Company;

/// Enough that every call to Odoo that a tool call makes, and the retry of it, meets the fault.
const FAULTS: usize = 8;

/// Alice asks for her invoices while Odoo has this fault; the answer is checked for what no answer
/// may have, and given as text.
async fn told(company: &Company, alice: &Person, fault: Fault) -> String {
    company.sandbox.inject(fault, FAULTS);
    let reply = alice.try_call("list_invoices", json!({})).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
    let answer = &reply.json()["result"];
    assert_eq!(answer["isError"], true, "{answer}");
    assert!(
        !reply.text.contains("Traceback") && !reply.text.contains("<html"),
        "{}",
        reply.text
    );
    answer["content"][0]["text"]
        .as_str()
        .expect("a text")
        .to_owned()
}

async fn is_well(alice: &Person) -> bool {
    let answer: Value = alice.call("whoami", json!({})).await;
    answer["isError"] == false
}

/// Is all well as soon as Odoo is? Faults that nobody met yet are met on the way.
async fn recovers(alice: &Person) -> bool {
    for _ in 0..FAULTS {
        if is_well(alice).await {
            return true;
        }
    }
    is_well(alice).await
}

/// What Claude is told on each of these days, after which all is well again.
async fn explained(faults: impl IntoIterator<Item = (&str, Fault)>) -> String {
    let mut explained = String::new();
    for (name, fault) in faults {
        let company = Company::open().await;
        let alice = company.person("alice").await;
        assert!(is_well(&alice).await);
        let text = told(&company, &alice, fault).await;
        explained.push_str(&format!("# {name}\n{text}\n"));
        assert!(recovers(&alice).await, "{name}: well again");
    }
    explained
}

#[tokio::test]
async fn passing_trouble_asks_for_patience() {
    let told = explained([
        ("a refused connection", Fault::Down),
        ("an answer that breaks off", Fault::ResetMidBody),
        ("a proxy without an Odoo", Fault::Status(502)),
        ("a busy Odoo", Fault::Status(429)),
    ]);
    assert_snapshot!(told.await, @"
    # a refused connection
    error: unavailable
    message: Odoo cannot be reached at the moment
    next_step: Try again in a minute; if it lasts, tell the person who operates Odoo.
    # an answer that breaks off
    error: unavailable
    message: Odoo cannot be reached at the moment
    next_step: Try again in a minute; if it lasts, tell the person who operates Odoo.
    # a proxy without an Odoo
    error: unavailable
    message: Odoo cannot be reached at the moment
    next_step: Try again in a minute; if it lasts, tell the person who operates Odoo.
    # a busy Odoo
    error: unavailable
    message: too many calls reach Odoo at once
    next_step: Try again in a few seconds, one call at a time.
    ");
}

#[tokio::test]
async fn lasting_trouble_names_who_can_mend_it() {
    let told = explained([
        ("a proxy's page", Fault::Html),
        ("a database that is not there", Fault::WrongDatabase),
        ("an answer that is no text", Fault::InvalidUtf8),
        ("a broken Odoo", Fault::Status(500)),
        ("an endless answer", Fault::TooLarge),
    ]);
    assert_snapshot!(told.await, @"
    # a proxy's page
    error: fault
    message: the way to Odoo is set up wrongly: the address does not answer like Odoo 19 (HTTP 200, text/html; charset=utf-8); check the base URL
    next_step: The person who operates this server has to correct it; trying again does not help.
    # a database that is not there
    error: fault
    message: the way to Odoo is set up wrongly: Odoo serves no database `larkspur` at this address; check its name, dbfilter and the address
    next_step: The person who operates this server has to correct it; trying again does not help.
    # an answer that is no text
    error: fault
    message: this server and Odoo did not understand each other, or Odoo failed internally
    next_step: Try once with simpler arguments; if it happens again, report it to the person who operates this server, whose log names the cause.
    # a broken Odoo
    error: fault
    message: this server and Odoo did not understand each other, or Odoo failed internally
    next_step: Try once with simpler arguments; if it happens again, report it to the person who operates this server, whose log names the cause.
    # an endless answer
    error: too_large
    message: this is more data than can be passed on at once
    next_step: Ask for less: a lower limit, a shorter period, a smaller file.
    ");
}

#[tokio::test]
async fn a_fault_at_the_first_call_neither_ends_the_grant_nor_sticks() {
    let company = Company::open().await;
    company.sandbox.inject(Fault::Down, FAULTS);
    // Connecting asks nothing of Odoo.
    let alice = company.person("alice").await;
    let answer = alice.call("whoami", json!({})).await;
    assert_eq!(answer["isError"], true, "{answer}");
    assert!(recovers(&alice).await);
}

#[tokio::test]
async fn a_slow_odoo_holds_up_only_whoever_asked() {
    let company = Company::open().await;
    let alice = company.person("alice").await;
    assert!(is_well(&alice).await);
    company
        .sandbox
        .inject(Fault::Slow(Duration::from_millis(150)), 1);
    let stranger = Person::stranger(&company.url);
    let (slow, quick) = tokio::join!(
        alice.call("list_invoices", json!({})),
        stranger.get("/healthz")
    );
    assert_eq!(slow["isError"], false, "{slow}");
    assert_eq!(quick.status, StatusCode::OK);
}
