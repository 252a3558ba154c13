//! A cell's text taken apart: commands, magics, code.

use super::look::PAGE;
use super::{Command, find};
use crate::compiler::parse::Parsed;
use crate::compiler::resolve::similar_names::nearest;
use crate::compiler::tokens::Names;

/// A cell's text.
pub(in crate::session) struct Script<'a> {
    pub(in crate::session) commands: Vec<Line<'a>>,
    pub(in crate::session) magic: Option<Magic>,
    /// The code; what was taken out is blank, so that lines and columns stay.
    pub(in crate::session) code: String,
}

/// A line with a command.
pub(in crate::session) struct Line<'a> {
    pub(super) command: &'static Command,
    pub(super) argument: &'a str,
}

/// What is to be done with the whole cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum Magic {
    /// `%%time`: it is run once, and measured.
    Time,
    /// `%%bench`: it is run many times, and measured.
    Bench,
}

const MAGICS: [(&str, Magic); 2] = [("time", Magic::Time), ("bench", Magic::Bench)];

/// Takes a text apart, or says what is wrong with a command of it.
pub(in crate::session) fn read(text: &str) -> Result<Script<'_>, String> {
    let mut script = Script {
        commands: Vec::new(),
        magic: None,
        code: String::with_capacity(text.len()),
    };
    // What is Rust as it stands has no commands: such lines are within a string, say.
    let is_rust = !may_hold_commands(text) || Parsed::new(text, &Names::new()).is_some();
    let mut is_first = true;
    for line in text.split_inclusive('\n') {
        if !is_rust && let Some((word, argument)) = command(line) {
            let command = find(word)?;
            script.commands.push(Line { command, argument });
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
    match foreign(&script.code) {
        Some(advice) => Err(advice),
        None => Ok(script),
    }
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
    let rest = line.strip_prefix(':')?.trim();
    let (word, argument) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    (!rest.starts_with(':')).then_some((word, argument.trim()))
}

/// The magic after the first `%`.
fn magic_of(text: &str) -> Result<Magic, String> {
    let whole_cell = text.starts_with('%');
    let text = text.trim_start_matches('%');
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    match MAGICS.iter().find(|(name, _)| *name == word) {
        Some((_, magic)) if whole_cell && rest.trim().is_empty() => Ok(*magic),
        Some((name, _)) => Err(format!(
            "`%%{name}` stands on a line of its own, before the code that it measures"
        )),
        None => Err(not_a_magic(word)),
    }
}

/// What to do instead of a magic of IPython's.
fn not_a_magic(word: &str) -> String {
    let instead = match word {
        "timeit" => "write `%%bench` as the cell's first line",
        "prun" | "lprun" | "mprun" | "memit" => {
            "write `%%time` as the cell's first line; `perf` profiles a whole program"
        }
        "who" | "whos" | "who_ls" => "`:vars` lists the variables",
        "reset" | "xdel" => "`:clear` forgets what the cells have defined",
        "env" | "set_env" => "write `:env NAME=VALUE`",
        "pip" | "conda" | "uv" | "cargo" => "`:dep name = \"1.0\"` adds a crate",
        "cd" | "pwd" => "use `std::env::set_current_dir` and `std::env::current_dir`",
        "ls" | "cat" | "bash" | "sh" | "script" | "system" | "sx" => {
            "run programs by `std::process::Command`"
        }
        "writefile" => "use `std::fs::write`",
        "load" | "run" => "cells hold Rust code; `include!(\"file.rs\");` takes in a file",
        "html" | "svg" | "latex" | "markdown" => {
            "show a value of `woozle::display` as the last expression"
        }
        "matplotlib" | "pylab" => "use a crate such as plotters, whose pictures are shown",
        "pdb" | "debug" => "there is no debugger; `dbg!` prints a value with its place",
        "history" | "hist" => "the front end has the history; it is kept across sessions",
        "lsmagic" | "magic" | "quickref" => {
            "there are `%%time` and `%%bench`; `:help` lists the commands"
        }
        _ => match nearest(word, MAGICS.iter().map(|(name, _)| *name)) {
            Some(name) => return format!("there is no `%{word}`; did you mean `%%{name}`?"),
            None => {
                "there are `%%time` and `%%bench`, as a cell's first line; `:help` lists the commands"
            }
        },
    };
    format!("there is no `%{word}` here: {instead}")
}

fn no_shell(line: &str) -> String {
    format!(
        "`{line}` is no Rust; programs are run by `std::process::Command`, and crates are added by `:dep`"
    )
}

/// What to do instead of a line such as `!ls -l`, which reads like Rust, if it does not compile.
pub(in crate::session) fn meant(code: &str, error: &str) -> Option<String> {
    let is_program = |line: &&str| {
        let word = line.strip_prefix('!')?.split_whitespace().next()?;
        error.contains(&format!("`{word}`")).then_some(())
    };
    let line = code.lines().find(|line| is_program(line).is_some())?;
    Some(no_shell(line.trim()))
}

/// What to do instead of a line of IPython's, if the text is not Rust for such a line.
fn foreign(code: &str) -> Option<String> {
    let is_word = |rest: &str| rest.starts_with(|c: char| c.is_alphabetic());
    let line = code
        .lines()
        .find(|line| line.strip_prefix(['!', '%']).is_some_and(is_word))?;
    if Parsed::new(code, &Names::new()).is_some() {
        return None;
    }
    let line = line.trim();
    if let Some(magic) = line.strip_prefix('%') {
        let word = magic.split_whitespace().next().unwrap_or_default();
        return Some(not_a_magic(word));
    }
    Some(no_shell(line))
}
