//! `:undo`, `:checkpoint` and `:rollback`.

use crate::attack::answer::{Back, back, text};
use crate::attack::session::{Attack, Step, ensure, wrong};

const NAMES: [&str; 3] = ["pooh", "piglet", "roo"];

impl Attack {
    /// Takes a cell back that has changed something, crashed, or panicked.
    pub(in crate::attack) fn undo(&mut self) -> Step {
        match self.numbers.below(5) {
            0 => self.fault()?,
            1 => self.panic()?,
            _ => {}
        }
        let change = self.draw_change(&crate::attack::part::PARTS);
        let cell = self.run(&change.code(0, ""));
        ensure(cell.is_ok() && cell.stdout == change.printed(), || {
            text(&cell)
        })?;
        let after = change.through(&self.state).swap_remove(change.parts.len());
        self.past_becomes(&cell, &after);
        for _ in 0..change.tells_before(change.parts.len()) {
            self.tell(change.n);
        }
        self.undo_last(cell.number)?;
        if self.numbers.chance(30) {
            self.tools()?;
        }
        Ok(())
    }

    fn undo_last(&mut self, number: Option<u32>) -> Step {
        if self.dear {
            // The checkpoint before that cell may not have been made.
            let after = number.and_then(|number| self.past.after(number)).cloned();
            return self.compare(&[after.unwrap_or_default()]);
        }
        self.tally.undos += 1;
        let cell = self.run(":undo");
        let said = text(&cell);
        ensure(cell.is_ok(), || {
            format!("nothing can be taken back: {said}")
        })?;
        let Back::Before(last) = back(&said) else {
            return Err(wrong(format!("it does not say what is undone: {said}")));
        };
        ensure(Some(last) == number, || {
            format!("not the last cell is undone, but: {said}")
        })?;
        let before = self.past.before(last).cloned();
        let before = before.ok_or_else(|| wrong(format!("no such cell: {said}")))?;
        self.compare(&[before])
    }

    pub(in crate::attack) fn checkpoint(&mut self) -> Step {
        let name = *self.numbers.one_of(&NAMES);
        self.fine(&format!(":checkpoint {name}"))?;
        self.named.insert(name, (self.state.clone(), self.dear));
        Ok(())
    }

    /// Goes back to a named checkpoint, once or several times in a row.
    pub(in crate::attack) fn rollback(&mut self) -> Step {
        let times = 1 + self.numbers.below(3);
        let names: Vec<&'static str> = self.named.keys().copied().collect();
        if names.is_empty() {
            return self.checkpoint();
        }
        let name = *self.numbers.one_of(&names);
        let (state, doubtful) = self.named[name].clone();
        for _ in 0..times {
            self.tally.rollbacks += 1;
            let cell = self.run(&format!(":rollback {name}"));
            let said = text(&cell);
            if (doubtful || self.dear) && said.contains("checkpoint") && !cell.is_ok() {
                self.named.remove(name);
                return self.compare_with_last();
            }
            ensure(cell.is_ok(), || format!("`{name}` is lost: {said}"))?;
            if let Back::After(number) = back(&said)
                && let Some(past) = self.past.after(number)
            {
                ensure(*past == state, || {
                    format!("it went to another state: {said}")
                })?;
            }
            self.named.insert(name, (state.clone(), self.dear));
        }
        self.compare(&[state])?;
        self.tools()
    }
}
