//! The settings there are. Each one has a name in the environment and one in the file.

/// A setting's names and what it is for.
#[derive(Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name in the environment, for example `ODOO_MCP_ODOO_URL`.
    pub variable: &'static str,
    /// Its place in the TOML file, for example `odoo.url` for `url` in `[odoo]`.
    pub key: &'static str,
    /// Whether it is read from the environment only: a file is copied, committed and backed up.
    pub secret: bool,
    /// What to fill in, worded to follow "is missing: ".
    pub about: &'static str,
}

/// What all names in the environment begin with.
pub(super) const PREFIX: &str = "ODOO_MCP_";

pub(super) const ODOO_URL: Setting = Setting {
    variable: "ODOO_MCP_ODOO_URL",
    key: "odoo.url",
    secret: false,
    about: "the address of your Odoo as this program reaches it, for example https://odoo.example.com",
};

pub(super) const ODOO_WEB_URL: Setting = Setting {
    variable: "ODOO_MCP_ODOO_WEB_URL",
    key: "odoo.web_url",
    secret: false,
    about: "the address where people open Odoo in a browser, when it is another one",
};

pub(super) const DATABASE: Setting = Setting {
    variable: "ODOO_MCP_DATABASE",
    key: "odoo.database",
    secret: false,
    about: "the name of the database, as Odoo's administrator calls it",
};

pub(super) const MAX_CALLS: Setting = Setting {
    variable: "ODOO_MCP_MAX_CALLS",
    key: "odoo.max_calls",
    secret: false,
    about: "how many calls Odoo gets at once from all people together; 32 unless set",
};

pub(super) const MAX_CALLS_PER_PERSON: Setting = Setting {
    variable: "ODOO_MCP_MAX_CALLS_PER_PERSON",
    key: "odoo.max_calls_per_person",
    secret: false,
    about: "how many of these one person may have; 4 unless set, further ones wait in turn",
};

pub(super) const API_KEY: Setting = Setting {
    variable: "ODOO_MCP_API_KEY",
    key: "odoo.api_key",
    secret: true,
    about: "your Odoo API key, made in Odoo under My Preferences, Security, Add API Key",
};

pub(super) const LOG_FORMAT: Setting = Setting {
    variable: "ODOO_MCP_LOG_FORMAT",
    key: "log.format",
    secret: false,
    about: "how log lines look: pretty or json",
};

pub(super) const LOG_FILTER: Setting = Setting {
    variable: "ODOO_MCP_LOG",
    key: "log.filter",
    secret: false,
    about: "what is logged, for example info or odoo_json2=debug",
};

pub(super) const PUBLIC_URL: Setting = Setting {
    variable: "ODOO_MCP_PUBLIC_URL",
    key: "server.public_url",
    secret: false,
    about: "the address at which people reach this server, for example https://mcp.example.com",
};

pub(super) const LISTEN: Setting = Setting {
    variable: "ODOO_MCP_LISTEN",
    key: "server.listen",
    secret: false,
    about: "the address and port to listen on; 127.0.0.1:8720 unless set",
};

pub(super) const TRUSTED_PROXIES: Setting = Setting {
    variable: "ODOO_MCP_TRUSTED_PROXIES",
    key: "server.trusted_proxies",
    secret: false,
    about: "addresses or networks of the proxies in front, whose X-Forwarded-For is believed",
};

pub(super) const ORIGINS: Setting = Setting {
    variable: "ODOO_MCP_ORIGINS",
    key: "server.origins",
    secret: false,
    about: "origins of web pages that may use this server from a browser, for example https://chat.example.com",
};

pub(super) const STORE: Setting = Setting {
    variable: "ODOO_MCP_STORE",
    key: "store.path",
    secret: false,
    about: "the file in which connections are kept, for example /var/lib/odoo-mcp/store.db (or set ODOO_MCP_STORE_URL)",
};

pub(super) const STORE_URL: Setting = Setting {
    variable: "ODOO_MCP_STORE_URL",
    key: "store.url",
    secret: true,
    about: "the PostgreSQL database in which connections are kept, for several servers",
};

pub(super) const KEYS_FILE: Setting = Setting {
    variable: "ODOO_MCP_KEYS_FILE",
    key: "keys.file",
    secret: false,
    about: "the file with the key ring, readable by its owner only; `odoo-mcp-server keys new` makes it",
};

pub(super) const KEYS: Setting = Setting {
    variable: "ODOO_MCP_KEYS",
    key: "keys.value",
    secret: true,
    about: "the key ring itself, where no file can be mounted",
};

pub(super) const MODE: Setting = Setting {
    variable: "ODOO_MCP_MODE",
    key: "oauth.mode",
    secret: false,
    about: "the most that people can allow: full, no_approve or read_only",
};

pub(super) const UNTICKED: Setting = Setting {
    variable: "ODOO_MCP_UNTICKED",
    key: "oauth.unticked",
    secret: false,
    about: "scopes that people have to tick themselves, for example odoo:delete, odoo:approve",
};

pub(super) const REDIRECTS: Setting = Setting {
    variable: "ODOO_MCP_REDIRECTS",
    key: "oauth.redirects",
    secret: false,
    about: "further redirect URIs of clients or schemes of their own like cursor:, besides Claude's and those on people's own computers",
};

pub(super) const CLIENT_HOSTS: Setting = Setting {
    variable: "ODOO_MCP_CLIENT_HOSTS",
    key: "oauth.client_hosts",
    secret: false,
    about: "hosts whose client metadata documents are fetched; claude.ai unless set",
};

pub(super) const REGISTRATION: Setting = Setting {
    variable: "ODOO_MCP_REGISTRATION",
    key: "oauth.registration",
    secret: false,
    about: "whether clients may register themselves: true or false",
};

pub(super) const REFRESH_REUSE: Setting = Setting {
    variable: "ODOO_MCP_REFRESH_REUSE_SECONDS",
    key: "oauth.refresh_reuse_seconds",
    secret: false,
    about: "for how many seconds a refresh token still gets the pair that replaced it, after that was first used; 120 unless set",
};

/// Every setting there is; a name that is not here is refused.
pub const SETTINGS: [&Setting; 22] = [
    &ODOO_URL,
    &ODOO_WEB_URL,
    &DATABASE,
    &MAX_CALLS,
    &MAX_CALLS_PER_PERSON,
    &API_KEY,
    &PUBLIC_URL,
    &LISTEN,
    &TRUSTED_PROXIES,
    &ORIGINS,
    &STORE,
    &STORE_URL,
    &KEYS_FILE,
    &KEYS,
    &MODE,
    &UNTICKED,
    &REDIRECTS,
    &CLIENT_HOSTS,
    &REGISTRATION,
    &REFRESH_REUSE,
    &LOG_FORMAT,
    &LOG_FILTER,
];
