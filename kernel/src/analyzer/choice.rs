//! Which analyzer is used: what `WOOZLE_ANALYZER` says.

use std::ffi::OsString;
use std::path::PathBuf;

/// The choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// None: `off`.
    Off,
    /// A program that is built already.
    Program(PathBuf),
    /// The one that is built into the cache: the variable is not set.
    Cache,
}

impl Choice {
    /// The choice of this process's environment.
    #[must_use]
    pub fn from_env() -> Self {
        Self::of(std::env::var_os("WOOZLE_ANALYZER"))
    }

    fn of(variable: Option<OsString>) -> Self {
        match variable {
            Some(value) if value == "off" => Self::Off,
            Some(value) if !value.is_empty() => Self::Program(value.into()),
            _ => Self::Cache,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_names_one_or_none() {
        let of = |value: &str| Choice::of(Some(value.into()));
        assert_eq!(of("off"), Choice::Off);
        assert_eq!(of("/a/b"), Choice::Program("/a/b".into()));
        assert_eq!(of(""), Choice::Cache);
        assert_eq!(Choice::of(None), Choice::Cache);
    }
}
