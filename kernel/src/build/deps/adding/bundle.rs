//! The library that holds the crates of a step: made by rustc itself, so that it holds what nothing before it does.

#![expect(
    clippy::disallowed_methods,
    reason = "rustc, which ends with the kernel"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::build::cargo::CargoError;
use crate::build::deps::step::Step;
use crate::build::toolchain::Toolchain;
use crate::compiler::rustc::toolchain::folder_of;
use crate::system::lease;

/// A library to be made.
pub(super) struct Bundle<'a> {
    pub(super) toolchain: &'a Toolchain,
    /// The folder with the runtime's libraries.
    pub(super) runtime: &'a Path,
    /// The steps before.
    pub(super) before: &'a [std::sync::Arc<Step>],
    /// Its name.
    pub(super) name: &'a str,
    /// The crates in it, and those that they are named beside: names and files.
    pub(super) externs: &'a [(String, PathBuf)],
    /// What it has besides them.
    pub(super) source: &'a str,
    /// Folders of libraries in other languages, with their kind.
    pub(super) natives: &'a [String],
    /// The names of such libraries that are shared.
    pub(super) shared: &'a [String],
    /// Where it goes, and its crates are.
    pub(super) folder: &'a Path,
    /// That folder, when all is done.
    pub(super) place: &'a Path,
}

impl Bundle<'_> {
    /// Makes it; gives its file's name.
    ///
    /// It is linked to the runtime and to the libraries of the steps before: rustc takes no crate from two libraries that
    /// do not know of each other.
    pub(super) fn make(&self) -> Result<String, CargoError> {
        let mut source = String::from("extern crate woozle as _;\n");
        let before = self.before.iter().filter(|step| step.library.is_some());
        let mut names: Vec<&str> = before.clone().map(|step| &*step.bundle).collect();
        names.extend(self.externs.iter().map(|(name, _)| &**name));
        names.dedup();
        for name in names {
            source.push_str(&format!("extern crate {name} as _;\n"));
        }
        source.push_str(self.source);
        let root = self.folder.join("bundle.rs");
        fs::write(&root, source)?;
        let mut rustc = Command::new(&self.toolchain.rustc);
        rustc
            .arg(&root)
            .args(["--edition=2024", "--crate-type=dylib", "--emit=link"])
            .args([
                "-Cprefer-dynamic",
                "-Copt-level=3",
                "-Cdebuginfo=0",
                "-Aunused",
            ])
            .arg(format!("--crate-name={}", self.name))
            .arg(format!("-Cmetadata={}", self.name))
            .arg(format!("--out-dir={}", self.folder.display()));
        let mut search = |folder: &Path| {
            rustc.arg(format!("-Ldependency={}", folder.display()));
            rustc.arg(rpath(folder));
        };
        search(self.runtime);
        self.before.iter().for_each(|step| search(&step.search));
        rustc.arg(format!("-Ldependency={}", self.folder.display()));
        rustc.arg(rpath(self.place));
        rustc.arg(rpath(&self.toolchain.libraries));
        rustc.arg("-Clink-arg=-Wl,--disable-new-dtags");
        for path in self.natives {
            rustc.arg(format!("-L{path}"));
            rustc.arg(rpath(folder_of(path)));
        }
        // Also if only the inline code of a crate uses them, which is compiled in cells: those find them through this library.
        if !self.shared.is_empty() {
            rustc.arg("-Clink-arg=-Wl,--no-as-needed");
            let names = self.shared.iter();
            rustc.args(names.map(|name| format!("-Clink-arg=-l{name}")));
        }
        for kind in ["so", "rlib", "rmeta"] {
            let library = self.runtime.join("libwoozle").with_extension(kind);
            if library.exists() {
                rustc.arg(format!("--extern=woozle={}", library.display()));
            }
        }
        for step in before {
            if let Some(library) = &step.library {
                rustc.arg(format!("--extern={}={}", step.bundle, library.display()));
            }
        }
        for (name, file) in self.externs {
            rustc.arg(format!("--extern={name}={}", file.display()));
        }
        let out = lease::run(&mut rustc).map_err(CargoError::NotStarted)?;
        if !out.status.success() {
            let said = String::from_utf8_lossy(&out.stderr);
            return Err(CargoError::Failed(format!(
                "error: the crates cannot be linked together\n{said}"
            )));
        }
        Ok(format!("lib{}.so", self.name))
    }
}

fn rpath(folder: &Path) -> String {
    format!("-Clink-arg=-Wl,-rpath,{}", folder.display())
}
