//! What IPython's users try here, and what to do instead.

use super::catalog::{MAGICS, magics};
use crate::compiler::resolve::similar_names::nearest;
use crate::compiler::syntax::cell::Parsed;
use crate::compiler::syntax::tokens::Names;

/// What to do instead of a magic of IPython's.
pub(super) fn not_a_magic(word: &str) -> String {
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
            return format!(
                "there is no `%{word}` here: there are {}; `:help` lists the commands",
                magics()
            );
        }
        _ => match nearest(word, MAGICS.iter().map(|(name, ..)| *name)) {
            Some(name) => return format!("there is no `%{word}`; did you mean `%%{name}`?"),
            None => {
                return format!(
                    "there is no `%{word}` here: there are {}, as a cell's first line; `:help` lists the commands",
                    magics()
                );
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
pub(crate) fn shell_advice(code: &str, error: &str) -> Option<String> {
    let is_program = |line: &&str| {
        let word = line.strip_prefix('!')?.split_whitespace().next()?;
        error.contains(&format!("`{word}`")).then_some(())
    };
    let line = code.lines().find(|line| is_program(line).is_some())?;
    Some(no_shell(line.trim()))
}

/// What to do instead of a line of IPython's, if the text is not Rust for such a line.
pub(super) fn advice(code: &str) -> Option<String> {
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
