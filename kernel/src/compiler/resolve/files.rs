//! Files whose content is a part of an item, as `include_str!` makes it.

use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use crate::compiler::syntax::refers::References;

/// A file, as it was when an item was compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileState {
    path: PathBuf,
    state: Option<(SystemTime, u64)>,
}

impl FileState {
    fn of(path: PathBuf) -> Self {
        let metadata = fs::metadata(&path);
        let state = metadata
            .and_then(|metadata| Ok((metadata.modified()?, metadata.len())))
            .ok();
        Self { path, state }
    }

    /// Whether it is another one now.
    pub fn has_changed(&self) -> bool {
        Self::of(self.path.clone()) != *self
    }
}

/// The files of an item, as they are now; relative paths are relative to the notebook's folder, which is the kernel's.
pub fn states(refers: &References) -> Vec<FileState> {
    let files = refers.files.iter().map(PathBuf::from);
    files.map(FileState::of).collect()
}
