//! The TOML file: flattened to `section.key` names, so that it is read like the environment.

use std::collections::BTreeMap;
use std::path::Path;

use toml::{Table, Value};

use super::problem::Problem;

/// A settings file as far as it could be understood.
#[derive(Debug, Default)]
pub struct SettingsFile {
    values: BTreeMap<String, String>,
    problems: Vec<Problem>,
    name: String,
}

impl SettingsFile {
    /// The file that was named, or none.
    #[must_use]
    pub fn named(path: Option<&Path>) -> Self {
        path.map(Self::read).unwrap_or_default()
    }

    /// Reads the file at `path`. What is wrong with it is kept for the report.
    #[must_use]
    pub fn read(path: &Path) -> Self {
        let name = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&name, &text),
            Err(error) => {
                let message = format!("cannot be read ({error}): give the path of a TOML file");
                Self {
                    problems: vec![Problem {
                        place: name.clone(),
                        message,
                    }],
                    name,
                    ..Self::default()
                }
            }
        }
    }

    /// Reads `text`, which came from the file `name`.
    #[must_use]
    pub fn parse(name: &str, text: &str) -> Self {
        let mut file = Self {
            name: name.to_owned(),
            ..Self::default()
        };
        match text.parse::<Table>() {
            Ok(table) => file.flatten("", table),
            // The error's own text quotes the line, which may hold a secret.
            Err(error) => {
                let line = error.span().map_or(1, |span| line_of(text, span.start));
                file.note(
                    format!("{name}, line {line}"),
                    format!("is not TOML: {}", error.message()),
                );
            }
        }
        file
    }

    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(String::as_str)
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// How a key of this file is called in a report.
    pub(super) fn place(&self, key: &str) -> String {
        format!("`{key}` in {}", self.name)
    }

    pub(super) fn take_problems(&mut self) -> Vec<Problem> {
        std::mem::take(&mut self.problems)
    }

    fn note(&mut self, place: String, message: String) {
        self.problems.push(Problem { place, message });
    }

    fn flatten(&mut self, prefix: &str, table: Table) {
        for (name, value) in table {
            let key = if prefix.is_empty() {
                name
            } else {
                format!("{prefix}.{name}")
            };
            match value {
                // toml itself limits how deep tables nest.
                Value::Table(inner) => self.flatten(&key, inner),
                Value::String(text) => drop(self.values.insert(key, text)),
                Value::Integer(number) => drop(self.values.insert(key, number.to_string())),
                Value::Boolean(flag) => drop(self.values.insert(key, flag.to_string())),
                Value::Float(_) | Value::Datetime(_) | Value::Array(_) => {
                    let place = self.place(&key);
                    self.note(
                        place,
                        "must be a text, a whole number or a boolean".to_owned(),
                    );
                }
            }
        }
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes()
        .take(offset)
        .filter(|byte| *byte == b'\n')
        .count()
        + 1
}
