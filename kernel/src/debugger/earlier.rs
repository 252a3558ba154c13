//! Cells that were compiled before the debugger was on, or as it was off: their code runs on in threads, and is called by later cells.
//!
//! They are compiled once more, and LLDB reads what that has to say of their code, if it is the same code. With the variables it often
//! is not; with lines alone it is.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use object::{Object, ObjectSection};

use crate::compiler::rustc::DebugInfo;

/// What compiles a crate once more.
pub type Again = Box<dyn Fn(DebugInfo) -> io::Result<PathBuf> + Send>;

/// A crate that has nothing to say to a debugger.
pub(super) struct EarlierCrate {
    /// Its number.
    pub(super) serial: u32,
    /// The cell that it is of.
    pub(super) cell: u32,
    /// Its library, as it runs.
    library: PathBuf,
    again: Again,
}

impl EarlierCrate {
    pub(super) fn new((serial, cell): (u32, u32), library: PathBuf, again: Again) -> Self {
        Self {
            serial,
            cell,
            library,
            again,
        }
    }

    /// The command by which LLDB knows all of it that can be known; compiles it if need be.
    ///
    /// # Errors
    /// When that fails, or the code is another one.
    pub(super) fn explain(&self) -> io::Result<String> {
        let mut lined = (self.again)(DebugInfo::Full)?;
        if !is_same_code(&self.library, &lined)? {
            lined = (self.again)(DebugInfo::Lines)?;
            if !is_same_code(&self.library, &lined)? {
                return Err(io::Error::other(
                    "compiled once more, its code is other code",
                ));
            }
        }
        let (running, lined) = (self.library.display(), lined.display());
        Ok(format!("target symbols add -s \"{running}\" \"{lined}\""))
    }
}

/// Whether two libraries have the same code at the same place.
fn is_same_code(one: &Path, other: &Path) -> io::Result<bool> {
    Ok(code(one)? == code(other)?)
}

fn code(library: &Path) -> io::Result<Option<(u64, Vec<u8>)>> {
    let bytes = fs::read(library)?;
    let file = object::File::parse(&*bytes).map_err(io::Error::other)?;
    let text = file.section_by_name(".text");
    Ok(text.and_then(|text| Some((text.address(), text.data().ok()?.to_vec()))))
}
