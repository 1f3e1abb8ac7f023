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
mod links;
#[cfg(target_os = "linux")]
mod memory;
mod operators;
mod paths;
mod person;
mod program;
mod restore;
mod start;
mod stdio;
mod uploads;
mod visitor;
mod which_odoo;
