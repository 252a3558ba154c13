//! Where a run's results go: into a file, which is replaced as a whole, or into what is no file and stays what it is.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use crate::system::atomic::{folder_of, write_atomically};
use crate::system::files::kind;

/// The names of this process's standard output.
const STDOUT: [&str; 3] = ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

/// How many links may lead to a file, as in the system's own look-up.
const LINKS: usize = 40;

/// Where results are to be written; it is known to be possible, but for what happens meanwhile.
#[derive(Debug)]
pub enum Target {
    /// A file, which may be there or not.
    File(PathBuf),
    /// A pipe, a terminal or another device.
    Stream(PathBuf, File),
    /// Standard output.
    Stdout,
}

impl Target {
    /// What is asked for by `path`. A symbolic link is followed, so that the link stays a link.
    ///
    /// # Errors
    /// When nothing can be written there.
    pub fn open(path: &Path) -> io::Result<Self> {
        if STDOUT.iter().any(|name| path == Path::new(name)) {
            return Ok(Self::Stdout);
        }
        match fs::metadata(path) {
            Ok(about) if about.is_file() => Self::file(path.canonicalize()?),
            Ok(about) if about.file_type().is_fifo() || about.file_type().is_char_device() => {
                Self::stream(path)
            }
            Ok(about) => {
                let why = format!("it is {}", kind(about.file_type()));
                Err(io::Error::new(io::ErrorKind::InvalidInput, why))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::file(followed(path)?),
            Err(error) => Err(error),
        }
    }

    fn file(path: PathBuf) -> io::Result<Self> {
        let folder = folder_of(&path);
        if !folder.is_dir() {
            let why = format!("the folder {} does not exist", folder.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, why));
        }
        // Only trying tells: permissions are not all that can be in the way.
        tempfile::tempfile_in(folder)?;
        Ok(Self::File(path))
    }

    /// It is opened at once: whether somebody reads from a pipe is to be known before anything runs.
    fn stream(path: &Path) -> io::Result<Self> {
        let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
        let opened = OpenOptions::new()
            .write(true)
            .custom_flags(flags.bits().cast_signed())
            .open(path);
        let file = opened.map_err(|error| {
            if error.raw_os_error() == Some(rustix::io::Errno::NXIO.raw_os_error()) {
                io::Error::new(error.kind(), "nobody reads from this pipe")
            } else {
                error
            }
        })?;
        rustix::io::ioctl_fionbio(&file, false)?;
        Ok(Self::Stream(path.to_owned(), file))
    }

    /// What to call it.
    pub fn path(&self) -> &Path {
        match self {
            Self::File(path) | Self::Stream(path, _) => path,
            Self::Stdout => Path::new(STDOUT[0]),
        }
    }

    /// Writes it all. A file is as it was, if that fails.
    ///
    /// # Errors
    /// When something cannot be written.
    pub fn write(&mut self, content: &[u8]) -> io::Result<()> {
        match self {
            Self::File(path) => write_atomically(path, content),
            Self::Stream(_, file) => file.write_all(content),
            Self::Stdout => {
                let mut stdout = io::stdout().lock();
                stdout.write_all(content)?;
                stdout.flush()
            }
        }
    }
}

/// Where a path leads at which there is nothing: perhaps by links.
fn followed(path: &Path) -> io::Result<PathBuf> {
    let mut path = std::path::absolute(path)?;
    for _ in 0..LINKS {
        match fs::read_link(&path) {
            Ok(next) => path = folder_of(&path).join(next),
            Err(_) => return Ok(path),
        }
    }
    Err(rustix::io::Errno::LOOP.into())
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    use super::*;

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let real = folder.path().canonicalize().expect("there");
        (folder, real)
    }

    fn pipe(path: &Path) {
        let made = Command::new("mkfifo").arg(path).status();
        assert!(made.is_ok_and(|status| status.success()));
    }

    #[test]
    fn links_lead_to_files_and_stay_links() {
        let (_folder, real) = folder();
        fs::write(real.join("real.ipynb"), "old").expect("written");
        symlink("real.ipynb", real.join("link.ipynb")).expect("linked");
        symlink("link.ipynb", real.join("second.ipynb")).expect("linked");
        // There is nothing yet where this one leads.
        symlink("new.ipynb", real.join("dangling.ipynb")).expect("linked");
        symlink("round.ipynb", real.join("round.ipynb")).expect("linked");
        for (name, file) in [
            ("link.ipynb", "real.ipynb"),
            ("second.ipynb", "real.ipynb"),
            ("dangling.ipynb", "new.ipynb"),
        ] {
            let mut target = Target::open(&real.join(name)).expect("fine");
            assert_eq!(target.path(), real.join(file));
            target.write(name.as_bytes()).expect("written");
            let text = fs::read_to_string(real.join(file)).expect("read");
            assert_eq!(text, name);
            assert!(real.join(name).is_symlink());
        }
        Target::open(&real.join("round.ipynb")).expect_err("it leads nowhere");
    }

    #[test]
    fn what_cannot_be_written_is_refused_at_once() {
        let (_folder, real) = folder();
        pipe(&real.join("pipe"));
        let _socket = UnixListener::bind(real.join("socket")).expect("bound");
        for (name, part) in [
            (".", "a folder"),
            ("no/new.ipynb", "does not exist"),
            ("pipe", "nobody reads"),
            ("socket", "a socket"),
        ] {
            let error = Target::open(&real.join(name)).expect_err(name);
            assert!(error.to_string().contains(part), "{name}: {error}");
        }
    }

    #[test]
    fn what_is_no_file_is_written_to_and_stays_what_it_is() {
        let (_folder, real) = folder();
        let path = real.join("pipe");
        pipe(&path);
        // For reading and writing, which does not wait for another process.
        let mut reader = OpenOptions::new()
            .read(true)
            .write(true)
            .open(&path)
            .expect("opened");
        Target::open(&path)
            .and_then(|mut target| target.write(b"honey"))
            .expect("written");
        let mut read = [0; 5];
        reader.read_exact(&mut read).expect("read");
        assert_eq!(&read, b"honey");
        assert!(path.metadata().expect("there").file_type().is_fifo());

        let device = |name: &str| Path::new(name).metadata().map(|about| about.file_type());
        let written = |name: &str| Target::open(Path::new(name))?.write(b"honey");
        written("/dev/null").expect("written");
        let error = written("/dev/full").expect_err("it is full");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        for name in ["/dev/null", "/dev/full"] {
            assert!(device(name).is_ok_and(|kind| kind.is_char_device()));
        }
    }
}
