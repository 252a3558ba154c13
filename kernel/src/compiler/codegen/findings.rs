//! What compiling a cell has found out, and the next run does differently.

use std::collections::{BTreeMap, BTreeSet};

use super::borrowing::Borrowing;
use crate::compiler::syntax::tokens::Names;

/// What was found out by compiling, and is done differently the next time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// Earlier variables that the cell moves away.
    pub moved: Names,
    /// New variables that cannot be kept.
    pub not_kept: Names,
    /// Of those: the ones that borrow from something that the cell keeps, so that they must end before.
    pub borrowers: Names,
    /// Of those: the ones that have ended before, as the cell has moved them away, say.
    pub gone: Names,
    /// Declarations of imports that lead nowhere: of what a macro call only seemed to define, or of
    /// what a module no longer has.
    pub absent: Names,
    /// Earlier variables whose type cannot be named here.
    pub unusable: Names,
    /// Whether the statements await something that is hidden in a macro.
    pub awaits: bool,
    /// Types of errors that the runtime cannot be told of: they are private, say.
    pub untold: Names,
    /// Modules that are there for tests only, and are left out, as they do not compile.
    pub untested: Names,
    /// Where a `?` of the statements is one on an `Option`.
    pub questions: BTreeSet<usize>,
    /// Of variables: the parts that the cell moves away.
    pub parts: BTreeMap<String, Names>,
    /// Earlier variables that are taken within the statements, and kept at their end as what they are then: those of which a part
    /// is missing and that the cell assigns something to, and those of which it uses all and then moves a part.
    pub in_body: Names,
    /// Who borrows from whom.
    pub borrowing: Borrowing,
    /// New variables whose type is erased.
    pub erased: BTreeMap<String, Erasure>,
}

/// Whether a trait object may be sent to another thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// It may.
    Yes,
    /// It may not.
    No,
}

/// What a variable is kept as whose type has no name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Erasure {
    /// As the type that is given, to which it coerces: a function pointer, an `Arc` of a trait object.
    Pointer(String),
    /// As a boxed trait object; the trait is given, and what is added to it (`+ Send`).
    Boxed(String, &'static str),
    /// A closure that can be copied, and so has no destructor, as a reference to a trait object that stays; the trait is given, and
    /// what is added to it.
    Copied(String, &'static str),
    /// A closure that returns closures, as a boxed trait object that returns such: what can be called how and with what, from the
    /// outside in, what the last one gives, and what is added to each.
    Curried(Vec<(&'static str, Vec<String>)>, String, &'static str),
    /// As it is: its type, with `impl` for what has no name, is the result of a function of the cell's crate. What is added
    /// to each of the bounds is apart.
    Kind(String, &'static str),
    /// As a boxed iterator, which may be sent to another thread or not.
    Iterator(Sent),
    /// As a boxed future, the same.
    Future(Sent),
    /// As a boxed trait object whose parameters' types rustc is to infer: the trait (`Fn`, `FnMut` or
    /// `FnOnce`), how many parameters it has, and what is added to it.
    Callable(&'static str, usize, &'static str),
}

impl Erasure {
    /// The box for a value of this name that is kept in one of a known type: its type, and what makes it.
    pub(crate) fn in_box(&self, name: &str) -> Option<(String, String)> {
        match self {
            Self::Boxed(bounds, more) => Some((
                format!("::std::boxed::Box<dyn {bounds}{more}>"),
                format!("::std::boxed::Box::new({name})"),
            )),
            Self::Copied(bounds, more) => Some((
                format!("&'static (dyn {bounds}{more})"),
                format!("&*::std::boxed::Box::leak(::std::boxed::Box::new({name}))"),
            )),
            Self::Curried(calls, result, more) => Some(curried(calls, result, more, name)),
            _ => None,
        }
    }
}

fn curried(
    calls: &[(&'static str, Vec<String>)],
    result: &str,
    more: &str,
    value: &str,
) -> (String, String) {
    let [(kind, parameters), inner @ ..] = calls else {
        return (result.to_owned(), value.to_owned());
    };
    let listed = parameters.join(", ");
    if inner.is_empty() {
        return (
            format!("::std::boxed::Box<dyn {kind}({listed}) -> {result}{more}>"),
            format!("::std::boxed::Box::new({value})"),
        );
    }
    let (inner, made) = curried(inner, result, more, "woozle_inner");
    let names: Vec<String> = (0..parameters.len())
        .map(|n| format!("woozle_{n}"))
        .collect();
    let typed: Vec<String> = names
        .iter()
        .zip(parameters)
        .map(|(name, ty)| format!("{name}: {ty}"))
        .collect();
    let (names, typed) = (names.join(", "), typed.join(", "));
    let object = format!("::std::boxed::Box<dyn {kind}({listed}) -> {inner}{more}>");
    let value = format!(
        "{{ #[allow(unused_mut)] let mut woozle_outer = {value}; \
         ::std::boxed::Box::new(move |{typed}| -> {inner} {{ let woozle_inner = woozle_outer({names}); {made} }}) }}"
    );
    (object, value)
}
