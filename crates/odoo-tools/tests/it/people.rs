//! The staff directory, as an ordinary colleague and as the HR officer.

use serde_json::json;

use crate::actors::{Company, as_person};

#[tokio::test]
async fn a_colleague_finds_colleagues() {
    let emil = as_person("emil").await;
    let found = emil.read("search_employees", json!({"text": "tara"})).await;
    insta::assert_snapshot!(found, @r"
    total: 1
    returned: 1
    link: https://odoo.example/odoo/hr.employee.public/{id}

    ## records
    |id|name|job|department|manager|email|phone|user_id|
    |-|-|-|-|-|-|-|-|
    |…|Tara Lindqvist|Workshop Lead|Workshop (#)|Ada Brandt (#)|tara@larkspur.example|+1 585 555 0120|4|
    ");
}

#[tokio::test]
async fn officers_and_colleagues_find_the_same_people() {
    let company = Company::shared();
    let (emil, hanna) = (company.actor("emil").await, company.actor("hanna").await);
    let names = async |actor: &crate::actors::Actor, filter: serde_json::Value| -> Vec<String> {
        let answer = actor.ask("search_employees", filter).await;
        let records = answer["records"].as_array().unwrap();
        records
            .iter()
            .map(|employee| employee["name"].as_str().unwrap().to_owned())
            .collect()
    };
    for filter in [
        json!({"department": "workshop"}),
        json!({"job": "engineer"}),
        json!({"manager": "tara"}),
    ] {
        let (seen, by_hanna) = (
            names(&emil, filter.clone()).await,
            names(&hanna, filter).await,
        );
        assert!(!seen.is_empty());
        assert_eq!(seen, by_hanna);
    }
    let tara = company.actor("tara").await;
    assert!(
        names(&tara, json!({"manager": "me"}))
            .await
            .contains(&"Emil Novak".to_owned())
    );
}

#[tokio::test]
async fn those_who_left_are_found_when_asked_for() {
    let company = Company::shared();
    for login in ["emil", "hanna"] {
        let actor = company.actor(login).await;
        let found = actor
            .ask("search_employees", json!({"text": "viktor"}))
            .await;
        assert_eq!(found["total"], 0, "{login}");
        let question = json!({"text": "viktor", "archived": true});
        let found = actor.ask("search_employees", question).await;
        assert_eq!(
            (&found["total"], &found["records"][0]["archived"]),
            (&json!(1), &json!(true))
        );
    }
}

#[tokio::test]
async fn rosa_finds_people_and_has_no_team() {
    let rosa = as_person("rosa").await;
    let found = rosa
        .ask("search_employees", json!({"department": "turku"}))
        .await;
    assert_eq!(found["total"], 2);
    let own = rosa
        .call("search_employees", json!({"manager": "me"}))
        .await;
    assert_eq!(own.structured["error"], "invalid_arguments");
}
