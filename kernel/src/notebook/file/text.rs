//! Text in a notebook: a string, or a list of its lines, which is easier on version control.

use serde_json::Value;

/// The whole text.
pub(in crate::notebook) fn joined(text: &Value) -> String {
    match text {
        Value::String(text) => text.clone(),
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        _ => String::new(),
    }
}

/// Makes the list of its lines of a string. What is no string stays as it is.
pub(in crate::notebook) fn split(text: &mut Value) {
    if let Value::String(whole) = text {
        *text = whole.split_inclusive('\n').map(Value::from).collect();
    }
}

/// Whether this is text, in the one form or the other.
pub(in crate::notebook) fn is_text(value: &Value) -> bool {
    match value {
        Value::String(_) => true,
        Value::Array(lines) => lines.iter().all(Value::is_string),
        _ => false,
    }
}
