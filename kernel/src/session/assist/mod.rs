//! Completion and documentation: what a front end shows while code is being written. `README.md` says how the session and the
//! analyzer answer together.
//!
//! | part | module |
//! |---|---|
//! | where the cursor stands: after a dot, in a path, in a command | [`cursor`] |
//! | a name with what is known of it | [`entry`], read from items by [`items`] |
//! | the names of the session | [`names`] |
//! | the names of the runtime, by its sources | [`library`] |
//! | what can stand at a place, of all these | [`candidates`] |
//! | what to import, where a name is not known | [`import_hints`] |
//! | keywords, std's prelude | [`language`] |
//! | the session as all of these get it | [`snapshot`] |
//! | an entry as text and Markdown | [`page`] |
//! | the session as the analyzer gets it | [`notebook`] |
//! | the analyzer's life: built, started, asked | [`service`] |
//! | the two together: what the session knows, what the analyzer infers | [`assistant`] |

mod assistant;
mod candidates;
mod cursor;
mod entry;
mod import_hints;
mod items;
mod language;
mod library;
mod names;
mod notebook;
mod page;
mod service;
mod snapshot;

pub(crate) use assistant::Assistant;
pub(crate) use import_hints::import_hints;
pub(crate) use library::prepare;
pub(crate) use snapshot::Snapshot;

#[cfg(test)]
mod tests;
