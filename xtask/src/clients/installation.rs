//! Where the official clients are installed: a Python environment and Node packages below `target/clients`.
//!
//! The versions stand in `tests/clients`. What is there in these versions already is left alone.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use xshell::{Shell, cmd};

/// What decides whether the installation is the one that is asked for.
const VERSIONS: [&str; 3] = ["requirements.txt", "package.json", "package-lock.json"];
/// Holds what was installed last, so that an interrupted installation is begun again.
const STAMP: &str = "installed.txt";

/// The clients, ready to run.
pub(crate) struct Installation {
    folder: PathBuf,
}

impl Installation {
    /// Installs what is missing and copies the journeys beside it: Node looks for packages from a script's own folder.
    ///
    /// # Errors
    /// When Python 3 or npm is missing, or a package cannot be had.
    pub(crate) fn complete(shell: &Shell, root: &Path) -> anyhow::Result<Self> {
        let source = root.join("tests/clients");
        let folder = root.join("target/clients");
        shell.create_dir(&folder)?;
        for path in shell.read_dir(&source)? {
            if path.is_file() {
                shell.copy_file(&path, &folder)?;
            }
        }
        let mut wanted = String::new();
        for name in VERSIONS {
            wanted += &shell.read_file(source.join(name))?;
        }
        let stamp = folder.join(STAMP);
        if shell.read_file(&stamp).ok().as_deref() != Some(&wanted) {
            shell.remove_path(&stamp)?;
            install(shell, &folder)?;
            shell.write_file(&stamp, &wanted)?;
        }
        Ok(Self { folder })
    }

    /// Where the journeys run.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The interpreter that knows the Python client.
    pub(crate) fn python(&self) -> PathBuf {
        self.folder.join("python/bin/python")
    }

    /// The installed Node, which is newer than that of many systems.
    pub(crate) fn node(&self) -> PathBuf {
        self.folder.join("node_modules/.bin/node")
    }

    /// The search path with the installed Node and commands first.
    ///
    /// # Errors
    /// When the folder's name cannot be part of a search path.
    pub(crate) fn search_path(&self) -> anyhow::Result<OsString> {
        let given = std::env::var_os("PATH").unwrap_or_default();
        let own = self.folder.join("node_modules/.bin");
        std::env::join_paths(std::iter::once(own).chain(std::env::split_paths(&given)))
            .context("putting the clients' folder on the search path")
    }
}

fn install(shell: &Shell, folder: &Path) -> anyhow::Result<()> {
    let _within = shell.push_dir(folder);
    let missing = "is there a Python 3 with `venv`? Debian has it in the package python3-venv";
    cmd!(shell, "python3 -m venv --clear python")
        .run()
        .context(missing)?;
    cmd!(
        shell,
        "python/bin/python -m pip install --quiet --requirement requirements.txt"
    )
    .run()
    .context("installing the Python client")?;
    // Some packages warn about the system's Node, which only installs them.
    cmd!(shell, "npm ci --no-audit --no-fund --loglevel=error")
        .run()
        .context("installing the Node clients: is npm there?")
}
