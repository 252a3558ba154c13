//! What rustc says of values that cannot go to another process, in words of ours: its own are about serde's traits, and
//! advise to change std's types.

use crate::compiler::rustc::contract::{code, level, phrase};
use crate::compiler::rustc::messages::Message;

/// Rewords such errors. What says the same of a type again, or follows from it, is left out. `is_own` says whether a
/// type is the user's, which can be made fit.
pub(crate) fn reword(errors: &[&Message], is_own: &dyn Fn(&str) -> bool) -> Vec<Message> {
    let mut named: Vec<String> = Vec::new();
    let mut reworded = Vec::new();
    for error in errors {
        let is_of_bounds = code::BOUNDS.contains(&error.code());
        if is_of_bounds && named.iter().any(|ty| error.message.contains(ty)) {
            continue;
        }
        let found = borrowed(error).or_else(|| error_of_result(error, is_own));
        reworded.push(match found {
            Some((ty, new)) => {
                named.push(ty);
                new
            }
            None => (*error).clone(),
        });
    }
    reworded
}

/// A function of the user's takes a reference.
fn borrowed(error: &Message) -> Option<(String, Message)> {
    let is_deserialize = error.message.contains("Deserialize");
    let ty = if is_deserialize && error.message.ends_with(phrase::NOT_GENERAL) {
        quoted(&error.children.first()?.message)?
    } else if is_deserialize && is_sent(error) {
        quoted(&error.message)?.split_once(": ")?.0
    } else {
        return None;
    };
    let owned = owned(ty)?;
    let message =
        format!("`{ty}` cannot borrow from bytes that do not stay: take `{owned}` instead");
    let help = "what a task is given is sent to its process as bytes";
    Some((ty.to_owned(), new(error, message, help)))
}

/// A task gives a `Result` whose error is a type that cannot be changed.
fn error_of_result(error: &Message, is_own: &dyn Fn(&str) -> bool) -> Option<(String, Message)> {
    if !is_sent(error) || !error.message.contains(": serde::") {
        return None;
    }
    let (ty, _) = quoted(&error.message)?.split_once(": ")?;
    let is_error = |child: &Message| {
        let required = child.message.starts_with(phrase::REQUIRED_FOR);
        let result = quoted(&child.message).filter(|ty| required && ty.contains("Result<"));
        let ends = |end: &str| result.is_some_and(|result| result.ends_with(end));
        ends(&format!(", {ty}>")) || ends(&format!(", Box<{ty}>>"))
    };
    if is_own(ty) || !error.children.iter().any(is_error) {
        return None;
    }
    let shown = ty.trim_matches(['(', ')']).replace(" + 'static", "");
    let message = format!("`{shown}` cannot go from one process to another");
    let help = "give the error as text: let the function return `Result<_, String>`, by `.map_err(|e| e.to_string())`";
    Some((ty.to_owned(), new(error, message, help)))
}

/// The error with other words.
fn new(error: &Message, message: String, help: &str) -> Message {
    let mut spans = error.spans.clone();
    spans.retain(|span| span.is_primary);
    for span in &mut spans {
        span.label = None;
    }
    let help = Message {
        message: help.to_owned(),
        code: None,
        level: level::HELP.to_owned(),
        spans: Vec::new(),
        children: Vec::new(),
    };
    Message {
        message,
        code: error.code.clone(),
        level: error.level.clone(),
        spans,
        children: vec![help],
    }
}

/// Whether it is a function of the runtime that asks for it.
fn is_sent(error: &Message) -> bool {
    error.children.iter().any(|child| {
        let mut spans = child.spans.iter();
        child.message.starts_with(phrase::REQUIRED_BY)
            && spans.any(|span| span.file_name.starts_with("runtime/src/"))
    })
}

/// What stands between the first two backticks.
fn quoted(text: &str) -> Option<&str> {
    text.split('`').nth(1)
}

/// What to take in place of a reference.
fn owned(ty: &str) -> Option<String> {
    let inner = ty.strip_prefix('&')?;
    let inner = match inner.strip_prefix('\'') {
        Some(lifetime) => lifetime.split_once(' ')?.1,
        None => inner,
    };
    let items = inner
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .filter(|items| !items.contains(';'));
    Some(match (inner, items) {
        ("str", _) => "String".to_owned(),
        ("Path" | "std::path::Path", _) => "PathBuf".to_owned(),
        (_, Some(items)) => format!("Vec<{items}>"),
        (inner, None) => inner.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::owned;

    #[test]
    fn references_have_types_in_their_place() {
        for (ty, expected) in [
            ("&str", Some("String")),
            ("&'a str", Some("String")),
            ("&[u64]", Some("Vec<u64>")),
            ("&[u64; 3]", Some("[u64; 3]")),
            ("&Path", Some("PathBuf")),
            ("&Bear", Some("Bear")),
            ("Bear", None),
        ] {
            assert_eq!(owned(ty).as_deref(), expected, "{ty}");
        }
    }
}
