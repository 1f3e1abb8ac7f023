//! Both protocol eras on one endpoint.

use http::StatusCode;
use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::json;

use crate::kit::{LEGACY, MODERN, TestServer};

#[tokio::test]
async fn initialize_agrees_on_every_revision_with_a_handshake() {
    let server = TestServer::start().await;
    for (asked, agreed) in [
        ("2025-03-26", "2025-03-26"),
        ("2025-06-18", "2025-06-18"),
        ("2025-11-25", "2025-11-25"),
        // What is not served, or has no handshake, becomes the newest that has one.
        ("2024-11-05", "2025-11-25"),
        (MODERN, "2025-11-25"),
        ("2099-01-01", "2025-11-25"),
    ] {
        let (reply, _) = server.alice().initialize(asked).await;
        assert_eq!(
            reply.json()["result"]["protocolVersion"],
            agreed,
            "asked for {asked}"
        );
    }
}

#[tokio::test]
async fn initialize_says_what_there_is() {
    let server = TestServer::start().await;
    let (reply, _) = server.alice().initialize(LEGACY).await;
    assert_json_snapshot!(reply.json(), @r#"
    {
      "jsonrpc": "2.0",
      "id": 1,
      "result": {
        "protocolVersion": "2025-11-25",
        "capabilities": {
          "completions": {},
          "prompts": {},
          "resources": {},
          "tools": {}
        },
        "serverInfo": {
          "name": "desk",
          "title": "Desk",
          "version": "0.0.1",
          "websiteUrl": "https://desk.example"
        },
        "instructions": "Ask who you are first."
      }
    }
    "#);
}

#[tokio::test]
async fn discover_says_the_same_as_initialize() {
    let server = TestServer::start().await;
    let reply = server.alice().modern("server/discover", json!({})).await;
    assert_json_snapshot!(reply.json(), @r#"
    {
      "jsonrpc": "2.0",
      "id": 1,
      "result": {
        "resultType": "complete",
        "supportedVersions": [
          "2025-03-26",
          "2025-06-18",
          "2025-11-25",
          "2026-07-28"
        ],
        "capabilities": {
          "completions": {},
          "prompts": {},
          "resources": {},
          "tools": {}
        },
        "instructions": "Ask who you are first.",
        "ttlMs": 300000,
        "cacheScope": "private",
        "_meta": {
          "io.modelcontextprotocol/serverInfo": {
            "name": "desk",
            "title": "Desk",
            "version": "0.0.1",
            "websiteUrl": "https://desk.example"
          }
        }
      }
    }
    "#);
    assert_eq!(reply.header("mcp-session-id"), None);
    let (initialized, _) = server.alice().initialize(LEGACY).await;
    assert_eq!(
        reply.json()["result"]["instructions"],
        initialized.json()["result"]["instructions"],
    );
}

#[tokio::test]
async fn a_legacy_conversation_runs_from_start_to_end() {
    let server = TestServer::start().await;
    let alice = server.alice();
    let (_, id) = alice.initialize(LEGACY).await;
    let body = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    let headers = [
        ("mcp-session-id", id.as_str()),
        ("mcp-protocol-version", LEGACY),
    ];
    let noted = alice.post(&headers, body.to_string()).await;
    assert_eq!(
        (noted.status, noted.text.as_str()),
        (StatusCode::ACCEPTED, "")
    );
    let params = json!({ "name": "whoami", "arguments": {} });
    let reply = alice.legacy(Some(&id), "tools/call", params).await;
    assert_json_snapshot!(reply.json(), @r#"
    {
      "jsonrpc": "2.0",
      "id": 1,
      "result": {
        "content": [
          {
            "type": "text",
            "text": "canary-alice"
          }
        ],
        "structuredContent": {
          "said": "canary-alice"
        },
        "isError": false
      }
    }
    "#);
    assert_eq!(
        alice.legacy(Some(&id), "ping", json!({})).await.json()["result"],
        json!({})
    );
    assert_eq!(alice.end(&id).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_modern_call_names_the_server_and_gets_no_session() {
    let server = TestServer::start().await;
    let reply = server.alice().call("whoami", json!({})).await;
    assert_eq!(reply.header("mcp-session-id"), None);
    assert_json_snapshot!(reply.json(), @r#"
    {
      "jsonrpc": "2.0",
      "id": 1,
      "result": {
        "resultType": "complete",
        "content": [
          {
            "type": "text",
            "text": "canary-alice"
          }
        ],
        "structuredContent": {
          "said": "canary-alice"
        },
        "isError": false,
        "_meta": {
          "io.modelcontextprotocol/serverInfo": {
            "name": "desk",
            "title": "Desk",
            "version": "0.0.1"
          }
        }
      }
    }
    "#);
}

#[tokio::test]
async fn lists_are_cached_privately_in_the_modern_era_only() {
    let server = TestServer::start().await;
    let alice = server.alice();
    for (method, member) in [
        ("tools/list", "tools"),
        ("resources/list", "resources"),
        ("resources/templates/list", "resourceTemplates"),
        ("prompts/list", "prompts"),
    ] {
        let modern = alice.modern(method, json!({})).await.json();
        let hints = (&modern["result"]["ttlMs"], &modern["result"]["cacheScope"]);
        assert_eq!(hints, (&json!(300_000), &json!("private")), "{method}");
        let legacy = alice.legacy(None, method, json!({})).await.json();
        assert_eq!(
            legacy["result"],
            json!({ member: modern["result"][member] }),
            "{method}"
        );
    }
}

#[tokio::test]
async fn the_tool_list_is_the_same_bytes_every_time_and_for_everyone() {
    let server = TestServer::start().await;
    let first = server.alice().legacy(None, "tools/list", json!({})).await;
    let second = server.bob().legacy(None, "tools/list", json!({})).await;
    assert_eq!(first.text, second.text);
    assert_json_snapshot!(first.json()["result"]["tools"][0], @r#"
    {
      "name": "whoami",
      "title": "WHOAMI",
      "description": "For tests",
      "inputSchema": {
        "type": "object"
      },
      "annotations": {
        "readOnlyHint": true,
        "destructiveHint": false,
        "openWorldHint": false
      }
    }
    "#);
}

#[tokio::test]
async fn resources_are_served() {
    let server = TestServer::start().await;
    let alice = server.alice();
    let read = alice
        .modern("resources/read", json!({ "uri": "desk://rules" }))
        .await;
    assert_json_snapshot!(read.json()["result"], @r#"
    {
      "resultType": "complete",
      "ttlMs": 0,
      "cacheScope": "private",
      "contents": [
        {
          "uri": "desk://rules",
          "mimeType": "text/markdown",
          "text": "Be kind, alice."
        }
      ],
      "_meta": {
        "io.modelcontextprotocol/serverInfo": {
          "name": "desk",
          "title": "Desk",
          "version": "0.0.1"
        }
      }
    }
    "#);
}

#[tokio::test]
async fn prompts_and_completions_are_served() {
    let server = TestServer::start().await;
    let alice = server.alice();
    let params = json!({ "name": "tidy", "arguments": { "which": "Bob" } });
    let prompt = alice.legacy(None, "prompts/get", params).await;
    assert_json_snapshot!(prompt.json()["result"], @r#"
    {
      "description": "Tidy a desk",
      "messages": [
        {
          "role": "user",
          "content": {
            "type": "text",
            "text": "Tidy the desk of Bob."
          }
        }
      ]
    }
    "#);
    let params = json!({
        "ref": { "type": "ref/prompt", "name": "tidy" },
        "argument": { "name": "which", "value": "b" },
    });
    let completion = alice
        .legacy(None, "completion/complete", params)
        .await
        .json();
    let completion = &completion["result"]["completion"];
    assert_eq!(completion["values"].as_array().map(Vec::len), Some(100));
    assert_eq!(
        (&completion["total"], &completion["hasMore"]),
        (&json!(150), &json!(true))
    );
}

#[tokio::test]
async fn what_is_not_there_is_a_clear_error_in_each_era() {
    let server = TestServer::start().await;
    let alice = server.alice();
    let mut errors = Vec::new();
    for (method, params) in [
        ("tools/call", json!({ "name": "fly", "arguments": {} })),
        ("resources/read", json!({ "uri": "desk://nowhere" })),
        ("prompts/get", json!({ "name": "sing" })),
        ("prompts/get", json!({ "name": "tidy" })),
        ("tools/list", json!({ "cursor": "2" })),
        ("desk/paint", json!({})),
        ("tools/call", json!({ "name": "whoami", "arguments": [1] })),
    ] {
        errors.push(format!(
            "legacy {}",
            alice.legacy(None, method, params.clone()).await.error()
        ));
        errors.push(format!(
            "modern {}",
            alice.modern(method, params).await.error()
        ));
    }
    assert_snapshot!(errors.join("\n"), @r#"
    legacy 200 -32602 there is no tool of this name for you; ask for the list of tools
    modern 200 -32602 there is no tool of this name for you; ask for the list of tools
    legacy 200 -32002 There is no such resource
    modern 200 -32602 There is no such resource
    legacy 200 -32602 There is no such prompt
    modern 200 -32602 There is no such prompt
    legacy 200 -32602 Say `which` desk.
    modern 200 -32602 Say `which` desk.
    legacy 200 -32602 There is no such cursor; ask without one
    modern 200 -32602 There is no such cursor; ask without one
    legacy 200 -32601 There is no such method
    modern 404 -32601 There is no such method
    legacy 200 -32602 The parameters of tools/call have wrong types
    modern 200 -32602 The parameters of tools/call have wrong types
    "#);
}

#[tokio::test]
async fn a_modern_request_must_be_complete_and_consistent() {
    let server = TestServer::start().await;
    let alice = server.alice();
    let body = crate::kit::modern_body("tools/call", json!({ "name": "whoami" })).to_string();
    let version = ("mcp-protocol-version", MODERN);
    let mut errors = Vec::new();
    for headers in [
        vec![],
        vec![version],
        vec![version, ("mcp-method", "tools/list")],
        vec![version, ("mcp-method", "tools/call")],
        vec![version, ("mcp-method", "tools/call"), ("mcp-name", "write")],
        vec![("mcp-protocol-version", "2025-06-18")],
    ] {
        errors.push(alice.post(&headers, body.clone()).await.error());
    }
    let bare = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" }).to_string();
    errors.push(
        alice
            .post(&[version, ("mcp-method", "tools/list")], bare)
            .await
            .error(),
    );
    assert_snapshot!(errors.join("\n"), @r#"
    400 -32020 request _meta protocolVersion requires MCP-Protocol-Version header
    400 -32020 missing required Mcp-Method header
    400 -32020 Mcp-Method header `tools/list` does not match body method `tools/call`
    400 -32020 missing required Mcp-Name header for `tools/call`
    400 -32020 Mcp-Name header `write` does not match body value `whoami`
    400 -32020 MCP-Protocol-Version header (2025-06-18) does not match request _meta protocolVersion (2026-07-28)
    400 -32602 Invalid params: request _meta is missing or has malformed required fields: io.modelcontextprotocol/protocolVersion, io.modelcontextprotocol/clientCapabilities
    "#);
}

#[tokio::test]
async fn arguments_that_a_header_repeats_must_agree_with_it() {
    let server = TestServer::start().await;
    let params = json!({ "name": "regional", "arguments": { "region": "eu" } });
    let body = crate::kit::modern_body("tools/call", params).to_string();
    for (region, status) in [(Some("eu"), 200), (Some("us"), 400), (None, 400)] {
        let mut headers = vec![
            ("mcp-protocol-version", MODERN),
            ("mcp-method", "tools/call"),
            ("mcp-name", "regional"),
        ];
        headers.extend(region.map(|region| ("mcp-param-region", region)));
        let reply = server.alice().post(&headers, body.clone()).await;
        assert_eq!(reply.status, status, "{region:?}: {}", reply.text);
    }
}
