//! Commands that change what the session holds.

use woozle::protocol;

use super::{Call, Command, Done, is_name, wrong};
use crate::compiler::scope::Scope;
use crate::compiler::source::EXPRESSION;
use crate::session::execution::run::Work;
use crate::session::output::notes::{note_on, print_on};

pub(crate) const COMMANDS: &[Command] = &[
    Command {
        name: "clear",
        also: &[],
        takes: "",
        what: "forgets all variables, items and imports; crates stay",
        run: clear,
    },
    Command {
        name: "restart",
        also: &[],
        takes: "",
        what: "runs later cells in a new process: items stay, variables and threads end",
        run: restart,
    },
    Command {
        name: "undo",
        also: &[],
        takes: "",
        what: "goes back to before the last cell",
        run: undo,
    },
    Command {
        name: "checkpoint",
        also: &[],
        takes: "NAME",
        what: "keeps the session as it is now",
        run: checkpoint,
    },
    Command {
        name: "rollback",
        also: &[],
        takes: "NAME",
        what: "goes back to a checkpoint",
        run: rollback,
    },
    Command {
        name: "limit",
        also: &[],
        takes: "[memory SIZE]",
        what: "limits what each process may allocate: `:limit memory 4G`, or `none`",
        run: limit,
    },
    Command {
        name: "env",
        also: &[],
        takes: "[NAME=VALUE]",
        what: "sets an environment variable of the cells' process, or lists those that are set so",
        run: env,
    },
    Command {
        name: "quit",
        also: &["q", "exit"],
        takes: "",
        what: "asks the front end to end the kernel",
        run: quit,
    },
];

fn clear(work: &mut Work, call: &Call<'_>) -> Done {
    if !call.argument.is_empty() {
        return wrong("`:clear` forgets everything, and takes no name");
    }
    let scope = std::mem::take(&mut work.scope);
    let names = scope.variables.into_keys().collect();
    work.host.send(protocol::Command::Forget { names });
    work.scope = Scope::default();
    // A new process loads the crates, and no cell.
    let bundles = &work.compiler.toolchain.externs;
    work.libraries
        .retain(|library| bundles.iter().any(|(_, bundle)| bundle == library));
    work.request_checkpoint();
    Ok(())
}

fn restart(work: &mut Work, call: &Call<'_>) -> Done {
    work.host.end();
    let lost = work.scope.variables.len();
    work.begin_anew(call.context)?;
    work.request_checkpoint();
    if lost > 0 {
        let text = format!("{lost} variable(s) ended with the process; items are still defined");
        note_on(call.context, &text);
    }
    Ok(())
}

fn undo(work: &mut Work, call: &Call<'_>) -> Done {
    if !call.argument.is_empty() {
        return wrong("`:undo` takes back the last cell and needs nothing more");
    }
    let done = work.undo()?;
    note_on(call.context, &done);
    Ok(())
}

fn checkpoint(work: &mut Work, call: &Call<'_>) -> Done {
    if !is_name(call.argument) {
        return wrong("`:checkpoint` takes a name: `:checkpoint before_the_test`");
    }
    let list = work.keep_checkpoint(call.argument)?;
    print_on(call.context, &list);
    Ok(())
}

fn limit(work: &mut Work, call: &Call<'_>) -> Done {
    let mut words = call.argument.split_whitespace();
    let limit = match (words.next(), words.next(), words.next()) {
        (Some("memory") | None, None, None) => None,
        (Some("memory"), Some("none"), None) => Some(None),
        (Some("memory"), Some(text), None) if bytes(text).is_some() => Some(bytes(text)),
        _ => {
            return wrong(
                "`:limit` takes a size or `none`: `:limit memory 4G`, `:limit memory 500M`",
            );
        }
    };
    let done = work.limit(limit)?;
    print_on(call.context, &done);
    Ok(())
}

/// A size such as `4G`.
pub(crate) fn bytes(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text[digits.len()..].to_uppercase();
    let unit = unit
        .strip_suffix("IB")
        .or(unit.strip_suffix('B'))
        .unwrap_or(&unit);
    let shift = match unit {
        "K" => 10,
        "M" => 20,
        "G" => 30,
        "T" => 40,
        _ => return None,
    };
    let number: u64 = digits.parse().ok()?;
    number.checked_mul(1 << shift).filter(|bytes| *bytes > 0)
}

fn rollback(work: &mut Work, call: &Call<'_>) -> Done {
    if !is_name(call.argument) {
        return wrong("`:rollback` takes a name: `:rollback before_the_test`");
    }
    let done = work.rollback(call.argument)?;
    note_on(call.context, &done);
    Ok(())
}

fn env(work: &mut Work, call: &Call<'_>) -> Done {
    if call.argument.is_empty() {
        let line = |(name, value): (&String, &String)| format!("{name}={value}\n");
        let lines: String = work.environment.iter().map(line).collect();
        print_on(call.context, &lines);
        return Ok(());
    }
    let Some((name, value)) = assignment(call.argument) else {
        return wrong("`:env` takes a name and a value: `:env RUST_LOG=debug`");
    };
    // By a cell like any other: the process's own code sets its environment.
    let code = format!("{{ unsafe {{ ::std::env::set_var({name:?}, {value:?}) }}; }}");
    work.run(&code, EXPRESSION, call.context, None)?;
    work.environment.insert(name.to_owned(), value.to_owned());
    Ok(())
}

/// `NAME=VALUE`, the value perhaps in quotes.
pub(crate) fn assignment(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    let quoted = |quote| value.strip_prefix(quote)?.strip_suffix(quote);
    let value = quoted('"').or_else(|| quoted('\'')).unwrap_or(value);
    let is_bad = name.is_empty() || name.contains(char::is_whitespace) || text.contains('\0');
    (!is_bad).then_some((name, value))
}

fn quit(work: &mut Work, call: &Call<'_>) -> Done {
    // Jupyter's protocol leaves the end to the front end. A console obeys; JupyterLab has a menu.
    work.payload
        .push(serde_json::json!({ "source": "ask_exit", "keepkernel": false }));
    note_on(
        call.context,
        "the front end is asked to end the kernel; in JupyterLab, choose Kernel, Shut Down Kernel",
    );
    Ok(())
}
