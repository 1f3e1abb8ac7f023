//! What `serve` needs besides the Odoo: addresses, store, keys, and what people may grant.

use std::net::SocketAddr;
use std::path::PathBuf;

use jiff::SignedDuration;
use odoo_auth::{
    AllowedRedirects, KeySource, Lifetimes, OdooCooldown, Policy, RegistrationLimits, Scope,
    TrustedProxies, scope,
};
use secrecy::SecretString;
use url::Url;

use super::reader::Reader;
use super::setting::{
    CLIENT_HOSTS, KEYS, KEYS_FILE, LISTEN, MODE, ORIGINS, PUBLIC_URL, REDIRECTS, REFRESH_REUSE,
    REGISTRATION, STORE, STORE_URL, TRUSTED_PROXIES, UNTICKED,
};

/// Where the server listens unless the operator says otherwise: for a proxy on the same machine.
const DEFAULT_LISTEN: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8720);

/// Everything of a production server that is no Odoo and no log.
#[derive(Debug, Clone)]
pub struct ServeSettings {
    /// Where to listen. TLS is the proxy's.
    pub listen: SocketAddr,
    /// The OAuth provider's rules, made for the public address.
    pub policy: Policy,
    /// Where grants are kept.
    pub store: StorePlace,
    /// Where the key ring is.
    pub keys: KeySource,
    /// Scopes that people have to tick themselves.
    pub unticked: Scope,
    /// Proxies whose word about addresses is taken.
    pub trusted_proxies: TrustedProxies,
    /// Origins of web pages that may use the server from a browser, besides its own.
    pub origins: Vec<String>,
    /// When Odoo stops taking passwords from everybody.
    pub cooldown: OdooCooldown,
}

/// Where grants are kept.
#[derive(Debug, Clone)]
pub enum StorePlace {
    /// An SQLite file, for one server.
    File(PathBuf),
    /// A PostgreSQL database, for several. The URL holds a password.
    Postgres(SecretString),
}

impl ServeSettings {
    /// Reads the sections; `None` when something required is missing or wrong.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let listen = reader.optional(&LISTEN, listen).unwrap_or(DEFAULT_LISTEN);
        let policy = policy(reader);
        let (store, keys) = (store(reader), keys(reader));
        let unticked = reader
            .optional(&UNTICKED, scopes)
            .unwrap_or_else(|| scope::of([]));
        let trusted_proxies = reader.optional(&TRUSTED_PROXIES, |value| {
            TrustedProxies::parse(words(value)).map_err(|error| format!("has a mistake: {error}"))
        });
        let origins = reader.optional(&ORIGINS, origins).unwrap_or_default();
        Some(Self {
            listen,
            policy: policy?,
            store: store?,
            keys: keys?,
            unticked,
            trusted_proxies: trusted_proxies.unwrap_or_default(),
            origins,
            cooldown: OdooCooldown::default(),
        })
    }
}

fn store(reader: &mut Reader<'_>) -> Option<StorePlace> {
    if let Some(url) = reader.optional_secret(&STORE_URL) {
        return Some(StorePlace::Postgres(url));
    }
    reader.required(&STORE, |value| Ok(StorePlace::File(value.into())))
}

/// The key ring of the configuration, if it names one.
pub fn present_keys(reader: &mut Reader<'_>) -> Option<KeySource> {
    let credentials = reader.credentials_folder();
    let file = reader.optional(&KEYS_FILE, |value| Ok(PathBuf::from(value)));
    if let Some(file) = file {
        let from_systemd = credentials.is_some_and(|folder| file.starts_with(folder));
        return Some(match from_systemd {
            true => KeySource::Credential(file),
            false => KeySource::File(file),
        });
    }
    if let Some(value) = reader.optional_secret(&KEYS) {
        return Some(KeySource::Value(value));
    }
    let credential = credentials?.join("odoo_mcp_keys");
    credential
        .exists()
        .then_some(KeySource::Credential(credential))
}

fn keys(reader: &mut Reader<'_>) -> Option<KeySource> {
    present_keys(reader)
        .or_else(|| reader.required(&KEYS_FILE, |value| Ok(KeySource::File(value.into()))))
}

fn policy(reader: &mut Reader<'_>) -> Option<Policy> {
    let policy = reader.required(&PUBLIC_URL, |value| {
        let url = Url::parse(value).map_err(|error| {
            format!("is no address ({error}): write for example https://mcp.example.com")
        })?;
        Policy::new(&url).map_err(|error| format!("does not fit: {error}"))
    });
    let redirects = reader.optional(&REDIRECTS, redirects);
    let hosts = reader.optional(&CLIENT_HOSTS, hosts);
    let registration = reader.optional(&REGISTRATION, switch);
    let offered = reader.optional(&MODE, mode);
    let reuse = reader.optional(&REFRESH_REUSE, reuse);
    let mut policy = policy?;
    if let Some(redirects) = redirects {
        policy.redirects = redirects;
    }
    if let Some(hosts) = hosts {
        policy.cimd_hosts = hosts;
    }
    policy.registration = RegistrationLimits {
        enabled: registration.unwrap_or(true),
        ..policy.registration
    };
    if let Some(offered) = offered {
        policy.offered = offered;
    }
    if let Some(reuse) = reuse {
        policy.lifetimes.reuse = reuse;
    }
    Some(policy)
}

fn listen(value: &str) -> Result<SocketAddr, String> {
    value.parse().map_err(|_| {
        "is no address with a port: write for example 127.0.0.1:8720 or 0.0.0.0:8720".to_owned()
    })
}

fn reuse(value: &str) -> Result<SignedDuration, String> {
    let most = Lifetimes::MAX_REUSE;
    let window = value.parse().ok().map(SignedDuration::from_secs);
    window
        .filter(|window| !window.is_negative() && *window <= most)
        .ok_or_else(|| {
            let most = most.as_secs();
            format!("is `{value}`: write a number of seconds from 0 to {most}")
        })
}

fn redirects(value: &str) -> Result<AllowedRedirects, String> {
    words(value).try_fold(AllowedRedirects::claude(), |allowed, uri| {
        allowed
            .also(uri)
            .map_err(|error| format!("has `{uri}`: {error}"))
    })
}

fn hosts(value: &str) -> Result<Vec<String>, String> {
    let named = |host: &str| host.contains('.') && !host.contains(['/', ':', '@', '*']);
    match words(value).find(|host| !named(host)) {
        Some(host) => Err(format!(
            "has `{host}`: write host names alone, like claude.ai"
        )),
        None => Ok(words(value).map(str::to_ascii_lowercase).collect()),
    }
}

fn origins(value: &str) -> Result<Vec<String>, String> {
    words(value)
        .map(|origin| match mcp_transport::is_origin(origin) {
            true => Ok(origin.to_owned()),
            false => Err(format!(
                "has `{origin}`: write the origin alone, like https://chat.example.com or \
                 http://localhost:*"
            )),
        })
        .collect()
}

/// Scopes by name.
///
/// # Errors
/// Says which word is none, and which there are.
pub fn scopes(value: &str) -> Result<Scope, String> {
    let known = [scope::READ, scope::WRITE, scope::DELETE, scope::APPROVE];
    match words(value).find(|word| !known.contains(word)) {
        Some(word) => Err(format!("has `{word}`: there are {}", known.join(", "))),
        None => Ok(scope::of(words(value))),
    }
}

fn mode(value: &str) -> Result<Scope, String> {
    match value {
        "full" => Ok(scope::all()),
        "no_approve" => Ok(scope::of([scope::READ, scope::WRITE, scope::DELETE])),
        "read_only" => Ok(scope::of([scope::READ])),
        other => Err(format!("is `{other}`: write full, no_approve or read_only")),
    }
}

fn switch(value: &str) -> Result<bool, String> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        other => Err(format!("is `{other}`: write true or false")),
    }
}

/// A list, with commas or blanks between.
fn words(value: &str) -> impl Iterator<Item = &str> {
    value
        .split([',', ' '])
        .map(str::trim)
        .filter(|word| !word.is_empty())
}
