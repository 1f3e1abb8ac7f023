//! The file with everyone's token, for scripts and tests.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use secrecy::ExposeSecret as _;

use super::tokens::IssuedToken;

/// Writes `{"<login>": "<token>", …}`, readable by its owner only.
///
/// The file appears complete or not at all: it is written beside its place and then moved there,
/// so a reader never sees half of it, and a file that was there before does not lend it its mode.
///
/// # Errors
/// When the folder does not exist or cannot be written to.
pub(super) fn write(path: &Path, tokens: &[IssuedToken]) -> anyhow::Result<()> {
    let table: BTreeMap<&str, &str> = tokens
        .iter()
        .map(|issued| (issued.login.as_str(), issued.token.expose_secret()))
        .collect();
    let mut text = serde_json::to_string_pretty(&table).context("writing the tokens as JSON")?;
    text.push('\n');

    let beside = beside(path);
    let written = create(&beside)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        // What is left of the attempt may hold tokens.
        let _ = std::fs::remove_file(&beside);
    }
    written.with_context(|| format!("writing the tokens file {}", path.display()))
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    path.with_file_name(name)
}

fn create(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}
