//! The settings for cargo that a notebook's folder has: `.cargo/config.toml` there and above.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use toml_edit::DocumentMut;

use crate::system::files;

/// Where cargo runs, and what it finds there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The folder: it obeys each `.cargo/config.toml` from there upwards.
    pub folder: PathBuf,
    /// All that those say.
    pub text: String,
    /// Why the folder of the notebook is not taken, if so.
    pub refused: Option<String>,
}

impl Default for Config {
    /// No settings but the user's own.
    fn default() -> Self {
        Self {
            folder: PathBuf::from("/"),
            text: String::new(),
            refused: None,
        }
    }
}

impl Config {
    /// That of a notebook's folder; none where a file of it could be somebody else's.
    ///
    /// # Errors
    /// With what in it cannot be, in words for the user.
    pub fn of(folder: &Path) -> Result<Self, String> {
        let mut text = String::new();
        for folder in folder.ancestors() {
            let own = folder.join(".cargo");
            for file in [own.join("config.toml"), own.join("config")] {
                let read = match files::read(&file, files::SMALL) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                    Err(error) if error.kind() == io::ErrorKind::NotADirectory => continue,
                    read => read,
                };
                let refuse = |why: &str| Self {
                    refused: Some(format!(
                        "{} is not obeyed, nor any other of this folder: {why}",
                        file.display()
                    )),
                    ..Self::default()
                };
                if !is_ours(&own) || !is_ours(&file) {
                    return Ok(refuse("it could be another user's"));
                }
                let Ok(config) = read.and_then(|text| String::from_utf8(text).map_err(io::Error::other))
                else {
                    return Ok(refuse("it cannot be read"));
                };
                check(&config, &file)?;
                text.push_str(&config);
            }
        }
        Ok(Self {
            folder: folder.to_owned(),
            text,
            refused: None,
        })
    }
}

/// Whether only this user, and root, can change what is there.
fn is_ours(path: &Path) -> bool {
    let user = rustix::process::geteuid().as_raw();
    let about = [fs::symlink_metadata(path), fs::metadata(path)];
    about.into_iter().all(|about| {
        about.is_ok_and(|about| {
            (about.uid() == user || about.uid() == 0) && about.mode() & 0o002 == 0
        })
    })
}

/// What would make crates that cells cannot be linked to.
fn check(config: &str, file: &Path) -> Result<(), String> {
    let Ok(config) = config.parse::<DocumentMut>() else {
        return Ok(()); // cargo says it better
    };
    let build = config.get("build").and_then(|build| build.as_table_like());
    if build.is_some_and(|build| build.contains_key("target")) {
        return Err(format!(
            "{} sets `build.target`, but the crates of a notebook are for the machine that it runs on; remove that line, or \
             put the notebook into another folder",
            file.display()
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn folder_with(config: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join(".cargo")).expect("made");
        fs::write(folder.path().join(".cargo/config.toml"), config).expect("written");
        folder
    }

    #[test]
    fn that_of_a_folder_above_counts() {
        let folder = folder_with("[env]\nTEA = \"hot\"\n");
        let below = folder.path().join("a/b");
        fs::create_dir_all(&below).expect("made");
        let config = Config::of(&below).expect("it is fine");
        assert_eq!((&config.folder, config.refused), (&below, None));
        assert!(config.text.contains("TEA"));
    }

    #[test]
    fn what_others_could_have_written_is_not_obeyed() {
        let folder = folder_with("[env]\nTEA = \"cold\"\n");
        let file = folder.path().join(".cargo/config.toml");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).expect("set");
        let config = Config::of(folder.path()).expect("it is left out");
        assert_eq!(config.folder, Path::new("/"));
        assert!(config.refused.is_some_and(|why| why.contains("another user's")));
    }

    #[test]
    fn crates_are_for_this_machine() {
        let folder = folder_with("[build]\ntarget = \"wasm32-unknown-unknown\"\n");
        let reason = Config::of(folder.path()).expect_err("refused");
        assert!(reason.contains("`build.target`"), "{reason}");
    }
}
