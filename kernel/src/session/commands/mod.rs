//! Commands: lines of a cell that begin with a colon, in evcxr's style; and `%%time`, `%%bench`.
//!
//! | part | module |
//! |---|---|
//! | all names, and what `:help` says of them | [`catalog`] |
//! | evcxr's commands that have no place here, and what to do instead | [`alternatives`] |
//! | a cell's text taken apart | [`script`], with what IPython's users try in [`foreign`] |
//! | from a name to what it does | [`dispatch`] |
//! | crates: `:dep` and what belongs to it | [`dependencies`] |
//! | what there is: `:vars`, `:type`, `:explain`, ... | [`inspect`] |
//! | what the session holds: `:clear`, `:undo`, `:env`, ... | [`state`] |
//! | how cells are compiled and shown: `:opt`, `:timing`, ... | [`options`] |
//! | `:help` | [`help`] |
//!
//! A new command is an entry in the catalog, a line in `dispatch`, and a function in its group's file. One that sets
//! something does so by [`Engine::settings_mut`](crate::session::engine::Engine::settings_mut): then it can be undone.
//! A new magic is an entry in the catalog, too; what it does to a cell is in `execution/run.rs`, and how that is compiled in the
//! compiler's `profile`.

mod alternatives;
pub(crate) mod catalog;
mod dependencies;
mod dispatch;
pub(crate) mod foreign;
mod help;
mod inspect;
mod invocation;
mod options;
pub(crate) mod script;
mod state;

#[cfg(test)]
mod tests;
