//! Where settings come from: a map in tests, the environment in the program.

use std::collections::BTreeMap;

/// Texts by name.
pub trait Strings {
    /// The text of this name, if there is one.
    fn get(&self, name: &str) -> Option<String>;

    /// All names that begin with `prefix`, so that misspelt ones are found.
    fn names(&self, prefix: &str) -> Vec<String>;
}

/// The environment of the process.
#[derive(Debug, Clone, Copy)]
pub struct Environment;

impl Strings for Environment {
    fn get(&self, name: &str) -> Option<String> {
        // What is not Unicode keeps its place, so that the check of the value speaks about it.
        std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
    }

    fn names(&self, prefix: &str) -> Vec<String> {
        let mut names: Vec<String> = std::env::vars_os()
            .map(|(name, _)| name.to_string_lossy().into_owned())
            .filter(|name| name.starts_with(prefix))
            .collect();
        names.sort();
        names
    }
}

impl Strings for BTreeMap<String, String> {
    fn get(&self, name: &str) -> Option<String> {
        BTreeMap::get(self, name).cloned()
    }

    fn names(&self, prefix: &str) -> Vec<String> {
        self.keys()
            .filter(|name| name.starts_with(prefix))
            .cloned()
            .collect()
    }
}
