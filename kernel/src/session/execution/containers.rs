//! Variables that only hold what is put into them: made once more, for values of another type, they are the same.

use std::collections::BTreeMap;

use crate::compiler::driver::Cell;
use crate::compiler::names;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::syntax::construction::Form;
use crate::compiler::syntax::construction::plain::Functions;
use crate::compiler::syntax::item::Kind;

/// What is known of the variables that a cell mentions, and of the functions that a type of the user's own has.
pub(super) struct Containers {
    /// The types of the variables.
    types: BTreeMap<String, String>,
    /// The types and modules that the user has defined.
    own: Vec<String>,
    functions: Functions,
}

impl Containers {
    /// Those of a cell, which has been taken into the scope.
    pub(super) fn of(scope: &Scope, cell: &Cell) -> Self {
        let statements = cell.parsed.statements.iter();
        let named = statements.flat_map(|s| s.names.iter().chain(s.binds.iter().map(|b| &b.name)));
        let types = named.filter_map(|name| {
            let variable = scope.variables.get(name)?;
            Some((name.clone(), variable.ty.clone()))
        });
        let mut containers = Self {
            types: types.collect(),
            own: Vec::new(),
            functions: Functions::default(),
        };
        if containers.types.values().any(|ty| is_own(ty)) {
            containers.look_at_items(scope);
        }
        containers
    }

    fn look_at_items(&mut self, scope: &Scope) {
        let items = scope.items.iter().filter(|live| live.dormant.is_none());
        for live in items {
            if matches!(live.item.kind, Kind::Type | Kind::Other) {
                self.own.extend(live.item.names.iter().cloned());
            }
            if !matches!(live.item.kind, Kind::Static | Kind::Macro | Kind::Function) {
                let text = &live.source.text[live.item.range.clone()];
                self.functions.add(text);
            }
        }
    }

    /// Whether a variable is of such a type.
    pub(super) fn is_one(&self, name: &str) -> bool {
        let ty = self.types.get(name);
        ty.is_some_and(|ty| is_collection(ty) || self.ends_unseen(ty))
    }

    fn ends_unseen(&self, ty: &str) -> bool {
        is_own(ty) && !self.functions.end_is_seen(ty)
    }

    /// Whether nobody sees the `let` of a variable run once more.
    pub(super) fn may_be_made(&self, text: &str, name: &str) -> bool {
        let ty = self.types.get(name).map_or("", String::as_str);
        let names_own = self.own.iter().any(|own| names::mentions(text, own));
        !(names_own || is_own(ty)) || self.ends_unseen(ty) && self.functions.are_plain(text)
    }

    /// Whether a statement only puts values into a variable.
    pub(super) fn fill(&self, text: &str, name: &str) -> bool {
        let Some(ty) = self.types.get(name) else {
            return false;
        };
        let form = Form::of(text);
        let is_it = |variable: &Option<String>| variable.as_deref() == Some(name);
        let by_own = || self.ends_unseen(ty) && self.functions.are_plain(text);
        is_it(&form.fills) && is_collection(ty) || is_it(&form.calls_on) && by_own()
    }
}

/// Whether a type is one of the user's own.
fn is_own(ty: &str) -> bool {
    let root = ty.trim_start_matches(':').split("::").next();
    root.is_some_and(names::is_crate)
}

/// Whether a type is one of std's collections, whose methods do no more than they say.
fn is_collection(ty: &str) -> bool {
    let (path, _) = ty.split_once('<').unwrap_or((ty, ""));
    let (module, name) = path.rsplit_once("::").unwrap_or_default();
    let is_of_std = ["::std::", "::alloc::", "::woozle::names"]
        .iter()
        .any(|m| module.starts_with(m));
    is_of_std && COLLECTIONS.contains(&name.trim())
}

/// The collections of std.
const COLLECTIONS: [&str; 8] = [
    "Vec",
    "VecDeque",
    "HashMap",
    "HashSet",
    "BTreeMap",
    "BTreeSet",
    "BinaryHeap",
    "LinkedList",
];
