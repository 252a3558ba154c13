//! Writing, reading and removing a kernelspec: the folder by which Jupyter finds a kernel.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::system::files;

pub const DEFAULT_NAME: &str = "woozle";
pub const DEFAULT_DISPLAY_NAME: &str = "Rust (Woozle)";
pub const LANGUAGE: &str = "rust";

const LOGO: &str = include_str!("logo.svg");
/// What follows the program in `argv`; it also tells our kernelspecs from other kernels'.
const KERNEL_ARGS: [&str; 3] = ["kernel", "-f", "{connection_file}"];

/// The content of a `kernel.json`. Keys that we do not know are kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kernelspec {
    pub argv: Vec<String>,
    pub display_name: String,
    pub language: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interrupt_mode: Option<String>,
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

#[derive(Debug, thiserror::Error)]
pub enum KernelspecError {
    #[error("`{0}` is not a kernel name: only a-z, 0-9, `.`, `_` and `-` may be in one")]
    BadName(String),
    #[error("the path of this program is not valid UTF-8: {}", .0.display())]
    ProgramPath(PathBuf),
    #[error("no kernelspec is installed in {}", .0.display())]
    NotInstalled(PathBuf),
    #[error("{} is the kernelspec of another kernel", .0.display())]
    Foreign(PathBuf),
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
}

impl Kernelspec {
    /// The kernelspec that starts `program`.
    pub fn new(program: &Path, display_name: &str) -> Result<Self, KernelspecError> {
        let program = program
            .to_str()
            .ok_or_else(|| KernelspecError::ProgramPath(program.to_owned()))?;
        let mut argv = vec![program.to_owned()];
        argv.extend(KERNEL_ARGS.map(str::to_owned));
        Ok(Self {
            argv,
            display_name: display_name.to_owned(),
            language: LANGUAGE.to_owned(),
            interrupt_mode: Some("message".to_owned()),
            other: Map::from_iter([("metadata".to_owned(), json!({ "debugger": true }))]),
        })
    }

    /// Reads the kernelspec in `dir`; `None` if there is none or it cannot be understood.
    pub fn read(dir: &Path) -> Option<Self> {
        let text = files::read(&dir.join("kernel.json"), files::SMALL).ok()?;
        serde_json::from_slice(&text).ok()
    }

    pub fn program(&self) -> Option<&Path> {
        self.argv.first().map(Path::new)
    }

    /// Whether this kernelspec is one of ours, whatever its name and wherever its program.
    pub fn is_ours(&self) -> bool {
        self.language == LANGUAGE && self.argv.get(1..).is_some_and(|args| args == KERNEL_ARGS)
    }

    /// Puts the kernelspec into `dir`, all of it or nothing: the files are written beside it and
    /// renamed into place.
    pub fn install(&self, dir: &Path) -> Result<(), KernelspecError> {
        if dir.exists() && !Self::read(dir).is_some_and(|old| old.is_ours()) {
            return Err(KernelspecError::Foreign(dir.to_owned()));
        }
        let at = |path: &Path| {
            let path = path.to_owned();
            move |source| KernelspecError::Io { path, source }
        };
        let parent = dir.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(at(parent))?;
        // `~` may not be in a kernel name, so Jupyter never lists the unfinished folder.
        let new = tempfile::Builder::new()
            .prefix(".woozle~")
            .permissions(Permissions::from_mode(0o755))
            .tempdir_in(parent)
            .map_err(at(parent))?;
        let mut spec = serde_json::to_string_pretty(self)
            .map_err(io::Error::from)
            .map_err(at(&dir.join("kernel.json")))?;
        spec.push('\n');
        for (name, content) in [("kernel.json", spec.as_str()), ("logo-svg.svg", LOGO)] {
            let path = new.path().join(name);
            write_synced(&path, content).map_err(at(&path))?;
        }
        // A folder cannot be renamed over one that has files in it: the old one steps aside first.
        let old = new.path().with_extension("old");
        let replaced = match fs::rename(dir, &old) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(at(dir)(error)),
        };
        if let Err(error) = fs::rename(new.path(), dir) {
            if replaced {
                let _ = fs::rename(&old, dir);
            }
            return Err(at(dir)(error));
        }
        // The folder has its final name now: nothing is left for the guard to remove.
        let _ = new.keep();
        if replaced {
            fs::remove_dir_all(&old).map_err(at(&old))?;
        }
        Ok(())
    }

    /// Removes the kernelspec in `dir`, if it is one of ours.
    pub fn uninstall(dir: &Path) -> Result<(), KernelspecError> {
        if !dir.exists() {
            return Err(KernelspecError::NotInstalled(dir.to_owned()));
        }
        if !Self::read(dir).is_some_and(|spec| spec.is_ours()) {
            return Err(KernelspecError::Foreign(dir.to_owned()));
        }
        fs::remove_dir_all(dir).map_err(|source| KernelspecError::Io {
            path: dir.to_owned(),
            source,
        })
    }
}

/// The folder of the kernelspec `name` in a Jupyter data folder.
pub fn kernelspec_dir(data: &Path, name: &str) -> Result<PathBuf, KernelspecError> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
    if !name.chars().all(allowed) || name.chars().all(|c| c == '.') {
        return Err(KernelspecError::BadName(name.to_owned()));
    }
    Ok(data.join("kernels").join(name))
}

fn write_synced(path: &Path, content: &str) -> io::Result<()> {
    // What is in it is run, whatever the umask allows others.
    let mut file = File::options()
        .write(true)
        .create_new(true)
        .mode(0o644)
        .open(path)?;
    file.write_all(content.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(program: &str) -> Kernelspec {
        Kernelspec::new(Path::new(program), DEFAULT_DISPLAY_NAME).expect("a kernelspec")
    }

    #[test]
    fn an_installed_kernelspec_reads_back_and_leaves_nothing_beside_it() {
        let data = tempfile::tempdir().expect("a folder");
        let dir = kernelspec_dir(data.path(), "woozle").expect("a valid name");
        spec("/opt/woozle").install(&dir).expect("installed");
        spec("/opt/newer/woozle")
            .install(&dir)
            .expect("installed again");

        let read = Kernelspec::read(&dir).expect("readable");
        assert_eq!(
            read.argv,
            ["/opt/newer/woozle", "kernel", "-f", "{connection_file}"]
        );
        assert_eq!(read.display_name, "Rust (Woozle)");
        assert_eq!(read.language, "rust");
        assert_eq!(read.interrupt_mode.as_deref(), Some("message"));
        assert_eq!(read.other["metadata"]["debugger"], true);
        assert!(dir.join("logo-svg.svg").exists());
        let names: Vec<_> = fs::read_dir(data.path().join("kernels"))
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        assert_eq!(names, ["woozle"]);
    }

    #[test]
    fn another_kernels_folder_is_neither_replaced_nor_removed() {
        let data = tempfile::tempdir().expect("a folder");
        let dir = kernelspec_dir(data.path(), "python3").expect("a valid name");
        fs::create_dir_all(&dir).expect("made");
        let foreign =
            r#"{"argv": ["python", "-m", "ipykernel"], "display_name": "P", "language": "python"}"#;
        fs::write(dir.join("kernel.json"), foreign).expect("written");

        assert!(matches!(
            spec("/opt/woozle").install(&dir),
            Err(KernelspecError::Foreign(_))
        ));
        assert!(matches!(
            Kernelspec::uninstall(&dir),
            Err(KernelspecError::Foreign(_))
        ));
        assert_eq!(
            fs::read_to_string(dir.join("kernel.json")).expect("still there"),
            foreign
        );
    }

    #[test]
    fn uninstall_says_when_there_is_nothing() {
        let data = tempfile::tempdir().expect("a folder");
        let dir = kernelspec_dir(data.path(), "woozle").expect("a valid name");
        assert!(matches!(
            Kernelspec::uninstall(&dir),
            Err(KernelspecError::NotInstalled(_))
        ));
        spec("/opt/woozle").install(&dir).expect("installed");
        Kernelspec::uninstall(&dir).expect("removed");
        assert!(!dir.exists());
    }

    #[test]
    fn names_that_jupyter_would_not_find_are_refused() {
        for name in ["", "..", "Woozle", "a/b", "wo ozle", "wöozle"] {
            assert!(
                kernelspec_dir(Path::new("/data"), name).is_err(),
                "{name:?}"
            );
        }
        for name in ["woozle", "woozle-0.1", "my_rust"] {
            assert!(kernelspec_dir(Path::new("/data"), name).is_ok(), "{name:?}");
        }
    }

    #[test]
    fn unknown_keys_are_kept() {
        let text = r#"{"argv": ["w"], "display_name": "W", "language": "rust", "env": {"A": "1"}}"#;
        let spec: Kernelspec = serde_json::from_str(text).expect("parsed");
        assert_eq!(
            serde_json::to_value(&spec).expect("written")["env"]["A"],
            "1"
        );
    }
}
