//! Every bound of the server in one place.
//!
//! Not for limits of tools (answer sizes, upstream time-outs), which their owners set.

use std::time::Duration;

/// Bounds of connections, requests and the drain. [`Default`] gives production values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Open connections; further ones wait in the kernel's backlog. 1,024.
    pub max_connections: usize,
    /// Time from a connection's first byte (or its opening) to the end of a request's headers.
    /// 10 seconds.
    pub header_read: Duration,
    /// Time a connection may stay open between requests. 75 seconds, above the 60 seconds that
    /// proxies commonly keep theirs, so that it is the proxy that closes.
    pub idle: Duration,
    /// Size of a request's headers together. 16 KiB.
    pub max_header_bytes: usize,
    /// Longest pause within a request's body. 30 seconds. A body must also come in at 16 KiB/s
    /// on average after this time.
    pub body_read: Duration,
    /// Size of a body on `/mcp`; an upload of 10 MiB is 14 MiB in Base64. 32 MiB.
    pub max_body_bytes: usize,
    /// Size of a body on every other path. 64 KiB.
    pub max_route_body_bytes: usize,
    /// Memory for the bodies of all requests together; beyond it requests are shed. 256 MiB.
    pub max_buffered_bytes: usize,
    /// Depth to which the JSON of a request may be nested. 64.
    pub max_json_depth: usize,
    /// Requests in work at once; beyond it they are shed (503 with `Retry-After`). 512.
    pub max_in_flight: usize,
    /// Time of a tool call. 240 seconds, below Claude's own limit of 300, so that the person
    /// reads our explanation. What changes something goes on in the background.
    pub call: Duration,
    /// Time for calls in work to finish when the server is told to stop. 60 seconds.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_connections: 1_024,
            header_read: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            max_header_bytes: 16 * 1024,
            body_read: Duration::from_secs(30),
            max_body_bytes: 32 * 1024 * 1024,
            max_route_body_bytes: 64 * 1024,
            max_buffered_bytes: 256 * 1024 * 1024,
            max_json_depth: 64,
            max_in_flight: 512,
            call: Duration::from_secs(240),
            drain: Duration::from_secs(60),
        }
    }
}

/// Bounds of the sessions of clients that begin with `initialize` (revisions before 2026-07-28).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionLimits {
    /// Time after its last request after which a session ends. 24 hours: a conversation is
    /// often taken up again the next morning, and a session costs some hundred bytes.
    pub idle: Duration,
    /// Time after `initialize` after which a session ends in any case. 30 days.
    pub lifetime: Duration,
    /// Sessions of one principal; a further one ends the least recently used. 64.
    pub per_principal: usize,
    /// Sessions of all together; a further one ends those of the principal who was away
    /// longest. 20,000.
    pub total: usize,
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self {
            idle: Duration::from_secs(24 * 3_600),
            lifetime: Duration::from_secs(30 * 24 * 3_600),
            per_principal: 64,
            total: 20_000,
        }
    }
}
