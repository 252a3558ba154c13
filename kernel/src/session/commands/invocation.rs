//! One use of a command, and what several commands need to read their arguments.

use serde_json::Value;

use crate::build::deps::requested::Specs;
use crate::server::CellContext;
use crate::session::report::errors::CellError;

/// One use of a command.
pub(super) struct Invocation<'a> {
    /// What follows the name.
    pub(super) argument: &'a str,
    pub(super) context: &'a CellContext,
    /// The crates that the cell's commands ask for: they are built together.
    pub(super) requested: &'a mut Specs,
    /// What the front end is asked to do with the reply.
    pub(super) payload: &'a mut Vec<Value>,
}

pub(super) type CommandResult = Result<(), CellError>;

/// A command was used wrongly.
pub(super) fn usage_error<T>(reason: impl AsRef<str>) -> Result<T, CellError> {
    Err(CellError::command(reason.as_ref()))
}

/// `0`/`off`, `1`/`on`, or nothing, which turns the present setting round.
pub(super) fn switch(argument: &str, now: bool) -> Result<bool, CellError> {
    match argument {
        "" => Ok(!now),
        "1" | "on" | "true" => Ok(true),
        "0" | "off" | "false" => Ok(false),
        _ => usage_error(format!("`{argument}` is neither `on` nor `off`")),
    }
}

pub(super) fn on_off(set: bool) -> &'static str {
    if set { "on" } else { "off" }
}

pub(super) fn is_name(text: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    !text.is_empty() && text.chars().all(is_part)
}

/// `NAME=VALUE`, the value perhaps in quotes.
pub(super) fn assignment(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    let quoted = |quote| value.strip_prefix(quote)?.strip_suffix(quote);
    let value = quoted('"').or_else(|| quoted('\'')).unwrap_or(value);
    let is_bad = name.is_empty() || name.contains(char::is_whitespace) || text.contains('\0');
    (!is_bad).then_some((name, value))
}

/// A size such as `4G`.
pub(super) fn bytes(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text[digits.len()..].to_uppercase();
    let unit = unit
        .strip_suffix("IB")
        .or(unit.strip_suffix('B'))
        .unwrap_or(&unit);
    let shift = match unit {
        "K" => 10,
        "M" => 20,
        "G" => 30,
        "T" => 40,
        _ => return None,
    };
    let number: u64 = digits.parse().ok()?;
    number.checked_mul(1 << shift).filter(|bytes| *bytes > 0)
}
