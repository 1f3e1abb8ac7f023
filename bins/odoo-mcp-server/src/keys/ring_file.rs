//! The file with the key ring, written so that it is there whole or not at all.
//!
//! Not for what is in it, nor for whether it is safe where it lies; `KeyRing::load` looks at that.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use secrecy::{ExposeSecret as _, SecretString};
use tempfile::{Builder, NamedTempFile};

/// Whether there is a file, or anything else, at this place.
pub(super) fn exists(path: &Path) -> anyhow::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error).with_context(|| format!("looking for {}", path.display())),
    }
}

/// Makes the file, which only its owner reads, and its folder. A file that has appeared there in
/// the meantime stays as it is.
pub(super) fn make(path: &Path, ring: &SecretString) -> anyhow::Result<()> {
    private_folder(folder_of(path)).map_err(|error| refused(path, error))?;
    let file = written(path, ring)?;
    file.persist_noclobber(path)
        .map_err(|error| match error.error.kind() {
            io::ErrorKind::AlreadyExists => {
                anyhow!("{} has just been made by somebody else", path.display())
            }
            _ => refused(path, error.error),
        })?;
    settle(path)
}

/// Puts a ring in the place of the present one, with the same permissions.
pub(super) fn replace(path: &Path, ring: &SecretString) -> anyhow::Result<()> {
    // The file itself, where the path is a link to it.
    let path = fs::canonicalize(path).map_err(|error| refused(path, error))?;
    let permissions = fs::metadata(&path).map(|found| found.permissions());
    let file = written(&path, ring)?;
    let kept = permissions.and_then(|known| file.as_file().set_permissions(known));
    kept.map_err(|error| refused(&path, error))?;
    file.persist(&path)
        .map_err(|error| refused(&path, error.error))?;
    settle(&path)
}

/// A file beside it that holds the ring, is on the disk, and has no name yet that anybody reads.
fn written(path: &Path, ring: &SecretString) -> anyhow::Result<NamedTempFile> {
    let write = || {
        // Mode 600 from the beginning (tempfile's own default).
        let mut file = Builder::new()
            .prefix(".keys-")
            .tempfile_in(folder_of(path))?;
        writeln!(file, "{}", ring.expose_secret())?;
        file.as_file().sync_all()?;
        Ok(file)
    };
    write().map_err(|error| refused(path, error))
}

/// The name has to be on the disk as well.
fn settle(path: &Path) -> anyhow::Result<()> {
    let folder = File::open(folder_of(path)).and_then(|folder| folder.sync_all());
    folder.map_err(|error| refused(path, error))
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn private_folder(path: PathBuf) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path)
}

fn refused(path: &Path, error: io::Error) -> anyhow::Error {
    anyhow::Error::new(error).context(format!(
        "the key ring {} cannot be written; run this where it can, or with --print, and put what \
         that prints in its place, mode 600",
        path.display()
    ))
}
