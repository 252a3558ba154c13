//! Building the crates of `:dep`, and taking them into the session.

use std::path::Path;
use std::sync::Arc;

use super::mentions::mentions;
use super::report;
use crate::build::cargo;
use crate::build::deps::adding::{Added, Adding};
use crate::build::deps::error::DepError;
use crate::build::deps::requested::Specs;
use crate::build::deps::requested::config::Config;
use crate::build::deps::requested::lock;
use crate::build::deps::step::Step;
use crate::compiler::rustc::toolchain::Bundle;
use crate::server::CellContext;
use crate::session::engine::Engine;
use crate::session::output::notes::print_note;
use crate::session::output::progress::BuildProgress;
use crate::session::report::errors::CellError;
use woozle::protocol::Command;

/// Whether only versions that are in the folder's lock will do: `woozle run --locked` sets it.
fn is_locked() -> bool {
    std::env::var_os(lock::LOCKED).is_some_and(|set| !set.is_empty() && set != "0")
}

impl Engine {
    /// Builds the crates that a cell's commands have asked for.
    pub(crate) fn add_requested_crates(
        &mut self,
        requested: Specs,
        context: &CellContext,
    ) -> Result<(), CellError> {
        let dependencies = &self.state.settings.dependencies;
        if !requested.is_empty() && dependencies.graph.has_lost_files() {
            self.restore_crates(context)?;
        }
        let dependencies = &self.state.settings.dependencies;
        let missing = dependencies.graph.missing(requested);
        let are_patched = dependencies.patches_before.is_some();
        let has_to = are_patched && !dependencies.graph.lines.is_empty();
        if missing.is_empty() && !has_to {
            return Ok(());
        }
        let added = self.add_crates(&missing, context);
        let dependencies = &mut self.settings_mut().dependencies;
        if let Some(before) = dependencies.patches_before.take()
            && added.is_err()
        {
            dependencies.build.patches = before;
        }
        added
    }

    /// Builds local crates again that have changed on the disk, and that the code is about.
    pub(crate) fn rebuild_changed_crates(
        &mut self,
        code: &str,
        context: &CellContext,
    ) -> Result<(), CellError> {
        let scope = &self.state.scope;
        let dependencies = &self.state.settings.dependencies;
        let is_wanted = |name: &str| mentions(code, name, scope);
        let changed = dependencies.graph.changed(&dependencies.build, is_wanted);
        match changed {
            Some(changed) => self.add_crates(&changed, context),
            None => Ok(()),
        }
    }

    /// Builds what has been removed from the cache again.
    fn restore_crates(&self, context: &CellContext) -> Result<(), CellError> {
        let mut progress = BuildProgress::new(names(&Specs::new()), context);
        let restored = self.adding().restore(&mut |step| progress.note(step));
        progress.clear();
        restored.map_err(|error| self.failure(&error))
    }

    fn adding(&self) -> Adding<'_> {
        let dependencies = &self.state.settings.dependencies;
        Adding {
            toolchain: &self.toolchain,
            runtime: &self.state.settings.toolchain.runtime,
            graph: &dependencies.graph,
            settings: &dependencies.build,
            watch: Some(&*self.interrupter as &dyn cargo::Watch),
        }
    }

    fn failure(&self, error: &DepError) -> CellError {
        if matches!(error, DepError::Cargo(_)) && self.interrupter.was_interrupted() {
            let text = "the building of crates was interrupted; the next time it goes on from here";
            return CellError::interrupt(text);
        }
        report::failure(error)
    }

    fn add_crates(&mut self, lines: &Specs, context: &CellContext) -> Result<(), CellError> {
        self.read_folder(context)?;
        let mut progress = BuildProgress::new(names(lines), context);
        let dependencies = &self.state.settings.dependencies;
        let added = self.adding().add(lines, &mut |step| progress.note(step));
        let Added { step, copies } = match added {
            Ok(added) => added,
            Err(error) => {
                progress.clear();
                return Err(self.failure(&error));
            }
        };
        if is_locked()
            && let Some(lock) = &dependencies.build.lock
        {
            let folder = std::env::current_dir().unwrap_or_default();
            let differences = lock::differences(lock, &step);
            let differences = differences.map_err(|error| report::lock(&folder, &error))?;
            if !differences.is_empty() {
                progress.clear();
                return Err(report::not_locked(&differences));
            }
        }
        let what = match &*versions(&step).join(", ") {
            "" => names(lines),
            versions => versions.to_owned(),
        };
        progress.finish(&format!("Added {what}"));
        if !copies.is_empty() {
            print_note(context, &report::copies(&copies));
        }
        self.load_step(step, context);
        Ok(())
    }

    /// Looks what the notebook's folder has for cargo.
    fn read_folder(&mut self, context: &CellContext) -> Result<(), CellError> {
        let folder = std::env::current_dir().unwrap_or_default();
        let config = Config::of(&folder);
        let own = &self.state.settings.dependencies.build.config;
        if let Some(refused) = &config.refused
            && own.refused != config.refused
        {
            print_note(context, refused);
        }
        let lock = lock::read(&folder).map_err(|error| report::lock(&folder, &error))?;
        if lock.is_none() && is_locked() {
            return Err(report::no_lock(&folder));
        }
        let build = &mut self.settings_mut().dependencies.build;
        (build.config, build.lock) = (config, lock);
        Ok(())
    }

    fn load_step(&mut self, step: Step, context: &CellContext) {
        if let Some(library) = &step.library {
            self.host.load(library);
            self.state.libraries.push(library.clone());
        }
        let externs = &self.state.settings.toolchain.externs;
        let is_other = |name: &str, file: &Path| {
            let mut before = externs.iter().filter(|(own, _)| own == name).peekable();
            before.peek().is_some()
                && before.all(|(_, before)| before.file_name() != file.file_name())
        };
        let replaced = step
            .externs
            .iter()
            .filter(|(name, file)| is_other(name, file));
        let mut replaced: Vec<String> = replaced.map(|(name, _)| name.clone()).collect();
        replaced.dedup();
        self.forget_types_of(&replaced, context);
        // Items that are about them are compiled again.
        self.state.scope.rebuilt.extend(replaced);
        let settings = self.settings_mut();
        let toolchain = &mut settings.toolchain;
        // What waits has looked into the folders of crates as they were.
        toolchain.warm.retain_ahead(|_| false);
        toolchain
            .externs
            .retain(|(name, _)| step.library_of(name).is_none());
        toolchain.externs.extend(step.externs.iter().cloned());
        for (name, _) in &step.externs {
            if !toolchain.dependencies.contains(name) {
                toolchain.dependencies.push(name.clone());
            }
        }
        for bundle in &mut toolchain.bundles {
            bundle.crates.retain(|name| !step.held.contains(name));
        }
        // What an earlier step has brought along can be named from now on.
        for (name, file) in &step.externs {
            let mut steps = settings.dependencies.graph.steps.iter();
            let home = steps.find(|before| file.starts_with(&before.search));
            let bundle = home.and_then(|home| {
                let mut bundles = toolchain.bundles.iter_mut();
                bundles.find(|bundle| bundle.name == home.bundle)
            });
            if let Some(bundle) = bundle.filter(|bundle| !bundle.crates.contains(name)) {
                bundle.crates.push(name.clone());
            }
        }
        if let Some(library) = &step.library {
            toolchain
                .externs
                .push((step.bundle.clone(), library.clone()));
            toolchain.bundles.push(Bundle {
                name: step.bundle.clone(),
                crates: step.held.clone(),
            });
        }
        if step.has_executor {
            toolchain.executor = Some(step.bundle.clone());
        }
        toolchain.search.push(step.search.clone());
        for folder in &step.natives {
            if !toolchain.natives.contains(folder) {
                toolchain.natives.push(folder.clone());
            }
        }
        settings.dependencies.graph.push(Arc::new(step));
    }

    /// Another build of these crates takes the place of one that may be in use: what is of a type
    /// of theirs ends, since no later cell could name that type.
    fn forget_types_of(&mut self, crates: &[String], context: &CellContext) {
        let replaced: Vec<String> = crates.iter().map(|name| format!("{name}::")).collect();
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

/// What lines add, by their names.
fn names(lines: &Specs) -> String {
    match &*lines.keys().cloned().collect::<Vec<_>>().join(", ") {
        "" => "the crates".to_owned(),
        names => names.to_owned(),
    }
}

/// The crates of lines, with their versions.
fn versions(step: &Step) -> Vec<String> {
    let lines = step.lines.iter();
    lines
        .map(|(line, value)| match step.package_of(line, value) {
            Some(package) => format!("{line} {}", package.version),
            None => line.clone(),
        })
        .collect()
}
