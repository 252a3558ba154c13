//! Values as they stand in a widget's state.

use miniserde::json::{Array, Number, Object, Value};

/// What a widget's state can hold.
pub(super) trait Field: Sized {
    fn to_value(self) -> Value;
    fn of_value(value: &Value) -> Option<Self>;
}

impl Field for bool {
    fn to_value(self) -> Value {
        Value::Bool(self)
    }

    fn of_value(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }
}

impl Field for String {
    fn to_value(self) -> Value {
        Value::String(self)
    }

    fn of_value(value: &Value) -> Option<Self> {
        match value {
            Value::String(value) => Some(value.clone()),
            _ => None,
        }
    }
}

impl Field for f64 {
    fn to_value(self) -> Value {
        Value::Number(Number::F64(self))
    }

    fn of_value(value: &Value) -> Option<Self> {
        match value {
            Value::Number(Number::F64(n)) => Some(*n),
            Value::Number(Number::I64(n)) => Some(*n as f64),
            Value::Number(Number::U64(n)) => Some(*n as f64),
            _ => None,
        }
    }
}

impl Field for i64 {
    fn to_value(self) -> Value {
        Value::Number(Number::I64(self))
    }

    fn of_value(value: &Value) -> Option<Self> {
        match value {
            Value::Number(Number::I64(n)) => Some(*n),
            Value::Number(Number::U64(n)) => i64::try_from(*n).ok(),
            Value::Number(Number::F64(n)) => Some(n.round() as i64),
            _ => None,
        }
    }
}

impl Field for Vec<String> {
    fn to_value(self) -> Value {
        list(self.into_iter().map(text))
    }

    fn of_value(value: &Value) -> Option<Self> {
        match value {
            Value::Array(values) => values.iter().map(String::of_value).collect(),
            _ => None,
        }
    }
}

pub(super) fn text(text: impl Into<String>) -> Value {
    Value::String(text.into())
}

pub(super) fn list(values: impl IntoIterator<Item = Value>) -> Value {
    Value::Array(values.into_iter().collect::<Array>())
}

pub(super) fn object<const N: usize>(fields: [(&str, Value); N]) -> Object {
    let fields = fields.into_iter();
    fields
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// Whether a front end may put `new` in the place of `old`.
pub(super) fn is_alike(old: &Value, new: &Value) -> bool {
    std::mem::discriminant(old) == std::mem::discriminant(new)
}

pub(super) fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::String(a), Value::String(b)) => a == b,
        (Value::Number(_), Value::Number(_)) => f64::of_value(a) == f64::of_value(b),
        _ => false,
    }
}
