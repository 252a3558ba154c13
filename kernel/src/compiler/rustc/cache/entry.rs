//! A result as one file: a line with the format and the number, one with the hash of all that follows, one with what rustc said, and
//! then the files, one after another.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::conditions::Conditions;
use super::contents::{Contents, hash};
use crate::compiler::names;
use crate::compiler::rustc::layout::Layout;
use crate::compiler::rustc::messages::{Compiled, Message};

/// What the first line begins with. Another number for each change of the form.
const FORMAT: &str = "woozle cell 1 ";

/// Larger ones are not kept.
const MOST_BYTES: usize = 32 << 20;

/// What one run of rustc gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The number under which the crate was compiled.
    pub serial: u32,
    /// The number of its cell, where it may get another one.
    cell: Option<u32>,
    /// What the result depends on besides its key.
    pub(super) conditions: Conditions,
    said: Said,
    mir: Vec<u8>,
    metadata: Vec<u8>,
    library: Vec<u8>,
}

/// What rustc said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Said {
    success: bool,
    messages: Vec<Message>,
}

/// What stands in the third line.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    said: Said,
    cell: Option<u32>,
    conditions: Conditions,
    /// How long MIR, metadata and library are.
    lengths: [usize; 3],
}

/// What a run gave, and where it is.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) serial: u32,
    pub(super) cell: Option<u32>,
    pub(super) success: bool,
    pub(super) messages: Vec<Message>,
    /// The crate's folder.
    pub(super) sources: PathBuf,
    /// The names of the files there that belong to the source.
    pub(super) own_files: BTreeSet<String>,
    /// When it was begun.
    pub(super) began: SystemTime,
    /// What it has read; nothing if it came to an error before it had read anything but the source.
    pub(super) dep_info: Option<String>,
    pub(super) mir: Vec<u8>,
    pub(super) metadata: Option<PathBuf>,
    pub(super) library: Option<PathBuf>,
}

impl Entry {
    /// Reads all that was given.
    ///
    /// # Errors
    /// When a file cannot be read, or the result may be that of other files than there are now.
    pub(super) fn new(given: Given, contents: &Contents) -> io::Result<Self> {
        let read = |path: Option<PathBuf>| path.map_or(Ok(Vec::new()), fs::read);
        let conditions = given
            .dep_info
            .as_ref()
            .map_or(Ok(Conditions::default()), |dep_info| {
                Conditions::new(
                    dep_info,
                    &given.sources,
                    &given.own_files,
                    given.began,
                    contents,
                )
            })?;
        Ok(Self {
            serial: given.serial,
            cell: given.cell,
            conditions,
            said: Said {
                success: given.success,
                messages: given.messages,
            },
            mir: given.mir,
            metadata: read(given.metadata)?,
            library: read(given.library)?,
        })
    }

    /// Whether there is a library.
    pub fn is_crate(&self) -> bool {
        !self.library.is_empty()
    }

    /// Puts the files where rustc and the linker would have written them for the crate with this number, of this cell; gives what
    /// rustc said.
    ///
    /// # Errors
    /// When one cannot be written.
    pub fn install(
        mut self,
        layout: &Layout,
        serial: u32,
        cell: Option<u32>,
    ) -> io::Result<Compiled> {
        if let (Some(old), Some(new)) = (self.cell, cell)
            && old != new
        {
            self.renumber(&names::cell_name(old), &names::cell_name(new))?;
        }
        fs::create_dir_all(layout.sources(serial))?;
        let files = [
            (layout.metadata(serial), &self.metadata),
            (layout.library(serial), &self.library),
            (layout.mir(serial), &self.mir),
        ];
        for (path, content) in files {
            if !content.is_empty() {
                fs::write(path, content)?;
            }
        }
        Ok(Compiled {
            success: self.said.success,
            messages: self.said.messages,
            ..Compiled::default()
        })
    }

    /// Replaces the cell's name, which is as long as the old one.
    fn renumber(&mut self, old: &str, new: &str) -> io::Result<()> {
        let said = serde_json::to_string(&self.said)?;
        self.said = serde_json::from_str(&said.replace(old, new))?;
        self.metadata.clear(); // nobody reads it
        for content in [&mut self.mir, &mut self.library] {
            let (old, new) = (old.as_bytes(), new.as_bytes());
            let mut at = 0;
            while let Some(next) = content[at..].iter().position(|byte| *byte == old[0]) {
                at += next;
                if content[at..].starts_with(old) {
                    content[at..at + old.len()].copy_from_slice(new);
                }
                at += 1;
            }
        }
        Ok(())
    }

    /// As a file's content.
    ///
    /// # Errors
    /// When it is too large.
    pub(super) fn encode(&self) -> io::Result<Vec<u8>> {
        let blobs = [&self.mir, &self.metadata, &self.library];
        let header = Header {
            said: self.said.clone(),
            cell: self.cell,
            conditions: self.conditions.clone(),
            lengths: blobs.map(Vec::len),
        };
        let mut rest = serde_json::to_vec(&header)?;
        rest.push(b'\n');
        for blob in blobs {
            rest.extend_from_slice(blob);
        }
        if rest.len() > MOST_BYTES {
            return Err(ErrorKind::FileTooLarge.into());
        }
        let can_be_named = self.is_crate() && self.cell.is_none();
        let number = if can_be_named { self.serial } else { 0 };
        let mut content = format!(
            "{FORMAT}{number} {}\n{}\n",
            self.serial,
            hex::encode(hash(&rest))
        )
        .into_bytes();
        content.append(&mut rest);
        Ok(content)
    }

    /// From a file's content; nothing if it is not as it was written.
    pub(super) fn decode(content: &[u8]) -> Option<Self> {
        let (first, rest) = split_line(content)?;
        let (_, serial) = first.strip_prefix(FORMAT)?.split_once(' ')?;
        let (digest, rest) = split_line(rest)?;
        if digest != hex::encode(hash(rest)) {
            return None;
        }
        let (header, blobs) = split_line(rest)?;
        let header: Header = serde_json::from_str(header).ok()?;
        let [mir, metadata, library] = header.lengths;
        let (mir, blobs) = blobs.split_at_checked(mir)?;
        let (metadata, blobs) = blobs.split_at_checked(metadata)?;
        let (library, blobs) = blobs.split_at_checked(library)?;
        if !blobs.is_empty() {
            return None;
        }
        Some(Self {
            serial: serial.parse().ok()?,
            cell: header.cell,
            conditions: header.conditions,
            said: header.said,
            mir: mir.to_vec(),
            metadata: metadata.to_vec(),
            library: library.to_vec(),
        })
    }
}

/// The number of the crate that an entry is of, by the first bytes of its file; nothing if no other crate can name it.
pub(super) fn crate_of(begin: &[u8]) -> Option<u32> {
    let (first, _) = split_line(begin)?;
    let (number, _) = first.strip_prefix(FORMAT)?.split_once(' ')?;
    number.parse().ok().filter(|number| *number != 0)
}

/// The first line, and what follows it.
fn split_line(content: &[u8]) -> Option<(&str, &[u8])> {
    let end = content.iter().position(|byte| *byte == b'\n')?;
    let line = std::str::from_utf8(&content[..end]).ok()?;
    Some((line, &content[end + 1..]))
}
