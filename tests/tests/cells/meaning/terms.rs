//! Sums of terms: the bodies of functions.

use crate::support::numbers::Numbers;

/// A term.
#[derive(Debug, Clone)]
pub(super) enum Term {
    Number(i64),
    /// A function that is called by a name of the session's root.
    Call(String),
    /// One by its path in a module.
    Path(String, String),
    /// A constant of the root.
    Constant(String),
    /// The macro of a name.
    Macro(String),
    /// The trait's method.
    Shout,
    /// The trait's method, called by a generic function.
    Generic,
    /// The type's own method.
    Size,
    /// The variant of an enum, imported.
    Variant(String),
}

/// A sum.
pub(super) type Sum = Vec<Term>;

impl Term {
    fn text(&self) -> String {
        match self {
            Self::Number(number) => format!("{number}i64"),
            Self::Call(name) => format!("{name}()"),
            Self::Path(module, name) => format!("{module}::{name}()"),
            Self::Constant(name) => name.clone(),
            Self::Macro(name) => format!("{name}!()"),
            Self::Shout => "7i64.shout()".into(),
            Self::Generic => "louder(&7i64)".into(),
            Self::Size => "Jar { ha: 1, CA: 2 }.size()".into(),
            Self::Variant(name) => format!("{name} as i64"),
        }
    }
}

/// A sum as it is written.
pub(super) fn text(sum: &Sum) -> String {
    let terms: Vec<String> = sum
        .iter()
        .map(|term| format!("({})", term.text()))
        .collect();
    terms.join(" + ")
}

/// A sum with locals, labels, fields and patterns of other items' names around it.
pub(super) fn body(sum: &Sum, random: &mut Numbers) -> String {
    let sum = text(sum);
    match random.below(6) {
        0 => format!("let total = {sum}; total"),
        1 => format!("let jar = Jar {{ ha: {sum}, CA: 0 }}; jar.ha"),
        2 => format!("let n = {{ let hb = 1i64; hb + {sum} }}; n - 1"),
        3 => format!("'hc: {{ break 'hc {sum} }}"),
        4 => format!("match ({sum}, 1) {{ (ant, 1) => ant, (bee, cow) => bee + cow }}"),
        _ => sum,
    }
}
