//! What the user calls the things that threads share: by the variable, the static or the field that each was made for.

use std::collections::BTreeMap;

use super::report::{Object, Place};
use crate::compiler::diagnostics::Cells;
use crate::compiler::syntax::source::cell_of_name;

/// A variable may begin so many lines above.
const LINES_ABOVE: usize = 3;

/// The names of the objects, in their order.
pub(super) fn of(objects: &[Object], cells: &Cells) -> Vec<String> {
    let mut by_place: BTreeMap<(&Place, &str), Vec<usize>> = BTreeMap::new();
    for (n, object) in objects.iter().enumerate() {
        let key = (&object.place, &*object.kind);
        by_place.entry(key).or_default().push(n);
    }
    let mut names = vec![String::new(); objects.len()];
    for ((place, kind), numbers) in &mut by_place {
        // What is made in one place is an array, most likely.
        numbers.sort_by_key(|n| objects[*n].address);
        let known = name(place, cells);
        for (index, n) in numbers.iter().enumerate() {
            let base = match (&known, objects[*n].inner, *kind) {
                (Some(name), ..) => name.clone(),
                (None, true, "lock") => "a Lock".to_owned(),
                (None, true, _) => String::new(),
                (None, false, kind) => format!("the {kind} of line {}", place.line),
            };
            names[*n] = match numbers.len() {
                _ if objects[*n].inner => base,
                1 => base,
                _ => format!("{base}[{index}]"),
            };
        }
    }
    number_elements(objects, &mut names);
    take_patterns_apart(objects, &mut names);
    // A lock and its condition variable in one `let` have the kind as well.
    let plain = names.clone();
    for (n, name) in names.iter_mut().enumerate() {
        let is_other = |(other, object): &(&String, &Object)| *other == name && !object.inner;
        let others = plain.iter().zip(objects).filter(is_other).count();
        if others > 1 && !objects[n].inner {
            *name = format!("{name} ({})", objects[n].kind);
        }
    }
    names
}

/// Elements of one array of the runtime's locks have their numbers in it.
fn number_elements(objects: &[Object], names: &mut [String]) {
    let mut arrays: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (n, name) in names.iter().enumerate() {
        if let Some(array) = name.strip_suffix("[]") {
            arrays.entry(array.to_owned()).or_default().push(n);
        }
    }
    for (array, mut elements) in arrays {
        elements.sort_by_key(|n| objects[*n].address);
        for (index, n) in elements.into_iter().enumerate() {
            names[n] = format!("{array}[{index}]");
        }
    }
}

/// In `let (a, b) = (Mutex::new(1), Mutex::new(2))` the first thing is `a`, and the second `b`.
fn take_patterns_apart(objects: &[Object], names: &mut [String]) {
    let pattern = |n: usize| (&objects[n].place.file, objects[n].place.line, &names[n]);
    let mut alike: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for n in (0..objects.len()).filter(|n| names[*n].contains('/')) {
        alike.entry(pattern(n)).or_default().push(n);
    }
    let mut parts = Vec::new();
    for ((_, _, name), mut things) in alike {
        things.sort_by_key(|n| objects[*n].place.column);
        if things.len() == name.split('/').count() {
            let name = name.split('/').map(str::to_owned);
            parts.extend(things.into_iter().zip(name));
        }
    }
    for (n, name) in parts {
        names[n] = name;
    }
}

/// The user's line at a place.
pub(super) fn line(place: &Place, cells: &Cells) -> Option<String> {
    let source = cells.get(&cell_of_name(&place.file)?)?;
    let line = source
        .text
        .lines()
        .nth(place.line.checked_sub(1)? as usize)?;
    Some(line.to_owned())
}

/// What something is called that is made at a place.
fn name(place: &Place, cells: &Cells) -> Option<String> {
    let source = cells.get(&cell_of_name(&place.file)?)?;
    let lines: Vec<&str> = source.text.lines().collect();
    let last = place.line.checked_sub(1)? as usize;
    let line = lines.get(last)?;
    let before: String = line
        .chars()
        .take(place.column.saturating_sub(1) as usize)
        .collect();
    if let Some(name) = receiver(&before) {
        return Some(name);
    }
    if let Some(name) = declared(&before).or_else(|| field(&before)) {
        return Some(name);
    }
    let above = lines[..last].iter().rev().take(LINES_ABOVE);
    above.filter_map(|line| declared(line)).next()
}

/// What a method is called of whose name follows: of the runtime's primitives it is known where they are used first.
fn receiver(before: &str) -> Option<String> {
    let mut of = before.strip_suffix('.')?;
    // Of `changed.guard().wait()` it is the first.
    while let Some(call) = of.strip_suffix("()") {
        of = call.rsplit_once('.')?.0;
    }
    // Which element of an array it is, is seen by its address.
    let is_element = of.ends_with(']');
    if is_element {
        of = &of[..opening(of)?];
    }
    let last = of.rsplit(|c| !is_part(c)).next()?;
    let is_name = last.starts_with(|c: char| c.is_alphabetic() || c == '_');
    is_name.then(|| format!("{last}{}", if is_element { "[]" } else { "" }))
}

/// Where the bracket is opened that closes a text.
fn opening(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let brackets = text.char_indices().rev();
    let mut opening = brackets.filter_map(|(at, c)| {
        match c {
            ']' => depth += 1,
            '[' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        (depth == 0).then_some(at)
    });
    opening.next()
}

/// The variable or the static whose declaration is the last in a text.
fn declared(text: &str) -> Option<String> {
    let words = ["let ", "static ", "const "];
    let starts = words.iter().filter_map(|word| {
        let at = text.rfind(word)?;
        let is_word = text[..at].chars().next_back().is_none_or(|c| !is_part(c));
        let after = &text[at + word.len()..];
        // A block may be `const`, too.
        let is_block = after.trim_start().starts_with('{');
        (is_word && !is_block).then_some(at + word.len())
    });
    let after = text[starts.max()?..].trim_start();
    let after = after.strip_prefix("mut ").unwrap_or(after);
    let name = match after.strip_prefix('(') {
        // What a pattern takes apart is one thing here.
        Some(pattern) => pattern.split_once(')')?.0.replace(", ", "/"),
        None => after.chars().take_while(|c| is_part(*c)).collect(),
    };
    (!name.is_empty()).then_some(name)
}

/// The field at whose value a text ends.
fn field(text: &str) -> Option<String> {
    let colon = text.rfind(": ")?;
    let is_value = text[colon + 1..]
        .chars()
        .all(|c| is_part(c) || " :(".contains(c));
    let before = &text[..colon];
    let start = before
        .char_indices()
        .rev()
        .take_while(|(_, c)| is_part(*c))
        .last()?
        .0;
    is_value.then(|| before[start..].to_owned())
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::compiler::syntax::source::Source;

    fn named(text: &str, at: &str) -> Option<String> {
        let (before, _) = text.split_once(at).expect("it is there");
        let source = Arc::new(Source::new(3, &text.replacen(at, "", 1), Vec::new()));
        let cells = Cells::from([(3, source)]);
        let column = before.lines().next_back().unwrap_or_default().len() + 1;
        let place = Place {
            file: "cell [3]".to_owned(),
            line: before.matches('\n').count() as u32 + 1,
            column: column as u32,
        };
        name(&place, &cells)
    }

    #[test]
    fn the_parts_of_a_pattern_have_their_own_names() {
        let text = "let (a, b) = (Mutex::new(1), Mutex::new(2));";
        let source = Arc::new(Source::new(3, text, Vec::new()));
        let object = |column| Object {
            kind: "Mutex".to_owned(),
            place: Place {
                file: "cell [3]".to_owned(),
                line: 1,
                column,
            },
            called: None,
            inner: false,
            address: 0,
        };
        let objects = [object(30), object(15)];
        assert_eq!(of(&objects, &Cells::from([(3, source)])), ["b", "a"]);
    }

    #[test]
    fn elements_of_an_array_have_their_numbers_whoever_comes_first() {
        let text = "static FORKS: [Mutex<()>; 3] = [const { Mutex::new(()) }; 3];\nPOTS[n].guard(); POTS[0].guard();";
        let source = Arc::new(Source::new(3, text, Vec::new()));
        let object = |kind: &str, line, column, address| Object {
            kind: kind.to_owned(),
            place: Place {
                file: "cell [3]".to_owned(),
                line,
                column,
            },
            called: None,
            inner: kind == "lock",
            address,
        };
        let objects = [
            object("Mutex", 1, 41, 24),
            object("lock", 2, 9, 64),
            object("Mutex", 1, 41, 8),
            object("lock", 2, 26, 48),
            object("Mutex", 1, 41, 16),
        ];
        let names = ["FORKS[2]", "POTS[1]", "FORKS[0]", "POTS[0]", "FORKS[1]"];
        assert_eq!(of(&objects, &Cells::from([(3, source)])), names);
    }

    #[test]
    fn things_are_called_as_the_user_calls_them() {
        for (text, name) in [
            ("let counter = Arc::new(@Mutex::new(0));", "counter"),
            ("let mut a: Mutex<i32> = @Mutex::new(0);", "a"),
            ("pub static LOCK: Mutex<()> = @Mutex::new(());", "LOCK"),
            ("Account { balance: @Mutex::new(0) }", "balance"),
            ("let (tx, rx) = @mpsc::channel();", "tx/rx"),
            (
                "let forks: Vec<_> = (0..5)\n    .map(|_| @Mutex::new(()))",
                "forks",
            ),
        ] {
            assert_eq!(named(text, "@").as_deref(), Some(name), "{text}");
        }
        assert_eq!(
            named("let a = door.lock.@guard();", "@").as_deref(),
            Some("lock")
        );
        assert_eq!(named("f(@Mutex::new(0))", "@"), None);
    }
}
