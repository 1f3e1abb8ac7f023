//! A2 and A3: two hundred redirect URIs at both doors, registration and authorization. None that is
//! not listed is ever redirected to.

use odoo_auth::{AuthorizeError, ErrorCode};
use serde_json::json;

use crate::world::{CHALLENGE, CLAUDE, CLAUDE_CALLBACK, CLAUDE_CODE, World};

/// Ways in which a host that is not Claude's is made to look like it.
const HOSTS: [&str; 28] = [
    "evil.example",
    "claude.ai.evil.example",
    "claude.ai@evil.example",
    "claude.ai:443@evil.example",
    "claude.ai%40evil.example",
    "claude.ai\\@evil.example",
    "evil.example\\.claude.ai",
    "claude.ai.",
    "claude.ai:8443",
    "claude.ai:443",
    "claude.ai:",
    "CLAUDE.AI",
    "Claude.ai",
    "xn--clude-8ve.ai",
    "clаude.ai",
    "claude。ai",
    "claude.ai%00.evil.example",
    "claude.ai%2eevil.example",
    "claude.ai%0d%0aevil",
    "sub.claude.ai",
    "claude-ai.com",
    "claude.aı",
    "user:pw@claude.ai",
    "user@claude.ai",
    "@claude.ai",
    "[::ffff:127.0.0.1]",
    "127.0.0.1.nip.io",
    "localhost.evil.example",
];

/// Ways in which the path is not the registered one.
const PATHS: [&str; 22] = [
    "/api/mcp/auth_callback/",
    "/api/mcp/auth_callback//",
    "/api/mcp/auth_callback?x=1",
    "/api/mcp/auth_callback?",
    "/api/mcp/auth_callback#x",
    "/api/mcp/auth_callback#",
    "/api/mcp/auth_callbackx",
    "/api/mcp/auth_callback%00",
    "/api/mcp/auth_callback%2f",
    "/api/mcp/./auth_callback",
    "/api/mcp/x/../auth_callback",
    "/api/mcp/%2e%2e/mcp/auth_callback",
    "/api/mcp/auth_callback/..",
    "/api//mcp/auth_callback",
    "//api/mcp/auth_callback",
    "/API/mcp/auth_callback",
    "/api/mcp/auth_callback;x",
    "/api/mcp/auth_callback\t",
    "/api/mcp/auth_callback\n",
    "/api/mcp/auth_callback ",
    "/api/mcp\\auth_callback",
    "",
];

/// Whole addresses.
const WHOLE: [&str; 36] = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "ftp://claude.ai/api/mcp/auth_callback",
    "http://claude.ai/api/mcp/auth_callback",
    "ws://claude.ai/api/mcp/auth_callback",
    "claude://auth",
    "com.example.app:/callback",
    "cursor://anysphere.cursor-retrieval/oauth/callback",
    "about:blank",
    "blob:https://claude.ai/x",
    "//claude.ai/api/mcp/auth_callback",
    "/api/mcp/auth_callback",
    "https:claude.ai/api/mcp/auth_callback",
    "https:/claude.ai/api/mcp/auth_callback",
    "https:///claude.ai/api/mcp/auth_callback",
    "https://",
    "https",
    " https://claude.ai/api/mcp/auth_callback",
    "https://claude.ai/api/mcp/auth_callback https://evil.example",
    "https://claude.ai/api/mcp/auth_callback,https://evil.example",
    "HTTPS://claude.ai/api/mcp/auth_callback",
    "\u{feff}https://claude.ai/api/mcp/auth_callback",
    "https://claude.ai/api/mcp/auth_callback\u{0}",
    "https://claude.ai\u{2028}/api/mcp/auth_callback",
    "https://claude.ai/api/mcp/auth_callback\u{202e}",
    "https://169.254.169.254/latest/meta-data",
    "https://10.0.0.1/api/mcp/auth_callback",
    "https://[::1]/api/mcp/auth_callback",
    "https://2130706433/",
    "view-source:https://claude.ai/",
    "mailto:a@claude.ai",
    "urn:ietf:wg:oauth:2.0:oob",
    "null",
];

/// Loopback, but not as Claude Code's document says.
const LOOPBACK_HOSTS: [&str; 18] = [
    "127.1",
    "127.0.0.2",
    "127.0.1",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "2130706433",
    "0.0.0.0",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:7f00:1]",
    "LOCALHOST",
    "localhost.",
    "localhost.localdomain",
    "localhost@evil.example",
    "user@localhost",
    "evil.localhost",
    "[::1]",
];

/// Ports and paths that do not fit.
const LOOPBACK_TAILS: [&str; 14] = [
    ":0/callback",
    ":99999/callback",
    ":-1/callback",
    ":80a/callback",
    ":/callback",
    "/callback/",
    "/callback?x",
    "/callback#x",
    "/other",
    "",
    "/",
    ":4000/callback/../other",
    ":4000//callback",
    ":4000\\callback",
];

pub(crate) fn corpus() -> Vec<String> {
    let mut all: Vec<String> = WHOLE.map(str::to_owned).to_vec();
    all.extend(HOSTS.map(|host| format!("https://{host}/api/mcp/auth_callback")));
    all.extend(HOSTS.map(|host| format!("http://{host}/callback")));
    all.extend(PATHS.map(|path| format!("https://claude.ai{path}")));
    all.extend(LOOPBACK_HOSTS.map(|host| format!("http://{host}:4000/callback")));
    all.extend(LOOPBACK_HOSTS.map(|host| format!("https://{host}/callback")));
    all.extend(LOOPBACK_TAILS.map(|tail| format!("http://localhost{tail}")));
    all.extend(LOOPBACK_TAILS.map(|tail| format!("http://127.0.0.1{tail}")));
    all.extend(PATHS.map(|path| format!("http://localhost:4000{path}")));
    all.push(format!("https://claude.ai/{}", "a".repeat(5000)));
    all
}

#[tokio::test]
async fn a2_no_unlisted_target_is_ever_redirected_to() {
    let world = World::new();
    let corpus = corpus();
    assert!(corpus.len() >= 200, "{}", corpus.len());
    for uri in &corpus {
        for client in [CLAUDE, CLAUDE_CODE] {
            let more = [
                ("redirect_uri", uri.as_str()),
                ("response_type", "code"),
                ("code_challenge", CHALLENGE),
                ("code_challenge_method", "S256"),
            ];
            match world.open(client, &more).await {
                Err(AuthorizeError::Shown(_)) => {}
                Err(AuthorizeError::Redirect(error)) => panic!("{uri}: {}", error.location()),
                Ok(pending) => panic!("{uri} was accepted: {}", pending.redirect_uri),
            }
        }
    }
}

#[tokio::test]
async fn a2_the_listed_targets_are_accepted() {
    let world = World::new();
    let listed = [
        (CLAUDE, CLAUDE_CALLBACK),
        (CLAUDE, "https://claude.com/api/mcp/auth_callback"),
        (CLAUDE_CODE, "http://localhost/callback"),
        (CLAUDE_CODE, "http://localhost:1/callback"),
        (CLAUDE_CODE, "http://localhost:65535/callback"),
        (CLAUDE_CODE, "http://127.0.0.1:54545/callback"),
    ];
    for (client, uri) in listed {
        assert_eq!(world.pending(client, uri).await.redirect_uri, uri);
    }
    // Registered for one loopback name means that name only.
    let id = json!({"redirect_uris": ["http://[::1]:3000/cb?k=v"]});
    let id = world.register(&id).await.unwrap();
    world.pending(&id, "http://[::1]:4000/cb?k=v").await;
    for crossed in [
        "http://localhost:3000/cb?k=v",
        "http://127.0.0.1:3000/cb?k=v",
        "http://[::1]:3000/cb",
    ] {
        let more = [("redirect_uri", crossed), ("response_type", "code")];
        assert!(
            matches!(world.open(&id, &more).await, Err(AuthorizeError::Shown(_))),
            "{crossed}"
        );
    }
}

#[tokio::test]
async fn a3_phishing_clients_cannot_register() {
    let world = World::new();
    // These are fit to be registered by a program on the person's own computer.
    let harmless = |uri: &str| odoo_auth::AllowedRedirects::claude().check(uri).is_ok();
    let mut refused = 0;
    for uri in corpus().iter().filter(|uri| !harmless(uri)) {
        let body = json!({"client_name": "Claude", "redirect_uris": [uri]});
        let error = world.register(&body).await.unwrap_err();
        let too_large = uri.len() > 4000;
        assert!(
            error.code == ErrorCode::InvalidRedirectUri || too_large,
            "{uri}"
        );
        // Beside a good one it is left out, and the client may not use it.
        let body = json!({"client_name": "Claude", "redirect_uris": [CLAUDE_CALLBACK, uri]});
        let id = world.register(&body).await.unwrap();
        assert_eq!(world.client(&id).await.redirect_uris, [CLAUDE_CALLBACK]);
        let more = [("redirect_uri", uri.as_str()), ("response_type", "code")];
        let opened = world.open(&id, &more).await;
        assert!(matches!(opened, Err(AuthorizeError::Shown(_))), "{uri}");
        refused += 1;
    }
    assert!(refused >= 170, "{refused}");
    for uri in corpus().iter().filter(|uri| harmless(uri)) {
        let url = url::Url::parse(uri).unwrap();
        let local = ["localhost", "127.0.0.1", "[::1]"].contains(&url.host_str().unwrap());
        assert!(
            local && url.scheme() == "http",
            "{uri} is not on this computer"
        );
    }
}

#[tokio::test]
async fn a3_links_and_forms_that_are_none_are_refused() {
    let world = World::new();
    for (field, value) in [
        ("client_uri", "javascript:alert(1)"),
        ("logo_uri", "data:image/svg+xml,<svg onload=alert(1)>"),
        ("tos_uri", "http://evil.example"),
        ("policy_uri", "https://user@evil.example"),
    ] {
        let body = json!({"redirect_uris": [CLAUDE_CALLBACK], field: value});
        let error = world.register(&body).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidClientMetadata, "{field}");
    }
    for body in [
        "",
        "[]",
        "null",
        "{\"redirect_uris\": 5}",
        "{\"redirect_uris\": []}",
        "{}",
    ] {
        assert!(
            world.provider.register(body.as_bytes()).await.is_err(),
            "{body}"
        );
    }
    let large = json!({"redirect_uris": [CLAUDE_CALLBACK], "client_name": "x".repeat(9000)});
    assert!(world.register(&large).await.is_err());
}

#[tokio::test]
async fn a3_a_name_with_markup_or_invisible_characters_is_one_inert_line() {
    let world = World::new();
    let name =
        "Claude\u{202e}\u{200b}\u{e0041}\r\n\t  \u{feff}<img src=x onerror=alert(1)> ".repeat(9);
    let body = json!({"client_name": name, "redirect_uris": [CLAUDE_CALLBACK]});
    let id = world.register(&body).await.unwrap();
    let shown = world.client(&id).await.name;
    assert!(shown.chars().count() <= 64);
    assert!(!shown.chars().any(char::is_control));
    assert!(
        !shown.contains(['\u{202e}', '\u{200b}', '\u{e0041}', '\u{feff}']),
        "{shown:?}"
    );
    let body = json!({"client_name": "\u{202e}\u{200b}", "redirect_uris": [CLAUDE_CALLBACK]});
    let id = world.register(&body).await.unwrap();
    assert_eq!(world.client(&id).await.name, "Unnamed client");
}
