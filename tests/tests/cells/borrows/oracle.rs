//! What rustc says of whole programs: which cells it refuses, and what the others print.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;
use std::process::{Command, Output};

use super::items::ITEMS;
use super::program::{Cell, Program};

/// A program of which is known what becomes of it.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) program: Program,
    /// By cell; a cell that is not tried mentions variables of one that was refused.
    pub(super) fates: Vec<Fate>,
    /// What the whole program prints at its end.
    pub(super) end: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    Unknown,
    /// What it prints.
    Runs(String),
    /// rustc's codes.
    Refused(Vec<String>),
    NotTried,
}

/// What is printed before each program, and before each of its cells and its end.
const PROGRAM: &str = "\u{1}";
const CELL: &str = "\u{2}";

/// Judges programs. Those that cannot be compared are left out.
pub(super) fn judge(programs: Vec<Program>) -> Vec<Judged> {
    let folder = tempfile::tempdir().expect("a folder");
    let unknown = |program: Program| Judged {
        fates: vec![Fate::Unknown; program.cells.len()],
        program,
        end: String::new(),
    };
    let mut left: Vec<Judged> = programs.into_iter().map(unknown).collect();
    // Each time, the first cell of each program that is refused is left out.
    while refuse(&mut left, folder.path()) || left.iter_mut().any(Judged::end_borrowers) {}
    run(&mut left, folder.path());
    left
}

/// Notes the first cells that are refused; false if there are none.
fn refuse(judged: &mut Vec<Judged>, folder: &Path) -> bool {
    let source = Whole::of(judged);
    let output = rustc(
        &source.text,
        &["--emit=metadata", "--error-format=json"],
        folder,
    );
    let mut refused: Vec<BTreeSet<(usize, String)>> = vec![BTreeSet::new(); judged.len()];
    let mut astray = BTreeSet::new();
    for error in errors(&output) {
        let spans = error["spans"].as_array().expect("spans").iter();
        let line = |span: &serde_json::Value| span["line_start"].as_u64().expect("a line") as usize;
        let lines: Vec<usize> = spans.map(line).collect();
        let code = error["code"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        if lines.is_empty() {
            continue; // how many there are
        }
        let is_of_borrowing = error["message"].as_str()
            == Some("lifetime may not live long enough")
            || BORROWING.contains(&&*code);
        assert!(is_of_borrowing, "{error:#}\n{}", source.text);
        let cells = lines.iter().filter_map(|line| source.cell(*line));
        let Some((program, cell)) = cells.max() else {
            panic!("no cell is at fault: {error:#}\n{}", source.text);
        };
        if lines.iter().any(|line| source.is_added(*line)) {
            astray.insert(program);
        }
        refused[program].insert((cell, code));
    }
    let is_new = refused.iter().any(|refused| !refused.is_empty());
    for (judged, refused) in judged.iter_mut().zip(refused) {
        let Some((first, _)) = refused.first() else {
            continue;
        };
        let codes = refused.iter().filter(|(cell, _)| cell == first);
        judged.fates[*first] = Fate::Refused(codes.map(|(_, code)| code.clone()).collect());
        judged.leave_out(*first);
        judged.try_again(*first + 1);
    }
    let mut number = 0..;
    judged.retain(|_| !number.next().is_some_and(|number| astray.contains(&number)));
    is_new
}

/// What can be wrong with a program that has the right types.
const BORROWING: &[&str] = &[
    "E0381", "E0382", "E0384", "E0499", "E0502", "E0503", "E0505", "E0506", "E0507", "E0508",
    "E0509", "E0510", "E0521", "E0594", "E0596", "E0597", "E0621", "E0713", "E0716", "E0373",
    "E0277", // what a thread may not have
];

fn errors(output: &Output) -> Vec<serde_json::Value> {
    let text = String::from_utf8_lossy(&output.stderr);
    let messages = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("rustc says: {line}")));
    let is_error = |message: &serde_json::Value| message["level"] == "error";
    messages.filter(is_error).collect()
}

impl Judged {
    /// Leaves out the cells that need what a refused one binds.
    fn leave_out(&mut self, refused: usize) {
        let absent = self.program.cells[refused].binds.clone();
        self.leave_out_with(absent, refused + 1);
    }

    /// Forgets which cells are refused, from one on: it may have been for what is left out now.
    fn try_again(&mut self, from: usize) {
        let later = self.fates.iter_mut().skip(from);
        let refused = later.filter(|fate| matches!(fate, Fate::Refused(_)));
        refused.for_each(|fate| *fate = Fate::Unknown);
    }

    /// Leaves out the cells from one on that name one of these variables; false if there are none.
    fn leave_out_with(&mut self, mut absent: BTreeSet<usize>, from: usize) -> bool {
        let mut is_any = false;
        for (cell, fate) in self.program.cells.iter().zip(&mut self.fates).skip(from) {
            if *fate == Fate::Unknown && !cell.mentions().is_disjoint(&absent) {
                *fate = Fate::NotTried;
                is_any = true;
            }
            if *fate == Fate::NotTried {
                absent.extend(&cell.binds);
            }
        }
        is_any
    }

    /// Leaves out what one `main` would do and a notebook refuses, as it borrows from variables as a whole; false if there is nothing.
    fn end_borrowers(&mut self) -> bool {
        for number in 0..self.fates.len() {
            if self.fates[number] != Fate::Unknown {
                continue;
            }
            let cell = &self.program.cells[number];
            let (ends, binds) = (cell.ends.clone(), cell.binds.clone());
            let is_any = if cell.ends_guard {
                self.fates[number] = Fate::NotTried;
                self.leave_out_with(binds, number + 1);
                true
            } else {
                self.leave_out_with(ends, number + 1)
            };
            if is_any {
                self.try_again(number + 1);
                return true;
            }
        }
        false
    }
}

/// Runs the programs.
fn run(judged: &mut Vec<Judged>, folder: &Path) {
    let output = rustc(&Whole::of(judged).text, &["-Copt-level=0"], folder);
    assert!(output.status.success(), "{output:#?}");
    let output = Command::new(folder.join("whole")).output();
    let output = String::from_utf8(output.expect("it starts").stdout).expect("a text");
    let outputs: Vec<&str> = output.split(&format!("{PROGRAM}\n")).skip(1).collect();
    assert_eq!(outputs.len(), judged.len(), "{output}");
    for (judged, output) in judged.iter_mut().zip(outputs) {
        let mark = format!("{CELL}\n");
        let mut parts = output.split(&mark).map(str::to_owned);
        parts.next();
        for fate in &mut judged.fates {
            if *fate == Fate::Unknown {
                *fate = parts.next().map_or(Fate::Unknown, Fate::Runs);
            }
        }
        judged.end = parts.next().unwrap_or_default();
    }
    // What panics does so in the middle of a cell, and then goes on in no whole program.
    judged.retain(|judged| !judged.fates.contains(&Fate::Unknown) && !judged.end.contains("PANIC"));
}

/// The source of a crate of whole programs.
#[derive(Debug, Default)]
struct Whole {
    text: String,
    /// The lines of each cell.
    cells: Vec<(Range<usize>, (usize, usize))>,
    /// Lines that no cell has.
    added: Vec<usize>,
}

impl Whole {
    fn of(judged: &[Judged]) -> Self {
        let mut whole = Self {
            text: ITEMS.to_owned(),
            ..Self::default()
        };
        for (number, judged) in judged.iter().enumerate() {
            whole.add(number, judged);
        }
        whole.text.push_str("fn main() {\n");
        for number in 0..judged.len() {
            let _ = writeln!(
                whole.text,
                "println!({PROGRAM:?}); if std::panic::catch_unwind(whole{number}).is_err() {{ println!(\"PANIC\"); }}"
            );
        }
        whole.text.push_str("}\n");
        whole
    }

    fn add(&mut self, number: usize, judged: &Judged) {
        let _ = writeln!(self.text, "fn whole{number}() {{");
        for (place, (cell, fate)) in judged.program.cells.iter().zip(&judged.fates).enumerate() {
            if *fate != Fate::Unknown {
                continue;
            }
            let _ = writeln!(self.text, "println!({CELL:?});");
            let begin = self.line();
            let _ = writeln!(self.text, "{}", judged.program.whole(cell));
            self.cells.push((begin..self.line(), (number, place)));
            self.hide(cell, (number, place));
        }
        let _ = writeln!(self.text, "println!({CELL:?});\n}}");
    }

    /// Ends what the notebook ends with a cell.
    fn hide(&mut self, cell: &Cell, place: (usize, usize)) {
        for hidden in &cell.hidden {
            let line = self.line();
            let _ = writeln!(self.text, "drop(w{hidden});");
            self.cells.push((line..line + 1, place));
            self.added.push(line);
        }
    }

    /// The number of the next line.
    fn line(&self) -> usize {
        self.text.matches('\n').count() + 1
    }

    fn cell(&self, line: usize) -> Option<(usize, usize)> {
        let found = self.cells.iter().find(|(lines, _)| lines.contains(&line));
        found.map(|(_, cell)| *cell)
    }

    fn is_added(&self, line: usize) -> bool {
        self.added.contains(&line)
    }
}

/// Compiles a crate.
fn rustc(source: &str, arguments: &[&str], folder: &Path) -> Output {
    std::fs::write(folder.join("whole.rs"), source).expect("written");
    let program = std::env::var_os("WOOZLE_TEST_RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(program);
    command.args([
        "--edition=2024",
        "--crate-type=bin",
        "--crate-name=whole",
        "-Awarnings",
    ]);
    command.args(arguments).arg("whole.rs").current_dir(folder);
    command.output().expect("rustc starts")
}
