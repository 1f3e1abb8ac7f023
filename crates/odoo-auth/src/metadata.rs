//! The two metadata documents by which clients find everything (RFC 8414, RFC 9728), and the
//! challenge that points to them (RFC 6750, RFC 9728 section 5.1).
//!
//! All addresses come from the policy; of a request only the name by which somebody's own computer
//! calls itself. Not for serving them.

use serde_json::{Value, json};

use crate::{policy::Policy, scope};

impl Policy {
    /// The authorization server's metadata (RFC 8414).
    pub fn authorization_server_metadata(&self) -> Value {
        let at = |path: &str| format!("{}{path}", self.issuer);
        let mut metadata = json!({
            "issuer": self.issuer,
            "authorization_endpoint": at("/authorize"),
            "token_endpoint": at("/token"),
            "revocation_endpoint": at("/revoke"),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "revocation_endpoint_auth_methods_supported": ["none"],
            "scopes_supported": self.scopes(),
            "authorization_response_iss_parameter_supported": true,
            "client_id_metadata_document_supported": true,
        });
        if self.registration.enabled {
            metadata["registration_endpoint"] = json!(at("/register"));
        }
        metadata
    }

    /// The protected resource's metadata (RFC 9728).
    pub fn protected_resource_metadata(&self) -> Value {
        self.metadata_of(&self.resource)
    }

    /// The same for somebody who reached us under this host, which matters on loopback alone:
    /// clients given `http://localhost:8720/mcp` refuse metadata that speak of `127.0.0.1`.
    pub fn protected_resource_metadata_under(&self, host: &str) -> Value {
        self.metadata_of(&self.resource_under(host))
    }

    fn metadata_of(&self, resource: &str) -> Value {
        json!({
            "resource": resource,
            "authorization_servers": [self.issuer],
            "scopes_supported": self.scopes(),
            "bearer_methods_supported": ["header"],
            "resource_name": self.resource_name,
        })
    }

    /// Where that document is, as challenges name it.
    pub fn protected_resource_metadata_url(&self) -> String {
        format!("{}/.well-known/oauth-protected-resource/mcp", self.issuer)
    }

    fn scopes(&self) -> Vec<String> {
        scope::canonical(&self.offered)
            .split(' ')
            .map(str::to_owned)
            .collect()
    }
}
