//! Against the in-process look-alike of Odoo 19, over real sockets.

use std::time::Duration;

use odoo_json2::{
    Context, Domain, Error, File, GroupRow, Limits, Odoo, Operation, Page, Record, Ref,
    SecretString, SignIn, SignInError, Values, field,
};
use odoo_sandbox::{Fault, Sandbox};

#[derive(Debug, Record)]
#[odoo(model = "account.move")]
struct Invoice {
    name: Option<String>,
    partner_id: Option<Ref>,
    amount_residual: f64,
    #[odoo(limit = 2)]
    invoice_line_ids: Vec<Line>,
}

#[derive(Debug, Record)]
#[odoo(model = "account.move.line")]
struct Line {
    price_subtotal: f64,
}

#[derive(Debug, GroupRow)]
struct Balance {
    #[odoo(rename = "company_id")]
    company: Ref,
    #[odoo(rename = "balance:sum")]
    sum: f64,
}

async fn larkspur() -> Sandbox {
    Sandbox::builder().start().await.unwrap()
}

fn client(sandbox: &Sandbox) -> Odoo {
    let limits = Limits {
        read: Duration::from_millis(500),
        ..Limits::default()
    };
    let builder = Odoo::builder(sandbox.url()).database(sandbox.database());
    builder
        .context(Context::new().lang("en_US"))
        .limits(limits)
        .build()
        .unwrap()
}

fn as_person(sandbox: &Sandbox, login: &str) -> Odoo {
    client(sandbox).with_key(sandbox.mint_key(login))
}

fn open_invoices() -> Domain {
    field("move_type").eq("out_invoice")
        & field("state").eq("posted")
        & field("amount_residual").gt(0)
}

#[tokio::test]
async fn alice_reads_open_invoices_in_one_call() {
    let sandbox = larkspur().await;
    let alice = as_person(&sandbox, "alice");
    sandbox.reset_calls();
    let page: Page<Invoice> = alice
        .search(open_invoices())
        .order("id")
        .limit(3)
        .await
        .unwrap();
    assert_eq!(sandbox.calls().len(), 1);
    assert!(page.records.len() <= 3 && page.total >= page.records.len() && page.total > 0);
    let invoice = &page.records[0];
    assert!(invoice.name.is_some() && invoice.amount_residual > 0.0);
    assert!(
        invoice
            .partner_id
            .as_ref()
            .is_some_and(|partner| !partner.name.is_empty())
    );
    assert!(
        invoice
            .invoice_line_ids
            .iter()
            .any(|line| line.price_subtotal > 0.0)
    );
}

#[tokio::test]
async fn the_books_of_each_company_balance() {
    let sandbox = larkspur().await;
    let alice = as_person(&sandbox, "alice");
    let rows = alice
        .group::<Line>(field("parent_state").eq("posted"))
        .by("company_id");
    let rows: Vec<Balance> = rows.sum("balance").rows().await.unwrap();
    assert!(!rows.is_empty());
    for row in rows {
        assert!(row.sum.abs() < 0.01, "{}: {}", row.company.name, row.sum);
    }
}

#[tokio::test]
async fn emil_sees_only_what_he_may() {
    let sandbox = larkspur().await;
    let emil = as_person(&sandbox, "emil");
    let refused = emil.search::<Invoice>(Domain::all()).await.unwrap_err();
    assert!(matches!(refused, Error::AccessDenied { .. }), "{refused:?}");
    assert_eq!(
        emil.has_access("account.move", Operation::Read).await,
        Ok(false)
    );
    let nothing = emil.has_access("knowledge.nothing", Operation::Read).await;
    assert!(nothing.is_err_and(|error| error.is_not_installed()));
    let profile = emil.profile().await.unwrap();
    assert_eq!(
        (profile.login.as_str(), profile.name.as_str()),
        ("emil", "Emil Novak")
    );
    assert!(profile.employee.is_some() && !profile.share);
    assert!(
        !emil
            .available_models()
            .await
            .unwrap()
            .contains("account.move")
    );
}

#[tokio::test]
async fn ada_creates_changes_attaches_and_deletes() {
    let sandbox = larkspur().await;
    let ada = as_person(&sandbox, "ada");
    let ids = ada
        .create("res.partner", [Values::new().set("name", "50%_off")])
        .await
        .unwrap();
    ada.write(
        "res.partner",
        &ids,
        &Values::new().set("email", "a@b.example"),
    )
    .await
    .unwrap();
    let found = ada.count("res.partner", field("name").ilike("50%_O")).await;
    assert_eq!(found, Ok(1), "wildcards stand for themselves");
    let note = File {
        name: "n.txt".into(),
        mimetype: "text/plain".into(),
        bytes: "hi".into(),
    };
    let attachment = ada.attach("res.partner", ids[0], &note).await.unwrap();
    assert_eq!(ada.download(attachment).await.unwrap().bytes, note.bytes);
    assert_eq!(
        ada.attachments("res.partner", ids[0]).await.unwrap()[0].name,
        "n.txt"
    );
    ada.unlink("res.partner", &ids).await.unwrap();
    let gone = ada
        .write("res.partner", &ids, &Values::new().set("name", "x"))
        .await;
    assert!(gone.is_err_and(|error| error.is_missing()));
}

#[tokio::test]
async fn a_key_lives_until_it_is_removed() {
    let sandbox = larkspur().await;
    let password = SecretString::from("tara-demo");
    let Ok(SignIn::Complete(session)) = client(&sandbox).sign_in("tara", password.clone()).await
    else {
        panic!("tara has no second factor");
    };
    let minted = session.mint_key("test", 365).await.unwrap();
    assert_eq!(minted.days, 90, "ordinary users get ninety days");
    session.close().await;
    let tara = client(&sandbox).with_key(minted.key);
    let again = tara.renew_key("test again", 30, &password).await.unwrap();
    let keys = tara.own_keys().await.unwrap();
    assert_eq!(keys[0].name, "test again");
    tara.remove_key(keys[1].id, &password).await.unwrap();
    assert_eq!(tara.context_get().await, Err(Error::InvalidKey));
    assert!(tara.with_key(again.key).context_get().await.is_ok());
}

#[tokio::test]
async fn hanna_proves_her_second_factor() {
    let sandbox = Sandbox::builder()
        .totp("hanna", "JBSWY3DPEHPK3PXP")
        .start()
        .await
        .unwrap();
    let password = SecretString::from("hanna-demo");
    let wrong = client(&sandbox)
        .sign_in("hanna", "no".into())
        .await
        .unwrap_err();
    assert_eq!(wrong, SignInError::WrongCredentials);
    let Ok(SignIn::Totp(mut challenge)) = client(&sandbox).sign_in("hanna", password).await else {
        panic!("a second factor is due");
    };
    let code = sandbox.totp_code("hanna").unwrap();
    let other = if code == "000000" { "111111" } else { "000000" };
    let wrong = challenge.verify(other).await.unwrap_err();
    assert!(matches!(wrong, SignInError::WrongCode { .. }), "{wrong:?}");
    let session = challenge.verify(&code).await.unwrap();
    assert_eq!(session.name(), "Hanna Okafor");
    let minted = session.mint_key("test", 7).await.unwrap();
    assert_eq!(
        client(&sandbox)
            .with_key(minted.key)
            .profile()
            .await
            .unwrap()
            .login,
        "hanna"
    );
}

#[tokio::test]
async fn every_fault_becomes_an_error_that_says_what_it_is() {
    let sandbox = larkspur().await;
    let alice = as_person(&sandbox, "alice");
    // How often each has to happen: reads are repeated where that may help.
    let cases = [
        (Fault::Down, 2, "Unavailable"),
        (Fault::Slow(Duration::from_secs(2)), 1, "Timeout"),
        (Fault::Html, 1, "NotOdoo"),
        (Fault::Status(401), 1, "ProxyRefused"),
        (Fault::Status(500), 1, "Server"),
        (Fault::Status(503), 2, "Unavailable"),
        (Fault::WrongDatabase, 1, "WrongDatabase"),
        (Fault::TooLarge, 1, "TooLarge"),
        (Fault::ResetMidBody, 2, "Unavailable"),
        (Fault::InvalidUtf8, 1, "Decode"),
    ];
    for (fault, times, expected) in cases {
        sandbox.inject(fault, times);
        let error = alice.count("res.partner", Domain::all()).await.unwrap_err();
        assert!(
            format!("{error:?}").starts_with(expected),
            "{expected}: {error:?}"
        );
        assert!(
            alice.count("res.partner", Domain::all()).await.is_ok(),
            "after {expected}"
        );
    }
}
