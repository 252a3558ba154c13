//! The user's own folder of cargo, and where its settings say that crates come from.

use std::path::{Path, PathBuf};

use toml_edit::DocumentMut;

use crate::system::files;

/// The user's own folder of cargo, with the sources of crates and their settings.
#[must_use]
pub fn home() -> Option<PathBuf> {
    let set = std::env::var_os("CARGO_HOME").filter(|home| !home.is_empty());
    let set = set.map(PathBuf::from);
    set.or_else(|| Some(std::env::home_dir()?.join(".cargo")))
}

/// What says where the sources of crates lie: that path is in what is compiled from them, though not in its name.
#[must_use]
pub fn origin() -> String {
    home().as_deref().map(origin_by).unwrap_or_default()
}

fn origin_by(home: &Path) -> String {
    let mut origin = home.to_string_lossy().into_owned();
    let mut settings = ["config.toml", "config"].into_iter().filter_map(|name| {
        let text = String::from_utf8(files::read(&home.join(name), files::SMALL).ok()?).ok()?;
        text.parse::<DocumentMut>().ok()
    });
    if let Some(mut settings) = settings.next() {
        settings.retain(|name, _| ["paths", "source"].contains(&name));
        origin.push_str(&settings.to_string());
    }
    origin
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn only_what_says_where_crates_come_from_makes_another_origin() {
        let home = tempfile::tempdir().expect("a folder");
        let origin_with = |settings: &str| {
            fs::write(home.path().join("config.toml"), settings).expect("written");
            origin_by(home.path())
        };
        let plain = origin_with("");
        assert_eq!(plain, origin_with("[net]\nretry = 3\n"));
        let mirror = origin_with("[source.crates-io]\nreplace-with = \"mirror\"\n");
        assert_ne!(plain, mirror);
        assert_ne!(
            mirror,
            origin_with("[source.crates-io]\nreplace-with = \"other\"\n")
        );
        assert_ne!(plain, origin_by(Path::new("/other")));
    }
}
