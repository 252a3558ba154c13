//! Commands that change how cells are compiled and shown.

#![expect(
    clippy::disallowed_methods,
    reason = "cc is asked whether it knows a linker, and answers at once"
)]

use std::process::Command as Process;

use super::invocation::{CommandResult, Invocation, on_off, switch, usage_error};
use crate::session::engine::Engine;
use crate::session::output::notes::{print_note, print_text};

pub(super) fn opt(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    let level = match call.argument {
        "auto" => None,
        // As evcxr does: there and back.
        "" if engine.state.settings.compile.level == Some(2) => None,
        "" => Some(2),
        "0" => Some(0),
        "1" => Some(1),
        "2" => Some(2),
        "3" => Some(3),
        _ => return usage_error("`:opt` takes `auto`, `0`, `1`, `2` or `3`"),
    };
    engine.settings_mut().compile.level = level;
    let level = level.map_or("auto".to_owned(), |n| n.to_string());
    print_text(call.context, &format!("optimisation: {level}\n"));
    Ok(())
}

pub(super) fn timing_of_cells(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    let set = switch(call.argument, engine.state.settings.timing)?;
    engine.settings_mut().timing = set;
    print_text(call.context, &format!("timing: {}\n", on_off(set)));
    Ok(())
}

pub(super) fn types(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    let set = switch(call.argument, engine.state.settings.compile.types)?;
    engine.settings_mut().compile.types = set;
    print_text(call.context, &format!("types: {}\n", on_off(set)));
    Ok(())
}

pub(super) fn fmt(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    let format = call.argument;
    let inner = format
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    let is_format = inner.is_some_and(|inner| {
        !inner.contains(['{', '}', '"', '\\']) && (inner.is_empty() || inner.starts_with(':'))
    });
    let chosen = match format {
        "" | "{:?}" => None,
        _ if is_format => Some(format.to_owned()),
        _ => return usage_error("`:fmt` takes a format of one value: `:fmt {:#?}`"),
    };
    let text = format!("format: {}\n", chosen.as_deref().unwrap_or("{:?}"));
    engine.settings_mut().compile.format = chosen;
    print_text(call.context, &text);
    Ok(())
}

pub(super) fn linker(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    match call.argument {
        "" => {}
        "system" => engine.settings_mut().toolchain.link_argument = None,
        name @ ("lld" | "mold" | "gold" | "bfd") => {
            let flag = format!("-fuse-ld={name}");
            let tried = Process::new("cc").args([&flag, "-Wl,--version"]).output();
            if tried.is_ok_and(|output| output.status.success()) {
                engine.settings_mut().toolchain.link_argument = Some(flag);
            } else {
                let note =
                    format!("`:linker {name}`: `cc {flag}` does not work; is {name} installed?");
                print_note(call.context, &note);
            }
        }
        _ => return usage_error("`:linker` takes `system`, `lld` or `mold`"),
    }
    let now = engine.state.settings.toolchain.link_argument.as_deref();
    let now = now.and_then(|flag| flag.strip_prefix("-fuse-ld="));
    print_text(
        call.context,
        &format!("linker: {}\n", now.unwrap_or("system")),
    );
    Ok(())
}

pub(super) fn toolchain(engine: &mut Engine, call: Invocation<'_>) -> CommandResult {
    if !call.argument.is_empty() {
        let note = "`:toolchain`: it is chosen before the kernel starts, by `rustup default`, or by RUSTC in its environment; \
                    this session goes on with its own";
        print_note(call.context, note);
    }
    let text = format!(
        "{}\n{}",
        engine.toolchain.rustc.display(),
        engine.toolchain.version
    );
    print_text(call.context, &format!("{}\n", text.trim_end()));
    Ok(())
}
