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
mod tests {
    use super::*;

    type Env = &'static [(&'static str, &'static str)];

    fn dirs(env: &[(&str, &str)]) -> Dirs {
        Dirs::from_lookup(|name| {
            env.iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn the_user_data_dir_follows_jupyter_core() {
        let table: &[(Env, Option<&str>)] = &[
            (
                &[("HOME", "/home/pooh")],
                Some("/home/pooh/.local/share/jupyter"),
            ),
            (
                &[("HOME", "/home/pooh"), ("XDG_DATA_HOME", "/data")],
                Some("/data/jupyter"),
            ),
            (
                &[("HOME", "/home/pooh"), ("XDG_DATA_HOME", "")],
                Some("/home/pooh/.local/share/jupyter"),
            ),
            (
                &[("HOME", "/home/pooh"), ("XDG_DATA_HOME", "data")],
                Some("/home/pooh/.local/share/jupyter"),
            ),
            (
                &[
                    ("HOME", "/home/pooh"),
                    ("XDG_DATA_HOME", "/data"),
                    ("JUPYTER_DATA_DIR", "/j"),
                ],
                Some("/j"),
            ),
            (&[("JUPYTER_DATA_DIR", "/j")], Some("/j")),
            (&[("XDG_DATA_HOME", "/data")], Some("/data/jupyter")),
            (&[], None),
        ];
        for (env, expected) in table {
            assert_eq!(
                dirs(env).user_data(),
                expected.map(PathBuf::from),
                "{env:?}"
            );
        }
    }

    #[test]
    fn the_active_environment_is_the_virtualenv_before_conda() {
        let table: &[(Env, Option<&str>)] = &[
            (&[], None),
            (&[("VIRTUAL_ENV", "/v")], Some("/v")),
            (&[("CONDA_PREFIX", "/c")], Some("/c")),
            (&[("VIRTUAL_ENV", "/v"), ("CONDA_PREFIX", "/c")], Some("/v")),
            (&[("VIRTUAL_ENV", ""), ("CONDA_PREFIX", "/c")], Some("/c")),
        ];
        for (env, expected) in table {
            assert_eq!(dirs(env).active_env(), expected.map(Path::new), "{env:?}");
        }
    }

    #[test]
    fn data_dirs_are_searched_in_jupyters_order_without_repeats() {
        let dirs = dirs(&[
            ("HOME", "/home/pooh"),
            ("JUPYTER_PATH", "/one:/two:"),
            ("VIRTUAL_ENV", "/v"),
        ]);
        let expected = [
            "/one",
            "/two",
            "/home/pooh/.local/share/jupyter",
            "/v/share/jupyter",
            "/usr/local/share/jupyter",
            "/usr/share/jupyter",
        ];
        assert_eq!(
            dirs.data_dirs(Some(Path::new("/v"))),
            expected.map(PathBuf::from)
        );
    }
}
