//! A program that is cut into cells, whose variables have numbers.

use std::collections::BTreeSet;

/// Pieces of a text: what stands there, and variables by their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Variable(usize),
}

/// A cell of a program.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    pub(super) statements: Vec<Vec<Piece>>,
    /// The variables that end with it, as it binds their names anew. In one `main` they would go on without a name.
    pub(super) hidden: Vec<usize>,
    pub(super) binds: BTreeSet<usize>,
    /// What borrows and ends here, as the whole of what it borrows from counts; see `Model::ended_by`.
    pub(super) ends: BTreeSet<usize>,
    /// The variables that get a part again here.
    pub(super) mended: BTreeSet<usize>,
    /// Whether the end of one of those is a use of what it borrows from.
    pub(super) ends_guard: bool,
}

impl Cell {
    /// The variables that it names.
    pub(super) fn mentions(&self) -> BTreeSet<usize> {
        let pieces = self.statements.iter().flatten();
        let numbers = pieces.filter_map(|piece| match piece {
            Piece::Variable(number) => Some(*number),
            Piece::Text(_) => None,
        });
        numbers.chain(self.hidden.iter().copied()).collect()
    }
}

/// A program in cells.
#[derive(Debug, Clone)]
pub(super) struct Program {
    pub(super) cells: Vec<Cell>,
    pub(super) seed: u64,
    /// The names of the variables, by number; several may have one name.
    pub(super) names: Vec<String>,
}

impl Program {
    /// A cell's lines, as the notebook has them.
    pub(super) fn text(&self, cell: &Cell) -> String {
        self.lines(cell, |number| self.names[number].clone())
    }

    /// A cell's lines in the whole program, where each variable has a name of its own.
    pub(super) fn whole(&self, cell: &Cell) -> String {
        self.lines(cell, |number| format!("w{number}"))
    }

    fn lines(&self, cell: &Cell, name: impl Fn(usize) -> String) -> String {
        let statement = |statement: &Vec<Piece>| -> String {
            let piece = |piece: &Piece| match piece {
                Piece::Text(text) => text.clone(),
                Piece::Variable(number) => name(*number),
            };
            statement.iter().map(piece).collect()
        };
        let lines: Vec<String> = cell.statements.iter().map(statement).collect();
        lines.join("\n")
    }
}
