//! The transport through its public door: real sockets, and people with tokens.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that fails should say where"
)]

mod batches;
mod calls;
mod cancellation;
mod challenges;
mod concurrency;
mod connections;
mod desk;
mod drain;
mod eras;
mod files;
mod gate;
mod ids;
mod kit;
mod late;
mod logs;
mod malformed;
mod methods;
mod places;
mod properties;
mod quirks;
mod routes;
mod session_caps;
mod sessions;
mod shares;
mod stdio;
