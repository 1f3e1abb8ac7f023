//! Five people at once, every request with the same JSON-RPC id: nobody gets another's answer.

use std::collections::BTreeMap;

use serde_json::json;
use tokio::task::JoinSet;

use crate::program::Company;

/// Parallel calls of each person in each of two sessions.
const CALLS: usize = 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_answer_reaches_the_wrong_person() {
    let company = Company::open().await;
    let names: BTreeMap<String, String> = company
        .sandbox
        .people()
        .iter()
        .map(|person| (person.login.to_string(), person.name.to_string()))
        .collect();

    let mut calls = JoinSet::new();
    for login in names.keys() {
        for _ in 0..2 {
            let person = company.person(login).await;
            for _ in 0..CALLS {
                let (person, login) = (person.clone(), login.clone());
                calls.spawn(async move {
                    let answer = person.call("whoami", json!({})).await;
                    (login, answer.to_string())
                });
            }
        }
    }

    let mut answered = 0;
    while let Some(call) = calls.join_next().await {
        let (login, answer) = call.expect("an answer");
        for (other, name) in &names {
            let shown = answer.contains(name.as_str());
            assert_eq!(shown, *other == login, "{login} and {name}: {answer}");
        }
        answered += 1;
    }
    assert_eq!(answered, names.len() * 2 * CALLS);
}
