//! `:help`.

use super::{Call, Command, Done, GROUPS};
use crate::session::execution::run::Work;
use crate::session::output::notes::print_on;

pub(crate) const COMMANDS: &[Command] = &[Command {
    name: "help",
    also: &[],
    takes: "",
    what: "lists the commands",
    run: help,
}];

fn help(_: &mut Work, call: &Call<'_>) -> Done {
    print_on(call.context, &text());
    Ok(())
}

fn text() -> String {
    let mut text = String::new();
    for (title, commands) in GROUPS.iter().filter(|(title, _)| *title != "help") {
        text.push_str(&format!("{title}\n"));
        for command in *commands {
            let usage = format!(":{} {}", command.name, command.takes);
            text.push_str(&format!("  {usage:<26} {}\n", command.what));
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
