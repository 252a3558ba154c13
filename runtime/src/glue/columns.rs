//! Where something stands in a cell's own text, when rustc has compiled one with insertions.

use std::collections::HashMap;
use std::fmt::{self, Display};
use std::sync::{LazyLock, Mutex};

use crate::protocol::ITEMS_MARK;
use crate::sync::lock_std;

/// In a line, from a column on: how many columns less the user's text has.
pub type Shift = (u32, u32, i32);

/// By the file. Of a line, the last entry that begins before a column counts.
type Shifts = HashMap<&'static str, &'static [Shift]>;

static SHIFTS: LazyLock<Mutex<Shifts>> = LazyLock::new(Mutex::default);

/// Notes the shifts of a cell's file, in their order.
pub fn columns(file: &'static str, shifts: &'static [Shift]) {
    lock_std(&SHIFTS).insert(file, shifts);
}

/// A place in the user's text.
pub struct At {
    file: &'static str,
    line: u32,
    column: u32,
}

/// The place that rustc knows by these.
pub fn at(file: &'static str, line: u32, column: u32) -> At {
    let shifts = lock_std(&SHIFTS).get(file).copied().unwrap_or_default();
    let before = |shift: &&Shift| shift.0 == line && shift.1 <= column;
    let less = shifts.iter().rfind(before).map_or(0, |shift| shift.2);
    let file = file.trim_end_matches(ITEMS_MARK);
    let column = column.saturating_add_signed(-less);
    At { file, line, column }
}

impl Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_shift_before_a_column_counts() {
        columns("cell [7]\u{200b}", &[(1, 1, 4), (1, 20, 40), (3, 9, -1)]);
        let shown = |line, column| at("cell [7]\u{200b}", line, column).to_string();
        assert_eq!(shown(1, 19), "cell [7]:1:15");
        assert_eq!(shown(1, 60), "cell [7]:1:20");
        assert_eq!(shown(2, 60), "cell [7]:2:60");
        assert_eq!(shown(3, 9), "cell [7]:3:10");
        assert_eq!(at("other", 1, 2).to_string(), "other:1:2");
    }
}
