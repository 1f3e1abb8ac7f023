//! Who may read our files, and who could exchange them.
//!
//! Not for reading or writing them.

use std::{
    io,
    path::{Path, PathBuf},
};

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

/// The owner of a file, and who we are, when that is neither us nor the system's administrator.
#[cfg(unix)]
pub(crate) fn foreign_owner(path: &Path) -> io::Result<Option<(u32, u32)>> {
    use std::os::unix::fs::MetadataExt;

    let owner = std::fs::metadata(path)?.uid();
    let own = rustix::process::geteuid().as_raw();
    Ok((owner != own && owner != 0).then_some((owner, own)))
}

/// The owner of a file, and who we are, when that is neither us nor the system's administrator.
#[cfg(not(unix))]
pub(crate) fn foreign_owner(_: &Path) -> io::Result<Option<(u32, u32)>> {
    Ok(None)
}

/// A folder on the way to a file in which everybody may exchange what others own: writable for all,
/// and without the sticky bit that `/tmp` has against that.
#[cfg(unix)]
pub(crate) fn open_folder(path: &Path) -> io::Result<Option<PathBuf>> {
    use std::os::unix::fs::PermissionsExt;

    for folder in path.canonicalize()?.ancestors().skip(1) {
        let mode = std::fs::metadata(folder)?.permissions().mode();
        if mode & 0o002 != 0 && mode & 0o1000 == 0 {
            return Ok(Some(folder.to_owned()));
        }
    }
    Ok(None)
}

/// A folder on the way to a file in which everybody may exchange what others own.
#[cfg(not(unix))]
pub(crate) fn open_folder(_: &Path) -> io::Result<Option<PathBuf>> {
    Ok(None)
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
