//! The `WWW-Authenticate` header (RFC 6750 section 3, RFC 9728 section 5.1).
//!
//! Not for deciding who is refused; `bearer` and the tool set do that.

use http::HeaderValue;

/// Where a client learns how to get a token, and which scopes it should ask for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Challenge {
    /// The URL of the protected-resource metadata (RFC 9728). Without it clients cannot find
    /// the sign-in page by themselves.
    pub resource_metadata: Option<String>,
    /// The scopes to ask for, separated by spaces. Claude asks for exactly these.
    pub scope: Option<String>,
}

/// What the client is told about its token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault<'a> {
    /// It sent none, so no error is named (RFC 6750 section 3.1).
    Missing,
    /// It sent one that opens nothing.
    Invalid,
    /// It lacks these scopes, separated by spaces.
    Scope(&'a str),
}

impl Challenge {
    /// The header's value.
    pub(crate) fn header(&self, fault: Fault<'_>) -> HeaderValue {
        let mut parts = Vec::new();
        let mut scope = self.scope.clone();
        match fault {
            Fault::Missing => {}
            Fault::Invalid => {
                parts.push(("error", "invalid_token".to_owned()));
                parts.push((
                    "error_description",
                    "The token is unknown or expired".to_owned(),
                ));
            }
            Fault::Scope(required) => {
                parts.push(("error", "insufficient_scope".to_owned()));
                // Clients replace their scopes by these, so the ones granted before are named
                // as well, and one more sign-in settles it.
                scope = Some(union(scope.as_deref(), required));
            }
        }
        parts.extend(
            self.resource_metadata
                .clone()
                .map(|url| ("resource_metadata", url)),
        );
        parts.extend(scope.map(|scope| ("scope", scope)));
        let parts: Vec<_> = parts
            .iter()
            .map(|(name, value)| format!("{name}=\"{}\"", quotable(value)))
            .collect();
        let text = if parts.is_empty() {
            "Bearer".to_owned()
        } else {
            format!("Bearer {}", parts.join(", "))
        };
        HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("Bearer"))
    }
}

fn union(known: Option<&str>, required: &str) -> String {
    let mut scopes: Vec<&str> = known.unwrap_or_default().split_whitespace().collect();
    for scope in required.split_whitespace() {
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    scopes.join(" ")
}

/// Neither URLs nor scopes contain what would end a quoted string; should one, it loses it.
fn quotable(value: &str) -> String {
    value
        .chars()
        .filter(|c| matches!(c, ' '..='~') && !matches!(c, '"' | '\\'))
        .collect()
}
