//! Every bound of the server in one place.
//!
//! Not for limits of tools (answer sizes, upstream time-outs), which their owners set.

use std::time::Duration;

use crate::scan::JsonLimits;

/// After the first pause is used up, bodies must come in, and answers go out, at this many bytes a
/// second.
pub(crate) const MIN_BYTES_PER_SECOND: u64 = 16 * 1024;

/// Bounds of connections, requests and the drain. [`Default`] gives production values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Open connections. 1,024. From fifteen sixteenths of them on, each new one closes the one
    /// that has been idle longest.
    pub max_connections: usize,
    /// Connections beyond those, which answer health checks and nothing else, for the time when
    /// all of the others are at work. Further ones wait in the kernel's backlog. 16.
    pub reserved_connections: usize,
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
    /// Time for a body in all. Two minutes: an upload of 10 MiB over a line of 1 Mbit/s.
    pub body_total: Duration,
    /// Time for a client to take an answer, to which each 16 KiB add a second. 30 seconds. Then
    /// its connection is closed.
    pub answer_send: Duration,
    /// Size of a message on `/mcp` that brings no file. 1 MiB.
    pub max_message_bytes: usize,
    /// Size of a message that calls a tool which takes files
    /// ([`ToolDescriptor::takes_file`](crate::ToolDescriptor::takes_file)); 10 MiB are 14 MiB in
    /// Base64. 32 MiB, so that it is the tool that says how large a file may be.
    pub max_body_bytes: usize,
    /// Size of a body on every other path. 64 KiB.
    pub max_route_body_bytes: usize,
    /// Memory for the bodies of all requests together; beyond it requests are shed. 256 MiB.
    pub max_buffered_bytes: usize,
    /// The part of that memory that one person may hold; further bodies of this person wait for
    /// it. 96 MiB: six uploads of 10 MiB, while two other people can do the same.
    pub max_buffered_bytes_per_caller: usize,
    /// Depth to which the JSON of a request may be nested. 64.
    pub max_json_depth: usize,
    /// Values in the JSON of a request, names of members included. 5,000: each costs up to 440
    /// bytes until it is answered (measured), 2 MiB together, however small the message is.
    pub max_json_values: usize,
    /// Requests in work at once; beyond it they are shed (503 with `Retry-After`). 512. A
    /// request is in work from when its body is there until its answer is.
    pub max_in_flight: usize,
    /// Requests of one person at once, answers that are still being sent included; further ones
    /// wait in order. 64, so that it takes eight people to fill the server.
    pub max_in_flight_per_caller: usize,
    /// Requests of one person that may wait; beyond it they are refused (429). 1,000.
    pub max_waiting_per_caller: usize,
    /// Longest wait of such a request before it is refused (429). 30 seconds: longer than a call
    /// waits for Odoo, so that a person with many calls is told of it there, and shorter than
    /// the minute after which clients give up.
    pub caller_wait: Duration,
    /// Requests in work at once on paths that need no token. 128, beside the places of others.
    pub max_open_in_flight: usize,
    /// Bodies of requests without a token that may be on their way at once; a further one ends
    /// the one that has taken longest. 256, or 16 MiB.
    pub max_open_reading: usize,
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
            reserved_connections: 16,
            header_read: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            max_header_bytes: 16 * 1024,
            body_read: Duration::from_secs(30),
            body_total: Duration::from_secs(120),
            answer_send: Duration::from_secs(30),
            max_message_bytes: 1024 * 1024,
            max_body_bytes: 32 * 1024 * 1024,
            max_route_body_bytes: 64 * 1024,
            max_buffered_bytes: 256 * 1024 * 1024,
            max_buffered_bytes_per_caller: 96 * 1024 * 1024,
            max_json_depth: 64,
            max_json_values: 5_000,
            max_in_flight: 512,
            max_in_flight_per_caller: 64,
            max_waiting_per_caller: 1_000,
            caller_wait: Duration::from_secs(30),
            max_open_in_flight: 128,
            max_open_reading: 256,
            call: Duration::from_secs(240),
            drain: Duration::from_secs(60),
        }
    }
}

impl Limits {
    /// The bounds of a request's JSON.
    pub(crate) fn json(&self) -> JsonLimits {
        JsonLimits {
            depth: self.max_json_depth,
            values: self.max_json_values,
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
