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
