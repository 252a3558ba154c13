//! From a command's name to what it does.

use serde_json::Value;

use super::catalog::Id;
use super::invocation::{CommandResult, Invocation};
use super::script::Line;
use super::{dependencies, help, inspect, options, state};
use crate::build::deps::requested::Specs;
use crate::server::CellContext;
use crate::session::engine::Engine;
use crate::session::report::errors::CellError;

impl Engine {
    /// Does what a cell's commands say; gives what the front end is asked to do.
    pub(crate) fn run_commands(
        &mut self,
        commands: &[Line<'_>],
        context: &CellContext,
    ) -> Result<Vec<Value>, CellError> {
        let (mut requested, mut payload) = (Specs::new(), Vec::new());
        for line in commands {
            let invocation = Invocation {
                argument: line.argument,
                context,
                requested: &mut requested,
                payload: &mut payload,
            };
            run(self, line.command.id, invocation)?;
        }
        self.add_requested_crates(requested, context)?;
        Ok(payload)
    }
}

fn run(engine: &mut Engine, command: Id, call: Invocation<'_>) -> CommandResult {
    match command {
        Id::Dep => dependencies::dep(call),
        Id::Patch => dependencies::patch(engine, call),
        Id::ShowDeps => dependencies::show_deps(engine, call),
        Id::Offline => dependencies::offline(engine, call),
        Id::BuildEnv => dependencies::build_env(engine, call),
        Id::Vars => inspect::vars(engine, call),
        Id::Threads => inspect::threads(engine, call),
        Id::Timeline => inspect::timeline(engine, call),
        Id::Type => inspect::type_of(engine, call),
        Id::Doc => inspect::doc(engine, call),
        Id::Page => inspect::page(engine, call),
        Id::Explain => inspect::explain(engine, call),
        Id::Version => inspect::version(engine, call),
        Id::LastCompileDir => inspect::last_compile_dir(engine, call),
        Id::Clear => state::clear(engine, call),
        Id::Restart => state::restart(engine, call),
        Id::Undo => state::undo(engine, call),
        Id::Checkpoint => state::checkpoint(engine, call),
        Id::Rollback => state::rollback(engine, call),
        Id::Limit => state::limit(engine, call),
        Id::Env => state::env(engine, call),
        Id::Quit => state::quit(call),
        Id::Opt => options::opt(engine, call),
        Id::Timing => options::timing_of_cells(engine, call),
        Id::Types => options::types(engine, call),
        Id::Fmt => options::fmt(engine, call),
        Id::Linker => options::linker(engine, call),
        Id::Toolchain => options::toolchain(engine, call),
        Id::Help => help::help(call),
    }
}
