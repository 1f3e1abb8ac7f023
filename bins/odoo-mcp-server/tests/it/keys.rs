//! The key ring's file as the guide has operators make and change it.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;

use insta::assert_snapshot;
use odoo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::installation::Installation;
use crate::visitor::{Tokens, Visitor};

async fn without_keys() -> Installation {
    let sandbox = Sandbox::builder().start().await.expect("a sandbox");
    Installation::without_keys(sandbox)
}

fn ring(path: &Path) -> Value {
    let text = fs::read_to_string(path).expect("a key ring");
    serde_json::from_str(&text).expect("JSON")
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

/// Runs a command on the ring in a file; the exit code and what was said.
async fn on_file(company: &Installation, words: &[&str], file: &Path) -> (Option<i32>, String) {
    let mut command = company.command(words);
    command.env("ODOO_MCP_KEYS_FILE", file);
    let output = crate::program::finished(command).await;
    assert_eq!(output.stdout, b"", "a ring is nothing for a terminal");
    let said = String::from_utf8(output.stderr).expect("text");
    let folder = file.parent().expect("a folder").display().to_string();
    (output.status.code(), said.replace(&folder, "FOLDER"))
}

#[tokio::test]
async fn the_first_ring_is_made_where_the_settings_say() {
    let company = without_keys().await;
    let file = company.keys_file();
    let (code, said) = on_file(&company, &["keys", "new"], &file).await;
    assert_eq!((code, mode(&file)), (Some(0), 0o600));
    assert_snapshot!(said, @"FOLDER/keys.json: made, with the key k1");
    let server = company.serve().await;
    let claude = Visitor::discover(&server.url).await;
    let first = claude.sign_in("alice").await;
    assert_eq!(server.terminate().await.1, Some(0));

    // Once more: a further key in the same file, with its permissions, and nobody signs in again.
    let before = ring(&file);
    company.chmod_keys(0o400);
    let (code, said) = on_file(&company, &["keys", "new"], &file).await;
    assert_eq!((code, mode(&file)), (Some(0), 0o400));
    assert_snapshot!(said, @"FOLDER/keys.json: the key k2 was added and is active. Restart the servers, with the same file on each");
    let after = ring(&file);
    assert_eq!(after["active"], "k2");
    assert_eq!(after["keys"]["k1"], before["keys"]["k1"]);
    let server = company.serve().await;
    let second = Tokens::of(&claude.refresh(&first.refresh).await);
    let alice = claude.connect(&second).await;
    assert_eq!(alice.call("whoami", json!({})).await["isError"], false);
    server.kill().await;
    let left = fs::read_dir(file.parent().expect("a folder")).expect("its files");
    let left = left.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    assert!(left.into_iter().all(|name| !name.starts_with(".keys-")));
}

#[tokio::test]
async fn a_key_that_seals_nothing_is_taken_out_of_the_file() {
    let company = without_keys().await;
    let file = company.keys_file();
    on_file(&company, &["keys", "new"], &file).await;
    on_file(&company, &["keys", "new"], &file).await;
    let (code, said) = on_file(&company, &["keys", "retire", "k1"], &file).await;
    assert_eq!(code, Some(0));
    assert_snapshot!(said, @"FOLDER/keys.json: the key k1 is gone. Restart the servers, with the same file on each");
    let keys = ring(&file)["keys"].clone();
    assert_eq!(keys.as_object().map(|keys| keys.keys().count()), Some(1));
}

#[tokio::test]
async fn a_ring_is_printed_for_pipes_and_no_file_is_touched() {
    let company = without_keys().await;
    let file = company.keys_file();
    let mut command = company.command(&["keys", "new", "--print"]);
    command.env("ODOO_MCP_KEYS_FILE", &file);
    let printed = crate::program::finished(command).await.stdout;
    assert!(!file.exists());
    company.write_keys(&printed);
    let grown = company.print(&["keys", "new", "--print"]).await;
    let grown: Value = serde_json::from_str(&grown).expect("a key ring");
    assert_eq!(
        (&grown["active"], &ring(&file)["active"]),
        (&json!("k2"), &json!("k1"))
    );
}

#[tokio::test]
async fn a_ring_that_cannot_be_changed_where_it_lies_is_left_alone() {
    let company = Installation::new().await;
    let file = company.keys_file();
    let link = file.with_file_name("link.json");
    symlink(&file, &link).expect("a link");
    let (code, _) = on_file(&company, &["keys", "new"], &link).await;
    assert_eq!(code, Some(0));
    assert!(
        link.is_symlink() && ring(&file)["active"] == "k2",
        "behind the link"
    );
    // A shell that sends the output into the ring itself empties it before we can read it.
    fs::write(&file, "").expect("an empty file");
    company.chmod_keys(0o600);
    let (code, said) = on_file(&company, &["keys", "new"], &file).await;
    assert_eq!(code, Some(1));
    assert_snapshot!(said, @"error: reading the key ring: the key ring FOLDER/keys.json is empty. A shell empties a file into which it sends output; if there was a ring in it, put a copy of it back, else remove the file and run `keys new`");
    assert_eq!(fs::metadata(&file).expect("the file").size(), 0);
}

#[tokio::test]
async fn a_ring_that_others_could_exchange_is_refused() {
    let company = Installation::new().await;
    let folder = company.keys_file().with_file_name("open");
    fs::create_dir(&folder).expect("a folder");
    let file = folder.join("keys.json");
    fs::rename(company.keys_file(), &file).expect("the ring moves");
    for (mode, refused) in [(0o777, true), (0o1777, false), (0o755, false)] {
        let mode_of_folder = fs::Permissions::from_mode(mode);
        fs::set_permissions(&folder, mode_of_folder).expect("its mode");
        let (code, said) = on_file(&company, &["keys", "new"], &file).await;
        assert_eq!(code, Some(i32::from(refused)), "{mode:o}: {said}");
        if refused {
            assert_snapshot!(said, @"error: reading the key ring: everybody may write in FOLDER and exchange the key ring FOLDER/keys.json: chmod o-w FOLDER, or put it elsewhere");
        }
    }
    // Only the system's administrator can give a file away.
    if std::os::unix::fs::chown(&file, Some(4711), None).is_ok() {
        let (code, said) = on_file(&company, &["keys", "new"], &file).await;
        assert_eq!(code, Some(1));
        assert_snapshot!(said, @"error: reading the key ring: the key ring FOLDER/keys.json belongs to the user 4711, who can exchange it; run this as that user, or make the file your own: chown it to 0");
    } else {
        println!("SKIPPED: only root can make a file somebody else's");
    }
}

#[tokio::test]
async fn a_ring_of_another_store_is_refused() {
    let company = Installation::new().await;
    let server = company.serve().await;
    let claude = Visitor::discover(&server.url).await;
    claude.sign_in("alice").await;
    assert_eq!(server.terminate().await.1, Some(0));
    let own = ring(&company.keys_file());
    let fresh = company.print(&["keys", "new", "--print"]).await;
    let fresh: Value = serde_json::from_str(&fresh).expect("a ring");
    let renamed = json!({ "active": "k7", "keys": { "k7": own["keys"]["k1"] } });
    let exchanged = json!({ "active": "k1", "keys": { "k1": fresh["keys"]["k2"] } });
    let mut complaints = Vec::new();
    for other in [&renamed, &exchanged] {
        company.write_keys(other.to_string().as_bytes());
        complaints.push(company.complaint(company.command(&["serve"])).await);
    }
    assert_eq!(complaints[0], complaints[1]);
    let (code, said) = &complaints[0];
    assert_eq!(*code, Some(1));
    assert_snapshot!(said, @"error: the key ring is not the one that this store was used with: the store needs another key k1. Put the ring of this store in its place; if that is lost or was stolen, run `store restored` with this one: it ends all connections, and people sign in again");
    company.write_keys(own.to_string().as_bytes());
    company.serve().await.kill().await;
    // Its own is lost: another one begins anew.
    company.write_keys(exchanged.to_string().as_bytes());
    let next = company.print(&["store", "restored"]).await;
    company.write_keys(next.as_bytes());
    let server = company.serve().await;
    claude.sign_in("alice").await;
    server.kill().await;
}

#[tokio::test]
async fn a_credential_of_systemd_is_taken_as_systemd_guards_it() {
    let company = Installation::new().await;
    let folder = company.keys_file().with_file_name("credentials");
    fs::create_dir(&folder).expect("a folder");
    let file = folder.join("odoo_mcp_keys");
    fs::rename(company.keys_file(), &file).expect("the ring moves");
    // With an access control list for the service's user the group's bits show its mask.
    fs::set_permissions(&file, fs::Permissions::from_mode(0o440)).expect("its mode");
    let mut by_name = company.command(&["keys", "status"]);
    by_name.env("CREDENTIALS_DIRECTORY", &folder);
    let mut by_path = company.command(&["keys", "status"]);
    by_path
        .env("CREDENTIALS_DIRECTORY", &folder)
        .env("ODOO_MCP_KEYS_FILE", &file);
    for command in [by_name, by_path] {
        let output = crate::program::finished(command).await;
        let printed = String::from_utf8(output.stdout).expect("text");
        assert_eq!(printed, "k1  active  grants: 0, tokens: 0, codes: 0\n");
    }
}
