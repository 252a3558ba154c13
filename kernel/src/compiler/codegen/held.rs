//! The statements of earlier cells that have waited for this cell's types.
//!
//! They run before the cell's own, in a block around those, so that rustc infers the types of both together. What they bind is
//! then a variable of an earlier cell like any other: it is kept even if the cell's own statements panic. So these are in a
//! closure, and what comes after it keeps the variables:
//!
//! ```text
//! {   let mut v = Vec::new();
//!     let woozle_ran = woozle_statements!();    // include!s the cell's own in a closure, under catch_unwind
//!     ::woozle::cell::keep_variable::<_, 0>("v", v);
//!     match woozle_ran { .. } }
//! ```
//!
//! The closure is written in `lib.rs`, as a macro where that can be, so that it is told from the user's own ones, as all closures
//! around the statements are.
//!
//! That is not possible where a variable has no value yet (`let size;`), as a closure cannot give it one, nor where the statements
//! await something or take a variable of the same name. Then what they bind is kept at the end of the cell's own statements.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use super::emitted::Generated;
use super::writer::add;
use super::writer::{Input, Writer};
use crate::compiler::syntax::source::{Part, Source, file_name};

impl Input<'_> {
    /// Whether what the earlier statements bind is kept apart from what the cell's own do.
    pub(super) fn is_apart(&self) -> bool {
        self.before.iter().all(|held| {
            let reads = |name: &String| self.plan.reads.contains(name);
            let mut bindings = held.bindings();
            !held.statement.declares && !held.awaits && !bindings.any(|b| reads(&b.name))
        })
    }
}

impl Writer<'_> {
    /// Writes the files; gives the expression that runs them, with the cell's own `body` inmost, which may
    /// declare variables.
    pub(super) fn held(&mut self, body: String, declares: bool) -> String {
        let by_source = self.by_source();
        let is_apart = self.input.is_apart();
        let mut inner: Option<String> = None;
        for (source, ranges) in by_source.iter().rev() {
            let mut text = source.render(Part::Body, ranges, '{');
            text.push_str("\n;\n");
            match inner {
                Some(inner) => text.push_str(&format!("include!({inner:?})")),
                None if is_apart => self.run_and_keep(source.cell, &mut text, &body, declares),
                None => text.push_str(&body),
            }
            text.push_str("}\n");
            self.emitted.note_crates_in(&text);
            let shown = file_name(source.cell, Part::Body);
            inner = Some(self.emitted.add_file(shown, text));
        }
        let first = inner.map_or_else(String::new, |first| format!("include!({first:?})"));
        if is_apart {
            first
        } else {
            self.within_async(first)
        }
    }

    /// The places of the statements, by their cells.
    fn by_source(&self) -> Vec<(Arc<Source>, Vec<Range<usize>>)> {
        let mut by_source: Vec<(Arc<Source>, Vec<Range<usize>>)> = Vec::new();
        for held in self.input.before {
            let range = held.statement.range.clone();
            match by_source.last_mut() {
                Some((source, ranges)) if Arc::ptr_eq(source, &held.source) => ranges.push(range),
                _ => by_source.push((Arc::clone(&held.source), vec![range])),
            }
        }
        by_source
    }

    /// Runs the cell's own statements, and then keeps what the earlier ones have bound.
    fn run_and_keep(&mut self, cell: u32, text: &mut String, body: &str, declares: bool) {
        let body = self.within_async(body.to_owned());
        let closure = format!(
            "::std::panic::catch_unwind(::std::panic::AssertUnwindSafe(|| -> ::woozle::cell::Result {{ {body} }}))"
        );
        if declares {
            // A macro's own variables are not those of the text that it includes.
            let _ = writeln!(text, "let woozle_ran = {closure};");
        } else {
            let _ = writeln!(
                self.root,
                "macro_rules! woozle_statements {{ () => {{ {closure} }} }}"
            );
            text.push_str("let woozle_ran = woozle_statements!();\n");
        }
        let input = self.input;
        let mut pieces = Vec::new();
        let held = input.before.iter().flat_map(|held| held.bindings());
        for name in held.map(|binding| &binding.name) {
            let is_bound_anew = input.bound().any(|bound| bound == name);
            if is_bound_anew
                || self.emitted.kept.contains(name)
                || input.findings.not_kept.contains(name)
            {
                continue;
            }
            let keep = self.keep(name);
            add(text, &mut pieces, &keep, Generated::Keep(name.clone()));
            text.push('\n');
        }
        text.push_str(
            "match woozle_ran { ::core::result::Result::Ok(ran) => ran, \
             ::core::result::Result::Err(panic) => ::std::panic::resume_unwind(panic) }",
        );
        self.emitted.held_generated = Some((cell, pieces));
    }
}
