//! Variables that others borrow from stand in place: the text's `v` is `(*v)`, as `v` is a reference to that place.
//!
//! A walk through the statements that knows where a name is the variable, and where a pattern has bound it anew. In the calls of
//! macros whose arguments are expressions it does the same; in others the name is the reference.
//!
//! | file | |
//! |---|---|
//! | `fields` | fields that are borrowed apart from the rest of their variable |
//! | `macros` | uses in the arguments of macro calls |
//! | `placing` | what puts new variables in their places, and all edits together |
//! | `taken` | what `move` closures take with them |
//! | `used` | which fields of a variable a statement uses |
//! | `temporaries` | the temporary values whose lives a `let` extends stand in place, too |

pub(crate) mod fields;
mod macros;
pub(crate) mod placing;
mod taken;
pub(crate) mod temporaries;
pub(crate) mod used;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, Pat, Stmt};

use crate::compiler::syntax::cell;
use crate::compiler::syntax::source::{Edit, Part};
use crate::compiler::syntax::tokens::{self, Names};
use fields::Lent;
use taken::Use;

/// A variable that stands in place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct InPlace {
    /// Its name.
    pub(crate) name: String,
    /// Where it begins to: behind its `let`, or 0.
    pub(crate) from: usize,
    /// Whether it is `mut`.
    pub(crate) mutable: bool,
}

/// The edits for the uses of variables in a text. Statements that borrow fields apart from the rest have those in `lent`.
pub(crate) fn edits(
    text: &str,
    variables: &BTreeSet<InPlace>,
    whole: &Names,
    lent: &Lent,
) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (start, found) in uses(text, variables, whole) {
        let lent = lent.get(&start);
        edits.extend(found.into_iter().map(|one| match lent {
            Some(lent) => fields::edit(one, lent),
            None => one.edit,
        }));
    }
    edits
}

/// The uses of variables, by the statement in which they are.
fn uses(text: &str, variables: &BTreeSet<InPlace>, whole: &Names) -> BTreeMap<usize, Vec<Use>> {
    let found = cell::statements(text, |statement| {
        let range = statement.span().byte_range();
        let mut uses = Uses {
            scopes: vec![Names::new()],
            bound: Names::new(),
            mutable: Names::new(),
            whole: whole.clone(),
            uses: Vec::new(),
        };
        // The last one of a name, if there are more.
        for variable in variables.iter().filter(|v| v.from <= range.start) {
            uses.bound.insert(variable.name.clone());
            if variable.mutable {
                uses.mutable.insert(variable.name.clone());
            } else {
                uses.mutable.remove(&variable.name);
            }
        }
        if !matches!(statement, Stmt::Item(_)) {
            uses.visit_stmt(statement);
        }
        let rebound = uses.scopes.pop().unwrap_or_default();
        (range.start, uses.uses, rebound)
    });
    let mut uses: BTreeMap<usize, Vec<Use>> = BTreeMap::new();
    let mut rebound: Vec<(usize, String)> = Vec::new();
    for (start, found, names) in found {
        let is_rebound = |name: &str| {
            let of_name = variables.iter().filter(|v| v.name == name);
            let begins = of_name.map(|v| v.from).filter(|from| *from <= start).max();
            rebound
                .iter()
                .any(|(at, other)| other == name && Some(*at) >= begins)
        };
        let found = found.into_iter().filter(|one| !is_rebound(&one.name));
        uses.insert(start, found.collect());
        rebound.extend(names.into_iter().map(|name| (start, name)));
    }
    uses
}

struct Uses {
    /// The names that patterns have bound, in the blocks around.
    scopes: Vec<Names>,
    /// The variables.
    bound: Names,
    /// Those that are `mut`.
    mutable: Names,
    /// Those that are taken as a whole where a field might do.
    whole: Names,
    uses: Vec<Use>,
}

impl Uses {
    /// The variable's name, if the identifier is the variable.
    fn variable(&self, ident: &syn::Ident) -> Option<String> {
        let name = tokens::name(ident);
        let is_bound_anew = self.scopes.iter().any(|scope| scope.contains(&name));
        (self.bound.contains(&name) && !is_bound_anew).then_some(name)
    }

    fn note(&mut self, name: String, edit: Edit) {
        self.uses.push(Use {
            name,
            edit,
            field: None,
            fields: Vec::new(),
            is_change: false,
        });
    }

    /// Notes what closures and blocks with `move` take with them; `body` is what they run.
    fn take_along(
        &mut self,
        whole: Range<usize>,
        body: Range<usize>,
        walk: impl FnOnce(&mut Self),
    ) {
        let before = self.uses.len();
        walk(self);
        let uses: Vec<Use> = self.uses.drain(before..).collect();
        let along = taken::along(uses, &whole, &body, &self.mutable, &self.whole);
        self.uses.extend(along);
    }

    /// Visits what is changed: taking a copy of a field would not be the same.
    fn changed(&mut self, place: &Expr) {
        let before = self.uses.len();
        self.visit_expr(place);
        for one in &mut self.uses[before..] {
            one.field = None;
            one.is_change = true;
        }
    }

    fn within(&mut self, walk: impl FnOnce(&mut Self)) {
        self.scopes.push(Names::new());
        walk(self);
        self.scopes.pop();
    }

    fn bind(&mut self, pattern: &Pat) {
        let mut names = Vec::new();
        Bound(&mut names).visit_pat(pattern);
        if let Some(scope) = self.scopes.last_mut() {
            scope.extend(names);
        }
    }
}

/// The names that a pattern binds.
struct Bound<'a>(&'a mut Vec<String>);

impl Visit<'_> for Bound<'_> {
    fn visit_pat_ident(&mut self, pattern: &syn::PatIdent) {
        self.0.push(tokens::name(&pattern.ident));
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_expr(&mut self, _: &Expr) {}
}

impl Visit<'_> for Uses {
    fn visit_expr_path(&mut self, path: &syn::ExprPath) {
        if let Some(ident) = path.path.get_ident().filter(|_| path.qself.is_none())
            && let Some(name) = self.variable(ident)
        {
            let place = format!("(*{ident})");
            let edit = Edit::replace(ident.span().byte_range(), place, Part::Body);
            self.note(name, edit);
        }
    }

    fn visit_expr_field(&mut self, field: &syn::ExprField) {
        let before = self.uses.len();
        visit::visit_expr_field(self, field);
        if let [one] = &mut self.uses[before..] {
            one.becomes_field(field);
        }
    }

    fn visit_expr_assign(&mut self, assign: &syn::ExprAssign) {
        self.changed(&assign.left);
        self.visit_expr(&assign.right);
    }

    fn visit_expr_binary(&mut self, binary: &syn::ExprBinary) {
        if taken::is_assignment(&binary.op) {
            self.changed(&binary.left);
        } else {
            self.visit_expr(&binary.left);
        }
        self.visit_expr(&binary.right);
    }

    fn visit_expr_reference(&mut self, reference: &syn::ExprReference) {
        match reference.mutability {
            Some(_) => self.changed(&reference.expr),
            None => self.visit_expr(&reference.expr),
        }
    }

    fn visit_expr_method_call(&mut self, call: &syn::ExprMethodCall) {
        let before = self.uses.len();
        self.visit_expr(&call.receiver);
        if call.method.to_string().ends_with("_mut") {
            let uses = self.uses[before..].iter_mut();
            uses.for_each(|one| one.is_change = true);
        }
        call.args
            .iter()
            .for_each(|argument| self.visit_expr(argument));
    }

    fn visit_field_value(&mut self, field: &syn::FieldValue) {
        if let (None, syn::Member::Named(ident)) = (&field.colon_token, &field.member) {
            if let Some(name) = self.variable(ident) {
                let end = ident.span().byte_range().end;
                let place = format!(": (*{ident})");
                self.note(name, Edit::after(end, place, Part::Body));
            }
        } else {
            self.visit_expr(&field.expr);
        }
    }

    fn visit_local(&mut self, local: &syn::Local) {
        if let Some(init) = &local.init {
            self.visit_expr(&init.expr);
            if let Some((_, diverge)) = &init.diverge {
                self.visit_expr(diverge);
            }
        }
        self.bind(&local.pat);
    }

    fn visit_block(&mut self, block: &syn::Block) {
        self.within(|uses| visit::visit_block(uses, block));
    }

    fn visit_arm(&mut self, arm: &syn::Arm) {
        self.within(|uses| {
            uses.bind(&arm.pat);
            if let Pat::Guard(guarded) = &arm.pat {
                uses.visit_expr(&guarded.guard);
            }
            uses.visit_expr(&arm.body);
        });
    }

    fn visit_expr_closure(&mut self, closure: &syn::ExprClosure) {
        let walk = |uses: &mut Self| {
            uses.within(|uses| {
                closure.inputs.iter().for_each(|input| uses.bind(input));
                uses.visit_expr(&closure.body);
            });
        };
        match &closure.capture {
            Some(_) => {
                let body = closure.body.span().byte_range();
                self.take_along(closure.span().byte_range(), body, walk);
            }
            None => walk(self),
        }
    }

    fn visit_expr_async(&mut self, block: &syn::ExprAsync) {
        match &block.capture {
            Some(_) => {
                let body = block.block.span().byte_range();
                self.take_along(block.span().byte_range(), body, |uses| {
                    uses.visit_block(&block.block);
                });
            }
            None => self.visit_block(&block.block),
        }
    }

    fn visit_expr_for_loop(&mut self, expr: &syn::ExprForLoop) {
        self.visit_expr(&expr.expr);
        self.within(|uses| {
            uses.bind(&expr.pat);
            uses.visit_block(&expr.body);
        });
    }

    fn visit_expr_let(&mut self, expr: &syn::ExprLet) {
        self.visit_expr(&expr.expr);
        self.bind(&expr.pat);
    }

    fn visit_expr_if(&mut self, expr: &syn::ExprIf) {
        self.within(|uses| {
            uses.visit_expr(&expr.cond);
            uses.visit_block(&expr.then_branch);
        });
        if let Some((_, otherwise)) = &expr.else_branch {
            self.visit_expr(otherwise);
        }
    }

    fn visit_expr_while(&mut self, expr: &syn::ExprWhile) {
        self.within(|uses| {
            uses.visit_expr(&expr.cond);
            uses.visit_block(&expr.body);
        });
    }

    fn visit_macro(&mut self, call: &syn::Macro) {
        self.macro_call(call);
    }

    fn visit_item(&mut self, _: &syn::Item) {}

    fn visit_pat(&mut self, _: &Pat) {}

    fn visit_type(&mut self, _: &syn::Type) {}
}

#[cfg(test)]
mod tests;
