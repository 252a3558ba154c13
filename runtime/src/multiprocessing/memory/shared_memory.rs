//! `SharedMemory`: bytes that processes share, by a name.

use std::fmt;
use std::fs::File;
use std::io;

use memmap2::{MmapOptions, MmapRaw};
use rustix::fs::{FallocateFlags, Mode};
use rustix::shm::OFlags;

/// Bytes in shared memory, with a name: Python's `multiprocessing.shared_memory.SharedMemory`.
///
/// ```
/// use woozle::multiprocessing::{Process, SharedMemory};
///
/// fn write(name: String) {
///     SharedMemory::attach(&name).unwrap().write(0, b"Woozle");
/// }
///
/// let memory = SharedMemory::create(None, 100)?;
/// let p = Process::with_args(write, (memory.name().to_string(),))?;
/// p.start()?;
/// p.join()?;
/// assert_eq!(memory.read(0, 6), b"Woozle");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The name is for programs that are not Woozle's. Between cells and their processes, an
/// [`Array`](crate::multiprocessing::Array) or a [`SharedArray`](crate::multiprocessing::SharedArray) needs none, and so leaves nothing
/// behind. Who has created the memory removes its name when its handle is dropped; Python's resource
/// tracker does it at the end of the program.
pub struct SharedMemory {
    name: String,
    map: MmapRaw,
    /// Whether this process removes the name.
    owned: bool,
}

impl SharedMemory {
    /// New memory of so many bytes, all zero; without a name, it gets one that nobody has. Python:
    /// `SharedMemory(name, create=True, size=size)`.
    ///
    /// # Errors
    ///
    /// `InvalidInput` for a size of 0; `AlreadyExists`; `StorageFull` when there is not so much.
    pub fn create(name: Option<&str>, size: usize) -> io::Result<Self> {
        if size == 0 {
            let text = "the size of shared memory must be at least 1";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        let name = match name {
            Some(name) => name.to_owned(),
            None => format!("woozle-{:016x}", rand::random::<u64>()),
        };
        let flags = OFlags::CREATE | OFlags::EXCL | OFlags::RDWR;
        let file = open(&name, flags)?;
        let length = size as u64;
        // All of it now: what is missing would be a crash later.
        let memory = rustix::fs::fallocate(&file, FallocateFlags::empty(), 0, length)
            .map_err(io::Error::from)
            .and_then(|()| MmapOptions::new().len(size).map_raw(&file));
        let map = memory.inspect_err(|_| {
            let _ = rustix::shm::unlink(format!("/{name}"));
        })?;
        Ok(Self {
            name,
            map,
            owned: true,
        })
    }

    /// Memory that there is. Python: `SharedMemory(name)`.
    ///
    /// # Errors
    ///
    /// `NotFound`.
    ///
    /// ```
    /// # use woozle::multiprocessing::SharedMemory;
    /// let error = SharedMemory::attach("no-such-memory").unwrap_err();
    /// assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    /// ```
    pub fn attach(name: &str) -> io::Result<Self> {
        let file = open(name, OFlags::RDWR)?;
        Ok(Self {
            name: name.to_owned(),
            map: MmapOptions::new().map_raw(&file)?,
            owned: false,
        })
    }

    /// Its name, by which other programs find it. Python: `m.name`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many bytes there are. Python: `m.size`.
    pub fn size(&self) -> usize {
        self.map.len()
    }

    /// Copies bytes from it. Python: `bytes(m.buf[at:at + length])`.
    ///
    /// If another process writes them at the same time, some are from before and some from after.
    ///
    /// # Panics
    ///
    /// If they are not all within it.
    #[track_caller]
    pub fn read(&self, at: usize, length: usize) -> Vec<u8> {
        self.check(at, length);
        let begin = self.map.as_ptr();
        // SAFETY: within the map, by the line above; volatile, since others may write.
        (at..at + length)
            .map(|at| unsafe { begin.add(at).read_volatile() })
            .collect()
    }

    /// Copies bytes to it. Python: `m.buf[at:at + len(data)] = data`.
    ///
    /// # Panics
    ///
    /// If there is no room for all.
    #[track_caller]
    pub fn write(&self, at: usize, bytes: &[u8]) {
        self.check(at, bytes.len());
        for (offset, byte) in bytes.iter().enumerate() {
            // SAFETY: within the map, by the line above; volatile, since others may read.
            unsafe { self.map.as_mut_ptr().add(at + offset).write_volatile(*byte) };
        }
    }

    #[track_caller]
    fn check(&self, at: usize, length: usize) {
        let size = self.size();
        assert!(
            at.checked_add(length).is_some_and(|end| end <= size),
            "{length} bytes at {at}, of shared memory of {size} bytes"
        );
    }

    /// Where the bytes are, for code that is careful: other processes read and write them at the
    /// same time. Python: `m.buf`.
    pub fn as_mut_ptr(&self) -> *mut u8 {
        self.map.as_mut_ptr()
    }

    /// Removes the name; the memory lives on for those who have it. Python: `m.unlink()`.
    ///
    /// # Errors
    ///
    /// `NotFound` if somebody has removed it.
    pub fn unlink(&mut self) -> io::Result<()> {
        self.owned = false;
        Ok(rustix::shm::unlink(format!("/{}", self.name))?)
    }

    /// Leaves the name there when the handle is dropped, for other programs. Python: `track=False`,
    /// since 3.13.
    pub fn keep(&mut self) {
        self.owned = false;
    }
}

fn open(name: &str, flags: OFlags) -> io::Result<File> {
    let mode = Mode::RUSR | Mode::WUSR;
    let descriptor = rustix::shm::open(format!("/{name}"), flags, mode)?;
    Ok(File::from(descriptor))
}

impl Drop for SharedMemory {
    fn drop(&mut self) {
        if self.owned {
            let _ = self.unlink();
        }
    }
}

impl fmt::Debug for SharedMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SharedMemory('{}', size={})", self.name, self.size())
    }
}
