//! Variables whose types have no name: closures, futures, iterators over closures. They are kept as
//! function pointers, or in boxes behind a trait that has a name.

use crate::compiler::codegen::{Emitted, Erasure, Sent};
use crate::compiler::refine::borrows::exact;
use crate::compiler::refine::kinds;
use crate::compiler::refine::spelled::{returned, spell_in_cell, spelled};
use crate::compiler::resolve::session_scope::Scope;
use crate::compiler::rustc::contract::unnamed;
use crate::compiler::rustc::mir::{self, Kept, Signature};
use crate::compiler::types::lifetimes::may_borrow;
use crate::compiler::types::spelling;
use crate::compiler::unit::Cell;

/// Finds the new variables whose types have no name, and how to keep them; true if another run
/// is needed. Notes the types of the others.
pub(crate) fn erase_the_unnameable(
    cell: &mut Cell,
    emitted: &Emitted,
    mir: &str,
    scope: &Scope,
) -> bool {
    let before = cell.findings.clone();
    cell.types.clear();
    for kept in mir::kept(mir) {
        let Some(name) = emitted.kept.get(kept.number) else {
            continue;
        };
        let is_unnamed = spelling::is_unnamed(&kept.ty);
        if !is_unnamed || cell.findings.erased.contains_key(name) {
            if let Some(Erasure::Kind(..)) = cell.findings.erased.get(name) {
                let closures = kinds::closures(&kept.ty, mir, cell, scope);
                cell.closures.extend(closures);
            }
            cell.types.insert(
                name.clone(),
                kept_type(&kept, cell.findings.erased.get(name)),
            );
            exact::ask(name, &kept.ty, cell, scope);
            continue;
        }
        // What an earlier cell held is kept outside the function whose result has the kinds.
        let is_outside = cell.waiting.home(name).is_some();
        let is_tied = cell.findings.borrowing.ties.contains_key(name);
        let way = way_to_keep(&kept, is_tied, mir, cell, scope).map(|way| match way {
            Erasure::Kind(..) if is_outside => Erasure::Iterator(Sent::Yes),
            way => way,
        });
        match way {
            Some(way) => {
                cell.findings.erased.insert(name.clone(), way);
            }
            None => {
                cell.notes.push(has_no_name(name));
                cell.findings.not_kept.insert(name.clone());
            }
        }
    }
    cell.findings != before
}

fn kept_type(kept: &Kept, erased: Option<&Erasure>) -> String {
    match erased {
        Some(Erasure::Iterator(sent)) => format!(
            "::std::boxed::Box<dyn ::std::iter::Iterator<Item = {}>{}>",
            kept.ty,
            more(*sent)
        ),
        Some(Erasure::Future(sent)) => {
            format!(
                "::std::pin::Pin<::std::boxed::Box<dyn ::std::future::Future<Output = {}>{}>>",
                kept.ty,
                more(*sent)
            )
        }
        Some(Erasure::Callable(kind, _, more)) => {
            let parameters = kept.parameters.join(", ");
            format!(
                "::std::boxed::Box<dyn {kind}({parameters}) -> {}{more}>",
                kept.ty
            )
        }
        Some(Erasure::Kind(ty, _)) => ty.replace(kinds::MORE, ""),
        _ => kept.ty.clone(),
    }
}

fn more(sent: Sent) -> &'static str {
    match sent {
        Sent::Yes => " + Send",
        Sent::No => "",
    }
}

/// What a closure may be in, and what a trait object in the same is bound by besides.
const HOLDERS: [(&str, &str, &str); 3] = [
    ("Box<", "::std::boxed::Box", ""),
    ("Rc<", "::std::rc::Rc", ""),
    ("Arc<", "::std::sync::Arc", " + Send + Sync"),
];

/// A `Box`, `Rc` or `Arc` with a closure in it, as one with a trait object.
fn held_closure(kept: &Kept, mir: &str, cell: &Cell, scope: &Scope) -> Option<Erasure> {
    HOLDERS.into_iter().find_map(|(begin, holder, more)| {
        let (_, rest) = kept
            .ty
            .split_once(begin)
            .filter(|(path, _)| path.is_empty() || path.ends_with("::"))?;
        let closure = rest
            .strip_suffix('>')
            .filter(|inner| inner.starts_with(unnamed::CLOSURE))?;
        let signature = spelled(mir::signature(mir, closure)?, cell, scope).ok()?;
        Some(Erasure::Pointer(format!(
            "{holder}<dyn {}{more}>",
            signature.bound()
        )))
    })
}

fn way_to_keep(
    kept: &Kept,
    is_tied: bool,
    mir: &str,
    cell: &Cell,
    scope: &Scope,
) -> Option<Erasure> {
    if let Some(held) = held_closure(kept, mir, cell, scope) {
        return Some(held);
    }
    if let Some(referred) = referred_closure(&kept.ty, mir, cell, scope) {
        return Some(referred);
    }
    if kept.ty.starts_with(unnamed::CLOSURE) {
        let Some(signature) = mir::signature(mir, &kept.ty) else {
            return returned_closure(&kept.ty, cell, scope);
        };
        if let Some(curried) = curried(&signature, mir, cell, scope) {
            return Some(curried);
        }
        let signature = match spelled(signature, cell, scope) {
            Ok(signature) => signature,
            Err((kind, arity)) => return Some(Erasure::Callable(kind, arity, " + Send + Sync")),
        };
        // What the result borrows from would be as old as the reference.
        let is_copied = || !may_borrow(&signature.result) && mir::can_be_copied(mir, &kept.ty);
        return Some(if kept.captures_nothing && signature.kind == "Fn" {
            Erasure::Pointer(signature.pointer())
        } else if signature.kind == "Fn" && is_copied() {
            Erasure::Copied(signature.bound(), " + Send + Sync")
        } else {
            Erasure::Boxed(signature.bound(), " + Send + Sync")
        });
    }
    // a function's own type: `fn(i32) -> i32 {double}`
    if let Some((pointer, _)) = kept
        .ty
        .rsplit_once(unnamed::FUNCTION)
        .filter(|_| kept.ty.ends_with('}'))
    {
        return spell_in_cell(pointer, cell, scope).map(Erasure::Pointer);
    }
    if kept.ty.starts_with(unnamed::ASYNC_CLOSURE) {
        // There is no trait object for it.
        return kinds::of(&kept.ty, is_tied, mir, cell, scope);
    }
    let is_within = !kept.ty.starts_with('{') && !kept.ty.starts_with(unnamed::IMPL);
    if let Some(kind) = is_within
        .then(|| {
            let own = kinds::of(&kept.ty, is_tied, mir, cell, scope);
            let whole = || kinds::returned_whole(&kept.ty, cell, scope).filter(|_| !is_tied);
            own.or_else(whole)
        })
        .flatten()
    {
        return Some(kind);
    }
    if kept.ty.starts_with(unnamed::ASYNC)
        || kept.ty.starts_with(unnamed::IMPL) && kept.ty.contains("Future<")
    {
        return Some(Erasure::Future(Sent::Yes));
    }
    match kept.ty.strip_prefix(unnamed::IMPL) {
        // There is no trait object for it.
        Some(bounds) if bounds.contains("AsyncFn") => {
            kinds::of(&kept.ty, is_tied, mir, cell, scope)
        }
        Some(bounds) if !bounds.contains("Iterator<") => {
            boxed(&format!("dyn {bounds}"), cell, scope).or_else(|| callable(bounds))
        }
        None => Some(Erasure::Iterator(Sent::Yes)),
        _ => kinds::of(&kept.ty, is_tied, mir, cell, scope).or(Some(Erasure::Iterator(Sent::Yes))),
    }
}

/// A closure whose result is a closure, perhaps with such a result again.
fn curried(outer: &Signature, mir: &str, cell: &Cell, scope: &Scope) -> Option<Erasure> {
    let mut calls = Vec::new();
    let mut signature = outer.clone();
    while signature.result.starts_with(unnamed::CLOSURE) {
        let inner = mir::signature(mir, &signature.result)?;
        signature.result = "()".to_owned();
        let own = spelled(signature, cell, scope).ok()?;
        calls.push((own.kind, own.parameters));
        signature = inner;
    }
    if calls.is_empty() {
        return None;
    }
    let last = spelled(signature, cell, scope).ok()?;
    calls.push((last.kind, last.parameters));
    Some(Erasure::Curried(calls, last.result, " + Send + Sync"))
}

/// A shared reference to a closure can be called as that can.
fn referred_closure(ty: &str, mir: &str, cell: &Cell, scope: &Scope) -> Option<Erasure> {
    let rest = ty.strip_prefix('&')?;
    let (by, closure) = rest.split_at(rest.find(unnamed::CLOSURE)?);
    let by = by.trim();
    if !(by.is_empty() || mir::is_lifetime(by)) {
        return None;
    }
    let bounds = match mir::signature(mir, closure) {
        Some(signature) => spelled(signature, cell, scope).ok()?.bound(),
        None => returned(closure, scope)?,
    };
    Some(Erasure::Boxed(bounds, " + Send + Sync"))
}

/// A closure that a function of an earlier cell made: the function says `-> impl Fn(...)`.
fn returned_closure(ty: &str, cell: &Cell, scope: &Scope) -> Option<Erasure> {
    let bounds = returned(ty, scope)?;
    let Some(object) = spell_in_cell(&format!("dyn {bounds}"), cell, scope) else {
        return callable(&bounds);
    };
    let bounds = object.trim_start_matches("dyn ").to_owned();
    Some(Erasure::Boxed(bounds, " + Send + Sync"))
}

/// The next way to keep a variable, after one that rustc has refused.
pub(crate) fn next_way(refused: &Erasure) -> Option<Erasure> {
    let less = |more: &str| match more {
        " + Send + Sync" => Some(" + Send"),
        " + Send" => Some(""),
        _ => None,
    };
    match refused {
        // It was made by a function that says `impl Fn(...)`, so it does not coerce.
        Erasure::Pointer(ty) => {
            let signature = ty.strip_prefix("fn")?;
            Some(Erasure::Boxed(format!("Fn{signature}"), " + Send + Sync"))
        }
        Erasure::Boxed(bounds, more) => match less(more) {
            Some(more) => Some(Erasure::Boxed(bounds.clone(), more)),
            None => callable(bounds),
        },
        Erasure::Copied(bounds, more) => match less(more) {
            Some(more) => Some(Erasure::Copied(bounds.clone(), more)),
            None => callable(bounds),
        },
        Erasure::Curried(calls, result, more) => {
            let less = less(more)?;
            Some(Erasure::Curried(calls.clone(), result.clone(), less))
        }
        Erasure::Kind(ty, more) => {
            // It may be an iterator, if nothing else.
            let less = kinds::next(more).map(|more| Erasure::Kind(ty.clone(), more));
            less.or(Some(Erasure::Iterator(Sent::Yes)))
        }
        Erasure::Callable(kind, arity, more) => {
            less(more).map(|more| Erasure::Callable(kind, *arity, more))
        }
        Erasure::Iterator(Sent::Yes) => Some(Erasure::Iterator(Sent::No)),
        Erasure::Future(Sent::Yes) => Some(Erasure::Future(Sent::No)),
        _ => None,
    }
}

/// A box for what can be called with parameters whose types are not known here.
fn callable(bounds: &str) -> Option<Erasure> {
    let parsed = syn::parse_str::<syn::TypeParamBound>(bounds.split(" + ").next()?).ok()?;
    let syn::TypeParamBound::Trait(bound) = parsed else {
        return None;
    };
    let last = bound.path.segments.last()?;
    let kinds = ["Fn", "FnMut", "FnOnce"];
    let kind = kinds.into_iter().find(|kind| last.ident == kind)?;
    let syn::PathArguments::Parenthesized(arguments) = &last.arguments else {
        return None;
    };
    Some(Erasure::Callable(
        kind,
        arguments.inputs.len(),
        " + Send + Sync",
    ))
}

/// A box for a trait object of this type.
fn boxed(object: &str, cell: &Cell, scope: &Scope) -> Option<Erasure> {
    // A lifetime is one of the function's that made it; what it is here is found out as of any variable.
    let mut object: syn::TypeTraitObject = syn::parse_str(object).ok()?;
    object.bounds = object
        .bounds
        .into_iter()
        .filter(|bound| !matches!(bound, syn::TypeParamBound::Lifetime(_)))
        .collect();
    let object = quote::ToTokens::to_token_stream(&object).to_string();
    let object = spell_in_cell(&object, cell, scope)?;
    let bounds = object.trim_start_matches("dyn ").to_owned();
    Some(Erasure::Boxed(bounds, ""))
}

/// The note on a variable that cannot be kept, since nothing can be written for its type.
pub(crate) fn has_no_name(name: &str) -> String {
    format!("the type of `{name}` has no name, so `{name}` ends with this cell")
}
