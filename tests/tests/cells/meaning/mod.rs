//! What names mean, over random sequences of cells.
//!
//! For any sequence of definitions, imports and redefinitions, what the session prints after each cell is what a fresh session of
//! the definitions as they are then would print. The [`notebook`] is a model of that: every name is looked up when it is asked for.
//! Statics and variables keep their values throughout. A failure tells its seed; `WOOZLE_MEANING=SEED` runs that sequence alone,
//! `WOOZLE_MEANING=SEED..SEED` many.

mod notebook;
mod terms;

use crate::support::Session;
use crate::support::numbers::Numbers;
use notebook::Notebook;

/// How many cells a sequence has.
const CELLS: usize = 14;

/// Runs the sequence of a seed.
fn sequence(seed: u64) {
    let mut random = Numbers::from_state(seed.wrapping_mul(0x2545_F491_4F6C_DD1D));
    let mut notebook = Notebook::default();
    let mut session = Session::start();
    let mut history = vec![notebook.first_cell()];
    session.run(&history[0]).ok();
    for _ in 0..CELLS {
        let definition = notebook.change(&mut random);
        let (question, answer) = notebook.question();
        // A definition is seen by its own cell, and by later ones.
        let cells = if random.below(3) == 0 {
            vec![definition, question]
        } else {
            vec![format!("{definition}\n{question}")]
        };
        let mut result = None;
        for text in cells {
            history.push(text);
            let cell = session.run(&history[history.len() - 1]);
            let shown = history.join("\n--\n");
            assert!(
                cell.error.is_none(),
                "seed {seed}: {cell:#?}\nafter\n{shown}"
            );
            assert!(
                !cell.stderr.contains("anew"),
                "seed {seed}: {cell:#?}\nafter\n{shown}"
            );
            result = cell.result;
        }
        let shown = history.join("\n--\n");
        assert_eq!(
            result.as_deref(),
            Some(&*answer),
            "seed {seed}, after\n{shown}"
        );
    }
}

/// The seeds that are asked for, or these.
fn seeds(usual: std::ops::Range<u64>) -> std::ops::Range<u64> {
    let Ok(asked) = std::env::var("WOOZLE_MEANING") else {
        return usual;
    };
    let number = |text: &str| text.parse().expect("a seed");
    match asked.split_once("..") {
        Some((first, end)) => number(first)..number(end),
        None => number(&asked)..number(&asked) + 1,
    }
}

#[test]
fn names_mean_what_they_would_in_a_fresh_session() {
    seeds(1..4).for_each(sequence);
}

#[test]
fn names_mean_what_they_would_in_a_fresh_session_of_other_seeds() {
    if std::env::var_os("WOOZLE_MEANING").is_none() {
        (4..7).for_each(sequence);
    }
}
