//! A cell that changes some of what the model knows, and prints where it begins and ends.

use crate::attack::model::State;
use crate::attack::part::Part;
use crate::support::numbers::Numbers;

pub(in crate::attack) struct Change {
    pub(in crate::attack) n: u64,
    pub(in crate::attack) parts: Vec<Part>,
}

impl Change {
    pub(in crate::attack) fn draw(n: u64, numbers: &mut Numbers, from: &[Part]) -> Self {
        let count = 1 + numbers.below(4);
        let parts = numbers.some_of(from, count);
        Self { n, parts }
    }

    /// A place between two of its statements, or before or behind all.
    pub(in crate::attack) fn place(&self, numbers: &mut Numbers) -> usize {
        numbers.below(self.parts.len() + 1)
    }

    /// Its code, with this inserted at a place.
    pub(in crate::attack) fn code(&self, place: usize, inserted: &str) -> String {
        let n = self.n;
        let lines = |parts: &[Part]| -> String {
            parts
                .iter()
                .map(|part| format!("{}\n", part.code(n)))
                .collect()
        };
        let (before, behind) = self.parts.split_at(place);
        format!(
            "println!(\"begin {n}\");\n{}{inserted}\n{}println!(\"end {n}\");",
            lines(before),
            lines(behind)
        )
    }

    /// What it prints before a place.
    pub(in crate::attack) fn printed_before(&self, place: usize) -> String {
        let parts = self.parts[..place].iter();
        let printed: String = parts.map(|part| part.prints(self.n)).collect();
        format!("begin {}\n{printed}", self.n)
    }

    /// What it prints in all.
    pub(in crate::attack) fn printed(&self) -> String {
        format!("{}end {}\n", self.printed_before(self.parts.len()), self.n)
    }

    /// The states that it goes through, from the one before it.
    pub(in crate::attack) fn through(&self, before: &State) -> Vec<State> {
        let mut state = before.clone();
        let mut all = vec![state.clone()];
        for part in &self.parts {
            part.apply(self.n, &mut state);
            all.push(state.clone());
        }
        all
    }

    /// How often it has a thread of an earlier cell print before a place.
    pub(in crate::attack) fn tells_before(&self, place: usize) -> usize {
        self.parts[..place]
            .iter()
            .filter(|part| **part == Part::Tell)
            .count()
    }
}
