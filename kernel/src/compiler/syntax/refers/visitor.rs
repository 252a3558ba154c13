//! The way through an item: which of its names are looked up, and where.

use std::collections::BTreeMap;

use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{ExprLit, Item, Lit, Macro, Pat, Path, Token, Type};

use super::collector::Collector;
use super::macros::{self, Arguments};
use super::mention::{How, References};
use crate::compiler::syntax::imports::{self, Brings};
use crate::compiler::syntax::refers::namespace::Namespace;
use crate::compiler::syntax::tokens;

/// What an item refers to; and what each static in it does, by its place.
pub fn of_item(item: &Item) -> (References, BTreeMap<usize, References>) {
    let mut collector = Collector::default();
    collector.visit_item(item);
    (collector.found, collector.statics)
}

/// What a macro call that defines items may refer to.
pub fn of_macro(call: &Macro) -> References {
    let mut collector = Collector::default();
    collector.visit_macro(call);
    collector.found
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_path(&mut self, path: &'ast Path) {
        self.path(path, Namespace::Types);
    }

    fn visit_expr_path(&mut self, expr: &'ast syn::ExprPath) {
        if let Some(qualified) = &expr.qself {
            self.visit_type(&qualified.ty);
            let last = expr.path.segments.last();
            self.found
                .methods
                .extend(last.map(|last| tokens::name(&last.ident)));
            if qualified.position > 0 {
                self.visit_path(&expr.path);
            }
            return;
        }
        self.path(&expr.path, Namespace::Values);
    }

    fn visit_type_path(&mut self, ty: &'ast syn::TypePath) {
        match &ty.qself {
            Some(qualified) => {
                self.visit_type(&qualified.ty);
                if qualified.position > 0 {
                    self.visit_path(&ty.path);
                }
            }
            None => self.path(&ty.path, Namespace::Types),
        }
    }

    fn visit_generic_argument(&mut self, argument: &'ast syn::GenericArgument) {
        // A constant looks like a type there.
        if let syn::GenericArgument::Type(Type::Path(ty)) = argument
            && let Some(ident) = ty.path.get_ident()
        {
            self.name(&tokens::name(ident), Namespace::Values, How::AsArgument);
        }
        visit::visit_generic_argument(self, argument);
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if let syn::Meta::NameValue(value) = &attribute.meta
            && value.path.is_ident("path")
            && let syn::Expr::Lit(ExprLit {
                lit: Lit::Str(path),
                ..
            }) = &value.value
        {
            self.found.files.insert(path.value());
        }
        // A derive's options name functions and modules in texts.
        if let syn::Meta::List(list) = &attribute.meta {
            if list.path.is_ident("derive") {
                let paths = Punctuated::<Path, Token![,]>::parse_terminated;
                for path in paths.parse2(list.tokens.clone()).into_iter().flatten() {
                    self.path(&path, Namespace::Macros);
                }
            }
            for text in tokens::texts(list.tokens.clone()) {
                if let Ok(path) = syn::parse_str::<Path>(&text) {
                    let names = path.segments.iter().map(|s| tokens::name(&s.ident));
                    self.names(&names.collect::<Vec<_>>(), None);
                }
            }
        }
    }

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.found.methods.insert(tokens::name(&call.method));
        visit::visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.path(&call.path, Namespace::Macros);
        let name = call
            .path
            .segments
            .last()
            .map(|last| tokens::name(&last.ident));
        let name = name.unwrap_or_default();
        match macros::read(&name, &call.tokens) {
            Arguments::Expressions(list) => {
                for argument in &list {
                    self.argument(&name, argument);
                }
            }
            Arguments::Matches(both) => self.within(|this| {
                this.visit_expr(&both.0);
                this.visit_pat(&both.1);
            }),
            Arguments::Tokens => self.tokens(call.tokens.clone()),
        }
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        self.frames.block(block);
        visit::visit_block(self, block);
        self.frames.pop();
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if let Some(init) = &local.init {
            self.visit_expr(&init.expr);
            if let Some((_, otherwise)) = &init.diverge {
                self.visit_expr(otherwise);
            }
        }
        self.visit_pat(&local.pat);
    }

    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        let name = tokens::name(&pattern.ident);
        if pattern.by_ref.is_none() && pattern.mutability.is_none() && pattern.subpat.is_none() {
            self.name(&name, Namespace::Values, How::InPattern);
        }
        self.frames.bind(name);
        if let Some((_, inner)) = &pattern.subpat {
            self.visit_pat(inner);
        }
    }

    fn visit_pat_tuple_struct(&mut self, pattern: &'ast syn::PatTupleStruct) {
        self.path(&pattern.path, Namespace::Values);
        for element in &pattern.elems {
            self.visit_pat(element);
        }
    }

    fn visit_expr_let(&mut self, expr: &'ast syn::ExprLet) {
        self.visit_expr(&expr.expr);
        self.visit_pat(&expr.pat);
    }

    fn visit_expr_if(&mut self, expr: &'ast syn::ExprIf) {
        self.within(|this| {
            this.visit_expr(&expr.cond);
            this.visit_block(&expr.then_branch);
        });
        if let Some((_, otherwise)) = &expr.else_branch {
            self.visit_expr(otherwise);
        }
    }

    fn visit_expr_while(&mut self, expr: &'ast syn::ExprWhile) {
        self.within(|this| {
            this.visit_expr(&expr.cond);
            this.visit_block(&expr.body);
        });
    }

    fn visit_expr_for_loop(&mut self, expr: &'ast syn::ExprForLoop) {
        self.visit_expr(&expr.expr);
        self.within(|this| {
            this.visit_pat(&expr.pat);
            this.visit_block(&expr.body);
        });
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        self.within(|this| visit::visit_arm(this, arm));
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        self.within(|this| visit::visit_expr_closure(this, closure));
    }

    fn visit_field_value(&mut self, field: &'ast syn::FieldValue) {
        self.visit_expr(&field.expr);
    }

    fn visit_field_pat(&mut self, field: &'ast syn::FieldPat) {
        match &*field.pat {
            // `Tank { level }` binds it.
            Pat::Ident(pattern) if field.colon_token.is_none() => {
                self.frames.bind(tokens::name(&pattern.ident));
            }
            pattern => self.visit_pat(pattern),
        }
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.attributes(&item.attrs);
        self.function(&item.sig, Some(&item.block));
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.attributes(&item.attrs);
        self.function(&item.sig, Some(&item.block));
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        self.attributes(&item.attrs);
        self.function(&item.sig, item.default.as_ref());
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.within_item(&item.generics, |this| visit::visit_item_struct(this, item));
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.within_item(&item.generics, |this| visit::visit_item_enum(this, item));
    }

    fn visit_item_union(&mut self, item: &'ast syn::ItemUnion) {
        self.within_item(&item.generics, |this| visit::visit_item_union(this, item));
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.within_item(&item.generics, |this| visit::visit_item_trait(this, item));
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        self.within_item(&item.generics, |this| visit::visit_item_impl(this, item));
    }

    fn visit_item_type(&mut self, item: &'ast syn::ItemType) {
        self.within_item(&item.generics, |this| visit::visit_item_type(this, item));
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.within_item(&syn::Generics::default(), |this| {
            visit::visit_item_const(this, item);
        });
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        let around = std::mem::take(&mut self.found);
        self.within_item(&syn::Generics::default(), |this| {
            visit::visit_item_static(this, item);
        });
        let own = std::mem::replace(&mut self.found, around);
        self.found.extend(own.clone());
        self.statics.insert(item.span().byte_range().start, own);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.attributes(&item.attrs);
        if let Some((_, items)) = &item.content {
            self.frames.module(items);
            items.iter().for_each(|item| self.visit_item(item));
            self.frames.pop();
        } else {
            let name = tokens::name(&item.ident);
            let usual = [format!("{name}.rs"), format!("{name}/mod.rs")];
            self.found.files.extend(usual);
        }
    }

    fn visit_item_use(&mut self, declaration: &'ast syn::ItemUse) {
        for leaf in imports::of(declaration) {
            if leaf.path.starts_with("::") || leaf.path.is_empty() {
                continue;
            }
            let names: Vec<String> = leaf.path.split("::").map(str::to_owned).collect();
            // `use engine::power as engine` does not name itself.
            let is_own = leaf.name() == names.first().map(String::as_str);
            let namespace = match leaf.brings {
                Brings::Name(_) => None,
                Brings::Glob | Brings::Methods => Some(Namespace::Types),
            };
            if is_own && self.frames.depth() == 0 && names.len() > 1 {
                self.mention(&names[0], Some(Namespace::Types), How::Plainly);
            } else if !is_own {
                self.names(&names, namespace);
            }
        }
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        match item.ident {
            Some(_) => self.tokens(item.mac.tokens.clone()),
            None => self.visit_macro(&item.mac),
        }
    }
}

#[cfg(test)]
mod tests;
