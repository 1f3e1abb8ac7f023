//! The repository as the rules of `tidy` see it: every text file that git would commit.
//!
//! Rules never touch the disk themselves, so their tests hand them a tree of a few lines.

use std::path::Path;

use anyhow::Context as _;
use xshell::{Shell, cmd};

/// A text file with its path from the root of the repository, written with `/`.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    /// The last part of the path.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    pub(crate) fn is_rust(&self) -> bool {
        Path::new(&self.path)
            .extension()
            .is_some_and(|extension| extension == "rs")
    }

    pub(crate) fn is_markdown(&self) -> bool {
        Path::new(&self.path)
            .extension()
            .is_some_and(|extension| extension == "md")
    }

    /// Lines with their number, counted from 1.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
    }
}

/// All files of the checkout.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    files: Vec<File>,
}

impl Tree {
    /// Reads what git tracks and what it would add, so that a new file is checked before it is
    /// committed. Files that are not UTF-8 are pictures and the like; no rule is about them.
    pub(crate) fn read(shell: &Shell, root: &Path) -> anyhow::Result<Self> {
        let list = cmd!(shell, "git ls-files --cached --others --exclude-standard")
            .quiet()
            .read()
            .context("asking git which files belong to the repository")?;
        let mut files = Vec::new();
        for path in list.lines() {
            // A file deleted in the work tree is still in the index.
            let Ok(bytes) = std::fs::read(root.join(path)) else {
                continue;
            };
            if let Ok(text) = String::from_utf8(bytes) {
                files.push(File {
                    path: path.to_owned(),
                    text,
                });
            }
        }
        Ok(Self { files })
    }

    pub(crate) fn len(&self) -> usize {
        self.files.len()
    }

    pub(crate) fn files(&self) -> impl Iterator<Item = &File> {
        self.files.iter()
    }

    pub(crate) fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Is there a file with this path, or a folder that has files?
    pub(crate) fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        self.files
            .iter()
            .any(|file| file.path == path || file.path.starts_with(&folder))
    }

    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let files = files
            .iter()
            .map(|(path, text)| File {
                path: (*path).to_owned(),
                text: (*text).to_owned(),
            })
            .collect();
        Self { files }
    }
}
