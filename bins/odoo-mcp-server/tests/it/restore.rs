//! R21: an operator puts a backup of the store back.

use std::path::Path;

use insta::assert_snapshot;
use reqwest::StatusCode;
use serde_json::Value;

use crate::installation::Installation;
use crate::person::Person;
use crate::visitor::{Tokens, Visitor};

/// The store while nothing is open.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for name in ["store.db", "store.db-wal", "store.db-shm"] {
        let _ = std::fs::remove_file(to.join(name));
        if from.join(name).exists() {
            std::fs::copy(from.join(name), to.join(name)).expect("a copy");
        }
    }
}

/// A personal token, as the operator makes it.
async fn issue(company: &Installation, login: &str) -> String {
    let mut command = company.command(&["grants", "issue", "--name", "laptop"]);
    command.env("ODOO_MCP_API_KEY", company.sandbox.mint_key(login));
    let made = crate::program::finished(command).await;
    assert!(made.status.success(), "{made:?}");
    let token = String::from_utf8(made.stdout).expect("text");
    token.trim().to_owned()
}

async fn revoke_all_of(company: &Installation, login: &str) {
    let listed = company.print(&["grants", "list"]).await;
    for line in listed.lines().filter(|line| line.contains(login)) {
        let id = line.split('\t').next().expect("an id");
        company.print(&["grants", "revoke", id]).await;
    }
}

async fn status(url: &str, token: &str) -> StatusCode {
    Person::with_token(url, token).initialize().await.status
}

#[tokio::test]
async fn a_restored_store_revives_nothing() {
    let company = Installation::new().await;
    let backups = tempfile::tempdir().expect("a folder");
    let server = company.serve().await;
    let claude = Visitor::discover(&server.url).await;
    let alice = claude.sign_in("alice").await;
    let emil = issue(&company, "emil").await;
    assert_eq!(status(&server.url, &emil).await, StatusCode::OK);
    assert_eq!(server.terminate().await.1, Some(0));
    copy(&company.store_folder(), backups.path());

    // What happens after the backup: a token is revoked, another is used up.
    revoke_all_of(&company, "emil").await;
    let server = company.serve().await;
    let newer = Tokens::of(&claude.refresh(&alice.refresh).await);
    claude.connect(&newer).await;
    assert_eq!(status(&server.url, &emil).await, StatusCode::UNAUTHORIZED);
    assert_eq!(server.terminate().await.1, Some(0));

    // The backup is put back, and the operator says so.
    copy(backups.path(), &company.store_folder());
    let restored = company.run(&["store", "restored"]).await;
    assert!(restored.status.success(), "{restored:?}");
    let said = String::from_utf8(restored.stderr).expect("text");
    assert_snapshot!(said.trim_end(), @"epoch 1 begins, connections ended: 2. Put the printed key ring in the old one's place before the server starts; it refuses the old one");
    let (code, said) = company.complaint(company.command(&["serve"])).await;
    assert_eq!(code, Some(1));
    assert_snapshot!(said, @"error: the key ring is of epoch 0 and the store of epoch 1: this is an older key ring. Put the present one in its place; if there is none, `odoo-mcp-server store restored` prints one");
    company.write_keys(&restored.stdout);
    nothing_lives(&company, &claude, &[&alice, &newer], &emil).await;

    // The same backup once more, and nobody says anything.
    copy(backups.path(), &company.store_folder());
    nothing_lives(&company, &claude, &[&alice, &newer], &emil).await;
    let grown = company.print(&["keys", "new", "--print"]).await;
    let grown: Value = serde_json::from_str(&grown).expect("a key ring");
    assert_eq!(
        (&grown["active"], &grown["epoch"]),
        (&"k2".into(), &1.into())
    );
}

/// No token of before works, and a new sign-in does.
async fn nothing_lives(company: &Installation, claude: &Visitor, all: &[&Tokens], emil: &str) {
    let server = company.serve().await;
    assert_eq!(status(&server.url, emil).await, StatusCode::UNAUTHORIZED);
    for tokens in all {
        let refused = claude.refresh(&tokens.refresh).await;
        assert_eq!(refused.json()["error"], "invalid_grant");
        let gone = status(&server.url, &tokens.access).await;
        assert_eq!(gone, StatusCode::UNAUTHORIZED);
    }
    claude.connect(&claude.sign_in("alice").await).await;
    let listed = company.print(&["grants", "list"]).await;
    assert!(listed.contains("ended (restored)"), "{listed}");
    assert_eq!(server.terminate().await.1, Some(0));
}
