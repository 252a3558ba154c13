//! Where something stands in a cell's own text, when rustc has compiled one with insertions.

use std::collections::HashMap;
use std::fmt::{self, Display};
use std::panic::Location;
use std::sync::{LazyLock, Mutex};

use crate::protocol::{CRATE, ENTRY, ITEMS_MARK, NOTEBOOK, with_crates_as};
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

/// What `Location::caller()` has given, as a place in the user's text.
pub fn caller(location: &'static Location<'static>) -> &'static Location<'static> {
    type Known = HashMap<usize, &'static Location<'static>>;
    static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);
    let place = at(location.file(), location.line(), location.column());
    if place.column == location.column() && place.file.len() == location.file().len() {
        return location;
    }
    let mut known = lock_std(&KNOWN);
    known
        .entry(std::ptr::from_ref(location).addr())
        .or_insert_with(|| elsewhere(location, &place).unwrap_or(location))
}

/// The same location with another file and column; `None` if locations are not made as they were when this was written.
fn elsewhere(location: &Location<'static>, place: &At) -> Option<&'static Location<'static>> {
    const WORD: usize = size_of::<usize>();
    let mut made = *location;
    let start = std::ptr::from_mut(&mut made).cast::<u8>();
    let bytes = size_of::<Location<'_>>();
    if bytes != 2 * WORD + 2 * size_of::<u32>() || align_of::<Location<'_>>() != WORD {
        return None;
    }
    // SAFETY: within the value, at multiples of the sizes of what is read; a value of this size has no padding.
    let word = |at: usize| unsafe { start.add(at).cast::<usize>().read() };
    // SAFETY: the same.
    let number = |at: usize| unsafe { start.add(at).cast::<u32>().read() };
    let (old, line, column) = (location.file(), location.line(), location.column());
    // There is a zero byte behind a file's name, which may count.
    let is_name = |at: &usize| {
        word(*at) == old.as_ptr().addr() && word(at + WORD).wrapping_sub(old.len()) <= 1
    };
    let name = (0..=bytes - 2 * WORD).step_by(WORD).find(is_name)?;
    let others = (0..bytes).step_by(4);
    let others: Vec<usize> = others
        .filter(|at| !(name..name + 2 * WORD).contains(at))
        .collect();
    let at = others.iter().copied().find(|at| number(*at) == column);
    let at = at.filter(|_| others.iter().any(|at| number(*at) == line))?;
    let at = if line == column {
        others.get(1).copied()?
    } else {
        at
    };
    let file = String::leak(format!("{}\0", place.file));
    let length = word(name + WORD) - old.len() + place.file.len();
    // SAFETY: these are the parts of the value that were found to be the file's name, its length, and the column. The new name lives for
    // ever, is UTF-8, and has a zero byte behind it.
    unsafe {
        start.add(name).cast::<*const u8>().write(file.as_ptr());
        start.add(name + WORD).cast::<usize>().write(length);
        start.add(at).cast::<u32>().write(place.column);
    }
    let is_right =
        made.file() == place.file && made.line() == line && made.column() == place.column;
    is_right.then(|| &*Box::leak(Box::new(made)))
}

/// A type's name as if the cells were one program, whose crate is called as `module_path!()` has it.
pub fn type_name(name: &'static str) -> &'static str {
    static KNOWN: LazyLock<Mutex<HashMap<&'static str, &'static str>>> =
        LazyLock::new(Mutex::default);
    if !name.contains(CRATE) {
        return name;
    }
    let mut known = lock_std(&KNOWN);
    known
        .entry(name)
        .or_insert_with(|| String::leak(of_one_program(name)))
}

/// The closure that the statements of a cell are in.
const BODY: &str = "::{{closure}}";

fn of_one_program(name: &str) -> String {
    let name = with_crates_as(name, &format!("{NOTEBOOK}::"));
    // The function that runs a cell's statements is the program's `main`.
    let entry = format!("{NOTEBOOK}::{ENTRY}");
    let mut pieces = name.split(&entry);
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let path = piece.trim_start_matches(|c: char| c.is_ascii_digit());
        if path.len() == piece.len() {
            plain.extend([&entry, piece]); // a function of the user's
            continue;
        }
        plain.push_str(NOTEBOOK);
        plain.push_str("::main");
        plain.push_str(path.strip_prefix(BODY).unwrap_or(path));
    }
    plain
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

    #[test]
    fn a_location_can_be_in_another_place() {
        let here = Location::caller();
        for (file, column) in [("cell [8]", 1), (here.file(), here.line() + 1)] {
            let line = here.line();
            let place = At { file, line, column };
            let made = elsewhere(here, &place).expect("made as known");
            assert_eq!(
                (made.file(), made.line(), made.column()),
                (file, line, column)
            );
            assert_eq!(made.to_string(), format!("{file}:{line}:{column}"));
        }
        assert!(std::ptr::eq(caller(here), here), "no cell's");
    }

    #[test]
    fn a_type_is_called_as_in_one_program() {
        for (name, expected) in [
            ("cell_12::P", "notebook::P"),
            (
                "alloc::vec::Vec<cell_12::m::P>",
                "alloc::vec::Vec<notebook::m::P>",
            ),
            (
                "cell_12::woozle_cell_12::{{closure}}::{{closure}}",
                "notebook::main::{{closure}}",
            ),
            ("my_cell_x::my_cell_3::P", "my_cell_x::my_cell_3::P"),
        ] {
            assert_eq!(of_one_program(name), expected);
        }
        assert_eq!(type_name("i32"), "i32");
    }
}
