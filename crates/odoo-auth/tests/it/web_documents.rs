//! A8: clients that are known by a document on the internet, good ones and bad ones.

use std::time::Duration;

use odoo_auth::{ClientLookup, DocumentFetcher, DocumentUrl, FetchError, is_public};
use serde_json::{Value, json};

use crate::{
    browser::{Client, text},
    document_host::{DocumentHost, Manner, document, with_type},
    site::{Site, settings},
    world::{World, policy},
};

const HOST: &str = "apps.example";
const ID: &str = "https://apps.example/oauth/client";
const CALLBACK: &str = "http://localhost:4000/cb";

fn metadata() -> Value {
    json!({"client_id": ID, "client_name": "Apps", "redirect_uris": ["http://localhost/cb"]})
}

async fn site_with(host: &DocumentHost) -> Site {
    let mut policy = policy();
    policy.cimd_hosts.push(HOST.to_owned());
    Site::with(policy, settings(), Some(host.client.clone())).await
}

/// The address of a document, as the provider lets it through.
async fn address(id: &str, host: &str) -> DocumentUrl {
    let mut policy = policy();
    policy.cimd_hosts.push(host.to_owned());
    let world = World::under(policy);
    match world.provider.find_client(id).await.unwrap() {
        ClientLookup::Fetch(url) => url,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_client_with_a_document_connects_and_its_document_is_fetched_once() {
    let host = DocumentHost::start(HOST, document(&metadata().to_string())).await;
    let site = site_with(&host).await;
    let apps = Client::new(ID, CALLBACK);
    let tokens = apps.connect(&site, "emil").await;
    assert_eq!(site.get(&apps.link()).await.status, 200);
    assert_eq!(host.connections(), 1, "remembered");
    let again = apps.refresh(&site, &text(&tokens, "refresh_token")).await;
    assert_eq!(again.status, 200);
    site.pass(301);
    assert_eq!(site.get(&apps.link()).await.status, 200);
    assert_eq!(
        host.connections(),
        2,
        "fetched anew when it is no longer fresh"
    );
}

#[tokio::test]
async fn a8_bad_documents_are_told_apart_and_not_asked_for_again() {
    let mut large = metadata();
    large["filler"] = json!("x".repeat(6 * 1024));
    let mut other = metadata();
    other["client_id"] = json!("https://apps.example/oauth/other");
    let inwards =
        "HTTP/1.1 302 Found\r\nlocation: https://127.0.0.1/x\r\ncontent-length: 0\r\n\r\n";
    let (page, gone) = (
        with_type("200 OK", "text/html", &metadata().to_string()),
        with_type("404 Not Found", "application/json", "{}"),
    );
    let cases = [
        document(&large.to_string()),
        document(&other.to_string()),
        document("[]"),
        Manner::Says(inwards.to_owned()),
        Manner::Says(page),
        Manner::Says(gone),
        Manner::Says("nonsense".to_owned()),
    ];
    let mut said = Vec::new();
    for case in cases {
        let host = DocumentHost::start(HOST, case).await;
        let site = site_with(&host).await;
        let link = Client::new(ID, CALLBACK).link();
        let first = site.get(&link).await;
        let second = site.get(&link).await;
        assert_eq!((first.status, second.status), (400, 400));
        assert_eq!(host.connections(), 1, "{}", first.alert());
        said.push(first.alert());
    }
    insta::assert_snapshot!(said.join("\n"), @r#"
    It cannot be said who wants to connect: the client's metadata document is not JSON of at most 5120 bytes.
    The application is not admitted: the client's metadata document names another client_id than its own address.
    The application is not admitted: the client's metadata document is not valid: client_id, client_name and redirect_uris are needed.
    It cannot be said who wants to connect: the client's host answered 302 instead of a metadata document.
    It cannot be said who wants to connect: the client's metadata document is not JSON of at most 5120 bytes.
    It cannot be said who wants to connect: the client's host answered 404 instead of a metadata document.
    It cannot be said who wants to connect: the client's metadata document could not be fetched.
    "#);
}

#[tokio::test]
async fn a8_a_host_that_drips_is_given_up() {
    let host = DocumentHost::start(HOST, Manner::Drips).await;
    let url = address(ID, HOST).await;
    let fetcher = DocumentFetcher::with_client(host.client.clone(), crate::site::clock());
    let fetch = fetcher.fetch(&url);
    tokio::pin!(fetch);
    // Until the host has the connection, in real time; from then on hours pass in no time.
    while host.connections() == 0 {
        let _ = tokio::time::timeout(Duration::from_millis(5), &mut fetch).await;
    }
    tokio::time::pause();
    let begun = tokio::time::Instant::now();
    assert_eq!(fetch.await, Err(FetchError::Unreachable));
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn a8_names_that_lead_inwards_are_not_connected_to() {
    // `localhost` is the one name that every machine resolves to itself; the port is 443, where a
    // connection would be refused by the system instead and read the same, so the resolver's own
    // rule has its test beside it.
    let url = address("https://localhost/client", "localhost").await;
    let fetcher = DocumentFetcher::new(crate::site::clock());
    assert_eq!(fetcher.fetch(&url).await, Err(FetchError::Unreachable));
}

const A8_INSIDE: [&str; 50] = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.1.2.3",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00::1",
    "fdff:ffff::1",
    "fe80::1",
    "febf::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
];

const A8_OUTSIDE: [&str; 15] = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.1",
    "100.63.255.255",
    "100.128.0.1",
    "160.79.104.10",
    "172.15.255.255",
    "172.32.0.1",
    "192.167.1.1",
    "223.255.255.255",
    "2001:4860:4860::8888",
    "2606:4700::1111",
    "2a00:1450::1",
    "2400:cb00::1",
];

#[test]
fn a8_only_the_public_internet_is_public() {
    assert!(A8_INSIDE.len() + A8_OUTSIDE.len() >= 60);
    for address in A8_INSIDE {
        assert!(!is_public(address.parse().unwrap()), "{address}");
    }
    for address in A8_OUTSIDE {
        assert!(is_public(address.parse().unwrap()), "{address}");
    }
}

const A8_HOSTS: [&str; 42] = [
    "127.0.0.1",
    "127.1",
    "0x7f000001",
    "0177.0.0.1",
    "2130706433",
    "0",
    "0.0.0.0",
    "10.0.0.1",
    "192.168.0.1",
    "172.16.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[fc00::1]",
    "[fe80::1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "localhost",
    "localhost.",
    "evil.example",
    "apps.example.evil.example",
    "evil.example#apps.example",
    "evil.example?apps.example",
    "apps.example@127.0.0.1",
    "user@apps.example",
    "user:pw@apps.example",
    "apps.example:8443",
    "apps.example:443",
    "apps.example.",
    "APPS.EXAMPLE",
    "apps%2eexample",
    "apps。example",
    "metadata.google.internal",
    "kubernetes.default.svc",
    "apps.example\\@evil.example",
    "apps.example\t",
    "apps.example%00",
    "xn--pps-7ma.example",
    "api.apps.example",
];

const A8_PATHS: [&str; 13] = [
    "",
    "/",
    "/a/../b",
    "/./a",
    "/%2e%2e/a",
    "/%2E/a",
    "/a#b",
    "/a%23b",
    "/a b",
    "/a\\b",
    "/ä",
    "/a\u{0}",
    "/a\nb",
];

const A8_SCHEMES: [&str; 7] = [
    "http",
    "HTTPS",
    "ftp",
    "file",
    "gopher",
    "javascript",
    "data",
];

#[tokio::test]
async fn a8_sixty_addresses_never_leave_the_house() {
    let host = DocumentHost::start(HOST, document(&metadata().to_string())).await;
    let site = site_with(&host).await;
    let mut all: Vec<String> = A8_HOSTS
        .map(|host| format!("https://{host}/oauth/client"))
        .to_vec();
    all.extend(A8_PATHS.map(|path| format!("https://{HOST}{path}")));
    all.extend(A8_SCHEMES.map(|scheme| format!("{scheme}://{HOST}/oauth/client")));
    assert!(all.len() >= 60, "{}", all.len());
    for id in all {
        let answer = site.get(&Client::new(&id, CALLBACK).link()).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (400, ""),
            "{id}"
        );
    }
    assert_eq!(host.connections(), 0);
}
