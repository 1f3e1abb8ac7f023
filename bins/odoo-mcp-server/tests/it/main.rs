//! The program through its public door: the real binary, real sockets, people as actors.
#![expect(
    clippy::expect_used,
    reason = "what a test cannot set up, it cannot pass"
)]

mod access;
mod clients;
mod commands;
mod config;
mod crowd;
mod demo;
mod faults;
mod installation;
mod kill;
mod life;
#[cfg(target_os = "linux")]
mod memory;
mod operators;
mod paths;
mod person;
mod program;
mod restore;
mod start;
mod stdio;
mod visitor;
