//! What a cell's crate, its library and its files are called; cells are known to users by other names.

/// What the name of each cell's crate begins with, before its number.
pub const CRATE: &str = "cell_";

/// What the name of the function begins with that runs a cell's statements.
pub const ENTRY: &str = "woozle_cell_";

/// Tells the file of a cell's items from that of its statements, which rustc would take for one: a blank of no width.
pub const ITEMS_MARK: &str = "\u{200b}";

/// What stands behind the number in a library's name. rustc looks for a crate's library by the beginning of
/// its name: without this, all of `libcell_30.so` to `libcell_399.so` would be opened in the search of `cell_3`.
pub const NAME_END: &str = "_";

/// The file name of a cell's library, by the number of its crate.
#[must_use]
pub fn library_name(cell: u32) -> String {
    format!("lib{CRATE}{cell}{NAME_END}.so")
}

/// The number of the cell whose library has this file name.
#[must_use]
pub fn cell_of_library(name: &str) -> Option<u32> {
    let cell = name.strip_prefix("lib")?.strip_prefix(CRATE)?;
    let cell = cell.strip_suffix(".so")?;
    cell.strip_suffix(NAME_END)?.parse().ok()
}

/// What a program of cells is called in paths.
pub const NOTEBOOK: &str = "notebook";

/// A text without the crates that cells are: `Vec<cell_3::P>` is `Vec<P>`.
#[must_use]
pub fn without_crates(text: &str) -> String {
    with_crates_as(text, "")
}

/// A text with this in the place of each crate that is a cell, and of the `::` behind it.
#[must_use]
pub fn with_crates_as(text: &str, shown: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(CRATE) {
        let (before, from) = rest.split_at(at);
        let after = &from[CRATE.len()..];
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        let in_a_word = |text: &str| text.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        match after[digits..].strip_prefix("::") {
            Some(tail) if digits > 0 && !in_a_word(before) => {
                let root = before.strip_suffix("::").filter(|root| !in_a_word(root));
                plain.push_str(root.unwrap_or(before));
                plain.push_str(shown);
                rest = tail;
            }
            _ => {
                plain.push_str(before);
                plain.push_str(CRATE);
                rest = after;
            }
        }
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_leads_back_to_its_cell() {
        assert_eq!(cell_of_library(&library_name(30)), Some(30));
        for name in [
            "libcell_3.so",
            "libcell_x_.so",
            "libcell__.so",
            "cell_3_.so",
            "libserde.so",
        ] {
            assert_eq!(cell_of_library(name), None, "{name}");
        }
    }

    #[test]
    fn a_cells_crate_is_no_part_of_a_name() {
        for (text, plain) in [
            ("cell_3::f", "f"),
            ("::cell_12::P", "P"),
            ("Vec<cell_3::P, cell_4::Q>", "Vec<P, Q>"),
            ("my_cell_3::f", "my_cell_3::f"),
            ("cell_::f cell_3 cell_3:f", "cell_::f cell_3 cell_3:f"),
            ("é::cell_x", "é::cell_x"),
        ] {
            assert_eq!(without_crates(text), plain, "{text}");
        }
    }
}
