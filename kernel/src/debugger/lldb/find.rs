//! Which lldb-dap there is.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The variable that names it.
pub const VARIABLE: &str = "WOOZLE_LLDB_DAP";

/// The oldest LLDB that does.
pub(in crate::debugger) const OLDEST: u32 = 19;

/// What to do where there is none.
pub const HELP: &str = "install LLDB 19 or newer (on Debian and Ubuntu: apt install lldb-19), or set WOOZLE_LLDB_DAP to the path of its `lldb-dap`";

/// Finds it: what [`VARIABLE`] names; else the newest on the path, or the one beside rustc.
///
/// # Errors
/// What is missing.
pub fn find(rustc: &Path) -> Result<PathBuf, String> {
    if let Some(named) = env::var_os(VARIABLE).filter(|named| !named.is_empty()) {
        let named = PathBuf::from(named);
        return match named.is_file() {
            true => Ok(named),
            false => Err(format!(
                "{VARIABLE} names {}, which is no file",
                named.display()
            )),
        };
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(rustc.parent().map(Path::to_owned));
    match newest(folders) {
        Some((version, program)) if version < OLDEST => {
            Err(format!("{} is too old", program.display()))
        }
        Some((_, program)) => Ok(program),
        None => Err("there is no lldb-dap".to_owned()),
    }
}

/// The newest of these folders; of the same version the first. One without a number is what the user has chosen.
fn newest(folders: impl Iterator<Item = PathBuf>) -> Option<(u32, PathBuf)> {
    let mut best: Option<(u32, PathBuf)> = None;
    for folder in folders {
        for entry in folder.read_dir().into_iter().flatten().flatten() {
            if let Some(version) = version(&entry.file_name())
                && best.as_ref().is_none_or(|(other, _)| version > *other)
                && entry.path().is_file()
            {
                best = Some((version, entry.path()));
            }
        }
    }
    best
}

/// The version in the name of such a program; the highest if there is none.
fn version(name: &OsStr) -> Option<u32> {
    match name.to_str()?.strip_prefix("lldb-dap")? {
        "" => Some(u32::MAX),
        end => end.strip_prefix('-')?.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;

    #[test]
    fn the_newest_is_found_and_one_without_a_number_is_chosen() {
        let folders = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
        let paths = || folders.iter().map(|folder| folder.path().to_owned());
        assert_eq!(newest(paths()), None);
        let add = |folder: usize, name: &str| {
            let path = folders[folder].path().join(name);
            File::create(&path).expect("a file");
            path
        };
        add(0, "lldb-dap-server");
        let old = add(0, "lldb-dap-18");
        assert_eq!(newest(paths()), Some((18, old)));
        let new = add(1, "lldb-dap-20");
        assert_eq!(newest(paths()), Some((20, new)));
        let chosen = add(1, "lldb-dap");
        assert_eq!(newest(paths()), Some((u32::MAX, chosen)));
    }
}
