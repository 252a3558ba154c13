//! Commands that change how cells are compiled and shown.

use std::process::Command as Process;

use super::{Call, Command, Done, on_off, switch, wrong};
use crate::session::execution::run::Work;
use crate::session::output::notes::print_on;
use crate::session::timing::lines;

pub(crate) const COMMANDS: &[Command] = &[
    Command {
        name: "opt",
        also: &[],
        takes: "[auto|0|1|2|3]",
        what: "chooses the optimisation of later cells; `auto` goes by what a cell does",
        run: opt,
    },
    Command {
        name: "timing",
        also: &[],
        takes: "[on|off]",
        what: "shows for each cell what its time was spent on",
        run: timing_of_cells,
    },
    Command {
        name: "types",
        also: &[],
        takes: "[on|off]",
        what: "shows the type of the last expression beside its value",
        run: types,
    },
    Command {
        name: "fmt",
        also: &[],
        takes: "[FORMAT]",
        what: "formats values by `{:#?}`, say; without a format by `{:?}` again",
        run: fmt,
    },
    Command {
        name: "linker",
        also: &[],
        takes: "[system|lld|mold]",
        what: "chooses the linker of later cells",
        run: linker,
    },
    Command {
        name: "toolchain",
        also: &[],
        takes: "",
        what: "shows which rustc compiles the cells",
        run: toolchain,
    },
];

fn opt(work: &mut Work, call: &Call<'_>) -> Done {
    let options = &mut work.compiler.options;
    options.level = match call.argument {
        "auto" => None,
        // As evcxr does: there and back.
        "" if options.level == Some(2) => None,
        "" => Some(2),
        "0" => Some(0),
        "1" => Some(1),
        "2" => Some(2),
        "3" => Some(3),
        _ => return wrong("`:opt` takes `auto`, `0`, `1`, `2` or `3`"),
    };
    let level = options.level.map_or("auto".to_owned(), |n| n.to_string());
    print_on(call.context, &format!("optimisation: {level}\n"));
    Ok(())
}

fn timing_of_cells(work: &mut Work, call: &Call<'_>) -> Done {
    let set = switch(call.argument, work.timing)?;
    let toolchain = &mut work.compiler.toolchain;
    toolchain.linker = None;
    if set {
        match lines::linker(&work.compiler.layout) {
            Ok(linker) => toolchain.linker = Some(linker),
            Err(error) => tracing::warn!(%error, "linking is not measured"),
        }
    }
    work.timing = set;
    print_on(call.context, &format!("timing: {}\n", on_off(set)));
    Ok(())
}

fn types(work: &mut Work, call: &Call<'_>) -> Done {
    let options = &mut work.compiler.options;
    options.types = switch(call.argument, options.types)?;
    print_on(call.context, &format!("types: {}\n", on_off(options.types)));
    Ok(())
}

fn fmt(work: &mut Work, call: &Call<'_>) -> Done {
    let format = call.argument;
    let inner = format
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    let is_format = inner.is_some_and(|inner| {
        !inner.contains(['{', '}', '"', '\\']) && (inner.is_empty() || inner.starts_with(':'))
    });
    work.compiler.options.format = match format {
        "" | "{:?}" => None,
        _ if is_format => Some(format.to_owned()),
        _ => return wrong("`:fmt` takes a format of one value: `:fmt {:#?}`"),
    };
    let now = work.compiler.options.format.as_deref().unwrap_or("{:?}");
    print_on(call.context, &format!("format: {now}\n"));
    Ok(())
}

fn linker(work: &mut Work, call: &Call<'_>) -> Done {
    let argument = &mut work.compiler.toolchain.link_argument;
    match call.argument {
        "" => {}
        "system" => *argument = None,
        name @ ("lld" | "mold" | "gold" | "bfd") => {
            let flag = format!("-fuse-ld={name}");
            let tried = Process::new("cc").args([&flag, "-Wl,--version"]).output();
            if !tried.is_ok_and(|output| output.status.success()) {
                return wrong(format!(
                    "`cc {flag}` does not work; install {name} first, or choose `:linker system`"
                ));
            }
            *argument = Some(flag);
        }
        _ => return wrong("`:linker` takes `system`, `lld` or `mold`"),
    }
    let now = argument
        .as_deref()
        .and_then(|flag| flag.strip_prefix("-fuse-ld="));
    print_on(
        call.context,
        &format!("linker: {}\n", now.unwrap_or("system")),
    );
    Ok(())
}

fn toolchain(work: &mut Work, call: &Call<'_>) -> Done {
    if !call.argument.is_empty() {
        return wrong(
            "the toolchain is chosen before the kernel starts: by `rustup default`, or by RUSTC in its environment",
        );
    }
    let text = format!("{}\n{}", work.tools.rustc.display(), work.tools.version);
    print_on(call.context, &format!("{}\n", text.trim_end()));
    Ok(())
}
