//! `:help`.

use super::catalog::GROUPS;
use super::invocation::{CommandResult, Invocation};
use crate::session::output::notes::print_text;

pub(super) fn help(call: Invocation<'_>) -> CommandResult {
    print_text(call.context, &text());
    Ok(())
}

fn text() -> String {
    let mut text = String::new();
    for (title, commands) in GROUPS.iter().filter(|(title, _)| *title != "help") {
        text.push_str(&format!("{title}\n"));
        for command in *commands {
            let usage = format!(":{} {}", command.name, command.arguments);
            text.push_str(&format!("  {usage:<26} {}\n", command.summary));
        }
    }
    text.push_str("a cell's first line\n");
    for (usage, what) in [
        ("%%time", "measures how long the cell takes"),
        (
            "%%bench",
            "runs the cell's statements many times, optimised, and shows statistics",
        ),
    ] {
        text.push_str(&format!("  {usage:<26} {what}\n"));
    }
    text
}
