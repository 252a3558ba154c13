//! `/proc/self/maps`: which library an address lies in.

use std::path::{Path, PathBuf};

/// A library in memory.
#[derive(Debug, PartialEq, Eq)]
struct Library {
    path: PathBuf,
    /// Where its first byte lies.
    base: u64,
    /// Where its last mapping ends.
    end: u64,
}

/// The libraries of a process.
#[derive(Debug, Default)]
pub(super) struct Maps(Vec<Library>);

impl Maps {
    /// Reads the system's text; lines that make no sense are left out.
    pub(super) fn parse(text: &str) -> Self {
        let mut libraries: Vec<Library> = Vec::new();
        for line in text.lines() {
            let Some((start, end, path)) = mapping(line) else {
                continue;
            };
            match libraries.last_mut() {
                // A library is mapped once, in several pieces.
                Some(last) if last.path == path => last.end = end,
                _ => libraries.push(Library {
                    path: path.to_owned(),
                    base: start,
                    end,
                }),
            }
        }
        Self(libraries)
    }

    /// The library at an address, and the address within it.
    pub(super) fn find(&self, address: u64) -> Option<(&Path, u64)> {
        let mut libraries = self.0.iter();
        let library = libraries.find(|library| (library.base..library.end).contains(&address))?;
        Some((&library.path, address - library.base))
    }
}

/// A line's start, end and path.
fn mapping(line: &str) -> Option<(u64, u64, &Path)> {
    let path = line.find('/').map(|at| Path::new(&line[at..]))?;
    let (start, end) = line.split_whitespace().next()?.split_once('-')?;
    let number = |text| u64::from_str_radix(text, 16).ok();
    Some((number(start)?, number(end)?, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_in_its_library() {
        let maps = Maps::parse(
            "1000-2000 r--p 00000000 08:01 7 /lib/a.so\n2000-4000 r-xp 00000000 08:01 7 /lib/a.so\n\
             5000-6000 rw-p 00000000 00:00 0\n7000-8000 r-xp 00000000 08:01 8 /a b/c.so\n\
             nonsense\nzz-yy r-xp 0 0 0 /x\n9000-a000 rw-p 00000000 00:00 0 [stack]\n",
        );
        assert_eq!(maps.find(0x2010), Some((Path::new("/lib/a.so"), 0x1010)));
        assert_eq!(maps.find(0x7fff), Some((Path::new("/a b/c.so"), 0xfff)));
        assert_eq!(maps.find(0x5000), None);
        assert_eq!(maps.find(0x9000), None);
    }
}
