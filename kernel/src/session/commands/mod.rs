//! Commands: lines of a cell that begin with a colon, in evcxr's style; and `%%time`, `%%bench`.
//!
//! | group | module |
//! |---|---|
//! | what there is: `:vars`, `:type`, `:explain`, ... | [`look`] |
//! | what the session holds: `:clear`, `:undo`, `:env`, ... | [`state`] |
//! | crates: `:dep` and what belongs to it | [`crates`] |
//! | how cells are compiled and shown: `:opt`, `:timing`, ... | [`settings`] |
//! | evcxr's commands that have no place here, and what to do instead | [`elsewhere`] |
//! | `:help` | [`help`] |
//!
//! A command is an entry in its group's table. [`script`] takes a cell's text apart.

mod crates;
mod elsewhere;
mod help;
mod look;
mod script;
mod settings;
mod state;

pub(super) use script::{Magic, meant, read};

use super::execute::Work;
use super::report;
use crate::compiler::resolve::similar_names::nearest;
use crate::server::CellContext;
use crate::wire::content::ReplyError;

/// A command.
pub(super) struct Command {
    pub(super) name: &'static str,
    /// Other names.
    also: &'static [&'static str],
    /// What may follow, as `:help` shows it.
    takes: &'static str,
    /// What it does.
    pub(super) what: &'static str,
    run: fn(&mut Work, &Call<'_>) -> Done,
}

/// One use of a command.
pub(super) struct Call<'a> {
    /// What follows the name.
    argument: &'a str,
    context: &'a CellContext,
}

type Done = Result<(), ReplyError>;

/// The commands, by group.
const GROUPS: &[(&str, &[Command])] = &[
    ("crates", crates::COMMANDS),
    ("the session", look::COMMANDS),
    ("its state", state::COMMANDS),
    ("compiling and showing", settings::COMMANDS),
    ("help", help::COMMANDS),
];

/// All commands.
pub(super) fn all() -> impl Iterator<Item = &'static Command> {
    GROUPS.iter().flat_map(|(_, commands)| *commands)
}

/// The command of a name, or why there is none and what to do instead.
fn find(word: &str) -> Result<&'static Command, String> {
    let mut found = all().filter(|command| command.name == word || command.also.contains(&word));
    match found.next() {
        Some(command) => Ok(command),
        None => Err(elsewhere::instead(word)
            .map_or_else(|| unknown(word), |advice| format!("`:{word}`: {advice}"))),
    }
}

/// There is no such command; perhaps another one was meant.
fn unknown(word: &str) -> String {
    match nearest(word, all().map(|command| command.name)) {
        Some(name) => format!("there is no command `:{word}`; did you mean `:{name}`?"),
        None => format!("there is no command `:{word}`; `:help` lists those that there are"),
    }
}

impl Work {
    /// Does what a cell's commands say.
    pub(super) fn obey(&mut self, commands: &[script::Line<'_>], context: &CellContext) -> Done {
        for line in commands {
            let call = Call {
                argument: line.argument,
                context,
            };
            (line.command.run)(self, &call)?;
        }
        self.add_wanted_crates(context)
    }
}

/// A command was used wrongly.
fn wrong<T>(reason: impl AsRef<str>) -> Result<T, ReplyError> {
    Err(report::error("command", reason.as_ref()))
}

/// `0`/`off`, `1`/`on`, or nothing, which turns the present setting round.
fn switch(argument: &str, now: bool) -> Result<bool, ReplyError> {
    match argument {
        "" => Ok(!now),
        "1" | "on" | "true" => Ok(true),
        "0" | "off" | "false" => Ok(false),
        _ => wrong(format!("`{argument}` is neither `on` nor `off`")),
    }
}

fn on_off(set: bool) -> &'static str {
    if set { "on" } else { "off" }
}

fn is_name(text: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    !text.is_empty() && text.chars().all(is_part)
}

#[cfg(test)]
mod tests;
