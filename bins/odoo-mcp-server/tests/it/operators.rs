//! `keys` and `grants`, as an operator uses them beside a running server.

use insta::assert_snapshot;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::installation::Installation;
use crate::person::Person;
use crate::visitor::{Tokens, Visitor};

#[tokio::test]
async fn the_key_ring_grows_and_shrinks() {
    let company = Installation::new().await;
    let server = company.serve().await;
    let claude = Visitor::discover(&server.url).await;
    let first = claude.sign_in("alice").await;
    assert_eq!(server.terminate().await.1, Some(0));
    assert_snapshot!(company.print(&["keys", "status"]).await, @"k1  active  grants: 1, tokens: 1, codes: 1");

    let grown = company.print(&["keys", "new", "--print"]).await;
    let ring: Value = serde_json::from_str(&grown).expect("a key ring");
    assert_eq!(ring["active"], "k2");
    assert_eq!(ring["keys"].as_object().map(serde_json::Map::len), Some(2));
    company.write_keys(grown.as_bytes());
    let (code, said) = company
        .complaint(company.command(&["keys", "retire", "k1"]))
        .await;
    assert_eq!(code, Some(1));
    assert_snapshot!(said, @r#"error: the key "k1" is still needed by 1 grants, 1 token pairs, 1 codes; they move to the active key as they are used, within 30 days, or end them with `grants revoke`"#);

    // A token of the old key works under the new ring, and each renewal moves to the new key.
    let server = company.serve().await;
    let second = Tokens::of(&claude.refresh(&first.refresh).await);
    let alice = claude.connect(&second).await;
    assert_eq!(alice.call("whoami", json!({})).await["isError"], false);
    let third = Tokens::of(&claude.refresh(&second.refresh).await);
    let alice = claude.connect(&third).await;
    assert_eq!(alice.call("whoami", json!({})).await["isError"], false);
    assert_eq!(server.terminate().await.1, Some(0));
    assert_snapshot!(company.print(&["keys", "status"]).await, @"
    k2  active  grants: 1, tokens: 2, codes: 0
    k1  opens only  grants: 0, tokens: 1, codes: 1
    ");
    let (_, said) = company
        .complaint(company.command(&["keys", "retire", "k2"]))
        .await;
    assert_snapshot!(said, @r#"error: the key "k2" is the active one; make another one active first"#);
}

#[tokio::test]
async fn a_key_that_seals_nothing_is_retired() {
    let company = Installation::new().await;
    let grown = company.print(&["keys", "new", "--print"]).await;
    company.write_keys(grown.as_bytes());
    let rest = company.print(&["keys", "retire", "k1", "--print"]).await;
    let (grown, rest): (Value, Value) = (
        serde_json::from_str(&grown).expect("a key ring"),
        serde_json::from_str(&rest).expect("a key ring"),
    );
    assert_eq!(rest["keys"].as_object().map(serde_json::Map::len), Some(1));
    assert_eq!(rest["keys"]["k2"], grown["keys"]["k2"]);
    let unknown = company.run(&["keys", "retire", "k9"]).await;
    assert_eq!(unknown.status.code(), Some(1));
}

#[tokio::test]
async fn a_personal_token_is_issued_listed_and_revoked() {
    let company = Installation::new().await;
    let server = company.serve().await;
    let token = company.issue("emil").await;
    let other = company.issue("tara").await;
    let emil = Person::connect(&server.url, &token).await;
    let me = emil.call("whoami", json!({})).await;
    assert_eq!(me["structuredContent"]["user"]["name"], "Emil Novak");

    let listed = company.print(&["grants", "list"]).await;
    let line = listed
        .lines()
        .find(|line| line.contains("\temil\t"))
        .expect("his line");
    let words: Vec<&str> = line.split('\t').collect();
    assert_eq!(
        words[1..5],
        ["active", "emil", "laptop of emil", "odoo:read"]
    );
    assert!(!listed.contains("omcp_at_"), "no token in lists");
    company.print(&["grants", "revoke", words[0]]).await;
    let again = company.run(&["grants", "revoke", words[0]]).await;
    assert_eq!(again.status.code(), Some(1), "it is over already");

    // The server remembers a token for half a minute; one that starts now remembers none.
    assert_eq!(server.terminate().await.1, Some(0));
    let server = company.serve().await;
    let refused = Person::with_token(&server.url, &token).initialize().await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    let tara = Person::connect(&server.url, &other).await;
    assert!(!tara.tools().await.is_empty(), "hers goes on");
}

#[tokio::test]
async fn a_wrong_key_gets_no_token() {
    let company = Installation::new().await;
    let wrong = "0".repeat(40);
    let mut command = company.command(&["grants", "issue", "--name", "laptop"]);
    command.env("ODOO_MCP_API_KEY", &wrong);
    let (code, said) = company.complaint(command).await;
    assert_eq!(code, Some(1));
    assert_snapshot!(said, @"error: asking Odoo whose key this is: Odoo does not accept the API key (wrong, expired, revoked, or the user is archived); create a new key");
    let mut command = company.command(&["grants", "issue", "--name", "x", "--scope", "odoo:all"]);
    command.env("ODOO_MCP_API_KEY", company.sandbox.mint_key("emil"));
    let (_, said) = company.complaint(command).await;
    assert_snapshot!(said, @"error: --scope has `odoo:all`: there are odoo:read, odoo:write, odoo:delete, odoo:approve");
    assert_eq!(company.print(&["grants", "list"]).await, "");
}
