//! Reads settings and gathers what is wrong with them.

use std::path::PathBuf;

use secrecy::SecretString;

use super::file::SettingsFile;
use super::problem::{ConfigError, Problem};
use super::setting::{PREFIX, SETTINGS, Setting};
use super::strings::Strings;

/// Reads settings from the environment or, where it is silent, from the file.
///
/// A section takes what it needs and gets `None` for what is missing or wrong; the reasons come
/// out of [`finish`](Self::finish), all together.
pub struct Reader<'a> {
    strings: &'a dyn Strings,
    file: SettingsFile,
    problems: Vec<Problem>,
}

struct Found {
    value: String,
    place: String,
}

impl<'a> Reader<'a> {
    /// Begins with a look for names that are no settings.
    #[must_use]
    pub fn new(strings: &'a dyn Strings, mut file: SettingsFile) -> Self {
        let mut problems = file.take_problems();
        for name in strings.names(PREFIX) {
            if !SETTINGS.iter().any(|setting| setting.variable == name) {
                let message = unknown(SETTINGS.iter().map(|setting| setting.variable));
                problems.push(Problem {
                    place: name,
                    message,
                });
            }
        }
        for key in file.keys() {
            if let Some(message) = refused_key(key) {
                problems.push(Problem {
                    place: file.place(key),
                    message,
                });
            }
        }
        Self {
            strings,
            file,
            problems,
        }
    }

    /// The parsed value of a setting that may be left out.
    pub fn optional<T>(
        &mut self,
        setting: &Setting,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let found = self.find(setting)?;
        match parse(&found.value) {
            Ok(value) => Some(value),
            Err(message) => {
                // The parser's words must not hold a secret; those of `secret` never do.
                self.problems.push(Problem {
                    place: found.place,
                    message,
                });
                None
            }
        }
    }

    /// The parsed value of a setting that must be there.
    pub fn required<T>(
        &mut self,
        setting: &Setting,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        if self.find(setting).is_none() {
            let message = format!("is missing: {}", setting.about);
            self.problems.push(Problem {
                place: setting.variable.to_owned(),
                message,
            });
            return None;
        }
        self.optional(setting, parse)
    }

    /// A secret that must be there. Its value never appears in a report.
    pub fn secret(&mut self, setting: &Setting) -> Option<SecretString> {
        self.required(setting, |value| {
            if value.chars().all(|c| c.is_ascii_graphic()) {
                Ok(SecretString::from(value))
            } else {
                let wrong = "holds characters that no key has (blanks, line ends, umlauts)";
                Err(format!(
                    "{wrong}: copy it again. It should be {}",
                    setting.about
                ))
            }
        })
    }

    /// A secret that may be left out. Its value never appears in a report.
    pub fn optional_secret(&mut self, setting: &Setting) -> Option<SecretString> {
        self.optional(setting, |value| Ok(SecretString::from(value)))
    }

    /// The folder in which systemd puts the credentials of this service, if it gives any.
    pub fn credentials_folder(&self) -> Option<PathBuf> {
        self.strings.get("CREDENTIALS_DIRECTORY").map(PathBuf::from)
    }

    /// The settings, if nothing at all was wrong.
    ///
    /// # Errors
    /// Every mistake that was found.
    pub fn finish<T>(self, settings: Option<T>) -> Result<T, ConfigError> {
        match settings {
            Some(settings) if self.problems.is_empty() => Ok(settings),
            _ => Err(ConfigError {
                problems: self.problems,
            }),
        }
    }

    /// An empty value means "not set", as container files write it.
    fn find(&self, setting: &Setting) -> Option<Found> {
        let from_environment = self
            .strings
            .get(setting.variable)
            .filter(|value| !value.is_empty());
        if let Some(value) = from_environment {
            return Some(Found {
                value,
                place: setting.variable.to_owned(),
            });
        }
        if setting.secret {
            return None;
        }
        let value = self
            .file
            .get(setting.key)
            .filter(|value| !value.is_empty())?;
        Some(Found {
            value: value.to_owned(),
            place: self.file.place(setting.key),
        })
    }
}

/// Why a key may not stand in the file, if it may not.
fn refused_key(key: &str) -> Option<String> {
    match SETTINGS.iter().find(|setting| setting.key == key) {
        Some(setting) if setting.secret => Some(format!(
            "is a secret and not read from a file: set {} instead",
            setting.variable
        )),
        Some(_) => None,
        None => Some(unknown(
            SETTINGS
                .iter()
                .filter(|s| !s.secret)
                .map(|setting| setting.key),
        )),
    }
}

fn unknown(names: impl Iterator<Item = &'static str>) -> String {
    let names: Vec<&str> = names.collect();
    format!(
        "is no setting: correct or remove it. There are {}",
        names.join(", ")
    )
}
