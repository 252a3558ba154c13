//! The names of commands and magics, and what `:help` says of them.

use crate::compiler::resolve::similar_names::nearest;
use crate::session::magics::explore::options::Options;

/// A command.
pub(crate) struct Command {
    pub(crate) id: Id,
    pub(crate) name: &'static str,
    /// Other names.
    pub(super) aliases: &'static [&'static str],
    /// What may follow, as `:help` shows it.
    pub(super) arguments: &'static str,
    /// What it does.
    pub(crate) summary: &'static str,
}

/// Which command it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Id {
    Dep,
    Patch,
    ShowDeps,
    Offline,
    BuildEnv,
    Vars,
    Threads,
    Timeline,
    Type,
    Doc,
    Page,
    Explain,
    Version,
    LastCompileDir,
    Clear,
    Restart,
    Undo,
    Checkpoint,
    Rollback,
    Limit,
    Env,
    Quit,
    Opt,
    Timing,
    Types,
    Fmt,
    Linker,
    Toolchain,
    Help,
}

/// What is to be done with the whole cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Magic {
    /// `%%time`: it is run once, and measured.
    Time,
    /// `%%bench`: it is run many times, and measured.
    Bench,
    /// `%%timeline`: it is run once, and what its threads do is drawn.
    Timeline,
    /// `%%explore`: it is run apart from the session, under many schedules.
    Explore(Options),
}

/// The magics: their names, which they are, and what they do.
pub(crate) const MAGICS: &[(&str, Magic, &str)] = &[
    ("time", Magic::Time, "measures how long the cell takes"),
    (
        "bench",
        Magic::Bench,
        "runs the cell's statements many times, optimised, and shows statistics",
    ),
    (
        "timeline",
        Magic::Timeline,
        "runs the cell, and draws what each of its threads does: where it runs, sleeps and waits, for what, and who wakes it",
    ),
    (
        "explore",
        Magic::Explore(Options::DEFAULT),
        "runs the cell under many schedules of its threads, and shows the first that fails; `schedules=N seconds=N`: how many at most, and how long; `memory=sc`: all atomics as `SeqCst`; `panics=all`: threads go on after a panic of another one; `replay=…`: a failing schedule once more",
    ),
];

/// The magics as a list in a sentence.
pub(super) fn magics() -> String {
    let names: Vec<String> = MAGICS
        .iter()
        .map(|(name, ..)| format!("`%%{name}`"))
        .collect();
    let (last, others) = names.split_last().expect("there are some");
    format!("{} and {last}", others.join(", "))
}

/// What `?NAME` stands for.
pub(super) const PAGE: &str = "page";

/// The commands, by group.
pub(super) const GROUPS: &[(&str, &[Command])] = &[
    (
        "crates",
        &[
            Command {
                id: Id::Dep,
                name: "dep",
                aliases: &[],
                arguments: "NAME = VALUE",
                summary: "adds a crate as Cargo.toml has it: `:dep name = \"1.2\"`, `:dep ./folder`",
            },
            Command {
                id: Id::Patch,
                name: "patch",
                aliases: &[],
                arguments: "[SOURCE] NAME = VALUE",
                summary: "puts another crate in the place of one that others use, as `[patch]` of Cargo.toml does",
            },
            Command {
                id: Id::ShowDeps,
                name: "show_deps",
                aliases: &["deps"],
                arguments: "[lock]",
                summary: "lists the crates that were added, and what they use; `:deps lock` writes the versions into `woozle.lock`",
            },
            Command {
                id: Id::Offline,
                name: "offline",
                aliases: &[],
                arguments: "[on|off]",
                summary: "lets cargo do without the network",
            },
            Command {
                id: Id::BuildEnv,
                name: "build_env",
                aliases: &[],
                arguments: "NAME=VALUE",
                summary: "sets an environment variable for the building of crates",
            },
        ],
    ),
    (
        "the session",
        &[
            Command {
                id: Id::Vars,
                name: "vars",
                aliases: &[],
                arguments: "",
                summary: "lists the variables and their types",
            },
            Command {
                id: Id::Threads,
                name: "threads",
                aliases: &[],
                arguments: "",
                summary: "shows what each thread does, what it waits for, and who holds that; also while a cell runs",
            },
            Command {
                id: Id::Timeline,
                name: "timeline",
                aliases: &[],
                arguments: "save FILE",
                summary: "writes what the last `%%timeline` has shown into a file for Perfetto: `:timeline save run.json`",
            },
            Command {
                id: Id::Type,
                name: "type",
                aliases: &["t"],
                arguments: "EXPRESSION",
                summary: "shows the type of a variable or an expression, without running it",
            },
            Command {
                id: Id::Doc,
                name: "doc",
                aliases: &[],
                arguments: "NAME",
                summary: "shows the documentation of a name",
            },
            Command {
                id: Id::Page,
                name: PAGE,
                aliases: &[],
                arguments: "NAME",
                summary: "shows it in the front end's pager; `?NAME` does, too",
            },
            Command {
                id: Id::Explain,
                name: "explain",
                aliases: &[],
                arguments: "[CODE]",
                summary: "explains an error code, or the errors of the last cell",
            },
            Command {
                id: Id::Version,
                name: "version",
                aliases: &[],
                arguments: "",
                summary: "shows the versions of Woozle and of rustc",
            },
            Command {
                id: Id::LastCompileDir,
                name: "last_compile_dir",
                aliases: &[],
                arguments: "",
                summary: "names the folder of the last cell's crate",
            },
        ],
    ),
    (
        "its state",
        &[
            Command {
                id: Id::Clear,
                name: "clear",
                aliases: &[],
                arguments: "",
                summary: "forgets all variables, items and imports, and what is kept of their compiling; crates stay",
            },
            Command {
                id: Id::Restart,
                name: "restart",
                aliases: &[],
                arguments: "",
                summary: "runs later cells in a new process: items stay, variables and threads end",
            },
            Command {
                id: Id::Undo,
                name: "undo",
                aliases: &[],
                arguments: "",
                summary: "goes back to before the last cell",
            },
            Command {
                id: Id::Checkpoint,
                name: "checkpoint",
                aliases: &[],
                arguments: "NAME",
                summary: "keeps the session as it is now",
            },
            Command {
                id: Id::Rollback,
                name: "rollback",
                aliases: &[],
                arguments: "NAME",
                summary: "goes back to a checkpoint",
            },
            Command {
                id: Id::Limit,
                name: "limit",
                aliases: &[],
                arguments: "[memory SIZE]",
                summary: "limits what each process may allocate: `:limit memory 4G`, or `none`",
            },
            Command {
                id: Id::Env,
                name: "env",
                aliases: &[],
                arguments: "[NAME=VALUE]",
                summary: "sets an environment variable of the cells' process, or lists those that are set so",
            },
            Command {
                id: Id::Quit,
                name: "quit",
                aliases: &["q", "exit"],
                arguments: "",
                summary: "asks the front end to end the kernel",
            },
        ],
    ),
    (
        "compiling and showing",
        &[
            Command {
                id: Id::Opt,
                name: "opt",
                aliases: &[],
                arguments: "[auto|0|1|2|3]",
                summary: "chooses the optimisation of later cells; `auto` goes by what a cell does",
            },
            Command {
                id: Id::Timing,
                name: "timing",
                aliases: &[],
                arguments: "[on|off]",
                summary: "shows for each cell what its time was spent on",
            },
            Command {
                id: Id::Types,
                name: "types",
                aliases: &[],
                arguments: "[on|off]",
                summary: "shows the type of the last expression beside its value",
            },
            Command {
                id: Id::Fmt,
                name: "fmt",
                aliases: &[],
                arguments: "[FORMAT]",
                summary: "formats values by `{:#?}`, say; without a format by `{:?}` again",
            },
            Command {
                id: Id::Linker,
                name: "linker",
                aliases: &[],
                arguments: "[system|lld|mold]",
                summary: "chooses the linker of later cells",
            },
            Command {
                id: Id::Toolchain,
                name: "toolchain",
                aliases: &[],
                arguments: "",
                summary: "shows which rustc compiles the cells",
            },
        ],
    ),
    (
        "help",
        &[Command {
            id: Id::Help,
            name: "help",
            aliases: &[],
            arguments: "",
            summary: "lists the commands",
        }],
    ),
];

impl Id {
    /// Whether it takes the session back to a checkpoint.
    pub(crate) fn goes_back(self) -> bool {
        matches!(self, Self::Undo | Self::Rollback)
    }
}

/// All commands.
pub(crate) fn all() -> impl Iterator<Item = &'static Command> {
    GROUPS.iter().flat_map(|(_, commands)| *commands)
}

/// The command of a name, or that there is none.
pub(super) fn find(word: &str) -> Result<&'static Command, String> {
    let mut found = all().filter(|command| command.name == word || command.aliases.contains(&word));
    match found.next() {
        Some(command) => Ok(command),
        None => Err(unknown(word)),
    }
}

/// There is no such command; perhaps another one was meant.
fn unknown(word: &str) -> String {
    match nearest(word, all().map(|command| command.name)) {
        Some(name) => format!("there is no command `:{word}`; did you mean `:{name}`?"),
        None => format!("there is no command `:{word}`; `:help` lists those that there are"),
    }
}
