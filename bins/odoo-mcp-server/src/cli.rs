//! The command line: what to do now. How this installation is, `config` knows.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Connects Claude to Odoo 19: each person works as themselves.
#[derive(Debug, Parser)]
#[command(name = "odoo-mcp-server", version, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Try it: a made-up company in an in-process Odoo, and the server for it, on this machine.
    Demo(DemoArguments),
    /// Serve a company: everyone signs in with their own Odoo account.
    Serve(ConfigArguments),
    /// Serve one local user over standard input and output, with the user's own Odoo API key.
    #[command(after_help = "Settings: ODOO_MCP_ODOO_URL, ODOO_MCP_DATABASE, ODOO_MCP_API_KEY.")]
    Stdio(StdioArguments),
    /// Make, count and retire the keys that seal people's Odoo keys.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// List, issue and revoke connections.
    #[command(subcommand)]
    Grants(GrantsCommand),
    /// List and remove applications that have registered themselves.
    #[command(subcommand)]
    Clients(ClientsCommand),
    /// Say that the store was put back from a backup.
    #[command(subcommand)]
    Store(StoreCommand),
    /// List the tools.
    Tools(ToolsArguments),
    /// Ask a running server whether it is well; for containers.
    Healthcheck(HealthcheckArguments),
}

/// Where settings are read from besides the environment.
#[derive(Debug, Args)]
pub struct ConfigArguments {
    /// A TOML file with settings; the environment goes before it.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub struct DemoArguments {
    /// Where to listen; a loopback address. Port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8720")]
    pub listen: SocketAddr,
    /// Write everyone's bearer token to this file, as JSON: {"login": "token"}.
    #[arg(long, value_name = "FILE")]
    pub tokens_file: Option<PathBuf>,
    /// Where settings are read from.
    #[command(flatten)]
    pub config: ConfigArguments,
}

/// Arguments of `stdio`.
#[derive(Debug, Args)]
pub struct StdioArguments {
    /// Where settings are read from.
    #[command(flatten)]
    pub config: ConfigArguments,
}

/// What can be done with the key ring.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Make the key ring, or add a key to the present one and make it active.
    New(NewKeyArguments),
    /// Say how much each key still seals.
    Status(ConfigArguments),
    /// Remove a key that seals nothing any more.
    Retire(RetireArguments),
}

/// Arguments of `keys new`.
#[derive(Debug, Args)]
pub struct NewKeyArguments {
    /// Print the ring and change no file, as is done when the settings name none.
    #[arg(long)]
    pub print: bool,
    /// Where settings are read from.
    #[command(flatten)]
    pub config: ConfigArguments,
}

/// Arguments of `keys retire`.
#[derive(Debug, Args)]
pub struct RetireArguments {
    /// The key's id, as `keys status` shows it.
    pub id: String,
    /// Print the ring and change no file, as is done when the settings name none.
    #[arg(long)]
    pub print: bool,
    /// Where settings are read from.
    #[command(flatten)]
    pub config: ConfigArguments,
}

/// What can be done with connections.
#[derive(Debug, Subcommand)]
pub enum GrantsCommand {
    /// Show all connections, one a line.
    List(ConfigArguments),
    /// Print a token for one person's own Odoo API key, taken from `ODOO_MCP_API_KEY`.
    Issue(IssueArguments),
    /// End a connection and destroy its key.
    Revoke(RevokeArguments),
}

/// Arguments of `grants issue`.
#[derive(Debug, Args)]
pub struct IssueArguments {
    /// What the token is for, as lists show it.
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// What it may do.
    #[arg(
        long,
        value_name = "SCOPES",
        value_delimiter = ',',
        default_value = "odoo:read"
    )]
    pub scope: Vec<String>,
    /// For how many days; never longer than the Odoo key.
    #[arg(long, value_name = "DAYS", default_value_t = 90)]
    pub days: u16,
    /// Where settings are read from.
    #[command(flatten)]
    pub config: ConfigArguments,
}

/// Arguments of `grants revoke`.
#[derive(Debug, Args)]
pub struct RevokeArguments {
    /// The connection's id, the first word of its line in `grants list`.
    pub grant: String,
    /// Where settings are read from.
    #[command(flatten)]
    pub config: ConfigArguments,
}

/// What can be done with registered applications.
#[derive(Debug, Subcommand)]
pub enum ClientsCommand {
    /// Show all, one a line.
    List(ConfigArguments),
    /// Remove one and end its connections; it may register anew.
    Remove(RemoveArguments),
}

/// Arguments of `clients remove`.
#[derive(Debug, Args)]
pub struct RemoveArguments {
    /// The application's id, the first word of its line in `clients list`.
    pub client: String,
    /// Where settings are read from.
    #[command(flatten)]
    pub config: ConfigArguments,
}

/// What can be done with the store.
#[derive(Debug, Subcommand)]
pub enum StoreCommand {
    /// End every connection, and print the key ring with which no older copy comes to life again.
    Restored(ConfigArguments),
}

/// Arguments of `tools`.
#[derive(Debug, Args)]
pub struct ToolsArguments {
    /// Print everything, JSON Schemas included, as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `healthcheck`.
#[derive(Debug, Args)]
pub struct HealthcheckArguments {
    /// What to ask.
    #[arg(
        long,
        value_name = "URL",
        default_value = "http://127.0.0.1:8720/healthz"
    )]
    pub url: url::Url,
}
