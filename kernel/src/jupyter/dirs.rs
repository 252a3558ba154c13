//! Where Jupyter keeps its data, by the rules of jupyter_core.
//!
//! Everything is a function of the environment, which is passed in so that the rules can be tested.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The part of the environment that decides where things are.
#[derive(Debug, Clone, Default)]
pub struct Dirs {
    pub home: Option<PathBuf>,
    pub jupyter_data_dir: Option<PathBuf>,
    pub jupyter_path: Vec<PathBuf>,
    pub xdg_data_home: Option<PathBuf>,
    pub virtual_env: Option<PathBuf>,
    pub conda_prefix: Option<PathBuf>,
}

impl Dirs {
    pub fn from_env() -> Self {
        Self::from_lookup(|name| env::var_os(name))
    }

    /// An empty variable counts as unset, as it does for jupyter_core and the XDG specification.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<OsString>) -> Self {
        let value = |name| lookup(name).filter(|value| !value.is_empty());
        let path = |name| value(name).map(PathBuf::from);
        // The XDG specification says that a relative path in these variables is ignored.
        let absolute = |name| path(name).filter(|path: &PathBuf| path.is_absolute());
        Self {
            home: path("HOME"),
            jupyter_data_dir: path("JUPYTER_DATA_DIR"),
            jupyter_path: value("JUPYTER_PATH")
                .map(|paths| {
                    env::split_paths(&paths)
                        .filter(|path| !path.as_os_str().is_empty())
                        .collect()
                })
                .unwrap_or_default(),
            xdg_data_home: absolute("XDG_DATA_HOME"),
            virtual_env: path("VIRTUAL_ENV"),
            conda_prefix: path("CONDA_PREFIX"),
        }
    }

    /// The user's own Jupyter data folder.
    pub fn user_data(&self) -> Option<PathBuf> {
        if let Some(dir) = &self.jupyter_data_dir {
            return Some(dir.clone());
        }
        let base = match &self.xdg_data_home {
            Some(dir) => dir.clone(),
            None => self.home.as_ref()?.join(".local/share"),
        };
        Some(base.join("jupyter"))
    }

    /// The active virtualenv or conda environment.
    pub fn active_env(&self) -> Option<&Path> {
        self.virtual_env.as_deref().or(self.conda_prefix.as_deref())
    }

    /// Every data folder that a Jupyter run from `env_prefix` looks into.
    pub fn data_dirs(&self, env_prefix: Option<&Path>) -> Vec<PathBuf> {
        let mut dirs = self.jupyter_path.clone();
        dirs.extend(self.user_data());
        dirs.extend(env_prefix.map(prefix_data));
        dirs.extend(self.active_env().map(prefix_data));
        dirs.extend(["/usr/local/share/jupyter", "/usr/share/jupyter"].map(PathBuf::from));
        let mut seen = Vec::new();
        dirs.retain(|dir| {
            let new = !seen.contains(dir);
            seen.push(dir.clone());
            new
        });
        dirs
    }
}

/// The Jupyter data folder of an installation prefix.
pub fn prefix_data(prefix: &Path) -> PathBuf {
    prefix.join("share/jupyter")
}

#[cfg(test)]
#[path = "dirs_tests.rs"]
mod tests;
