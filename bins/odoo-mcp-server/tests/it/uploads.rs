//! Large files at the same time: the server stays small, and everybody's file arrives.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tokio::task::JoinSet;

use crate::installation::Installation;
use crate::person::Person;

const MIB: usize = 1024 * 1024;

/// The largest file that is taken.
const FILE: usize = 10 * MIB;

/// What the whole process may have taken at its most when eight such files came at once.
const MAX_MEMORY_MIB: usize = 300;

/// Who uploads; everybody twice.
const PEOPLE: [&str; 4] = ["alice", "emil", "hanna", "ada"];

/// The most memory that a process has had, in MiB.
fn peak_memory(process: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("its status");
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let digits = line.and_then(|line| line.split_whitespace().nth(1));
    let kib: usize = digits
        .and_then(|digits| digits.parse().ok())
        .expect("a size");
    kib / 1024
}

/// A PDF of the largest size, as it travels.
fn largest() -> String {
    let mut bytes = vec![b' '; FILE];
    bytes[..9].copy_from_slice(b"%PDF-1.4\n");
    bytes[FILE - 6..].copy_from_slice(b"%%EOF\n");
    STANDARD.encode(bytes)
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_of_the_largest_files_at_once_fit_into_little_memory() {
    let company = Installation::new().await;
    let server = company.serve().await;
    let process = server.child.id().expect("a running child");
    let content = Arc::new(largest());
    let mut uploads = JoinSet::new();
    for login in PEOPLE {
        let token = company.issue_for(login, "odoo:write").await;
        for number in 0..2 {
            let person = Person::connect(&server.url, &token).await;
            let content = Arc::clone(&content);
            uploads.spawn(async move {
                let file_name = format!("receipt {number}.pdf");
                let receipt = json!({"file_name": file_name, "content": *content});
                person.call("upload_receipt", receipt).await
            });
        }
    }
    let before = peak_memory(process);
    while let Some(answer) = uploads.join_next().await {
        let answer = answer.expect("an answer");
        assert_eq!(answer["isError"], false, "{answer}");
    }
    let after = peak_memory(process);
    println!("{before} MiB before, {after} MiB after eight files of 10 MiB");
    assert!(
        after < MAX_MEMORY_MIB,
        "{before} MiB before, {after} MiB after"
    );
    assert_eq!(server.terminate().await.1, Some(0));
}
