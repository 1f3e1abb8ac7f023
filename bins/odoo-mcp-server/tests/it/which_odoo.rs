//! Which Odoo somebody is connected to: wherever a client or an assistant looks, it is said.

use serde_json::json;

use crate::person::Person;
use crate::program::Company;

#[tokio::test]
async fn everything_that_has_a_name_says_which_odoo_it_is() {
    let company = Company::open().await;
    let (url, database) = (company.sandbox.url(), company.sandbox.database());
    let host = url.trim_start_matches("http://");
    let name = format!("Odoo ({database} at {host})");

    let alice = company.person("alice").await;
    let opened = alice.initialize().await.json()["result"].take();
    assert_eq!(opened["serverInfo"]["title"], name.as_str());
    let instructions = opened["instructions"].as_str().expect("instructions");
    assert!(instructions.ends_with(&format!("This server is for {name}.")));
    assert!(
        instructions.chars().count() <= 2_000,
        "some clients cut it there"
    );

    let me = alice.call("whoami", json!({})).await["structuredContent"].take();
    assert_eq!(
        (&me["odoo"], &me["database"]),
        (&json!(host), &json!(database))
    );

    let stranger = Person::stranger(&company.url);
    let metadata = stranger
        .get("/.well-known/oauth-protected-resource/mcp")
        .await;
    assert_eq!(metadata.json()["resource_name"], name.as_str());
}
