//! Who may read our files.
//!
//! Not for reading or writing them.

use std::{io, path::Path};

/// The permission bits of a path that give somebody else than its owner any access.
#[cfg(unix)]
pub(crate) fn exposed_mode(path: &Path) -> io::Result<Option<u32>> {
    use std::os::unix::fs::PermissionsExt;

    let mode = std::fs::metadata(path)?.permissions().mode() & 0o777;
    Ok((mode & 0o077 != 0).then_some(mode))
}

/// The permission bits of a path that give somebody else than its owner any access.
#[cfg(not(unix))]
pub(crate) fn exposed_mode(path: &Path) -> io::Result<Option<u32>> {
    std::fs::metadata(path).map(|_| None)
}

/// Makes a folder that only its owner enters, unless it is there.
pub(crate) fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path)
}

/// Makes an empty file that only its owner reads, unless it is there.
pub(crate) fn private_file(path: &Path) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}
