//! What an operator is told about a configuration.

use std::collections::BTreeMap;

use insta::assert_snapshot;
use odoo_mcp_server::config::{
    ConfigError, LogFormat, LogSettings, OdooSettings, PersonalKey, Reader, SETTINGS, SettingsFile,
};
use secrecy::ExposeSecret as _;

const KEY: &str = "3d1c5c3f8a86f1b0c1f0a5a4b7e9d2c6f8e0a1b2";

#[derive(Debug)]
struct Settings {
    odoo: OdooSettings,
    key: PersonalKey,
    log: LogSettings,
}

/// Reads everything that `stdio` reads, the way it does.
fn read(environment: &[(&str, &str)], file: &str) -> Result<Settings, ConfigError> {
    let environment: BTreeMap<String, String> = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let mut reader = Reader::new(&environment, SettingsFile::parse("odoo-mcp.toml", file));
    let log = LogSettings::read(&mut reader);
    let odoo = OdooSettings::read(&mut reader);
    let key = PersonalKey::read(&mut reader);
    let (odoo, key) = reader.finish(odoo.zip(key))?;
    Ok(Settings { odoo, key, log })
}

fn complaint(environment: &[(&str, &str)], file: &str) -> String {
    read(environment, file).expect_err("a mistake").to_string()
}

#[test]
fn the_environment_goes_before_the_file() {
    let file = "[odoo]\nurl = \"http://localhost:8069\"\ndatabase = \"from_file\"\n";
    let settings = read(
        &[
            ("ODOO_MCP_DATABASE", "larkspur"),
            ("ODOO_MCP_API_KEY", KEY),
            ("ODOO_MCP_LOG_FORMAT", "json"),
            // Container files write what is not set as empty.
            ("ODOO_MCP_ODOO_URL", ""),
            ("PATH", "/usr/bin"),
        ],
        file,
    )
    .expect("good settings");
    assert_eq!(settings.odoo.url.as_str(), "http://localhost:8069/");
    assert_eq!(settings.odoo.database, "larkspur");
    assert_eq!(settings.key.0.expose_secret(), KEY);
    assert_eq!(
        settings.log,
        LogSettings {
            format: LogFormat::Json,
            filter: "info".to_owned()
        }
    );
}

#[test]
fn nothing_set_says_what_to_set() {
    assert_snapshot!(complaint(&[], ""), @"
    the configuration has 3 mistakes:
      - ODOO_MCP_ODOO_URL is missing: the address of your Odoo as this program reaches it, for example https://odoo.example.com
      - ODOO_MCP_DATABASE is missing: the name of the database, as Odoo's administrator calls it
      - ODOO_MCP_API_KEY is missing: your Odoo API key, made in Odoo under My Preferences, Security, Add API Key
    All settings are described in docs/operators.md.
    ");
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let complaint = complaint(
        &[
            ("ODOO_MCP_DATABSE", "larkspur"),
            ("ODOO_MCP_LOG_FORMAT", "xml"),
            ("ODOO_MCP_LOG", "odoo=loud"),
            ("ODOO_MCP_API_KEY", "not a key"),
        ],
        "listen = 3\n[odoo]\nurl = \"ftp://odoo\"\ndatabase = \"../other\"\napi_key = \"abc\"\n\
         web_url = [\"https://a\"]\n",
    );
    assert_snapshot!(complaint, @r#"
    the configuration has 9 mistakes:
      - `odoo.web_url` in odoo-mcp.toml must be a text, a whole number or a boolean
      - ODOO_MCP_DATABSE is no setting: correct or remove it. There are ODOO_MCP_ODOO_URL, ODOO_MCP_ODOO_WEB_URL, ODOO_MCP_DATABASE, ODOO_MCP_MAX_CALLS, ODOO_MCP_MAX_CALLS_PER_PERSON, ODOO_MCP_API_KEY, ODOO_MCP_PUBLIC_URL, ODOO_MCP_LISTEN, ODOO_MCP_TRUSTED_PROXIES, ODOO_MCP_ORIGINS, ODOO_MCP_STORE, ODOO_MCP_STORE_URL, ODOO_MCP_KEYS_FILE, ODOO_MCP_KEYS, ODOO_MCP_MODE, ODOO_MCP_UNTICKED, ODOO_MCP_REDIRECTS, ODOO_MCP_CLIENT_HOSTS, ODOO_MCP_REGISTRATION, ODOO_MCP_REFRESH_REUSE_SECONDS, ODOO_MCP_LOG_FORMAT, ODOO_MCP_LOG
      - `listen` in odoo-mcp.toml is no setting: correct or remove it. There are odoo.url, odoo.web_url, odoo.database, odoo.max_calls, odoo.max_calls_per_person, server.public_url, server.listen, server.trusted_proxies, server.origins, store.path, keys.file, oauth.mode, oauth.unticked, oauth.redirects, oauth.client_hosts, oauth.registration, oauth.refresh_reuse_seconds, log.format, log.filter
      - `odoo.api_key` in odoo-mcp.toml is a secret and not read from a file: set ODOO_MCP_API_KEY instead
      - ODOO_MCP_LOG_FORMAT is `xml`: write pretty or json
      - ODOO_MCP_LOG is no filter (error parsing level filter: expected one of "off", "error", "warn", "info", "debug", "trace", or a number 0-5): write for example info or odoo_json2=debug
      - `odoo.url` in odoo-mcp.toml must begin with https:// (or http:// inside one machine or network)
      - `odoo.database` in odoo-mcp.toml is `../other`: a database's name has letters, digits, `_`, `-` and `.`
      - ODOO_MCP_API_KEY holds characters that no key has (blanks, line ends, umlauts): copy it again. It should be your Odoo API key, made in Odoo under My Preferences, Security, Add API Key
    All settings are described in docs/operators.md.
    "#);
}

#[test]
fn no_complaint_repeats_a_secret() {
    let hidden = "hunter2";
    let url = format!("https://admin:{hidden}@odoo.example.com");
    let complaints = [
        complaint(
            &[
                ("ODOO_MCP_ODOO_URL", &url),
                ("ODOO_MCP_API_KEY", "hunter2 "),
            ],
            "",
        ),
        complaint(&[("ODOO_MCP_ODOO_URL", &format!("{hidden} {hidden}"))], ""),
        complaint(&[], &format!("[odoo]\napi_key = \"{hidden}\"\n")),
        complaint(&[], &format!("[odoo]\napi_key = {hidden}\n")),
        complaint(&[], &format!("[odoo]\nurl = \"{url}\"\n")),
    ];
    for complaint in complaints {
        assert!(!complaint.contains(hidden), "{complaint}");
    }
}

#[test]
fn a_broken_file_is_named_with_its_line() {
    assert_snapshot!(complaint(&[("ODOO_MCP_API_KEY", KEY)], "[odoo]\nurl = \n"), @"
    the configuration has 3 mistakes:
      - odoo-mcp.toml, line 2 is not TOML: string values must be quoted, expected literal string
      - ODOO_MCP_ODOO_URL is missing: the address of your Odoo as this program reaches it, for example https://odoo.example.com
      - ODOO_MCP_DATABASE is missing: the name of the database, as Odoo's administrator calls it
    All settings are described in docs/operators.md.
    ");
}

#[test]
fn addresses_are_checked() {
    let about = |url: &str| {
        let environment = [
            ("ODOO_MCP_ODOO_URL", url),
            ("ODOO_MCP_DATABASE", "a"),
            ("ODOO_MCP_API_KEY", KEY),
        ];
        read(&environment, "")
            .err()
            .map(|error| error.problems[0].message.clone())
    };
    assert_eq!(about("https://odoo.example.com"), None);
    assert_eq!(about("http://[::1]:8069/"), None);
    assert_snapshot!(about("odoo.example.com").expect("a mistake"), @"is no address (relative URL without a base): write for example https://odoo.example.com");
    assert_snapshot!(about("file:///etc/passwd").expect("a mistake"), @"must begin with https:// (or http:// inside one machine or network)");
    assert_snapshot!(about("https://me@odoo.example.com").expect("a mistake"), @"holds a user name: leave it out, people sign in as themselves");
    assert_snapshot!(about("https://odoo.example.com/web?db=a").expect("a mistake"), @"has something after the host: give the address alone, without a path");
}

#[test]
fn the_places_before_odoo_are_settings() {
    let settings = |odoo: &str| {
        let good = "url = \"http://localhost:8069\"\ndatabase = \"larkspur\"";
        read(
            &[("ODOO_MCP_API_KEY", KEY)],
            &format!("[odoo]\n{good}\n{odoo}"),
        )
    };
    let places = |odoo: &str| {
        let limits = settings(odoo).expect("good settings").odoo.limits;
        (limits.max_in_flight, limits.max_in_flight_per_flow)
    };
    assert_eq!(places(""), (32, 4));
    assert_eq!(places("max_calls = 12\nmax_calls_per_person = 2"), (12, 2));
    let wrong = settings("max_calls = 0\nmax_calls_per_person = \"many\"");
    assert_snapshot!(wrong.expect_err("mistakes"), @"
    the configuration has 2 mistakes:
      - `odoo.max_calls` in odoo-mcp.toml must be a whole number from 1 to 1000
      - `odoo.max_calls_per_person` in odoo-mcp.toml must be a whole number from 1 to 1000
    All settings are described in docs/operators.md.
    ");
}

#[test]
fn every_setting_is_documented_for_operators() {
    let guide = include_str!("../../../../docs/operators.md");
    for setting in SETTINGS {
        assert!(
            guide.contains(&format!("`{}`", setting.variable)),
            "{}",
            setting.variable
        );
        assert_eq!(
            guide.contains(&format!("`{}`", setting.key)),
            !setting.secret,
            "{}",
            setting.key
        );
    }
}
