//! Commands that show what there is, and change nothing.

use super::{Call, Command, Done, wrong};
use crate::compiler::options::Purpose;
use crate::compiler::parse::is_expression;
use crate::compiler::scope::Variable;
use crate::compiler::source::EXPRESSION;
use crate::session::execution::run::Work;
use crate::session::output::notes::print_on;
use crate::session::report::errors;
use crate::session::report::spelling::plain_type;
use crate::wire::content::{DisplayData, InspectRequest, MimeBundle, ReplyError, Transient};

/// What `?NAME` stands for.
pub(crate) const PAGE: &str = "page";

pub(crate) const COMMANDS: &[Command] = &[
    Command {
        name: "vars",
        also: &[],
        takes: "",
        what: "lists the variables and their types",
        run: vars,
    },
    Command {
        name: "type",
        also: &["t"],
        takes: "EXPRESSION",
        what: "shows the type of a variable or an expression, without running it",
        run: type_of,
    },
    Command {
        name: "doc",
        also: &[],
        takes: "NAME",
        what: "shows the documentation of a name",
        run: doc,
    },
    Command {
        name: PAGE,
        also: &[],
        takes: "NAME",
        what: "shows it in the front end's pager; `?NAME` does, too",
        run: page,
    },
    Command {
        name: "explain",
        also: &[],
        takes: "[CODE]",
        what: "explains an error code, or the errors of the last cell",
        run: explain,
    },
    Command {
        name: "version",
        also: &[],
        takes: "",
        what: "shows the versions of Woozle and of rustc",
        run: version,
    },
    Command {
        name: "last_compile_dir",
        also: &[],
        takes: "",
        what: "names the folder of the last cell's crate",
        run: last_compile_dir,
    },
];

fn vars(work: &mut Work, call: &Call<'_>) -> Done {
    let variables = &work.scope.variables;
    if variables.is_empty() {
        print_on(call.context, "there are no variables\n");
        return Ok(());
    }
    let longest = variables.keys().map(|name| name.chars().count()).max();
    let width = longest.unwrap_or(0);
    let line = |(name, variable): (&String, &Variable)| {
        let moved = match variable.moved_by {
            Some(by) => format!("  (moved away in cell [{by}])"),
            None => String::new(),
        };
        let mutable = if variable.mutable { "mut " } else { "" };
        format!(
            "{mutable:>4}{name:<width$}: {}{moved}\n",
            plain_type(&variable.ty)
        )
    };
    print_on(
        call.context,
        &variables.iter().map(line).collect::<String>(),
    );
    Ok(())
}

fn type_of(work: &mut Work, call: &Call<'_>) -> Done {
    let ty = match work.scope.variables.get(call.argument) {
        Some(variable) => plain_type(&variable.ty),
        None if !is_expression(call.argument) => {
            return wrong("`:type` takes a variable or an expression: `:type v.iter()`");
        }
        None => {
            let serial = work.compiler.next_serial();
            let (expression, scope) = (call.argument, &work.scope);
            let compiled =
                work.compiler
                    .compile(serial, EXPRESSION, expression, scope, Purpose::Type);
            let cell = compiled.map_err(|failure| errors::compile_error(&failure))?;
            plain_type(&cell.tail_type.unwrap_or_else(|| "()".to_owned()))
        }
    };
    print_on(call.context, &format!("{ty}\n"));
    Ok(())
}

/// The documentation of a name.
fn documentation(work: &Work, name: &str) -> Result<MimeBundle, ReplyError> {
    let request = InspectRequest {
        code: name.to_owned(),
        cursor_pos: name.chars().count(),
        detail_level: 0,
    };
    let shared = &work.shared;
    let found = shared.assistant().inspect(&shared.snapshot(), &request);
    if !found.found {
        return wrong(format!("nothing is known of `{name}`"));
    }
    Ok(found.data)
}

fn page(work: &mut Work, call: &Call<'_>) -> Done {
    let data = documentation(work, call.argument)?;
    let page = serde_json::json!({ "source": "page", "data": data, "start": 0 });
    work.payload.push(page);
    Ok(())
}

fn doc(work: &mut Work, call: &Call<'_>) -> Done {
    let shown = DisplayData {
        data: documentation(work, call.argument)?,
        metadata: MimeBundle::new(),
        transient: Transient::default(),
    };
    call.context.iopub.send(&call.context.parent, shown);
    Ok(())
}

fn explain(work: &mut Work, call: &Call<'_>) -> Done {
    let mut codes = vec![call.argument.to_uppercase()];
    if call.argument.is_empty() {
        codes.clone_from(&work.last_errors);
        if codes.is_empty() {
            return wrong("the last cell had no error with a code; `:explain E0382` explains one");
        }
    }
    for code in codes {
        if !is_code(&code) {
            return wrong("`:explain` takes an error code: `:explain E0382`");
        }
        let explained = std::process::Command::new(&work.tools.rustc)
            .args(["--explain", &code])
            .output();
        match explained {
            Ok(output) if output.status.success() => {
                print_on(call.context, &String::from_utf8_lossy(&output.stdout));
            }
            _ => return wrong(format!("rustc has no explanation of {code}")),
        }
    }
    Ok(())
}

fn is_code(text: &str) -> bool {
    let digits = text.strip_prefix('E').unwrap_or_default();
    digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn version(work: &mut Work, call: &Call<'_>) -> Done {
    let rustc = work.tools.version.lines().next().unwrap_or_default();
    let text = format!("woozle {}\n{rustc}\n", env!("CARGO_PKG_VERSION"));
    print_on(call.context, &text);
    Ok(())
}

fn last_compile_dir(work: &mut Work, call: &Call<'_>) -> Done {
    let Some(serial) = work.last_serial else {
        return wrong("no cell has been compiled yet");
    };
    let folder = work.compiler.layout.sources(serial);
    print_on(call.context, &format!("{}\n", folder.display()));
    Ok(())
}
