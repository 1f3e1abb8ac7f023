//! Where the links in answers lead: pages in the place of Odoo's web client.

use serde_json::json;

use crate::actor::{Actor, Reply, sandbox, send, shared};

async fn page(actor: &Actor, path: &str) -> Reply {
    let head = format!("GET {path}");
    send(&actor.url, &head, &[], b"").await.expect("an answer")
}

/// The text of a page, without its frame.
fn text(reply: &Reply) -> String {
    let page = reply.text();
    let main = page.split("<main>").nth(1).expect("a main part").to_owned();
    main.split("</main>")
        .next()
        .expect("its end")
        .trim()
        .to_owned()
}

#[tokio::test]
async fn a_link_says_what_a_real_odoo_would_show() {
    let alice = shared("alice");
    let domain = json!([["move_type", "=", "out_invoice"], ["state", "=", "posted"]]);
    let asked = json!({"domain": domain, "fields": ["name"], "limit": 1, "order": "id"});
    let invoice = alice.call("account.move/search_read", asked).await[0].clone();
    let (id, name) = (invoice["id"].to_string(), invoice["name"].as_str().unwrap());
    let reply = page(&alice, &format!("/odoo/account.move/{id}")).await;
    assert_eq!(reply.status, 200);
    let policy = reply.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert!(!reply.text().contains("<script"));
    let shown = text(&reply);
    for part in [
        "In a real Odoo this address opens the Journal Entry",
        &format!("<strong>{name}"),
        &format!("<code>account.move</code>, id {id}<"),
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
}

#[tokio::test]
async fn a_name_cannot_become_part_of_the_page() {
    let odoo = sandbox().start().await.unwrap();
    let ada = Actor::of(&odoo, "ada");
    let name = "<script>alert('1')</script>&\"";
    let made = json!({"vals_list": [{"name": name}]});
    let id = ada.call("res.partner/create", made).await[0].clone();
    let reply = page(&ada, &format!("/odoo/res.partner/{id}")).await;
    let shown = reply.text();
    assert_eq!(reply.status, 200);
    assert!(!shown.contains("<script"), "{shown}");
    assert!(shown.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;"));
}

#[tokio::test]
async fn what_leads_to_no_record_says_so() {
    let alice = shared("alice");
    for path in [
        "/odoo/account.move/99999999",
        "/odoo/account.move/{id}",
        "/odoo/account.move/",
        "/odoo/no.such.model/1",
        "/odoo/account.move/1/2",
        "/odoo/%3Cb%3E/1",
    ] {
        let reply = page(&alice, path).await;
        assert_eq!(reply.status, 404, "{path}");
        assert!(text(&reply).contains("No such record"), "{path}");
    }
}
