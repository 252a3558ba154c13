//! A cell's text taken apart: commands, magics, code.

use super::alternatives;
use super::catalog::{Command, Id, MAGICS, Magic, PAGE, find};
use super::foreign::{self, not_a_magic};
use crate::compiler::syntax::cell::Parsed;
use crate::compiler::syntax::tokens::Names;
use crate::session::magics::explore::options::Options;

/// A cell's text.
pub(crate) struct Script<'a> {
    pub(crate) commands: Vec<Line<'a>>,
    /// What is said of commands of evcxr's that have no place here.
    pub(crate) notes: Vec<String>,
    pub(crate) magic: Option<Magic>,
    /// The code; what was taken out is blank, so that lines and columns stay.
    pub(crate) code: String,
}

/// A line with a command.
pub(crate) struct Line<'a> {
    pub(crate) command: &'static Command,
    pub(crate) argument: &'a str,
}

/// Takes a text apart, or says what is wrong with a command of it.
pub(crate) fn read(text: &str) -> Result<Script<'_>, String> {
    let mut script = Script {
        commands: Vec::new(),
        notes: Vec::new(),
        magic: None,
        code: String::with_capacity(text.len()),
    };
    // What is Rust as it stands has no commands: such lines are within a string, say.
    let is_rust = !may_hold_commands(text) || Parsed::new(text, &Names::new()).is_some();
    let mut is_first = true;
    for line in text.split_inclusive('\n') {
        if !is_rust && let Some((word, argument)) = command(line) {
            match alternatives::instead(word) {
                Some(advice) => script.notes.push(format!("`:{word}`: {advice}")),
                None => {
                    let command = find(word)?;
                    script.commands.push(Line { command, argument });
                }
            }
        } else if is_first && let Some(magic) = line.trim_start().strip_prefix('%') {
            script.magic = Some(magic_of(magic.trim())?);
        } else {
            is_first &= line.trim().is_empty();
            script.code.push_str(line);
            continue;
        }
        let blank = |c| if c == '\n' { '\n' } else { ' ' };
        script.code.extend(line.chars().map(blank));
    }
    match foreign::advice(&script.code) {
        Some(advice) => Err(advice),
        None => Ok(script),
    }
}

/// Whether a cell does no more than ask what the threads do.
pub(crate) fn asks_for_threads(text: &str) -> bool {
    let is_asked = |(word, argument): (&str, &str)| {
        let command = find(word).is_ok_and(|command| command.id == Id::Threads);
        command && argument.is_empty()
    };
    command(text.trim()).is_some_and(is_asked)
}

fn is_known(word: &str) -> bool {
    find(word).is_ok() || alternatives::instead(word).is_some()
}

fn may_hold_commands(text: &str) -> bool {
    text.lines().any(|line| command(line).is_some())
}

/// A line's command, and what follows it. `?NAME` is IPython's way to ask for a name.
fn command(line: &str) -> Option<(&str, &str)> {
    if let Some(name) = line.strip_prefix('?') {
        let name = name.trim_start_matches('?').trim();
        let is_part = |c: char| c.is_alphanumeric() || "_:.!".contains(c);
        return (!name.is_empty() && name.chars().all(is_part)).then_some((PAGE, name));
    }
    let rest = line.trim_start().strip_prefix(':')?.trim();
    let (word, argument) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    // With space before it, it may be the second line of a `let x` whose type does not compile.
    let is_meant = line.starts_with(':') || is_known(word);
    (is_meant && !rest.starts_with(':')).then_some((word, argument.trim()))
}

/// The magic after the first `%`.
fn magic_of(text: &str) -> Result<Magic, String> {
    let whole_cell = text.starts_with('%');
    let text = text.trim_start_matches('%');
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    match MAGICS.iter().find(|(name, ..)| *name == word) {
        Some((_, Magic::Explore(_), _)) if whole_cell => Options::read(rest).map(Magic::Explore),
        Some((_, magic, _)) if whole_cell && rest.trim().is_empty() => Ok(magic.clone()),
        Some((name, ..)) => Err(format!(
            "`%%{name}` stands on a line of its own, before the cell's code"
        )),
        None => Err(not_a_magic(word)),
    }
}
