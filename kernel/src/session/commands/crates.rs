//! Commands about crates.

use super::state::assignment;
use super::{Call, Command, Done, on_off, switch, wrong};
use crate::build::deps::spec;
use crate::session::execution::run::Work;
use crate::session::output::notes::print_on;

pub(crate) const COMMANDS: &[Command] = &[
    Command {
        name: "dep",
        also: &[],
        takes: "NAME = VALUE",
        what: "adds a crate as Cargo.toml has it: `:dep name = \"1.2\"`, `:dep ./folder`",
        run: dep,
    },
    Command {
        name: "show_deps",
        also: &["deps"],
        takes: "",
        what: "lists the crates that were added",
        run: show_deps,
    },
    Command {
        name: "offline",
        also: &[],
        takes: "[on|off]",
        what: "lets cargo do without the network",
        run: offline,
    },
    Command {
        name: "build_env",
        also: &[],
        takes: "NAME=VALUE",
        what: "sets an environment variable for the building of crates",
        run: build_env,
    },
];

/// Notes a crate; those of one cell are built together, when all its commands have been read.
fn dep(work: &mut Work, call: &Call<'_>) -> Done {
    let folder = std::env::current_dir().unwrap_or_default();
    match spec::read(call.argument, &folder) {
        Ok(specs) => {
            work.crates.wanted.extend(specs);
            Ok(())
        }
        Err(reason) => wrong(reason),
    }
}

fn show_deps(work: &mut Work, call: &Call<'_>) -> Done {
    let line = |(name, value): (&String, &String)| format!("{name} = {value}\n");
    let lines: String = work.dependencies.iter().map(line).collect();
    print_on(call.context, &lines);
    Ok(())
}

fn offline(work: &mut Work, call: &Call<'_>) -> Done {
    let settings = &mut work.crates.settings;
    settings.offline = switch(call.argument, settings.offline)?;
    let text = format!("offline: {}\n", on_off(settings.offline));
    print_on(call.context, &text);
    Ok(())
}

fn build_env(work: &mut Work, call: &Call<'_>) -> Done {
    let Some((name, value)) = assignment(call.argument) else {
        return wrong("`:build_env` takes a name and a value: `:build_env CC=clang`");
    };
    let environment = &mut work.crates.settings.environment;
    environment.insert(name.to_owned(), value.to_owned());
    Ok(())
}
