//! The names that generated code has, and the way back from them. What the runtime has to know of them, too, for libraries, places and
//! backtraces, is in `woozle::protocol`.

pub use woozle::protocol::{CRATE, ENTRY, ITEMS_MARK};

/// The crate of a cell, by its serial number.
pub fn crate_name(serial: u32) -> String {
    format!("{CRATE}{serial}")
}

/// The serial number of a cell's crate.
pub fn serial_of_crate(name: &str) -> Option<u32> {
    name.strip_prefix(CRATE)?.parse().ok()
}

/// Whether a crate is that of a cell.
pub fn is_crate(name: &str) -> bool {
    name.starts_with(CRATE)
}

/// The path of a cell's crate, as it stands in generated code.
pub fn crate_path(serial: u32) -> String {
    format!("::{CRATE}{serial}")
}

/// The serial numbers of the cells' crates that generated code names.
pub fn crates_in(code: &str) -> impl Iterator<Item = u32> {
    code.split("::").skip(1).filter_map(|piece| {
        let is_digit = |c: &char| c.is_ascii_digit();
        let after = piece.strip_prefix(CRATE)?;
        let digits: String = after.chars().take_while(is_digit).collect();
        digits.parse().ok()
    })
}

/// The serial numbers of the cells' crates that a text names in any way.
pub fn crates_named_in(text: &str) -> impl Iterator<Item = u32> {
    text.split(CRATE).skip(1).filter_map(|after| {
        let end = after.find(|c: char| !c.is_ascii_digit());
        after[..end.unwrap_or(after.len())].parse().ok()
    })
}

/// Whether code has this name in it, be it as a part of a path or of a text.
pub fn mentions(code: &str, name: &str) -> bool {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    code.match_indices(name).any(|(at, _)| {
        !is_part(code[..at].chars().next_back()) && !is_part(code[at + name.len()..].chars().next())
    })
}

/// The module that has a name of one crate, and those of the crates before.
pub fn layer(name: &str, serial: u32) -> String {
    format!("woozle_layer_{}_{serial}", name.trim_start_matches("r#"))
}

/// What a module's macro is called in the root, where those of all modules are.
pub fn exported_macro(modules: &[String], name: &str) -> String {
    format!("woozle_macro_{}_{name}", modules.join("_"))
}

/// The function that runs a cell's statements.
pub fn entry(serial: u32) -> String {
    format!("{ENTRY}{serial}")
}

/// The function whose result has the kinds of a cell's variables, and which runs its statements, by the serial number.
pub fn kinds(serial: u32) -> String {
    format!("woozle_kinds_{serial}")
}

/// In that function: the kind of the variable with this number.
pub fn kind_variable(number: usize) -> String {
    format!("woozle_kind_{number}")
}

/// What tells a static from all others of a session: what its item's text amounts to, where it stands, its name.
pub fn static_key(item: &str, start: usize, name: &str) -> String {
    format!("{item}_{start}_{name}")
}

/// The name of the static that has this symbol.
pub fn static_of_symbol(symbol: &str) -> Option<&str> {
    symbol.strip_prefix("woozle_")?.splitn(4, '_').nth(3)
}

/// The symbol of a static, by its key, in the crate that holds it.
pub fn static_symbol(serial: u32, key: &str) -> String {
    format!("woozle_{serial}_{key}")
}

/// The `cfg` by which a crate takes a static from another crate; also the macro that has its symbol.
pub fn static_cfg(key: &str) -> String {
    format!("woozle_{key}")
}

/// The number of the call that shows the last expression's type, among those that keep variables.
pub const LAST_EXPRESSION: usize = 4_294_967_295;

/// Stands in the place of a cell's number for an expression that is evaluated between cells.
pub const EXPRESSION: u32 = 0;
const EXPRESSION_NAME: &str = "expression";

/// What a cell is called in messages and as a file.
pub fn cell_name(cell: u32) -> String {
    if cell == EXPRESSION {
        EXPRESSION_NAME.to_owned()
    } else {
        format!("{CELL}{cell}]")
    }
}

/// What that begins with, but for an expression.
pub const CELL: &str = "cell [";

/// The cell of a file's name.
pub fn cell_of_name(name: &str) -> Option<u32> {
    let name = name.strip_suffix(ITEMS_MARK).unwrap_or(name);
    if name == EXPRESSION_NAME {
        return Some(EXPRESSION);
    }
    name.strip_prefix(CELL)?.strip_suffix(']')?.parse().ok()
}
