//! Expressions that are evaluated between cells: for the client, and to see what the variables hold.

use std::sync::Arc;

use super::run::CellRun;
use crate::compiler::resolve::session_scope::Loan;
use crate::compiler::syntax::cell::is_expression;
use crate::server::CellContext;
use crate::session::engine::Engine;
use crate::session::output::router::{Capture, mime_bundle};
use crate::session::report::errors::CellError;
use crate::system::lock::LockUnpoisoned as _;
use crate::wire::content::MimeBundle;

impl Engine {
    /// The value of an expression, as a cell that ends with it would show it.
    pub(crate) fn evaluate(
        &mut self,
        expression: &str,
        context: &CellContext,
    ) -> Result<MimeBundle, CellError> {
        if !is_expression(expression) {
            let problem = format!("`{expression}` is not an expression");
            return Err(CellError::new("expression", &problem));
        }
        let value = self.captured(expression, context)?;
        let unit = || vec![("text/plain".to_owned(), "()".to_owned())];
        Ok(mime_bundle(value.unwrap_or_else(unit)))
    }

    /// Looks at the values of the variables. Where that fails, only their types are known.
    pub(crate) fn look_at_variables(&mut self, context: &CellContext) {
        let variables = self.state.scope.variables.iter();
        let scope = &self.state.scope;
        let is_seen = |name: &str| scope.borrowers(name).all(|(.., loan)| loan == Loan::Shared);
        let present = variables
            .filter(|(_, variable)| variable.moved_by.is_none() && variable.parts.is_empty());
        // What is borrowed mutably nobody else may look at.
        let present = present.filter(|(name, _)| is_seen(name));
        let names: Vec<&str> = present.map(|(name, _)| name.as_str()).collect();
        if names.is_empty() {
            return;
        }
        // In a block, so that it counts as a statement with no value.
        let code = format!("{{ ::woozle::variable_texts!({}); }}", names.join(", "));
        let untouched = self.state.scope.untouched.clone();
        let captured = self.captured(&code, context);
        // To look at them is no use.
        self.state.scope.untouched = untouched;
        match captured {
            Ok(texts) => self.published.note_values(texts.unwrap_or_default()),
            Err(error) => tracing::debug!(error.message, "the variables' values are not known"),
        }
    }

    /// Runs code and takes what it would show as its value.
    pub(super) fn captured(
        &mut self,
        code: &str,
        context: &CellContext,
    ) -> Result<Option<Vec<(String, String)>>, CellError> {
        let capture: Capture = Arc::default();
        self.prepare(context);
        let mut run = CellRun::expression(self, context, code);
        run.capture = Some(Arc::clone(&capture));
        let result = run.run();
        self.publish();
        result?;
        let mut value = capture.lock_unpoisoned();
        Ok(value.take())
    }
}
