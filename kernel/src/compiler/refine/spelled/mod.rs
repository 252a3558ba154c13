//! Types of the MIR as they are written in the cell that is being compiled.

mod makers;

use syn::visit::Visit;
use syn::{TypeImplTrait, TypeParamBound};

use crate::compiler::names;
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rustc::contract::unnamed;
use crate::compiler::rustc::mir::Signature;
use crate::compiler::types::spelling::{self, elides};
use crate::compiler::unit::Cell;

/// The signature as it is written in the cell; what can be called with how many parameters, if a type in it is a parameter
/// of the function that made the closure.
pub(super) fn spelled(
    mut signature: Signature,
    cell: &Cell,
    scope: &Scope,
) -> Result<Signature, (&'static str, usize)> {
    let callable = (signature.kind, signature.parameters.len());
    // What is not lent by a parameter lives as long as the closure.
    let is_lent = signature.parameters.iter().any(|ty| elides(ty));
    for ty in &mut signature.parameters {
        *ty = spell_in_cell(ty, cell, scope).ok_or(callable)?;
    }
    let result = &signature.result;
    let result = if elides(result) && !is_lent {
        let known = |name: &str| place_of(name, cell, scope);
        is_named(result)
            .then(|| spelling::spell_own(result, &known))
            .flatten()
    } else {
        spell_in_cell(result, cell, scope)
    };
    signature.result = result.ok_or(callable)?;
    Ok(signature)
}

/// The bounds in the result of the function that made a closure, as they are written in the cell.
pub(super) fn returned_bounds(ty: &str, cell: &Cell, scope: &Scope) -> Option<String> {
    let bounds = spell_in_cell(&format!("dyn {}", returned(ty, scope)?), cell, scope)?;
    Some(bounds.trim_start_matches("dyn ").to_owned())
}

/// The bounds in the result of the function that made a closure, as they are written there, if it can be called.
pub(super) fn returned(ty: &str, scope: &Scope) -> Option<String> {
    let bounds = opaque(ty.strip_prefix(unnamed::CLOSURE_AT)?, scope)?;
    ["Fn", "FnMut", "FnOnce"]
        .iter()
        .any(|callable| {
            let rest = bounds.strip_prefix(callable).map(str::trim_start);
            rest.is_some_and(|rest| rest.starts_with('('))
        })
        .then_some(bounds)
}

/// The bounds in the result of the function that a path begins with, whatever they are, but for the lifetimes.
pub(super) fn opaque(path: &str, scope: &Scope) -> Option<String> {
    let result = makers::result(path, scope)?;
    let mut found = Opaque(Vec::new());
    found.visit_type(&result);
    // Which of several it is, the path does not say.
    let [opaque] = &found.0[..] else { return None };
    let bounds = opaque.bounds.iter();
    let bounds = bounds.filter(|bound| matches!(bound, TypeParamBound::Trait(_)));
    let bounds: Vec<String> = bounds
        .map(|bound| quote::quote!(#bound).to_string())
        .collect();
    (!bounds.is_empty()).then(|| bounds.join(" + "))
}

/// The types without a name in a function's result.
struct Opaque<'a>(Vec<&'a TypeImplTrait>);

impl<'a> Visit<'a> for Opaque<'a> {
    fn visit_type_impl_trait(&mut self, opaque: &'a TypeImplTrait) {
        self.0.push(opaque);
    }
}

/// What a future's function of an earlier cell gives, as it is written in the cell.
pub(super) fn awaited(future: &str, cell: &Cell, scope: &Scope) -> Option<String> {
    let result = makers::result(future.strip_prefix(unnamed::ASYNC_FUNCTION)?, scope)?;
    let text = quote::quote!(#result).to_string();
    let may_borrow = text.contains(['&', '\'']);
    (!may_borrow).then(|| spell_in_cell(&text, cell, scope))?
}

fn is_named(ty: &str) -> bool {
    !(ty.contains('{') || ty.contains(unnamed::IMPL))
}

/// Spells a type within the crate that makes it.
pub(super) fn spell_in_cell(ty: &str, cell: &Cell, scope: &Scope) -> Option<String> {
    if !is_named(ty) {
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
