//! Functions of the user's own that only make a value, or change the one that they are called on: to run one once more for another
//! value is seen by nobody.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Block, Expr, ImplItem, Item, TraitItem, Type};

use super::{FILLING, is_constructor};
use crate::compiler::syntax::tokens::{Names, Tokens};

/// What a session's `impl`s and traits define.
#[derive(Debug, Default)]
pub struct Functions {
    /// By name, what the functions do.
    bodies: BTreeMap<String, Vec<Block>>,
    /// The types whose values have a destructor of the user's.
    dropped: Names,
    /// What types consist of: all the names in their definitions.
    parts: BTreeMap<String, Names>,
}

impl Functions {
    /// Takes in an item, by its text.
    pub fn add(&mut self, text: &str) {
        if let Ok(item) = syn::parse_str::<Item>(text) {
            self.add_item(item);
        }
        proc_macro2::extra::invalidate_current_thread_spans();
    }

    fn add_item(&mut self, item: Item) {
        match item {
            Item::Mod(item) => {
                let items = item.content.into_iter().flat_map(|(_, items)| items);
                items.for_each(|item| self.add_item(item));
            }
            Item::Impl(item) => {
                let of_trait = item.trait_.as_ref();
                let of_trait = of_trait.and_then(|(path, _)| path.segments.last());
                if of_trait.is_some_and(|last| last.ident == "Drop")
                    && let Type::Path(ty) = &*item.self_ty
                {
                    let last = ty.path.segments.last();
                    self.dropped.extend(last.map(|last| last.ident.to_string()));
                }
                for member in item.items {
                    if let ImplItem::Fn(function) = member {
                        self.insert(&function.sig.ident, function.block);
                    }
                }
            }
            Item::Trait(item) => {
                for member in item.items {
                    if let TraitItem::Fn(function) = member {
                        let body = function.default.into_iter();
                        body.for_each(|body| self.insert(&function.sig.ident, body));
                    }
                }
            }
            Item::Struct(item) => self.add_type(&item.ident, item.fields.to_token_stream()),
            Item::Enum(item) => self.add_type(&item.ident, item.variants.to_token_stream()),
            _ => {}
        }
    }

    fn add_type(&mut self, name: &syn::Ident, parts: TokenStream) {
        let (mut names, more) = Tokens::new(parts).all_names();
        names.extend(more);
        self.parts.insert(name.to_string(), names);
    }

    fn insert(&mut self, name: &syn::Ident, body: Block) {
        self.bodies.entry(name.to_string()).or_default().push(body);
    }

    /// Whether the user may see a value of a type end: something in it has a destructor of the user's.
    pub fn end_is_seen(&self, ty: &str) -> bool {
        let words = ty.split(|c: char| !c.is_alphanumeric() && c != '_');
        let mut left: Vec<&str> = words.collect();
        let mut seen = BTreeSet::new();
        while let Some(name) = left.pop() {
            if self.dropped.contains(name) {
                return true;
            }
            if seen.insert(name) {
                let parts = self.parts.get(name).into_iter().flatten();
                left.extend(parts.map(String::as_str));
            }
        }
        false
    }

    /// Whether statements only make or change values.
    pub fn are_plain(&self, statements: &str) -> bool {
        let parsed = syn::parse::Parser::parse_str(Block::parse_within, statements);
        let is_plain = parsed.is_ok_and(|statements| {
            let mut plain = Plain {
                functions: self,
                seen: BTreeSet::new(),
                other: false,
            };
            statements
                .iter()
                .for_each(|statement| plain.visit_stmt(statement));
            !plain.other
        });
        proc_macro2::extra::invalidate_current_thread_spans();
        is_plain
    }
}

/// Looks for what does something else.
struct Plain<'a> {
    functions: &'a Functions,
    /// The functions that were looked at, or are being looked at.
    seen: BTreeSet<&'a str>,
    other: bool,
}

impl Plain<'_> {
    /// A function of this name is called, of whichever type.
    fn call(&mut self, name: &str, is_known: bool) {
        match self.functions.bodies.get_key_value(name) {
            Some((name, bodies)) => {
                if self.seen.insert(name) {
                    bodies.iter().for_each(|body| self.visit_block(body));
                }
            }
            None => self.other |= !is_known,
        }
    }
}

impl Visit<'_> for Plain<'_> {
    fn visit_expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Call(call) => {
                let name = match &*call.func {
                    Expr::Path(path) => path.path.segments.last().map(|s| s.ident.to_string()),
                    _ => None,
                };
                let is_known = is_constructor(&call.func);
                self.call(name.as_deref().unwrap_or_default(), is_known);
                call.args
                    .iter()
                    .for_each(|argument| self.visit_expr(argument));
            }
            Expr::MethodCall(call) => {
                let name = call.method.to_string();
                let is_known = FILLING.iter().chain(&METHODS).any(|known| *known == name);
                self.call(&name, is_known);
                visit::visit_expr_method_call(self, call);
            }
            Expr::Lit(_)
            | Expr::Path(_)
            | Expr::Field(_)
            | Expr::Paren(_)
            | Expr::Reference(_)
            | Expr::Unary(_)
            | Expr::Binary(_)
            | Expr::Assign(_)
            | Expr::If(_)
            | Expr::Let(_)
            | Expr::Match(_)
            | Expr::Block(_)
            | Expr::While(_)
            | Expr::Loop(_)
            | Expr::ForLoop(_)
            | Expr::Break(_)
            | Expr::Continue(_)
            | Expr::Return(_)
            | Expr::Struct(_)
            | Expr::Tuple(_)
            | Expr::Array(_)
            | Expr::Repeat(_)
            | Expr::Index(_)
            | Expr::Range(_)
            | Expr::Cast(_)
            | Expr::Macro(_) => visit::visit_expr(self, expr),
            _ => self.other = true,
        }
    }

    fn visit_macro(&mut self, call: &syn::Macro) {
        let elements = super::elements(call).filter(|_| call.path.is_ident("vec"));
        self.other |= elements.is_none();
        for element in elements.into_iter().flatten() {
            self.visit_expr(&element);
        }
    }

    fn visit_item(&mut self, _: &Item) {
        self.other = true;
    }
}

/// Methods of std that only make or change a value, beside those of [`FILLING`].
const METHODS: [&str; 42] = [
    "pop",
    "pop_back",
    "pop_front",
    "remove",
    "swap_remove",
    "truncate",
    "clear",
    "reserve",
    "resize",
    "swap",
    "reverse",
    "sort",
    "len",
    "is_empty",
    "capacity",
    "contains",
    "contains_key",
    "get",
    "get_mut",
    "first",
    "last",
    "last_mut",
    "entry",
    "or_default",
    "or_insert",
    "take",
    "replace",
    "unwrap",
    "unwrap_or",
    "unwrap_or_default",
    "is_some",
    "is_none",
    "as_ref",
    "as_mut",
    "as_deref_mut",
    "clone",
    "into",
    "iter",
    "min",
    "max",
    "cmp",
    "partial_cmp",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_plain_if_it_only_changes_what_it_is_called_on() {
        let mut functions = Functions::default();
        functions.add(
            "impl<T> Stack<T> {
                fn new() -> Self { Stack { items: Vec::new(), size: 0 } }
                fn push(&mut self, t: T) -> &mut Self { self.items.push(t); self.size += 1; self }
                fn both(&mut self, a: T, b: T) { self.push(a); self.push(b); }
                fn tell(&mut self, t: T) { println!(\"{}\", self.size); self.push(t); }
                fn count(&mut self) { unsafe { COUNT += 1 } }
                fn tell_all(&mut self, t: T) { self.tell(t) }
            }",
        );
        functions.add("trait Log { fn append(&mut self) { eprintln!() } }");
        functions.add("impl Drop for Guard { fn drop(&mut self) {} }");
        for (text, expected) in [
            ("let s = Stack::new();", true),
            ("s.push(1);", true),
            ("s.both(1, 2);", true),
            ("s.push(1).push(2);", true),
            ("s.tell(1);", false),
            ("s.tell_all(1);", false),
            ("s.count();", false),
            ("s.append();", false),
            ("s.unknown(1);", false),
            ("s.push(f(1));", false),
            ("let s = Stack::from_file();", false),
        ] {
            assert_eq!(functions.are_plain(text), expected, "{text}");
        }
        functions.add("struct Pool<T> { items: Vec<Slot<T>> }");
        functions.add("enum Slot<T> { Full(T, Guard), Empty }");
        assert!(functions.end_is_seen("::cell_1::Pool<i32>"));
        assert!(!functions.end_is_seen("::cell_1::Stack<i32>"));
    }
}
