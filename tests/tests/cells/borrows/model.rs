//! Draws programs: a model of what is alive and of who borrows from whom makes them mostly valid.
//!
//! The model need not be right. What it takes for valid may be refused, and some statements are drawn without asking it; rustc
//! tells which are which (`oracle`).

use std::collections::{BTreeMap, BTreeSet};

use super::items::{COPIED, GUARDS, MUT, QUIET};
use super::places::{Model, Place, Variable};
use super::program::{Cell, Piece, Program};
use super::statements::{FIRST, KINDS, Kind};
use crate::support::numbers::Numbers;

/// Draws a program of so many cells.
pub(super) fn draw(seed: u64, cells: usize) -> Program {
    let random = &mut Numbers::of(seed, 0);
    let mut model = Model::default();
    let mut program = Program {
        cells: Vec::new(),
        seed,
        names: Vec::new(),
    };
    for number in 0..cells {
        let mut cell = Cell::default();
        let statements = if number == 0 {
            3
        } else {
            random.pick(&[1, 1, 1, 2, 2, 3])
        };
        for _ in 0..statements {
            model.statement(&mut cell, number == 0, false, random);
        }
        program.cells.push(cell);
        // One that the model takes for refused, so that it does not count.
        if number > 1 && random.chance(25) {
            let mut tried = model.clone();
            let mut cell = Cell::default();
            tried.statement(&mut cell, false, true, random);
            let new = tried.variables.drain(model.variables.len()..);
            model.variables.extend(new.map(|variable| Variable {
                alive: false,
                hidden: true,
                ..variable
            }));
            model.numbers = tried.numbers;
            program.cells.push(cell);
        }
    }
    program.cells.retain(|cell| !cell.statements.is_empty());
    program.names = model.variables.into_iter().map(|v| v.name).collect();
    program
}

impl Model {
    /// Adds a statement to a cell; a bold one asks nothing of what is there but its types.
    fn statement(&mut self, cell: &mut Cell, is_first: bool, is_bold: bool, random: &mut Numbers) {
        let kinds = if is_first { &KINDS[..FIRST] } else { KINDS };
        let all: usize = kinds.iter().map(|kind| kind.weight).sum();
        for _ in 0..200 {
            let mut drawn = random.below(all);
            let kind = kinds.iter().find(|kind| {
                let is_it = drawn < kind.weight;
                drawn = drawn.saturating_sub(kind.weight);
                is_it
            });
            let kind = kind.expect("the weights add up");
            let before = self.clone();
            if self.fill(kind, cell, is_bold, random) {
                return;
            }
            *self = before;
        }
    }

    /// Writes a statement of a kind, if there is what it needs.
    fn fill(&mut self, kind: &Kind, cell: &mut Cell, is_bold: bool, random: &mut Numbers) -> bool {
        let mut pieces = Vec::new();
        let mut places: Vec<(char, Place)> = Vec::new();
        let mut new: Vec<(usize, bool)> = Vec::new();
        let mut parts = kind.text.split('$');
        pieces.push(Piece::Text(parts.next().unwrap_or_default().into()));
        for part in parts {
            let hole = part.chars().next().expect("a hole");
            let mut rest = &part[1..];
            match hole {
                'n' => {
                    self.numbers += 1;
                    pieces.push(Piece::Text(self.numbers.to_string()));
                }
                '0' | '1' | 'a' | 'b' => {
                    let ty = kind.gives[new.len()];
                    let can_be = hole.is_ascii_digit();
                    let mutable = can_be && (MUT.contains(&ty) || random.chance(60));
                    let by = if mutable { "mut " } else { "" };
                    let number = self.variables.len() + new.len();
                    new.push((number, mutable));
                    pieces.extend([Piece::Text(by.into()), Piece::Variable(number)]);
                }
                '=' => pieces.extend(places[0].1.pieces()),
                _ => {
                    let end = rest[1..].find(|c: char| !c.is_ascii_lowercase());
                    let end = end.map_or(rest.len(), |end| end + 1);
                    let ty = &rest[1..end];
                    rest = &rest[end..];
                    let Some(place) = self.place(hole, ty, &places, is_bold, random) else {
                        return false;
                    };
                    pieces.extend(place.pieces());
                    places.push((hole, place));
                }
            }
            pieces.push(Piece::Text(rest.into()));
        }
        if kind.lends && !self.may_lend(kind, &places, cell) {
            return false;
        }
        // What ends by a use of another part cannot be named beside that; `ended_by` says why.
        let of_parts = places.iter().filter(|(_, place)| !place.is_whole());
        let ended = of_parts.flat_map(|(hole, place)| self.ended_by(*hole, place));
        let ended: BTreeSet<usize> = ended.collect();
        if places.iter().any(|(_, place)| ended.contains(&place.root)) {
            return false;
        }
        self.happen(kind, &places, cell);
        self.bind(kind, &places, &new, cell, is_bold, random);
        cell.statements.push(pieces);
        true
    }

    /// Whether what borrows from the places can go on. What is left of a variable that was moved in part is lent for the cell only,
    /// as a reference to it would be one to all of it; see [`Model::bind`].
    fn may_lend(&self, kind: &Kind, places: &[(char, Place)], cell: &Cell) -> bool {
        let may_end = !kind.gives.is_empty() && kind.gives.iter().all(|ty| !GUARDS.contains(ty));
        may_end || !self.is_in_part(places, cell)
    }

    fn is_in_part(&self, places: &[(char, Place)], cell: &Cell) -> bool {
        let mut borrowed = places
            .iter()
            .filter(|(hole, place)| matches!(hole, 'r' | 'm') && !place.is_shared);
        borrowed.any(|(_, place)| {
            !self.variables[place.root].gone.is_empty() || cell.mended.contains(&place.root)
        })
    }

    /// What a statement does to the places.
    fn happen(&mut self, kind: &Kind, places: &[(char, Place)], cell: &mut Cell) {
        for (hole, place) in places {
            for ended in self.ended_by(*hole, place) {
                self.variables[ended].alive = false;
                cell.ends.insert(ended);
                cell.ends_guard |= GUARDS.contains(&self.variables[ended].ty);
            }
            let loans = self.loans(places);
            let variable = &mut self.variables[place.root];
            let path = place.path();
            match hole {
                'v' if COPIED.contains(&place.ty) => {}
                'v' if place.is_whole() => {
                    variable.alive = false;
                    // What was never kept has no type in later cells, so they cannot give it a value.
                    variable.hidden |= cell.binds.contains(&place.root);
                }
                'v' => drop(variable.gone.insert(path)),
                'p' if place.ty == "pair" => drop(variable.gone.insert(".left".into())),
                'p' => drop(variable.gone.insert(".0".into())),
                'w' => {
                    if !variable.gone.is_empty() {
                        cell.mended.insert(place.root);
                    }
                    variable.gone.retain(|part| !part.starts_with(&path));
                    variable.alive = true;
                    if kind.lends {
                        variable.loans.extend(loans);
                    }
                }
                _ => {}
            }
        }
    }

    /// What a statement's new variables borrow from.
    fn loans(&self, places: &[(char, Place)]) -> BTreeMap<usize, bool> {
        let mut loans = BTreeMap::new();
        for (hole, place) in places {
            loans.extend(&self.variables[place.root].loans);
            match hole {
                'r' | 'c' if !place.is_shared => drop(loans.insert(place.root, false)),
                'm' => drop(loans.insert(place.root, true)),
                _ => {}
            }
        }
        loans
    }

    fn bind(
        &mut self,
        kind: &Kind,
        places: &[(char, Place)],
        new: &[(usize, bool)],
        cell: &mut Cell,
        is_bold: bool,
        random: &mut Numbers,
    ) {
        let mut loans = if kind.lends {
            self.loans(places)
        } else {
            BTreeMap::new()
        };
        let temporary = self.variables.len() + new.len();
        let has_temporary = kind.lends && kind.text.contains("Toy::new");
        if has_temporary {
            loans.insert(temporary, false);
        }
        for ((number, mutable), ty) in new.iter().zip(kind.gives) {
            let mut name = format!("v{number}");
            let is_of_cell = kind.lends && self.is_in_part(places, cell);
            if !is_bold
                && !is_of_cell
                && random.chance(15)
                && let Some(hidden) = self.may_be_hidden(cell, &loans, random)
            {
                name = self.variables[hidden].name.clone();
                self.variables[hidden].hidden = true;
                let variable = &self.variables[hidden];
                if variable.alive && !QUIET.contains(&variable.ty) {
                    cell.hidden.push(hidden);
                }
            }
            cell.binds.insert(*number);
            if is_of_cell {
                cell.ends.insert(*number);
            }
            self.variables.push(Variable {
                name,
                ty,
                mutable: *mutable,
                alive: !is_of_cell,
                hidden: false,
                gone: BTreeSet::new(),
                loans: loans.clone(),
            });
        }
        if has_temporary {
            self.variables.push(Variable {
                name: String::new(),
                ty: "toy",
                mutable: false,
                alive: true,
                hidden: true,
                gone: BTreeSet::new(),
                loans: BTreeMap::new(),
            });
        }
    }

    /// A variable whose name may be bound anew.
    ///
    /// In one `main` it would go on without a name to the end; in a notebook it ends with the cell, unless something borrows from
    /// it. What borrows from the variable whose name it takes ends with its cell, if others have borrowed from that one; so there are
    /// none of those. What says something at its end is dropped there by the whole program, too, so it must be there, and not be borrowed.
    fn may_be_hidden(
        &self,
        cell: &Cell,
        loans: &BTreeMap<usize, bool>,
        random: &mut Numbers,
    ) -> Option<usize> {
        let was_borrowed = |number: &usize| {
            let mut others = self.variables.iter();
            others.any(|other| other.loans.contains_key(number))
        };
        // A temporary value would end with what borrows from it.
        let has_temporary = |variable: &Variable| {
            let mut owners = variable.loans.keys();
            owners.any(|owner| self.variables[*owner].name.is_empty())
        };
        let may_be = |(number, variable): &(usize, &Variable)| {
            let is_quiet = QUIET.contains(&variable.ty);
            let is_whole = variable.gone.is_empty() && cell.hidden.is_empty();
            let is_here = cell.binds.contains(number);
            let is_own_owner = loans.contains_key(number);
            let is_kept = variable.hidden
                || is_here
                || is_own_owner && was_borrowed(number)
                || has_temporary(variable);
            // What the model takes for refused may have borrowed, too.
            let is_borrowed = is_own_owner || was_borrowed(number);
            !is_kept && (is_quiet || is_whole && !is_borrowed)
        };
        let variables = self.variables.iter().enumerate().filter(may_be);
        let numbers: Vec<usize> = variables.map(|(number, _)| number).collect();
        (!numbers.is_empty()).then(|| random.pick(&numbers))
    }
}
