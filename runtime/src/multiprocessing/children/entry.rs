//! The address of a function, in a form that another process can find: which library, and where in
//! it. Libraries lie at different addresses in different processes.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
use serde::{Deserialize, Serialize};

/// Where a function is: in a library, or in the program itself (an empty path).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Entry {
    module: PathBuf,
    offset: u64,
}

/// What the dynamic loader says of a loaded file; the first fields of its `link_map`.
#[repr(C)]
struct LinkMap {
    /// What is added to the file's addresses.
    bias: usize,
    name: *const c_char,
}

impl Entry {
    /// The entry of a function of this process.
    ///
    /// # Errors
    /// When no loaded file has that address.
    pub(crate) fn of(address: *const ()) -> io::Result<Self> {
        const RTLD_DL_LINKMAP: c_int = 2;
        let mut map: *mut LinkMap = std::ptr::null_mut();
        // SAFETY: zero is a valid value of this structure of pointers.
        let mut info: libc::Dl_info = unsafe { std::mem::zeroed() };
        // SAFETY: `info` and `map` are valid for the answers; the address is only compared.
        let found = unsafe {
            libc::dladdr1(
                address.cast::<c_void>().cast_mut(),
                &raw mut info,
                (&raw mut map).cast(),
                RTLD_DL_LINKMAP,
            )
        };
        if found == 0 || map.is_null() {
            return Err(io::Error::other("the function is in no library"));
        }
        // SAFETY: the loader's own structure, whose file is never unloaded (see `host::cells`).
        let (bias, name) = unsafe { ((*map).bias, CStr::from_ptr((*map).name)) };
        let module = Path::new(std::ffi::OsStr::from_bytes(name.to_bytes()));
        let module = match module.as_os_str().is_empty() {
            true => PathBuf::new(),
            false => std::path::absolute(module)?,
        };
        let offset = address.addr().wrapping_sub(bias) as u64;
        Ok(Self { module, offset })
    }

    /// The file that it is in; empty for the program itself.
    pub(crate) fn module(&self) -> &Path {
        &self.module
    }

    /// The same function where its file is in another folder.
    #[must_use]
    pub(crate) fn within(&self, folder: &Path) -> Self {
        let name = self.module.file_name().unwrap_or_default();
        Self {
            module: folder.join(name),
            offset: self.offset,
        }
    }

    /// The function's address in this process; loads the library if it is not loaded.
    ///
    /// # Errors
    /// When the library cannot be loaded.
    pub(crate) fn resolve(&self) -> io::Result<*const ()> {
        let path = Some(&self.module).filter(|path| !path.as_os_str().is_empty());
        // SAFETY: a library that the session's host has loaded before, from the same file.
        let library = unsafe { Library::open(path, RTLD_NOW | RTLD_LOCAL) }.map_err(|error| {
            io::Error::other(format!("cannot load {}: {error}", self.module.display()))
        })?;
        let handle = library.into_raw(); // never unloaded
        let mut map: *mut LinkMap = std::ptr::null_mut();
        // SAFETY: a handle from the loader; `map` is valid for the answer.
        let failed =
            unsafe { libc::dlinfo(handle, libc::RTLD_DI_LINKMAP, (&raw mut map).cast()) } != 0;
        if failed || map.is_null() {
            return Err(io::Error::other(
                "the loader does not say where a library is",
            ));
        }
        // SAFETY: the loader's own structure of a library that stays loaded.
        let bias = unsafe { (*map).bias };
        // Addresses of this machine.
        Ok(std::ptr::with_exposed_provenance(
            bias.wrapping_add(self.offset as usize),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn twice(n: u32) -> u32 {
        2 * n
    }

    #[test]
    fn an_entry_leads_back_to_its_function() {
        let entry = Entry::of(twice as *const ()).unwrap();
        assert_eq!(entry.resolve().unwrap().addr(), (twice as *const ()).addr());
        let in_libc = Entry::of(libc::getpid as *const ()).unwrap();
        assert!(in_libc.module.is_absolute(), "{in_libc:?}");
        assert_eq!(
            in_libc.resolve().unwrap().addr(),
            (libc::getpid as *const ()).addr()
        );
        assert!(Entry::of(8 as *const ()).is_err());
    }
}
