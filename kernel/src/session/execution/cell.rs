//! A cell as the front end sends it: first its commands, then its code.

use serde_json::Value;

use super::run::CellRun;
use crate::server::CellContext;
use crate::session::commands::script;
use crate::session::engine::Engine;
use crate::session::output::notes::print_note;
use crate::session::report::errors::CellError;
use crate::system::limits;

impl Engine {
    /// Runs a cell; gives what the front end is asked to do besides.
    pub(crate) fn execute(
        &mut self,
        text: &str,
        context: &CellContext,
    ) -> Result<Vec<Value>, CellError> {
        let number = context.execution_count;
        self.published.debugger.begin(number, text);
        if let Some(note) = self.published.debugger.take_note() {
            print_note(context, &note);
        }
        let result = self.execute_script(text, context);
        self.keep_settings(context.execution_count);
        self.publish();
        limits::give_back_memory_of(text);
        result
    }

    fn execute_script(
        &mut self,
        text: &str,
        context: &CellContext,
    ) -> Result<Vec<Value>, CellError> {
        let script = script::read(text).map_err(|reason| CellError::command(&reason))?;
        for note in &script.notes {
            print_note(context, note);
        }
        let has_code = !script.code.trim().is_empty();
        let goes_back = script
            .commands
            .iter()
            .any(|line| line.command.id.goes_back());
        if has_code && !goes_back {
            // Before the commands: what they set is the cell's, and goes back if it crashes.
            self.prepare(context);
        } else if !goes_back {
            // What they set must not go back with a process that had ended before.
            self.ensure_host(context);
        }
        let payload = self.run_commands(&script.commands, context)?;
        if has_code && goes_back {
            self.prepare(context);
        }
        self.rebuild_changed_crates(&script.code, context)?;
        self.last_compiled.error_codes.clear();
        let run = CellRun {
            magic: script.magic,
            number: context.execution_count,
            ..CellRun::expression(self, context, &script.code)
        };
        run.run()?;
        Ok(payload)
    }
}
