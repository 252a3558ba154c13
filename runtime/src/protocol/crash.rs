//! What the host leaves behind when it dies: a page of memory that the kernel holds, too.
//!
//! The page is an array of 64-bit words, written while the process dies; behind it comes the text of
//! `/proc/self/maps`, by which addresses become places in libraries.

use super::Place;

/// Bytes of the page; the maps begin there.
pub const PAGE: usize = 4096;
/// The words of the page by what they hold.
pub const STATE: usize = 0;
#[allow(missing_docs)]
pub const KIND: usize = 1;
#[allow(missing_docs)]
pub const NUMBER: usize = 2;
#[allow(missing_docs)]
pub const CODE: usize = 3;
#[allow(missing_docs)]
pub const ADDRESS: usize = 4;
#[allow(missing_docs)]
pub const STACK_POINTER: usize = 5;
#[allow(missing_docs)]
pub const SENDER: usize = 6;
#[allow(missing_docs)]
pub const ON_MAIN: usize = 7;
/// Two words: the thread's name; 0 if it has none of its own.
pub const NAME: usize = 8;
/// How many frames there were.
pub const DEPTH: usize = 10;
/// How many of them are here.
pub const STORED: usize = 11;
/// The first frame; the innermost come first, and if there were too many, some from the outer end follow.
pub const FRAMES: usize = 12;
/// How many frames fit.
pub const MOST_FRAMES: usize = 256;
/// How many of those are from the outer end, if there are too many.
pub const OUTER: usize = 64;

/// The cell that started the thread; see [`CURRENT_CELL`].
pub const CELL: usize = 285;
/// What tells the thread from the others of its process and of its copies: its thread pointer.
pub const THREAD: usize = 286;

/// The word that has the length of what the last panic said; that follows: its place, a zero, its
/// message.
pub const PANIC: usize = 287;

/// [`KIND`]: a signal.
pub const SIGNAL: u64 = 1;
/// [`KIND`]: a call of `exit`.
pub const EXIT: u64 = 2;

/// [`Crash::cell`]: a pool's thread works for whoever runs.
pub const CURRENT_CELL: u32 = u32::MAX;

/// How a host died.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crash {
    /// What it died of.
    pub cause: Cause,
    /// Whether it was on the thread that runs the cells.
    pub on_main: bool,
    /// The thread's name, at most 15 bytes of it; empty if it has none of its own.
    pub thread: String,
    /// The cell that started it, by its crate's number; [`CURRENT_CELL`] if it is a pool's.
    pub cell: u32,
    /// What tells the thread from all others, also in the process's copies.
    pub thread_pointer: u64,
    /// The addresses of the calls, the innermost first.
    pub frames: Vec<u64>,
    /// How many calls were left out after [`MOST_FRAMES`] - [`OUTER`] of them.
    pub left_out: u64,
    /// What `/proc/self/maps` said.
    pub maps: String,
    /// The last panic, whether caught or not: its message, which may be cut short, and its place.
    pub last_panic: Option<(String, Option<Place>)>,
}

/// What a host died of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// A signal.
    Signal {
        /// Its number.
        number: i32,
        /// The system's code for the reason.
        code: i32,
        /// The address that was accessed, if it was an access.
        address: u64,
        /// The stack pointer.
        stack_pointer: u64,
        /// The process that sent it, if one did.
        sender: i32,
    },
    /// A call of `exit` with this code.
    Exit(i32),
}

impl Crash {
    /// Reads the page and what comes behind it; `None` if nothing was left.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (page, maps) = bytes.split_at_checked(PAGE)?;
        let word = |n: usize| {
            let bytes = page.get(8 * n..8 * n + 8)?;
            Some(u64::from_le_bytes(bytes.try_into().ok()?))
        };
        if word(STATE)? == 0 {
            return None;
        }
        // What was an i32 is one again.
        let int = |n: usize| word(n).map(|word| word as i32);
        let cause = match word(KIND)? {
            SIGNAL => Cause::Signal {
                number: int(NUMBER)?,
                code: int(CODE)?,
                address: word(ADDRESS)?,
                stack_pointer: word(STACK_POINTER)?,
                sender: int(SENDER)?,
            },
            EXIT => Cause::Exit(int(NUMBER)?),
            _ => return None,
        };
        let name = &page[8 * NAME..8 * NAME + 16];
        let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
        let stored = word(STORED)?.min(MOST_FRAMES as u64);
        let frames = (0..usize::try_from(stored).ok()?).map_while(|n| word(FRAMES + n));
        Some(Self {
            cause,
            on_main: word(ON_MAIN)? == 1,
            thread: String::from_utf8_lossy(name).into_owned(),
            cell: u32::try_from(word(CELL)?).ok()?,
            thread_pointer: word(THREAD)?,
            frames: frames.collect(),
            left_out: word(DEPTH)?.saturating_sub(stored),
            maps: String::from_utf8_lossy(maps).into_owned(),
            last_panic: last_panic(page),
        })
    }
}

fn last_panic(page: &[u8]) -> Option<(String, Option<Place>)> {
    let (length, text) = page.get(8 * PANIC..)?.split_first_chunk::<8>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let text = String::from_utf8_lossy(text.get(..length).filter(|text| !text.is_empty())?);
    let (place, message) = text.split_once('\0')?;
    let mut parts = place.rsplitn(3, ':');
    let (column, line, file) = (parts.next(), parts.next(), parts.next());
    let number = |text: Option<&str>| text.and_then(|text| text.parse().ok());
    let place = file.zip(number(line)).zip(number(column));
    let place = place.map(|((file, line), column)| Place {
        file: file.to_owned(),
        line,
        column,
    });
    Some((message.to_owned(), place))
}
