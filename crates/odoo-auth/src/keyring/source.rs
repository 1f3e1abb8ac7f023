//! Where a key ring is read from, and what makes a place unfit for one.
//!
//! Not for what a key ring is.

use std::{
    io,
    path::{Path, PathBuf},
};

use secrecy::SecretString;

use super::{KeyRing, KeyRingError};
use crate::files;

/// Where the key ring is read from.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// A file that only its owner may read, such as a mounted secret.
    File(PathBuf),
    /// A file that systemd hands to this service alone (`LoadCredential=`). It decides by access
    /// control lists who reads it, so its mode and owner say nothing.
    Credential(PathBuf),
    /// The JSON itself, from an environment variable. Visible to whoever may inspect the process.
    Value(SecretString),
}

impl KeyRing {
    /// Reads and checks a key ring.
    ///
    /// # Errors
    ///
    /// When it is missing, readable by others, malformed or made of weak keys.
    pub fn load(source: &KeySource) -> Result<Self, KeyRingError> {
        match source {
            KeySource::Value(json) => Self::from_json(json),
            KeySource::File(path) => {
                guard(path)?;
                Self::read(path)
            }
            KeySource::Credential(path) => Self::read(path),
        }
    }

    fn read(path: &Path) -> Result<Self, KeyRingError> {
        let json = std::fs::read_to_string(path).map_err(unreadable(path))?;
        match json.trim().is_empty() {
            true => Err(KeyRingError::Empty {
                path: path.to_owned(),
            }),
            false => Self::from_json(&SecretString::from(json)),
        }
    }
}

/// Refuses a file that others could have read or exchanged.
fn guard(path: &Path) -> Result<(), KeyRingError> {
    let path_of = || path.to_owned();
    if let Some(mode) = files::exposed_mode(path).map_err(unreadable(path))? {
        let path = path_of();
        return Err(KeyRingError::Exposed { path, mode });
    }
    if let Some((owner, own)) = files::foreign_owner(path).map_err(unreadable(path))? {
        let path = path_of();
        return Err(KeyRingError::Foreign { path, owner, own });
    }
    if let Some(folder) = files::open_folder(path).map_err(unreadable(path))? {
        let path = path_of();
        return Err(KeyRingError::OpenFolder { path, folder });
    }
    Ok(())
}

fn unreadable(path: &Path) -> impl Fn(io::Error) -> KeyRingError {
    let path = path.to_owned();
    move |source| KeyRingError::Unreadable {
        path: path.clone(),
        source,
    }
}
