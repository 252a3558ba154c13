//! What threads do while a cell runs under `%%timeline`: recorded here, drawn by the kernel.
//!
//! | part | module |
//! |---|---|
//! | what is noted, and where from | [`note`] |
//! | each thread's place in the memory for it | [`lanes`] |
//! | beginning, and reading what was noted | [`recording`] |
//!
//! While nothing is recorded, each note is one load of an atomic. What is noted are waits, and what ends them: so code that
//! neither waits nor wakes costs nothing more under `%%timeline`, either. Noting takes no lock and no memory from the
//! allocator: it may happen within both.

mod lanes;
mod note;
mod recording;

pub(crate) use lanes::{is_on, memory};
pub(crate) use note::{
    begins, ends, named, prints, releases, starts, takes, task, waits_for, waits_for_thread, wakes,
};
pub use note::{sleeps, waits_on_futex, wakes_futex};
pub(crate) use recording::Recording;
