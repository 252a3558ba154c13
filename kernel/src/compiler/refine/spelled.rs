//! Types of the MIR as they are written in the cell that is being compiled.

use std::collections::BTreeMap;

use syn::visit_mut::{self, VisitMut};

use crate::compiler::names;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rustc::contract::unnamed;
use crate::compiler::rustc::mir::{self, Signature};
use crate::compiler::syntax::refers::namespace::Namespace;
use crate::compiler::types::spelling;
use crate::compiler::unit::Cell;

/// The signature as it is written in the cell; what can be called with how many parameters, if a type in it is a parameter
/// of the function that made the closure.
pub(super) fn spelled(
    mut signature: Signature,
    cell: &Cell,
    scope: &Scope,
) -> Result<Signature, (&'static str, usize)> {
    let callable = (signature.kind, signature.parameters.len());
    let parameters = signature.parameters.iter_mut();
    for ty in parameters.chain([&mut signature.result]) {
        *ty = spell_in_cell(ty, cell, scope).ok_or(callable)?;
    }
    Ok(signature)
}

/// The bounds in the result of the function that made a closure, as they are written in the cell.
pub(super) fn returned_bounds(ty: &str, cell: &Cell, scope: &Scope) -> Option<String> {
    let bounds = spell_in_cell(&format!("dyn {}", returned(ty, scope)?), cell, scope)?;
    Some(bounds.trim_start_matches("dyn ").to_owned())
}

/// The bounds in the result of the function that made a closure, as they are written there.
pub(super) fn returned(ty: &str, scope: &Scope) -> Option<String> {
    let syn::Type::ImplTrait(opaque) = made_by(ty.strip_prefix(unnamed::CLOSURE_AT)?, scope)?
    else {
        return None;
    };
    let bounds = &opaque.bounds;
    Some(quote::quote!(#bounds).to_string())
}

/// What a future's function of an earlier cell gives, as it is written in the cell.
pub(super) fn awaited(future: &str, cell: &Cell, scope: &Scope) -> Option<String> {
    let result = made_by(future.strip_prefix(unnamed::ASYNC_FUNCTION)?, scope)?;
    let text = quote::quote!(#result).to_string();
    let may_borrow = text.contains(['&', '\'']);
    (!may_borrow).then(|| spell_in_cell(&text, cell, scope))?
}

/// The result's type of a function of an earlier cell, from how rustc names what the function has made:
/// `cell_2::compose<i32, String>::{closure#0}`.
fn made_by(path: &str, scope: &Scope) -> Option<syn::Type> {
    let (function, arguments) = mir::generics_of(path);
    let name = function.rsplit("::").next()?;
    let earlier = scope.item_in(name, Namespace::Values)?;
    let text = &earlier.source.text[earlier.item.range.clone()];
    let function = syn::parse_str::<syn::ItemFn>(text).ok()?;
    let mut result = match &function.sig.output {
        syn::ReturnType::Type(_, result) => (**result).clone(),
        syn::ReturnType::Default => syn::parse_quote!(()),
    };
    // What stands for `impl Trait` follows the parameters that have names.
    let parameters = function.sig.generics.params.iter();
    let parameters = parameters.filter_map(|parameter| match parameter {
        syn::GenericParam::Type(ty) => Some(Some(&ty.ident)),
        syn::GenericParam::Const(_) => Some(None),
        syn::GenericParam::Lifetime(_) => None,
    });
    let types = parameters
        .zip(arguments)
        .filter_map(|(name, argument)| Some((name?.clone(), syn::parse_str(argument).ok()?)));
    Arguments(types.collect()).visit_type_mut(&mut result);
    Some(result)
}

/// Puts types in the place of a function's parameters.
struct Arguments(BTreeMap<syn::Ident, syn::Type>);

impl VisitMut for Arguments {
    fn visit_type_mut(&mut self, ty: &mut syn::Type) {
        let own = match &*ty {
            syn::Type::Path(path) if path.qself.is_none() => path.path.get_ident(),
            _ => None,
        };
        match own.and_then(|name| self.0.get(name)) {
            Some(argument) => *ty = argument.clone(),
            None => visit_mut::visit_type_mut(self, ty),
        }
    }
}

/// Spells a type within the crate that makes it.
pub(super) fn spell_in_cell(ty: &str, cell: &Cell, scope: &Scope) -> Option<String> {
    if ty.contains('{') || ty.contains(unnamed::IMPL) {
        return None;
    }
    if ty == "()" {
        return Some(ty.to_owned());
    }
    spelling::spell_local(ty, &|name| place_of(name, cell, scope))
}

/// The crate that has an item, seen from the cell's own.
pub(super) fn place_of(name: &str, cell: &Cell, scope: &Scope) -> Option<String> {
    let mut own = cell.plan.own.iter().flat_map(|item| &item.names);
    let again = cell.plan.compiled_again();
    let mut again = again.flat_map(|earlier| &earlier.item.names);
    if own.any(|other| other == name) || again.any(|other| other == name) {
        return Some("crate".to_owned());
    }
    let earlier = scope.item(name)?;
    Some(names::crate_name(earlier.home))
}
