//! Uses of variables in the arguments of macro calls, where those are expressions.

use syn::parse::{ParseStream, Parser};
use syn::visit::Visit;
use syn::{Expr, Token};

use super::Uses;
use crate::compiler::syntax::source::{Edit, Part};
use crate::compiler::syntax::tokens::{self, Names};

impl Uses {
    /// Names in the braces of a format are given to it as arguments.
    fn captured(&mut self, call: &syn::Macro) {
        let Ok(arguments) = arguments.parse2(call.tokens.clone()) else {
            return;
        };
        let (mut captured, mut named) = (Names::new(), Names::new());
        for argument in &arguments {
            match argument {
                Expr::Lit(syn::ExprLit {
                    lit: syn::Lit::Str(format),
                    ..
                }) => captured.extend(tokens::formatted(&format.value().replace("{{", ""))),
                Expr::Assign(argument) => {
                    if let Expr::Path(name) = &*argument.left {
                        named.extend(name.path.get_ident().map(tokens::name));
                    }
                }
                _ => {}
            }
        }
        let Some(last) = call.tokens.clone().into_iter().last() else {
            return;
        };
        let has_comma =
            matches!(&last, proc_macro2::TokenTree::Punct(last) if last.as_char() == ',');
        let mut separator = if has_comma { " " } else { ", " };
        let end = last.span().byte_range().end;
        for name in captured.difference(&named) {
            let ident = syn::parse_str::<syn::Ident>(name);
            if ident.is_ok_and(|ident| self.variable(&ident).is_some()) {
                let argument = format!("{separator}{name} = (*{name})");
                self.note(name.clone(), Edit::after(end, argument, Part::Body));
                separator = ", ";
            }
        }
    }

    /// Visits a macro call.
    pub(super) fn macro_call(&mut self, call: &syn::Macro) {
        let name = call.path.segments.last().map(|s| s.ident.to_string());
        // These want names.
        if matches!(
            name.as_deref(),
            Some("variable_texts" | "stringify" | "concat")
        ) {
            return;
        }
        self.captured(call);
        for argument in arguments.parse2(call.tokens.clone()).unwrap_or_default() {
            match &argument {
                // `name = value`, of a format
                Expr::Assign(named) if matches!(*named.left, Expr::Path(_)) => {
                    self.visit_expr(&named.right);
                }
                argument => self.visit_expr(argument),
            }
        }
    }
}

/// A macro's arguments, if they are expressions: `a, b`, `a; b`, or `value, pattern`.
fn arguments(input: ParseStream<'_>) -> syn::Result<Vec<Expr>> {
    let mut found = Vec::new();
    while !input.is_empty() {
        let Ok(expr) = input.parse::<Expr>() else {
            // The pattern of `matches!`, say.
            input.parse::<proc_macro2::TokenStream>()?;
            break;
        };
        found.push(expr);
        if input.peek(Token![;]) {
            input.parse::<Token![;]>()?;
        } else if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(found)
}
