//! How the program logs.

use tracing_subscriber::EnvFilter;

use super::reader::Reader;
use super::setting::{LOG_FILTER, LOG_FORMAT};

/// What is logged unless the operator says otherwise.
const DEFAULT_FILTER: &str = "info";

/// The `[log]` section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSettings {
    /// How a line looks.
    pub format: LogFormat,
    /// What is logged, in the syntax of `tracing_subscriber::EnvFilter`; known to parse.
    pub filter: String,
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For a person at a terminal.
    Pretty,
    /// One JSON object a line, for a log collector.
    Json,
}

impl LogSettings {
    /// Reads the section, of which nothing is required. A wrong value leaves its mark in the
    /// reader, so the default in its place does no harm.
    #[must_use]
    pub fn read(reader: &mut Reader<'_>) -> Self {
        let format = reader
            .optional(&LOG_FORMAT, format)
            .unwrap_or(LogFormat::Pretty);
        let filter = reader.optional(&LOG_FILTER, filter);
        Self {
            format,
            filter: filter.unwrap_or_else(|| DEFAULT_FILTER.to_owned()),
        }
    }
}

fn format(value: &str) -> Result<LogFormat, String> {
    match value {
        "pretty" => Ok(LogFormat::Pretty),
        "json" => Ok(LogFormat::Json),
        other => Err(format!("is `{other}`: write pretty or json")),
    }
}

fn filter(value: &str) -> Result<String, String> {
    match EnvFilter::try_new(value) {
        Ok(_) => Ok(value.to_owned()),
        Err(error) => Err(format!(
            "is no filter ({error}): write for example info or odoo_json2=debug"
        )),
    }
}
