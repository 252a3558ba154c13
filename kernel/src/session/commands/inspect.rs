//! Commands that show what there is, and change nothing.

#![expect(
    clippy::disallowed_methods,
    reason = "`rustc --explain` answers at once"
)]

use std::collections::BTreeMap;
use std::path::Path;

use super::invocation::{CommandResult, Invocation, usage_error};
use crate::compiler::profile::Purpose;
use crate::compiler::resolve::held::OPEN_TYPE;
use crate::compiler::syntax::cell::is_expression;
use crate::compiler::syntax::source::EXPRESSION;
use crate::session::engine::Engine;
use crate::session::magics::timeline::perfetto;
use crate::session::output::notes::print_text;
use crate::session::report::errors::{self, CellError};
use crate::session::report::spelling::plain_type;
use crate::system::atomic::write_atomically;
use crate::wire::content::{DisplayData, InspectRequest, MimeBundle, Transient};

pub(super) fn vars(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    let scope = &engine.state.scope;
    let mut shown: BTreeMap<&String, (bool, String)> = BTreeMap::new();
    for (name, variable) in &scope.variables {
        let moved = match variable.moved_by {
            Some(by) => format!("  (moved away in cell [{by}])"),
            None => String::new(),
        };
        let ty = format!("{}{moved}", plain_type(&variable.ty));
        shown.insert(name, (variable.mutable, ty));
    }
    for (_, binding) in scope.open() {
        let ty = format!("{OPEN_TYPE}  (a later cell tells it)");
        shown.insert(&binding.name, (binding.mutable, ty));
    }
    if shown.is_empty() {
        print_text(call.context, "there are no variables\n");
        return Ok(());
    }
    let longest = shown.keys().map(|name| name.chars().count()).max();
    let width = longest.unwrap_or(0);
    let lines = shown.iter().map(|(name, (is_mutable, ty))| {
        let mutable = if *is_mutable { "mut " } else { "" };
        format!("{mutable:>4}{name:<width$}: {ty}\n")
    });
    print_text(call.context, &lines.collect::<String>());
    Ok(())
}

pub(super) fn threads(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    if !call.argument.is_empty() {
        return usage_error("`:threads` stands alone");
    }
    engine.ensure_host(call.context);
    let Some(text) = engine.threads() else {
        return Err(CellError::kernel("the process of the cells has ended"));
    };
    print_text(call.context, &text);
    Ok(())
}

pub(super) fn timeline(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    let file = match call.argument.split_once(char::is_whitespace) {
        Some(("save", file)) => Path::new(file.trim()),
        _ => {
            return usage_error(
                "`:timeline save FILE.json` writes what the last `%%timeline` has shown, for Perfetto",
            );
        }
    };
    let Some(picture) = &engine.last_timeline else {
        return usage_error("no cell with `%%timeline` has been run");
    };
    let written = write_atomically(file, perfetto::json(picture).as_bytes());
    written.map_err(|error| {
        CellError::command(&format!("{} cannot be written: {error}", file.display()))
    })?;
    let text = format!(
        "{} can be opened with https://ui.perfetto.dev\n",
        file.display()
    );
    print_text(call.context, &text);
    Ok(())
}

pub(super) fn type_of(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    let ty = match engine.state.scope.variables.get(call.argument) {
        Some(variable) => plain_type(&variable.ty),
        None if !is_expression(call.argument) => {
            return usage_error("`:type` takes a variable or an expression: `:type v.iter()`");
        }
        None => {
            let compiled = engine.compile(EXPRESSION, call.argument, Purpose::Type);
            let cell = compiled.map_err(|failure| errors::compile_error(&failure))?;
            plain_type(&cell.tail_type.unwrap_or_else(|| "()".to_owned()))
        }
    };
    print_text(call.context, &format!("{ty}\n"));
    Ok(())
}

/// The documentation of a name.
fn documentation(engine: &Engine, name: &str) -> Result<MimeBundle, CellError> {
    let request = InspectRequest {
        code: name.to_owned(),
        cursor_pos: name.chars().count(),
        detail_level: 0,
    };
    let shared = &engine.published;
    let found = shared.assistant().inspect(&shared.snapshot(), &request);
    if !found.found {
        return usage_error(format!("nothing is known of `{name}`"));
    }
    Ok(found.data)
}

pub(super) fn page(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    let data = documentation(engine, call.argument)?;
    let page = serde_json::json!({ "source": "page", "data": data, "start": 0 });
    call.payload.push(page);
    Ok(())
}

pub(super) fn doc(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    let shown = DisplayData {
        data: documentation(engine, call.argument)?,
        metadata: MimeBundle::new(),
        transient: Transient::default(),
    };
    call.context.iopub.send(&call.context.parent, shown);
    Ok(())
}

pub(super) fn explain(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    let mut codes = vec![call.argument.to_uppercase()];
    if call.argument.is_empty() {
        codes.clone_from(&engine.last_compiled.error_codes);
        if codes.is_empty() {
            return usage_error(
                "the last cell had no error with a code; `:explain E0382` explains one",
            );
        }
    }
    for code in codes {
        if !is_code(&code) {
            return usage_error("`:explain` takes an error code: `:explain E0382`");
        }
        let explained = std::process::Command::new(&engine.toolchain.rustc)
            .args(["--explain", &code])
            .output();
        match explained {
            Ok(output) if output.status.success() => {
                print_text(call.context, &String::from_utf8_lossy(&output.stdout));
            }
            _ => return usage_error(format!("rustc has no explanation of {code}")),
        }
    }
    Ok(())
}

fn is_code(text: &str) -> bool {
    let digits = text.strip_prefix('E').unwrap_or_default();
    digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn version(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    let rustc = engine.toolchain.version.lines().next().unwrap_or_default();
    let text = format!("woozle {}\n{rustc}\n", env!("CARGO_PKG_VERSION"));
    print_text(call.context, &text);
    Ok(())
}

pub(super) fn last_compile_dir(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    let Some(serial) = engine.last_compiled.serial else {
        return usage_error("no cell has been compiled yet");
    };
    let folder = engine.compiler.layout.sources(serial);
    print_text(call.context, &format!("{}\n", folder.display()));
    Ok(())
}
