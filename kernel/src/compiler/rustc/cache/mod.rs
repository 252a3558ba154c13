//! What rustc has given for cells, kept for later sessions: a notebook that is run again as it was needs no rustc.
//!
//! An entry is all that one run gave: its messages, the MIR, the metadata, and the library, linked. A run that found errors is
//! kept as well, so that a cell that takes several runs is found as a whole.
//!
//! | file | |
//! |---|---|
//! | `key` | what a result depends on and is known before, as a name |
//! | `conditions` | what it depends on besides, which only rustc can tell: files and environment that the source reads |
//! | `contents` | files by their content |
//! | `entry` | a result as one file |
//! | `folder` | where they are: how much, how long |
//!
//! As with cargo, a macro that reads a file, the environment or the clock without telling rustc is not run again for that.
//!
//! Crates have numbers, which are part of their names and symbols. The key is of a source in which the crate's own number is
//! [`ANY`], and the entry has the number under which it was compiled, so that is the crate's number in each session that takes it. For
//! that, each session counts from a number that it draws.
//!
//! The number of the cell that the user sees is in the result, too: a panic tells it. A crate that no other can name, as it has
//! no items, may be that of a cell with another number, and stand in one session more than once: the number is replaced
//! ([`Entry::install`]), and the library gets another file.

mod conditions;
mod contents;
mod entry;
pub mod folder;
mod key;

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::SystemTime;

pub use entry::Entry;
pub use key::Key;

use crate::compiler::rustc::contract::code;
use crate::compiler::rustc::invocation::Invocation;
use crate::compiler::rustc::layout::DEP_INFO;
use crate::compiler::rustc::messages::Compiled;
use crate::compiler::rustc::mode::Mode;
use crate::compiler::rustc::toolchain::Toolchain;
use crate::system::lock::LockUnpoisoned as _;
use contents::Contents;
use entry::Given;
use folder::Folder;

/// Of how many crates rustc is told before it is known whether they are wanted.
const RECENT: usize = 64;

/// A crate's number while it does not have one.
pub const ANY: u32 = 0;

/// The cache; without a folder nothing is kept. What is to be written is written before it is dropped.
#[derive(Debug, Default)]
pub struct CellCache(Option<Arc<Shared>>);

#[derive(Debug)]
struct Shared {
    folder: Folder,
    contents: Contents,
    /// What this session has taken from here, or put here.
    used: Mutex<BTreeSet<Key>>,
    /// What is about to be written.
    unwritten: Mutex<BTreeSet<Key>>,
    /// The thread that writes.
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl CellCache {
    /// The cache in a folder, which is swept meanwhile.
    pub fn new(folder: Folder) -> Self {
        let shared = Shared {
            contents: Contents::load(&folder.contents()),
            folder,
            used: Mutex::default(),
            unwritten: Mutex::default(),
            writer: Mutex::default(),
        };
        let cache = Self(Some(Arc::new(shared)));
        cache.in_background(|shared| shared.folder.sweep());
        cache
    }

    /// Reads what every cell is compiled against, so that the first cell does not wait for it.
    pub fn read_ahead(&self, toolchain: &Toolchain) {
        let files: Vec<PathBuf> = key::files(toolchain).map(Path::to_owned).collect();
        self.in_background(move |shared| {
            for file in &files {
                let _ = shared.contents.of_library(file); // asked again when it matters
            }
            shared.save_contents();
        });
    }

    /// What names the result of a run whose crate has the number [`ANY`], if it can be kept.
    /// `cell` is the cell's own number, if the result is that of any other number with as many digits.
    pub fn key(
        &self,
        invocation: &Invocation<'_>,
        notebook: &Path,
        cell: Option<u32>,
    ) -> Option<Key> {
        let shared = self.0.as_ref()?;
        let key = key::of(invocation, notebook, cell, &shared.contents);
        key.inspect_err(|error| tracing::debug!(%error, "a cell has no place in the cache"))
            .ok()
            .flatten()
    }

    /// What was given before, if all that it depends on is as it was then.
    pub fn find(&self, key: &Key) -> Option<Entry> {
        let shared = self.0.as_ref()?;
        // A cell that is run again at once: to wait takes less time than to compile.
        if shared.unwritten.lock_unpoisoned().contains(key) {
            self.finish();
        }
        let entry = shared.folder.read(key)?;
        if let Err(reason) = entry.conditions.check(&shared.contents) {
            tracing::debug!(%reason, "a cell is compiled again");
            return None;
        }
        shared.used.lock_unpoisoned().insert(key.clone());
        Some(entry)
    }

    /// Keeps what a run gave that began then, if the source alone decides on it. It is written later. `cell` is what the key was made
    /// with.
    pub fn store(
        &self,
        (key, cell): (Key, Option<u32>),
        invocation: &Invocation<'_>,
        compiled: &Compiled,
        began: SystemTime,
    ) {
        if !is_of_source(compiled) {
            return;
        }
        let given = match given(invocation, cell, compiled, began) {
            Ok(given) => given,
            Err(error) => return tracing::debug!(%error, "a cell is not kept"),
        };
        if let Some(shared) = &self.0 {
            shared.unwritten.lock_unpoisoned().insert(key.clone());
        }
        self.in_background(move |shared| {
            let entry = Entry::new(given, &shared.contents);
            let written = entry.and_then(|entry| shared.folder.write(&key, &entry));
            shared.unwritten.lock_unpoisoned().remove(&key);
            match written {
                Ok(()) => drop(shared.used.lock_unpoisoned().insert(key)),
                Err(error) => tracing::debug!(%error, "a cell is not kept"),
            }
            // A runtime that was built just now is known only by now, and a kernel may be killed at any time.
            shared.save_contents();
        });
    }

    /// The numbers of the crates that were last of use: those of this notebook, if it was the last one.
    pub fn recent(&self) -> BTreeSet<u32> {
        let shared = self.0.as_ref();
        shared.map_or_else(BTreeSet::new, |shared| shared.folder.recent(RECENT))
    }

    /// Removes what this session has used.
    pub fn forget_used(&self) {
        let Some(shared) = &self.0 else { return };
        self.finish();
        for key in std::mem::take(&mut *shared.used.lock_unpoisoned()) {
            shared.folder.remove(&key);
        }
    }

    /// Waits until all is written.
    fn finish(&self) {
        let writer = self.0.as_ref();
        let writer = writer.and_then(|shared| shared.writer.lock_unpoisoned().take());
        if let Some(writer) = writer {
            let _ = writer.join();
        }
    }

    /// Does something when what was to be done before it is done.
    fn in_background(&self, work: impl FnOnce(&Shared) + Send + 'static) {
        let Some(shared) = &self.0 else { return };
        let mut writer = shared.writer.lock_unpoisoned();
        let before = writer.take();
        let shared = Arc::clone(shared);
        let started = thread::Builder::new()
            .name("cell-cache".to_owned())
            .spawn(move || {
                if let Some(before) = before {
                    let _ = before.join();
                }
                work(&shared);
            });
        match started {
            Ok(thread) => *writer = Some(thread),
            Err(error) => tracing::debug!(%error, "the cache does without a thread"),
        }
    }
}

impl Shared {
    /// What is known of large files need not be found out by the next session.
    fn save_contents(&self) {
        let saved = self.contents.save(&self.folder.contents());
        if let Err(error) = saved {
            tracing::debug!(%error, "what libraries contain is not kept");
        }
    }
}

impl Drop for CellCache {
    fn drop(&mut self) {
        self.in_background(Shared::save_contents);
        self.finish();
    }
}

/// What a run gave: at once what another run of the same crate would write over.
fn given(
    invocation: &Invocation<'_>,
    cell: Option<u32>,
    compiled: &Compiled,
    began: SystemTime,
) -> io::Result<Given> {
    let Invocation { layout, serial, .. } = *invocation;
    let sources = layout.sources(serial);
    let dep_info = match fs::read_to_string(sources.join(DEP_INFO)) {
        Err(error) if error.kind() == ErrorKind::NotFound && !compiled.success => {
            if invocation.may_read_more() {
                return Err(error);
            }
            None
        }
        text => Some(text?),
    };
    let mir = match compiled.success && invocation.kind.mir {
        true => fs::read(layout.mir(serial))?,
        false => Vec::new(),
    };
    let has_library = compiled.success && invocation.kind.mode != Mode::Check;
    Ok(Given {
        serial,
        cell,
        success: compiled.success,
        messages: compiled.messages.clone(),
        sources,
        own_files: invocation.own_files().map(str::to_owned).collect(),
        began,
        dep_info,
        mir,
        metadata: has_library.then(|| layout.metadata(serial)),
        library: has_library.then(|| layout.library(serial)),
    })
}

/// Whether a run of the same source would give the same: a disk that was full, or a file that was missing, says nothing of that.
fn is_of_source(compiled: &Compiled) -> bool {
    let mut errors = compiled.errors().peekable();
    compiled.rest.is_empty()
        && compiled.ended_by.is_none()
        && compiled.success != errors.peek().is_some()
        && errors.all(|error| !error.spans.is_empty() && error.code() != code::NO_CRATE)
}
