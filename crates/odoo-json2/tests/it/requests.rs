//! What goes over the wire.

use odoo_json2::{
    BuildError, Context, Error, Odoo, Record, Ref, SecretString, field,
    wire::{Endpoint, Intent, MethodCall},
};
use serde_json::{Value, json};

use crate::fake::{Answer, FakeOdoo};

#[derive(Debug, Record)]
#[odoo(model = "account.move")]
#[expect(dead_code, reason = "only its specification matters here")]
struct Invoice {
    id: i64,
    name: Option<String>,
    partner_id: Option<Ref>,
    #[odoo(
        limit = 100,
        order = "sequence, id",
        context(active_test = false, depth = 2)
    )]
    invoice_line_ids: Vec<Line>,
}

#[derive(Debug, Record)]
#[odoo(model = "account.move.line")]
#[expect(dead_code, reason = "only its specification matters here")]
struct Line {
    name: Option<String>,
    tax_ids: Vec<Ref>,
    analytic_line_ids: Vec<i64>,
}

#[tokio::test]
async fn a_search_is_one_call_with_specification_and_count() {
    let odoo = FakeOdoo::answering([Answer::json(json!({"length": 0, "records": []}))]);
    let domain = field("state").eq("posted") & field("amount_residual").gt(0);
    let search = odoo
        .alice()
        .search::<Invoice>(domain)
        .order("invoice_date_due, id");
    search.limit(20).offset(40).count_limit(500).await.unwrap();
    assert_eq!(odoo.only_call(), the_search());
}

fn the_search() -> Value {
    let name = json!({"fields": {"display_name": {}}});
    let lines = json!({
        "fields": {"name": {}, "tax_ids": name, "analytic_line_ids": {}},
        "limit": 100,
        "order": "sequence, id",
        "context": {"active_test": false, "depth": 2},
    });
    json!({
        "path": "/json/2/account.move/web_search_read",
        "body": {
            "context": {"lang": "en_US", "tz": "Europe/Rome", "allowed_company_ids": [1, 2]},
            "domain": [["state", "=", "posted"], ["amount_residual", ">", 0]],
            "specification": {"name": {}, "partner_id": name, "invoice_line_ids": lines},
            "order": "invoice_date_due, id",
            "limit": 20,
            "offset": 40,
            "count_limit": 501,
        },
    })
}

#[tokio::test]
async fn every_request_carries_key_database_length_and_type() {
    let odoo = FakeOdoo::answering([Answer::json(json!(3))]);
    odoo.alice()
        .count("res.partner", field("active").eq(true))
        .await
        .unwrap();
    let request = &odoo.requests()[0];
    let header = |name: &str| request.headers()[name].to_str().unwrap();
    assert_eq!(request.method(), "POST");
    assert_eq!(header("authorization"), "bearer alices-key");
    assert_eq!(header("x-odoo-database"), "larkspur");
    assert_eq!(header("content-type"), "application/json");
    assert_eq!(header("content-length"), request.body().len().to_string());
    assert!(header("user-agent").starts_with("odoo-json2/"));
    assert!(request.headers()["authorization"].is_sensitive());
    assert!(!request.headers().contains_key("cookie"));
}

#[test]
fn a_call_becomes_a_request_without_any_runtime() {
    let endpoint = Endpoint::new("https://example.com/erp", "larkspur", "test").unwrap();
    let call = MethodCall::new("account.move", "action_post", Intent::Write)
        .ids(&[7, 8])
        .arg("soft", true)
        .arg_some("date", None::<&str>)
        .context(Context::new().lang("it_IT").with("lang", "de_DE"));
    let request = endpoint
        .request(&call, &SecretString::from(" key\n"))
        .unwrap();
    assert_eq!(
        request.uri(),
        "https://example.com/erp/json/2/account.move/action_post"
    );
    assert_eq!(request.headers()["authorization"], "bearer key");
    let body = String::from_utf8(request.body().to_vec()).unwrap();
    assert_eq!(
        body,
        r#"{"ids":[7,8],"context":{"lang":"de_DE"},"soft":true}"#
    );
}

#[test]
fn nothing_but_names_gets_into_the_path() {
    let endpoint = Endpoint::new("https://example.com", "larkspur", "test").unwrap();
    let key = SecretString::from("key");
    for (model, method) in [
        ("../web", "read"),
        ("res.partner", "read?x=1"),
        ("res/partner", "read"),
        ("", "read"),
        ("res.partner", "read#"),
        ("res.partner%2f", "read"),
        ("res partner", "read"),
        ("res.partner\r\nx: y", "read"),
    ] {
        let call = MethodCall::new(model, method, Intent::Read);
        let refused = endpoint.request(&call, &key);
        assert!(
            matches!(refused, Err(Error::BadArguments { .. })),
            "{model}/{method}"
        );
    }
}

#[test]
fn a_key_that_no_header_can_carry_is_no_key() {
    let endpoint = Endpoint::new("https://example.com", "larkspur", "test").unwrap();
    let call = MethodCall::new("res.users", "context_get", Intent::Read);
    let request = |key: &str| {
        endpoint
            .request(&call, &SecretString::from(key))
            .unwrap_err()
    };
    assert_eq!(request("a\nb"), Error::InvalidKey);
    assert_eq!(request("  "), Error::NoKey);
}

#[test]
fn a_client_is_built_only_from_what_can_work() {
    let build = |url: &str, database: &str| {
        Odoo::builder(url)
            .database(database)
            .build()
            .map(drop)
            .unwrap_err()
    };
    assert_eq!(build("https://example.com", ""), BuildError::NoDatabase);
    assert_eq!(build("https://example.com", "a\nb"), BuildError::Database);
    for url in [
        "example.com",
        "ftp://example.com",
        "https://u:p@example.com",
        "https://example.com/?a=1",
    ] {
        assert!(
            matches!(build(url, "larkspur"), BuildError::BaseUrl(_)),
            "{url}"
        );
    }
    let agent = Odoo::builder("https://example.com")
        .database("x")
        .user_agent("a\nb")
        .build();
    assert_eq!(agent.map(drop).unwrap_err(), BuildError::UserAgent);
}

#[tokio::test]
async fn other_users_and_contexts_share_the_pool_and_nothing_else() {
    let fake = FakeOdoo::answering([Answer::json(json!(1))]);
    let alice = fake.alice();
    let emil = alice
        .with_key("emils-key")
        .with_context(Context::new().lang("de_DE"));
    emil.count("project.task", field("id").gt(0)).await.unwrap();
    alice
        .count("project.task", field("id").gt(0))
        .await
        .unwrap();
    let requests = fake.requests();
    assert_eq!(requests[0].headers()["authorization"], "bearer emils-key");
    assert_eq!(requests[1].headers()["authorization"], "bearer alices-key");
    assert!(String::from_utf8_lossy(requests[0].body()).contains(r#"{"lang":"de_DE"}"#));
    assert_eq!(alice.context().lang.as_deref(), Some("en_US"));
    assert_eq!(alice.base_url().as_str(), "https://odoo.example.com/");
}

#[tokio::test]
async fn without_a_key_nothing_is_sent() {
    let fake = FakeOdoo::answering([Answer::json(json!(1))]);
    let nobody = Odoo::builder("https://odoo.example.com").database("larkspur");
    let nobody = nobody.service(fake.clone()).build().unwrap();
    assert_eq!(nobody.context_get().await, Err(Error::NoKey));
    assert_eq!(fake.count(), 0);
}

#[test]
fn what_is_printed_for_debugging_holds_no_secret() {
    let odoo = FakeOdoo::default().alice();
    let builder = Odoo::builder("https://odoo.example.com").api_key("alices-key");
    let call = odoo
        .call("res.users", "write")
        .arg("vals", json!({"password": "alices-key"}));
    let printed = format!(
        "{odoo:?} {builder:?} {call:?} {:?}",
        odoo.with_key("alices-key")
    );
    assert!(!printed.contains("alices-key"), "{printed}");
}
