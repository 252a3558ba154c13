//! What a program has while it is drawn, and which places of it a statement may use.

use std::collections::{BTreeMap, BTreeSet};

use super::items::{COPIED, GUARDS, PARTS, Part};
use super::program::Piece;
use crate::support::numbers::Numbers;

#[derive(Debug, Clone)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) ty: &'static str,
    pub(super) mutable: bool,
    pub(super) alive: bool,
    /// Whether a later variable has its name.
    pub(super) hidden: bool,
    /// The parts that were moved away.
    pub(super) gone: BTreeSet<String>,
    /// What it borrows from, and whether mutably.
    pub(super) loans: BTreeMap<usize, bool>,
}

/// A variable or a part of one.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) root: usize,
    /// What stands before and behind the variable's name.
    pub(super) around: (String, String),
    pub(super) ty: &'static str,
    pub(super) mutable: bool,
    pub(super) movable: bool,
    /// Whether a `&` of the variable leads to it: then what borrows from it borrows from what the variable borrows from.
    pub(super) is_shared: bool,
}

impl Place {
    pub(super) fn pieces(&self) -> [Piece; 3] {
        [
            Piece::Text(self.around.0.clone()),
            Piece::Variable(self.root),
            Piece::Text(self.around.1.clone()),
        ]
    }

    /// What tells parts of one variable apart.
    pub(super) fn path(&self) -> String {
        format!("{}{}", self.around.1, "(".repeat(self.around.0.len()))
    }

    pub(super) fn is_whole(&self) -> bool {
        self.path().is_empty()
    }

    fn part(&self, (_, written, ty, part): &(&str, &str, &'static str, Part)) -> Self {
        let (before, behind) = written.split_once("{}").expect("a pattern");
        Self {
            root: self.root,
            around: (
                format!("{before}{}", self.around.0),
                format!("{}{behind}", self.around.1),
            ),
            ty,
            mutable: match part {
                Part::Field | Part::Inside => self.mutable,
                Part::Shared => false,
                Part::Mutable => !self.is_shared,
            },
            movable: self.movable && *part == Part::Field,
            is_shared: self.is_shared
                || *part == Part::Shared && *written == "(*{})" && self.ty != "shared",
        }
    }
}

/// What is there while a program is drawn.
#[derive(Debug, Clone, Default)]
pub(super) struct Model {
    pub(super) variables: Vec<Variable>,
    pub(super) numbers: usize,
}

impl Model {
    /// The places of a type that a hole may be filled with.
    pub(super) fn place(
        &self,
        hole: char,
        ty: &str,
        others: &[(char, Place)],
        is_bold: bool,
        random: &mut Numbers,
    ) -> Option<Place> {
        let mut found = Vec::new();
        for (root, variable) in self.variables.iter().enumerate().filter(|(_, v)| !v.hidden) {
            let mut left = vec![Place {
                root,
                around: Default::default(),
                ty: variable.ty,
                mutable: variable.mutable,
                movable: true,
                is_shared: false,
            }];
            while let Some(place) = left.pop() {
                let of_type = PARTS.iter().filter(|part| part.0 == place.ty);
                left.extend(of_type.map(|part| place.part(part)));
                if place.ty == ty {
                    found.push(place);
                }
            }
        }
        found.retain(|place| place.is_whole() || hole != 'c');
        found.retain(|place| self.is_there(hole, place, is_bold));
        // rustc takes an `impl Fn` for one whose end is a use, and the kernel knows better.
        found.retain(|place| {
            let mut ended = self.ended_by(hole, place).into_iter();
            !ended.any(|number| self.variables[number].ty == "adder")
        });
        if is_bold {
            return (!found.is_empty()).then(|| random.pick(&found));
        }
        let is_apart = |place: &Place, (other_hole, other): &(char, Place)| {
            let read = |hole| matches!(hole, 'r' | 'k' | 'c');
            let (path, other_path) = (place.path(), other.path());
            place.root != other.root
                || read(hole) && read(*other_hole)
                || !(path.starts_with(&other_path) || other_path.starts_with(&path))
        };
        found.retain(|place| others.iter().all(|other| is_apart(place, other)));
        // Mostly what borrows goes on.
        let is_kind = random.chance(70);
        found.retain(|place| {
            let ended = self.ended_by(hole, place);
            let is_guard = |number: &usize| GUARDS.contains(&self.variables[*number].ty);
            !ended.iter().any(is_guard) && (ended.is_empty() || !is_kind)
        });
        (!found.is_empty()).then(|| random.pick(&found))
    }

    /// Whether a place has a value, or may get one, and may be used so.
    fn is_there(&self, hole: char, place: &Place, is_bold: bool) -> bool {
        let variable = &self.variables[place.root];
        let path = place.path();
        let mut gone = variable.gone.iter();
        let is_may_be = match hole {
            'm' => place.mutable,
            'v' => place.movable || COPIED.contains(&place.ty),
            'p' => place.is_whole(),
            'w' => place.mutable,
            _ => true,
        };
        if is_bold {
            return is_may_be && (variable.alive || place.is_whole() || hole == 'w');
        }
        is_may_be
            && match hole {
                'w' if place.is_whole() => true,
                'w' => variable.alive && !gone.any(|part| *part != path && path.starts_with(part)),
                _ => {
                    variable.alive
                        && !gone.any(|part| path.starts_with(part) || part.starts_with(&path))
                }
            }
    }

    /// The variables that end when a place is used so.
    ///
    /// What borrows from a part counts as what borrows from the whole: it is then not drawn where it might have been, in one `main`
    /// and in a notebook.
    pub(super) fn ended_by(&self, hole: char, place: &Place) -> Vec<usize> {
        let reads = matches!(hole, 'r' | 'k' | 'c') || hole == 'v' && COPIED.contains(&place.ty);
        let variables = self.variables.iter().enumerate();
        let ended = variables.filter(|(_, variable)| {
            let loan = variable.loans.get(&place.root);
            variable.alive && loan.is_some_and(|mutably| *mutably || !reads)
        });
        ended.map(|(number, _)| number).collect()
    }
}
