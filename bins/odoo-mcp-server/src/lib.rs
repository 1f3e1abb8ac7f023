//! The server program as a library: what `main` runs and what its tests reach.
//!
//! This is the only place that sees all crates. It wires them and holds no logic about Odoo
//! records (`odoo-tools`), about MCP (`mcp-transport`) or about Odoo's API (`odoo-json2`).

pub mod application;
pub mod cli;
pub mod clients;
pub mod config;
pub mod demo;
pub mod ended_sessions;
pub mod grant;
pub mod grant_tokens;
pub mod grants;
pub mod healthcheck;
pub mod keys;
pub mod logging;
pub mod odoo_name;
pub mod odoo_tool_set;
pub mod serve;
pub mod shutdown;
pub mod stdio;
pub mod store;
pub mod tools;

mod notice;
mod routes;
