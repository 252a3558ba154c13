//! Variables of which a part was moved away: the rest goes on.
//!
//! At a cell's end such a variable is put back whole: its own bytes, copied at the beginning, stand where the part was. The next cell
//! begins with `mem::forget` of that part, so that rustc knows that it has moved and judges each use.

use std::fmt::Write as _;

use super::writer::Writer;
use crate::compiler::resolve::session_scope::Variable;
use crate::compiler::syntax::tokens::Names;

/// The name of the bytes that stand for a part.
fn bytes(name: &str, number: usize) -> String {
    format!("woozle_part_{number}_of_{}", name.trim_start_matches("r#"))
}

/// After the `let` of a new variable: the same, for a variable that can be given its parts again.
pub(crate) fn copy_new(name: &str, parts: &Names, mutable: bool) -> String {
    let again = if mutable {
        String::new()
    } else {
        format!(" let mut {name} = {name};")
    };
    again + &copy(name, parts)
}

/// What copies the bytes of parts, while they are there.
pub(super) fn copy(name: &str, parts: &Names) -> String {
    let mut code = String::new();
    for (number, part) in parts.iter().enumerate() {
        let bytes = bytes(name, number);
        let _ = write!(code, " let {bytes} = ::woozle::cell::bytes(&{part});");
    }
    code
}

/// What puts the bytes of parts where they were.
pub(super) fn refill(name: &str, parts: &Names) -> String {
    let mut code = String::new();
    for (number, part) in parts.iter().enumerate() {
        let bytes = bytes(name, number);
        let _ = write!(code, "{part} = ::woozle::cell::moved_part({bytes}); ");
    }
    code
}

/// The function that drops all of a variable but these parts.
pub(super) fn drop_rest(name: &str, parts: &Names) -> String {
    let mut code = String::from("|woozle_whole| {");
    for part in parts {
        let path = part.strip_prefix(name).unwrap_or_default();
        let _ = write!(code, " ::core::mem::forget(woozle_whole{path});");
    }
    code + " }"
}

impl Writer<'_> {
    /// After an earlier variable was taken: what of it has no value.
    pub(super) fn forget_parts(&self, name: &str, variable: &Variable) -> String {
        let own = self.input.findings.parts.get(name);
        // Of a name that the cell binds anew, that is about the new variable.
        let own = own.filter(|_| !self.input.parsed.binds(name));
        let mut code = own.map_or_else(String::new, |parts| copy(name, parts));
        for part in &variable.parts {
            let _ = write!(code, " ::core::mem::forget({part});");
        }
        code
    }
}
