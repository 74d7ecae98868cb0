//! A setting by name.

use std::fmt;

/// A setting: where it is found, and what is expected there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    section: &'static str,
    key: &'static str,
    /// What is expected, with an example.
    pub expected: &'static str,
}

impl Setting {
    /// The setting `key` of `[section]`.
    pub const fn new(section: &'static str, key: &'static str, expected: &'static str) -> Self {
        Self { section, key, expected }
    }

    /// The environment variable that sets it.
    pub fn variable(&self) -> String {
        variable(&self.path())
    }

    /// The path within the configuration, such as `web.listen`.
    pub(super) fn path(&self) -> String {
        format!("{}.{}", self.section, self.key)
    }

    /// The path of the file that holds it instead.
    pub(super) fn file_path(&self) -> String {
        format!("{}_file", self.path())
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ([{}] {})", self.variable(), self.section, self.key)
    }
}

/// What the variables of this program begin with.
pub(super) const PREFIX: &str = "AISHA_";
/// What parts a variable's section from its key.
pub(super) const SEPARATOR: &str = "__";

/// The environment variable for a path within the configuration.
pub(super) fn variable(path: &str) -> String {
    format!("{PREFIX}{}", path.replacen('.', SEPARATOR, 1).to_uppercase())
}
