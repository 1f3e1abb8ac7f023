//! The links in answers of the demo: each leads to a page that says what it would show.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use odoo_json2::Odoo;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::person::http;
use crate::program::Company;

/// The models that the recorded answers of all tools link to.
fn linked_models() -> BTreeSet<String> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/tools");
    let mut models = BTreeSet::new();
    for entry in fs::read_dir(golden).expect("the recorded answers") {
        let text = fs::read_to_string(entry.expect("a file").path()).expect("text");
        let links = text.split("\"<odoo>/odoo/").skip(1);
        models.extend(links.filter_map(|rest| rest.split('/').next().map(str::to_owned)));
    }
    models
}

async fn page(address: &str) -> (StatusCode, String) {
    let answer = http().get(address).send().await.expect("an answer");
    (answer.status(), answer.text().await.expect("text"))
}

#[tokio::test]
async fn every_kind_of_link_leads_to_a_page() {
    let company = Company::open().await;
    let url = company.sandbox.url();
    let ada = Odoo::builder(url)
        .database(company.sandbox.database())
        .api_key(company.sandbox.mint_key("ada"))
        .build()
        .expect("a client");
    let models = linked_models();
    assert!(models.len() > 8, "{models:?}");
    for model in models {
        let search = ada
            .call(&model, "search")
            .arg("domain", json!([]))
            .arg("limit", 1);
        let ids: Vec<i64> = search.read_only().fetch().await.expect("ids");
        let id = ids.first().expect("a record");
        let (status, shown) = page(&format!("{url}/odoo/{model}/{id}")).await;
        assert_eq!(status, StatusCode::OK, "{model}");
        assert!(
            shown.contains(&format!("<code>{model}</code>, id {id}<")),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn the_link_of_an_invoice_leads_to_its_name() {
    let company = Company::open().await;
    let alice = company.person("alice").await;
    let question = json!({"kind": "customer_invoice", "state": "posted", "limit": 1});
    let answer: Value = alice.call("list_invoices", question).await["structuredContent"].take();
    let first = &answer["records"][0];
    let link = answer["link"].as_str().expect("a link");
    let (status, shown) = page(&link.replace("{id}", &first["id"].to_string())).await;
    assert_eq!(status, StatusCode::OK);
    let number = first["number"].as_str().expect("a number");
    assert!(shown.contains(number), "{shown}");
}
