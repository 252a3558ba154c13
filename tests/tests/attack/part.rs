//! What a cell changes: statements, and what each does to the model.

use super::model::State;

/// How much is kept of what grows.
const KEPT: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Numbers,
    Map,
    Text,
    Count,
    List,
    Own,
    Ask,
    /// Another thread in the place of the one that is asked.
    Hire,
    Shared,
    /// A task in another process prints.
    Task,
    /// A thread that an earlier cell started prints, in that cell.
    Tell,
}

pub(super) const PARTS: [Part; 11] = [
    Part::Numbers,
    Part::Map,
    Part::Text,
    Part::Count,
    Part::List,
    Part::Own,
    Part::Ask,
    Part::Hire,
    Part::Shared,
    Part::Task,
    Part::Tell,
];

/// Those that do not print, and do not fail when a worker is killed.
pub(super) const QUIET: [Part; 9] = [
    Part::Numbers,
    Part::Map,
    Part::Text,
    Part::Count,
    Part::List,
    Part::Own,
    Part::Ask,
    Part::Hire,
    Part::Shared,
];

impl Part {
    /// The statement in cell `n`.
    pub(super) fn code(self, n: u64) -> String {
        match self {
            Self::Numbers => {
                format!("numbers.push({n}); if numbers.len() > {KEPT} {{ numbers.remove(0); }}")
            }
            Self::Map => format!("map.insert({}, {n});", n % 7),
            Self::Text => format!("text = \"{}\".to_string();", text(n)),
            Self::Count => format!("COUNT.fetch_add({n}, SeqCst);"),
            Self::List => format!(
                "{{ let mut list = LIST.lock().unwrap(); list.push({n}); if list.len() > {KEPT} {{ list.remove(0); }} }}"
            ),
            Self::Own => format!(
                "OWN.with(|own| {{ let mut own = own.borrow_mut(); own.push({n}); if own.len() > {KEPT} {{ own.remove(0); }} }});"
            ),
            Self::Ask => format!("ask({n});"),
            Self::Hire => format!("ask = summer({n});"),
            Self::Shared => format!("shared.update(|shared| *shared += {n});"),
            Self::Task => format!("pool.map(say, [{n}])?;"),
            Self::Tell => format!("tell({n});"),
        }
    }

    pub(super) fn apply(self, n: u64, state: &mut State) {
        match self {
            Self::Numbers => push(&mut state.numbers, n),
            Self::Map => {
                state.map.insert(n % 7, n);
            }
            Self::Text => state.text = text(n),
            Self::Count => state.count += n,
            Self::List => push(&mut state.list, n),
            Self::Own => push(&mut state.own, n),
            Self::Ask => state.asked += n,
            Self::Hire => state.asked = n,
            Self::Shared => state.shared += n,
            Self::Task | Self::Tell => {}
        }
    }

    /// What it prints in its own cell.
    pub(super) fn prints(self, n: u64) -> String {
        match self {
            Self::Task => format!("task {n}\n"),
            _ => String::new(),
        }
    }
}

fn push(numbers: &mut Vec<u64>, n: u64) {
    numbers.push(n);
    if numbers.len() > KEPT {
        numbers.remove(0);
    }
}

fn text(n: u64) -> String {
    format!("text {n} ").repeat(1 + (n % 3) as usize)
}
