//! What stands around a cell's last expression, so that it is shown.

use crate::compiler::names::LAST_EXPRESSION;
use crate::compiler::profile::{Options, Purpose};
use crate::compiler::syntax::cell::Parsed;
use crate::compiler::syntax::cell::tail::TailKind;
use crate::compiler::syntax::source::{Edit, Part};

/// The edits that show the last expression.
pub(crate) fn edits(parsed: &Parsed, purpose: Purpose, options: &Options) -> Vec<Edit> {
    let Some(tail) = &parsed.tail else {
        return Vec::new();
    };
    let around = |before: &str, after: &str| {
        vec![
            Edit::before(tail.start, before, Part::Body),
            Edit::after(tail.end, after, Part::Body),
        ]
    };
    let ty = if options.wants_type(purpose) {
        format!("::woozle::cell::type_of::<_, {LAST_EXPRESSION}>(value); ")
    } else {
        String::new()
    };
    let shown = match (purpose, &options.format) {
        (Purpose::Type, _) => String::new(),
        (_, None) => "::woozle::show_value!(value)".to_owned(),
        (_, Some(format)) => format!("::woozle::show_value!(value, {format:?})"),
    };
    let (before, after) = match parsed.tail_kind {
        TailKind::Value => ("match &(", ")"),
        TailKind::Attributed => ("match &({ ", " })"),
        TailKind::Ok => (
            "match &(",
            ".map_err(::core::convert::identity::<::core::convert::Infallible>))",
        ),
        TailKind::Done => return around("::core::mem::drop::<::woozle::cell::Result>(", ");"),
        TailKind::Err => {
            return around(
                "::core::convert::identity::<::core::result::Result<(), _>>(",
                ")?;",
            );
        }
    };
    around(before, &format!("{after} {{ value => {{ {ty}{shown} }} }}"))
}
