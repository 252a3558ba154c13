//! Cells that run to their end, fail, or crash.

use super::change::Change;
use crate::attack::answer::{Back, back, text};
use crate::attack::model::State;
use crate::attack::part::{PARTS, Part};
use crate::attack::session::{Attack, Step, ensure};
use crate::session::faults::{WAYS, Way};
use crate::support::Cell;
use crate::support::numbers::Numbers;

/// How often a thread that crashes between cells may bring cells down before it is stopped.
const BOMBED: usize = 6;

impl Attack {
    pub(in crate::attack) fn draw_change(&mut self, from: &[Part]) -> Change {
        self.n += 1;
        Change::draw(self.n, &mut self.numbers, from)
    }

    /// A cell that runs to its end.
    pub(in crate::attack) fn change(&mut self) -> Step {
        let change = self.draw_change(&PARTS);
        let cell = self.run(&change.code(0, ""));
        self.has_changed(&change, &cell)
    }

    fn has_changed(&mut self, change: &Change, cell: &Cell) -> Step {
        ensure(cell.is_ok(), || format!("it fails: {}", text(cell)))?;
        ensure(cell.stdout == change.printed(), || {
            format!("it prints {:?}", cell.stdout)
        })?;
        self.done_up_to(change, change.parts.len(), cell)
    }

    /// The cell's parts before this place were done, and their effects stay.
    fn done_up_to(&mut self, change: &Change, place: usize, cell: &Cell) -> Step {
        self.has_told(change, place);
        let after = change.through(&self.state).swap_remove(place);
        self.past_becomes(cell, &after);
        self.compare(&[after])
    }

    fn has_told(&mut self, change: &Change, place: usize) {
        for _ in 0..change.tells_before(place) {
            self.tell(change.n);
        }
    }

    pub(in crate::attack) fn panic(&mut self) -> Step {
        let change = self.draw_change(&PARTS);
        let place = change.place(&mut self.numbers);
        let cell = self.run(&change.code(place, "panic!(\"bother\");"));
        ensure(
            cell.error.is_some() && text(&cell).contains("bother"),
            || format!("no panic: {}", text(&cell)),
        )?;
        ensure(cell.stdout == change.printed_before(place), || {
            format!("it prints {:?}", cell.stdout)
        })?;
        self.done_up_to(&change, place, &cell)
    }

    /// One of the ways to die, in the middle of a cell.
    pub(in crate::attack) fn fault(&mut self) -> Step {
        let way = draw_way(&mut self.numbers);
        self.tally.fault(way.name);
        let change = self.draw_change(&PARTS);
        let place = change.place(&mut self.numbers);
        let cell = self.run(&change.code(place, &format!("{};", way.cell)));
        let said = text(&cell);
        ensure(cell.error.is_some(), || {
            format!("{} is no error: {said}", way.name)
        })?;
        for part in way.says {
            ensure(said.contains(part), || format!("{part} is not in: {said}"))?;
        }
        ensure(cell.stdout == change.printed_before(place), || {
            format!("it prints {:?}", cell.stdout)
        })?;
        ensure(back(&said) == Back::Here || self.dear, || {
            format!("it went further back: {said}")
        })?;
        self.has_told(&change, place);
        let left = self.left_by(&cell, Vec::new())?;
        self.settle(&cell, &left)?;
        self.tools()
    }

    /// Crashes and small cells in turn, as fast as they can follow each other.
    pub(in crate::attack) fn burst(&mut self) -> Step {
        for _ in 0..3 + self.numbers.below(8) {
            let way = draw_way(&mut self.numbers);
            self.tally.fault(way.name);
            let cell = self.run(way.cell);
            ensure(cell.error.is_some(), || {
                format!("{} is no error: {}", way.name, text(&cell))
            })?;
            let left = self.left_by(&cell, Vec::new())?;
            let state = self.state.clone();
            self.past_becomes(&cell, &left[0]);
            ensure(left[0] == state || self.dear, || {
                format!("it went further back: {cell:?}")
            })?;
            self.state = left.into_iter().next().unwrap_or(state);
            let cell = self.fine("1")?;
            ensure(cell.result.as_deref() == Some("1"), || format!("{cell:?}"))?;
        }
        self.compare_with_last()?;
        self.tools()
    }

    /// A cell that does not compile.
    pub(in crate::attack) fn refused(&mut self) -> Step {
        let change = self.draw_change(&PARTS);
        let cell = self.run(&change.code(0, "let wrong: u32 = \"no\";"));
        ensure(text(&cell).contains("E0308"), || {
            format!("it compiles: {cell:?}")
        })?;
        self.past_is(&cell);
        self.compare_with_last()
    }

    pub(in crate::attack) fn redefine(&mut self) -> Step {
        self.n += 1;
        let mut after = self.state.clone();
        after.first = self.n;
        let cell = self.run(&format!("fn first() -> u64 {{ {} }}", self.n));
        ensure(cell.is_ok(), || text(&cell))?;
        self.past_becomes(&cell, &after);
        self.compare(&[after])
    }

    /// A cell of a client that takes no late output.
    pub(in crate::attack) fn headless(&mut self) -> Step {
        self.n += 1;
        let n = self.n;
        let code = format!(
            "let _late = std::thread::spawn(|| {{ std::thread::sleep(Duration::from_millis(20)); println!(\"late {n}\") }});\n\
             let _task = pool.apply_async(say, ({n},));"
        );
        self.tally.cells += 1;
        self.tally.pool_calls += 1;
        self.note(format!("> (headless) {code}"));
        let request = self.session.send_headless(&code);
        let cell = self.finish(&request);
        self.past_is(&cell);
        let mut lines: Vec<&str> = cell.stdout.lines().collect();
        lines.sort_unstable();
        ensure(
            cell.is_ok()
                && cell.stderr.is_empty()
                && lines == [format!("late {n}"), format!("task {n}")],
            || format!("not all of its output has come: {cell:?}"),
        )?;
        self.compare_with_last()
    }

    /// A thread that crashes when its cell has ended, and again when it is brought back.
    pub(in crate::attack) fn bomb(&mut self) -> Step {
        if self.dear {
            return self.change();
        }
        self.tally.fault("crash between cells");
        let code = "std::thread::spawn(|| { std::thread::sleep(Duration::from_millis(30)); std::process::abort() });";
        let request = self.send(code);
        // What is said of its crash comes later; the request is kept.
        let cell = self.session.finish(&request);
        self.past_is(&cell);
        let is_told = |attack: &Self, said: &str| {
            said.contains("SIGABRT") || text(attack.session.cell(&request)).contains("SIGABRT")
        };
        let mut told = false;
        for _ in 0..BOMBED {
            let cell = self.run("std::thread::sleep(Duration::from_millis(60));");
            self.past_is(&cell);
            let said = text(&cell);
            // It may crash before its cell's checkpoint is made. That cell has changed nothing.
            let state = vec![self.state.clone()];
            ensure(cell.is_ok() || back(&said) != Back::No, || {
                format!("it fails: {said}")
            })?;
            ensure(self.left_by(&cell, state.clone())? == state, || {
                format!("it goes further back: {said}")
            })?;
            told |= is_told(self, &said);
            if told && cell.is_ok() && back(&said) == Back::No {
                break;
            }
        }
        ensure(told, || "nothing was said of a thread's crash".to_owned())?;
        self.compare_with_last()?;
        self.tools()
    }

    /// Finds out which of these states a cell has left.
    pub(in crate::attack) fn settle(&mut self, cell: &Cell, possible: &[State]) -> Step {
        let before = self.state.clone();
        self.past_becomes(cell, &possible[0]);
        self.compare(possible)?;
        if let Some(number) = cell.number {
            self.past.note(number, &before, &self.state);
        }
        Ok(())
    }
}

fn draw_way(numbers: &mut Numbers) -> &'static Way {
    let ways: Vec<&Way> = WAYS.iter().filter(|way| !way.interrupts).collect();
    ways[numbers.below(ways.len())]
}
