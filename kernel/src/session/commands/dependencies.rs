//! Commands about crates.

use super::invocation::{CommandResult, Invocation, assignment, on_off, switch, usage_error};
use crate::build::deps::requested::{lock, spec};
use crate::session::dependencies::listing;
use crate::session::engine::Engine;
use crate::session::output::notes::print_text;
use crate::session::report::errors::CellError;

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

/// Notes what takes the place of a crate; all are built anew when the cell's commands have been read.
pub(super) fn patch(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    let folder = std::env::current_dir().unwrap_or_default();
    let (source, line) = spec::patch_source(call.argument);
    let specs = match spec::read(line, &folder) {
        Ok(specs) if line.contains('=') => specs,
        Ok(_) => {
            return usage_error(
                "`:patch` takes a crate and what takes its place: `:patch name = { path = \"../name\" }`",
            );
        }
        Err(reason) => return usage_error(reason.replace(":dep", ":patch")),
    };
    let dependencies = &mut engine.settings_mut().dependencies;
    let before = dependencies.build.patches.clone();
    dependencies.patches_before.get_or_insert(before);
    let patches = dependencies.build.patches.entry(source.to_owned());
    patches.or_default().extend(specs);
    Ok(())
}

pub(super) fn show_deps(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    let graph = &engine.state.settings.dependencies.graph;
    match (call.argument, graph.steps.last()) {
        ("", _) => print_text(call.context, &listing::of(graph)),
        ("lock", Some(step)) => {
            let folder = std::env::current_dir().unwrap_or_default();
            let file = folder.join(lock::FILE);
            let written = lock::write(&folder, step).map_err(|error| {
                let text = format!("{} cannot be written: {error}", file.display());
                CellError::command(&text)
            })?;
            let text = format!("{written} crates are in {}\n", file.display());
            print_text(call.context, &text);
        }
        ("lock", None) => {
            return usage_error(
                "there are no crates to be locked: no cell with `:dep` has been run",
            );
        }
        _ => {
            return usage_error(
                "`:deps` lists the crates, and `:deps lock` writes their versions down",
            );
        }
    }
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
