//! Woozle's data folder: what is kept for the user, unlike the cache.

use std::ffi::OsString;
use std::path::PathBuf;

/// The data folder: `$WOOZLE_DATA`, else `woozle` in the user's folder for data; `None` if there is
/// no such folder.
#[must_use]
pub fn folder() -> Option<PathBuf> {
    folder_by(&|name| std::env::var_os(name))
}

fn folder_by(environment: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let set = |name| {
        environment(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    set("WOOZLE_DATA").or_else(|| {
        // The XDG specification says that a relative path in this variable is ignored.
        let data = set("XDG_DATA_HOME").filter(|path| path.is_absolute());
        data.or_else(|| set("HOME").map(|home| home.join(".local/share")))
            .map(|data| data.join("woozle"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_variable_counts() {
        let by = |set: &[(&str, &str)]| {
            folder_by(&|name| {
                let found = set.iter().find(|(set, _)| *set == name);
                found.map(|(_, value)| OsString::from(value))
            })
        };
        let home = ("HOME", "/h");
        assert_eq!(by(&[home]), Some("/h/.local/share/woozle".into()));
        assert_eq!(
            by(&[home, ("XDG_DATA_HOME", "/x")]),
            Some("/x/woozle".into())
        );
        assert_eq!(
            by(&[home, ("XDG_DATA_HOME", "x")]),
            Some("/h/.local/share/woozle".into())
        );
        assert_eq!(by(&[home, ("WOOZLE_DATA", "/d")]), Some("/d".into()));
        assert_eq!(by(&[]), None);
    }
}
