//! What `serve` says when it does not start, and when it starts all the same.

use insta::{allow_duplicates, assert_snapshot};
use odoo_sandbox::{Fault, Sandbox};
use reqwest::StatusCode;

use crate::installation::Installation;
use crate::person::Person;
use crate::program::{Serving, binary};

#[tokio::test]
async fn a_wrong_database_is_named() {
    let company = Installation::new().await;
    let mut command = company.command(&["serve"]);
    command.env("ODOO_MCP_DATABASE", "elsewhere");
    let (code, said) = company.complaint(command).await;
    assert_eq!(code, Some(1));
    assert_snapshot!(said, @"error: Odoo at http://ODOO/ has no database `elsewhere`: correct ODOO_MCP_DATABASE");
}

#[tokio::test]
async fn something_that_is_no_odoo_is_named() {
    let company = Installation::new().await;
    company.sandbox.inject(Fault::Html, 4);
    let (code, said) = company.complaint(company.command(&["serve"])).await;
    assert_eq!(code, Some(1));
    assert_snapshot!(said, @"error: ODOO_MCP_ODOO_URL is http://ODOO/: the address does not answer like Odoo 19 (HTTP 200, text/html; charset=utf-8); check the base URL");
}

#[tokio::test]
async fn an_odoo_that_is_down_keeps_nobody_from_starting() {
    let company = Installation::new().await;
    let mut command = company.command(&["serve"]);
    command.env("ODOO_MCP_ODOO_URL", "http://127.0.0.1:9");
    let log = std::fs::File::create(company.log_file()).expect("a log file");
    command.stderr(log);
    let server = Serving::start(command).await;
    let health = Person::stranger(&server.url).get("/healthz").await;
    assert_eq!(health.status, StatusCode::OK);
    let log = std::fs::read_to_string(company.log_file()).expect("the log");
    assert!(
        log.contains("Odoo does not answer; people cannot sign in until it does"),
        "{log}"
    );
}

#[tokio::test]
async fn all_mistakes_are_reported_at_once() {
    let sandbox = Sandbox::builder().start().await.expect("a sandbox");
    let company = Installation::without_keys(sandbox);
    let mut command = binary(&["serve"]);
    command
        .env("ODOO_MCP_PUBLIC_URL", "http://mcp.example.com")
        .env("ODOO_MCP_LISTEN", "everywhere")
        .env("ODOO_MCP_TRUSTED_PROXIES", "10.0.0.0/99")
        .env("ODOO_MCP_MODE", "some")
        .env("ODOO_MCP_UNTICKED", "odoo:everything")
        .env("ODOO_MCP_REDIRECTS", "javascript:alert(1)")
        .env("ODOO_MCP_CLIENT_HOSTS", "https://claude.ai/")
        .env("ODOO_MCP_REGISTRATION", "perhaps")
        .env("ODOO_MCP_REFRESH_REUSE_SECONDS", "4000");
    let (code, said) = company.complaint(command).await;
    assert_eq!(code, Some(2));
    assert_snapshot!(said, @"
    error: the configuration has 13 mistakes:
      - ODOO_MCP_ODOO_URL is missing: the address of your Odoo as this program reaches it, for example https://odoo.example.com
      - ODOO_MCP_DATABASE is missing: the name of the database, as Odoo's administrator calls it
      - ODOO_MCP_LISTEN is no address with a port: write for example 127.0.0.1:8720 or 0.0.0.0:8720
      - ODOO_MCP_PUBLIC_URL does not fit: the public address must be https://host or, on this computer only, http://localhost:port, with no path
      - ODOO_MCP_REDIRECTS has `javascript:alert(1)`: the redirect URI must be https, http to localhost, 127.0.0.1 or [::1], or of an application's own scheme
      - ODOO_MCP_CLIENT_HOSTS has `https://claude.ai/`: write host names alone, like claude.ai
      - ODOO_MCP_REGISTRATION is `perhaps`: write true or false
      - ODOO_MCP_MODE is `some`: write full, no_approve or read_only
      - ODOO_MCP_REFRESH_REUSE_SECONDS is `4000`: write a number of seconds from 0 to 3600
      - ODOO_MCP_STORE is missing: the file in which connections are kept, for example /var/lib/odoo-mcp/store.db (or set ODOO_MCP_STORE_URL)
      - ODOO_MCP_KEYS_FILE is missing: the file with the key ring, readable by its owner only; `odoo-mcp-server keys new` makes it
      - ODOO_MCP_UNTICKED has `odoo:everything`: there are odoo:read, odoo:write, odoo:delete, odoo:approve
      - ODOO_MCP_TRUSTED_PROXIES has a mistake: `10.0.0.0/99` is no address or network; write 10.0.0.2, 172.16.0.0/12 or fd00::/8
    All settings are described in docs/operators.md.
    ");
}

#[tokio::test]
async fn without_a_key_ring_nothing_starts() {
    let sandbox = Sandbox::builder().start().await.expect("a sandbox");
    let company = Installation::without_keys(sandbox);
    let (code, said) = company.complaint(company.command(&["serve"])).await;
    assert_eq!(code, Some(2));
    assert_snapshot!(said, @"
    error: the configuration has a mistake:
      - ODOO_MCP_KEYS_FILE is missing: the file with the key ring, readable by its owner only; `odoo-mcp-server keys new` makes it
    All settings are described in docs/operators.md.
    ");
    assert!(!company.store_folder().exists(), "and nothing is made");
}

#[tokio::test]
async fn a_key_ring_that_others_may_read_is_refused() {
    let company = Installation::new().await;
    for mode in [0o644, 0o640, 0o604] {
        company.chmod_keys(mode);
        let (code, said) = company.complaint(company.command(&["serve"])).await;
        assert_eq!(code, Some(1));
        let said = said.replace(&format!("{mode:o}"), "MODE");
        allow_duplicates! {
            assert_snapshot!(said, @"error: reading the key ring: the key ring FOLDER/keys.json has mode MODE; nobody but its owner may read it: chmod 600 it");
        }
    }
}

#[tokio::test]
async fn the_health_check_tells_when_the_store_is_gone() {
    let company = Installation::new().await;
    let server = company.serve().await;
    let stranger = Person::stranger(&server.url);
    assert_eq!(stranger.get("/healthz").await.status, StatusCode::OK);
    std::fs::remove_dir_all(company.store_folder()).expect("the store goes");
    let health = stranger.get("/healthz").await;
    assert_eq!(health.status, StatusCode::SERVICE_UNAVAILABLE);
}
