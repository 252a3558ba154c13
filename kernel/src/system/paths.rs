//! Paths in the environment, made absolute: what this program starts runs in folders of its own, where a relative path
//! would lead elsewhere.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::Path;

/// The variables that hold one path, each read by this program or by those that it starts.
const VARIABLES: [&str; 9] = [
    "CARGO_HOME",
    "HOME",
    "RUSTC",
    "RUSTUP_HOME",
    "RUST_SRC_PATH",
    "TMPDIR",
    "WOOZLE_ANALYZER",
    "WOOZLE_CACHE",
    "WOOZLE_DATA",
];

/// Makes the paths in the environment absolute. To be called before the process has a second thread.
pub fn settle() {
    for name in VARIABLES {
        if let Some(whole) = env::var_os(name).and_then(|value| absolute(name, &value)) {
            // SAFETY: the process has no other thread yet, so nobody else reads the environment.
            unsafe { env::set_var(name, whole) };
        }
    }
}

/// The absolute form of a variable's value, if that is another one.
fn absolute(name: &str, value: &OsStr) -> Option<OsString> {
    let path = Path::new(value);
    // A program without a slash is looked for on the path, and `off` is no program.
    let is_word = path.components().count() == 1 && !value.as_encoded_bytes().contains(&b'/');
    let may_be_word = matches!(name, "RUSTC" | "WOOZLE_ANALYZER");
    if value.is_empty() || path.is_absolute() || (may_be_word && is_word) {
        return None;
    }
    std::path::absolute(path).ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_path_is_one_from_the_current_folder() {
        let here = env::current_dir().expect("there is one");
        for (name, value, expected) in [
            ("WOOZLE_CACHE", "cache", Some(here.join("cache"))),
            ("WOOZLE_CACHE", "./a/b", Some(here.join("a/b"))),
            ("WOOZLE_CACHE", "/cache", None),
            ("WOOZLE_CACHE", "", None),
            ("RUSTC", "rustc", None),
            ("RUSTC", "bin/rustc", Some(here.join("bin/rustc"))),
            ("RUSTC", "./rustc", Some(here.join("rustc"))),
            ("WOOZLE_ANALYZER", "off", None),
        ] {
            let found = absolute(name, OsStr::new(value));
            assert_eq!(found, expected.map(Into::into), "{name}={value}");
        }
    }
}
