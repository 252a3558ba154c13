//! What a function of a cell needs on another machine: the libraries that its own one is linked to, without those that
//! every machine has.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{CStr, OsStr, c_char};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use libloading::os::unix::Library;

use crate::multiprocessing::children::entry::Entry;

/// What the dynamic loader says of a loaded file: the public part of its `link_map`.
#[repr(C)]
struct LinkMap {
    bias: usize,
    name: *const c_char,
    dynamic: *const Dynamic,
    next: *const LinkMap,
}

/// An entry of a file's dynamic section.
#[repr(C)]
struct Dynamic {
    tag: i64,
    value: usize,
}

const DT_NULL: i64 = 0;
const DT_NEEDED: i64 = 1;
const DT_STRTAB: i64 = 5;
const DT_SONAME: i64 = 14;

/// The C library's parts, and the compiler's: a machine's own ones fit each other.
const EVERYWHERE: [&str; 10] = [
    "ld-linux",
    "libc.",
    "libdl.",
    "libgcc_s.",
    "libm.",
    "libpthread.",
    "libresolv.",
    "librt.",
    "libutil.",
    "linux-vdso.",
];

/// A loaded library.
#[derive(Debug)]
struct Loaded {
    path: PathBuf,
    needed: Vec<String>,
}

/// The files that the runtime consists of, and what it needs.
pub(super) fn of_runtime() -> Vec<PathBuf> {
    let runtime = Entry::of(of_runtime as *const ());
    runtime.map_or_else(|_| Vec::new(), |entry| with_needed(&[entry.module()]))
}

/// The files of these libraries, and of all that they need. A path that is empty stands for this program.
pub(super) fn with_needed(libraries: &[&Path]) -> Vec<PathBuf> {
    let loaded = loaded();
    let mut names: Vec<String> = Vec::new();
    let mut files = BTreeSet::new();
    for library in libraries {
        let found = loaded.iter().find(|(_, other)| other.path == **library);
        match found {
            Some((name, _)) => names.push(name.clone()),
            None => {
                files.insert(library.to_path_buf());
            }
        }
    }
    let mut seen = BTreeSet::new();
    while let Some(name) = names.pop() {
        let is_everywhere = EVERYWHERE.iter().any(|own| name.starts_with(own));
        if is_everywhere || !seen.insert(name.clone()) {
            continue;
        }
        if let Some(library) = loaded.get(&name) {
            files.insert(library.path.clone());
            names.extend(library.needed.iter().cloned());
        }
    }
    files.into_iter().collect()
}

/// All that is loaded, by the name under which others need it.
fn loaded() -> BTreeMap<String, Loaded> {
    let mut all = BTreeMap::new();
    let handle = Library::this().into_raw();
    let mut map: *const LinkMap = std::ptr::null();
    // SAFETY: the handle of this program, from the loader; `map` is valid for the answer.
    unsafe { libc::dlinfo(handle, libc::RTLD_DI_LINKMAP, (&raw mut map).cast()) };
    while !map.is_null() {
        // SAFETY: the loader's own list. A library of a session is never unloaded, and a new one is put at the list's end
        // when it is complete.
        let (file, name) = unsafe { (&*map, CStr::from_ptr((*map).name)) };
        let path = Path::new(OsStr::from_bytes(name.to_bytes()));
        if path.is_absolute() {
            let (soname, needed) = section(file.dynamic);
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let name = soname.unwrap_or_else(|| name.into_owned());
            let path = path.to_path_buf();
            all.insert(name, Loaded { path, needed });
        }
        map = file.next;
    }
    all
}

/// What a file's dynamic section says: its own name, if it has one, and those that it needs.
fn section(mut entry: *const Dynamic) -> (Option<String>, Vec<String>) {
    let (mut strings, mut soname, mut needed) = (0, None, Vec::new());
    // SAFETY: the section of a loaded file, which ends with DT_NULL.
    while let Some(found) = unsafe { entry.as_ref() }.filter(|found| found.tag != DT_NULL) {
        match found.tag {
            DT_NEEDED => needed.push(found.value),
            DT_STRTAB => strings = found.value,
            DT_SONAME => soname = Some(found.value),
            _ => {}
        }
        // SAFETY: this was not the last entry.
        entry = unsafe { entry.add(1) };
    }
    let text = |offset: usize| {
        // SAFETY: the loader has put the address of the file's strings there, and these are offsets of strings in them.
        let text = unsafe { CStr::from_ptr(std::ptr::with_exposed_provenance(strings + offset)) };
        text.to_string_lossy().into_owned()
    };
    match strings {
        0 => (None, Vec::new()),
        _ => (soname.map(text), needed.into_iter().map(text).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_machine_has_is_left_out() {
        let loaded = loaded();
        let (name, libc) = loaded
            .iter()
            .find(|(name, _)| name.starts_with("libc."))
            .unwrap();
        assert!(
            libc.needed.iter().any(|name| name.starts_with("ld-linux")),
            "{libc:?}"
        );
        assert_eq!(with_needed(&[&libc.path]), Vec::<PathBuf>::new(), "{name}");
        let unknown = Path::new("/no/such/library.so");
        assert_eq!(with_needed(&[unknown]), [unknown]);
    }
}
