//! Scopes and variables, as a user knows them.

use serde_json::{Value, json};

use super::names::type_name;
use crate::server::Variable;

/// The references of the scopes with the session's variables, and with its statics; lldb-dap's own are small, or very large.
pub(in crate::debugger) const SESSION: u64 = 1_999_999_999;
pub(in crate::debugger) const STATICS: u64 = 1_999_999_998;

/// What the names of generated variables begin with.
const GENERATED: &str = "woozle_";

/// The scopes of a call: what LLDB calls globals are a library's, tables of methods among them, and registers are not shown.
pub(in crate::debugger) fn scopes(mut body: Value) -> Value {
    let Some(scopes) = body["scopes"].as_array_mut() else {
        return body;
    };
    scopes.retain(|scope| scope["name"] == json!("Locals"));
    for (name, reference) in [("Session", SESSION), ("Statics", STATICS)] {
        scopes.push(json!({
            "name": name,
            "variablesReference": reference,
            "expensive": false,
        }));
    }
    body
}

/// The variables that generated code does not have for itself, with types and values as the user writes them.
pub(in crate::debugger) fn shown(mut body: Value) -> Value {
    let Some(variables) = body["variables"].as_array_mut() else {
        return body;
    };
    variables.retain(|variable| {
        // As for the tables of methods of `dyn` types, or what a macro has named nothing.
        let name = name(variable);
        !(name.starts_with(['{', '<']) || name.starts_with(GENERATED))
    });
    for variable in &mut *variables {
        variable["name"] = json!(name(variable));
        let ty = variable["type"].as_str().unwrap_or_default();
        let value = variable["value"].as_str().unwrap_or_default();
        let (value, ty) = (shown_value(value, ty), type_name(ty));
        variable["value"] = json!(value);
        variable["type"] = json!(ty);
    }
    // Of a name the last one counts, which hides those before.
    let names: Vec<String> = variables.iter().map(|v| name(v).to_owned()).collect();
    let mut at = 0;
    variables.retain(|_| {
        at += 1;
        !names[at..].contains(&names[at - 1])
    });
    body
}

/// Makes the type a part of the value: as it is written after the name in Rust.
pub(in crate::debugger) fn describe(variable: &mut Value) {
    let ty = variable["type"].take();
    let (ty, value) = (ty.as_str().unwrap_or_default(), variable["value"].as_str());
    let value = value.unwrap_or_default();
    let described = match value {
        value if value.is_empty() || value == ty => ty.to_owned(),
        value => format!("{ty} = {value}"),
    };
    variable["value"] = json!(described);
}

/// A variable's name, without the place by which LLDB tells it from others of that name.
fn name(variable: &Value) -> &str {
    let name = variable["name"].as_str().unwrap_or_default();
    name.split(" @ ").next().unwrap_or(name)
}

/// A value as the user would write it, of a type as LLDB calls it.
pub(in crate::debugger) fn shown_value(value: &str, ty: &str) -> String {
    if let Some(rest) = value.strip_prefix(ty)
        && (rest.is_empty() || rest.starts_with(" @ "))
    {
        return type_name(ty); // LLDB has no text for it but the type and the address
    }
    match value.split_once(" U'") {
        Some((code, c)) if code.starts_with("U+") => format!("'{c}"),
        _ => value.to_owned(),
    }
}

/// A static, by what LLDB says of the expression that is its name.
pub(in crate::debugger) fn of_static(name: &str, evaluated: &Value) -> Value {
    let ty = evaluated["type"].as_str().unwrap_or_default();
    let value = evaluated["result"].as_str().unwrap_or_default();
    json!({
        "name": name,
        "type": type_name(ty),
        "value": shown_value(value, ty),
        "evaluateName": name,
        "variablesReference": evaluated["variablesReference"],
    })
}

/// The session's variables, as they were before the cell that runs.
pub(in crate::debugger) fn of_session(variables: &[Variable]) -> Value {
    let shown = variables.iter().map(|variable| {
        json!({
            "name": variable.name,
            "type": variable.type_name,
            "value": variable.value.as_deref().unwrap_or_default(),
            "evaluateName": variable.name,
            "variablesReference": 0,
        })
    });
    json!({"variables": shown.collect::<Vec<Value>>()})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(name: &str, ty: &str, value: &str) -> Value {
        json!({"name": name, "type": ty, "value": value})
    }

    #[test]
    fn variables_are_shown_as_they_are_written() {
        let of_lldb = json!({"variables": [
            variable("lock @ cell [2]:1", "woozle::threading::lock::Lock", "unlocked"),
            variable("lock @ cell [2]:1", "woozle::threading::lock::Lock *", "0x10"),
            variable("c", "char32_t", "U+0x00000063 U'c'"),
            variable("jar", "cell_3::Jar", "cell_3::Jar @ 0x7ffe"),
            variable("a", "unsigned short[3]", "unsigned short[3]"),
            variable("woozle_kind_1", "int", "1"),
            variable("<core::fmt::Error as core::fmt::Debug>::{vtable}", "int", "1"),
        ]});
        let shown = shown(of_lldb);
        let shown = shown["variables"].as_array().expect("variables");
        let shown: Vec<_> = shown
            .iter()
            .map(|v| ["name", "type", "value"].map(|field| v[field].as_str().unwrap_or_default()))
            .collect();
        let expected = [
            ["lock", "&Lock", "0x10"],
            ["c", "char", "'c'"],
            ["jar", "Jar", "Jar"],
            ["a", "[u16; 3]", "[u16; 3]"],
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_variable_is_described_as_it_is_written() {
        for (ty, value, described) in [
            ("u8", "3", "u8 = 3"),
            ("Jar", "Jar", "Jar"),
            ("Jar", "", "Jar"),
        ] {
            let mut variable = variable("it", ty, value);
            describe(&mut variable);
            assert_eq!(
                variable,
                json!({"name": "it", "type": null, "value": described})
            );
        }
    }

    #[test]
    fn a_call_has_its_own_variables_the_sessions_and_statics() {
        let names = ["Locals", "Globals", "Registers"].map(|name| json!({"name": name}));
        let scopes = scopes(json!({"scopes": names}));
        let scopes = scopes["scopes"].as_array().expect("scopes");
        let names: Vec<_> = scopes
            .iter()
            .filter_map(|scope| scope["name"].as_str())
            .collect();
        assert_eq!(names, ["Locals", "Session", "Statics"]);
    }
}
