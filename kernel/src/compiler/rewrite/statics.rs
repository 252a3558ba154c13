//! Statics that go on when the code around them is compiled again.
//!
//! What mentions something that was defined anew is compiled once more, in another crate, and a static would begin
//! anew there. So a static has a symbol of its own, and it is written so that a crate can also take it from the one that
//! has it: by a `cfg`, which is set in a crate where [`plan`](crate::compiler::plan) says so.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};

use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::visit_mut::{self, VisitMut};
use syn::{Item, ItemStatic, Lifetime, StaticMutability};

use crate::compiler::names;
use crate::compiler::syntax::refers::References;
use crate::compiler::syntax::source::{Edit, Part};
use crate::compiler::syntax::tokens;

/// A static in an item, or the item itself.
#[derive(Debug, Clone)]
pub struct Static {
    /// What tells it from all others of a session.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Where it stands in the cell.
    pub start: usize,
    /// What it refers to.
    pub refers: References,
}

/// The statics of an item, and what is inserted before each.
pub fn of(item: &Item, text: &str) -> (Vec<Static>, Vec<Edit>) {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let mut found = Found {
        prefix: format!("{:x}", hasher.finish()),
        statics: Vec::new(),
        edits: Vec::new(),
    };
    found.visit_item(item);
    (found.statics, found.edits)
}

struct Found {
    prefix: String,
    statics: Vec<Static>,
    edits: Vec<Edit>,
}

impl<'a> Visit<'a> for Found {
    fn visit_item_static(&mut self, item: &'a ItemStatic) {
        // One that has a symbol of the user's choice is left alone, as is one for each thread.
        let special = [
            "unsafe",
            "no_mangle",
            "export_name",
            "link_section",
            "thread_local",
            "cfg",
        ];
        let is_special =
            |attribute: &syn::Attribute| special.iter().any(|word| attribute.path().is_ident(word));
        if item.attrs.iter().any(is_special) {
            return;
        }
        let range = item.span().byte_range();
        let name = tokens::name(&item.ident);
        let key = names::static_key(&self.prefix, range.start, &name);
        let mut ty = (*item.ty).clone();
        Elided.visit_type_mut(&mut ty);
        let safe = match item.mutability {
            StaticMutability::None => "safe static",
            _ => "static mut",
        };
        let (ident, ty) = (&item.ident, ty.to_token_stream());
        let cfg = names::static_cfg(&key);
        let text = format!(
            "#[cfg({cfg})] unsafe extern \"Rust\" {{ #[link_name = {cfg}!()] pub {safe} {ident}: {ty}; }} \
             #[cfg(not({cfg}))] #[unsafe(export_name = woozle_static!(\"{key}\"))] "
        );
        self.edits
            .push(Edit::before(range.start, text, Part::Items));
        self.statics.push(Static {
            key,
            name,
            start: range.start,
            refers: References::default(),
        });
    }
}

/// Writes the lifetimes out that are `'static` where none is written.
struct Elided;

impl VisitMut for Elided {
    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        let here = reference.and_token.spans[0];
        reference
            .lifetime
            .get_or_insert_with(|| Lifetime::new("'static", here));
        visit_mut::visit_type_reference_mut(self, reference);
    }

    // Those of functions are the functions' own.
    fn visit_type_fn_ptr_mut(&mut self, _: &mut syn::TypeFnPtr) {}

    fn visit_parenthesized_generic_arguments_mut(
        &mut self,
        _: &mut syn::ParenthesizedGenericArguments,
    ) {
    }
}

/// What a crate's root has to define before its items, if it has statics; `taken` are those that it takes from other
/// crates, with these.
pub fn macros<'a>(
    serial: u32,
    has: bool,
    taken: impl IntoIterator<Item = (&'a String, u32)>,
) -> String {
    let mut root = String::new();
    if has {
        let begin = names::static_symbol(serial, "");
        let _ = writeln!(
            root,
            "macro_rules! woozle_static {{ ($key:literal) => {{ ::core::concat!({begin:?}, $key) }} }}"
        );
    }
    for (key, home) in taken {
        let (home, symbol) = (names::crate_name(home), names::static_symbol(home, key));
        let name = names::static_cfg(key);
        let _ = writeln!(
            root,
            "extern crate {home} as _; macro_rules! {name} {{ () => {{ {symbol:?} }} }}"
        );
    }
    root
}
