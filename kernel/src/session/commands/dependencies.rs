//! Commands about crates.

use super::invocation::{CommandResult, Invocation, assignment, on_off, switch, usage_error};
use crate::build::deps::spec;
use crate::session::engine::Engine;
use crate::session::output::notes::print_text;

/// Notes a crate; those of one cell are built together, when all its commands have been read.
pub(super) fn dep(call: Invocation<'_>) -> CommandResult {
    let folder = std::env::current_dir().unwrap_or_default();
    match spec::read(call.argument, &folder) {
        Ok(specs) => {
            call.requested.extend(specs);
            Ok(())
        }
        Err(reason) => usage_error(reason),
    }
}

pub(super) fn show_deps(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    let line = |(name, value): (&String, &String)| format!("{name} = {value}\n");
    let lines: String = engine
        .state
        .settings
        .dependencies
        .graph
        .lines
        .iter()
        .map(line)
        .collect();
    print_text(call.context, &lines);
    Ok(())
}

pub(super) fn offline(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    let now = engine.state.settings.dependencies.build.offline;
    let offline = switch(call.argument, now)?;
    engine.settings_mut().dependencies.build.offline = offline;
    let text = format!("offline: {}\n", on_off(offline));
    print_text(call.context, &text);
    Ok(())
}

pub(super) fn build_env(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    let Some((name, value)) = assignment(call.argument) else {
        return usage_error("`:build_env` takes a name and a value: `:build_env CC=clang`");
    };
    let environment = &mut engine.settings_mut().dependencies.build.environment;
    environment.insert(name.to_owned(), value.to_owned());
    Ok(())
}
