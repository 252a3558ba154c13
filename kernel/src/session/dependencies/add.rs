//! Building the crates of `:dep`, and taking them into the session.

use super::progress::BuildProgress;
use crate::build::cargo::{self, CargoError};
use crate::build::deps::{self, Bundle, DepError, Specs, explain};
use crate::server::CellContext;
use crate::session::engine::Engine;
use crate::session::output::notes::print_note;
use crate::session::report::errors::CellError;
use woozle::protocol::Command;

impl Engine {
    /// Builds the crates that a cell's commands have asked for.
    pub(crate) fn add_requested_crates(
        &mut self,
        requested: Specs,
        context: &CellContext,
    ) -> Result<(), CellError> {
        let dependencies = &self.state.settings.dependencies;
        let missing = dependencies.missing(requested, &self.toolchain);
        if missing.is_empty() {
            return Ok(());
        }
        self.add_crates(missing, context)
    }

    /// Builds local crates again that have changed on the disk.
    pub(crate) fn rebuild_changed_crates(
        &mut self,
        context: &CellContext,
    ) -> Result<(), CellError> {
        for specs in self.state.settings.dependencies.changed(&self.toolchain) {
            self.add_crates(specs, context)?;
        }
        Ok(())
    }

    fn add_crates(&mut self, specs: Specs, context: &CellContext) -> Result<(), CellError> {
        let mut progress = BuildProgress::new(&specs, context);
        let watch: Option<&dyn cargo::Watch> = Some(&*self.interrupter);
        let settings = &self.state.settings.dependencies.build;
        let built = deps::get(&self.toolchain, &specs, settings, watch, &mut |step| {
            progress.note(step);
        });
        let bundle = match built {
            Ok(bundle) => bundle,
            Err(_) if self.interrupter.was_interrupted() => {
                progress.clear();
                let text =
                    "the building of crates was interrupted; the next time it goes on from here";
                return Err(CellError::interrupt(text));
            }
            Err(error) => {
                progress.clear();
                return Err(failure(&error, &deps::package(&self.toolchain, &specs)));
            }
        };
        progress.finish(&deps::versions(&bundle, &specs));
        self.load_crates(specs, bundle, context);
        Ok(())
    }

    fn load_crates(&mut self, specs: Specs, bundle: Bundle, context: &CellContext) {
        let own = bundle.externs.iter();
        for (_, library) in own.filter(|(name, _)| *name == bundle.name) {
            self.host.load(library);
            self.state.libraries.push(library.clone());
        }
        let crates: Vec<String> = specs.keys().map(|name| name.replace('-', "_")).collect();
        self.forget_types_of(&crates, context);
        self.state.scope.rebuilt.extend(crates.iter().cloned());
        let settings = self.settings_mut();
        let toolchain = &mut settings.toolchain;
        toolchain.externs.retain(|(name, _)| !crates.contains(name));
        toolchain.externs.extend(bundle.externs);
        toolchain.dependencies.extend(crates);
        if deps::has_executor(&specs) {
            toolchain.executor = Some(bundle.name.clone());
        }
        toolchain.bundles.push(bundle.name.clone());
        toolchain.search.push(bundle.search);
        settings.dependencies.insert(specs, bundle.name);
    }

    /// Another build of these crates takes the place of one that may be in use: what is of a type
    /// of theirs ends, since no later cell could name that type.
    fn forget_types_of(&mut self, crates: &[String], context: &CellContext) {
        let known = &self.state.settings.toolchain.dependencies;
        let replaced: Vec<String> = crates
            .iter()
            .filter(|name| known.contains(name))
            .map(|name| format!("{name}::"))
            .collect();
        let is_of = |text: &str| replaced.iter().any(|root| text.contains(root.as_str()));
        self.compiler.public_paths.retain(|path, _| !is_of(path));
        let variables = &mut self.state.scope.variables;
        let ended: Vec<String> = variables
            .extract_if(.., |_, variable| is_of(&variable.ty))
            .map(|(name, _)| name)
            .collect();
        if ended.is_empty() {
            return;
        }
        for name in &ended {
            let reason = format!(
                "`{name}` was of a type of a crate that was built anew; run the cell that makes it again"
            );
            self.state.scope.lost.insert(name.clone(), reason);
        }
        let names: Vec<String> = ended.iter().map(|name| format!("`{name}`")).collect();
        let text = format!(
            "{} ended, being of a type of a crate that was built anew",
            names.join(", ")
        );
        print_note(context, &text);
        self.host.send(Command::Forget { names: ended });
    }
}

/// What went wrong, first in a line or two, then as cargo says it.
fn failure(error: &DepError, package: &str) -> CellError {
    let DepError::Cargo(CargoError::Failed(said)) = error else {
        return CellError::new("dep", &error.to_string());
    };
    let explained = explain::explain(said, package);
    let help = explained.help.map(|help| format!("help: {help}"));
    let said = explained.cargo.lines().map(|line| format!("  {line}"));
    let mut error = CellError::new("dep", &explained.what);
    error.traceback.extend(help);
    error
        .traceback
        .extend([String::new(), "cargo said:".to_owned()]);
    error.traceback.extend(said);
    error
}
