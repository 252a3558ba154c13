//! How panics and threads are put into words, the same on both sides.

use std::fmt;

use super::{ITEMS_MARK, Panic};

/// A thread, for people, by its name.
pub fn thread_shown(name: &str) -> String {
    match name {
        "" => "an unnamed thread".to_owned(),
        name => format!("thread `{name}`"),
    }
}

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let thread = self.thread.as_deref().unwrap_or("<unnamed>");
        write!(f, "'{thread}' panicked")?;
        if let Some(place) = &self.place {
            let file = place.file.trim_end_matches(ITEMS_MARK);
            write!(f, " at {file}:{}:{}", place.line, place.column)?;
        }
        write!(f, ":\n{}", self.message)
    }
}
