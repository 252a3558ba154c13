//! The session as the analyzer gets it: Rust code, and the crates that cells can name.
//!
//! All cells are one crate there. Nothing of it is compiled, so each variable is declared with its
//! type and gets no value.

use std::fmt::Write as _;

use crate::analyzer::protocol::Notebook;
use crate::build::runtime;
use crate::compiler::names;
use crate::compiler::syntax::source::without;
use crate::compiler::types::lifetimes;
use crate::session::assist::snapshot::Snapshot;

/// What a cell of this session can name; `sources` are those of the runtime.
pub(super) fn notebook(session: &Snapshot, sources: &str) -> Notebook {
    let mut crates = vec![("woozle".to_owned(), format!("{{ path = {sources:?} }}"))];
    for name in runtime::CRATES {
        let version = runtime::crate_version(name);
        let value = version.map_or("\"*\"".to_owned(), |version| format!("\"={version}\""));
        crates.push((name.to_owned(), value));
    }
    for (name, value) in &session.crates {
        crates.retain(|(known, _)| known != name);
        crates.push((name.clone(), value.clone()));
    }
    Notebook {
        crates,
        code: code(session),
    }
}

fn code(session: &Snapshot) -> String {
    let mut code = String::new();
    for old in &session.scope.uses {
        let _ = writeln!(code, "{}", old.leaf.declaration());
    }
    for live in &session.scope.items {
        let pieces = without(live.item.range.clone(), &live.cut).into_iter();
        code.extend(pieces.map(|piece| &live.source.text[piece]));
        code.push('\n');
    }
    for (name, variable) in &session.scope.variables {
        let mutable = if variable.mutable { "mut " } else { "" };
        let _ = writeln!(code, "let {mutable}{name}: {};", relative(&variable.ty));
    }
    for held in &session.scope.held {
        let text = &held.source.text[held.statement.range.clone()];
        let _ = writeln!(code, "{text}");
    }
    code
}

/// A type of generated code as it is written where all cells are one crate, which knows the other
/// crates by imports alone.
fn relative(ty: &str) -> String {
    let ty = ty.replace(lifetimes::ALWAYS, "'static");
    let mut text = String::with_capacity(ty.len());
    let mut rest = ty.as_str();
    while let Some((before, after)) = rest.split_once("::") {
        text.push_str(before);
        let is_in_name = |c: char| c.is_alphanumeric() || c == '_' || c == '>';
        if text.ends_with(is_in_name) {
            text.push_str("::");
            rest = after;
        } else {
            rest = without_cell(after);
        }
    }
    text + rest
}

/// A path without the name of a cell's crate.
fn without_cell(path: &str) -> &str {
    let cell = path
        .split_once("::")
        .and_then(|(root, rest)| names::serial_of_crate(root).map(|_| rest));
    cell.unwrap_or(path)
}

/// A cell's code with commands blanked out, which are not Rust; every byte stays where it is.
pub(super) fn without_commands(code: &str) -> String {
    let lines = code.split_inclusive('\n').map(|line| {
        let text = line.trim_start();
        let is_command = text.starts_with(':') && !text.starts_with("::") || text.starts_with("%%");
        if is_command {
            line.bytes()
                .map(|b| if b == b'\n' { '\n' } else { ' ' })
                .collect()
        } else if text.starts_with("::") {
            // evcxr takes any line that begins so for a command.
            line.replacen("::", "  ", 1)
        } else {
            line.to_owned()
        }
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_spelled_from_the_root() {
        let cases = [
            (
                "::woozle::names::Vec<::cell_3::Point>",
                "woozle::names::Vec<Point>",
            ),
            ("&'static ::regex::Regex", "&'static regex::Regex"),
            (
                "<::cell_1::T as ::std::ops::Deref>::Target",
                "<T as std::ops::Deref>::Target",
            ),
            ("fn(::a::B) -> ::c::D", "fn(a::B) -> c::D"),
        ];
        for (ty, expected) in cases {
            assert_eq!(relative(ty), expected);
        }
    }

    #[test]
    fn commands_are_blank_and_nothing_moves() {
        let code = ":dep ä = \"1\"\n%%time\nlet x = 1;\n  ::std::mem::drop(x);\n:vars";
        let blank = without_commands(code);
        assert_eq!(blank.len(), code.len());
        assert_eq!(blank.trim(), "let x = 1;\n    std::mem::drop(x);");
    }
}
