//! Linking: from a cell's object to the library that the host loads.
//!
//! rustc does not link cells: it would have to collect what the linker is told, and start it, when the object is there.
//! Its own lld does ([`lld`]), which is started with rustc and has read all other libraries when the object comes. Where there is no
//! such lld, where it fails, or where the user has chosen a linker, `cc` links ([`cc`]): it knows the system best.
//!
//! A library of a cell has no metadata of Rust: what later cells have to know of it is in the `.rmeta` file beside it.

mod cc;
pub mod lld;
pub mod native;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use woozle::protocol::library_name;

use super::layout::Layout;
use super::toolchain::{Toolchain, folder_of};
use native::NativeLibrary;

/// What becomes a library.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link<'a> {
    /// What there is to link with.
    pub(super) toolchain: &'a Toolchain,
    /// Where the files are.
    pub(super) layout: &'a Layout,
    /// The crate's number.
    pub(super) serial: u32,
    /// The crates of earlier cells whose code or statics it may use.
    pub(super) needs: &'a BTreeSet<u32>,
    /// What its `#[link]` attributes name.
    pub(super) natives: &'a [NativeLibrary],
    /// The object.
    pub(super) object: &'a Path,
    /// The library.
    pub(super) library: &'a Path,
}

impl Link<'_> {
    /// Starts lld, if it can do this.
    pub(super) fn start(&self) -> Option<lld::Waiting> {
        let lld = self.toolchain.lld().filter(|_| self.natives.is_empty())?;
        let started = lld.start(self.library, &self.options(""), &self.libraries());
        started
            .inspect_err(|error| tracing::debug!(%error, "lld cannot be started; cc links"))
            .ok()
    }

    /// Links, by the lld that waits for the object if there is one.
    ///
    /// # Errors
    /// When the linker cannot be started or fails; then its words are in the error.
    pub(super) fn finish(&self, waiting: Option<lld::Waiting>) -> io::Result<()> {
        if let Some(waiting) = waiting {
            match waiting.link(self.object) {
                Ok(()) => return Ok(()),
                // What the user's code links to may be known to `cc` alone.
                Err(error) => {
                    tracing::debug!(serial = self.serial, %error, "lld could not link a cell; cc is tried");
                }
            }
        }
        cc::link(&self.arguments_of_cc())
    }

    fn arguments_of_cc(&self) -> Vec<OsString> {
        let mut arguments = vec![
            OsString::from("-o"),
            self.library.into(),
            self.object.into(),
        ];
        arguments.extend(self.options("-Wl,"));
        arguments.extend(self.libraries().into_iter().map(OsString::from));
        for native in &self.toolchain.natives {
            arguments.extend([OsString::from("-L"), folder_of(native).into()]);
        }
        let natives = self.natives.iter().flat_map(NativeLibrary::arguments);
        let system = lld::SYSTEM.iter().map(|name| format!("-l{name}"));
        let chosen = self.toolchain.link_argument.iter().cloned();
        arguments.extend(natives.chain(system).chain(chosen).map(OsString::from));
        arguments
    }

    /// Options that every linker knows, with what has to stand before each for this one.
    pub(super) fn options(&self, before: &str) -> Vec<OsString> {
        let mut options = vec![
            format!("-soname={}", library_name(self.serial)),
            "-znow".to_owned(),
            // Where its functions are in a cache line, on which the speed of the shortest depends, is not left to what the
            // tables before them take.
            "-zseparate-code".to_owned(),
            // What a cell defines it also calls: no other library puts anything in its place.
            "-Bsymbolic-functions".to_owned(),
            "-znoexecstack".to_owned(),
            "--eh-frame-hdr".to_owned(),
            // A process of `multiprocessing` loads a cell alone, and with it what it needs.
            "-rpath=$ORIGIN".to_owned(),
        ];
        let folders: BTreeSet<&Path> = self
            .bundles()
            .filter_map(|library| library.parent())
            .collect();
        let natives = self
            .toolchain
            .natives
            .iter()
            .map(|native| folder_of(native));
        let folders = folders.into_iter().chain(natives);
        options.extend(folders.map(|folder| format!("-rpath={}", folder.display())));
        options.push("--as-needed".to_owned());
        options
            .into_iter()
            .map(|option| OsString::from(format!("{before}{option}")))
            .collect()
    }

    /// The libraries of Rust that may be needed.
    fn libraries(&self) -> Vec<PathBuf> {
        let cells = self.needs.iter().map(|serial| self.layout.library(*serial));
        let all = cells.chain(self.bundles().cloned());
        // One that somebody has removed is missed by cells that use it, and by no others.
        let mut libraries: Vec<PathBuf> = all.filter(|library| library.exists()).collect();
        libraries.push(self.toolchain.std.clone());
        libraries
    }

    /// The runtime, and what holds added crates.
    fn bundles(&self) -> impl Iterator<Item = &PathBuf> {
        let libraries = self.toolchain.externs.iter().map(|(_, library)| library);
        libraries.filter(|library| library.extension().is_some_and(|end| end == "so"))
    }
}
