//! Moves, borrows, guards and ends of values over cells, against one `main`.
//!
//! Programs are drawn ([`model`]) from kinds of [`statements`] about a few [`items`], and cut into cells. rustc compiles each as one
//! `main` ([`oracle`]), which tells what each cell prints, in which order values are dropped, and which cells it refuses. A cell is
//! refused if the cells before it that are not, and it, are no valid `main`; then it changes nothing.
//!
//! That this is about the cells so far, and not about the whole program, is the one thing that a notebook cannot do otherwise: a
//! borrower ends where its owner is changed, and what is refused is its later use. What a cell binds anew ends with that cell
//! (`Cell::hidden`), as nothing can name it any more.
//!
//! A failure tells its seed; `WOOZLE_BORROWS=SEED` runs that program alone, `WOOZLE_BORROWS=SEED..SEED` many, and tells of all failures.

mod items;
mod model;
mod oracle;
mod places;
mod program;
mod statements;

use std::fmt::Write as _;

use crate::support::Session;
use items::ITEMS;
use oracle::{Fate, Judged};

/// How many cells a program has, at least.
const CELLS: usize = 12;

/// How many programs rustc compiles at once.
const AT_ONCE: usize = 40;

/// Runs a program in a session that defines nothing yet; gives what is different there.
fn run(session: &mut Session, judged: &Judged) -> Result<(), String> {
    session.run(ITEMS).ok();
    let program = &judged.program;
    let mut shown = format!("seed {}:\n", program.seed);
    let mut last = None;
    for (cell, fate) in program.cells.iter().zip(&judged.fates) {
        if *fate == Fate::NotTried {
            continue;
        }
        // One main ends there; the next program finds nothing of it.
        if matches!(fate, Fate::Runs(stdout) if stdout.ends_with("PANIC\n")) {
            session.run(":clear").ok();
            session.run("{}").ok();
            return Ok(());
        }
        let text = program.text(cell);
        let _ = writeln!(shown, "{text}\n-- {fate:?}");
        let request = session.send(&text);
        let cell = session.finish(&request);
        let is_right = match fate {
            Fate::Runs(stdout) => cell.is_ok() && cell.stdout == *stdout,
            _ => !cell.is_ok() && cell.stdout.is_empty() && !cell.fails().contains("woozle"),
        };
        if !is_right {
            let error = cell
                .error
                .as_ref()
                .map(|_| cell.fails())
                .unwrap_or_default();
            return Err(format!(
                "{shown}but:\n{}{}{error}",
                cell.stdout, cell.stderr
            ));
        }
        if cell.is_ok() {
            last = Some((request, cell.stdout.len()));
        }
    }
    // What the drops print belongs to the cell that ran last.
    session.run(":clear").ok();
    session.run("{}").ok();
    let end = last.map_or_else(String::new, |(request, before)| {
        session.cell(&request).stdout[before..].to_owned()
    });
    if end == judged.end {
        return Ok(());
    }
    Err(format!(
        "{shown}at the end {:?}\nbut:\n           {end:?}",
        judged.end
    ))
}

/// Runs the programs of seeds; a session that failed is not used again.
fn compare(seeds: &[u64]) {
    let mut failures = Vec::new();
    let mut session = None;
    for seeds in seeds.chunks(AT_ONCE) {
        let draw = |seed: &u64| model::draw(*seed, CELLS);
        for judged in oracle::judge(seeds.iter().map(draw).collect()) {
            let mut here = session.take().unwrap_or_else(Session::start);
            match run(&mut here, &judged) {
                Ok(()) => session = Some(here),
                Err(failure) => failures.push(failure),
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn cells_borrow_and_drop_as_one_main() {
    let number = |text: &str| text.parse::<u64>().expect("a seed");
    let seeds: Vec<u64> = match std::env::var("WOOZLE_BORROWS") {
        Err(_) => (1..6).collect(),
        Ok(asked) => match asked.split_once("..") {
            Some((first, end)) => (number(first)..number(end)).collect(),
            None => vec![number(&asked)],
        },
    };
    compare(&seeds);
}
