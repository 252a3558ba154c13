//! Types that may live for less than they do, as far as that shows: rustc need not be asked whether a variable of such a type lives
//! exactly as long as the variable.

use syn::visit::{self, Visit};
use syn::{Fields, Item, Type};

use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rustc::mir::depths;
use crate::compiler::syntax::tokens::{self, Names};
use crate::compiler::unit::Cell;

/// Types of std that may live for less than they do, if what is in them may: rustc need not be asked.
const COVARIANT: [&str; 37] = [
    "Vec",
    "VecDeque",
    "Option",
    "Result",
    "String",
    "Box",
    "Rc",
    "Arc",
    "HashMap",
    "HashSet",
    "BTreeMap",
    "BTreeSet",
    "BinaryHeap",
    "Cow",
    "Iter",
    "Keys",
    "Values",
    "Chars",
    "CharIndices",
    "Bytes",
    "Windows",
    "Chunks",
    "ChunksExact",
    "Enumerate",
    "Rev",
    "Zip",
    "Skip",
    "Take",
    "StepBy",
    "Chain",
    "Cloned",
    "Copied",
    "Cycle",
    "Range",
    "Ref",
    "MutexGuard",
    "PhantomData",
];

/// The definitions of the user's types.
type Known<'a> = &'a dyn Fn(&str) -> Option<Item>;

/// The definition of a type of the session.
pub(super) fn definition(name: &str, cell: &Cell, scope: &Scope) -> Option<Item> {
    let mut own = cell.plan.own.iter();
    let own = own.find(|item| item.names.iter().any(|other| other == name));
    let text = match own {
        Some(item) => &cell.source.text[item.range.clone()],
        None => {
            let earlier = scope.item(name)?;
            &earlier.source.text[earlier.item.range.clone()]
        }
    };
    syn::parse_str(text).ok()
}

/// Whether a type, as the MIR has it, may be one that may not live for less than it does.
pub(super) fn may_be_rigid(ty: &str, known: Known<'_>) -> bool {
    let lifetimes = ty.matches(['&', '\'']).count() + ty.matches("dyn ").count();
    lifetimes > 1 && ty.contains("mut ") || lifetimes > 0 && has_rigid(ty, known)
}

/// Whether there is a type in it that is not known, with something among its arguments that borrows.
fn has_rigid(ty: &str, known: Known<'_>) -> bool {
    let mut opened = ty.match_indices('<').map(|(at, _)| ty.split_at(at));
    opened.any(|(before, arguments)| {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let (path, name) = before.split_at(before.trim_end_matches(is_part).len());
        let end = depths(arguments).find(|(_, _, depth)| *depth == 0);
        let arguments = &arguments[..end.map_or(arguments.len(), |(at, ..)| at)];
        let is_covariant =
            || COVARIANT.contains(&name) || !path.ends_with("::") && is_covariant(name, known);
        arguments.contains(['&', '\'']) && !is_covariant()
    })
}

/// Whether a type of the user's may live for less than it does, if its arguments may.
fn is_covariant(name: &str, known: Known<'_>) -> bool {
    let mut parts = Parts {
        known,
        seen: Names::new(),
        parameters: Names::new(),
    };
    !parts.is_rigid_item(name)
}

/// A walk through definitions.
struct Parts<'a> {
    known: Known<'a>,
    /// Those that were begun.
    seen: Names,
    /// The types that the definition is generic over.
    parameters: Names,
}

impl Parts<'_> {
    fn is_rigid_item(&mut self, name: &str) -> bool {
        if !self.seen.insert(name.to_owned()) {
            return false;
        }
        let (generics, fields): (_, Vec<Fields>) = match (self.known)(name) {
            Some(Item::Struct(item)) => (item.generics, vec![item.fields]),
            Some(Item::Enum(item)) => {
                let fields = item.variants.into_iter().map(|variant| variant.fields);
                (item.generics, fields.collect())
            }
            _ => return true,
        };
        let parameters = generics.type_params();
        let parameters = parameters.map(|parameter| tokens::name(&parameter.ident));
        let outer = std::mem::replace(&mut self.parameters, parameters.collect());
        let is_rigid = fields
            .iter()
            .flatten()
            .any(|field| self.is_rigid(&field.ty));
        self.parameters = outer;
        is_rigid
    }

    fn is_rigid(&mut self, ty: &Type) -> bool {
        if !self.may_borrow(ty) {
            return false;
        }
        match ty {
            Type::Reference(reference) if reference.mutability.is_some() => {
                self.may_borrow(&reference.elem)
            }
            Type::Reference(reference) => self.is_rigid(&reference.elem),
            Type::Tuple(tuple) => tuple.elems.iter().any(|part| self.is_rigid(part)),
            Type::Array(array) => self.is_rigid(&array.elem),
            Type::Slice(slice) => self.is_rigid(&slice.elem),
            Type::Paren(paren) => self.is_rigid(&paren.elem),
            Type::Group(group) => self.is_rigid(&group.elem),
            Type::Path(path) => self.is_rigid_path(path),
            _ => true,
        }
    }

    fn is_rigid_path(&mut self, path: &syn::TypePath) -> bool {
        let (first, last) = (path.path.segments.first(), path.path.segments.last());
        let (None, Some(first), Some(last)) = (&path.qself, first, last) else {
            return true;
        };
        let (first, name) = (tokens::name(&first.ident), tokens::name(&last.ident));
        if self.parameters.contains(&first) {
            return first != name; // a type that a trait gives
        }
        let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
            return true;
        };
        let is_covariant = COVARIANT.contains(&&*name)
            || path.path.segments.len() == 1 && !self.is_rigid_item(&name);
        let mut types = arguments.args.iter().filter_map(|argument| match argument {
            syn::GenericArgument::Type(ty) => Some(ty),
            _ => None,
        });
        !is_covariant || types.any(|ty| self.is_rigid(ty))
    }

    /// Whether there is a lifetime in a type, or may be one.
    fn may_borrow(&self, ty: &Type) -> bool {
        let mut found = Borrows {
            parameters: &self.parameters,
            found: false,
        };
        found.visit_type(ty);
        found.found
    }
}

struct Borrows<'a> {
    parameters: &'a Names,
    found: bool,
}

impl Visit<'_> for Borrows<'_> {
    fn visit_lifetime(&mut self, lifetime: &syn::Lifetime) {
        self.found |= lifetime.ident != "static";
    }

    fn visit_type_reference(&mut self, reference: &syn::TypeReference) {
        self.found |= reference.lifetime.is_none();
        visit::visit_type_reference(self, reference);
    }

    fn visit_path_segment(&mut self, segment: &syn::PathSegment) {
        self.found |= self.parameters.contains(&tokens::name(&segment.ident));
        visit::visit_path_segment(self, segment);
    }

    fn visit_type_macro(&mut self, _: &syn::TypeMacro) {
        self.found = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rustc_is_asked_of_types_that_may_not_live_for_less() {
        for (ty, expected) in [
            ("&str", false),
            ("Vec<&str>", false),
            ("&mut Vec<i32>", false),
            ("&mut Toy", false),
            ("Vec<Held<u8>>", false),
            ("&mut Vec<Box<dyn Draw>>", true),
            ("std::collections::HashMap<&str, Vec<&String>>", false),
            ("std::slice::Iter<'_, i32>", false),
            ("std::sync::MutexGuard<'_, Vec<i32>>", false),
            ("&mut Vec<&str>", true),
            ("Peekable<Chars<'_>>", true),
            ("std::str::Split<'_, char>", true),
            ("Lexer<'_>", true),
            ("RefCell<Vec<&str>>", true),
        ] {
            assert_eq!(may_be_rigid(ty, &|_| None), expected, "{ty}");
        }
    }

    #[test]
    fn a_definition_shows_what_may_live_for_less() {
        let known = |name: &str| {
            let text = match name {
                "View" => "struct View<'a> { of: &'a Toy, at: i64, names: Vec<&'a str> }",
                "List" => "enum List<'a, T> { More(&'a T, Option<Box<List<'a, T>>>), No }",
                "Two" => "struct Two<'a>(View<'a>, List<'a, [&'a str; 2]>, fn(&str), &'a mut u8);",
                "Cursor" => "struct Cursor<'a> { left: Peekable<Chars<'a>> }",
                "Filled" => "struct Filled<'a> { into: &'a mut Vec<&'a str> }",
                "Given" => {
                    "struct Given<'a, I: Iterator> { of: I, next: Option<I::Item>, s: &'a u8 }"
                }
                "Called" => "struct Called<'a>(Box<dyn Fn() + 'a>);",
                "Behind" => "struct Behind<'a>(Option<Cursor<'a>>);",
                _ => return None,
            };
            syn::parse_str(text).ok()
        };
        for (ty, expected) in [
            ("View<'_>", false),
            ("Vec<View<'_>>", false),
            ("&mut View<'_>", true),
            ("RefCell<View<'_>>", true),
            ("List<'_, &str>", false),
            ("List<'_, Cell<&str>>", true),
            ("Two<'_>", true),
            ("Cursor<'_>", true),
            ("Filled<'_>", true),
            ("Given<'_, Iter<'_, u8>>", true),
            ("Called<'_>", true),
            ("Behind<'_>", true),
            ("m::View<'_>", true),
        ] {
            assert_eq!(may_be_rigid(ty, &known), expected, "{ty}");
        }
    }
}
