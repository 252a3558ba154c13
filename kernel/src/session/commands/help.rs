//! `:help`.

use super::catalog::{GROUPS, MAGICS};
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
    for (name, _, what) in MAGICS {
        let usage = format!("%%{name}");
        text.push_str(&format!("  {usage:<26} {what}\n"));
    }
    text
}
