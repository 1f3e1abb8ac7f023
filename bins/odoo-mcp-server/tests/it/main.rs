//! The program through its public door: the real binary, real sockets, people as actors.
#![expect(
    clippy::expect_used,
    reason = "what a test cannot set up, it cannot pass"
)]

mod access;
mod busy;
mod chromium;
mod clients;
mod commands;
mod config;
mod crowd;
mod demo;
mod faults;
mod installation;
mod keys;
mod kill;
mod life;
mod links;
mod local_names;
#[cfg(target_os = "linux")]
mod memory;
mod operators;
mod paths;
mod person;
mod program;
mod redirects;
mod restore;
mod sessions;
mod start;
mod stdio;
mod uploads;
mod visitor;
mod which_odoo;
