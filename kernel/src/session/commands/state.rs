//! Commands that change what the session holds.

use woozle::protocol;

use super::invocation::{CommandResult, Invocation, assignment, bytes, is_name, usage_error};
use crate::session::engine::Engine;
use crate::session::execution::run::CellRun;
use crate::session::host_link::HEADROOM;
use crate::session::output::notes::{print_note, print_text};
use crate::session::report::errors::CellError;
use crate::session::report::spelling::bytes_shown;

pub(super) fn clear(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    if !call.argument.is_empty() {
        return usage_error("`:clear` forgets everything, and takes no name");
    }
    let scope = std::mem::take(&mut engine.state.scope);
    let names = scope.variables.into_keys().collect();
    engine.host.send(protocol::Command::Forget { names });
    // A new process loads the crates, and no cell.
    let bundles = &engine.state.settings.toolchain.externs;
    engine
        .state
        .libraries
        .retain(|library| bundles.iter().any(|(_, bundle)| bundle == library));
    engine.compiler.cache.forget_used();
    engine.request_checkpoint();
    Ok(())
}

pub(super) fn restart(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    engine.host.process.end();
    let lost = engine.state.scope.variables.len();
    engine.start_new_host(call.context)?;
    engine.request_checkpoint();
    if lost > 0 {
        let text = format!("{lost} variable(s) ended with the process; items are still defined");
        print_note(call.context, &text);
    }
    Ok(())
}

pub(super) fn undo(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    if !call.argument.is_empty() {
        return usage_error("`:undo` takes back the last cell and needs nothing more");
    }
    let done = engine.undo()?;
    print_note(call.context, &done);
    Ok(())
}

pub(super) fn checkpoint(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    if !is_name(call.argument) {
        return usage_error("`:checkpoint` takes a name: `:checkpoint before_the_test`");
    }
    let list = engine.keep_checkpoint(call.argument)?;
    print_text(call.context, &list);
    Ok(())
}

pub(super) fn limit(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    let mut words = call.argument.split_whitespace();
    let limit = match (words.next(), words.next(), words.next()) {
        (Some("memory") | None, None, None) => None,
        (Some("memory"), Some("none"), None) => Some(None),
        (Some("memory"), Some(text), None) if bytes(text).is_some() => Some(bytes(text)),
        _ => {
            return usage_error(
                "`:limit` takes a size or `none`: `:limit memory 4G`, `:limit memory 500M`",
            );
        }
    };
    if let Some(limit) = limit {
        limit_memory(engine, limit)?;
    }
    let text = match engine.state.settings.memory_limit {
        Some(limit) => format!("each process may allocate {}\n", bytes_shown(limit)),
        None => "the memory is not limited\n".to_owned(),
    };
    print_text(call.context, &text);
    Ok(())
}

/// Sets what each process may allocate.
fn limit_memory(engine: &mut Engine, limit: Option<u64>) -> CommandResult {
    if let (Some(limit), Some(allocated)) = (limit, engine.host.process.allocated())
        && limit < allocated + HEADROOM
    {
        let reason = format!(
            "the session has allocated {} already, and needs {} more to work with",
            bytes_shown(allocated),
            bytes_shown(HEADROOM)
        );
        return Err(CellError::command(&reason));
    }
    engine.settings_mut().memory_limit = limit;
    engine.host.send(protocol::Command::Limit { memory: limit });
    Ok(())
}

pub(super) fn rollback(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    if !is_name(call.argument) {
        return usage_error("`:rollback` takes a name: `:rollback before_the_test`");
    }
    let done = engine.rollback(call.argument)?;
    print_note(call.context, &done);
    Ok(())
}

pub(super) fn env(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    if call.argument.is_empty() {
        let line = |(name, value): (&String, &String)| format!("{name}={value}\n");
        let lines: String = engine.state.settings.environment.iter().map(line).collect();
        print_text(call.context, &lines);
        return Ok(());
    }
    let Some((name, value)) = assignment(call.argument) else {
        return usage_error("`:env` takes a name and a value: `:env RUST_LOG=debug`");
    };
    // By a cell like any other: the process's own code sets its environment.
    let code = format!("{{ unsafe {{ ::std::env::set_var({name:?}, {value:?}) }}; }}");
    let mut run = CellRun::expression(engine, call.context, &code);
    // The checkpoint before this cell has to stay, and the one after it needs the settings.
    run.makes_checkpoint = false;
    run.run()?;
    let environment = &mut engine.settings_mut().environment;
    environment.insert(name.to_owned(), value.to_owned());
    Ok(())
}

pub(super) fn quit(call: Invocation<'_>) -> CommandResult {
    // Jupyter's protocol leaves the end to the front end. A console obeys; JupyterLab has a menu.
    call.payload
        .push(serde_json::json!({ "source": "ask_exit", "keepkernel": false }));
    print_note(
        call.context,
        "the front end is asked to end the kernel; in JupyterLab, choose Kernel, Shut Down Kernel",
    );
    Ok(())
}
