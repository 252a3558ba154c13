//! Keeps rustc from compiling a function once more in each crate that calls it.
//!
//! It does that with a short function that calls nothing, at the level of the crate that calls: a loop that has been
//! optimised in its own cell would run as in a debug build when a cell without loops calls it. So a function that may
//! run long begins with a call that rustc counts, and that LLVM leaves out.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Block, Item, Signature};

use crate::compiler::syntax::cost;
use crate::compiler::syntax::source::{Edit, Part, start_of};
use crate::compiler::syntax::tokens::Tokens;

/// The call. Through a pointer, since rustc would see through any other.
const CALL: &str = " (::woozle::cell::begin as fn())();";

/// The edits for the functions of an item.
pub fn edits(item: &Item, tokens: &Tokens) -> Vec<Edit> {
    let mut functions = Functions {
        tokens,
        edits: Vec::new(),
    };
    functions.visit_item(item);
    functions.edits
}

struct Functions<'a> {
    tokens: &'a Tokens,
    edits: Vec<Edit>,
}

impl Functions<'_> {
    fn add(&mut self, signature: &Signature, attributes: &[syn::Attribute], body: &Block) {
        // A `const fn` may not call pointers, and an `async fn` runs where it is polled.
        let is_plain = signature.constness.is_none() && signature.asyncness.is_none();
        if is_plain && cost::may_run_long(self.tokens, &body.span().byte_range()) {
            let at = start_of(body, attributes);
            self.edits.push(Edit::after(at, CALL, Part::Items));
        }
    }
}

impl Visit<'_> for Functions<'_> {
    fn visit_item_fn(&mut self, item: &syn::ItemFn) {
        self.add(&item.sig, &item.attrs, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &syn::ImplItemFn) {
        self.add(&item.sig, &item.attrs, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &syn::TraitItemFn) {
        if let Some(body) = &item.default {
            self.add(&item.sig, &item.attrs, body);
        }
        visit::visit_trait_item_fn(self, item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compiler::syntax::cell::Parsed;
    use crate::compiler::syntax::tokens::Names;

    fn edited(text: &str) -> String {
        let parsed = Parsed::new(text, &Names::new()).expect("Rust");
        let edits = parsed.items.iter().flat_map(|item| &item.edits);
        let mut places: Vec<usize> = edits
            .filter(|edit| edit.text == CALL)
            .map(|edit| edit.range.start)
            .collect();
        places.sort_unstable();
        let mut shown = text.to_owned();
        for at in places.into_iter().rev() {
            shown.insert(at, '✓');
        }
        shown
    }

    #[test]
    fn functions_with_loops_and_closures_are_kept_whole() {
        for (text, shown) in [
            ("fn f() { 1 + 1; }", "fn f() { 1 + 1; }"),
            ("fn f() { loop {} }", "fn f() {✓ loop {} }"),
            (
                "fn f() { #![allow(unused)] g(|| 1) }",
                "fn f() { #![allow(unused)]✓ g(|| 1) }",
            ),
            (
                "impl S { fn f() { while a {} } fn g() {} }",
                "impl S { fn f() {✓ while a {} } fn g() {} }",
            ),
            (
                "trait T { fn f(); fn g() { for x in y {} } }",
                "trait T { fn f(); fn g() {✓ for x in y {} } }",
            ),
            (
                "mod m { fn f() { loop {} } }",
                "mod m { fn f() {✓ loop {} } }",
            ),
            ("const fn f() { loop {} }", "const fn f() { loop {} }"),
            ("async fn f() { loop {} }", "async fn f() { loop {} }"),
        ] {
            assert_eq!(edited(text), shown);
        }
    }
}
