//! The settings for cargo that a notebook's folder has: `.cargo/config.toml` there and above.
//!
//! What they say of where crates come from, and what build scripts see, holds for `:dep`. What they say of how crates are
//! compiled does not: cells could not be linked to those.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

use crate::build::cargo;
use crate::system::files;

/// The tables that hold.
const TABLES: [&str; 9] = [
    "credential-alias",
    "env",
    "http",
    "net",
    "patch",
    "registries",
    "registry",
    "source",
    "paths",
];

/// Why crates.io stays where it is for the folder of a notebook.
const ELSEWHERE: &str = "not obeyed: crates that the runtime uses, too, have to come from where its own do; write it into \
                         cargo's settings for all folders (`~/.cargo/config.toml`), and the runtime is built with it";

/// What cargo finds in a notebook's folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// All that holds, with absolute paths.
    pub text: String,
    /// Why a file is not obeyed, in words for the user.
    pub refused: Option<String>,
}

impl Config {
    /// That of a notebook's folder, less what could be somebody else's.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        let mut config = Self::default();
        let mut all = Table::new();
        let users_own = cargo::home();
        for folder in folder.ancestors() {
            let own = folder.join(".cargo");
            if users_own.as_ref() == Some(&own) {
                continue; // cargo reads it anyhow
            }
            for file in [own.join("config.toml"), own.join("config")] {
                match read(&own, &file, folder) {
                    Ok(Some(mut table)) => {
                        if moves_crates_io(&mut table) {
                            let text =
                                format!("`source.crates-io` in {} is {ELSEWHERE}", file.display());
                            config.refused.get_or_insert(text);
                        }
                        merge(&mut all, table);
                    }
                    Ok(None) => continue,
                    Err(why) => {
                        let text = format!("{} is not obeyed: {why}", file.display());
                        config.refused.get_or_insert(text);
                    }
                }
                break;
            }
        }
        config.text = DocumentMut::from(all).to_string();
        config
    }

    /// The names of the crates that others take the place of.
    pub(super) fn patched(&self) -> Vec<String> {
        let config = self.text.parse::<DocumentMut>().unwrap_or_default();
        let patches = config.get("patch").and_then(Item::as_table_like);
        let sources = patches.into_iter().flat_map(TableLike::iter);
        let crates = sources.filter_map(|(_, crates)| crates.as_table_like());
        let names = crates.flat_map(TableLike::iter).map(|(name, value)| {
            let package = value.get("package").and_then(Item::as_str);
            package.unwrap_or(name).to_owned()
        });
        names.collect()
    }
}

/// What holds of a file, if it is there.
fn read(own: &Path, file: &Path, folder: &Path) -> Result<Option<Table>, String> {
    let text = match files::read(file, files::SMALL) {
        Err(error)
            if [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory].contains(&error.kind()) =>
        {
            return Ok(None);
        }
        read => read.map_err(|error| format!("it cannot be read ({error})"))?,
    };
    if !is_ours(own) || !is_ours(file) {
        return Err("it could be another user's".to_owned());
    }
    let text = String::from_utf8(text).map_err(|error| error.to_string())?;
    let config = text
        .parse::<DocumentMut>()
        .map_err(|error| error.to_string())?;
    let mut table = config.into_table();
    table.retain(|name, _| TABLES.contains(&name));
    for (name, item) in table.iter_mut() {
        make_absolute(name.get(), item, folder);
    }
    Ok(Some(table))
}

/// Whether the crates of crates.io would come from elsewhere; that does not hold.
fn moves_crates_io(table: &mut Table) -> bool {
    let sources = table.get_mut("source").and_then(Item::as_table_like_mut);
    sources.is_some_and(|sources| sources.remove("crates-io").is_some())
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

/// Paths are relative to the folder that has the `.cargo`.
fn make_absolute(name: &str, item: &mut Item, folder: &Path) {
    const PATHS: [&str; 3] = ["path", "directory", "local-registry"];
    let absolute = |path: &str| Value::from(folder.join(path).to_string_lossy().into_owned());
    if let Some(paths) = item.as_array_mut().filter(|_| name == "paths") {
        for path in paths.iter_mut() {
            if let Some(text) = path.as_str() {
                *path = absolute(text);
            }
        }
        return;
    }
    let Some(table) = item.as_table_like_mut() else {
        return;
    };
    if name == "env" {
        for (_, variable) in table.iter_mut() {
            make_variable_absolute(variable.as_table_like_mut(), absolute);
        }
        return;
    }
    for (key, item) in table.iter_mut() {
        match item.as_str() {
            Some(path) if PATHS.contains(&key.get()) => *item = Item::Value(absolute(path)),
            _ => make_absolute("", item, folder),
        }
    }
}

fn make_variable_absolute(variable: Option<&mut dyn TableLike>, absolute: impl Fn(&str) -> Value) {
    let Some(variable) = variable else {
        return;
    };
    let is_relative = variable.remove("relative");
    if is_relative.and_then(|is| is.as_bool()) == Some(true)
        && let Some(path) = variable.get("value").and_then(Item::as_str).map(&absolute)
    {
        variable.insert("value", Item::Value(path));
    }
}

/// Adds the settings of a folder further above: those that are there go before.
fn merge(all: &mut dyn TableLike, above: Table) {
    for (name, item) in above {
        match all.get_mut(&name) {
            None => {
                all.insert(&name, item);
            }
            Some(own) => {
                if let (Some(own), Ok(above)) = (own.as_table_like_mut(), item.into_table()) {
                    merge(own, above);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn folder_with(config: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), config);
        folder
    }

    fn write(folder: &Path, config: &str) {
        fs::create_dir_all(folder.join(".cargo")).expect("made");
        fs::write(folder.join(".cargo/config.toml"), config).expect("written");
    }

    #[test]
    fn what_is_nearer_goes_before_and_paths_are_absolute() {
        let folder = folder_with(
            "[env]\nTEA = \"hot\"\nPOT = { value = \"pots\", relative = true }\n\
             [patch.crates-io]\nhoney = { path = \"honey\", features = [\"milk\"] }\n",
        );
        let below = folder.path().join("a");
        write(&below, "[env]\nTEA = \"cold\"\n");
        let config = Config::of(&below);
        assert_eq!(config.refused, None);
        let text = config.text.parse::<DocumentMut>().expect("TOML");
        assert_eq!(text["env"]["TEA"].as_str(), Some("cold"));
        let path = |name: &str| folder.path().join(name).display().to_string();
        assert_eq!(text["env"]["POT"]["value"].as_str(), Some(&*path("pots")));
        let honey = &text["patch"]["crates-io"]["honey"]["path"];
        assert_eq!(honey.as_str(), Some(&*path("honey")));
        assert!(
            config.text.contains("features = [\"milk\"]"),
            "{}",
            config.text
        );
    }

    #[test]
    fn what_others_could_have_written_is_not_obeyed() {
        let folder = folder_with("[env]\nTEA = \"cold\"\n");
        let file = folder.path().join(".cargo/config.toml");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).expect("set");
        let config = Config::of(folder.path());
        assert_eq!(config.text, "");
        assert!(
            config
                .refused
                .is_some_and(|why| why.contains("another user's"))
        );
    }

    #[test]
    fn where_crates_io_is_holds_for_all_folders() {
        let other = "[source.other]\ndirectory = \"/vendor\"\n";
        let settings = format!("[source.crates-io]\nreplace-with = \"other\"\n{other}");
        let folder = folder_with(&settings);
        let config = Config::of(folder.path());
        assert!(!config.text.contains("replace-with") && config.text.contains("/vendor"));
        let refused = config.refused.unwrap_or_default();
        assert!(refused.contains("`source.crates-io` in"), "{refused}");
    }

    #[test]
    fn how_crates_are_compiled_is_not_for_a_folder_to_say() {
        let folder = folder_with(
            "[build]\ntarget = \"wasm32-unknown-unknown\"\nrustflags = [\"-Cpanic=abort\"]\n\
             [profile.release]\npanic = \"abort\"\n[net]\nretry = 3\n",
        );
        assert_eq!(Config::of(folder.path()).text, "[net]\nretry = 3\n");
    }
}
