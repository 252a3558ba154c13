//! Types of the MIR as they are written in the cell that is being compiled.

use crate::compiler::names;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rustc::contract::unnamed;
use crate::compiler::rustc::mir::Signature;
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

pub(super) fn returned(ty: &str, scope: &Scope) -> Option<String> {
    // `{closure@cell_2::compose<i32, String>::{closure#0}}`
    let path = ty
        .strip_prefix(unnamed::CLOSURE_AT)?
        .split(['<', '{'])
        .next()?;
    let name = path.trim_end_matches("::").rsplit("::").next()?;
    let earlier = scope.item_in(name, Namespace::Values)?;
    let text = &earlier.source.text[earlier.item.range.clone()];
    let function = syn::parse_str::<syn::ItemFn>(text).ok()?;
    let syn::ReturnType::Type(_, result) = &function.sig.output else {
        return None;
    };
    let syn::Type::ImplTrait(opaque) = &**result else {
        return None;
    };
    let bounds = &opaque.bounds;
    Some(quote::quote!(#bounds).to_string())
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
