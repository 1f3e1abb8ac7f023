//! The golden files: what a real Odoo answered, with the anchor date of its demo company.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::suite::Observations;

/// Recorded observations of one suite.
#[derive(Clone, Debug)]
pub struct Golden {
    /// The day that counted as today.
    pub anchor: Date,
    /// What was observed.
    pub observations: Observations,
}

/// The content of one file: a theme.
#[derive(Serialize, Deserialize)]
struct Theme {
    anchor: Date,
    cases: BTreeMap<String, Value>,
}

/// The folder of the golden files.
#[must_use]
pub fn golden_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

impl Golden {
    /// Reads the golden files of a suite: those in its folder.
    ///
    /// # Errors
    /// When there are none, one cannot be read, or they were recorded with different anchors.
    pub fn read(suite: &str) -> anyhow::Result<Self> {
        let folder = golden_folder().join(suite);
        let entries = fs::read_dir(&folder).with_context(|| {
            format!(
                "no golden files in {}; record them with `cargo xtask e2e --record`",
                folder.display()
            )
        })?;
        let mut anchor = None;
        let mut observations = Observations::new();
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let place = || path.display().to_string();
            let text = fs::read_to_string(&path).with_context(place)?;
            let theme: Theme = serde_json::from_str(&text).with_context(place)?;
            anyhow::ensure!(
                *anchor.get_or_insert(theme.anchor) == theme.anchor,
                "{} has another anchor than the other golden files: record all of them anew",
                place()
            );
            let name = path
                .file_stem()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            observations.insert(name.to_owned(), theme.cases);
        }
        let anchor = anchor.with_context(|| format!("no golden files in {}", folder.display()))?;
        Ok(Self {
            anchor,
            observations,
        })
    }

    /// Writes the golden files of a suite.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(&self, suite: &str) -> anyhow::Result<()> {
        let folder = golden_folder().join(suite);
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        for (name, cases) in &self.observations {
            let theme = Theme {
                anchor: self.anchor,
                cases: cases.clone(),
            };
            let path = folder.join(format!("{name}.json"));
            let text = serde_json::to_string_pretty(&theme)?;
            fs::write(&path, text + "\n").with_context(|| path.display().to_string())?;
        }
        Ok(())
    }
}
